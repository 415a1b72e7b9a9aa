"""Name, software, and what only shows in a count."""

from typing import TYPE_CHECKING

import pytest

from simulator.car.state import Update

if TYPE_CHECKING:
    from .conftest import Patient


def test_a_car_takes_a_name(car: Patient) -> None:
    """But not none."""
    assert car.obeys("set_vehicle_name", vehicle_name="Kitt") is None
    assert car.obeys("set_vehicle_name", vehicle_name="") == "invalid_name"
    assert car.state.name == "Kitt"


def test_an_update_is_scheduled_and_cancelled(car: Patient) -> None:
    """Seconds from now."""
    assert car.obeys("cancel_software_update") == "update_not_available"
    assert car.obeys("schedule_software_update", offset_sec=3600) == "update_not_available"
    assert (car.state.update_in, car.state.counts) == (None, {})
    car.state.update = Update(status="available", version="2026.40.1")
    assert car.obeys("schedule_software_update", offset_sec=-1) == "invalid_offset"
    assert car.obeys("schedule_software_update", offset_sec=3600) is None
    assert car.state.update_in == 3600
    assert car.obeys("cancel_software_update") is None
    assert car.state.update_in is None


@pytest.mark.parametrize(
    ("command", "count"),
    [("remote_boombox", "boombox"), ("ping", "ping")],
)
def test_what_leaves_no_trace_is_counted(car: Patient, command: str, count: str) -> None:
    """So a repetition shows."""
    for times in (1, 2):
        assert car.obeys(command) is None
        assert car.state.counts == {count: times}
