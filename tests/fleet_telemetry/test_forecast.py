"""A forecast counts what a car sends: on change, not before the interval has passed."""

from dataclasses import replace
from itertools import pairwise
import math
import random
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.fleet_telemetry.activity import MOTIONS, TRAVELS, Part
from custom_components.teslalogger.fleet_telemetry.field import Activity
from custom_components.teslalogger.fleet_telemetry.fields import FIELDS, OFFERED
from custom_components.teslalogger.fleet_telemetry.forecast import (
    DAYS,
    Day,
    forecast_streaming,
    signals_an_hour,
    to_pay,
)
from custom_components.teslalogger.fleet_telemetry.polling_costs import (
    PollingPace,
    forecast_polling,
)
from custom_components.teslalogger.fleet_telemetry.presets import (
    PRESETS,
    FieldChoice,
    Preset,
    suggested,
)

SIGNAL: Final = 1 / 150_000
ANSWER: Final = 1 / 500
DISCOUNT: Final = 10.0
STILL: Final = Day(km=0, trips=0, charging=0, charges=0, awake=0, connections=0)
TICK: Final = 0.5


def _cost(name: str, choice: FieldChoice, day: Day | None = None) -> float:
    return forecast_streaming({name: choice}, price=SIGNAL, day=day).total.cost


def _count(name: str, choice: FieldChoice, day: Day | None = None) -> float:
    return forecast_streaming({name: choice}, price=SIGNAL, day=day).total.count


def _streamed(
    hours: int, changes: float, interval: float, resend: float | None, *, steady: bool
) -> int:
    """What a car sends that looks every half second, counted one by one.

    A steady value drifts by `changes` steps an hour and is sent a step away from what was sent
    last; any other jumps by chance.
    """
    dice = random.Random(4)  # noqa: S311 - repeatable dice, not secrets
    pause = 3600 / changes if changes else math.inf
    jump = dice.expovariate(1 / pause) if changes else math.inf
    sent, last = 0, 0.0
    for tick in range(1, int(hours * 3600 / TICK)):
        now = tick * TICK
        passed = now - last
        changed = passed >= pause if steady else jump <= now
        if (changed and passed >= interval) or (resend is not None and passed >= resend):
            sent, last = sent + 1, now
            while jump <= now:
                jump += dice.expovariate(1 / pause)
    return sent


@pytest.mark.parametrize("steady", [True, False])
@pytest.mark.parametrize(
    ("changes", "interval", "resend"),
    [
        (0, 1, None),
        (0, 1, 300),
        (6, 1, None),
        (6, 1, 300),
        (30, 60, None),
        (60, 45, None),
        (60, 300, None),
        (30, 60, 90),
        (3600, 10, None),
        (3600, 60, 60),
    ],
)
def test_signals_are_those_of_a_car_that_is_watched(
    changes: float, interval: float, resend: float | None, *, steady: bool
) -> None:
    """Within three per cent over four hundred hours."""
    hours = 400
    counted = _streamed(hours, changes, interval, resend, steady=steady)
    told = hours * signals_an_hour(changes, interval, resend, steady=steady)
    assert told == pytest.approx(counted, rel=0.03, abs=1)


def test_the_prices_are_teslas_own_examples() -> None:
    """A signal a second all month; forty signals every half minute, four and a half hours a day."""
    second = signals_an_hour(3600, 1, steady=True)
    assert second * 24 * DAYS * SIGNAL == pytest.approx(17.5, rel=0.02)
    half_minute = signals_an_hour(3600, 30, steady=True)
    assert 40 * half_minute * 4.5 * DAYS * SIGNAL == pytest.approx(4.4, rel=0.02)


def test_every_activity_has_its_figures() -> None:
    """And every delta of a preset counts for something."""
    assert set(MOTIONS) == set(Activity)
    assert set(TRAVELS) <= {name for name, field in OFFERED.items() if field.takes_delta}
    with_delta = {
        name
        for choice in PRESETS.values()
        for name, wanted in choice.items()
        if wanted.minimum_delta and MOTIONS[FIELDS[name].activity].driving
    }
    rare = {name for name in with_delta if name.startswith("Semitruck")}
    assert with_delta - rare <= set(TRAVELS)


@pytest.mark.parametrize("preset", Preset)
def test_an_ordinary_car_is_streamed_within_the_free_amount(preset: Preset) -> None:
    """Whatever the preset."""
    total = forecast_streaming(PRESETS[preset], price=SIGNAL).total
    assert 0 < total.cost < DISCOUNT
    assert total.cost == pytest.approx(total.count * SIGNAL)
    assert to_pay(total.cost, discount=DISCOUNT) == 0


def test_presets_cost_what_their_names_say() -> None:
    """Economy costs cents, and each step up more; all are far below polling as densely."""
    costs = {
        preset: forecast_streaming(choice, price=SIGNAL).total.cost
        for preset, choice in PRESETS.items()
    }
    assert costs[Preset.ECONOMY] < 0.5
    assert costs[Preset.ECONOMY] < costs[Preset.BALANCED] < costs[Preset.LIVE]
    usual = PollingPace(state=60, driving=60, charging=300, attended=600, idle=1260)
    polled = forecast_polling(usual, price=ANSWER)
    assert costs[Preset.BALANCED] < polled.cost
    dense = PollingPace(state=1, driving=1, charging=5, attended=5, idle=1260)
    every_second = forecast_polling(dense, price=ANSWER)
    assert costs[Preset.LOGGER] < every_second.cost / 20


@pytest.mark.parametrize("preset", Preset)
def test_groups_add_up_to_the_whole(preset: Preset) -> None:
    """And those of which nothing is streamed are not shown."""
    forecast = forecast_streaming(PRESETS[preset], price=SIGNAL)
    assert sum(usage.count for usage in forecast.groups.values()) == pytest.approx(
        forecast.total.count
    )
    assert set(forecast.groups) == {FIELDS[name].group for name in PRESETS[preset]}


def test_an_included_field_is_sent_each_time() -> None:
    """So it costs as much again."""
    plain = FieldChoice(interval=60)
    both = FieldChoice(interval=60, include=("Odometer", "Locked"))
    assert _count("Soc", both) == pytest.approx(3 * _count("Soc", plain))


def test_a_car_that_sleeps_all_month_costs_what_happens_anyway() -> None:
    """A setting that is changed now and then."""
    assert _count("Soc", suggested("Soc"), STILL) == 0
    assert _count("ChargeLimitSoc", suggested("ChargeLimitSoc"), STILL) == 2


def test_all_fields_are_sent_with_each_connection() -> None:
    """Also those that never change."""
    assert _count("CarType", suggested("CarType"), Day(connections=3)) == 3 * DAYS


def test_driving_costs_by_the_kilometre() -> None:
    """A speed each second, at an average of 36 km/h: a hundred signals a kilometre."""
    day = replace(STILL, km=10, km_per_hour=36, parts={})
    assert _count("VehicleSpeed", FieldChoice(interval=1), day) == pytest.approx(1000 * DAYS)


def test_a_value_costs_only_in_the_part_of_the_drive_where_it_moves() -> None:
    """The way to go, while navigating."""
    asked = FieldChoice(interval=60)
    for share in (0.0, 0.5, 1.0):
        day = replace(STILL, km=36, km_per_hour=36, parts={Part.NAVIGATING: share})
        assert _count("MilesToArrival", asked, day) == pytest.approx(60 * share * DAYS)


NAMES: Final = st.sampled_from(sorted(OFFERED))
SECONDS: Final = st.integers(1, 4000)


@given(NAMES, SECONDS, SECONDS)
def test_a_longer_interval_never_costs_more(name: str, one: int, other: int) -> None:
    """Whichever the field."""
    shorter, longer = sorted((one, other))
    assert (
        _cost(name, FieldChoice(interval=longer))
        <= _cost(name, FieldChoice(interval=shorter)) * 1.000001
    )


@given(st.sampled_from(sorted(TRAVELS)), st.floats(0.01, 100), st.floats(0.01, 100))
def test_a_greater_delta_never_costs_more(name: str, one: float, other: float) -> None:
    """And none costs the most."""
    smaller, greater = sorted((one, other))
    costs = [
        _cost(name, FieldChoice(interval=5, minimum_delta=delta))
        for delta in (None, smaller, greater)
    ]
    assert all(less >= more for less, more in pairwise(costs))


@given(NAMES, st.integers(60, 4000))
def test_sending_again_never_costs_less(name: str, resend: int) -> None:
    """And at most a signal each time, however long the car is awake."""
    day = Day()
    plain = _count(name, FieldChoice(interval=60))
    again = _count(name, FieldChoice(interval=60, resend=resend))
    most = (day.driving + day.charging + day.awake) * DAYS * 3600 / resend
    assert plain * 0.999999 <= again <= plain + most + 1


@given(NAMES, st.floats(0, 300), st.floats(0, 300))
def test_driving_more_never_costs_less(name: str, one: float, other: float) -> None:
    """Whichever the field."""
    less, more = sorted((one, other))
    wanted = suggested(name)
    assert _cost(name, wanted, Day(km=less)) <= _cost(name, wanted, Day(km=more)) * 1.000001


@pytest.mark.parametrize(
    ("cost", "spent", "left"),
    [
        (4.0, 0.0, 0.0),
        (12.0, 0.0, 2.0),
        (4.0, 5.0, 0.0),
        (4.0, 8.0, 2.0),
        (4.0, 10.0, 4.0),
        (4.0, 25.0, 4.0),
        (0.0, 25.0, 0.0),
    ],
)
def test_the_discount_is_taken_off_once(cost: float, spent: float, left: float) -> None:
    """It belongs to the application: what else is spent uses it up."""
    assert to_pay(cost, discount=DISCOUNT, spent=spent) == pytest.approx(left)
