"""What a car does at once."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.teslalogger.tesla import Scope

from .cloud import MODEL_X, FakeCloud
from .running import Start, asleep, pass_time

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry


@pytest.fixture
def cloud(cloud: FakeCloud) -> FakeCloud:
    """One of the two cars knows a garage door."""
    cloud.cars[MODEL_X].changes = {"vehicle_state__homelink_device_count": 1}
    return cloud


async def press(hass: HomeAssistant, name: str) -> None:
    """Press a button and wait for what comes of it."""
    await hass.services.async_call(
        "button", "press", {ATTR_ENTITY_ID: f"button.falcon_{name}"}, blocking=True
    )


@pytest.mark.parametrize(
    ("name", "command", "body"),
    [
        ("flash_lights", "flash_lights", {}),
        ("honk_horn", "honk_horn", {}),
        ("keyless_driving", "remote_start_drive", {}),
        ("homelink", "trigger_homelink", {"lat": 52.52, "lon": 13.405}),
        ("boombox", "remote_boombox", {"sound": 0}),
        ("locate_by_sound", "remote_boombox", {"sound": 2000}),
    ],
)
@pytest.mark.usefixtures("everything_enabled", "loaded")
async def test_press_sends_the_command(
    hass: HomeAssistant, cloud: FakeCloud, name: str, command: str, body: dict[str, Any]
) -> None:
    """One press, one command."""
    await press(hass, name)

    assert cloud.commands == [(command, body)]


@pytest.mark.usefixtures("loaded")
async def test_car_that_knows_no_garage_door_has_no_button_for_it(hass: HomeAssistant) -> None:
    """The number of doors tells."""
    assert hass.states.get("button.falcon_homelink") is not None
    assert hass.states.get("button.juniper_homelink") is None


async def test_garage_door_needs_the_position_of_the_car(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Which is said before anything is sent."""
    del loaded.runtime_data.cars[MODEL_X].data._readings["latitude"]

    with pytest.raises(ServiceValidationError, match="Nobody knows where Falcon is"):
        await press(hass, "homelink")

    assert not cloud.commands


@pytest.mark.usefixtures("everything_enabled")
async def test_car_can_be_woken_and_asked_at_once(
    hass: HomeAssistant, start: Start, cloud: FakeCloud
) -> None:
    """Whoever cannot wait pays for it."""
    asleep(cloud)
    entry = await start()
    cloud.requests.clear()

    await press(hass, "wake_up_and_update")

    assert [endpoint for endpoint, _ in cloud.requests if endpoint != "products"][:3] == [
        "wake_up",
        "vehicle",
        "vehicle_data",
    ]
    assert entry.runtime_data.cars[MODEL_X].value("battery_level") == 72


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
