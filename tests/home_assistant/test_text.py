"""Where a car is sent."""

from typing import TYPE_CHECKING, Final

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.teslalogger.tesla import Scope
from simulator.garage import FALCON, YUKI

from .cloud import MODEL_X, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .live import Live
    from .running import Start

ENTITY: Final = "text.falcon_navigate_to"


async def test_text_shows_where_the_car_goes(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """In the car's own words; nothing without a route."""
    assert not state_of(hass, ENTITY)
    cloud.cars[MODEL_X].changes = {"drive_state__active_route_destination": "Work"}

    await loaded.runtime_data.cars[MODEL_X].async_refresh()

    assert state_of(hass, ENTITY) == "Work"


async def test_car_that_takes_no_destination_has_no_text(
    hass: HomeAssistant, start: Start, cloud: FakeCloud
) -> None:
    """It says so."""
    cloud.cars[MODEL_X].changes = {"vehicle_config__can_accept_navigation_requests": False}
    entry = await start()
    for car in entry.runtime_data.cars.values():
        await car.async_refresh()
    await hass.async_block_till_done()

    assert hass.states.async_entity_ids("text") == ["text.juniper_navigate_to"]


@pytest.mark.parametrize("scopes", [(Scope.VEHICLE_DEVICE_DATA, Scope.VEHICLE_CHARGING_CMDS)])
@pytest.mark.usefixtures("loaded")
async def test_login_without_commands_has_no_text(hass: HomeAssistant) -> None:
    """There is a sensor for the destination."""
    assert hass.states.async_entity_ids("text") == []


@pytest.mark.parametrize("text", ["", "  "])
@pytest.mark.usefixtures("loaded")
async def test_nowhere_is_no_destination(hass: HomeAssistant, cloud: FakeCloud, text: str) -> None:
    """Nothing is sent, and the message says what is missing."""
    before = len(cloud.commands)

    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(
            "text", "set_value", {ATTR_ENTITY_ID: ENTITY, "value": text}, blocking=True
        )

    assert refused.value.translation_key == "destination_missing"
    assert len(cloud.commands) == before


@pytest.mark.parametrize("vin", [FALCON, YUKI])
async def test_simulated_car_goes_to_an_address(live: Live, vin: str) -> None:
    """Whichever way its other commands take."""
    car = live.world.cars[vin]
    car.wake_now()
    await live.look_at(vin)

    target = {
        ATTR_ENTITY_ID: live.entity_id("text", vin, "destination"),
        "value": "Unter den Linden 1",
    }
    await live.hass.services.async_call("text", "set_value", target, blocking=True)

    assert car.state.stops == ["Unter den Linden 1"]
