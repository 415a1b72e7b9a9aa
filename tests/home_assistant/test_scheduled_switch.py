"""Charging at a time and departure by a time, turned on and off."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import ATTR_ENTITY_ID, STATE_OFF, STATE_ON
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from simulator.garage import FALCON

from .cloud import MODEL_X, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import entity_registry as er
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .live import Live
    from .running import Start

    type Tell = Callable[..., Awaitable[MockConfigEntry]]

CHARGING: Final = "switch.falcon_scheduled_charging"
DEPARTURE: Final = "switch.falcon_scheduled_departure"
NONE: Final[dict[str, Any]] = {
    "charge_state__scheduled_charging_mode": "Off",
    "charge_state__scheduled_charging_start_time_minutes": None,
    "charge_state__scheduled_departure_time_minutes": None,
}
AT_NIGHT: Final = NONE | {
    "charge_state__scheduled_charging_mode": "StartAt",
    "charge_state__scheduled_charging_start_time_minutes": 90,
}
IN_THE_MORNING: Final = NONE | {
    "charge_state__scheduled_charging_mode": "DepartBy",
    "charge_state__scheduled_departure_time_minutes": 375,
    "charge_state__off_peak_hours_end_time": 360,
    "charge_state__preconditioning_enabled": True,
    "charge_state__preconditioning_times": "weekdays",
}
LEAVING: Final = {
    "enable": True,
    "departure_time": 375,
    "end_off_peak_time": 360,
    "preconditioning_enabled": True,
    "preconditioning_weekdays_only": True,
    "off_peak_charging_enabled": False,
    "off_peak_charging_weekdays_only": False,
}


@pytest.fixture
def tell(hass: HomeAssistant, start: Start, cloud: FakeCloud) -> Tell:
    """Let the Model X tell one thing after the other."""

    async def one_by_one(*steps: dict[str, Any]) -> MockConfigEntry:
        entry = await start()
        for step in steps:
            cloud.cars[MODEL_X].changes = step
            await entry.runtime_data.cars[MODEL_X].async_refresh()
            await hass.async_block_till_done()
        return entry

    return one_by_one


async def turn(hass: HomeAssistant, entity_id: str, *, on: bool) -> None:
    """Press it."""
    action = "turn_on" if on else "turn_off"
    await hass.services.async_call("switch", action, {ATTR_ENTITY_ID: entity_id}, blocking=True)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (NONE, (STATE_OFF, STATE_OFF)),
        (AT_NIGHT, (STATE_ON, STATE_OFF)),
        (IN_THE_MORNING, (STATE_OFF, STATE_ON)),
    ],
)
async def test_one_of_them_is_on(
    hass: HomeAssistant, tell: Tell, told: dict[str, Any], shown: tuple[str, str]
) -> None:
    """Or none: a car either starts at a time or is ready by a time."""
    await tell(told)

    assert (state_of(hass, CHARGING), state_of(hass, DEPARTURE)) == shown


@pytest.mark.parametrize(
    ("told", "entity_id", "command"),
    [
        (AT_NIGHT, CHARGING, "set_scheduled_charging"),
        (IN_THE_MORNING, DEPARTURE, "set_scheduled_departure"),
    ],
)
async def test_it_is_turned_off(
    hass: HomeAssistant,
    tell: Tell,
    cloud: FakeCloud,
    told: dict[str, Any],
    entity_id: str,
    command: str,
) -> None:
    """Which shows at once."""
    await tell(told)

    await turn(hass, entity_id, on=False)

    ((sent, body),) = cloud.commands
    assert sent == command
    assert body["enable"] is False
    assert state_of(hass, entity_id) == STATE_OFF


@pytest.mark.parametrize(
    ("told", "entity_id", "command"),
    [
        (AT_NIGHT, CHARGING, ("set_scheduled_charging", {"enable": True, "time": 90})),
        (IN_THE_MORNING, DEPARTURE, ("set_scheduled_departure", LEAVING)),
    ],
)
@pytest.mark.parametrize("restart", [False, True])
async def test_it_is_turned_on_as_it_was(
    hass: HomeAssistant,
    tell: Tell,
    cloud: FakeCloud,
    told: dict[str, Any],
    entity_id: str,
    command: tuple[str, dict[str, Any]],
    *,
    restart: bool,
) -> None:
    """The car has forgotten when; also over a restart."""
    entry = await tell(told, NONE)
    if restart:
        assert await hass.config_entries.async_unload(entry.entry_id)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()

    await turn(hass, entity_id, on=True)

    assert cloud.commands == [command]
    assert state_of(hass, entity_id) == STATE_ON


async def test_other_one_is_off_then(hass: HomeAssistant, tell: Tell) -> None:
    """They take turns."""
    await tell(AT_NIGHT, IN_THE_MORNING)

    await turn(hass, CHARGING, on=True)

    assert (state_of(hass, CHARGING), state_of(hass, DEPARTURE)) == (STATE_ON, STATE_OFF)


async def test_time_that_the_car_tells_while_it_is_off_will_do(
    hass: HomeAssistant, tell: Tell, cloud: FakeCloud
) -> None:
    """Where it was never on since anybody looked."""
    await tell(NONE | {"charge_state__scheduled_departure_time_minutes": 480})

    await turn(hass, DEPARTURE, on=True)

    assert cloud.commands[0][1]["departure_time"] == 480


async def test_plan_without_a_time_is_not_sent(
    hass: HomeAssistant, tell: Tell, cloud: FakeCloud
) -> None:
    """The car would take midnight."""
    await tell(NONE)

    with pytest.raises(ServiceValidationError) as caught:
        await turn(hass, CHARGING, on=True)

    assert caught.value.translation_key == "scheduled_time_unknown"
    assert not cloud.commands


async def test_refusal_leaves_it_as_it_was(
    hass: HomeAssistant, tell: Tell, cloud: FakeCloud
) -> None:
    """And is an error."""
    await tell(AT_NIGHT)
    cloud.cars[MODEL_X].refusals["set_scheduled_charging"] = "not now"

    with pytest.raises(HomeAssistantError, match="not now"):
        await turn(hass, CHARGING, on=False)

    assert state_of(hass, CHARGING) == STATE_ON


async def test_car_that_gets_schedules_by_place_loses_them(
    hass: HomeAssistant, tell: Tell, cloud: FakeCloud, entity_registry: er.EntityRegistry
) -> None:
    """With the update of its software that brings them; the times, too. Nothing dead remains."""
    entry = await tell(AT_NIGHT)
    gone = (CHARGING, DEPARTURE, "time.falcon_scheduled_charging_time")
    assert all(entity_registry.async_get(entity_id) for entity_id in gone)
    cloud.cars[MODEL_X].changes = AT_NIGHT | {"charge_schedule_data__charge_schedules": []}
    for _ in range(2):
        await entry.runtime_data.cars[MODEL_X].async_refresh()
        await hass.async_block_till_done()

    for entity_id in gone:
        assert hass.states.get(entity_id) is None
        assert entity_registry.async_get(entity_id) is None
    assert state_of(hass, "calendar.falcon_charge_schedules") == STATE_OFF


async def test_car_with_schedules_by_place_never_has_them(hass: HomeAssistant, tell: Tell) -> None:
    """It has calendars."""
    await tell(AT_NIGHT | {"charge_schedule_data__charge_schedules": []})

    assert hass.states.get(CHARGING) is None
    assert hass.states.get(DEPARTURE) is None


async def test_simulated_old_car_pauses_its_plans(live: Live) -> None:
    """And takes each of them up again as it was."""
    car = live.world.cars[FALCON]
    car.wake_now()

    def plans() -> tuple[int | None, int | None]:
        charge = car.state.charge
        return charge.scheduled, charge.departure.get("departure_time")

    await live.look_at(FALCON)
    await live.hass.services.async_call(
        "time",
        "set_value",
        {ATTR_ENTITY_ID: live.entity_id("time", FALCON, "scheduled_charging"), "time": "02:00:00"},
        blocking=True,
    )
    await live.press(FALCON, "scheduled_charging", "turn_off")
    assert plans() == (None, None)
    await live.look_at(FALCON)
    assert live.state("switch", FALCON, "scheduled_charging").state == STATE_OFF

    await live.press(FALCON, "scheduled_charging", "turn_on")
    assert plans() == (120, None)

    await live.press(FALCON, "scheduled_departure", "turn_on")
    assert plans() == (None, 480)
    await live.look_at(FALCON)
    assert live.state("switch", FALCON, "scheduled_departure").state == STATE_ON
    await live.press(FALCON, "scheduled_departure", "turn_off")
    assert plans() == (None, None)


async def test_plan_that_is_on_in_the_car_meanwhile_is_not_replaced(
    hass: HomeAssistant, tell: Tell, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """By the one that was known last: the car is asked first."""
    await tell(AT_NIGHT, NONE)
    freezer.tick(timedelta(minutes=5))
    cloud.cars[MODEL_X].changes = AT_NIGHT | {
        "charge_state__scheduled_charging_start_time_minutes": 120
    }

    await turn(hass, CHARGING, on=True)

    assert cloud.commands == [("set_scheduled_charging", {"enable": True, "time": 120})]
