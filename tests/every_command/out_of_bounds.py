"""What no parameter may be: the first values outside its bounds, or of another kind."""

from typing import Any, Final

type Values = tuple[Any, ...]

_FLAG: Final[Values] = (0, 1, "true", None)
_LATITUDE: Final[Values] = (-90.001, 90.001, float("nan"), "52.5")
_LONGITUDE: Final[Values] = (-180.001, 180.001, float("inf"), True)
_MINUTE: Final[Values] = (-1, 1441, 0.5, "60")
_ID: Final[Values] = (0, 2**64, -1, "7")
_DAYS: Final[Values] = ("", "Funday", 0, 128, [], None)
_PIN: Final[Values] = ("", "123", "12345", "12a4", "1234\n", 1234)
_LEVEL: Final[Values] = (-1, 4, 0.5, True)
_FRONT_SEAT: Final[Values] = (0, 3, "left")
_TEMPERATURE: Final[Values] = (14.99, 28.01, "21", True)
_LIMIT: Final[Values] = (49.99, 120.01, "70")
_ORDER: Final[Values] = (0, 4, 1.5)
_PLACE: Final[dict[str, Values]] = {"lat": _LATITUDE, "lon": _LONGITUDE}
_SCHEDULE: Final[dict[str, Values]] = {
    **_PLACE,
    "days_of_week": _DAYS,
    "enabled": _FLAG,
    "id": _ID,
    "name": ("", "x" * 256, 7),
    "one_time": _FLAG,
}
_PERCENT: Final = (-1, 101, 20.5, "20", None)
_REMOVED_PLACES: Final[dict[str, Values]] = {"home": _FLAG, "work": _FLAG, "other": _FLAG}
_ON_WITH_PIN: Final[dict[str, Values]] = {"on": _FLAG, "password": _PIN}

OUT_OF_BOUNDS: Final[dict[str, dict[str, Values]]] = {
    "actuate_trunk": {"which_trunk": ("left", "Rear", "", 1)},
    "window_control": {"command": ("open", "", 1), **_PLACE},
    "sun_roof_control": {"state": ("open", "closed", 50)},
    "remote_boombox": {"sound": (-1, 2**31 + 1, 0.5)},
    "trigger_homelink": _PLACE,
    "set_vehicle_name": {"vehicle_name": ("", " ", "x" * 101, 7)},
    "schedule_software_update": {"offset_sec": (-1, 7 * 86_400 + 1, 0.5)},
    "set_low_power_mode": {"enable": _FLAG},
    "keep_accessory_power_mode": {"enable": _FLAG},
    "set_temps": {"driver_temp": _TEMPERATURE, "passenger_temp": _TEMPERATURE},
    "set_preconditioning_max": {"on": _FLAG, "manual_override": _FLAG},
    "set_bioweapon_mode": {"on": _FLAG, "manual_override": _FLAG},
    "set_cabin_overheat_protection": {"on": _FLAG, "fan_only": _FLAG},
    "set_cop_temp": {"cop_temp": (-1, 3, 0.5, "low")},
    "set_climate_keeper_mode": {
        "climate_keeper_mode": (-1, 4, True),
        "manual_override": _FLAG,
    },
    "remote_seat_heater_request": {"seat_position": (-1, 9), "level": _LEVEL},
    "remote_seat_cooler_request": {"seat_position": _FRONT_SEAT, "seat_cooler_level": _LEVEL},
    "remote_auto_seat_climate_request": {
        "auto_seat_position": _FRONT_SEAT,
        "auto_climate_on": _FLAG,
    },
    "remote_steering_wheel_heater_request": {"on": _FLAG},
    "remote_steering_wheel_heat_level_request": {"level": (*_LEVEL, 2)},
    "remote_auto_steering_wheel_heat_climate_request": {"on": _FLAG},
    "set_charge_limit": {"percent": (49, 101, 80.5, "80", True)},
    "set_charging_amps": {"charging_amps": (-1, 101, 7.5)},
    "set_scheduled_charging": {"enable": _FLAG, "time": _MINUTE},
    "set_scheduled_departure": {
        "enable": _FLAG,
        "departure_time": _MINUTE,
        "end_off_peak_time": _MINUTE,
        "preconditioning_enabled": _FLAG,
        "preconditioning_weekdays_only": _FLAG,
        "off_peak_charging_enabled": _FLAG,
        "off_peak_charging_weekdays_only": _FLAG,
    },
    "add_charge_schedule": {
        **_SCHEDULE,
        "start_enabled": _FLAG,
        "start_time": _MINUTE,
        "end_enabled": _FLAG,
        "end_time": _MINUTE,
    },
    "remove_charge_schedule": {"id": _ID},
    "add_precondition_schedule": {**_SCHEDULE, "precondition_time": _MINUTE},
    "remove_precondition_schedule": {"id": _ID},
    "batch_remove_charge_schedules": _REMOVED_PLACES,
    "batch_remove_precondition_schedules": _REMOVED_PLACES,
    "set_sentry_mode": {"on": _FLAG},
    "set_valet_mode": _ON_WITH_PIN,
    "set_pin_to_drive": _ON_WITH_PIN,
    "guest_mode": {"enable": _FLAG},
    "speed_limit_activate": {"pin": _PIN},
    "speed_limit_deactivate": {"pin": _PIN},
    "speed_limit_set_limit": {"limit_mph": _LIMIT},
    "speed_limit_clear_pin": {"pin": _PIN},
    "parental_controls_activate": {"pin": _PIN},
    "parental_controls_deactivate": {"pin": _PIN},
    "parental_controls_enable_setting": {"setting": ("Nap", "curfew", 3), "enable": _FLAG},
    "parental_controls_set_speed_limit": {"limit_mph": _LIMIT},
    "parental_controls_clear_pin": {"pin": _PIN},
    "adjust_volume": {"volume": (-0.01, 11.01, "5")},
    "navigation_request": {
        "destination": ("", "x" * 501, None),
        "locale": ("", "x" * 101),
        "timestamp_ms": (-1, 2**53 + 1, "5"),
    },
    "navigation_gps_request": {**_PLACE, "order": _ORDER},
    "navigation_gps_destination_request": {
        **_PLACE,
        "destination": ("", "x" * 501, None),
        "order": _ORDER,
    },
    "set_sun_roof_level": {"percent": _PERCENT},
    **{
        command: {"on": _FLAG}
        for command in (
            "set_recirculation",
            "set_powershare_feature",
            "set_powershare",
            "set_tent_mode",
            "set_trailer_light_test",
            "set_bed_light_auto",
            "set_light_bar_middle",
            "set_light_bar_ditch",
        )
    },
    **{
        command: {parameter: ("", "none", 1, None)}
        for command, parameter in (
            ("set_suspension_level", "level"),
            ("set_outlets", "outlets"),
            ("set_power_feed", "feeds"),
            ("set_front_zone_light", "level"),
            ("set_rear_zone_light", "level"),
            ("set_temperature_unit", "unit"),
            ("set_distance_unit", "unit"),
            ("set_time_format", "hours"),
            ("set_tire_pressure_unit", "unit"),
            ("set_energy_display", "unit"),
        )
    },
    "set_outlet_timer": {"num_minutes": _MINUTE},
    "set_outlet_limit": {"percent": _PERCENT},
    "set_power_feed_timer": {"num_minutes": _MINUTE},
    "set_power_feed_limit": {"percent": _PERCENT},
    "navigation_sc_request": {"id": (-1, 2**53 + 1, 0.5), "order": _ORDER},
    "navigation_waypoints_request": {"waypoints": ("", "x" * 2001)},
}
"""By command and parameter."""
