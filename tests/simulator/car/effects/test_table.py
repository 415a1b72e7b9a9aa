"""All commands in one table."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simulator.car.effects import EFFECTS
from simulator.car.effects.body import BODY
from simulator.car.effects.charging import CHARGING
from simulator.car.effects.climate import CLIMATE
from simulator.car.effects.extras import EXTRAS
from simulator.car.effects.media import MEDIA
from simulator.car.effects.navigation import NAVIGATION
from simulator.car.effects.schedules import SCHEDULES
from simulator.car.effects.security import SECURITY
from simulator.car.effects.system import SYSTEM

if TYPE_CHECKING:
    from .conftest import Patient

PAYLOADS = Path(__file__).parents[3] / "data" / "vehicle-command-payloads.json"
SUBJECTS = (BODY, CHARGING, CLIMATE, EXTRAS, MEDIA, NAVIGATION, SCHEDULES, SECURITY, SYSTEM)
NEEDS: dict[str, dict[str, type]] = {
    "actuate_trunk": {"which_trunk": str},
    "window_control": {"command": str},
    "trigger_homelink": {"lat": float, "lon": float},
    "set_preconditioning_max": {"on": bool},
    "set_bioweapon_mode": {"on": bool, "manual_override": bool},
    "set_cabin_overheat_protection": {"on": bool},
    "set_cop_temp": {"cop_temp": int},
    "set_climate_keeper_mode": {"climate_keeper_mode": int},
    "remote_seat_heater_request": {"seat_position": int, "level": int},
    "remote_seat_cooler_request": {"seat_position": int, "seat_cooler_level": int},
    "remote_auto_seat_climate_request": {"auto_seat_position": int, "auto_climate_on": bool},
    "remote_steering_wheel_heater_request": {"on": bool},
    "remote_steering_wheel_heat_level_request": {"level": int},
    "remote_auto_steering_wheel_heat_climate_request": {"on": bool},
    "set_charge_limit": {"percent": int},
    "set_charging_amps": {"charging_amps": int},
    "set_scheduled_charging": {"enable": bool},
    "set_scheduled_departure": {"enable": bool},
    "add_charge_schedule": {
        "lat": float,
        "lon": float,
        "start_enabled": bool,
        "end_enabled": bool,
        "days_of_week": str,
        "enabled": bool,
    },
    "add_precondition_schedule": {
        "lat": float,
        "lon": float,
        "precondition_time": int,
        "days_of_week": str,
        "enabled": bool,
    },
    "remove_charge_schedule": {"id": int},
    "remove_precondition_schedule": {"id": int},
    "set_low_power_mode": {"enable": bool},
    "keep_accessory_power_mode": {"enable": bool},
    "adjust_volume": {"volume": float},
    "set_sentry_mode": {"on": bool},
    "set_valet_mode": {"on": bool},
    "set_pin_to_drive": {"on": bool},
    "speed_limit_activate": {"pin": str},
    "speed_limit_deactivate": {"pin": str},
    "speed_limit_set_limit": {"limit_mph": float},
    "speed_limit_clear_pin": {"pin": str},
    "parental_controls_activate": {"pin": str},
    "parental_controls_deactivate": {"pin": str},
    "parental_controls_enable_setting": {"setting": str, "enable": bool},
    "parental_controls_set_speed_limit": {"limit_mph": float},
    "parental_controls_clear_pin": {"pin": str},
    "guest_mode": {"enable": bool},
    "set_vehicle_name": {"vehicle_name": str},
    "schedule_software_update": {"offset_sec": int},
    "navigation_gps_request": {"lat": float, "lon": float},
    "navigation_gps_destination_request": {"lat": float, "lon": float, "destination": str},
    "set_sun_roof_level": {"percent": int},
    "set_outlet_timer": {"num_minutes": int},
    "set_outlet_limit": {"percent": int},
    "set_power_feed_timer": {"num_minutes": int},
    "set_power_feed_limit": {"percent": int},
    "set_recirculation": {"on": bool},
    "set_powershare_feature": {"on": bool},
    "set_powershare": {"on": bool},
    "set_tent_mode": {"on": bool},
    "set_trailer_light_test": {"on": bool},
    "set_bed_light_auto": {"on": bool},
    "set_light_bar_middle": {"on": bool},
    "set_light_bar_ditch": {"on": bool},
    "set_suspension_level": {"level": str},
    "set_outlets": {"outlets": str},
    "set_power_feed": {"feeds": str},
    "set_front_zone_light": {"level": str},
    "set_rear_zone_light": {"level": str},
    "set_temperature_unit": {"unit": str},
    "set_distance_unit": {"unit": str},
    "set_time_format": {"hours": str},
    "set_tire_pressure_unit": {"unit": str},
    "set_energy_display": {"unit": str},
    "navigation_sc_request": {"id": int},
    "navigation_waypoints_request": {"waypoints": str},
}
VALUES: dict[type, Any] = {bool: True, int: 1, float: 1.5, str: "all"}
WRONG: dict[type, list[Any]] = {
    bool: [1, "true", None],
    int: [True, "1", None],
    float: [True, "1.5", None],
    str: [1, True, None],
}
PARAMETERS = [
    (command, key, kind) for command, needed in NEEDS.items() for key, kind in needed.items()
]


def _given(command: str, *, without: str) -> dict[str, Any]:
    return {key: VALUES[kind] for key, kind in NEEDS[command].items() if key != without}


def test_no_subject_takes_a_command_of_another() -> None:
    """The merged table has them all."""
    assert len(EFFECTS) == sum(map(len, SUBJECTS))


def test_every_command_that_the_proxy_signs_is_known() -> None:
    """So a car obeys whatever Tesla's own clients send."""
    rows = json.loads(PAYLOADS.read_text("utf-8"))
    assert {row["command"] for row in rows if "payload_hex" in row} <= EFFECTS.keys()


def test_nobody_carries_out_what_does_not_exist(car: Patient) -> None:
    """The REST API says so before it asks the car."""
    with pytest.raises(KeyError):
        car.obeys("no_such_command")


@pytest.mark.parametrize(("command", "key", "kind"), PARAMETERS)
def test_a_parameter_cannot_be_left_out(car: Patient, command: str, key: str, kind: type) -> None:
    """The car names it."""
    assert kind in VALUES
    assert car.obeys(command, **_given(command, without=key)) == f"missing {key} param"


@pytest.mark.parametrize(
    ("command", "key", "value"),
    [(command, key, value) for command, key, kind in PARAMETERS for value in WRONG[kind]],
)
def test_a_parameter_has_its_type(car: Patient, command: str, key: str, value: Any) -> None:
    """A string is no number, and a number no boolean."""
    given = _given(command, without=key)
    before = repr(car.state)
    assert car.obeys(command, **given, **{key: value}) == f"invalid {key} param"
    assert repr(car.state) == before


@pytest.mark.parametrize("command", sorted(EFFECTS.keys() - NEEDS.keys() - {"sun_roof_control"}))
def test_the_others_need_no_parameters(car: Patient, command: str) -> None:
    """Whatever the car thinks of them."""
    assert "param" not in (car.obeys(command) or "")
