"""The car's data as `vehicle_data` words it: miles, mph, °C, bar, times in milliseconds."""

import math
from typing import TYPE_CHECKING, Any, Final

from simulator.car import physics
from simulator.car.configuration import HEAT_PUMP_YEAR, configuration, display
from simulator.car.route import KM_PER_MILE, destination, route
from simulator.car.state import (
    DAYS,
    KEEPER_MODES,
    MAX_LIMIT,
    MAX_SPEED_LIMIT,
    MAX_TEMPERATURE,
    MIN_LIMIT,
    MIN_SPEED_LIMIT,
    MIN_TEMPERATURE,
    OVERHEAT_LEVELS,
    RECOMMENDED_PRESSURE,
    STANDARD_LIMIT,
    WINDOWS,
)
from simulator.car.times import charge_times, tire_times, update_times

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.car.model import CarModel
    from simulator.car.state import CarState, Charge, Climate

type Part = dict[str, Any]

WINDOW_OPEN: Final = 2
DEFROST_MAX: Final = 2
SOFT_WARNING: Final = 2.5
HARD_WARNING: Final = 2.0
MAX_SCHEDULES: Final = 100
ARTISTS: Final = ("The Simulators", "Clara Kurve", "Halbe Kraft")
ALBUMS: Final = ("Dashboard", "Off-ramp")
SEAT_KEYS: Final = {
    "seat_heater_left": "front_left",
    "seat_heater_right": "front_right",
    "seat_heater_rear_left": "rear_left",
    "seat_heater_rear_center": "rear_center",
    "seat_heater_rear_right": "rear_right",
}
THIRD_ROW_KEYS: Final = {
    "seat_heater_third_row_left": "third_row_left",
    "seat_heater_third_row_right": "third_row_right",
}


def parts(
    state: CarState, model: CarModel, *, now: float, asked: set[str], location: bool
) -> dict[str, Part]:
    """The asked parts; the position only if `location`."""
    stamp = int(now * 1000)
    told = {
        name: {**part(state, model), "timestamp": stamp}
        for name, part in _PARTS.items()
        if name in asked and _knows(model, name)
    }
    if "charge_state" in told:
        told["charge_state"] |= charge_times(state, now)
    if "vehicle_state" in told:
        told["vehicle_state"] |= tire_times(state, now)
        told["vehicle_state"]["software_update"] |= update_times(state, now)
    if location:
        drive = told.setdefault("drive_state", {"timestamp": stamp})
        drive.update(_position(state, now))
    return told


def _minutes_to_full(state: CarState, model: CarModel) -> int:
    power = physics.charging_power(state, model) * physics.CHARGING_EFFICIENCY
    missing = model.pack * state.charge.limit / 100.0 - state.charge.energy
    return math.ceil(60.0 * missing / power) if power > 0 and missing > 0 else 0


def _scheduled_mode(charge: Charge) -> str:
    if charge.scheduled is not None:
        return "StartAt"
    return "DepartBy" if charge.departure else "Off"


def _charge(state: CarState, model: CarModel) -> Part:
    charge = state.charge
    charging = physics.charging_state(state, model)
    power = physics.charging_power(state, model)
    level = physics.soc(state, model)
    rated = charge.energy * model.rated_per_kwh
    ac, dc = charge.cable == "ac", charge.cable == "dc"
    minutes = _minutes_to_full(state, model)
    flowing = charging == "Charging"
    return {
        "battery_heater_on": False,
        "battery_level": round(level),
        "battery_range": round(rated, 2),
        "charge_amps": charge.amps,
        "charge_current_request": charge.amps,
        "charge_current_request_max": model.ac_amps,
        "charge_enable_request": charge.wanted,
        "charge_energy_added": round(charge.added, 2),
        "charge_limit_soc": charge.limit,
        "charge_limit_soc_max": MAX_LIMIT,
        "charge_limit_soc_min": MIN_LIMIT,
        "charge_limit_soc_std": STANDARD_LIMIT,
        "charge_miles_added_ideal": round(charge.added * model.rated_per_kwh, 1),
        "charge_miles_added_rated": round(charge.added * model.rated_per_kwh, 1),
        "charge_port_cold_weather_mode": False,
        "charge_port_color": "<invalid>",
        "charge_port_door_open": charge.port_open,
        "charge_port_latch": "Engaged" if charge.cable else "Disengaged",
        "charge_rate": round(power * physics.CHARGING_EFFICIENCY * model.rated_per_kwh, 1),
        "charger_actual_current": charge.amps if flowing and ac else 0,
        "charger_phases": physics.PHASES if flowing and ac else None,
        "charger_pilot_current": model.ac_amps if ac else 0,
        "charger_power": round(power),
        "charger_voltage": int(physics.VOLTAGE) if flowing and ac else (2 if ac else 0),
        "charging_state": charging,
        "conn_charge_cable": {"ac": "IEC", "dc": "IEC", None: "<invalid>"}[charge.cable],
        "est_battery_range": round(rated * 0.9, 2),
        "fast_charger_brand": "Tesla" if dc else "<invalid>",
        "fast_charger_present": dc,
        "fast_charger_type": "Combo" if dc else "<invalid>",
        "ideal_battery_range": round(rated, 2),
        "managed_charging_active": charge.managed_in is not None,
        "managed_charging_user_canceled": False,
        "max_range_charge_counter": 0,
        "minutes_to_full_charge": minutes,
        "not_enough_power_to_heat": False if model.option_year < HEAT_PUMP_YEAR else None,
        "off_peak_charging_enabled": charge.departure.get("off_peak_charging_enabled", False),
        "off_peak_charging_times": charge.departure.get("off_peak_charging_times", "all_week"),
        "off_peak_hours_end_time": charge.departure.get("end_off_peak_time", 360),
        "preconditioning_enabled": charge.departure.get("preconditioning_enabled", False),
        "preconditioning_times": charge.departure.get("preconditioning_times", "all_week"),
        "scheduled_charging_mode": _scheduled_mode(charge),
        "scheduled_charging_pending": charge.scheduled is not None and charge.cable is not None,
        "scheduled_charging_start_time_minutes": charge.scheduled,
        "scheduled_departure_time_minutes": charge.departure.get("departure_time", 480),
        "supercharger_session_trip_planner": False,
        "time_to_full_charge": round(minutes / 60.0, 2),
        "trip_charging": False,
        "usable_battery_level": max(0, math.floor(level)),
        "user_charge_enable_request": None,
    }


def _climate(state: CarState, model: CarModel) -> Part:
    climate = state.climate
    keys = SEAT_KEYS | (THIRD_ROW_KEYS if model.has_third_row else {})
    heaters = {key: climate.seat_heaters[seat] for key, seat in keys.items()}
    coolers = (
        {
            "seat_fan_front_left": climate.seat_coolers[1],
            "seat_fan_front_right": climate.seat_coolers[2],
        }
        if model.has_seat_cooling
        else {}
    )
    overheat = "Off"
    if climate.overheat:
        overheat = "FanOnly" if climate.overheat_fan_only else "On"
    return {
        "allow_cabin_overheat_protection": True,
        "auto_seat_climate_left": climate.auto_seats[1],
        "auto_seat_climate_right": climate.auto_seats[2],
        "battery_heater": False,
        "battery_heater_no_power": None,
        "bioweapon_mode": climate.bioweapon,
        "cabin_overheat_protection": overheat,
        "cabin_overheat_protection_actively_cooling": False,
        "climate_keeper_mode": KEEPER_MODES[climate.keeper],
        "cop_activation_temperature": OVERHEAT_LEVELS[climate.overheat_level],
        "defrost_mode": DEFROST_MAX if climate.defrost else 0,
        "driver_temp_setting": climate.driver,
        "fan_status": 3 if climate.on else 0,
        "hvac_auto_request": "On" if climate.on else "Override",
        "inside_temp": round(climate.inside, 1),
        "is_auto_conditioning_on": climate.on,
        "is_climate_on": climate.on,
        "is_front_defroster_on": climate.defrost,
        "is_preconditioning": climate.on and state.motion.trip is None,
        "is_rear_defroster_on": climate.defrost,
        "left_temp_direction": 0,
        "max_avail_temp": MAX_TEMPERATURE,
        "min_avail_temp": MIN_TEMPERATURE,
        "outside_temp": climate.outside,
        "passenger_temp_setting": climate.passenger,
        "remote_heater_control_enabled": climate.on,
        "right_temp_direction": 0,
        "side_mirror_heaters": climate.defrost,
        "supports_fan_only_cabin_overheat_protection": model.option_year >= HEAT_PUMP_YEAR,
        "wiper_blade_heater": False,
        **heaters,
        **coolers,
        **_steering_wheel(climate, model),
    }


def _steering_wheel(climate: Climate, model: CarModel) -> Part:
    if not model.has_steering_wheel_heater:
        return {}
    level = climate.steering_wheel_level if climate.steering_wheel else 0
    return {
        "auto_steering_wheel_heat": climate.steering_wheel_auto,
        "steering_wheel_heater": climate.steering_wheel,
        **({"steering_wheel_heat_level": level} if model.has_steering_wheel_levels else {}),
    }


def _drive(state: CarState, model: CarModel) -> Part:
    motion, driving = state.motion, state.motion.trip is not None
    return {
        **route(state, model),
        "power": round(motion.power),
        "shift_state": "D" if driving else ("P" if state.user_present else None),
        "speed": round(motion.speed / KM_PER_MILE) if driving else None,
    }


def _position(state: CarState, now: float) -> Part:
    motion = state.motion
    place = {"latitude": round(motion.latitude, 6), "longitude": round(motion.longitude, 6)}
    return {
        **place,
        **destination(state),
        "gps_as_of": int(now),
        "heading": motion.heading,
        "native_latitude": place["latitude"],
        "native_location_supported": 1,
        "native_longitude": place["longitude"],
        "native_type": "wgs",
    }


def _closures(state: CarState, model: CarModel) -> Part:
    roof = {
        "sun_roof_percent_open": state.sun_roof,
        "sun_roof_state": "vent" if state.sun_roof else "closed",
    }
    return {
        "center_display_state": 2 if state.user_present else 0,
        "df": int("df" in state.open_doors),
        "dr": int("dr" in state.open_doors),
        "pf": int("pf" in state.open_doors),
        "pr": int("pr" in state.open_doors),
        "ft": int("ft" in state.open_trunks),
        "rt": int("rt" in state.open_trunks),
        **{
            f"{window}_window": WINDOW_OPEN if window in state.open_windows else 0
            for window in WINDOWS
        },
        "is_user_present": state.user_present,
        "locked": state.locked,
        "remote_start": state.remote_start > 0.0,
        "sentry_mode": state.sentry_mode,
        "sentry_mode_available": model.has_cameras,
        "speed_limit_mode": {
            "active": state.speed_limit_active,
            "current_limit_mph": state.speed_limit_mph,
            "max_limit_mph": MAX_SPEED_LIMIT,
            "min_limit_mph": MIN_SPEED_LIMIT,
            "pin_code_set": state.pins.speed_limit is not None,
        },
        "valet_mode": state.valet_mode,
        "valet_pin_needed": state.pins.valet is None,
        **(roof if model.has_sun_roof else {}),
    }


def _charge_schedules(state: CarState, _model: CarModel) -> Part:
    return {
        "charge_schedules": _listed(state.charge.schedules),
        "max_num_charge_schedules": MAX_SCHEDULES,
        "next_schedule": False,
    }


def _precondition_schedules(state: CarState, _model: CarModel) -> Part:
    return {
        "max_num_precondition_schedules": MAX_SCHEDULES,
        "next_schedule": False,
        "precondition_schedules": _listed(state.charge.precondition_schedules),
    }


def _listed(schedules: Mapping[int, Mapping[str, Any]]) -> list[Part]:
    """Schedules with their numbers and the mask of their days, Sunday 1."""
    return [
        {
            "name": "",
            **schedule,
            "days_of_week": sum(1 << DAYS.index(day) for day in schedule["days_of_week"]),
            "id": number,
        }
        for number, schedule in schedules.items()
    ]


def _software_update(state: CarState) -> Part:
    update = state.update
    return {
        "download_perc": update.download,
        "expected_duration_sec": 1500,
        "install_perc": update.installation,
        "status": "scheduled" if state.update_in is not None else update.status,
        "version": update.version,
    }


def _dashcam(state: CarState) -> Part:
    records = state.sentry_mode or state.motion.trip is not None
    return {
        "dashcam_clip_save_available": True,
        "dashcam_state": "Recording" if records else "Unavailable",
    }


def _vehicle(state: CarState, model: CarModel) -> Part:
    tires: Part = {}
    for wheel, pressure in state.tires.items():
        tires[f"tpms_pressure_{wheel}"] = round(pressure, 3)
        tires[f"tpms_soft_warning_{wheel}"] = pressure < SOFT_WARNING
        tires[f"tpms_hard_warning_{wheel}"] = pressure < HARD_WARNING
    return {
        "api_version": 88,
        "autopark_state_v3": "ready",
        "calendar_supported": True,
        "car_version": model.firmware,
        "feature_bitmask": "fbdffbff,7f",
        "guest_mode": {"GuestModeActive": state.guest_mode},
        "homelink_device_count": int(model.has_homelink),
        "homelink_nearby": model.has_homelink and state.motion.trip is None,
        "media_info": {
            "audio_volume": state.volume,
            "audio_volume_increment": 0.333333,
            "audio_volume_max": 10.333333,
            "media_playback_status": "Playing" if state.playing else "Stopped",
            "now_playing_album": ALBUMS[state.track % len(ALBUMS)],
            "now_playing_artist": ARTISTS[state.track % len(ARTISTS)],
            "now_playing_duration": 180_000 + 7_000 * (state.track % 5),
            "now_playing_elapsed": 0,
            "now_playing_source": "Spotify",
            "now_playing_station": "",
            "now_playing_title": f"Track {state.track}",
        },
        "media_state": {"remote_control_enabled": True},
        "notifications_supported": True,
        "odometer": round(state.motion.odometer / KM_PER_MILE, 3),
        "parsed_calendar_supported": True,
        "remote_start_enabled": True,
        "remote_start_supported": True,
        "santa_mode": 0,
        "service_mode": False,
        "service_mode_plus": False,
        "smart_summon_available": False,
        "software_update": _software_update(state),
        "summon_standby_mode_enabled": False,
        "tpms_rcp_front_value": RECOMMENDED_PRESSURE,
        "tpms_rcp_rear_value": RECOMMENDED_PRESSURE,
        "vehicle_name": state.name,
        "vehicle_self_test_progress": 0,
        "vehicle_self_test_requested": False,
        "webcam_available": True,
        **(_dashcam(state) if model.has_cameras else {}),
        **_closures(state, model),
        **tires,
    }


_PARTS: Final[Mapping[str, Callable[[CarState, CarModel], Part]]] = {
    "charge_schedule_data": _charge_schedules,
    "charge_state": _charge,
    "climate_state": _climate,
    "closures_state": _closures,
    "drive_state": _drive,
    "gui_settings": display,
    "preconditioning_schedule_data": _precondition_schedules,
    "vehicle_config": configuration,
    "vehicle_state": _vehicle,
}


_SCHEDULES: Final = frozenset({"charge_schedule_data", "preconditioning_schedule_data"})


def _knows(model: CarModel, part: str) -> bool:
    return model.has_schedules or part not in _SCHEDULES
