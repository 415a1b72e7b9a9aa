"""What a calendar can ask for and a Tesla schedule can be, each in the other's words."""

from datetime import date, datetime, timedelta
import re
from typing import TYPE_CHECKING, Any, Final

from .errors import VehicleError
from .schedules import ALL_DAYS, MOMENT, Place, Schedule, day_bit

if TYPE_CHECKING:
    from collections.abc import Mapping

_DAYS: Final = {"SU": 1, "MO": 2, "TU": 4, "WE": 8, "TH": 16, "FR": 32, "SA": 64}
_IGNORED: Final = frozenset({"FREQ", "BYDAY", "INTERVAL", "COUNT", "WKST"})
_A_DAY: Final = timedelta(days=1)
_A_WEEK: Final = timedelta(days=7)
_COORDINATES: Final = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")


class ScheduleNotPossible(VehicleError):
    """No Tesla schedule can be what was asked for."""

    translation_key = "schedule_not_possible"


class OnlyWeekly(ScheduleNotPossible):
    """It repeats in another way than on the same days of every week, or not for ever."""

    translation_key = "schedule_only_weekly"


class TimesNeeded(ScheduleNotPossible):
    """It lasts whole days."""

    translation_key = "schedule_times_needed"


class TooLong(ScheduleNotPossible):
    """It lasts longer than a day."""

    translation_key = "schedule_too_long"


class NotThisWeek(ScheduleNotPossible):
    """It would begin later than within a week, or is over; the car only knows days of the week."""

    translation_key = "schedule_not_this_week"


class PlaceUnknown(ScheduleNotPossible):
    """Its place is neither coordinates nor a place with a name."""

    translation_key = "schedule_place_unknown"


class OnlyTheSeries(ScheduleNotPossible):
    """One of its times is meant, and only all of them can be changed."""

    translation_key = "schedule_only_series"


class ScheduleGone(ScheduleNotPossible):
    """The car does not have it any more."""

    translation_key = "schedule_gone"


def rule_of(schedule: Schedule) -> str | None:
    """How it repeats, as a recurrence rule of RFC 5545; None if it does not."""
    if schedule.one_time:
        return None
    if schedule.days == ALL_DAYS:
        return "FREQ=DAILY"
    days = ",".join(name for name, bit in _DAYS.items() if schedule.days & bit)
    return f"FREQ=WEEKLY;BYDAY={days}"


def repetition(rule: str | None, first: date) -> tuple[int, bool]:
    """The mask of days of a recurrence rule, and whether it is for a single time.

    Raises:
        OnlyWeekly: The rule is not one of a weekly rhythm without an end.
    """
    if not rule:
        return day_bit(first), True
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";") if part)
    if parts.get("COUNT") == "1":
        return day_bit(first), True
    is_plain = parts.keys() <= _IGNORED and "COUNT" not in parts
    if not is_plain or parts.get("INTERVAL", "1") != "1":
        raise OnlyWeekly
    match parts.get("FREQ"), parts.get("BYDAY"):
        case "DAILY", None:
            return ALL_DAYS, False
        case "WEEKLY", None:
            return day_bit(first), False
        case "DAILY" | "WEEKLY", str() as names if set(names.split(",")) <= _DAYS.keys():
            return sum(_DAYS[name] for name in set(names.split(","))), False
        case _:
            raise OnlyWeekly


def place_from(text: str | None, home: Place, named: Mapping[str, Place]) -> Place:
    """The place that a text means: coordinates, a name, and home if it is empty.

    Raises:
        PlaceUnknown: It is none of these.
    """
    if not text or not text.strip():
        return home
    if (match := _COORDINATES.fullmatch(text)) is not None:
        latitude, longitude = map(float, match.groups())
        if abs(latitude) <= 90 and abs(longitude) <= 180:  # noqa: PLR2004 - degrees of a globe
            return Place(latitude=latitude, longitude=longitude)
    wanted = text.strip().casefold()
    for name, place in named.items():
        if name.casefold() == wanted:
            return place
    raise PlaceUnknown


def planned(
    identity: int,
    begin: date | datetime,
    end: date | datetime,
    *,
    rule: str | None,
    place: Place,
    now: datetime,
    has_end: bool,
    was: Schedule | None = None,
) -> Schedule:
    """The schedule that an event asks for.

    An event of a minute has only a start, or only an end if its schedule had (`was`), whose name
    it keeps, and whether it is enabled. Without `has_end` no schedule of this kind has an end,
    however long the event is.

    Raises:
        ScheduleNotPossible: The car cannot do it; says why.
    """
    if not isinstance(begin, datetime) or not isinstance(end, datetime):
        raise TimesNeeded
    if end - begin > _A_DAY:
        raise TooLong
    is_moment = end - begin <= MOMENT
    only_end = has_end and is_moment and was is not None and was.start is None
    days, one_time = repetition(rule, (end if only_end else begin).date())
    if begin - now > _A_WEEK or (one_time and end <= now):
        raise NotThisWeek
    return Schedule(
        id=identity,
        days=days,
        latitude=place.latitude,
        longitude=place.longitude,
        start=None if only_end else _minute(begin),
        end=_minute(end) if only_end or (has_end and not is_moment) else None,
        one_time=one_time,
        enabled=was.enabled if was else True,
        name=was.name if was else "",
    )


def params_of(schedule: Schedule, *, has_end: bool) -> dict[str, Any]:
    """The parameters of the command that gives the car this schedule.

    A kind of schedules that `has_end` is one of charging.
    """
    params: dict[str, Any] = {
        "id": schedule.id,
        "days_of_week": schedule.days,
        "lat": schedule.latitude,
        "lon": schedule.longitude,
        "one_time": schedule.one_time,
        "enabled": schedule.enabled,
    }
    if schedule.name.strip():
        params["name"] = schedule.name
    if not has_end:
        return params | {"precondition_time": schedule.start}
    for name, minutes in (("start", schedule.start), ("end", schedule.end)):
        params[f"{name}_enabled"] = minutes is not None
        if minutes is not None:
            params[f"{name}_time"] = minutes
    return params


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute
