"""What no stream tells does not stay as it was on the road or at the charger."""

from typing import TYPE_CHECKING, Any, Final

import pytest

from custom_components.teslalogger.vehicle import (
    SIGNALS,
    Reading,
    Source,
    Value,
    VehicleState,
    readings_from,
    readings_from_stream,
)
from custom_components.teslalogger.vehicle.implied import IMPLICATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

BEFORE: Final = 1_700_000_000.0
AFTER: Final = BEFORE + 60
DRIVING: Final[dict[str, Any]] = {
    "drive_state": {"shift_state": "D", "speed": 60, "power": 21, "timestamp": BEFORE * 1000},
    "vehicle_state": {"is_user_present": True, "timestamp": BEFORE * 1000},
}
CHARGING: Final[dict[str, Any]] = {
    "charge_state": {
        "charging_state": "Charging",
        "charger_power": 11,
        "charger_actual_current": 16,
        "charger_voltage": 231,
        "charger_phases": 3,
        "charge_rate": 38.5,
        "minutes_to_full_charge": 95,
        "timestamp": BEFORE * 1000,
    }
}
AT_REST: Final = {"charger_power": 0, "charger_actual_current": 0, "charge_rate": 0}
FLOWING: Final = ("charger_actual_current", "charger_voltage", "charger_phases", "charge_rate")


def polled(answer: Mapping[str, Any]) -> VehicleState:
    """A car that was asked at the beginning."""
    state = VehicleState()
    state.apply(readings_from(answer, BEFORE))
    return state


def stream(state: VehicleState, at: float = AFTER, **fields: object) -> frozenset[str]:
    """Let it stream something; what changed."""
    return state.apply(readings_from_stream(fields, at, at))


def values(state: VehicleState, *keys: str) -> list[Value]:
    """What the state holds of some signals."""
    return [state.value(key) for key in keys]


def test_table_is_about_signals_and_their_values() -> None:
    """Of each value that starts something, and of each that follows."""
    for row in IMPLICATIONS:
        assert row.values <= set(SIGNALS[row.signal].options)
        assert all(SIGNALS[other].holds(value) for other, value in row.others.items())
    charging = {row.values for row in IMPLICATIONS if row.signal == "charging_state"}
    assert frozenset().union(*charging) == set(SIGNALS["charging_state"].options)
    gears = {row.values for row in IMPLICATIONS if row.signal == "shift_state"}
    assert frozenset().union(*gears) == set(SIGNALS["shift_state"].options)


def test_car_that_has_parked_stands_still() -> None:
    """Nobody knows its power, and nobody has got out for all we know."""
    state = polled(DRIVING)
    assert stream(state, Gear="ShiftStateP") == {"shift_state", "speed", "power"}
    assert values(state, "speed", "power", "is_user_present") == [0, None, True]


def test_car_that_drives_off_is_not_known_to_stand() -> None:
    """Somebody sits in it, unless the stream knows better."""
    state = polled(DRIVING)
    stream(state, Gear="ShiftStateP")
    stream(state, AFTER + 1, DriverSeatOccupied=False)
    stream(state, AFTER + 60, Gear="ShiftStateD")
    assert values(state, "speed", "power", "is_user_present") == [None, None, False]
    unwatched = polled({"drive_state": {"shift_state": None, "speed": None, "power": 0}})
    unwatched.apply(readings_from({"vehicle_state": {"is_user_present": False}}, BEFORE))
    stream(unwatched, Gear="ShiftStateR")
    assert values(unwatched, "speed", "power", "is_user_present") == [None, None, True]


def test_speed_that_is_streamed_is_left_to_the_stream() -> None:
    """But for the last one before the car stood, which was too small a step to be sent."""
    state = polled(DRIVING)
    stream(state, Gear="ShiftStateD", VehicleSpeed=1.5)
    stream(state, AFTER + 5, Gear="ShiftStateP")
    assert state.value("speed") == 0
    stream(state, AFTER + 60, Gear="ShiftStateD")
    assert state.value("speed") == 0
    stream(state, AFTER + 4, VehicleSpeed=1.0)
    assert state.value("speed") == 0


@pytest.mark.parametrize("end", ["Complete", "Stopped", "Disconnected", "NoPower"])
def test_what_charged_draws_no_current(end: str) -> None:
    """What nobody told of the mains is not known any more."""
    state = polled(CHARGING)
    stream(state, DetailedChargeState=f"DetailedChargeState{end}")
    assert {key: state.value(key) for key in AT_REST} == AT_REST
    assert values(state, "minutes_to_full_charge", "charger_voltage", "charger_phases") == [
        *(0, None, None)
    ]


def test_what_begins_to_charge_is_not_known_to_draw_nothing() -> None:
    """Once, also if it starts in two steps: what the stream tells between them stays."""
    state = polled(CHARGING)
    stream(state, DetailedChargeState="DetailedChargeStateStopped")
    stream(state, AFTER + 60, DetailedChargeState="DetailedChargeStateStarting")
    assert values(state, *FLOWING) == [None] * len(FLOWING)
    stream(state, AFTER + 61, ChargeAmps=16.0, ChargerVoltage=230.0)
    stream(state, AFTER + 62, DetailedChargeState="DetailedChargeStateCharging")
    assert values(state, "charger_actual_current", "charger_voltage") == [16, 230]


def test_command_that_ends_charging_ends_the_current() -> None:
    """The stream only says again what the car has confirmed already."""
    state = polled(CHARGING)
    concluded = Reading(value="stopped", car_time=AFTER, received=AFTER, source=Source.COMMAND)
    assert state.apply({"charging_state": concluded}) > {"charging_state"} | set(AT_REST)
    assert "charging_state" not in stream(
        state, AFTER + 1, DetailedChargeState="DetailedChargeStateStopped"
    )
    assert {key: state.value(key) for key in AT_REST} == AT_REST


@pytest.mark.parametrize("order", [1, -1])
def test_what_is_told_with_the_change_counts(order: int) -> None:
    """In the same answer or record, wherever it stands there; and what is newer than it."""
    state = polled(DRIVING)
    parked = {"shift_state": None, "speed": None, "power": -3, "timestamp": AFTER * 1000}
    answer = {"drive_state": dict(list(parked.items())[::order])}
    state.apply(readings_from(answer, AFTER))
    assert values(state, "speed", "power") == [0, -3]
    stream(state, AFTER - 30, Gear="ShiftStateD")
    assert values(state, "shift_state", "power") == ["p", -3]


def test_what_a_car_never_told_does_not_follow() -> None:
    """Nothing turns out to be there because another thing changed."""
    state = VehicleState()
    stream(state, Gear="ShiftStateD", DetailedChargeState="DetailedChargeStateStopped")
    stream(state, AFTER + 1, Gear="ShiftStateP")
    assert set(state) == {"shift_state", "charging_state", "charge_cable_connected"}


def test_what_follows_survives_a_restart() -> None:
    """Also if the change itself was only in the journal."""
    stored = VehicleState.from_dict(polled(DRIVING).to_dict())
    journal = VehicleState()
    stream(journal, Gear="ShiftStateP")
    stored.merge(VehicleState.from_dict(journal.to_dict()))
    assert values(VehicleState.from_dict(stored.to_dict()), "speed", "power") == [0, None]
    assert stored.has_told("power")
