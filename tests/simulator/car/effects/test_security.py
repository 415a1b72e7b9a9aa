"""Sentry, and the modes that restrict who drives how."""

from typing import TYPE_CHECKING, Any

import pytest

from simulator.car.model import MODEL_S_2016

if TYPE_CHECKING:
    from .conftest import Patient

PIN = "1234"
OTHER = "4321"
MODES = [
    ("speed_limit_activate", "speed_limit_deactivate", "speed_limit_active", "pins.speed_limit"),
    (
        "parental_controls_activate",
        "parental_controls_deactivate",
        "parental_active",
        "pins.parental",
    ),
]
ENDS = [
    (
        "speed_limit_activate",
        "speed_limit_clear_pin",
        "speed_limit_clear_pin_admin",
        "speed_limit_active",
        "pins.speed_limit",
    ),
    (
        "parental_controls_activate",
        "parental_controls_clear_pin",
        "parental_controls_clear_pin_admin",
        "parental_active",
        "pins.parental",
    ),
]


def test_sentry_needs_cameras(car: Patient) -> None:
    """An old Model S has none that could watch."""
    car.model = MODEL_S_2016
    for on in (True, False):
        assert car.obeys("set_sentry_mode", on=on) == "not_supported"
    assert not car.has("sentry_mode")


@pytest.mark.parametrize(
    ("command", "key", "kept"),
    [("set_sentry_mode", "on", "sentry_mode"), ("guest_mode", "enable", "guest_mode")],
)
def test_modes_without_a_pin_switch(car: Patient, command: str, key: str, kept: str) -> None:
    """On and off."""
    for on in (True, False):
        assert car.obeys(command, **{key: on}) is None
        assert car.has(kept) is on


@pytest.mark.parametrize(("activate", "deactivate", "active", "stored"), MODES)
def test_the_first_pin_counts(
    car: Patient, activate: str, deactivate: str, active: str, stored: str
) -> None:
    """For switching on again, and for switching off."""
    assert car.obeys(activate, pin=PIN) is None
    assert (car.has(active), car.has(stored)) == (True, PIN)
    assert car.obeys(deactivate, pin=OTHER) == "incorrect_pin"
    assert car.has(active)
    assert car.obeys(deactivate, pin=PIN) is None
    assert (car.has(active), car.has(stored)) == (False, PIN)
    assert car.obeys(activate, pin=OTHER) == "incorrect_pin"
    assert not car.has(active)


@pytest.mark.parametrize(("activate", "clear", "clear_admin", "active", "stored"), ENDS)
def test_clearing_a_pin_ends_the_mode(
    car: Patient, activate: str, clear: str, clear_admin: str, active: str, stored: str
) -> None:
    """With the PIN, or by the owner without."""
    for end, params in ((clear, {"pin": PIN}), (clear_admin, {})):
        car.obeys(activate, pin=PIN)
        assert car.obeys(clear, pin=OTHER) == "incorrect_pin"
        assert car.has(active)
        assert car.obeys(end, **params) is None
        assert (car.has(active), car.has(stored)) == (False, None)
    assert car.obeys(clear, pin=OTHER) is None


@pytest.mark.parametrize("pin", ["", "123", "12345", "12a4", "١٢٣٤", "1234\n"])
@pytest.mark.parametrize(
    ("command", "params"),
    [
        ("speed_limit_activate", {}),
        ("parental_controls_activate", {}),
        ("set_valet_mode", {"on": True}),
        ("set_pin_to_drive", {"on": True}),
    ],
)
def test_a_pin_is_four_digits(car: Patient, command: str, params: dict[str, Any], pin: str) -> None:
    """Nothing else."""
    before = repr(car.state)
    assert car.obeys(command, **params, pin=pin, password=pin) == "invalid_pin"
    assert repr(car.state) == before


def test_valet_mode_needs_a_pin_to_begin(car: Patient) -> None:
    """Given now or stored, but not to end."""
    assert car.obeys("set_valet_mode", on=False) == "already off"
    assert car.obeys("set_valet_mode", on=True) == "missing password param"
    assert car.obeys("set_valet_mode", on=True, password=PIN) is None
    assert car.has("valet_mode")
    assert car.obeys("set_valet_mode", on=False) is None
    assert not car.has("valet_mode")
    assert car.obeys("set_valet_mode", on=True, password=OTHER) == "incorrect_pin"
    assert not car.has("valet_mode")
    assert car.obeys("set_valet_mode", on=True) is None
    assert (car.has("valet_mode"), car.state.pins.valet) == (True, PIN)
    assert car.obeys("reset_valet_pin") is None
    assert car.obeys("set_valet_mode", on=True, password=OTHER) is None
    assert car.state.pins.valet == OTHER


def test_a_stored_pin_to_drive_stays(car: Patient) -> None:
    """A new one is ignored until the old one is cleared, which needs the mode to be off."""
    assert car.obeys("set_pin_to_drive", on=True) == "invalid_pin"
    assert car.obeys("set_pin_to_drive", on=True, password=PIN) is None
    assert car.obeys("set_pin_to_drive", on=True, password=OTHER) is None
    assert (car.state.pin_to_drive, car.state.pins.drive) == (True, PIN)
    assert car.obeys("reset_pin_to_drive_pin") == "pin_to_drive_is_on"
    assert car.obeys("set_pin_to_drive", on=False) is None
    assert (car.state.pin_to_drive, car.state.pins.drive) == (False, PIN)
    assert car.obeys("reset_pin_to_drive_pin") is None
    assert car.state.pins.drive is None


def test_the_owner_can_end_pin_to_drive(car: Patient) -> None:
    """Without the PIN."""
    car.obeys("set_pin_to_drive", on=True, password=PIN)
    assert car.obeys("clear_pin_to_drive_admin") is None
    assert (car.state.pin_to_drive, car.state.pins.drive) == (False, None)


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        ("speed_limit_set_limit", "speed_limit_mph"),
        ("parental_controls_set_speed_limit", "parental_limit_mph"),
    ],
)
def test_speed_limits_are_from_50_to_120_mph(car: Patient, command: str, kept: str) -> None:
    """Fractions are fine."""
    for limit in (50, 65.5, 120):
        assert car.obeys(command, limit_mph=limit) is None
        assert car.has(kept) == limit
    for limit in (49.9, 120.1):
        assert car.obeys(command, limit_mph=limit) == "invalid_speed_limit"
    assert car.has(kept) == 120


def test_active_modes_are_not_changed(car: Patient) -> None:
    """They have to be ended before."""
    car.obeys("speed_limit_activate", pin=PIN)
    assert car.obeys("speed_limit_set_limit", limit_mph=70) == "speed_limit_mode_is_active"
    setting = {"setting": "Acceleration", "enable": True}
    assert car.obeys("parental_controls_enable_setting", **setting) is None
    assert car.state.parental_settings == {"Acceleration": True}
    car.obeys("parental_controls_activate", pin=PIN)
    refused = car.obeys("parental_controls_enable_setting", setting="Curfew", enable=True)
    assert refused == "parental_controls_active"
    assert car.state.parental_settings == {"Acceleration": True}


def test_parental_controls_have_seven_settings(car: Patient) -> None:
    """No other."""
    refused = car.obeys("parental_controls_enable_setting", setting="Nap", enable=True)
    assert refused == "invalid_setting"
    assert car.state.parental_settings == {}


def test_only_a_guest_erases(car: Patient) -> None:
    """Elsewhere it would be a disaster."""
    assert car.obeys("erase_user_data") == "guest_mode_is_off"
    assert car.state.counts == {}
    car.obeys("guest_mode", enable=True)
    assert car.obeys("erase_user_data") is None
    assert car.state.counts == {"erase_user_data": 1}
