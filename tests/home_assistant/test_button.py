"""What a car does at once."""

from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.const import ATTR_ENTITY_ID
import pytest

from custom_components.teslalogger.tesla import Scope

from .cloud import MODEL_X, FakeCloud
from .running import Start, asleep, pass_time

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant


@pytest.mark.parametrize(
    ("name", "command"),
    [("flash_lights", "flash_lights"), ("honk_horn", "honk_horn")],
)
@pytest.mark.usefixtures("loaded")
async def test_press_sends_the_command(
    hass: HomeAssistant, cloud: FakeCloud, name: str, command: str
) -> None:
    """One press, one command."""
    await hass.services.async_call(
        "button", "press", {ATTR_ENTITY_ID: f"button.falcon_{name}"}, blocking=True
    )

    assert cloud.commands == [(command, {})]


async def test_wake_up_wakes_and_then_the_car_is_asked(
    hass: HomeAssistant, start: Start, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """Even a car that never answered."""
    asleep(cloud)
    entry = await start()

    await hass.services.async_call(
        "button", "press", {ATTR_ENTITY_ID: "button.falcon_wake_up"}, blocking=True
    )
    await pass_time(hass, freezer, timedelta(seconds=7))

    assert cloud.counts["wake_up"] == 1
    assert entry.runtime_data.cars[MODEL_X].value("battery_level") == 72


@pytest.mark.parametrize("scopes", [(Scope.VEHICLE_DEVICE_DATA, Scope.VEHICLE_CHARGING_CMDS)])
@pytest.mark.usefixtures("loaded")
async def test_login_that_allows_charging_only_wakes_and_no_more(hass: HomeAssistant) -> None:
    """Buttons exist where the login allows their command."""
    assert hass.states.async_entity_ids("button") == [
        "button.falcon_wake_up",
        "button.juniper_wake_up",
    ]
