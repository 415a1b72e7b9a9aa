"""A car's schedules as calendars."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.calendar import DATA_COMPONENT, CalendarEntity
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.teslalogger.schedules.calendar import CarCalendar
from custom_components.teslalogger.tesla import RateLimited, Scope
from custom_components.teslalogger.vehicle.schedules import from_text
from simulator.garage import FALCON, YUKI

from .cloud import MODEL_X, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

    from .live import Live
    from .running import Start

    type Begin = Callable[..., Awaitable[CalendarEntity]]

CHARGING: Final = "calendar.falcon_charge_schedules"
WARMING: Final = "calendar.falcon_precondition_schedules"
BERLIN: Final = "Europe/Berlin"
HOUR: Final = timedelta(hours=1)
# Sunday, 1 November 2026, 13:00 in Berlin.
SUNDAY, MONDAY, FRIDAY = 1, 2, 32


def schedule(hass: HomeAssistant, number: int = 17, **facts: Any) -> dict[str, Any]:
    """One at home, every day from 23:00 to 6:00, as Tesla tells it."""
    return {
        "id": number,
        "name": "",
        "days_of_week": 127,
        "enabled": True,
        "one_time": False,
        "latitude": hass.config.latitude,
        "longitude": hass.config.longitude,
        "start_enabled": True,
        "start_time": 1380,
        "end_enabled": True,
        "end_time": 360,
        "precondition_time": 450,
    } | facts


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of this November in Berlin."""
    return datetime(2026, 11, day, hour, minute, tzinfo=dt_util.get_default_time_zone())


@pytest.fixture
async def begin(hass: HomeAssistant, start: Start, cloud: FakeCloud) -> Begin:
    """Let the Model X have schedules; the calendar of one kind."""
    await hass.config.async_set_time_zone(BERLIN)

    async def tell(*schedules: dict[str, Any], kind: str = CHARGING) -> CalendarEntity:
        listed = list(schedules)
        cloud.cars[MODEL_X].changes = {
            "charge_schedule_data__charge_schedules": listed,
            "preconditioning_schedule_data__precondition_schedules": listed,
        }
        entry = await start()
        await entry.runtime_data.cars[MODEL_X].async_refresh()
        await hass.async_block_till_done()
        calendar = hass.data[DATA_COMPONENT].get_entity(kind)
        assert calendar is not None
        return calendar

    return tell


async def events(
    hass: HomeAssistant, calendar: CalendarEntity, days: int = 2
) -> list[tuple[datetime, datetime]]:
    """What is on from midnight of this Sunday."""
    found = await calendar.async_get_events(hass, at(1, 0), at(1, 0) + timedelta(days=days))
    return [(event.start_datetime_local, event.end_datetime_local) for event in found]


async def test_schedules_are_events(hass: HomeAssistant, begin: Begin) -> None:
    """Both ends, one end, and what has no end at all."""
    calendar = await begin(
        schedule(hass), schedule(hass, 18, start_enabled=False, days_of_week=SUNDAY)
    )

    assert await events(hass, calendar) == [
        (at(1, 0) - HOUR, at(1, 6)),
        (at(1, 5, 59), at(1, 6)),
        (at(1, 23), at(2, 6)),
        (at(2, 23), at(3, 6)),
    ]
    warming = hass.data[DATA_COMPONENT].get_entity(WARMING)
    assert warming is not None
    assert await events(hass, warming, days=1) == [
        (at(1, 7, 30), at(1, 7, 31)),
        (at(1, 7, 30), at(1, 7, 31)),
    ]


async def test_calendar_shows_what_comes_next(hass: HomeAssistant, begin: Begin) -> None:
    """It is on while the event lasts."""
    await begin(
        schedule(hass), schedule(hass, 18, start_time=12 * 60, end_time=14 * 60, name="Sun")
    )

    state = hass.states.get(CHARGING)
    assert state is not None
    assert state.state == "on"
    assert state.attributes["message"] == "Sun"
    assert state.attributes["start_time"] == "2026-11-01 12:00:00"
    assert state.attributes["location"] == ""
    later = hass.states.get(WARMING)
    assert later is not None
    assert (later.state, later.attributes["message"]) == ("off", "Precondition schedules")


async def test_empty_calendar_is_off(hass: HomeAssistant, begin: Begin) -> None:
    """A car that has no schedules now can get some."""
    await begin()

    assert (state_of(hass, CHARGING), state_of(hass, WARMING)) == ("off", "off")


@pytest.mark.usefixtures("loaded")
async def test_old_car_has_no_calendar(hass: HomeAssistant) -> None:
    """It tells of no schedules."""
    assert [
        entity for entity in hass.states.async_entity_ids("calendar") if "falcon" in entity
    ] == []


async def test_places_have_names(hass: HomeAssistant, begin: Begin) -> None:
    """Home goes without saying, zones by name, others by coordinates."""
    hass.states.async_set(
        "zone.work", "0", {"latitude": 48.1, "longitude": 11.5, "friendly_name": "Work"}
    )
    calendar = await begin(
        schedule(hass, 1),
        schedule(hass, 2, latitude=48.1, longitude=11.5),
        schedule(hass, 3, latitude=-48.123456, longitude=11.5),
    )

    found = await calendar.async_get_events(hass, at(1, 12), at(2, 0))

    assert {event.uid: event.location for event in found} == {
        "1": None,
        "2": "Work",
        "3": "-48.12346, 11.50000",
    }


async def test_rhythms_have_rules(hass: HomeAssistant, begin: Begin) -> None:
    """A single event has none, and none to choose from."""
    calendar = await begin(
        schedule(hass, 1), schedule(hass, 2, days_of_week=65), schedule(hass, 3, one_time=True)
    )

    found = await calendar.async_get_events(hass, at(1, 12), at(2, 0))

    assert {event.uid: event.rrule for event in found} == {
        "1": "FREQ=DAILY",
        "2": "FREQ=WEEKLY;BYDAY=SU,SA",
        "3": None,
    }
    assert [event.uid for event in found if event.recurrence_id is None] == ["3"]


async def test_event_makes_a_schedule(hass: HomeAssistant, begin: Begin, cloud: FakeCloud) -> None:
    """At home, for one time, and it shows at once."""
    calendar = await begin()

    await hass.services.async_call(
        "calendar",
        "create_event",
        {
            ATTR_ENTITY_ID: CHARGING,
            "summary": "Cheap hours",
            "start_date_time": at(2, 1),
            "end_date_time": at(2, 5),
        },
        blocking=True,
    )

    ((command, body),) = cloud.commands
    assert command == "add_charge_schedule"
    assert (
        body.items()
        >= {
            "lat": hass.config.latitude,
            "lon": hass.config.longitude,
            "days_of_week": "Monday",
            "start_enabled": True,
            "start_time": 60,
            "end_enabled": True,
            "end_time": 300,
            "one_time": True,
            "enabled": True,
        }.items()
    )
    assert await events(hass, calendar) == [(at(2, 1), at(2, 5))]


async def test_series_makes_a_schedule_of_its_days(
    hass: HomeAssistant, begin: Begin, cloud: FakeCloud
) -> None:
    """At the place that it names, and precondition schedules have no end."""
    calendar = await begin(kind=WARMING)

    await calendar.async_create_event(
        dtstart=at(2, 7, 30),
        dtend=at(2, 8, 30),
        summary="Work",
        rrule="FREQ=WEEKLY;BYDAY=MO,FR",
        location="48.1, 11.5",
    )

    ((command, body),) = cloud.commands
    assert command == "add_precondition_schedule"
    assert (
        body.items()
        >= {
            "lat": 48.1,
            "lon": 11.5,
            "days_of_week": "Monday,Friday",
            "precondition_time": 450,
            "one_time": False,
        }.items()
    )
    assert await events(hass, calendar, days=7) == [
        (at(2, 7, 30), at(2, 7, 31)),
        (at(6, 7, 30), at(6, 7, 31)),
    ]


async def test_event_changes_its_schedule(
    hass: HomeAssistant, begin: Begin, cloud: FakeCloud
) -> None:
    """Which keeps its number, and its place if nothing is said of it."""
    calendar = await begin(
        schedule(hass, 17, latitude=48.1, longitude=11.5), schedule(hass, 18, days_of_week=FRIDAY)
    )

    await calendar.async_update_event(
        "17",
        {"dtstart": at(1, 22), "dtend": at(2, 4), "summary": "x", "rrule": "FREQ=DAILY"},
        recurrence_id=at(1, 23).isoformat(),
        recurrence_range="THISANDFUTURE",
    )

    ((command, body),) = cloud.commands
    assert (command, body["id"], body["start_time"], body["end_time"]) == (
        "add_charge_schedule",
        17,
        1320,
        240,
    )
    assert (body["lat"], body["lon"], body["days_of_week"]) == (48.1, 11.5, "All")
    assert isinstance(calendar, CarCalendar)
    told = from_text(calendar.coordinator.value("charge_schedules"))
    assert [(one.id, one.start) for one in told] == [(17, 1320), (18, 1380)]


async def test_schedule_is_changed_as_the_car_has_it_now(
    hass: HomeAssistant, begin: Begin, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """Somebody switched it off in Tesla's app and took it elsewhere: both stays so."""
    calendar = await begin(schedule(hass))
    cloud.cars[MODEL_X].changes["charge_schedule_data__charge_schedules"] = [
        schedule(hass, latitude=48.1, longitude=11.5, enabled=False)
    ]
    freezer.tick(timedelta(seconds=61))

    await calendar.async_update_event("17", {"dtstart": at(2, 1), "dtend": at(2, 2)})

    ((_, body),) = cloud.commands
    assert (body["lat"], body["lon"], body["enabled"]) == (48.1, 11.5, False)


async def test_new_schedule_shows_beside_those_that_the_car_has_now(
    hass: HomeAssistant, begin: Begin, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """Not beside an old copy, which would pass for what the car told."""
    calendar = await begin(schedule(hass))
    cloud.cars[MODEL_X].changes["charge_schedule_data__charge_schedules"] = []
    freezer.tick(timedelta(seconds=61))

    await calendar.async_create_event(dtstart=at(2, 1), dtend=at(2, 5), summary="x")

    assert await events(hass, calendar) == [(at(2, 1), at(2, 5))]


@pytest.mark.parametrize("change", ["create", "delete"])
async def test_schedule_is_made_and_deleted_though_the_car_does_not_tell_the_others(
    hass: HomeAssistant,
    begin: Begin,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
    change: str,
) -> None:
    """Neither needs them; what has become of them, the next answer shows."""
    calendar = await begin(schedule(hass))
    before = await events(hass, calendar)
    freezer.tick(timedelta(seconds=61))
    cloud.failures["vehicle_data"] = RateLimited(status=429)

    if change == "create":
        await calendar.async_create_event(dtstart=at(2, 1), dtend=at(2, 5), summary="x")
    else:
        await calendar.async_delete_event("17")

    assert len(cloud.commands) == 1
    assert await events(hass, calendar) == before


async def test_schedule_is_not_changed_if_the_car_does_not_tell_it(
    hass: HomeAssistant, begin: Begin, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """An old copy would undo what was changed since."""
    calendar = await begin(schedule(hass))
    freezer.tick(timedelta(seconds=61))
    cloud.failures["vehicle_data"] = RateLimited(status=429)

    with pytest.raises(HomeAssistantError) as caught:
        await calendar.async_update_event("17", {"dtstart": at(2, 1), "dtend": at(2, 2)})

    assert caught.value.translation_key == "schedules_not_fresh"
    assert cloud.commands == []


async def test_event_of_a_minute_stays_an_end(
    hass: HomeAssistant, begin: Begin, cloud: FakeCloud
) -> None:
    """The place that it shows is its own."""
    calendar = await begin(
        schedule(hass, start_enabled=False, latitude=48.12345678, longitude=11.5)
    )

    await calendar.async_update_event(
        "17",
        {
            "dtstart": at(2, 6, 29),
            "dtend": at(2, 6, 30),
            "summary": "x",
            "location": "48.12346, 11.50000",
        },
    )

    ((_, body),) = cloud.commands
    assert (body["start_enabled"], body["end_enabled"], body["end_time"]) == (False, True, 390)
    assert body["lat"] == 48.12345678
    assert "start_time" not in body


async def test_event_takes_its_schedule_with_it(
    hass: HomeAssistant, begin: Begin, cloud: FakeCloud
) -> None:
    """At once, and only its own."""
    calendar = await begin(schedule(hass), schedule(hass, 18, days_of_week=MONDAY))

    await calendar.async_delete_event("17")

    assert cloud.commands == [("remove_charge_schedule", {"id": 17})]
    assert await events(hass, calendar) == [(at(2, 23), at(3, 6))]


@pytest.mark.parametrize(
    ("event", "key"),
    [
        ({"rrule": "FREQ=MONTHLY"}, "schedule_only_weekly"),
        ({"rrule": "FREQ=WEEKLY;COUNT=3"}, "schedule_only_weekly"),
        ({"dtstart": at(2, 1).date(), "dtend": at(3, 1).date()}, "schedule_times_needed"),
        ({"dtend": at(4, 1)}, "schedule_too_long"),
        ({"dtstart": at(10, 1), "dtend": at(10, 2)}, "schedule_not_this_week"),
        ({"dtstart": at(1, 1), "dtend": at(1, 2)}, "schedule_not_this_week"),
        ({"location": "Atlantis"}, "schedule_place_unknown"),
    ],
)
async def test_what_no_schedule_can_be_is_refused(
    begin: Begin, cloud: FakeCloud, event: dict[str, Any], key: str
) -> None:
    """With what to do instead, before anything is sent."""
    calendar = await begin()

    with pytest.raises(ServiceValidationError) as caught:
        await calendar.async_create_event(
            **{"dtstart": at(2, 1), "dtend": at(2, 2), "summary": "x"} | event
        )

    assert caught.value.translation_key == key
    assert cloud.commands == []


@pytest.mark.parametrize(
    ("uid", "recurrence", "key"),
    [("17", "2026-11-01T23:00", "schedule_only_series"), ("99", None, "schedule_gone")],
)
async def test_only_a_whole_schedule_that_is_there_can_be_changed(
    hass: HomeAssistant,
    begin: Begin,
    cloud: FakeCloud,
    uid: str,
    recurrence: str | None,
    key: str,
) -> None:
    """Not one time of many, and none that is gone."""
    calendar = await begin(schedule(hass))
    event = {"dtstart": at(2, 1), "dtend": at(2, 2), "summary": "x"}

    with pytest.raises(ServiceValidationError) as changed:
        await calendar.async_update_event(uid, event, recurrence_id=recurrence)
    with pytest.raises(ServiceValidationError) as deleted:
        await calendar.async_delete_event(uid, recurrence_id=recurrence)

    assert changed.value.translation_key == deleted.value.translation_key == key
    assert cloud.commands == []


@pytest.mark.parametrize("scopes", [(Scope.VEHICLE_DEVICE_DATA,)])
async def test_without_commands_it_is_only_to_be_read(hass: HomeAssistant, begin: Begin) -> None:
    """Nothing offers to change it."""
    calendar = await begin(schedule(hass))

    assert calendar.supported_features == 0
    assert await events(hass, calendar)


@pytest.mark.parametrize("vin", [FALCON, YUKI])
@pytest.mark.parametrize(
    ("key", "kept", "time"),
    [
        ("charge_schedules", "schedules", "start_time"),
        ("precondition_schedules", "precondition_schedules", "precondition_time"),
    ],
)
async def test_simulated_car_keeps_schedules(
    live: Live, vin: str, key: str, kept: str, time: str
) -> None:
    """By either way: made, told, changed and deleted."""
    car = live.world.cars[vin]
    car.model = replace(car.model, has_schedules=True)
    car.wake_now()
    await live.look_at(vin)
    schedules = getattr(car.state.charge, kept)
    calendar = live.hass.data[DATA_COMPONENT].get_entity(live.entity_id("calendar", vin, key))
    assert calendar is not None
    tomorrow = dt_util.start_of_local_day() + timedelta(days=1)
    event = {"dtstart": tomorrow + HOUR, "dtend": tomorrow + 5 * HOUR, "summary": "x"}

    await calendar.async_create_event(**event, rrule="FREQ=DAILY")
    ((number, made),) = schedules.items()
    assert (made[time], made["days_of_week"], made["one_time"]) == (
        60,
        ("SUN", "MON", "TUES", "WED", "THURS", "FRI", "SAT"),
        False,
    )
    assert made["latitude"] == pytest.approx(live.hass.config.latitude, abs=0.001)

    await live.look_at(vin)
    assert calendar.event is not None
    assert calendar.event.uid == str(number)
    assert calendar.event.location is None
    later = event | {"dtstart": tomorrow + 2 * HOUR}
    await calendar.async_update_event(str(number), later)
    assert [(id_, one[time], one["one_time"]) for id_, one in schedules.items()] == [
        (number, 120, True)
    ]

    await calendar.async_delete_event(str(number))
    assert schedules == {}
    await live.look_at(vin)
    assert calendar.event is None


async def test_simulated_old_car_has_none(live: Live) -> None:
    """It leaves them out, and so do we."""
    live.world.cars[FALCON].wake_now()
    await live.look_at(FALCON)

    assert "calendar.falcon_charge_schedules" not in live.hass.states.async_entity_ids("calendar")
