"""What cars tell about themselves, field by field."""

from dataclasses import replace
from typing import Any, Final

from hypothesis import given, strategies as st
import pytest
from tesla_protocol.telemetry.vehicle_data_pb2 import Value

from simulator.car import Car
from simulator.car.model import CYBERTRUCK_2024, MODEL_3_2021, MODEL_X_2018, MODEL_Y_2025
from simulator.clock import Clock
from simulator.telemetry.config import FIELDS
from simulator.telemetry.look import look_at
from simulator.telemetry.samples import (
    BOOLEAN,
    DOORS,
    INTEGER,
    PLACE,
    REAL,
    TEXT,
    TIME,
    TIRES,
    Sample,
)
from simulator.telemetry.values import NEED_LOCATION, SILENT_IN_SLEEP, SOURCES, read

from .fields import ENUMS, TYPES

VIN: Final = "5YJ3E7EB8MF012346"
KINDS: Final = {
    REAL: {"double"},
    INTEGER: {"int"},
    BOOLEAN: {"bool"},
    TEXT: {"string"},
    PLACE: {"location"},
    DOORS: {"doors"},
    TIRES: {"tire_location"},
    TIME: {"timestamp"},
}


@pytest.fixture
def clock() -> Clock:
    """Stands still."""
    return Clock(0, start=1_790_000_000.0)


@pytest.fixture
def car(clock: Clock) -> Car:
    """A parked Model 3."""
    return Car(VIN, "Juniper", model=MODEL_3_2021, clock=clock, owner="")


def _told(car: Car, clock: Clock) -> dict[str, Any]:
    samples = read(look_at(car, clock.now()), SOURCES)
    return {name: sample.content for name, sample in samples.items()}


def test_most_of_what_a_car_knows_is_streamed() -> None:
    """By names that Tesla has."""
    assert len(SOURCES) > 150
    assert SOURCES.keys() <= FIELDS.keys()
    assert FIELDS.keys() >= SILENT_IN_SLEEP | NEED_LOCATION


@pytest.mark.parametrize("name", SOURCES)
def test_every_field_has_the_type_that_tesla_gives_it(name: str) -> None:
    """As the catalogue of the fields says."""
    kind = SOURCES[name].kind
    if TYPES[name] == "enum":
        member = Value.DESCRIPTOR.fields_by_name[kind]
        assert member.enum_type is not None
        assert member.enum_type.name == ENUMS[name]
    else:
        assert TYPES[name] in KINDS[kind]


@pytest.mark.parametrize("model", [MODEL_3_2021, MODEL_X_2018, MODEL_Y_2025, CYBERTRUCK_2024])
@pytest.mark.parametrize("doing", ["parked", "driving", "ac", "dc", "open", "comfort"])
def test_everything_can_be_written(model: Any, doing: str, clock: Clock) -> None:
    """Whatever the car does, typed and as text."""
    car = Car(VIN, "Car", model=replace(model, firmware="2026.44"), clock=clock, owner="")
    state = car.state
    match doing:
        case "driving":
            car.drive(40)
            clock.advance(600)
        case "ac" | "dc":
            state.charge.limit = 100
            car.plug_in("ac" if doing == "ac" else "dc")
        case "open":
            state.open_doors = {"df", "pr"}
            state.open_trunks = {"ft", "rt"}
            state.open_windows = {"fd"}
            state.tires["fl"] = 1.5
            state.tonneau = "stopped"
            state.update.status = "installing"
        case "comfort":
            state.climate.on = state.climate.defrost = state.climate.overheat = True
            state.climate.keeper = 3
            state.sentry_mode = state.user_present = True
            state.stops = ["52.6,13.5"]
            state.charge.departure = {"departure_time": 435}
            state.playing = True
    samples = read(look_at(car, clock.now()), SOURCES)
    assert len(samples) > 150
    for sample in samples.values():
        typed, text = sample.typed(), sample.text()
        wanted = "invalid" if sample.content is None else sample.kind
        assert typed.WhichOneof("value") == wanted
        assert text.WhichOneof("value") == "string_value"


def test_a_parked_car(car: Car, clock: Clock) -> None:
    """Quiet."""
    told = _told(car, clock)
    assert (told["Gear"], told["VehicleSpeed"], told["Locked"]) == (None, 0.0, True)
    assert (told["BMSState"], told["CenterDisplay"], told["DoorState"]) == (
        "Standby",
        "Off",
        frozenset(),
    )
    assert told["Soc"] == pytest.approx(64)
    assert told["Location"] == (52.5219, 13.4132)
    assert -2 < told["PackCurrent"] < 0


def test_a_driving_car(car: Car, clock: Clock) -> None:
    """Takes current out of its battery, whose voltage falls."""
    before = _told(car, clock)["PackVoltage"]
    car.drive(40)
    clock.advance(600)
    told = _told(car, clock)
    assert told["VehicleSpeed"] == pytest.approx(62.14, abs=0.01)
    assert told["CruiseSetSpeed"] == told["VehicleSpeed"]
    assert (told["Gear"], told["BMSState"], told["DriverSeatBelt"]) == ("D", "Drive", "Latched")
    assert told["PackCurrent"] < -30
    assert told["PackVoltage"] < before
    power = told["PackVoltage"] * told["PackCurrent"] / 1000
    assert power == pytest.approx(-15.25, rel=0.05)


@pytest.mark.parametrize(("cable", "other"), [("ac", "dc"), ("dc", "ac")])
def test_a_charging_car(car: Car, clock: Clock, cable: Any, other: Any) -> None:
    """Says how, and the battery says the same."""
    car.plug_in(cable)
    clock.advance(60)
    told = _told(car, clock)
    assert (told["ChargeState"], told["DetailedChargeState"]) == ("Charging", "Charging")
    assert told[f"{cable.upper()}ChargingPower"] > 10
    assert told[f"{other.upper()}ChargingPower"] == 0
    assert told[f"{cable.upper()}ChargingEnergyIn"] > 0
    assert told["PackCurrent"] > 20
    assert told["TimeToFullCharge"] > 0
    assert (told["ChargerVoltage"] > 200) is (cable == "ac")
    assert told["FastChargerPresent"] is (cable == "dc")
    assert told["BrickVoltageMin"] < told["BrickVoltageMax"] < 4.25


def test_a_parked_car_has_little_to_say(car: Car, clock: Clock) -> None:
    """Its sensors are not as fine as the physics behind them."""
    before = _told(car, clock)
    clock.advance(10)
    assert _told(car, clock) == before
    clock.advance(600)
    now = _told(car, clock)
    assert {name for name in now if now[name] != before[name]} == {"InsideTemp"}


def test_a_voltage_is_never_still(car: Car, clock: Clock) -> None:
    """That is why Tesla wants a least change for it."""
    car.plug_in("ac")
    one = _told(car, clock)["ChargerVoltage"]
    clock.advance(10)
    assert _told(car, clock)["ChargerVoltage"] != one


def test_only_the_cars_that_have_a_thing_tell_of_it(clock: Clock) -> None:
    """A tonneau, seats that cool."""
    truck = Car(VIN, "Anvil", model=CYBERTRUCK_2024, clock=clock, owner="")
    truck.state.tonneau = "open"
    plain = _told(Car(VIN, "Juniper", model=MODEL_3_2021, clock=clock, owner=""), clock)
    assert _told(truck, clock)["TonneauPosition"] == "FullyOpen"
    assert not {"TonneauPosition", "ClimateSeatCoolingFrontLeft"} & plain.keys()


def test_old_software_does_not_know_new_fields(car: Car, clock: Clock) -> None:
    """It does not send them."""
    car.model = replace(car.model, firmware="2024.44.25")
    told = _told(car, clock)
    assert "DetailedChargeState" in told
    assert not {"ChargerVoltage", "MediaAudioVolume", "NominalFullPackEnergyKwh"} & told.keys()


def test_what_is_open(car: Car, clock: Clock) -> None:
    """Doors and trunks in one value, windows each in its own."""
    car.state.open_doors = {"df", "pr"}
    car.state.open_trunks = {"rt"}
    car.state.open_windows = {"rp"}
    told = _told(car, clock)
    assert told["DoorState"] == {"DriverFront", "PassengerRear", "TrunkRear"}
    assert (told["RpWindow"], told["FdWindow"]) == ("Opened", "Closed")


@pytest.mark.parametrize(
    ("sample", "text"),
    [
        (Sample(kind=REAL, content=34.797), "34.797"),
        (Sample(kind=REAL, content=11270.94), "11270.940"),
        (Sample(kind=INTEGER, content=48), "48"),
        (Sample(kind=BOOLEAN, content=True), "true"),
        (Sample(kind=BOOLEAN, content=False), "false"),
        (Sample(kind=TEXT, content="Charging"), "Charging"),
        (Sample(kind="shift_state_value", content="D"), "D"),
        (
            Sample(kind=DOORS, content=frozenset({"PassengerRear", "DriverFront"})),
            "DriverFront|PassengerRear",
        ),
        (Sample(kind=PLACE, content=(37.4, -122.1)), "(37.400000 N, 122.100000 W)"),
        (Sample(kind=PLACE, content=(-33.9, 18.4)), "(33.900000 S, 18.400000 E)"),
        (Sample(kind=TIME, content=435), "07:15:00"),
        (Sample(kind=REAL, content=None), "<invalid>"),
    ],
)
def test_old_software_writes_text(sample: Sample, text: str) -> None:
    """As Tesla's own frames show it."""
    assert sample.text() == Value(string_value=text)


def test_typed_values() -> None:
    """Enums by number, nothing where everything is closed, and the noise of a narrower number."""
    assert Sample(kind="shift_state_value", content="D").typed() == Value(shift_state_value=5)  # type: ignore[arg-type] # a number is an enum's value
    doors = Sample(kind=DOORS, content=frozenset({"TrunkRear"})).typed()
    assert doors.door_value.TrunkRear
    assert not doors.door_value.DriverFront
    assert Sample(kind=DOORS, content=frozenset()).typed().WhichOneof("value") == "door_value"
    nowhere = Sample(kind=PLACE, content=(0.0, 0.0)).typed()
    assert nowhere.WhichOneof("value") == "location_value"
    departure = Sample(kind=TIME, content=435).typed().time_value
    assert (departure.hour, departure.minute, departure.second) == (7, 15, 0)
    assert Sample(kind=TIME, content=0).typed().WhichOneof("value") == "time_value"
    real = Sample(kind=REAL, content=244.761).typed().double_value
    assert real != 244.761
    assert real == pytest.approx(244.761, abs=1e-5)
    assert Sample(kind=INTEGER, content=None).typed() == Value(invalid=True)


@pytest.mark.parametrize(
    ("kind", "one", "other", "delta", "differs"),
    [
        (REAL, 1.0, 1.0, None, False),
        (REAL, 1.0, 1.01, None, True),
        (REAL, 1.0, 1.4, 0.5, False),
        (REAL, 1.0, 1.5, 0.5, True),
        (INTEGER, 10, 8, 2, True),
        (REAL, 1.0, None, 10, True),
        (REAL, None, 1.0, 10, True),
        (TEXT, "a", "b", 10, True),
        ("shift_state_value", "P", "D", 10, True),
        (PLACE, (52.0, 13.0), (52.0001, 13.0), 20, False),
        (PLACE, (52.0, 13.0), (52.0001, 13.0), 10, True),
        (PLACE, (52.0, 13.0), (52.0, 13.0001), 10, False),
    ],
)
def test_what_counts_as_a_change(
    kind: str, one: Any, other: Any, delta: float | None, *, differs: bool
) -> None:
    """Numbers by their distance, places by metres, everything else by being another."""
    former, sample = Sample(kind=kind, content=one), Sample(kind=kind, content=other)
    assert sample.differs(former, delta) is differs


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
def test_a_change_is_one_in_both_directions(one: float, other: float, delta: float) -> None:
    """Up or down."""
    up, down = Sample(kind=REAL, content=one), Sample(kind=REAL, content=other)
    assert up.differs(down, delta) == down.differs(up, delta)
