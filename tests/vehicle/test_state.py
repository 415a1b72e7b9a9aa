"""State: the newest reading wins, whoever brought it."""

import json

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.vehicle import Reading, Source, Value, VehicleState
from custom_components.teslalogger.vehicle.alerts import KnownAlerts
from custom_components.teslalogger.vehicle.state import UNKNOWN_AGE


def reading(
    value: Value, car_time: float, received: float = 1e9, source: Source = Source.POLL
) -> Reading:
    """A reading that was received long after."""
    return Reading(value=value, car_time=car_time, received=received, source=source)


def test_a_poll_does_not_overwrite_a_newer_streamed_value() -> None:
    """The time in the car decides, not the time of arrival."""
    state = VehicleState()
    state.apply({"battery_level": reading(70, 200, source=Source.STREAM)})
    assert state.apply({"battery_level": reading(71, 100)}) == frozenset()
    assert state.value("battery_level") == 70


def test_changed_means_another_value() -> None:
    """A newer reading of the same value makes it younger, but changes nothing."""
    state = VehicleState()
    assert state.apply({"locked": reading(value=True, car_time=1)}) == {"locked"}
    assert state.apply({"locked": reading(value=True, car_time=2)}) == frozenset()
    assert state.age("locked", 12) == 10
    assert state.apply({"locked": reading(value=False, car_time=3)}) == {"locked"}
    assert state.apply({"locked": reading(0, 4)}) == {"locked"}


def test_a_car_whose_clock_runs_ahead_does_not_win_for_ever() -> None:
    """What comes from the future counts as of now."""
    state = VehicleState()
    state.apply({"locked": reading(value=True, car_time=10**12, received=100)})
    assert state.apply({"locked": reading(value=False, car_time=150, received=150)}) == {"locked"}


@pytest.mark.parametrize(
    ("car_time", "received", "value"),
    [
        (99, 101, 16),  # asked before the command, answered after it
        (99, 160, 16),
        (100, 101, 32),  # the truth
        (150, 151, 32),
        (99, 161, 32),  # from a car whose clock is slow
    ],
)
def test_concluded_value_gives_way_to_the_truth_and_to_nothing_older(
    car_time: float, received: float, value: int
) -> None:
    """What a car confirmed at 100 holds against older news, and never for long."""
    state = VehicleState()
    state.apply({"charge_current_request": reading(16, 100, 100, Source.COMMAND)})
    state.apply({"charge_current_request": reading(32, car_time, received)})
    assert state.value("charge_current_request") == value


def test_what_is_of_unknown_age_fills_gaps_and_nothing_else() -> None:
    """It gives way to whatever is known, also to what was only concluded, and to its like."""
    state = VehicleState()
    state.apply({"charge_current_request": reading(16, 100, 100, Source.COMMAND)})
    old = {"charge_current_request": reading(32, UNKNOWN_AGE), "locked": reading(1, UNKNOWN_AGE)}
    assert state.apply(old) == {"locked"}
    assert state.value("charge_current_request") == 16
    assert state.age("locked", 5) is None
    assert state.apply({"locked": reading(0, UNKNOWN_AGE)}) == {"locked"}
    assert state.apply({"locked": reading(1, 3)}) == {"locked"}
    assert state.age("locked", 5) == 2


def test_what_was_never_told_has_no_value_and_no_age() -> None:
    """Absent is not nothing."""
    state = VehicleState()
    assert (state.get("locked"), state.value("locked"), state.age("locked", 5)) == (None,) * 3
    assert "locked" not in state
    assert len(state) == 0


def test_an_age_is_never_negative() -> None:
    """Clocks differ by a little."""
    state = VehicleState({"locked": reading(value=True, car_time=100, received=100)})
    assert state.age("locked", 90) == 0
    assert list(state) == ["locked"]


def test_a_restart_keeps_everything_and_its_age() -> None:
    """Through real JSON."""
    state = VehicleState(
        {
            "locked": reading(value=True, car_time=1.5),
            "odometer": reading(1234.5, 2, source=Source.MQTT),
            "conn_charge_cable": reading(None, 3),
        }
    )
    restored = VehicleState.from_dict(json.loads(json.dumps(state.to_dict())))
    assert restored.to_dict() == state.to_dict()
    assert restored.get("odometer") == state.get("odometer")


def null(car_time: float) -> Reading:
    """What a car says of what it lacks, and of what has no value now."""
    return Reading(value=None, car_time=car_time, received=1e9, source=Source.POLL, is_null=True)


def test_a_restart_keeps_the_alerts_that_are_known() -> None:
    """They are no signal, and nobody has asked for any at first."""
    state = VehicleState({"locked": reading(value=True, car_time=1)})
    assert set(state.to_dict()) == {"locked"}
    state.alerts.merge(KnownAlerts({"APP_w222": 7.0}))
    restored = VehicleState.from_dict(json.loads(json.dumps(state.to_dict())))
    assert restored.alerts.to_dict() == {"APP_w222": 7.0}
    assert set(restored) == {"locked"}


def test_merging_takes_what_is_newer_of_each() -> None:
    """Signals and alerts alike."""
    state = VehicleState({"locked": reading(value=True, car_time=5)})
    other = VehicleState(
        {"locked": reading(value=False, car_time=4), "battery_level": reading(70, 4)}
    )
    other.alerts.merge(KnownAlerts({"APP_w222": 7.0}))
    state.merge(other)
    assert (state.value("locked"), state.value("battery_level")) == (True, 70)
    assert state.alerts.to_dict() == {"APP_w222": 7.0}


def test_null_is_no_thing_that_a_car_has() -> None:
    """Unless it told more before or later; a word that nobody knows is more, too."""
    state = VehicleState()
    lacked, ended, late, strange = "speed_limit", "odometer", "sun_roof_state", "dashcam_state"
    state.apply(dict.fromkeys((lacked, ended, late), null(5)))
    assert lacked in state
    assert not any(state.has_told(key) for key in state)

    state.apply({ended: reading(1, 6), late: reading("open", 4), strange: reading(None, 6)})
    state.apply({ended: null(7)})

    assert {state.value(key) for key in state} == {None}
    restored = VehicleState.from_dict(json.loads(json.dumps(state.to_dict())))
    assert restored.to_dict() == state.to_dict()
    for one in (state, restored):
        assert {key for key in one if one.has_told(key)} == {ended, late, strange}


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "x",
        [None, 1, 1, "poll", False],
        [1, 1, 1, "poll", True, 1],
        [],
        [1, 2, 3],
        [1, "x", 3, "poll"],
        [{}, 1, 1, "poll"],
        [1, 1, 1, "rumour"],
        [1, float("nan"), 1, "poll"],
        [1, 1, 1, "poll"],
    ],
)
def test_what_cannot_be_read_is_left_out(entry: object) -> None:
    """One bad entry does not take the others with it."""
    stored = {"locked": entry, "odometer": [5, 1, 1, "poll"], "gone_signal": [5, 1, 1, "poll"]}
    assert set(VehicleState.from_dict(stored)) == {"odometer"}


@given(
    readings=st.lists(
        st.builds(
            reading,
            st.integers(0, 3),
            st.integers(0, 50),
            st.integers(0, 50),
            st.sampled_from(Source),
        ),
        min_size=1,
    ),
    data=st.data(),
)
def test_the_order_of_arrival_does_not_matter(readings: list[Reading], data: st.DataObject) -> None:
    """Whatever comes when, the latest moment is what stays."""
    state = VehicleState()
    for one in data.draw(st.permutations(readings)):
        state.apply({"odometer": one})
    kept = state.get("odometer")
    assert kept is not None
    assert kept.moment == max(one.moment for one in readings)


def test_last_told_is_the_newest_of_what_the_car_said_itself() -> None:
    """Neither what was concluded, nor what is of unknown age; a restart changes nothing."""
    state = VehicleState()
    state.apply({"odometer": reading(1.0, car_time=UNKNOWN_AGE, received=300.0)})
    state.apply({"sentry_mode": reading(value=True, car_time=400.0, source=Source.COMMAND)})
    unknown = state.last_told
    state.apply({"inside_temp": reading(20.0, car_time=200.0)})
    state.apply({"outside_temp": reading(10.0, car_time=100.0)})
    assert (unknown, state.last_told) == (None, 200.0)
    assert VehicleState.from_dict(state.to_dict()).last_told == 200.0
