"""The cabin."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from simulator.car.model import MODEL_3_2021, MODEL_Y_2025
from simulator.car.state import SEATS

if TYPE_CHECKING:
    from .conftest import Patient

CABIN_OFF = "cabin comfort remote settings not enabled"


def test_stopping_ends_everything_that_needs_the_climate(car: Patient) -> None:
    """Heaters, defrost and the modes."""
    car.model = MODEL_Y_2025
    for command, params in (
        ("auto_conditioning_start", {}),
        ("set_preconditioning_max", {"on": True, "manual_override": False}),
        ("set_bioweapon_mode", {"on": True, "manual_override": True}),
        ("set_climate_keeper_mode", {"climate_keeper_mode": 2}),
        ("remote_steering_wheel_heater_request", {"on": True}),
        ("remote_seat_heater_request", {"seat_position": 0, "level": 3}),
        ("remote_seat_cooler_request", {"seat_position": 1, "seat_cooler_level": 2}),
    ):
        assert car.obeys(command, **params) is None
    before = car.state.climate
    assert (before.defrost, before.bioweapon, before.keeper) == (True, True, 2)
    assert before.steering_wheel
    assert (before.seat_heaters["front_left"], before.seat_coolers) == (3, {1: 2, 2: 0})

    assert car.obeys("auto_conditioning_stop") is None

    after = car.state.climate
    assert (after.on, after.defrost, after.bioweapon, after.keeper) == (False, False, False, 0)
    assert not after.steering_wheel
    assert set(after.seat_heaters.values()) | set(after.seat_coolers.values()) == {0}
    assert after.seat_heaters.keys() == set(SEATS)


@pytest.mark.parametrize(
    ("command", "on", "off"),
    [
        ("set_preconditioning_max", {"on": True}, {"on": False}),
        (
            "set_bioweapon_mode",
            {"on": True, "manual_override": True},
            {"on": False, "manual_override": False},
        ),
        ("set_climate_keeper_mode", {"climate_keeper_mode": 3}, {"climate_keeper_mode": 0}),
    ],
)
def test_a_mode_starts_the_climate(
    car: Patient, command: str, on: dict[str, Any], off: dict[str, Any]
) -> None:
    """And does not start it by being switched off."""
    assert car.obeys(command, **off) is None
    assert not car.state.climate.on
    assert car.obeys(command, **on) is None
    assert car.state.climate.on


def test_the_end_of_defrost_ends_the_climate(car: Patient) -> None:
    """As the app's button does."""
    car.obeys("set_preconditioning_max", on=True)
    car.obeys("set_preconditioning_max", on=False)
    assert (car.state.climate.on, car.state.climate.defrost) == (False, False)


@pytest.mark.parametrize(
    ("params", "driver", "passenger"),
    [
        ({"driver_temp": 22.5, "passenger_temp": 18}, 22.5, 18),
        ({"driver_temp": 22.5}, 22.5, 21),
        ({"driver_temp": 22.5, "passenger_temp": 0}, 22.5, 21),
        ({"passenger_temp": 14}, 21, 15),
        ({"driver_temp": 99}, 28, 21),
        ({}, 21, 21),
    ],
)
def test_temperatures_are_taken_within_limits(
    car: Patient, params: dict[str, float], driver: float, passenger: float
) -> None:
    """What is left out, or 0 as Tesla's proxy writes it, stays."""
    assert car.obeys("set_temps", **params) is None
    assert (car.state.climate.driver, car.state.climate.passenger) == (driver, passenger)


def test_overheat_protection_has_two_switches(car: Patient) -> None:
    """On, and with the fan only."""
    assert car.obeys("set_cabin_overheat_protection", on=True, fan_only=True) is None
    assert (car.state.climate.overheat, car.state.climate.overheat_fan_only) == (True, True)
    assert car.obeys("set_cabin_overheat_protection", on=True) is None
    assert (car.state.climate.overheat, car.state.climate.overheat_fan_only) == (True, False)
    assert car.obeys("set_cop_temp", cop_temp=0) is None
    assert car.state.climate.overheat_level == 0


@pytest.mark.parametrize(("seat", "name"), list(enumerate(SEATS)))
def test_every_seat_heats(car: Patient, seat: int, name: str) -> None:
    """By its number, under either name of the parameter."""
    car.model = replace(MODEL_3_2021, has_third_row=True)
    car.state.climate.on = True
    assert car.obeys("remote_seat_heater_request", seat_position=seat, level=3) is None
    assert car.state.climate.seat_heaters[name] == 3
    assert car.obeys("remote_seat_heater_request", heater=seat, level=1) is None
    assert car.state.climate.seat_heaters[name] == 1


@pytest.mark.parametrize(
    ("command", "params"),
    [
        ("remote_seat_heater_request", {"seat_position": 0, "level": 1}),
        ("remote_seat_cooler_request", {"seat_position": 1, "seat_cooler_level": 1}),
        ("remote_steering_wheel_heater_request", {"on": True}),
        ("remote_steering_wheel_heat_level_request", {"level": 1}),
    ],
)
def test_heaters_need_the_climate(car: Patient, command: str, params: dict[str, Any]) -> None:
    """The car says so in Tesla's words."""
    car.model = MODEL_Y_2025
    assert car.obeys(command, **params) == CABIN_OFF
    car.obeys("auto_conditioning_start")
    assert car.obeys(command, **params) is None


def test_steering_wheel_keeps_its_level(car: Patient) -> None:
    """Off by level and on by switch: it is as warm as before."""
    level = "remote_steering_wheel_heat_level_request"
    climate = car.state.climate
    car.obeys("auto_conditioning_start")
    assert car.obeys(level, level=1) is None
    assert (climate.steering_wheel, climate.steering_wheel_level) == (True, 1)
    assert car.obeys(level, level=0) is None
    assert not climate.steering_wheel
    assert car.obeys("remote_steering_wheel_heater_request", on=True) is None
    assert (climate.steering_wheel, climate.steering_wheel_level) == (True, 1)


def test_steering_wheel_can_be_automatic(car: Patient) -> None:
    """Without the climate, too."""
    assert car.obeys("remote_auto_steering_wheel_heat_climate_request", on=True) is None
    assert car.state.climate.steering_wheel_auto


def test_seats_can_be_automatic(car: Patient) -> None:
    """Each by itself."""
    command = "remote_auto_seat_climate_request"
    assert car.obeys(command, auto_seat_position=2, auto_climate_on=False) is None
    assert car.state.climate.auto_seats == {1: True, 2: False}


@pytest.mark.parametrize(
    ("command", "params"),
    [
        ("remote_seat_cooler_request", {"seat_position": 1, "seat_cooler_level": 1}),
        ("remote_steering_wheel_heater_request", {"on": True}),
        ("remote_steering_wheel_heat_level_request", {"level": 1}),
        ("remote_auto_steering_wheel_heat_climate_request", {"on": True}),
    ],
)
def test_a_car_has_no_more_than_it_has(car: Patient, command: str, params: dict[str, Any]) -> None:
    """This one is rather plain."""
    car.model = replace(MODEL_3_2021, has_steering_wheel_heater=False)
    car.obeys("auto_conditioning_start")
    assert car.obeys(command, **params) == "not_supported"


@pytest.mark.parametrize("seat", [7, 8])
def test_no_third_row_heats_where_there_is_none(car: Patient, seat: int) -> None:
    """Few cars have one."""
    car.obeys("auto_conditioning_start")
    request = {"seat_position": seat, "level": 1}
    assert car.obeys("remote_seat_heater_request", **request) == "not_supported"
    assert set(car.state.climate.seat_heaters.values()) == {0}


@pytest.mark.parametrize(
    ("command", "params", "reason"),
    [
        ("set_cop_temp", {"cop_temp": 3}, "invalid_cop_temp"),
        ("set_cop_temp", {"cop_temp": -1}, "invalid_cop_temp"),
        ("set_climate_keeper_mode", {"climate_keeper_mode": 4}, "invalid_mode"),
        ("remote_seat_heater_request", {"seat_position": 9, "level": 1}, "invalid_seat"),
        ("remote_seat_heater_request", {"seat_position": 0, "level": 4}, "invalid_level"),
        ("remote_steering_wheel_heat_level_request", {"level": 2}, "invalid_level"),
        (
            "remote_seat_cooler_request",
            {"seat_position": 0, "seat_cooler_level": 1},
            "invalid_seat",
        ),
        (
            "remote_seat_cooler_request",
            {"seat_position": 1, "seat_cooler_level": -1},
            "invalid_level",
        ),
        (
            "remote_auto_seat_climate_request",
            {"auto_seat_position": 3, "auto_climate_on": True},
            "invalid_seat",
        ),
    ],
)
def test_values_outside_the_range_are_refused(
    car: Patient, command: str, params: dict[str, Any], reason: str
) -> None:
    """Nothing is guessed."""
    car.model = MODEL_Y_2025
    car.obeys("auto_conditioning_start")
    before = repr(car.state)
    assert car.obeys(command, **params) == reason
    assert repr(car.state) == before
