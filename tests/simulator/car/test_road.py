"""Ordinary roads: known second by second, and never beyond what a car and a town allow."""

import random
from typing import Final

from hypothesis import given, strategies as st
import pytest

from simulator.car.road import HOUR, Road, ordinary_road

SEEDS: Final = st.integers(0, 10_000)
OTHER: Final = {"Left": "Right", "Right": "Left", "Off": "Off"}


def _road(seed: int, length: float = 20.0) -> Road:
    return ordinary_road(length, random.Random(seed))  # noqa: S311 - repeatable, not secret


def test_the_same_dice_make_the_same_road() -> None:
    """And others another one."""
    assert _road(7) == _road(7)
    assert _road(7) != _road(8)


@given(SEEDS)
def test_a_road_is_as_long_as_wanted_and_ends_at_rest(seed: int) -> None:
    """It may be longer by one braking from full speed."""
    road = _road(seed, 5.0)
    assert road.length == pytest.approx(5.0, abs=0.25)
    assert road.moments[-1].speed == 0.0
    assert road.length == pytest.approx(sum(moment.speed for moment in road.moments) / HOUR)


@given(SEEDS)
def test_no_car_leaps(seed: int) -> None:
    """Speed, acceleration and slope stay what people sit through; blinkers go with bends."""
    for moment in _road(seed, 5.0).moments:
        assert 0.0 <= moment.speed < 108.0
        assert -2.0 <= moment.acceleration <= 1.4
        assert 0.0 <= moment.heading < 360.0
        assert abs(moment.slope) < 4.0


def test_a_town_is_slow_and_has_lights() -> None:
    """Some 35 km/h over all, and about a fifth of the time in front of a light."""
    roads = [_road(seed) for seed in range(20)]
    seconds = sum(road.duration for road in roads)
    standing = sum(moment.speed == 0.0 for road in roads for moment in road.moments)
    assert sum(road.length for road in roads) / seconds * HOUR == pytest.approx(36.5, rel=0.08)
    assert 0.15 < standing / seconds < 0.3


def test_the_way_is_covered_between_two_seconds_too() -> None:
    """Nothing before the start and no more after the end."""
    road = _road(3)
    assert road.covered(0.0) == 0.0
    assert road.covered(20.5) == pytest.approx((road.covered(20.0) + road.covered(21.0)) / 2)
    assert road.covered(road.duration + 60.0) == road.length
    after = road.moment(road.duration + 60.0)
    assert (after.speed, after.heading) == (0.0, road.moments[-1].heading)


def test_the_way_back_is_the_same_way() -> None:
    """As long, downhill where it went uphill, the other way round each bend."""
    road = _road(4)
    back = road.back()
    assert back.length == pytest.approx(road.length)
    assert back.duration == road.duration
    assert back.moments[-1].speed == 0.0
    for there, here in zip(reversed(road.moments[:-1]), back.moments, strict=False):
        assert (here.speed, here.slope) == (there.speed, -there.slope)
        assert here.heading == (there.heading + 180.0) % 360.0
        assert here.blinker == OTHER[there.blinker]
