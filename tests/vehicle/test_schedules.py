"""Schedules: what a car tells of them, and when they come round."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.vehicle import INVALID, SIGNALS, readings_from
from custom_components.teslalogger.vehicle.schedules import (
    ALL_DAYS,
    MOMENT,
    Place,
    Schedule,
    charge_schedule,
    day_bit,
    from_text,
    next_occurrence,
    occurrences,
    precondition_schedule,
    to_text,
)

BERLIN: Final = ZoneInfo("Europe/Berlin")
# A Wednesday.
NOW: Final = datetime(2026, 11, 4, 12, 0, tzinfo=BERLIN)
MIDNIGHT: Final = NOW.replace(hour=0)
WEDNESDAY: Final = 8
TOLD: Final[dict[str, Any]] = {
    "id": 1_700_000_000,
    "name": "Home",
    "days_of_week": 62,
    "enabled": True,
    "one_time": False,
    "latitude": 52.5,
    "longitude": 13.25,
    "start_enabled": True,
    "start_time": 60,
    "end_enabled": True,
    "end_time": 360,
}
SCHEDULES: Final = st.builds(
    Schedule,
    id=st.integers(1, 2**64 - 1),
    days=st.integers(0, ALL_DAYS),
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    start=st.none() | st.integers(0, 1440),
    end=st.none() | st.integers(0, 1440),
    one_time=st.booleans(),
    enabled=st.booleans(),
    name=st.text(),
)


def schedule(**facts: Any) -> Schedule:
    """A schedule in Berlin for every day."""
    return Schedule(**{"id": 1, "days": ALL_DAYS, "latitude": 52.5, "longitude": 13.25} | facts)


def times(of: Schedule, days: int = 7, begin: datetime = MIDNIGHT) -> list[tuple[str, str]]:
    """When it begins and ends, as day and time."""
    found = occurrences(of, begin, begin + timedelta(days=days), now=NOW)
    return [(f"{one.begin:%d %H:%M}", f"{one.end:%d %H:%M}") for one in found]


def test_a_charge_schedule_is_read() -> None:
    """With the ends that are switched on."""
    read = charge_schedule(TOLD)

    assert read == Schedule(
        id=1_700_000_000,
        days=62,
        latitude=52.5,
        longitude=13.25,
        start=60,
        end=360,
        name="Home",
        enabled=True,
    )
    only_end = charge_schedule(TOLD | {"start_enabled": False})
    assert only_end is not None
    assert (only_end.start, only_end.end) == (None, 360)


def test_a_precondition_schedule_is_read() -> None:
    """It has one time."""
    read = precondition_schedule(TOLD | {"precondition_time": 480, "one_time": True})

    assert read is not None
    assert (read.start, read.end, read.one_time) == (480, None, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": None},
        {"id": 0},
        {"id": True},
        {"days_of_week": 128},
        {"days_of_week": "All"},
        {"latitude": 90.5},
        {"longitude": float("nan")},
        {"longitude": "13"},
    ],
)
def test_what_cannot_be_a_schedule_is_none(wrong: dict[str, Any]) -> None:
    """One without a number, days or a place is of no use."""
    assert charge_schedule(TOLD | wrong) is None
    assert precondition_schedule(TOLD | wrong) is None


@pytest.mark.parametrize("read", [charge_schedule, precondition_schedule])
@pytest.mark.parametrize("entry", [None, 1, "x", [], {}])
def test_what_is_no_object_is_no_schedule(read: Any, entry: object) -> None:
    """Whatever it is."""
    assert read(entry) is None


@given(st.lists(SCHEDULES, max_size=4))
def test_schedules_survive_as_text(schedules: list[Schedule]) -> None:
    """In the order of their numbers."""
    assert from_text(to_text(schedules)) == tuple(sorted(schedules, key=lambda one: one.id))


@pytest.mark.parametrize("text", [None, 1, True, "", "{", "[1]", '[{"id":1}]', '[{"x":1}]'])
def test_other_texts_hold_no_schedules(text: object) -> None:
    """A damaged store costs no more than its schedules."""
    assert from_text(text) == ()


@pytest.mark.parametrize(
    ("signal", "part", "name", "extra"),
    [
        ("charge_schedules", "charge_schedule_data", "charge_schedules", {}),
        (
            "precondition_schedules",
            "preconditioning_schedule_data",
            "precondition_schedules",
            {"precondition_time": 60},
        ),
    ],
)
def test_the_signal_holds_all_of_a_kind(
    signal: str, part: str, name: str, extra: dict[str, Any]
) -> None:
    """What cannot be read is left out, no list is an empty one, and no part is nothing at all."""

    def value(data: dict[str, Any]) -> object:
        reading = readings_from(data, 1.0).get(signal)
        return reading and reading.value

    entries = [TOLD | extra, None, TOLD | extra | {"id": 5}]
    assert [one.id for one in from_text(value({part: {name: entries}}))] == [5, 1_700_000_000]
    assert value({part: {}}) == "[]"
    assert value({part: {name: None}}) == "[]"
    assert value({}) is None
    assert SIGNALS[signal].convert("x") is INVALID


@pytest.mark.parametrize(
    ("day", "bit"),
    [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 64)],
)
def test_the_week_begins_on_sunday(day: int, bit: int) -> None:
    """1 November 2026 is one."""
    assert day_bit(datetime(2026, 11, day, tzinfo=BERLIN)) == bit


def test_both_ends_make_a_period() -> None:
    """On each of its days."""
    assert times(schedule(days=WEDNESDAY | 1, start=60, end=360)) == [
        ("04 01:00", "04 06:00"),
        ("08 01:00", "08 06:00"),
    ]


def test_an_end_before_the_start_is_on_the_next_day() -> None:
    """And what began the day before is part of the period that it reaches into."""
    over_night = schedule(start=23 * 60, end=6 * 60)

    assert times(over_night, days=1) == [("03 23:00", "04 06:00"), ("04 23:00", "05 06:00")]
    assert times(schedule(start=60, end=60), days=1)[-1] == ("04 01:00", "05 01:00")


def test_one_end_alone_is_a_moment() -> None:
    """It begins at a start, it ends at an end."""
    assert times(schedule(start=60), days=1) == [("04 01:00", "04 01:01")]
    assert times(schedule(end=60), days=1) == [("04 00:59", "04 01:00")]
    assert times(schedule(end=0), days=1) == [("04 23:59", "05 00:00")]
    late = MIDNIGHT.replace(hour=23, minute=30)
    until = late + timedelta(minutes=29, seconds=30)
    assert len(list(occurrences(schedule(end=0), late, until, now=NOW))) == 1


@pytest.mark.parametrize("never", [{}, {"start": 60, "enabled": False}, {"start": 60, "days": 0}])
def test_some_schedules_never_come_round(never: dict[str, Any]) -> None:
    """Without times, switched off, without days."""
    assert times(schedule(**never)) == []
    assert next_occurrence([schedule(**never)], NOW) is None


def test_a_schedule_for_one_time_comes_round_once() -> None:
    """The next time, wherever one looks."""
    once = schedule(start=60, end=120, one_time=True)

    assert times(once) == [("05 01:00", "05 02:00")]
    assert times(once, begin=MIDNIGHT + timedelta(days=2)) == []
    assert times(once, days=1, begin=MIDNIGHT - timedelta(days=7)) == []
    assert times(schedule(start=660, end=780, one_time=True)) == [("04 11:00", "04 13:00")]


def test_the_next_of_several_is_the_first_to_begin() -> None:
    """What runs is the next."""
    early, late, running = schedule(start=780), schedule(start=840), schedule(start=660, end=780)

    def following(*of: Schedule) -> Schedule | None:
        found = next_occurrence(of, NOW)
        return None if found is None else found.schedule

    assert following(late, early) == early
    assert following(late, early, running) == running
    assert following() is None


def test_a_weekly_schedule_is_found_just_after_it_was() -> None:
    """A week later."""
    found = next_occurrence([schedule(days=WEDNESDAY, start=719)], NOW)

    assert found is not None
    assert found.begin == NOW + timedelta(days=7, minutes=-1)


def test_times_are_of_the_wall_clock_when_it_changes() -> None:
    """Seven o'clock stays seven o'clock."""
    begin = datetime(2026, 10, 24, tzinfo=BERLIN)
    found = list(occurrences(schedule(start=420), begin, begin + timedelta(days=2), now=begin))

    assert [one.begin.astimezone(UTC).hour for one in found] == [5, 6]


@given(SCHEDULES, st.integers(0, 20))
def test_occurrences_touch_the_period_and_stay_in_order(of: Schedule, days: int) -> None:
    """Whatever the schedule, and all of them last at least a moment."""
    begin, end = NOW, NOW + timedelta(days=days)
    found = list(occurrences(of, begin, end, now=NOW))

    assert all(one.begin < end and one.end > begin for one in found)
    assert all(one.end - one.begin >= MOMENT for one in found)
    assert [one.begin for one in found] == sorted(one.begin for one in found)
    assert len(found) <= (1 if of.one_time else days + 2)


@pytest.mark.parametrize(
    ("latitude", "longitude", "near"),
    [
        (52.5, 13.25, True),
        (52.501, 13.25, True),
        (52.503, 13.25, False),
        (52.5, 13.2525, True),
        (52.5, 13.254, False),
        (-52.5, -166.75, False),
    ],
)
def test_a_place_is_about_200_metres_wide(*, latitude: float, longitude: float, near: bool) -> None:
    """In every direction."""
    here = Place(latitude=52.5, longitude=13.25)

    assert here.is_near(Place(latitude=latitude, longitude=longitude)) is near
    assert schedule().place == here
