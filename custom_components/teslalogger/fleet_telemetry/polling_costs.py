"""What asking a car for its data will cost a month, beside which streaming is shown.

Who asks learns late what the car is at, and goes on for a while at the pace of what it was at
before: somebody who gets in looks like somebody who sits in a parked car. So the count depends on
when the first question falls, which is anywhere in the pause between two free looks at the car's
state; the forecast is the average over that.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .forecast import DAYS, Day, Usage

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOKS: Final = 240  # moments of the first question that are averaged
_ENTERING: Final = 12.0  # seconds from the door to the seat
_BOARDING: Final = 60.0  # seconds from the door to driving off
_LEAVING: Final = 11.0  # seconds in the car after the drive
_PLUGGING: Final = 120.0  # seconds from the drive until it charges
_WARMING: Final = 700.0  # seconds that the climate runs before a drive
_WARMED: Final = 0.15  # trips before which it does
_FALLING_ASLEEP: Final = 900.0  # seconds that a car stays awake with nothing going on


@dataclass(frozen=True, kw_only=True, slots=True)
class PollingPace:
    """Seconds between two questions: `state` is free, the others are billed.

    `attended` is for a car with somebody in it, `idle` for one with nothing going on.
    """

    state: float
    driving: float
    charging: float
    attended: float
    idle: float


def forecast_polling(pace: PollingPace, *, price: float, day: Day | None = None) -> Usage:
    """A month of 30 days of one car; `price` is that of an answer."""
    day = day or Day()
    answers = day.connections  # one each time that the car comes online
    if day.trips:
        cold = _mean(pace.state, lambda at: _trip(at, pace, day))
        answers += day.trips * ((1.0 - _WARMED) * cold + _WARMED * _warmed_trip(pace, day))
    if day.charges:
        answers += day.charges * _mean(pace.driving, lambda at: _charge(at, pace, day))
    return Usage(count=DAYS * answers, cost=DAYS * answers * price)


def _mean(pause: float, answers: Callable[[float], float]) -> float:
    """The average of what follows a look at any time of a pause."""
    return sum(answers((look + 0.5) * pause / _LOOKS) for look in range(_LOOKS)) / _LOOKS


def _trip(at: float, pace: PollingPace, day: Day) -> float:
    """Answers after the first one, which comes so long after the door was opened."""
    asked = 1
    while at < _BOARDING:
        at += pace.idle if at < _ENTERING else pace.attended
        asked += 1
    return asked - 1 + _driven(day.trip + _BOARDING - at, pace)


def _warmed_trip(pace: PollingPace, day: Day) -> float:
    """Answers after the first one, if the car is attended long before somebody gets in."""
    before = (_WARMING + _BOARDING - pace.state / 2.0) / pace.attended
    return before + _driven(day.trip - pace.attended / 2.0, pace)


def _driven(left: float, pace: PollingPace) -> float:
    """Answers that follow one on the road, with so many seconds of the drive left."""
    if left <= 0.0:
        return 0.0
    # One falls into the time after the drive, and another one follows if somebody still sat there.
    asleep = min(1.0, _FALLING_ASLEEP / pace.driving)
    return (left / pace.driving - 0.5) + asleep + min(1.0, _LEAVING / pace.driving)


def _charge(at: float, pace: PollingPace, day: Day) -> float:
    """Answers after the one that came so long after the drive."""
    asked = 0
    while at < _PLUGGING:
        at += pace.attended if at < _LEAVING else pace.idle
        asked += 1
    left = day.charge + _PLUGGING - at
    if left <= 0.0:
        return asked
    return asked + left / pace.charging - 0.5 + min(1.0, _FALLING_ASLEEP / pace.charging)
