"""Readings from Fleet Telemetry, and that no field of it is forgotten."""

import csv
from pathlib import Path
from typing import Final

from hypothesis import given, strategies as st
import pytest
from tesla_protocol.telemetry import vehicle_data_pb2

from custom_components.teslalogger.vehicle import (
    SIGNALS,
    Source,
    VehicleState,
    readings_from_stream,
)
from custom_components.teslalogger.vehicle.signals import (
    BY_FIELD,
    INVALID,
    MIRRORED,
    NOT_SIGNALS,
    Kind,
)

NOW: Final = 1_795_415_400.0
DATA: Final = Path(__file__).parents[1] / "data"


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open() as file:
        return list(csv.DictReader(file))


FIELDS: Final = {row["name"]: row for row in _table("telemetry-fields.csv")}
ENUMS: Final = _table("telemetry-enums.csv")
# What Tesla's enumerations say instead of "invalid", and of a value without a word.
NOT_AVAILABLE: Final = {"SNA", "Invalid"}
UNKNOWN: Final = "Unknown"
# Units of the table of fields that have another name here, or another unit on purpose.
UNITS: Final = {
    "degC": "°C",
    "deg": "°",
    "kOhm": "kΩ",
    "m/s2": "m/s²",
    "mi/h": "mph",
    "": None,
}


def test_every_field_has_a_signal_or_a_reason() -> None:
    """Of the enumeration that Tesla's protocol knows; a newer protocol must not go unnoticed."""
    fields = set(vehicle_data_pb2.Field.keys())

    assert fields == set(BY_FIELD) | set(NOT_SIGNALS)
    assert not set(BY_FIELD) & set(NOT_SIGNALS)
    assert all(NOT_SIGNALS.values())


def test_every_field_is_in_the_table_of_fields() -> None:
    """Which holds what the protocol does not say: units and firmware."""
    assert set(FIELDS) == set(vehicle_data_pb2.Field.keys())


@pytest.mark.parametrize("field", sorted(BY_FIELD))
def test_unit_is_that_of_the_stream(field: str) -> None:
    """Or the conversion says otherwise."""
    unit = UNITS.get(FIELDS[field]["unit"], FIELDS[field]["unit"])
    for signal in BY_FIELD[field]:
        if signal.kind is Kind.NUMBER and signal.stream is None and unit != signal.unit:
            assert field == "BrakePedalPos"  # nobody knows


@pytest.mark.parametrize(
    ("field", "name", "short"),
    [
        (field, row["name"], row["short"])
        for field, known in FIELDS.items()
        for row in ENUMS
        if row["enum"] == known["enum_type"] and field in BY_FIELD
    ],
)
def test_every_word_of_an_enumeration_is_known(field: str, name: str, short: str) -> None:
    """With the type's name, without it, and in whatever case; each means one thing."""
    for signal in BY_FIELD[field]:
        value = signal.streamed(name)
        assert signal.streamed(short) == signal.streamed(name.upper()) == value
        if short in NOT_AVAILABLE:
            assert value == signal.streamed(None)
        elif short == UNKNOWN:
            assert value is (None if signal.kind is Kind.ENUM else INVALID)
        elif short == "Faulted" and signal.kind is Kind.BOOL:
            assert value is None  # a belt of which the car cannot tell
        else:
            assert value is not None
            assert value is not INVALID


@pytest.mark.parametrize("field", sorted(BY_FIELD))
def test_invalid_of_old_firmware_is_invalid(field: str) -> None:
    """It came as a text."""
    for signal in BY_FIELD[field]:
        assert signal.streamed("<invalid>") == signal.streamed(None)


def test_every_enumeration_of_the_protocol_is_in_the_table() -> None:
    """Else the test above would miss its words."""
    types = vehicle_data_pb2.DESCRIPTOR.enum_types_by_name
    words = {
        (name, value)
        for name, enum in types.items()
        if name != "Field"
        for value in enum.values_by_name
    }

    assert words == {(row["enum"], row["name"]) for row in ENUMS}


def test_every_other_unit_than_the_stream_s_is_meant() -> None:
    """Hours of a charge are minutes as in a poll, moments of a plan are minutes of the day."""
    others = {
        signal.key: (FIELDS[field]["unit"], signal.unit)
        for field, signals in BY_FIELD.items()
        for signal in signals
        if signal.kind is Kind.NUMBER
        and UNITS.get(FIELDS[field]["unit"], FIELDS[field]["unit"]) != signal.unit
    }

    assert others == {
        "minutes_to_full_charge": ("h", "min"),
        "scheduled_charging_start_time_minutes": ("s epoch", "min"),
        "scheduled_departure_time_minutes": ("s epoch or Time", "min"),
        "brake_pedal_position": ("bar", None),  # or percent: nobody knows
    }
    assert SIGNALS["minutes_to_full_charge"].streamed(1.5) == 90


@given(raw=st.floats(-400, 3e9) | st.integers(-400, 2**31))
def test_number_means_the_same_as_text(raw: float) -> None:
    """Old firmware wrote numbers as text."""
    for signal in SIGNALS.values():
        if signal.telemetry and signal.kind is not Kind.BOOL and signal.kind is not Kind.TEXT:
            assert signal.streamed(repr(raw)) == signal.streamed(raw), signal.key


@pytest.mark.parametrize("raw", [True, False])
def test_flag_means_the_same_as_text(*, raw: bool) -> None:
    """So it wrote flags."""
    for signal in SIGNALS.values():
        if signal.telemetry and signal.kind is Kind.BOOL:
            assert signal.streamed(str(raw).lower()) == signal.streamed(raw), signal.key


@pytest.mark.parametrize(
    ("raw", "is_null"), [(None, True), ("<invalid>", True), ("New", False), ("CableTypeIEC", False)]
)
def test_invalid_is_told_apart_from_a_word_that_nobody_knows(
    raw: str | None, *, is_null: bool
) -> None:
    """A car may call invalid what it lacks."""
    (reading,) = readings_from_stream({"ChargingCableType": raw}, NOW, NOW).values()

    assert reading.is_null is is_null


@pytest.mark.parametrize("field", sorted(BY_FIELD))
def test_invalid_is_no_news_or_ends_the_value(field: str) -> None:
    """As the rows say; a car that falls asleep keeps its doors."""
    for key, reading in readings_from_stream({field: None}, NOW, NOW).items():
        parked = {"speed": 0, "shift_state": "p"}
        assert reading.value == parked.get(key)


def test_what_is_kept_when_a_car_falls_asleep() -> None:
    """Its sensors go first."""
    state = VehicleState(
        readings_from_stream(
            {
                "Locked": True,
                "ChargePortLatch": "ChargePortLatchEngaged",
                "DetailedChargeState": "DetailedChargeStateStopped",
                "ChargingCableType": "CableTypeIEC",
                "DestinationName": "Home",
            },
            NOW,
            NOW,
        )
    )

    state.apply(
        readings_from_stream(
            dict.fromkeys(
                (
                    "Locked",
                    "ChargePortLatch",
                    "DetailedChargeState",
                    "ChargingCableType",
                    "DestinationName",
                )
            ),
            NOW + 1,
            NOW + 1,
        )
    )

    assert {key: state.value(key) for key in state} == {
        "locked": True,
        "charge_port_latch": "engaged",
        "charging_state": "stopped",
        "charge_cable_connected": True,
        "conn_charge_cable": None,
        "active_route_destination": None,
    }


def test_word_that_nobody_knows_yet_ends_the_last_one() -> None:
    """Tesla added words to enumerations before."""
    readings = readings_from_stream({"DetailedChargeState": "42"}, NOW, NOW)

    assert readings["charging_state"].value is None
    assert "charge_cable_connected" not in readings


def test_one_record_makes_readings_with_its_time_and_source() -> None:
    """Compound fields make several; what nobody knows makes none."""
    readings = readings_from_stream(
        {
            "Location": {"latitude": 52.5, "longitude": 13.4},
            "DoorState": {"DriverFront": True},
            "HvacPower": "HvacPowerStateOverheatProtect",
            "Field_9999": 1,
        },
        NOW - 1,
        NOW,
        Source.MQTT,
    )

    assert {key: reading.value for key, reading in readings.items()} == {
        "latitude": 52.5,
        "longitude": 13.4,
        "door_front_driver": True,
        "door_rear_driver": False,
        "door_front_passenger": False,
        "door_rear_passenger": False,
        "front_trunk": False,
        "rear_trunk": False,
        "hvac_power": "overheat_protect",
        "is_climate_on": False,
        "is_preconditioning": False,
        "cabin_overheat_protection_actively_cooling": True,
    }
    assert {(r.car_time, r.received, r.source) for r in readings.values()} == {
        (NOW - 1, NOW, Source.MQTT)
    }


@pytest.mark.parametrize(("right", "driver"), [(False, 20.5), (True, 22.0)])
def test_driver_sits_where_the_wheel_is(*, right: bool, driver: float) -> None:
    """The stream names the sides, vehicle_data the people."""
    fields = {"HvacLeftTemperatureRequest": 20.5, "HvacRightTemperatureRequest": 22.0}

    readings = readings_from_stream(fields, NOW, NOW, right_hand_drive=right)

    assert readings["driver_temp_setting"].value == driver
    assert set(readings) == set(MIRRORED) == set(MIRRORED.values()) <= set(SIGNALS)


@given(
    fields=st.dictionaries(
        st.sampled_from(sorted(BY_FIELD)) | st.text(),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just({}),
        max_size=5,
    )
)
def test_no_record_is_a_surprise(fields: dict[str, object]) -> None:
    """Whatever it is made of, readings come out or not."""
    VehicleState().apply(readings_from_stream(fields, NOW, NOW))
