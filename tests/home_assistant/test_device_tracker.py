"""Where a car is."""

from typing import TYPE_CHECKING

from homeassistant.const import STATE_HOME
import pytest

from custom_components.teslalogger.tesla import Scope

from .cloud import MODEL_X, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry


@pytest.mark.parametrize("scopes", [(Scope.VEHICLE_DEVICE_DATA,)])
@pytest.mark.usefixtures("loaded")
async def test_no_location_without_its_scope(hass: HomeAssistant, cloud: FakeCloud) -> None:
    """Neither shown nor asked for."""
    assert not hass.states.async_entity_ids("device_tracker")
    assert all("location_data" not in endpoints for endpoints in cloud.asked_for)


async def test_car_moves(hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud) -> None:
    """Home Assistant knows its zones from there."""
    cloud.cars[MODEL_X].changes = {
        "drive_state__latitude": hass.config.latitude,
        "drive_state__longitude": hass.config.longitude,
    }

    await loaded.runtime_data.cars[MODEL_X].async_refresh()

    assert state_of(hass, "device_tracker.falcon_location") == STATE_HOME


async def test_destination_is_a_place_of_its_own(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Known as long as there is a route."""
    car = loaded.runtime_data.cars[MODEL_X]
    assert state_of(hass, "device_tracker.falcon_destination") == "unknown"
    cloud.cars[MODEL_X].changes = {
        "drive_state__active_route_latitude": hass.config.latitude,
        "drive_state__active_route_longitude": hass.config.longitude,
        "drive_state__active_route_destination": "Home",
    }

    await car.async_refresh()

    state = hass.states.get("device_tracker.falcon_destination")
    assert state is not None
    assert (state.state, state.attributes["destination"]) == (STATE_HOME, "Home")
    assert "heading" not in state.attributes
    cloud.cars[MODEL_X].changes = {}
    await car.async_refresh()
    assert state_of(hass, "device_tracker.falcon_destination") == "unknown"


@pytest.mark.usefixtures("loaded")
async def test_only_a_streaming_car_tells_where_it_came_from(hass: HomeAssistant) -> None:
    """`vehicle_data` does not."""
    assert not [
        entity for entity in hass.states.async_entity_ids("device_tracker") if "origin" in entity
    ]
