"""What asking costs follows from how late it learns what the car is at, and how often it asks."""

from dataclasses import replace
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.fleet_telemetry.forecast import DAYS, Day
from custom_components.teslalogger.fleet_telemetry.polling_costs import (
    PollingPace,
    forecast_polling,
)

ANSWER: Final = 1 / 500
USUAL: Final = PollingPace(state=60, driving=60, charging=300, attended=600, idle=1260)
STILL: Final = Day(km=0, trips=0, charging=0, charges=0, awake=0, connections=0)
SECONDS: Final = st.integers(10, 4000)


def _count(pace: PollingPace = USUAL, day: Day | None = None) -> float:
    return forecast_polling(pace, price=ANSWER, day=day).count


def test_an_answer_has_its_price() -> None:
    """And nothing else costs."""
    usage = forecast_polling(USUAL, price=ANSWER)
    assert usage.cost == pytest.approx(usage.count / 500)


def test_a_car_that_sleeps_all_month_is_not_asked() -> None:
    """Its state is free."""
    assert _count(day=STILL) == 0


def test_a_car_that_only_comes_online_is_asked_once() -> None:
    """And then left alone until it sleeps again."""
    assert _count(day=replace(STILL, connections=3)) == 3 * DAYS


def test_a_long_drive_is_asked_about_at_its_own_pace() -> None:
    """Ten hours a minute each, less the first ten or twenty minutes."""
    day = replace(STILL, km=600, km_per_hour=60, trips=1)
    assert _count(day=day) / DAYS == pytest.approx(600 - 10, abs=4)
    assert _count(replace(USUAL, attended=60), day) / DAYS == pytest.approx(600, abs=6)


def test_a_long_charge_is_asked_about_at_its_own_pace() -> None:
    """Twenty hours, five minutes each, less the first twenty minutes."""
    day = replace(STILL, charging=20, charges=1)
    assert _count(day=day) / DAYS == pytest.approx(240 - 4, abs=3)


def test_a_drive_that_is_over_before_anybody_asks_costs_next_to_nothing() -> None:
    """Five minutes, of somebody who looks again after ten; five answers if asked all the time."""
    short = replace(STILL, km=5, km_per_hour=60, trips=1)
    assert _count(replace(USUAL, state=10), short) / DAYS < 1.5


@given(SECONDS, SECONDS)
def test_a_slower_pace_on_the_road_never_costs_more(one: int, other: int) -> None:
    """Only what follows the drive may differ by an answer."""
    faster, slower = sorted((one, other))
    slow, fast = (_count(replace(USUAL, driving=pace)) for pace in (slower, faster))
    assert slow <= fast + DAYS * (Day().trips + Day().charges)


@given(st.floats(0, 300), st.floats(0, 300))
def test_driving_further_never_costs_less(one: float, other: float) -> None:
    """At the usual pace."""
    less, more = sorted((one, other))
    assert _count(day=Day(km=less)) <= _count(day=Day(km=more)) * 1.000001
