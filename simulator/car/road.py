"""An ordinary road second by second: lights, bends, hills, and a foot that is never quite still.

Without a road a simulated drive goes at even speeds, which is easy to test and like no real one.
"""

from dataclasses import dataclass
from itertools import accumulate
import math
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import random

type Blinker = Literal["Off", "Left", "Right"]

HOUR: Final = 3600.0
_LIMITS: Final = (30.0, 50.0, 50.0, 50.0, 70.0, 100.0)  # km/h of a stretch of the way
_STRETCH: Final = (0.2, 1.2)  # km
_LIGHT: Final = (10.0, 55.0)  # seconds that a car stands at one
_LIGHTS: Final = 0.45  # stretches that end at one
_TURNS: Final = (0.0, 0.0, -35.0, 35.0, -90.0, 90.0)
_TURNING: Final = 6  # seconds of a bend, and of the blinker before
_FASTER: Final = 5.0  # km/h each second
_SLOWER: Final = 7.0
_RESTLESS: Final = 0.6  # km/h that the foot strays each second
_HILLS: Final = ((2.2, 1.9), (0.9, 0.7), (0.15, 0.13))  # percent, and km from one to the next


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One second of a drive: km/h at its end and m/s² towards it, degrees, percent."""

    speed: float = 0.0
    acceleration: float = 0.0
    heading: float = 0.0
    slope: float = 0.0
    blinker: Blinker = "Off"


@dataclass(frozen=True, kw_only=True, slots=True)
class Road:
    """A drive that is fully known; `way` are the km after each of its seconds."""

    moments: tuple[Moment, ...]
    way: tuple[float, ...]

    @property
    def length(self) -> float:
        """Kilometres."""
        return self.way[-1]

    @property
    def duration(self) -> float:
        """Seconds."""
        return float(len(self.moments))

    def moment(self, seconds: float) -> Moment:
        """What it is like after so many seconds; at rest from its end on."""
        second = int(seconds)
        if second < len(self.moments):
            return self.moments[second]
        return Moment(heading=self.moments[-1].heading)

    def covered(self, seconds: float) -> float:
        """How many km lie behind the car."""
        second = int(seconds)
        if second >= len(self.way):
            return self.length
        before = self.way[second - 1] if second else 0.0
        return before + (self.way[second] - before) * (seconds - second)

    def back(self) -> Road:
        """The same way home: every bend to the other side, every hill from below."""
        # The last second stands still, and no way back begins with it.
        moments = [*reversed(self.moments[:-1]), self.moments[0]]
        other: dict[Blinker, Blinker] = {"Off": "Off", "Left": "Right", "Right": "Left"}
        return _road(
            [*(moment.speed for moment in moments[:-1]), 0.0],
            [(moment.heading + 180.0) % 360.0 for moment in moments],
            [other[moment.blinker] for moment in moments],
            [-moment.slope for moment in moments],
        )


def ordinary_road(length: float, dice: random.Random) -> Road:
    """About `length` km through a town and its outskirts, at some 35 km/h with all the lights."""
    speeds: list[float] = []
    headings: list[float] = []
    blinkers: list[Blinker] = []
    speed = way = straying = 0.0
    heading = dice.uniform(0.0, 360.0)
    while way < length:
        limit, end = dice.choice(_LIMITS), way + dice.uniform(*_STRETCH)
        if end > length - _STRETCH[0]:
            end = length
        turn, stops = dice.choice(_TURNS), dice.random() < _LIGHTS or end == length
        side: Blinker = "Right" if turn > 0.0 else "Left" if turn < 0.0 else "Off"
        began = len(speeds)
        while way < end:
            straying = 0.9 * straying + dice.gauss(0.0, _RESTLESS)
            braking = math.sqrt(2.0 * _SLOWER * (end - way) * HOUR) if stops else math.inf
            wanted = max(6.0, min(limit + straying, braking))
            speed = max(speed - _SLOWER, min(speed + _FASTER, wanted))
            way += speed / HOUR
            speeds.append(round(speed, 2))
            bending = len(speeds) - began <= _TURNING
            heading += turn / _TURNING if bending else dice.gauss(0.0, 0.5)
            headings.append(heading % 360.0)
            blinkers.append(side if bending else "Off")
        if stops:
            while speed > 0.0:
                speed = max(0.0, speed - _SLOWER)
                speeds.append(speed)
                headings.append(heading % 360.0)
                blinkers.append("Off")
            if end < length:
                waiting = int(dice.uniform(*_LIGHT))
                speeds += [0.0] * waiting
                headings += [heading % 360.0] * waiting
                blinkers += ["Off"] * waiting
    slopes = [
        sum(high * math.sin(math.tau * covered / far) for high, far in _HILLS)
        for covered in accumulate(speed / HOUR for speed in speeds)
    ]
    return _road(speeds, headings, blinkers, slopes)


def _road(
    speeds: list[float], headings: list[float], blinkers: list[Blinker], slopes: list[float]
) -> Road:
    former = [0.0, *speeds[:-1]]
    moments = tuple(
        Moment(
            speed=speed,
            acceleration=(speed - before) / 3.6,
            heading=heading,
            slope=slope,
            blinker=blinker,
        )
        for speed, before, heading, blinker, slope in zip(
            speeds, former, headings, blinkers, slopes, strict=True
        )
    )
    return Road(moments=moments, way=tuple(accumulate(speed / HOUR for speed in speeds)))
