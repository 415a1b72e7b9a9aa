"""Ordinary days: the same for the same seed, and such that a car comes back home."""

from typing import Final

import pytest

from simulator.car import Car, physics
from simulator.car.everyday import DAY, ordinary_days
from simulator.car.model import MODEL_Y_2025
from simulator.clock import Clock

VIN: Final = "XP7YGCEK6SB012348"
MIDNIGHT: Final = 1_793_577_600.0
DAYS: Final = 4


def _lived(seed: int) -> tuple[Car, list[str]]:
    """The car after some days, and what it was at each minute of them."""
    clock = Clock(0.0, start=MIDNIGHT)
    car = Car(VIN, "Yuki", model=MODEL_Y_2025, clock=clock, owner="")
    car.fall_asleep()
    happenings = list(ordinary_days(DAYS, seed=seed))
    states = []
    for minute in range(DAYS * 1440):
        now = minute * 60.0
        while happenings and happenings[0].at <= now:
            happening = happenings.pop(0)
            clock.advance(max(0.0, MIDNIGHT + happening.at - clock.now()))
            happening.do(car)
        clock.advance(max(0.0, MIDNIGHT + now - clock.now()))
        state = car.state
        charging = physics.charging_power(state, car.model) > 0.0
        states.append(
            "driving" if state.motion.trip else "charging" if charging else car.availability
        )
    return car, states


def test_days_come_in_order_and_repeat() -> None:
    """A month of them, for a seed."""
    times = [happening.at for happening in ordinary_days(30, seed=5)]
    assert times == sorted(times)
    assert times[0] >= 0.0
    assert times[-1] < 30 * DAY
    assert times == [happening.at for happening in ordinary_days(30, seed=5)]
    assert times != [happening.at for happening in ordinary_days(30, seed=6)]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_car_drives_charges_and_sleeps(seed: int) -> None:
    """40 km and an hour on the road a day, an evening of charging every other, asleep at night."""
    car, states = _lived(seed)
    odometer = Car(VIN, "New", model=MODEL_Y_2025, clock=Clock(0.0), owner="").state.motion.odometer
    assert car.state.motion.odometer - odometer == pytest.approx(40.0 * DAYS, rel=0.02)
    hours = {what: states.count(what) / 60.0 / DAYS for what in set(states)}
    assert 0.9 < hours["driving"] < 1.3
    assert 0.6 < hours["charging"] < 1.2
    assert 0.5 < hours["online"] < 1.5
    nights = [state for minute, state in enumerate(states) if minute % 1440 < 360]
    assert set(nights) == {"asleep"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_is_home_again_each_evening(seed: int) -> None:
    """Locked, shut, with nothing on, and within a few metres of where it began."""
    car, _ = _lived(seed)
    start = Car(VIN, "New", model=MODEL_Y_2025, clock=Clock(0.0), owner="").state.motion
    state = car.state
    assert state.motion.latitude == pytest.approx(start.latitude, abs=0.003)
    assert state.motion.longitude == pytest.approx(start.longitude, abs=0.005)
    assert state.locked
    assert (state.open_doors, state.open_trunks, state.stops) == (set(), set(), [])
    assert (state.playing, state.climate.on, state.user_present) == (False, False, False)
