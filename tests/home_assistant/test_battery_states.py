"""What the battery tells of itself: the right units, and nothing made up without a stream."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import STATE_UNKNOWN
import homeassistant.util.dt as dt_util
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_device

from custom_components.teslalogger.binary_sensor import BINARY_SENSORS
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.sensor import SENSORS
from custom_components.teslalogger.vehicle import readings_from_stream

from .cloud import MODEL_X
from .running import ACCOUNT, state_of

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import device_registry as dr, entity_registry as er
    from pytest_homeassistant_custom_component.common import MockConfigEntry
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

_S: Final = SensorDeviceClass
_M: Final = SensorStateClass.MEASUREMENT
_T: Final = SensorStateClass.TOTAL_INCREASING
# key: unit, device class, way of counting, on by default, what is streamed, the state.
STATES: Final[dict[str, tuple[Any, ...]]] = {
    "pack_voltage": ("V", _S.VOLTAGE, _M, False, {"PackVoltage": 358.6}, 358.6),
    "pack_current": ("A", _S.CURRENT, _M, False, {"PackCurrent": -100.5}, -100.5),
    "pack_power": (
        *("kW", _S.POWER, _M, False),
        {"PackVoltage": 360.0, "PackCurrent": -100.5},
        -36.18,
    ),
    "brick_voltage_min": ("V", _S.VOLTAGE, _M, False, {"BrickVoltageMin": 3.702}, 3.702),
    "brick_voltage_max": ("V", _S.VOLTAGE, _M, False, {"BrickVoltageMax": 3.718}, 3.718),
    "brick_voltage_spread": (
        *("V", _S.VOLTAGE, _M, False),
        {"BrickVoltageMin": 3.702, "BrickVoltageMax": 3.718},
        0.016,
    ),
    "module_temp_min": ("°C", _S.TEMPERATURE, _M, False, {"ModuleTempMin": 18.5}, 18.5),
    "module_temp_max": ("°C", _S.TEMPERATURE, _M, False, {"ModuleTempMax": 21.0}, 21.0),
    "energy_remaining": ("kWh", _S.ENERGY_STORAGE, _M, True, {"EnergyRemaining": 45.2}, 45.2),
    "lifetime_energy_used": ("kWh", _S.ENERGY, _T, False, {"LifetimeEnergyUsed": 9876.5}, 9876.5),
    "isolation_resistance": ("kΩ", None, _M, False, {"IsolationResistance": 5160}, 5160),
    "bms_state": (None, _S.ENUM, None, False, {"BMSState": "BMSStateCharge"}, "charge"),
}
HEATER: Final = "battery_heater_on"
PAIRS: Final = {key for key, row in STATES.items() if len(row[4]) > 1}
ROWS: Final = {row.key: row for row in (*SENSORS, *BINARY_SENSORS)}


def _entity_id(registry: er.EntityRegistry, key: str, platform: str = "sensor") -> str | None:
    return registry.async_get_entity_id(platform, DOMAIN, f"{ACCOUNT}_{MODEL_X}_{key}")


async def _stream(hass: HomeAssistant, entry: MockConfigEntry, fields: dict[str, Any]) -> None:
    car = entry.runtime_data.cars[MODEL_X]
    now = dt_util.utcnow().timestamp()
    car.async_apply(readings_from_stream(fields, now, now))
    car.async_update_listeners()
    await hass.async_block_till_done()


@pytest.mark.parametrize("key", STATES)
def test_state_has_its_unit(key: str) -> None:
    """And class; few people want more than the energy that is left."""
    unit, device_class, state_class, enabled, *_ = STATES[key]
    row: Any = ROWS[key]

    assert row.native_unit_of_measurement == unit
    assert row.device_class == device_class
    assert row.state_class == state_class
    assert row.entity_registry_enabled_default is enabled


def test_heater_runs_or_not() -> None:
    """It is what people ask for in winter."""
    assert ROWS[HEATER].device_class is BinarySensorDeviceClass.RUNNING
    assert ROWS[HEATER].entity_registry_enabled_default


@pytest.mark.usefixtures("everything_enabled")
@pytest.mark.parametrize("key", STATES)
async def test_state_is_that_of_the_stream(
    hass: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry, key: str
) -> None:
    """Without a stream there is none, and none of it is zero."""
    *_, fields, state = STATES[key]
    assert _entity_id(entity_registry, key) is None
    for field, value in fields.items():
        assert _entity_id(entity_registry, key) is None
        await _stream(hass, loaded, {field: value})

    entity_id = _entity_id(entity_registry, key)
    assert entity_id is not None
    assert state_of(hass, entity_id) == str(state)


@pytest.mark.parametrize("key", sorted(PAIRS))
def test_half_of_two_is_nothing(key: str) -> None:
    """Nothing is computed of what is not known."""
    row: Any = ROWS[key]
    for topic in row.topics:

        class Car:
            """Tells one of two."""

            @staticmethod
            def value(signal: str, told: str = topic) -> float | None:
                return 3.7 if signal == told else None

        assert row.value_fn(Car) is None


async def test_autopilot_state_comes_with_its_first_value(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    device_registry: dr.DeviceRegistry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Until then diagnostics say why there is none; what the car does not know is unknown."""
    device = device_registry.async_get_device_by_identifier((DOMAIN, MODEL_X), loaded.entry_id)
    assert device is not None

    async def not_offered() -> dict[str, str]:
        told: Any = await get_diagnostics_for_device(hass, hass_client, loaded, device)
        [car] = told["cars"]
        reasons: dict[str, str] = car["not_offered"]
        return reasons

    assert _entity_id(entity_registry, "autopilot_state") is None
    assert await not_offered() == {"autopilot_state": "withdrawn_by_tesla_2024_11_14"}

    await _stream(hass, loaded, {"CruiseState": "CruiseStateStandby"})

    entity_id = _entity_id(entity_registry, "autopilot_state")
    assert entity_id is not None
    assert state_of(hass, entity_id) == "standby"
    assert await not_offered() == {}

    await _stream(hass, loaded, {"Deprecated_2": "0"})

    assert state_of(hass, entity_id) == STATE_UNKNOWN
