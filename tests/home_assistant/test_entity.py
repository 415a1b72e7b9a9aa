"""Which entities a car has: those of the things it has."""

from typing import TYPE_CHECKING, Final

from homeassistant.const import STATE_UNKNOWN, Platform
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.teslalogger.const import DOMAIN

from .cloud import MODEL_X, FakeCar, FakeCloud
from .running import ACCOUNT

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .running import Start

WHEEL: Final = "steering_wheel_heat_level"
# What vehicle_data has null for where a car lacks it, and the entities that would show it.
LACKED: Final = {
    "climate_state__seat_heater_left": ("select", "seat_heater_left"),
    f"climate_state__{WHEEL}": ("select", WHEEL),
    "charge_state__fast_charger_brand": ("sensor", "fast_charger_brand"),
    "charge_state__managed_charging_start_time": ("sensor", "managed_charging_start_time"),
}


@pytest.fixture
def platforms() -> tuple[Platform, ...]:
    """Those of the table."""
    return (Platform.SELECT, Platform.SENSOR)


@pytest.fixture
def cloud() -> FakeCloud:
    """A car that says null of all that it lacks."""
    return FakeCloud(FakeCar(vin=MODEL_X, name="Falcon", changes=dict.fromkeys(LACKED)))


def _entity(hass: HomeAssistant, platform: str, key: str) -> str | None:
    return er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{ACCOUNT}_{MODEL_X}_{key}")


async def _look(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()


@pytest.mark.usefixtures("everything_enabled")
async def test_null_makes_no_entity(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Until the car has a value for it."""
    assert {_entity(hass, *entity) for entity in LACKED.values()} == {None}

    cloud.cars[MODEL_X].changes[f"climate_state__{WHEEL}"] = 0
    await _look(hass, loaded)

    there = {key for platform, key in LACKED.values() if _entity(hass, platform, key)}
    assert there == {WHEEL}


@pytest.mark.usefixtures("everything_enabled")
async def test_entity_stays_when_its_value_goes(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud, start: Start
) -> None:
    """The car has it, also after a restart: a null that follows a value is a value that ended."""
    changes = cloud.cars[MODEL_X].changes
    changes[f"climate_state__{WHEEL}"] = 1
    await _look(hass, loaded)
    entity = _entity(hass, "select", WHEEL)
    assert entity is not None
    shown = hass.states.get(entity)
    assert shown is not None
    assert shown.state == "low"

    changes[f"climate_state__{WHEEL}"] = None
    await _look(hass, loaded)
    await hass.config_entries.async_unload(loaded.entry_id)
    await start()

    shown = hass.states.get(entity)
    assert shown is not None
    assert shown.state == STATE_UNKNOWN
