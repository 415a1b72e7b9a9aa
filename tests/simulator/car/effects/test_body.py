"""Locks, lids, windows, lights and horn."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from simulator.car.model import CYBERTRUCK_2024, MODEL_3_2021, MODEL_3_2022, MODEL_S_2016
from simulator.car.state import Trip

if TYPE_CHECKING:
    from .conftest import Patient


def test_doors_lock_and_unlock(car: Patient) -> None:
    """As often as one likes."""
    for command, locked in (
        ("door_unlock", False),
        ("door_unlock", False),
        ("door_lock", True),
        ("door_lock", True),
    ):
        assert car.obeys(command) is None
        assert car.state.locked is locked


def test_a_remote_start_gives_two_minutes(car: Patient) -> None:
    """To get in and drive off."""
    assert car.obeys("remote_start_drive") is None
    assert car.state.remote_start == 120


def test_a_power_liftgate_opens_and_closes(car: Patient) -> None:
    """The same command does both, so it must not be repeated."""
    for open_trunks in ({"rt"}, set[str](), {"rt"}):
        assert car.obeys("actuate_trunk", which_trunk="rear") is None
        assert car.state.open_trunks == open_trunks
    assert car.state.counts == {"trunk_rt": 3}


@pytest.mark.parametrize(("trunk", "powered"), [("front", True), ("rear", False)])
def test_a_lid_without_a_motor_only_opens(car: Patient, trunk: str, *, powered: bool) -> None:
    """A person closes it."""
    car.model = replace(MODEL_3_2021, has_power_liftgate=powered)
    for _ in range(2):
        assert car.obeys("actuate_trunk", which_trunk=trunk) is None
        assert len(car.state.open_trunks) == 1


def test_no_lid_opens_on_the_road(car: Patient) -> None:
    """Only in park."""
    car.state.motion.trip = Trip(length=10)
    assert car.obeys("actuate_trunk", which_trunk="rear") == "vehicle_not_in_park"
    assert car.state.open_trunks == set()


def test_only_a_cybertruck_has_a_tonneau(car: Patient) -> None:
    """It opens, closes and stops."""
    assert car.obeys("open_tonneau") == "not_supported"
    car.model = CYBERTRUCK_2024
    for command, tonneau in (
        ("open_tonneau", "open"),
        ("stop_tonneau", "stopped"),
        ("close_tonneau", "closed"),
    ):
        assert car.obeys(command) is None
        assert car.state.tonneau == tonneau


def test_windows_vent_and_close_together(car: Patient) -> None:
    """All four."""
    assert car.obeys("window_control", command="vent", lat=0, lon=0) is None
    assert car.state.open_windows == {"fd", "fp", "rd", "rp"}
    assert car.obeys("window_control", command="close") is None
    assert car.state.open_windows == set()


def test_a_sun_roof_has_to_be_there(car: Patient) -> None:
    """Then it vents, stops where it is, and closes."""
    assert car.obeys("sun_roof_control", state="vent") == "not_supported"
    car.model = MODEL_S_2016
    for state, percent in (("vent", 15), ("stop", 15), ("close", 0)):
        assert car.obeys("sun_roof_control", state=state) is None
        assert car.state.sun_roof == percent
    assert car.obeys("sun_roof_control", state="explode") == "invalid_state"
    assert car.obeys("sun_roof_control") == "missing state param"


@pytest.mark.parametrize(
    ("command", "params", "reason"),
    [
        ("actuate_trunk", {"which_trunk": "left"}, "invalid_value"),
        ("window_control", {"command": "smash"}, "invalid_command"),
    ],
)
def test_nonsense_is_refused(
    car: Patient, command: str, params: dict[str, str], reason: str
) -> None:
    """With the reason."""
    assert car.obeys(command, **params) == reason


def test_a_garage_door_only_hears_a_car_in_front_of_it(car: Patient) -> None:
    """Parked, and where it says it is."""
    here = {"lat": 52.5219, "lon": 13.4132}
    for elsewhere in ({"lat": 52.54}, {"lon": 13.43}, {"lat": 0, "lon": 0}):
        assert car.obeys("trigger_homelink", **here | elsewhere) == "homelink_not_nearby"
    car.state.motion.trip = Trip(length=10)
    assert car.obeys("trigger_homelink", **here) == "homelink_not_nearby"
    car.model = MODEL_3_2022
    assert car.obeys("trigger_homelink", **here) == "not_supported"
    assert car.state.counts == {}


@pytest.mark.parametrize(
    ("command", "params", "count"),
    [
        ("flash_lights", {}, "flash"),
        ("honk_horn", {}, "honk"),
        ("trigger_homelink", {"lat": 52.522, "lon": 13.413}, "homelink"),
    ],
)
def test_what_leaves_no_trace_is_counted(
    car: Patient, command: str, params: dict[str, float], count: str
) -> None:
    """So a repetition shows."""
    for times in (1, 2):
        assert car.obeys(command, **params) is None
        assert car.state.counts == {count: times}
