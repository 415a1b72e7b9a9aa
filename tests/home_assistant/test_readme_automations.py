"""The automations of the README, in a running Home Assistant with simulated cars."""

from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
import re
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import ATTR_ENTITY_ID, STATE_HOME, STATE_NOT_HOME, STATE_ON
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from simulator.garage import YUKI

from .running import state_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from homeassistant.core import HomeAssistant, ServiceCall

    from simulator.vehicle import Vehicle

    from .live import Live

README: Final = Path(__file__).parents[2] / "README.md"
EXAMPLES: Final = re.findall(r"```yaml\n(.+?)```", README.read_text(), re.DOTALL)
NAME: Final = "automation.example"
PHONE: Final = "device_tracker.phone"
AWAY: Final = 48.1


@pytest.fixture
def car(live: Live) -> Vehicle:
    """The one that the README speaks of, awake."""
    car = live.world.cars[YUKI]
    car.wake_now()
    return car


@pytest.fixture
async def family(live: Live) -> None:
    """One person, at home."""
    people = [{"id": "ada", "name": "Ada", "device_trackers": [PHONE]}]
    assert await async_setup_component(live.hass, "zone", {})
    assert await async_setup_component(live.hass, "person", {"person": people})
    await come_or_go(live.hass, STATE_HOME)


@pytest.fixture
def messages(live: Live) -> list[ServiceCall]:
    """What was said through Home Assistant's notifications."""
    said: list[ServiceCall] = async_mock_service(live.hass, "notify", "notify")
    return said


async def come_or_go(hass: HomeAssistant, state: str) -> None:
    """Bring the person's phone home, or away."""
    hass.states.async_set(PHONE, state, {"source_type": "router"})
    await hass.async_block_till_done()


@asynccontextmanager
async def automation(hass: HomeAssistant, action: str) -> AsyncIterator[None]:
    """The example with this action as it is in the README, switched on for a while."""
    (text,) = (example for example in EXAMPLES if action in example)
    example: Any = parse_yaml(text)
    assert await async_setup_component(
        hass, "automation", {"automation": [{"id": "example", "alias": "Example", **example}]}
    )
    await hass.async_block_till_done()
    assert state_of(hass, NAME) == STATE_ON
    yield
    await hass.services.async_call("automation", "turn_off", {ATTR_ENTITY_ID: NAME}, blocking=True)


async def test_there_are_two_examples() -> None:
    """Each has a test here."""
    assert len(EXAMPLES) == 2


@pytest.mark.usefixtures("family")
@pytest.mark.parametrize("is_away", [True, False])
async def test_sentry_mode_is_turned_on_when_everybody_has_left(
    live: Live, car: Vehicle, *, is_away: bool
) -> None:
    """Where the car is not at home; there it needs no guard."""
    await live.hass.config.async_update(
        latitude=AWAY if is_away else car.state.motion.latitude,
        longitude=car.state.motion.longitude,
    )
    await live.hass.async_block_till_done()
    await live.look_at(YUKI)
    assert not car.state.sentry_mode

    async with automation(live.hass, "switch.turn_on"):
        await come_or_go(live.hass, STATE_NOT_HOME)

    assert car.state.sentry_mode is is_away


@pytest.mark.parametrize("is_locked", [False, True])
async def test_car_that_stands_unlocked_at_night_is_told_of(
    live: Live, car: Vehicle, messages: list[ServiceCall], *, is_locked: bool
) -> None:
    """Once, at half past ten; a locked one is not."""
    car.state.locked = is_locked
    await live.look_at(YUKI)
    evening = dt_util.now().replace(hour=22, minute=29, second=0, microsecond=0)
    if evening <= dt_util.now():
        evening += timedelta(days=1)
    async with automation(live.hass, "notify.notify"):
        await live.pass_time(evening - dt_util.now())
        assert messages == []
        await live.pass_time(timedelta(minutes=1, seconds=1))

    told = [call.data["message"] for call in messages]
    assert told == ([] if is_locked else ["Yuki is not locked."])
