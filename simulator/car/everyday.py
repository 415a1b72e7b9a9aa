"""An ordinary day of an ordinary car: to work and back, charged at home, asleep at night.

20 km each way through town. It charges every second evening as soon as it is back, plays music on
three drives of four and shows the way on one of four. Now and then somebody fetches something out
of it or warms it up before the drive; nothing keeps it awake at night.
"""

from dataclasses import dataclass
import math
import random
from typing import TYPE_CHECKING, Final

from simulator.car.road import HOUR, ordinary_road

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.car.car import Car
    from simulator.car.road import Road

DAY: Final = 24 * HOUR
KM: Final = 20.0
MUSIC: Final = 0.75
NAVIGATION: Final = 0.25
ERRAND: Final = 0.5
WARMING_UP: Final = 0.3
TRACK_SECONDS: Final = 210.0
WEATHER_SECONDS: Final = 600.0
_MORNING, _NOON, _AFTERNOON, _EVENING = 7.5 * HOUR, 12.4 * HOUR, 17.0 * HOUR, 20.8 * HOUR


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """What somebody does to the car, so many seconds after the first midnight."""

    at: float
    do: Callable[[Car], object]


def ordinary_days(days: int, *, seed: int = 1) -> Iterator[Happening]:
    """All that happens in so many days, in order; the same for the same seed."""
    dice = random.Random(seed)
    for day in range(days):
        planned = list(_day(dice, charges=day % 2 == 0))
        for happening in sorted(planned, key=lambda each: each.at):
            yield Happening(at=day * DAY + happening.at, do=happening.do)


def _day(dice: random.Random, *, charges: bool) -> Iterator[Happening]:
    road = ordinary_road(KM, dice)
    minutes = [dice.uniform(-600.0, 600.0) for _ in range(4)]
    mean = dice.gauss(11.0, 2.0)
    for step in range(int(DAY / WEATHER_SECONDS)):
        at = step * WEATHER_SECONDS
        degrees = mean + 4.5 * math.sin(math.tau * (at - 9.5 * HOUR) / DAY)
        yield Happening(at=at, do=_weather(degrees))
    if dice.random() < WARMING_UP:
        yield Happening(at=_MORNING + minutes[0] - 700.0, do=_warm_up)
    yield from _drive(_MORNING + minutes[0], road, dice)
    home = _AFTERNOON + minutes[1]
    yield from _drive(home, road.back(), dice)
    for at in (_NOON + minutes[2], _EVENING + minutes[3]):
        if dice.random() < ERRAND:
            yield from _errand(at)
    if charges:
        yield Happening(at=home + 60.0 + road.duration + 120.0, do=lambda car: car.plug_in())


def _drive(start: float, road: Road, dice: random.Random) -> Iterator[Happening]:
    """Get in, drive off after a minute, and get out at the end."""
    yield from (
        Happening(at=start, do=_unlock),
        Happening(at=start + 12.0, do=_get_in),
        Happening(at=start + 20.0, do=_switch_on),
    )
    leaves = start + 60.0
    if dice.random() < MUSIC:
        for track in range(int(road.duration / TRACK_SECONDS) + 1):
            yield Happening(at=leaves - 10.0 + track * TRACK_SECONDS, do=_play)
    if dice.random() < NAVIGATION:
        yield Happening(at=leaves - 5.0, do=_navigate(road))
    yield Happening(at=leaves, do=lambda car: car.drive_along(road))
    arrives = leaves + road.duration + 1.0
    yield from (
        Happening(at=arrives + 10.0, do=_get_out),
        Happening(at=arrives + 18.0, do=_shut),
        Happening(at=arrives + 25.0, do=lambda car: car.park()),
    )


def _errand(at: float) -> Iterator[Happening]:
    yield from (
        Happening(at=at, do=_open_trunk),
        Happening(at=at + 40.0, do=_shut),
        Happening(at=at + 50.0, do=lambda car: car.park()),
    )


def _weather(degrees: float) -> Callable[[Car], object]:
    def change(car: Car) -> None:
        car.state.climate.outside = round(degrees, 1)

    return change


def _navigate(road: Road) -> Callable[[Car], object]:
    """To the end of the road, as the crow flies from where the car is."""
    north = sum(moment.speed * math.cos(math.radians(moment.heading)) for moment in road.moments)
    east = sum(moment.speed * math.sin(math.radians(moment.heading)) for moment in road.moments)

    def show(car: Car) -> None:
        motion = car.state.motion
        latitude = motion.latitude + north / HOUR / 111.2
        longitude = motion.longitude + east / HOUR / (
            111.2 * math.cos(math.radians(motion.latitude))
        )
        car.state.stops = [f"{latitude:.6f},{longitude:.6f}"]

    return show


def _warm_up(car: Car) -> None:
    car.wake_now()
    car.state.climate.on = True


def _unlock(car: Car) -> None:
    car.unplug()
    car.state.locked = False
    car.state.open_doors = {"df"}


def _get_in(car: Car) -> None:
    car.state.open_doors = set()
    car.state.user_present = True


def _switch_on(car: Car) -> None:
    car.state.climate.on = True


def _play(car: Car) -> None:
    car.state.playing = True
    car.state.track += 1


def _get_out(car: Car) -> None:
    car.state.climate.switch_off()
    car.state.playing = False
    car.state.stops = []
    car.state.locked = False
    car.state.open_doors = {"df"}
    car.state.user_present = False


def _open_trunk(car: Car) -> None:
    car.wake_now()
    car.state.locked = False
    car.state.open_trunks = {"rt"}


def _shut(car: Car) -> None:
    car.state.open_doors, car.state.open_trunks = set(), set()
