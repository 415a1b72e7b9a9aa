"""Charging and its limits, the charge port and the power modes."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from simulator.car.state import Cable

    from .conftest import Patient


@pytest.mark.parametrize(
    ("cable", "wanted", "limit", "start", "stop"),
    [
        (None, True, 80, "disconnected", "not_charging"),
        ("ac", True, 80, "is_charging", None),
        ("ac", False, 80, None, "not_charging"),
        ("ac", True, 50, "complete", "not_charging"),
        ("dc", False, 50, "complete", "not_charging"),
    ],
)
def test_charging_starts_and_stops_when_it_can(
    car: Patient,
    cable: Cable,
    *,
    wanted: bool,
    limit: int,
    start: str | None,
    stop: str | None,
) -> None:
    """Otherwise the car says why, in Tesla's words."""
    for command, reason, after in (("charge_start", start, True), ("charge_stop", stop, False)):
        car.state.charge.cable = cable
        car.state.charge.wanted = wanted
        car.state.charge.limit = limit
        assert car.obeys(command) == reason
        assert car.state.charge.wanted is (wanted if reason else after)


def test_the_limit_is_set_once(car: Patient) -> None:
    """And then it is already so."""
    assert car.obeys("set_charge_limit", percent=90) is None
    assert car.obeys("set_charge_limit", percent=90) == "already_set"
    assert car.obeys("set_charge_limit", percent=85.9) is None
    assert car.state.charge.limit == 85


@pytest.mark.parametrize("percent", [49, 101, 0, -1])
def test_the_limit_has_limits(car: Patient, percent: int) -> None:
    """From 50 to 100 %."""
    assert car.obeys("set_charge_limit", percent=percent) == "invalid_limit"
    assert car.state.charge.limit == 80


def test_the_named_limits(car: Patient) -> None:
    """Everyday and full."""
    for command, limit, again in (
        ("charge_max_range", 100, "already_max_range"),
        ("charge_standard", 80, "already_standard"),
    ):
        assert car.obeys(command) is None
        assert car.state.charge.limit == limit
        assert car.obeys(command) == again


@pytest.mark.parametrize(("asked", "amps"), [(10, 10), (0, 0), (99, 16), (-5, 0), (6.9, 6)])
def test_amps_are_taken_within_what_the_car_can(car: Patient, asked: float, amps: int) -> None:
    """Without a complaint."""
    assert car.obeys("set_charging_amps", charging_amps=asked) is None
    assert car.state.charge.amps == amps


def test_the_port_does_not_close_on_a_cable(car: Patient) -> None:
    """Everything else it does."""
    assert car.obeys("charge_port_door_open") is None
    assert car.state.charge.port_open
    car.state.charge.cable = "ac"
    assert car.obeys("charge_port_door_close") == "cable_connected"
    assert car.state.charge.port_open
    car.state.charge.cable = None
    assert car.obeys("charge_port_door_close") is None
    assert not car.state.charge.port_open


@pytest.mark.parametrize(
    ("command", "kept"),
    [("set_low_power_mode", "low_power"), ("keep_accessory_power_mode", "accessory_power")],
)
def test_power_modes_switch(car: Patient, command: str, kept: str) -> None:
    """On and off."""
    for enable in (True, False):
        assert car.obeys(command, enable=enable) is None
        assert car.has(kept) is enable
