"""What a car tells as a moment."""

from typing import TYPE_CHECKING

import pytest

from simulator.car import data, physics
from simulator.car.model import MODEL_3_2021
from simulator.car.state import WHEELS, CarState, Charge, Trip
from simulator.car.times import charge_times, tire_times, update_times

if TYPE_CHECKING:
    from simulator.car.state import Cable

NOON = 1_793_530_800
"""The first of November 2026, by the car's clock."""

HOUR = 3_600
DAY = 24 * HOUR


def parked(cable: Cable = None) -> CarState:
    """A 2021 Model 3 at 64 %."""
    return CarState(name="Juniper", charge=Charge(energy=48.0, cable=cable))


@pytest.mark.parametrize(
    ("minutes", "start"),
    [
        (None, None),
        (12 * 60 + 1, NOON + 60),
        (12 * 60, NOON + DAY),
        (11 * 60, NOON + 23 * HOUR),
        (0, NOON + DAY // 2),
    ],
)
def test_scheduled_charging_begins_the_next_time_that_the_clock_shows_it(
    minutes: int | None, start: int | None
) -> None:
    """Today or tomorrow; never now."""
    state = parked()
    state.charge.scheduled = minutes
    assert charge_times(state, NOON)["scheduled_charging_start_time"] == start


def test_a_utility_holds_charging_back_for_a_while() -> None:
    """The car says so and until when, and then it charges."""
    state = parked("ac")
    state.charge.managed_in = HOUR
    before = state.charge.energy
    assert charge_times(state, NOON)["managed_charging_start_time"] == NOON + HOUR

    physics.advance(state, MODEL_3_2021, HOUR / 2)

    assert physics.charging_state(state, MODEL_3_2021) == "Stopped"
    assert state.charge.energy == before
    assert charge_times(state, NOON)["managed_charging_start_time"] == NOON + HOUR / 2

    physics.advance(state, MODEL_3_2021, HOUR / 2)

    assert physics.charging_state(state, MODEL_3_2021) == "Charging"
    assert charge_times(state, NOON)["managed_charging_start_time"] is None


def test_wheels_are_heard_while_they_turn() -> None:
    """A parked car tells when that was."""
    state = parked()
    assert tire_times(state, NOON) == {
        f"tpms_last_seen_pressure_time_{wheel}": NOON - HOUR for wheel in WHEELS
    }
    state.motion.trip = Trip(length=50.0)
    physics.advance(state, MODEL_3_2021, 30)
    assert set(tire_times(state, NOON).values()) == {NOON}
    state.motion.stop()
    physics.advance(state, MODEL_3_2021, 90)
    assert set(tire_times(state, NOON).values()) == {NOON - 90}


def test_an_update_has_a_time_once_it_was_agreed_on() -> None:
    """In milliseconds; before it there is none, not null."""
    state = parked()
    assert update_times(state, NOON) == {}
    state.update_in = 120.0
    assert update_times(state, NOON) == {"scheduled_time_ms": (NOON + 120) * 1000}


def test_each_time_has_its_part_of_the_data() -> None:
    """Where Tesla has it."""
    state = parked()
    state.charge.scheduled, state.update_in = 0, 60.0
    asked = {"charge_state", "vehicle_state", "gui_settings"}
    told = data.parts(state, MODEL_3_2021, now=NOON, asked=asked, location=False)
    assert told["charge_state"].items() >= charge_times(state, NOON).items()
    assert told["vehicle_state"].items() >= tire_times(state, NOON).items()
    assert told["vehicle_state"]["software_update"].items() >= update_times(state, NOON).items()
    assert (
        told["gui_settings"].keys().isdisjoint(charge_times(state, NOON) | update_times(state, 0))
    )
