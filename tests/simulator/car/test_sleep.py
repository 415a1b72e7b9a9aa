"""Whether a car is awake."""

import random
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st
import pytest

from simulator.car.sleep import IDLE_SECONDS, WAKING_SECONDS, Wakefulness
from simulator.vehicle import CarUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.car import Car
    from simulator.clock import Clock

SLOWEST = WAKING_SECONDS[1]


def leave_alone(car: Car, clock: Clock) -> str:
    """Let the time pass after which a car sleeps."""
    clock.advance(IDLE_SECONDS)
    return car.availability


def test_a_car_that_nobody_wants_anything_from_falls_asleep(car: Car, clock: Clock) -> None:
    """Not before its time."""
    clock.advance(IDLE_SECONDS - 1)
    assert car.availability == "online"
    clock.advance(1)
    assert car.availability == "asleep"


@pytest.mark.parametrize(
    "look",
    [
        lambda car: car.availability,
        lambda car: car.product("owner"),
        lambda car: car.fleet_info(),
        lambda car: car.state,
    ],
)
def test_looking_at_the_state_lets_a_car_sleep(
    car: Car, clock: Clock, look: Callable[[Car], object]
) -> None:
    """Tesla answers that without the car."""
    for _ in range(10):
        clock.advance(IDLE_SECONDS / 10)
        look(car)
    assert car.availability == "asleep"


@pytest.mark.parametrize(
    "ask",
    [
        lambda car: car.vehicle_data({"charge_state"}, location=False),
        lambda car: car.execute_unsigned("flash_lights", {}),
        lambda car: car.begin_wake(),
        lambda car: car.wake_now(),
    ],
)
def test_asking_the_car_itself_keeps_it_awake(
    car: Car, clock: Clock, ask: Callable[[Car], object]
) -> None:
    """For as long as it goes on."""
    for _ in range(4):
        clock.advance(IDLE_SECONDS / 2)
        ask(car)
    assert car.availability == "online"
    assert leave_alone(car, clock) == "asleep"


def _charge(car: Car) -> None:
    car.state.charge.energy = 0
    car.plug_in("ac")


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (
            lambda car: setattr(car.state, "sentry_mode", True),
            lambda car: setattr(car.state, "sentry_mode", False),
        ),
        (
            lambda car: car.execute_unsigned("auto_conditioning_start", {}),
            lambda car: car.execute_unsigned("auto_conditioning_stop", {}),
        ),
        (
            lambda car: setattr(car.state, "user_present", True),
            lambda car: setattr(car.state, "user_present", False),
        ),
        (lambda car: car.drive(100), lambda car: car.park()),
        (_charge, lambda car: car.unplug()),
    ],
    ids=["sentry", "climate", "somebody in it", "driving", "charging"],
)
def test_a_busy_car_stays_awake(
    car: Car, clock: Clock, begin: Callable[[Car], object], end: Callable[[Car], object]
) -> None:
    """Until it has nothing to do."""
    begin(car)
    assert leave_alone(car, clock) == "online"
    assert leave_alone(car, clock) == "online"
    end(car)
    clock.advance(IDLE_SECONDS - 60)
    assert car.availability == "online"
    assert leave_alone(car, clock) == "asleep"


def test_a_charged_car_sleeps_with_its_cable_in(car: Car, clock: Clock) -> None:
    """The end of charging is the end of the work."""
    car.plug_in("ac")
    clock.advance(3 * 3600)
    assert car.availability == "asleep"
    assert car.state.charge.cable == "ac"


def test_waking_takes_time(car: Car, clock: Clock) -> None:
    """And a second call does not begin again."""
    car.fall_asleep()
    car.begin_wake()
    clock.advance(WAKING_SECONDS[0] - 1)
    assert car.availability == "asleep"
    car.begin_wake()
    clock.advance(SLOWEST - WAKING_SECONDS[0] + 1)
    assert car.availability == "online"
    clock.advance(IDLE_SECONDS - SLOWEST)
    assert car.availability == "online"
    assert leave_alone(car, clock) == "asleep"


@given(st.integers())
def test_every_car_wakes_within_bounds(seed: int) -> None:
    """Whatever the dice say."""
    mind = Wakefulness(
        dice=random.Random(seed),  # noqa: S311 - dice
        last_activity=0,
        asleep=True,
    )
    mind.begin_wake(1000)
    assert mind.waking_until is not None
    assert WAKING_SECONDS[0] <= mind.waking_until - 1000 <= SLOWEST
    mind.settle(mind.waking_until - 0.001, busy=False)
    assert mind.availability == "asleep"
    mind.settle(mind.waking_until, busy=False)
    assert mind.availability == "online"


def test_a_car_out_of_reach_answers_nothing(car: Car, clock: Clock) -> None:
    """Nor does it hear that it should wake up."""
    car.go_offline()
    assert car.availability == "offline"
    with pytest.raises(CarUnavailable):
        car.vehicle_data({"charge_state"}, location=False)
    with pytest.raises(CarUnavailable):
        car.execute_unsigned("flash_lights", {})
    with pytest.raises(CarUnavailable):
        car.signed(b"")
    car.fall_asleep()
    car.begin_wake()
    clock.advance(SLOWEST)
    assert car.availability == "offline"
    car.wake_now()
    assert car.availability == "online"


def test_a_sleeping_car_keeps_its_data_to_itself(car: Car) -> None:
    """And executes nothing."""
    car.fall_asleep()
    with pytest.raises(CarUnavailable):
        car.vehicle_data({"charge_state"}, location=False)
    with pytest.raises(CarUnavailable):
        car.execute_unsigned("flash_lights", {})
    assert car.executions == []


def test_a_car_put_to_sleep_stays_asleep(car: Car, clock: Clock) -> None:
    """Everything that kept it awake ends."""
    car.state.sentry_mode = True
    car.execute_unsigned("auto_conditioning_start", {})
    car.plug_in("ac")
    car.fall_asleep()
    assert leave_alone(car, clock) == "asleep"
    state = car.state
    assert (state.sentry_mode, state.climate.on, state.charge.wanted) == (False, False, False)


def test_a_full_car_put_to_sleep_would_charge_again(car: Car) -> None:
    """Only charging itself is ended."""
    car.state.charge.limit = 50
    car.plug_in("ac")
    car.fall_asleep()
    assert car.state.charge.wanted


def test_work_that_begins_in_sleep_wakes_the_car(car: Car, clock: Clock) -> None:
    """Like somebody who gets in."""
    car.fall_asleep()
    car.state.user_present = True
    clock.advance(1)
    assert car.availability == "online"
