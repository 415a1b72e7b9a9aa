"""When a car without schedules by place charges and leaves."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.exceptions import HomeAssistantError
import pytest

from simulator.cloud.faults import FaultKind, FaultRule
from simulator.garage import FALCON, YUKI

from .cloud import MODEL_X, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from homeassistant.core import HomeAssistant

    from .live import Live
    from .running import Start

    type Refresh = Callable[..., Awaitable[None]]

CHARGING: Final = "time.falcon_scheduled_charging_time"
DEPARTURE: Final = "time.falcon_scheduled_departure_time"
OFF_PEAK: Final = "time.falcon_end_of_off_peak_charging"
PLAN: Final[dict[str, Any]] = {
    "charge_state__scheduled_charging_start_time_minutes": 90,
    "charge_state__scheduled_departure_time_minutes": 375,
    "charge_state__off_peak_hours_end_time": 360,
    "charge_state__preconditioning_enabled": True,
    "charge_state__preconditioning_times": "weekdays",
    "charge_state__off_peak_charging_enabled": True,
    "charge_state__off_peak_charging_times": "all_week",
}
SENT: Final[dict[str, Any]] = {
    "enable": True,
    "departure_time": 375,
    "end_off_peak_time": 360,
    "preconditioning_enabled": True,
    "preconditioning_weekdays_only": True,
    "off_peak_charging_enabled": True,
    "off_peak_charging_weekdays_only": False,
}


@pytest.fixture
def refresh(hass: HomeAssistant, start: Start, cloud: FakeCloud) -> Refresh:
    """Let the Model X tell something."""

    async def tell(**changes: Any) -> None:
        cloud.cars[MODEL_X].changes = changes
        entry = await start()
        for car in entry.runtime_data.cars.values():
            await car.async_refresh()
        await hass.async_block_till_done()

    return tell


async def set_time(hass: HomeAssistant, entity_id: str, time: str) -> None:
    """Choose a time."""
    await hass.services.async_call(
        "time", "set_value", {ATTR_ENTITY_ID: entity_id, "time": time}, blocking=True
    )


async def test_times_are_shown(hass: HomeAssistant, refresh: Refresh) -> None:
    """Tesla counts minutes."""
    await refresh(**PLAN)

    assert [state_of(hass, entity) for entity in (CHARGING, DEPARTURE, OFF_PEAK)] == [
        "01:30:00",
        "06:15:00",
        "06:00:00",
    ]


@pytest.mark.parametrize(
    ("minutes", "shown"), [(0, "00:00:00"), (1440, "00:00:00"), (None, "unknown")]
)
async def test_ends_of_the_day(
    hass: HomeAssistant, refresh: Refresh, minutes: int | None, shown: str
) -> None:
    """Midnight has two names."""
    await refresh(charge_state__scheduled_charging_start_time_minutes=minutes)

    assert state_of(hass, CHARGING) == shown


@pytest.mark.parametrize(
    ("entity", "command", "body"),
    [
        (CHARGING, "set_scheduled_charging", {"enable": True, "time": 435}),
        (DEPARTURE, "set_scheduled_departure", SENT | {"departure_time": 435}),
        (OFF_PEAK, "set_scheduled_departure", SENT | {"end_off_peak_time": 435}),
    ],
)
async def test_setting_a_time_keeps_the_rest_of_the_plan(
    hass: HomeAssistant,
    refresh: Refresh,
    cloud: FakeCloud,
    entity: str,
    command: str,
    body: dict[str, Any],
) -> None:
    """The command replaces all of it; the new time shows at once."""
    await refresh(**PLAN)

    await set_time(hass, entity, "07:15:00")

    assert cloud.commands == [(command, body)]
    assert state_of(hass, entity) == "07:15:00"


async def test_setting_a_time_of_an_unknown_plan(
    hass: HomeAssistant, refresh: Refresh, cloud: FakeCloud
) -> None:
    """What the car never told stays out."""
    await refresh(charge_state__scheduled_departure_time_minutes=375)

    await set_time(hass, DEPARTURE, "07:15:00")

    ((_, body),) = cloud.commands
    assert body["departure_time"] == 435
    assert "end_off_peak_time" not in body
    assert not body["preconditioning_weekdays_only"]


async def test_car_with_schedules_has_no_times(hass: HomeAssistant, refresh: Refresh) -> None:
    """It has calendars."""
    await refresh(**PLAN, charge_schedule_data__charge_schedules=[])

    assert not hass.states.async_entity_ids("time")


async def test_simulated_old_car_keeps_its_times(live: Live) -> None:
    """And one with schedules has none to keep."""
    for vin in (FALCON, YUKI):
        live.world.cars[vin].wake_now()
        await live.look_at(vin)
    charge = live.world.cars[FALCON].state.charge

    await set_time(live.hass, live.entity_id("time", FALCON, "scheduled_charging"), "02:00:00")
    assert charge.scheduled == 120
    await set_time(live.hass, live.entity_id("time", FALCON, "scheduled_departure"), "07:30:00")

    assert charge.departure["departure_time"] == 450
    assert live.world.cars[FALCON].state.charge.scheduled is None  # the one or the other
    assert all("falcon" in entity for entity in live.hass.states.async_entity_ids("time"))
    await live.look_at(FALCON)
    assert live.state("time", FALCON, "scheduled_departure").state == "07:30:00"


async def change_in_the_app(live: Live) -> None:
    """Somebody changes another part of the plan, and nobody here has been told for a while."""
    live.world.cars[FALCON].wake_now()
    await live.look_at(FALCON)
    await live.pass_time(timedelta(minutes=5))
    live.world.cars[FALCON].state.charge.departure["end_off_peak_time"] = 300


async def test_what_was_changed_in_the_app_meanwhile_is_kept(live: Live) -> None:
    """The car is asked first: the command replaces all of the plan."""
    await change_in_the_app(live)

    await set_time(live.hass, live.entity_id("time", FALCON, "scheduled_departure"), "07:15:00")

    departure = live.world.cars[FALCON].state.charge.departure
    assert departure["departure_time"] == 435
    assert departure["end_off_peak_time"] == 300


async def test_plan_that_is_not_told_is_not_replaced(live: Live) -> None:
    """Nothing is sent."""
    await change_in_the_app(live)
    before = dict(live.world.cars[FALCON].state.charge.departure)
    live.world.faults.add(
        FaultRule(kind=FaultKind.STATUS, status=503, endpoint="vehicle_data", count=None)
    )

    with pytest.raises(HomeAssistantError) as caught:
        await set_time(live.hass, live.entity_id("time", FALCON, "scheduled_departure"), "07:15:00")

    assert caught.value.translation_key == "schedules_not_fresh"
    assert live.world.cars[FALCON].state.charge.departure == before


async def test_time_that_is_all_of_its_plan_needs_no_question(live: Live) -> None:
    """There is nothing else to keep."""
    await change_in_the_app(live)
    live.world.ledger.clear()

    await set_time(live.hass, live.entity_id("time", FALCON, "scheduled_charging"), "02:00:00")

    assert [entry.endpoint for entry in live.asked(FALCON)] == ["command/set_scheduled_charging"]
