"""What becomes of each entity of a peer."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.sensor import SensorStateClass
from homeassistant.helpers.entity_registry import RegistryEntry, RegistryEntryDisabler
import pytest
from pytest_homeassistant_custom_component.common import RegistryEntryWithDefaults

from custom_components.teslalogger.takeover.model import Reason, Source, Statistics
from custom_components.teslalogger.takeover.plan import make_plan
from custom_components.teslalogger.takeover.statistics import Kind
from custom_components.teslalogger.takeover.unique_ids import read_theirs

if TYPE_CHECKING:
    from custom_components.teslalogger.takeover.model import Plan

VIN: Final = "5YJ3E7EB8MF012346"
OTHER_VIN: Final = "LRW3E7EK9NC012347"
SITE: Final = "1234567890123"
DIN: Final = "1529455-02-D--PGT21234012345"
OURS: Final = {VIN, SITE, DIN}
MEAN: Final = Kind(
    unit="mi", unit_class="distance", mean_type=StatisticMeanType.ARITHMETIC, has_sum=False
)
SUM: Final = Kind(unit="mi", unit_class="distance", mean_type=StatisticMeanType.NONE, has_sum=True)


def entity(
    entity_id: str, unique_id: str, platform: str = "tesla_fleet", **more: Any
) -> RegistryEntry:
    """An entry in the registry."""
    made: RegistryEntry = RegistryEntryWithDefaults(
        entity_id=entity_id,
        unique_id=unique_id,
        platform=platform,
        **{"config_entry_id": "theirs"} | more,
    )
    return made


def our(entity_id: str, number: str, key: str, **more: Any) -> RegistryEntry:
    """An entity of ours."""
    return entity(entity_id, f"account_{number}_{key}", "teslalogger", **more)


def odometer(state_class: str | None = SensorStateClass.TOTAL_INCREASING, unit: str = "km") -> Any:
    """Our odometer, if it were like this."""
    return our(
        "sensor.ours",
        VIN,
        "odometer",
        capabilities={"state_class": state_class} if state_class else None,
        unit_of_measurement=unit,
    )


def plan_for(
    theirs: RegistryEntry,
    *ours: RegistryEntry,
    source: Source = Source.TESLA_FLEET,
    kind: Kind | None = None,
) -> Plan:
    """The plan if this were all."""
    return make_plan(source, [theirs], ours, OURS, {theirs.entity_id: kind} if kind else {})


def reason(plan: Plan) -> Reason:
    """Why the only entity keeps its id."""
    assert not plan.moves
    (kept,) = plan.kept
    return kept.reason


@pytest.mark.parametrize(
    ("source", "theirs", "ours"),
    [
        (Source.TESLA_FLEET, f"{VIN}-vehicle_state_odometer", (VIN, "odometer")),
        (Source.TESLEMETRY, f"{VIN}-vehicle_state_odometer", (VIN, "odometer")),
        (Source.TESLA_CUSTOM, f"{VIN.lower()}_odometer", (VIN, "odometer")),
        (Source.MQTT, f"{VIN}_odometer", (VIN, "odometer")),
        (Source.TESLA_FLEET, f"{SITE}-solar_power", (SITE, "solar_power")),
        (Source.TESLA_CUSTOM, f"{SITE}_battery", (SITE, "percentage_charged")),
        (
            Source.TESLEMETRY,
            f"{SITE}-{DIN}-wall_connector_power",
            (DIN, "wall_connector_power"),
        ),
    ],
)
def test_counterparts_are_found_by_what_they_belong_to(
    source: Source, theirs: str, ours: tuple[str, str]
) -> None:
    """By the VIN, the site's id, or the DIN."""
    own = our("sensor.ours", *ours)
    strange = our("sensor.strange", OTHER_VIN, ours[1])

    plan = plan_for(entity("sensor.theirs", theirs, source), own, strange, source=source)

    (move,) = plan.moves
    assert move.ours is own
    assert not plan.kept


@pytest.mark.parametrize(
    ("kind", "ours", "expected"),
    [
        (None, odometer(), Statistics.NONE),
        (None, odometer(None), Statistics.NONE),
        (SUM, odometer(unit="mi"), Statistics.CONTINUED),
        (SUM, odometer(), Statistics.CONVERTED),
        (SUM, odometer(SensorStateClass.TOTAL), Statistics.CONVERTED),
        (MEAN, odometer(SensorStateClass.MEASUREMENT), Statistics.CONVERTED),
    ],
)
def test_statistics_go_on(kind: Kind | None, ours: RegistryEntry, expected: Statistics) -> None:
    """In the unit that they have, whatever ours is of that kind."""
    theirs = entity("sensor.theirs", f"{VIN}-vehicle_state_odometer")

    (move,) = plan_for(theirs, ours, kind=kind).moves

    assert move.statistics is expected


@pytest.mark.parametrize(
    ("kind", "ours"),
    [
        (SUM, odometer(None)),
        (SUM, odometer(SensorStateClass.MEASUREMENT)),
        (MEAN, odometer()),
        (MEAN, odometer(SensorStateClass.MEASUREMENT_ANGLE)),
        (SUM, odometer(unit="kWh")),
        (SUM, odometer(unit="furlongs")),
    ],
)
def test_statistics_that_would_end_keep_their_entity(kind: Kind, ours: RegistryEntry) -> None:
    """Another kind, a unit that cannot be converted, or none at all."""
    theirs = entity("sensor.theirs", f"{VIN}-vehicle_state_odometer")

    assert reason(plan_for(theirs, ours, kind=kind)) is Reason.STATISTICS


def test_what_nothing_is_like_keeps_its_id() -> None:
    """Known to the table or not."""
    ours = our("text.ours", VIN, "destination")
    for key in ("teslamate_id", "invented_tomorrow"):
        theirs = entity("text.theirs", f"{VIN.lower()}_{key}", "tesla_custom")
        plan = plan_for(theirs, ours, source=Source.TESLA_CUSTOM)
        assert reason(plan) is Reason.NO_COUNTERPART


def test_what_is_of_another_platform_keeps_its_id() -> None:
    """The plan says what comes close."""
    ours = our("sensor.ours", VIN, "charger_phases")

    plan = plan_for(entity("binary_sensor.theirs", f"{VIN}-charge_state_charger_phases"), ours)

    assert reason(plan) is Reason.OTHER_PLATFORM
    assert plan.kept[0].ours == "sensor.charger_phases"


def test_what_ours_has_not_told_yet_keeps_its_id() -> None:
    """A car that sleeps has not shown all that it has."""
    ours = our("sensor.ours", VIN, "speed")

    plan = plan_for(entity("sensor.theirs", f"{VIN}-vehicle_state_odometer"), ours)

    assert reason(plan) is Reason.NOT_HERE


@pytest.mark.parametrize(
    ("disabled_by", "is_taken"),
    [
        (None, True),
        (RegistryEntryDisabler.CONFIG_ENTRY, True),
        (RegistryEntryDisabler.INTEGRATION, False),
        (RegistryEntryDisabler.USER, False),
        (RegistryEntryDisabler.DEVICE, False),
    ],
)
def test_what_nobody_uses_keeps_its_id(
    disabled_by: RegistryEntryDisabler | None, *, is_taken: bool
) -> None:
    """But for what only went with its integration."""
    theirs = entity("sensor.theirs", f"{VIN}-vehicle_state_odometer", disabled_by=disabled_by)

    plan = plan_for(theirs, odometer())

    assert bool(plan.moves) is is_taken
    assert is_taken or reason(plan) is Reason.SWITCHED_OFF


def test_each_of_ours_is_given_once() -> None:
    """The first by id has it, the other says so."""
    polled = entity("sensor.a", f"{VIN}-charge_state_battery_range", "teslemetry")
    streamed = entity("sensor.b", f"{VIN}-rated_range", "teslemetry")
    ours = our("sensor.ours", VIN, "battery_range")

    plan = make_plan(Source.TESLEMETRY, [streamed, polled], [ours], OURS, {})

    assert [move.theirs for move in plan.moves] == [polled]
    assert [(kept.theirs, kept.reason) for kept in plan.kept] == [(streamed, Reason.ALREADY_TAKEN)]


def test_an_integration_that_serves_another_car_stays_on() -> None:
    """Nothing of the other car is touched."""
    mine = entity("sensor.mine", f"{VIN}-vehicle_state_odometer")
    other = entity("sensor.other", f"{OTHER_VIN}-vehicle_state_odometer")
    second = entity("sensor.second", f"{VIN}-drive_state_speed", config_entry_id="second")
    ours = [odometer(), our("sensor.speed", VIN, "speed")]

    plan = make_plan(Source.TESLA_FLEET, [mine, other, second], ours, OURS, {})

    assert [move.theirs for move in plan.moves] == [mine, second]
    assert plan.entries == {"second"}
    assert not plan.kept


def test_an_account_with_nothing_but_our_cars_is_switched_off() -> None:
    """What is about no car, such as money, does not hold it up."""
    mine = entity("sensor.mine", f"{VIN}-vehicle_state_odometer", "teslemetry")
    money = entity("sensor.money", "0f3e_credit_balance", "teslemetry")

    plan = make_plan(Source.TESLEMETRY, [mine, money], [odometer()], OURS, {})

    assert plan.entries == {"theirs"}


def test_mqtt_goes_on_and_only_teslaloggers_entities_are_seen() -> None:
    """Everything else that announces itself by MQTT is somebody else's."""
    mine = entity("sensor.mine", f"{VIN}_odometer", "mqtt")
    others = [
        entity("sensor.invented", f"{VIN}_invented", "mqtt"),
        entity("sensor.meter", f"{SITE}_battery", "mqtt"),
        entity("sensor.lamp", "lamp", "mqtt"),
    ]

    plan = make_plan(Source.MQTT, [mine, *others], [odometer()], OURS, {})

    assert [move.theirs for move in plan.moves] == [mine]
    assert not plan.kept
    assert not plan.entries


@pytest.mark.parametrize("unique_id", ["", "lamp", "x-y", "0f3e_credit_balance", f"-{VIN}"])
def test_what_is_about_nothing_of_teslas_is_nobodys(unique_id: str) -> None:
    """Whatever the source."""
    assert [read_theirs(source, unique_id) for source in Source] == [None] * len(Source)
