"""Where a car says no for a reason of its own, or has done already what it is told to do."""

from typing import Final

from custom_components.teslalogger.vehicle import Route
from simulator.car.state import Trip

from .case import Case

_PIN: Final = "1234"
_WRONG: Final = {"pin": "4321"}
_CABIN_OFF: Final = "cabin comfort remote settings not enabled"
_PLUGGED_IN: Final = {"charge.cable": "ac", "charge.port_open": True}
_ON: Final = {"climate.on": True}
_DRIVES: Final = {"motion.trip": Trip(length=10.0), "motion.speed": 50.0, "user_present": True}
_PLAIN: Final = {
    "has_sun_roof": False,
    "has_tonneau": False,
    "has_seat_cooling": False,
    "has_third_row": False,
    "has_steering_wheel_heater": False,
    "has_schedules": False,
    "has_power_liftgate": False,
}
_SPEED_LIMITED: Final = {"speed_limit_active": True, "pins.speed_limit": _PIN}
_CHILD_DRIVES: Final = {"parental_active": True, "pins.parental": _PIN}
_SCHEDULE: Final = {
    "id": 7,
    "lat": 52.5,
    "lon": 13.25,
    "days_of_week": "All",
    "enabled": True,
    "one_time": False,
}

REFUSALS: Final[tuple[tuple[Case, str], ...]] = (
    (Case(command="charge_start"), "disconnected"),
    (Case(command="charge_start", before={**_PLUGGED_IN, "charge.limit": 50}), "complete"),
    (Case(command="charge_port_door_close", before=_PLUGGED_IN), "cable_connected"),
    (
        Case(command="actuate_trunk", params={"which_trunk": "front"}, before=_DRIVES),
        "vehicle_not_in_park",
    ),
    (
        Case(command="close_trunk", before={"open_trunks": {"rt"}}, model=_PLAIN),
        "not_supported",
    ),
    (
        Case(
            command="window_control",
            params={"command": "close"},
            before={"open_windows": {"fd"}},
            routes=(Route.UNSIGNED,),
        ),
        "not_nearby",
    ),
    *(
        (Case(command=f"{move}_trunk", before=_DRIVES), "vehicle_not_in_park")
        for move in ("open", "close")
    ),
    *(
        (Case(command=f"{move}_tonneau", model=_PLAIN), "not_supported")
        for move in ("open", "close", "stop")
    ),
    (
        Case(command="sun_roof_control", params={"state": "vent"}, model=_PLAIN),
        "not_supported",
    ),
    (
        Case(command="trigger_homelink", params={"lat": 48.5, "lon": 11.5}),
        "homelink_not_nearby",
    ),
    (
        Case(
            command="trigger_homelink",
            params={"lat": 52.5219, "lon": 13.4132},
            before=_DRIVES,
        ),
        "homelink_not_nearby",
    ),
    (
        Case(command="schedule_software_update", params={"offset_sec": 60}),
        "update_not_available",
    ),
    (Case(command="cancel_software_update"), "update_not_available"),
    (
        Case(command="remote_seat_heater_request", params={"seat_position": 0, "level": 3}),
        _CABIN_OFF,
    ),
    (
        Case(
            command="remote_seat_heater_request",
            params={"seat_position": 7, "level": 3},
            model=_PLAIN,
            before=_ON,
        ),
        "not_supported",
    ),
    (
        Case(
            command="remote_seat_cooler_request",
            params={"seat_position": 1, "seat_cooler_level": 3},
            model=_PLAIN,
            before=_ON,
        ),
        "not_supported",
    ),
    (
        Case(
            command="remote_seat_cooler_request",
            params={"seat_position": 1, "seat_cooler_level": 3},
            model={"has_seat_cooling": True},
        ),
        _CABIN_OFF,
    ),
    (Case(command="remote_steering_wheel_heater_request", params={"on": True}), _CABIN_OFF),
    (
        Case(
            command="remote_steering_wheel_heat_level_request",
            params={"level": 3},
            model=_PLAIN,
            before=_ON,
        ),
        "not_supported",
    ),
    (
        Case(
            command="remote_auto_steering_wheel_heat_climate_request",
            params={"on": True},
            model=_PLAIN,
        ),
        "not_supported",
    ),
    (
        Case(
            command="add_charge_schedule",
            params={**_SCHEDULE, "start_enabled": True, "end_enabled": False, "start_time": 60},
            model=_PLAIN,
        ),
        "not_supported",
    ),
    (
        Case(
            command="add_precondition_schedule",
            params={**_SCHEDULE, "precondition_time": 60},
            model=_PLAIN,
        ),
        "not_supported",
    ),
    *(
        (
            Case(command=f"remove_{kind}_schedule", params={"id": 9}, model=model),
            reason,
        )
        for kind in ("charge", "precondition")
        for model, reason in (
            ({"has_schedules": True}, "schedule_not_found"),
            (_PLAIN, "not_supported"),
        )
    ),
    (
        Case(
            command="set_valet_mode",
            params={"on": True, "password": "4321"},
            before={"pins.valet": _PIN},
        ),
        "incorrect_pin",
    ),
    (Case(command="set_valet_mode", params={"on": True}), "missing password param"),
    (Case(command="set_pin_to_drive", params={"on": True}), "invalid_pin"),
    (
        Case(command="reset_pin_to_drive_pin", before={"pin_to_drive": True, "pins.drive": _PIN}),
        "pin_to_drive_is_on",
    ),
    (
        Case(command="speed_limit_activate", params=_WRONG, before={"pins.speed_limit": _PIN}),
        "incorrect_pin",
    ),
    (
        Case(command="speed_limit_deactivate", params=_WRONG, before=_SPEED_LIMITED),
        "incorrect_pin",
    ),
    (
        Case(command="speed_limit_clear_pin", params=_WRONG, before=_SPEED_LIMITED),
        "incorrect_pin",
    ),
    (
        Case(command="speed_limit_set_limit", params={"limit_mph": 70}, before=_SPEED_LIMITED),
        "speed_limit_mode_is_active",
    ),
    (
        Case(
            command="parental_controls_activate",
            params=_WRONG,
            before={"pins.parental": _PIN},
        ),
        "incorrect_pin",
    ),
    (
        Case(command="parental_controls_deactivate", params=_WRONG, before=_CHILD_DRIVES),
        "incorrect_pin",
    ),
    (
        Case(command="parental_controls_clear_pin", params=_WRONG, before=_CHILD_DRIVES),
        "incorrect_pin",
    ),
    (
        Case(
            command="parental_controls_enable_setting",
            params={"setting": "Curfew", "enable": True},
            before=_CHILD_DRIVES,
        ),
        "parental_controls_active",
    ),
    (Case(command="erase_user_data"), "guest_mode_is_off"),
    (Case(command="dashcam_save_clip", model={"has_cameras": False}), "not_supported"),
    (Case(command="auto_secure_vehicle"), "not_supported"),
    (
        Case(command="set_sun_roof_level", params={"percent": 50}, model=_PLAIN),
        "not_supported",
    ),
    (Case(command="set_tent_mode", params={"on": True}, model=_PLAIN), "not_supported"),
    (
        Case(
            command="set_suspension_level",
            params={"level": "low"},
            model={"has_air_suspension": False},
        ),
        "not_supported",
    ),
    (
        Case(command="navigation_waypoints_request", params={"waypoints": "refId:one,Berlin"}),
        "invalid_waypoints",
    ),
)
"""A command, the car before it, and its reason to refuse."""

NEEDLESS: Final[tuple[tuple[Case, str], ...]] = (
    (
        Case(command="charge_start", before=_PLUGGED_IN, known={"charging_state": "charging"}),
        "is_charging",
    ),
    (
        Case(
            command="charge_stop",
            before={**_PLUGGED_IN, "charge.wanted": False},
            known={"charging_state": "stopped"},
        ),
        "not_charging",
    ),
    (Case(command="charge_standard"), "already_standard"),
    (Case(command="charge_max_range", before={"charge.limit": 100}), "already_max_range"),
    (
        Case(
            command="set_charge_limit",
            params={"percent": 80},
            known={"charge_limit_soc": 80},
        ),
        "already_set",
    ),
    (
        Case(command="set_valet_mode", params={"on": False}, known={"valet_mode": False}),
        "already off",
    ),
)
"""A command, the car that needs none, and the word with which it says so; that is no refusal."""
