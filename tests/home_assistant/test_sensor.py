"""What a car tells as a number, a word or a time."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from unittest.mock import Mock
from zoneinfo import ZoneInfo

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.components.sensor.const import DEVICE_CLASS_STATE_CLASSES, DEVICE_CLASS_UNITS
from homeassistant.const import STATE_UNKNOWN
from homeassistant.helpers import entity_registry as er
import homeassistant.util.dt as dt_util
import pytest

from custom_components.teslalogger.coordinator import CarCoordinator
from custom_components.teslalogger.sensor import SENSORS
from custom_components.teslalogger.sensors import UNITS, CarSensorDescription
from custom_components.teslalogger.sensors.charging import charger_power, charging_ends
from custom_components.teslalogger.sensors.driving import arrival
from custom_components.teslalogger.sensors.model import moment_of
from custom_components.teslalogger.tesla import Availability
from custom_components.teslalogger.topics import Topic
from custom_components.teslalogger.vehicle import (
    Reading,
    Source,
    Value,
    VehicleState,
    readings_from_stream,
)
from custom_components.teslalogger.vehicle.signals import SIGNALS

from .cloud import MODEL_X, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .live import Live

NOON: Final = datetime(2026, 11, 22, 12, 0, 20, tzinfo=UTC)


def telling(**values: Value | tuple[Value, float]) -> CarCoordinator:
    """A car that told these values at noon, or so many seconds after it."""
    told = {
        key: value if isinstance(value, tuple) else (value, 0.0) for key, value in values.items()
    }
    state = VehicleState(
        {
            key: Reading(
                value=value,
                car_time=NOON.timestamp() + later,
                received=NOON.timestamp() + later,
                source=Source.POLL,
            )
            for key, (value, later) in told.items()
        }
    )
    return Mock(spec=CarCoordinator, data=state, value=state.value)


def test_every_unit_of_a_signal_has_its_counterpart() -> None:
    """A new row of the signal table must not fail at start."""
    assert {signal.unit for signal in SIGNALS.values() if signal.unit} <= set(UNITS)


def test_key_is_a_signal_or_known_without_the_car() -> None:
    """A sensor that listens to nothing would never change."""
    topics = {topic for row in SENSORS for topic in row.topics}

    assert topics <= set(SIGNALS) | set(Topic)
    assert all(row.topics for row in SENSORS)


@pytest.mark.parametrize("row", SENSORS, ids=lambda row: row.key)
def test_row_is_what_home_assistant_takes(row: CarSensorDescription) -> None:
    """Class, unit and way of counting fit together; Home Assistant only logs if not."""
    if row.device_class is not None:
        units = DEVICE_CLASS_UNITS.get(row.device_class, {None})
        assert row.native_unit_of_measurement in units
    if row.device_class is not None and row.state_class is not None:
        assert row.state_class in DEVICE_CLASS_STATE_CLASSES[row.device_class]
    if row.device_class in {SensorDeviceClass.ENUM, SensorDeviceClass.TIMESTAMP}:
        assert row.state_class is None


def test_few_sensors_are_on_by_default() -> None:
    """Nobody wants the stator of the left rear motor on the first dashboard."""
    assert sum(row.entity_registry_enabled_default for row in SENSORS) < len(SENSORS) / 5


@pytest.mark.parametrize(
    ("told", "state"), [("online", "online"), ("asleep", "asleep"), ("unknown", STATE_UNKNOWN)]
)
async def test_status_says_what_tesla_says(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud, told: str, state: str
) -> None:
    """And nothing where Tesla says that it does not know."""
    cloud.cars[MODEL_X].availability = Availability(told)

    await loaded.runtime_data.cars[MODEL_X].async_refresh()

    assert state_of(hass, "sensor.falcon_status") == state


async def test_streamed_sensor_comes_with_its_first_value(
    hass: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """And waits in the registry for somebody to switch it on."""
    entity_id = "sensor.falcon_battery_voltage"
    assert entity_registry.async_get(entity_id) is None
    car = loaded.runtime_data.cars[MODEL_X]
    now = dt_util.utcnow().timestamp()

    car.async_apply(readings_from_stream({"PackVoltage": 358.6}, now, now))
    car.async_update_listeners()
    await hass.async_block_till_done()

    entry = entity_registry.async_get(entity_id)
    assert entry is not None
    assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION


async def test_route_is_there_while_there_is_one(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Tesla leaves it out after the arrival."""
    car = loaded.runtime_data.cars[MODEL_X]
    cloud.cars[MODEL_X].changes = {
        "drive_state__active_route_destination": "Alexanderplatz, Berlin",
        "drive_state__active_route_miles_to_arrival": 10,
    }
    await car.async_refresh()
    assert state_of(hass, "sensor.falcon_destination") == "Alexanderplatz, Berlin"
    assert state_of(hass, "sensor.falcon_distance_to_arrival") == "16.09344"

    cloud.cars[MODEL_X].changes = {}
    await car.async_refresh()

    assert state_of(hass, "sensor.falcon_destination") == STATE_UNKNOWN
    assert state_of(hass, "sensor.falcon_distance_to_arrival") == STATE_UNKNOWN


async def test_route_of_a_car_that_is_on_its_way(live: Live) -> None:
    """From the simulated car to Home Assistant, in the units of the home."""
    world_car = live.world.cars[MODEL_X]
    world_car.state.stops = ["52.6219,13.4132"]

    await live.look_at(MODEL_X)

    assert live.state("sensor", MODEL_X, "active_route_destination").state == "52.6219,13.4132"
    distance = live.state("sensor", MODEL_X, "active_route_miles_to_arrival").state
    assert float(distance) == pytest.approx(11.12, abs=0.01)
    arrives = dt_util.parse_datetime(live.state("sensor", MODEL_X, "arrival_time").state)
    assert arrives is not None
    assert 10 <= (arrives - dt_util.utcnow()).total_seconds() / 60 <= 12


@pytest.mark.parametrize(
    ("car", "power"),
    [
        (telling(), None),
        (telling(charger_power=11), 11),
        (telling(charger_power=None), None),
        (telling(charger_power=11, ac_charging_power=(7.2, 5)), 7.2),
        (telling(charger_power=11, ac_charging_power=(7.2, -5)), 11),
        (telling(ac_charging_power=0.0, dc_charging_power=(147.5, 5)), 147.5),
        (telling(ac_charging_power=None, dc_charging_power=None), 0),
    ],
)
def test_charger_power_is_the_newest_of_poll_and_stream(
    car: CarCoordinator, power: float | None
) -> None:
    """A poll tells one number, the stream one for each kind of current."""
    assert charger_power(car) == power


@pytest.mark.parametrize(
    ("car", "end"),
    [
        (telling(), None),
        (telling(minutes_to_full_charge=90, charging_state="stopped"), None),
        (telling(minutes_to_full_charge=0, charging_state="charging"), None),
        (
            telling(minutes_to_full_charge=90, charging_state="charging"),
            datetime(2026, 11, 22, 13, 30, tzinfo=UTC),
        ),
    ],
)
def test_end_of_charging(car: CarCoordinator, end: datetime | None) -> None:
    """Only while it charges; seconds would make it jump with every poll."""
    assert charging_ends(car) == end


@pytest.mark.parametrize(
    ("car", "end"),
    [
        (telling(), None),
        (telling(active_route_minutes_to_arrival=None), None),
        (
            telling(active_route_minutes_to_arrival=12.4),
            datetime(2026, 11, 22, 12, 13, tzinfo=UTC),
        ),
    ],
)
def test_arrival(car: CarCoordinator, end: datetime | None) -> None:
    """To the minute, counted from when the car said so."""
    assert arrival(car) == end


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (None, None),
        (True, None),
        (NOON.timestamp(), NOON),
        ("2026-11-22T22:30:00", datetime(2026, 11, 22, 22, 30, tzinfo=ZoneInfo("Europe/Berlin"))),
        ("soon", None),
    ],
)
def test_moment(value: Value, moment: datetime | None) -> None:
    """What is only a wall clock is read where the home is."""
    dt_util.set_default_time_zone(ZoneInfo("Europe/Berlin"))

    assert moment_of(value) == moment
