"""What a choice of fields will cost a month, told before it is saved.

A car sends a field when it has changed and its interval has passed; each sending is one signal.
So the count follows from how long the car drives, charges and stands awake, and from how much the
field moves meanwhile (activity.py).
"""

from collections import defaultdict
from dataclasses import dataclass, field
import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .activity import MOTIONS, TRAVELS, Part, Travel
from .field import Group
from .fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .field import Field
    from .presets import Choice, FieldChoice

DAYS: Final = 30
HOUR: Final = 3600.0
_PARTS: Final[Mapping[Part, float]] = MappingProxyType(
    {Part.ROLLING: 0.77, Part.NAVIGATING: 0.25, Part.PLAYING: 0.75, Part.SUPERCHARGING: 0.01}
)
_ANY_WAY: Final = Travel(driving=math.inf, charging=math.inf, parked=math.inf)


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """An ordinary day of a car: driven to work and back, charged at home, asleep at night.

    `awake` are the hours of standing awake, without charging. With each of the `connections` the
    car sends all that it was asked for. `parts` are shares of the drive, or of the charging, and
    `halt` the seconds that the car stands at a light.
    """

    km: float = 40.0
    km_per_hour: float = 37.0
    trips: float = 2.0
    charging: float = 0.85
    charges: float = 0.5
    awake: float = 0.85
    connections: float = 3.0
    halt: float = 30.0
    parts: Mapping[Part, float] = field(default_factory=lambda: _PARTS)

    @property
    def driving(self) -> float:
        """Hours on the road."""
        return self.km / self.km_per_hour

    @property
    def trip(self) -> float:
        """Seconds that a drive takes."""
        return self.driving * HOUR / self.trips

    @property
    def charge(self) -> float:
        """Seconds that the car charges when it does."""
        return self.charging * HOUR / self.charges

    def share(self, part: Part, interval: float) -> float:
        """How much of its hours a part has for who looks so seldom: short halts go unnoticed."""
        share = self.parts.get(part, 1.0)
        if part is Part.ROLLING:
            return 1.0 - (1.0 - share) * math.exp(-interval / self.halt)
        return share


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """So many signals or answers a month, and what they cost in US$."""

    count: float = 0.0
    cost: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """A month of 30 days of one car; `groups` lacks those of which nothing is streamed."""

    total: Usage
    groups: Mapping[Group, Usage]


def to_pay(cost: float, *, discount: float, spent: float = 0.0) -> float:
    """What is left of a cost in US$ once Tesla has taken its monthly discount off.

    The discount is the application's: `spent` is what all else of the month costs.
    """
    return max(0.0, cost + spent - discount) - max(0.0, spent - discount)


def forecast_streaming(choice: Choice, *, price: float, day: Day | None = None) -> Forecast:
    """The forecast of a choice that was fitted to the car; `price` is that of a signal."""
    day = day or Day()
    counts: dict[str, float] = defaultdict(float)
    for name, wanted in choice.items():
        sent = _signals_a_month(FIELDS[name], wanted, day)
        for each in (name, *wanted.include):
            counts[each] += sent
    groups = {
        group: _usage(sum(counts[name] for name in names), price)
        for group in Group
        if (names := [name for name in counts if FIELDS[name].group is group])
    }
    return Forecast(total=_usage(sum(counts.values()), price), groups=groups)


def signals_an_hour(
    changes: float, interval: float, resend: float | None = None, *, steady: bool
) -> float:
    """How often a field is sent that changes so often an hour.

    A `steady` one changes at even intervals, as a temperature passes one degree after the other;
    any other changes by chance, as doors do. `interval` and `resend` are seconds.
    """
    latest = math.inf if resend is None else resend
    if not changes:
        return HOUR / latest
    pause = HOUR / changes
    if steady:
        return HOUR / min(latest, max(interval, pause))
    # A change within the interval waits for its end; else the next one is sent as it comes.
    quiet = math.exp(-interval / pause)
    wait = pause * (1 - math.exp(-(latest - interval) / pause))
    return HOUR / (interval + quiet * wait)


def _signals_a_month(about: Field, wanted: FieldChoice, day: Day) -> float:
    motion, travel = MOTIONS[about.activity], TRAVELS.get(about.name, _ANY_WAY)
    moving = day.share(motion.part, wanted.interval)
    each_day = motion.trip * day.trips + motion.charge * day.charges + day.connections
    # What a car covers in an hour it covers while it rolls.
    driven = travel.driving / moving if motion.part is Part.ROLLING else travel.driving
    charging = moving if motion.part is Part.SUPERCHARGING else 1.0
    for hours, share, changes, way in (
        (day.driving, moving, motion.driving, driven),
        (day.charging, charging, motion.charging, travel.charging),
        (day.awake, 1.0, motion.parked, travel.parked),
    ):
        steps = _steps(changes, way, wanted, travel.swing)
        for part, often in ((share, steps), (1.0 - share, 0.0)):
            each_day += (
                hours
                * part
                * signals_an_hour(often, wanted.interval, wanted.resend, steady=about.takes_delta)
            )
    return each_day * DAYS + motion.month


def _steps(changes: float, way: float, wanted: FieldChoice, swing: float | None) -> float:
    """How often an hour a value that changes so often is another one by at least the delta."""
    if not wanted.minimum_delta:
        return changes
    if swing is None:
        return min(changes, way / wanted.minimum_delta)
    if wanted.minimum_delta > swing or not way:
        return 0.0
    return min(changes, HOUR / (wanted.interval + HOUR * wanted.minimum_delta / way))


def _usage(count: float, price: float) -> Usage:
    return Usage(count=count, cost=count * price)
