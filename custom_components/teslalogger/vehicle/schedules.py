"""Charge and precondition schedules: what a car tells of them, and when they come round."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
import json
import math
from typing import Any, Final

MINUTES_OF_A_DAY: Final = 24 * 60
ALL_DAYS: Final = 0b111_1111
MOMENT: Final = timedelta(minutes=1)
"""How long an occurrence lasts that has only a start or only an end."""

# Kilometres around a place within which the car is at that place.
_NEAR: Final = 0.2
_EARTH_RADIUS: Final = 6371.0
_A_DAY: Final = timedelta(days=1)
# A week, and the rest of the day on which it begins.
_A_ROUND: Final = timedelta(days=8)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Degrees north and east."""

    latitude: float
    longitude: float

    def is_near(self, other: Place) -> bool:
        """Whether a car at one of both places is at the other."""
        north, other_north = math.radians(self.latitude), math.radians(other.latitude)
        east = math.radians(other.longitude - self.longitude)
        haversine = (
            math.sin((other_north - north) / 2) ** 2
            + math.cos(north) * math.cos(other_north) * math.sin(east / 2) ** 2
        )
        return 2 * _EARTH_RADIUS * math.asin(math.sqrt(min(haversine, 1.0))) <= _NEAR


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """What the car does at one place on some days of the week.

    `days` is Tesla's mask: Sunday 1 ... Saturday 64. `start` and `end` are minutes after midnight
    of the car's wall clock. A charge schedule has one of them or both, and an end before its start
    is on the next day. A precondition schedule has only a start: then the car is warm.
    """

    id: int
    days: int
    latitude: float
    longitude: float
    start: int | None = None
    end: int | None = None
    one_time: bool = False
    enabled: bool = True
    name: str = ""

    @property
    def place(self) -> Place:
        """Where it counts."""
        return Place(latitude=self.latitude, longitude=self.longitude)


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence:
    """One time that a schedule comes round."""

    schedule: Schedule
    begin: datetime
    end: datetime


def charge_schedule(entry: object) -> Schedule | None:
    """A member of `charge_schedule_data.charge_schedules`; None if it is none."""
    if not isinstance(entry, Mapping):
        return None
    start = _minute(entry.get("start_time", 0)) if entry.get("start_enabled") is True else None
    end = _minute(entry.get("end_time", 0)) if entry.get("end_enabled") is True else None
    return _schedule(entry, start=start, end=end)


def precondition_schedule(entry: object) -> Schedule | None:
    """A member of `preconditioning_schedule_data.precondition_schedules`; None if it is none."""
    if not isinstance(entry, Mapping):
        return None
    return _schedule(entry, start=_minute(entry.get("precondition_time", 0)), end=None)


def to_text(schedules: Iterable[Schedule]) -> str:
    """Schedules as the value of a signal: the same ones are always the same text."""
    by_id = sorted(schedules, key=lambda schedule: schedule.id)
    return json.dumps([asdict(schedule) for schedule in by_id], separators=(",", ":"))


def from_text(text: object) -> tuple[Schedule, ...]:
    """The inverse of `to_text`; of anything else none."""
    if not isinstance(text, str):
        return ()
    try:
        return tuple(Schedule(**entry) for entry in json.loads(text))
    except TypeError, ValueError:
        return ()


def clock_time(minutes: int | None) -> str | None:
    """Minutes after midnight as people write them."""
    return None if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"


def day_bit(day: date) -> int:
    """The bit of a day of the week in Tesla's mask."""
    return 1 << (day.isoweekday() % 7)


def occurrences(
    schedule: Schedule, begin: datetime, end: datetime, *, now: datetime
) -> Iterator[Occurrence]:
    """The times that touch a period, in order. Days and minutes are those of its time zone.

    A schedule that is not enabled has none, one for a single time none but the next after `now`.
    """
    if not schedule.enabled or (schedule.start is None and schedule.end is None):
        return
    first = min(begin, now.astimezone(begin.tzinfo)) if schedule.one_time else begin
    # The day before may reach into the period, and a moment before midnight is of the day after.
    day = first.date() - _A_DAY
    while day <= end.date() + _A_DAY:
        if schedule.days & day_bit(day):
            occurrence = _on(schedule, day, begin)
            if occurrence.begin >= end:
                return
            if schedule.one_time and occurrence.end > now:
                if occurrence.end > begin:
                    yield occurrence
                return
            if not schedule.one_time and occurrence.end > begin:
                yield occurrence
        day += _A_DAY


def next_occurrence(schedules: Iterable[Schedule], now: datetime) -> Occurrence | None:
    """What runs now or comes round next."""
    upcoming = (
        occurrence
        for schedule in schedules
        for occurrence in occurrences(schedule, now, now + _A_ROUND, now=now)
    )
    return min(upcoming, key=lambda occurrence: occurrence.begin, default=None)


def _on(schedule: Schedule, day: date, of_zone: datetime) -> Occurrence:
    midnight = datetime.combine(day, time.min, of_zone.tzinfo)
    if schedule.start is None:
        end = midnight + timedelta(minutes=schedule.end or 0)
        return Occurrence(schedule=schedule, begin=end - MOMENT, end=end)
    begin = midnight + timedelta(minutes=schedule.start)
    if schedule.end is None:
        return Occurrence(schedule=schedule, begin=begin, end=begin + MOMENT)
    end = midnight + timedelta(minutes=schedule.end)
    if schedule.end <= schedule.start:
        end += _A_DAY
    return Occurrence(schedule=schedule, begin=begin, end=end)


def _schedule(entry: Mapping[str, Any], *, start: int | None, end: int | None) -> Schedule | None:
    identity = _whole(entry.get("id"), 1, 2**64 - 1)
    days = _whole(entry.get("days_of_week"), 0, ALL_DAYS)
    latitude = _number(entry.get("latitude"), 90)
    longitude = _number(entry.get("longitude"), 180)
    if identity is None or days is None or latitude is None or longitude is None:
        return None
    name = entry.get("name")
    return Schedule(
        id=identity,
        days=days,
        latitude=latitude,
        longitude=longitude,
        start=start,
        end=end,
        one_time=entry.get("one_time") is True,
        enabled=entry.get("enabled") is True,
        name=name if isinstance(name, str) else "",
    )


def _minute(raw: object) -> int | None:
    return _whole(raw, 0, MINUTES_OF_A_DAY)


def _whole(raw: object, low: int, high: int) -> int | None:
    if isinstance(raw, int) and not isinstance(raw, bool) and low <= raw <= high:
        return raw
    return None


def _number(raw: object, bound: float) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) <= bound:
        return None
    return float(raw)
