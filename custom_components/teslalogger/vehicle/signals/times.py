"""Moments and times of day.

Tesla's streamed moments are wrong in a known way: read as Pacific time they give the wall clock of
the place where the car is. Where that place is they do not tell.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from .converters import Converted, number, within
from .model import INVALID, Converter

_PACIFIC: Final = ZoneInfo("America/Los_Angeles")
# Before the first car and after the last one that will ever ask.
_PLAUSIBLE: Final = within(
    datetime(2003, 7, 1, tzinfo=UTC).timestamp(), datetime(2100, 1, 1, tzinfo=UTC).timestamp()
)
_MINUTES_OF_A_DAY: Final = 24 * 60
_HOUR: Final = within(0, 23)
_MINUTE: Final = within(0, 59)


def epoch(per_second: int = 1) -> Converter:
    """Seconds since 1970, of a number that counts so many a second."""

    def convert(raw: object) -> Converted:
        value = number(raw)
        return _PLAUSIBLE(value / per_second) if isinstance(value, int | float) else INVALID

    return convert


def wall_clock(raw: object) -> Converted:
    """A streamed moment as the car's wall clock, in ISO 8601."""
    moment = _wall_clock(raw)
    return INVALID if moment is None else moment.isoformat(timespec="seconds")


def minute_of_day(raw: object) -> Converted:
    """Minutes after midnight, told as such."""
    return within(0, _MINUTES_OF_A_DAY)(raw)


def wall_clock_minute(raw: object) -> Converted:
    """Minutes after midnight of a streamed moment, or of a time of day."""
    clock = _time_of_day(raw)
    if clock is None and (moment := _wall_clock(raw)) is not None:
        clock = moment.time()
    return INVALID if clock is None else clock.hour * 60 + clock.minute


def _wall_clock(raw: object) -> datetime | None:
    value = _PLAUSIBLE(raw)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return datetime.fromtimestamp(value, _PACIFIC).replace(tzinfo=None)


def _time_of_day(raw: object) -> time | None:
    """Of HH:MM:SS or of Tesla's message with hour, minute and second."""
    if isinstance(raw, Mapping):
        hour, minute = _HOUR(raw.get("hour", 0)), _MINUTE(raw.get("minute", 0))
        if raw and isinstance(hour, int) and isinstance(minute, int):
            return time(hour, minute)
        return None
    if not isinstance(raw, str) or ":" not in raw:
        return None
    try:
        return time.fromisoformat(raw)
    except ValueError:
        return None
