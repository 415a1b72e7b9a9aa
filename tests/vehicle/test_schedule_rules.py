"""What a calendar can ask for and a Tesla schedule can be."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from custom_components.teslalogger.vehicle.schedule_rules import (
    NotThisWeek,
    OnlyWeekly,
    PlaceUnknown,
    ScheduleNotPossible,
    TimesNeeded,
    TooLong,
    place_from,
    planned,
    repetition,
    rule_of,
)
from custom_components.teslalogger.vehicle.schedules import Place, Schedule

NOW: Final = datetime(2026, 11, 4, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
HOME: Final = Place(latitude=52.5, longitude=13.25)
WORK: Final = Place(latitude=52.6, longitude=13.5)
HOUR: Final = timedelta(hours=1)
WEDNESDAY: Final = 8


def plan(begin: datetime | date, end: datetime | date, **facts: Any) -> Schedule:
    """What an event of these times becomes."""
    options: dict[str, Any] = {"rule": None, "place": HOME, "now": NOW, "has_end": True} | facts
    return planned(7, begin, end, **options)


def was(start: int | None = None, end: int | None = None) -> Schedule:
    """The schedule before."""
    return Schedule(id=7, days=1, latitude=1.0, longitude=2.0, start=start, end=end, name="Home")


@pytest.mark.parametrize(
    ("rule", "days", "one_time"),
    [
        (None, WEDNESDAY, True),
        ("", WEDNESDAY, True),
        ("FREQ=DAILY;COUNT=1", WEDNESDAY, True),
        ("FREQ=DAILY", 127, False),
        ("FREQ=DAILY;INTERVAL=1", 127, False),
        ("FREQ=WEEKLY", WEDNESDAY, False),
        ("FREQ=WEEKLY;BYDAY=SU", 1, False),
        ("FREQ=WEEKLY;WKST=MO;BYDAY=MO,TU,WE,TH,FR", 62, False),
        ("freq=weekly;byday=sa,sa", 64, False),
        ("FREQ=DAILY;BYDAY=SA,SU", 65, False),
    ],
)
def test_weekly_rhythms_become_days(*, rule: str | None, days: int, one_time: bool) -> None:
    """What does not repeat is for a single time."""
    assert repetition(rule, NOW.date()) == (days, one_time)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY",
        "FREQ=YEARLY;BYDAY=MO",
        "FREQ=WEEKLY;INTERVAL=2",
        "FREQ=WEEKLY;COUNT=10",
        "FREQ=WEEKLY;UNTIL=20270101T000000",
        "FREQ=DAILY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYMONTH=1",
        "BYDAY=MO",
        "nonsense",
    ],
)
def test_other_rhythms_are_refused(rule: str) -> None:
    """A car repeats every week and for ever."""
    with pytest.raises(OnlyWeekly):
        repetition(rule, NOW.date())


@pytest.mark.parametrize("days", [1, 2, 62, 65, 127])
def test_a_rule_leads_back_to_its_days(days: int) -> None:
    """In both directions."""
    schedule = Schedule(id=1, days=days, latitude=0.0, longitude=0.0, start=0)
    rule = rule_of(schedule)

    assert rule is not None
    assert repetition(rule, NOW.date()) == (days, False)


def test_a_single_time_has_no_rule() -> None:
    """It does not repeat."""
    single = Schedule(id=1, days=1, latitude=0.0, longitude=0.0, start=0, one_time=True)

    assert rule_of(single) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (None, HOME),
        ("  ", HOME),
        ("work", WORK),
        (" Work ", WORK),
        ("52.6, 13.5", WORK),
        ("52.6;13.5", WORK),
        ("-33.9,-70", Place(latitude=-33.9, longitude=-70.0)),
    ],
)
def test_a_place_is_coordinates_a_name_or_home(text: str | None, place: Place) -> None:
    """Home if nothing is said."""
    assert place_from(text, HOME, {"Work": WORK}) == place


@pytest.mark.parametrize("text", ["the moon", "91, 13", "52, 181", "52", "52,13,7"])
def test_other_places_are_refused(text: str) -> None:
    """Nobody looks addresses up."""
    with pytest.raises(PlaceUnknown):
        place_from(text, HOME, {"Work": WORK})


def test_an_event_becomes_a_schedule() -> None:
    """With both ends, for a single time."""
    schedule = plan(NOW + HOUR, NOW + 3 * HOUR)

    assert schedule == Schedule(
        id=7, days=WEDNESDAY, latitude=52.5, longitude=13.25, start=780, end=900, one_time=True
    )


def test_a_series_becomes_a_schedule_of_its_days() -> None:
    """The night belongs to the day on which it begins."""
    schedule = plan(
        NOW.replace(hour=23), NOW.replace(hour=23) + 7 * HOUR, rule="FREQ=WEEKLY", place=WORK
    )

    assert (schedule.days, schedule.one_time) == (WEDNESDAY, False)
    assert (schedule.start, schedule.end) == (1380, 360)
    assert schedule.place == WORK


@pytest.mark.parametrize(
    ("before", "start", "end"),
    [(None, 780, None), (was(start=1), 780, None), (was(end=1), None, 781)],
)
def test_an_event_of_a_minute_has_one_end(
    before: Schedule | None, start: int | None, end: int | None
) -> None:
    """The one that its schedule had, else a start."""
    schedule = plan(NOW + HOUR, NOW + HOUR + timedelta(minutes=1), was=before)

    assert (schedule.start, schedule.end) == (start, end)
    assert schedule.name == (before.name if before else "")


def test_an_end_at_midnight_is_on_the_day_that_begins() -> None:
    """Though its event is on the day before."""
    midnight = NOW.replace(hour=0) + timedelta(days=1)

    schedule = plan(midnight - timedelta(minutes=1), midnight, was=was(end=0))

    assert (schedule.days, schedule.start, schedule.end) == (16, None, 0)


def test_some_schedules_have_no_end() -> None:
    """However long their event is."""
    schedule = plan(NOW + HOUR, NOW + 3 * HOUR, has_end=False, was=was(end=1))

    assert (schedule.start, schedule.end) == (780, None)


@pytest.mark.parametrize(
    ("begin", "end", "rule", "error"),
    [
        (NOW.date(), NOW.date(), None, TimesNeeded),
        (NOW, NOW + timedelta(days=1, minutes=1), None, TooLong),
        (NOW + timedelta(days=8), NOW + timedelta(days=8, hours=1), None, NotThisWeek),
        (NOW + timedelta(days=8), NOW + timedelta(days=8, hours=1), "FREQ=DAILY", NotThisWeek),
        (NOW - 2 * HOUR, NOW - HOUR, None, NotThisWeek),
        (NOW, NOW + HOUR, "FREQ=MONTHLY", OnlyWeekly),
    ],
)
def test_what_a_car_cannot_do_is_refused(
    begin: date, end: date, rule: str | None, error: type[ScheduleNotPossible]
) -> None:
    """Each with its own words."""
    with pytest.raises(error):
        plan(begin, end, rule=rule)


def test_a_series_may_have_begun_already() -> None:
    """As it has when one of its past times is changed."""
    past = NOW - timedelta(days=14)

    assert plan(past, past + HOUR, rule="FREQ=WEEKLY").days == WEDNESDAY
