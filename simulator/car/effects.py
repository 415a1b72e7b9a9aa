"""What every command does to a car, whichever way it came.

An effect gets the parameters by their names in the REST API and returns why the car refuses, or
None. Numbers mean what the REST documentation says, not what Tesla's proxy makes of them.
"""

from typing import TYPE_CHECKING, Any, Final

from simulator.car.physics import charging_state
from simulator.car.state import SEATS, Trip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.car.model import CarModel
    from simulator.car.state import CarState

type Params = Mapping[str, Any]
type Effect = Callable[[CarState, CarModel, Params], str | None]

PIN_DIGITS: Final = 4
MIN_LIMIT, MAX_LIMIT = 50, 100
MIN_TEMPERATURE, MAX_TEMPERATURE = 15.0, 28.0
MAX_VOLUME: Final = 11.0
MIN_SPEED_LIMIT, MAX_SPEED_LIMIT = 50.0, 120.0
MAX_LEVEL: Final = 3
UPDATE_READY: Final = "update_not_available"


def _counted(what: str) -> Effect:
    def effect(state: CarState, _model: CarModel, _params: Params) -> str | None:
        state.count(what)
        return None

    return effect


def _set_lock(*, locked: bool) -> Effect:
    def effect(state: CarState, _model: CarModel, _params: Params) -> str | None:
        state.locked = locked
        return None

    return effect


def _remote_start(state: CarState, _model: CarModel, _params: Params) -> str | None:
    state.remote_start = True
    state.count("remote_start")
    return None


def _actuate_trunk(state: CarState, model: CarModel, params: Params) -> str | None:
    trunk = {"front": "ft", "rear": "rt"}.get(params["which_trunk"])
    if trunk is None:
        return "invalid_value"
    if state.motion.trip is not None:
        return "vehicle_not_in_park"
    closes = trunk == "rt" and model.has_power_liftgate and trunk in state.open_trunks
    (state.open_trunks.discard if closes else state.open_trunks.add)(trunk)
    state.count(f"trunk_{trunk}")
    return None


def _tonneau(wanted: str) -> Effect:
    def effect(state: CarState, model: CarModel, _params: Params) -> str | None:
        if not model.has_tonneau:
            return "not_supported"
        match wanted:
            case "open":
                state.tonneau = "open"
            case "closed":
                state.tonneau = "closed"
            case _:
                state.tonneau = "stopped"
        return None

    return effect


def _open_port(state: CarState, _model: CarModel, _params: Params) -> str | None:
    state.charge.port_open = True
    return None


def _close_port(state: CarState, _model: CarModel, _params: Params) -> str | None:
    if state.charge.cable is not None:
        return "cable_connected"
    state.charge.port_open = False
    return None


def _windows(state: CarState, _model: CarModel, params: Params) -> str | None:
    match params["command"]:
        case "vent":
            state.open_windows = {"fd", "fp", "rd", "rp"}
        case "close":
            state.open_windows.clear()
        case _:
            return "invalid_command"
    return None


def _sun_roof(state: CarState, model: CarModel, params: Params) -> str | None:
    positions = {"vent": 15, "close": 0, "stop": state.sun_roof}
    if not model.has_sun_roof:
        return "not_supported"
    if params["state"] not in positions:
        return "invalid_state"
    state.sun_roof = positions[params["state"]]
    return None


def _climate(*, on: bool) -> Effect:
    def effect(state: CarState, _model: CarModel, _params: Params) -> str | None:
        state.climate.on = on
        if not on:
            state.climate.defrost = state.climate.bioweapon = False
            state.climate.keeper = 0
        return None

    return effect


def _set_temps(state: CarState, _model: CarModel, params: Params) -> str | None:
    climate = state.climate
    for key in ("driver_temp", "passenger_temp"):
        if value := params.get(key):
            clamped = min(max(float(value), MIN_TEMPERATURE), MAX_TEMPERATURE)
            if key == "driver_temp":
                climate.driver = clamped
            else:
                climate.passenger = clamped
    return None


def _defrost(state: CarState, _model: CarModel, params: Params) -> str | None:
    state.climate.defrost = bool(params["on"])
    state.climate.on = bool(params["on"])
    return None


def _bioweapon(state: CarState, _model: CarModel, params: Params) -> str | None:
    state.climate.bioweapon = bool(params["on"])
    state.climate.on = state.climate.on or bool(params["on"])
    return None


def _overheat(state: CarState, _model: CarModel, params: Params) -> str | None:
    state.climate.overheat = bool(params["on"])
    state.climate.overheat_fan_only = bool(params.get("fan_only", False))
    return None


def _overheat_level(state: CarState, _model: CarModel, params: Params) -> str | None:
    if params["cop_temp"] not in {0, 1, 2}:
        return "invalid_cop_temp"
    state.climate.overheat_level = int(params["cop_temp"])
    return None


def _keeper(state: CarState, _model: CarModel, params: Params) -> str | None:
    mode = params["climate_keeper_mode"]
    if mode not in {0, 1, 2, 3}:
        return "invalid_mode"
    state.climate.keeper = int(mode)
    state.climate.on = mode != 0 or state.climate.on
    return None


def _seat_heater(state: CarState, _model: CarModel, params: Params) -> str | None:
    position = params.get("seat_position", params.get("heater"))
    level = params["level"]
    if not isinstance(position, int) or not 0 <= position < len(SEATS):
        return "invalid_seat"
    if not isinstance(level, int) or not 0 <= level <= MAX_LEVEL:
        return "invalid_level"
    if not state.climate.on:
        return "cabin comfort remote settings not enabled"
    state.climate.seat_heaters[SEATS[position]] = level
    return None


def _seat_cooler(state: CarState, model: CarModel, params: Params) -> str | None:
    if not model.has_seat_cooling:
        return "not_supported"
    position, level = params["seat_position"], params["seat_cooler_level"]
    if position not in state.climate.seat_coolers:
        return "invalid_seat"
    if level not in range(MAX_LEVEL + 1):
        return "invalid_level"
    state.climate.seat_coolers[position] = level
    return None


def _auto_seat(state: CarState, _model: CarModel, params: Params) -> str | None:
    if params["auto_seat_position"] not in state.climate.auto_seats:
        return "invalid_seat"
    state.climate.auto_seats[params["auto_seat_position"]] = bool(params["auto_climate_on"])
    return None


def _steering_wheel(state: CarState, model: CarModel, params: Params) -> str | None:
    if not model.has_steering_wheel_heater:
        return "not_supported"
    state.climate.steering_wheel = bool(params["on"])
    return None


def _charge_start(state: CarState, model: CarModel, _params: Params) -> str | None:
    match charging_state(state, model):
        case "Disconnected":
            return "disconnected"
        case "Complete":
            return "complete"
        case "Charging":
            return "is_charging"
    state.charge.wanted = True
    return None


def _charge_stop(state: CarState, model: CarModel, _params: Params) -> str | None:
    if charging_state(state, model) != "Charging":
        return "not_charging"
    state.charge.wanted = False
    return None


def _charge_to(limit: int, name: str) -> Effect:
    def effect(state: CarState, _model: CarModel, _params: Params) -> str | None:
        if state.charge.limit == limit:
            return f"already_{name}"
        state.charge.limit = limit
        return None

    return effect


def _charge_limit(state: CarState, _model: CarModel, params: Params) -> str | None:
    percent = int(params["percent"])
    if not MIN_LIMIT <= percent <= MAX_LIMIT:
        return "invalid_limit"
    if state.charge.limit == percent:
        return "already_set"
    state.charge.limit = percent
    return None


def _charging_amps(state: CarState, model: CarModel, params: Params) -> str | None:
    state.charge.amps = min(max(int(params["charging_amps"]), 0), model.ac_amps)
    return None


def _scheduled_charging(state: CarState, _model: CarModel, params: Params) -> str | None:
    state.charge.scheduled = int(params.get("time", 0)) if params["enable"] else None
    return None


def _scheduled_departure(state: CarState, _model: CarModel, params: Params) -> str | None:
    state.charge.departure = dict(params) if params["enable"] else {}
    return None


def _add_schedule(kind: str) -> Effect:
    def effect(state: CarState, _model: CarModel, params: Params) -> str | None:
        getattr(state.charge, kind)[int(params["id"])] = dict(params)
        return None

    return effect


def _remove_schedule(kind: str) -> Effect:
    def effect(state: CarState, _model: CarModel, params: Params) -> str | None:
        known = getattr(state.charge, kind).pop(int(params["id"]), None)
        return None if known is not None else "schedule_not_found"

    return effect


def _set_flag(name: str, key: str) -> Effect:
    def effect(state: CarState, _model: CarModel, params: Params) -> str | None:
        setattr(state, name, bool(params[key]))
        return None

    return effect


def _volume(state: CarState, _model: CarModel, params: Params) -> str | None:
    volume = float(params["volume"])
    if not 0.0 <= volume <= MAX_VOLUME:
        return "invalid_volume"
    state.volume = volume
    return None


def _volume_step(step: float) -> Effect:
    def effect(state: CarState, _model: CarModel, _params: Params) -> str | None:
        state.volume = min(max(state.volume + step, 0.0), MAX_VOLUME)
        state.count("volume_step")
        return None

    return effect


def _toggle_playback(state: CarState, _model: CarModel, _params: Params) -> str | None:
    state.playing = not state.playing
    state.count("toggle_playback")
    return None


def _move(name: str, step: int) -> Effect:
    def effect(state: CarState, _model: CarModel, _params: Params) -> str | None:
        setattr(state, name, getattr(state, name) + step)
        return None

    return effect


def _is_pin(pin: Any) -> bool:
    return isinstance(pin, str) and len(pin) == PIN_DIGITS and pin.isascii() and pin.isdigit()


def _guarded(flag: str, pin_name: str, on_key: str, pin_key: str, *, off_needs_pin: bool) -> Effect:
    """Switch a mode that is guarded by a PIN; the first PIN stays until it is cleared."""

    def effect(state: CarState, _model: CarModel, params: Params) -> str | None:
        wanted, pin = bool(params.get(on_key, False)), params.get(pin_key)
        if wanted or off_needs_pin:
            if not _is_pin(pin):
                return "invalid_pin"
            if (getattr(state.pins, pin_name) or pin) != pin:
                return "incorrect_pin"
        if wanted:
            setattr(state.pins, pin_name, pin)
        setattr(state, flag, wanted)
        return None

    return effect


def _valet(state: CarState, model: CarModel, params: Params) -> str | None:
    if not params["on"] and not state.valet_mode:
        return "already off"
    switch = _guarded("valet_mode", "valet", "on", "password", off_needs_pin=False)
    return switch(state, model, params)


def _clear_pin(pin_name: str, flag: str, pin_key: str | None = None) -> Effect:
    def effect(state: CarState, _model: CarModel, params: Params) -> str | None:
        stored = getattr(state.pins, pin_name)
        if pin_key is not None and stored is not None and params[pin_key] != stored:
            return "incorrect_pin"
        if pin_key is not None and getattr(state, flag):
            return f"{flag}_is_on"
        setattr(state.pins, pin_name, None)
        setattr(state, flag, False)
        return None

    return effect


def _set_speed_limit(state: CarState, _model: CarModel, params: Params) -> str | None:
    limit = float(params["limit_mph"])
    if not MIN_SPEED_LIMIT <= limit <= MAX_SPEED_LIMIT:
        return "invalid_speed_limit"
    if state.speed_limit_active:
        return "speed_limit_mode_is_active"
    state.speed_limit_mph = limit
    return None


def _parental_limit(state: CarState, _model: CarModel, params: Params) -> str | None:
    state.parental_limit_mph = float(params["limit_mph"])
    return None


def _parental_setting(state: CarState, _model: CarModel, params: Params) -> str | None:
    if state.parental_active:
        return "parental_controls_active"
    state.parental_settings[str(params["setting"])] = bool(params["enable"])
    return None


def _erase(state: CarState, _model: CarModel, _params: Params) -> str | None:
    if not state.guest_mode:
        return "guest_mode_is_off"
    state.count("erase_user_data")
    return None


def _set_name(state: CarState, _model: CarModel, params: Params) -> str | None:
    if not params["vehicle_name"]:
        return "invalid_name"
    state.name = str(params["vehicle_name"])
    return None


def _schedule_update(state: CarState, _model: CarModel, params: Params) -> str | None:
    state.update_at = float(params["offset_sec"])
    state.count("schedule_software_update")
    return None


def _cancel_update(state: CarState, _model: CarModel, _params: Params) -> str | None:
    if state.update_at is None:
        return UPDATE_READY
    state.update_at = None
    return None


def start_trip(state: CarState, length: float) -> None:
    """Drive off for `length` km: doors closed, cable out."""
    state.charge.cable = None
    state.charge.port_open = False
    state.open_doors.clear()
    state.open_trunks.clear()
    state.locked = True
    state.sentry_mode = False
    state.user_present = True
    state.motion.trip = Trip(length=length)


EFFECTS: Final[Mapping[str, Effect]] = {
    "door_lock": _set_lock(locked=True),
    "door_unlock": _set_lock(locked=False),
    "remote_start_drive": _remote_start,
    "actuate_trunk": _actuate_trunk,
    "open_tonneau": _tonneau("open"),
    "close_tonneau": _tonneau("closed"),
    "stop_tonneau": _tonneau("stopped"),
    "charge_port_door_open": _open_port,
    "charge_port_door_close": _close_port,
    "window_control": _windows,
    "sun_roof_control": _sun_roof,
    "flash_lights": _counted("flash"),
    "honk_horn": _counted("honk"),
    "trigger_homelink": _counted("homelink"),
    "auto_conditioning_start": _climate(on=True),
    "auto_conditioning_stop": _climate(on=False),
    "set_temps": _set_temps,
    "set_preconditioning_max": _defrost,
    "set_bioweapon_mode": _bioweapon,
    "set_cabin_overheat_protection": _overheat,
    "set_cop_temp": _overheat_level,
    "set_climate_keeper_mode": _keeper,
    "remote_seat_heater_request": _seat_heater,
    "remote_seat_cooler_request": _seat_cooler,
    "remote_auto_seat_climate_request": _auto_seat,
    "remote_steering_wheel_heater_request": _steering_wheel,
    "charge_start": _charge_start,
    "charge_stop": _charge_stop,
    "charge_standard": _charge_to(90, "standard"),
    "charge_max_range": _charge_to(100, "max_range"),
    "set_charge_limit": _charge_limit,
    "set_charging_amps": _charging_amps,
    "set_scheduled_charging": _scheduled_charging,
    "set_scheduled_departure": _scheduled_departure,
    "add_charge_schedule": _add_schedule("schedules"),
    "add_precondition_schedule": _add_schedule("precondition_schedules"),
    "remove_charge_schedule": _remove_schedule("schedules"),
    "remove_precondition_schedule": _remove_schedule("precondition_schedules"),
    "set_low_power_mode": _set_flag("low_power", "enable"),
    "keep_accessory_power_mode": _set_flag("accessory_power", "enable"),
    "adjust_volume": _volume,
    "media_volume_up": _volume_step(1.0),
    "media_volume_down": _volume_step(-1.0),
    "media_toggle_playback": _toggle_playback,
    "media_next_track": _move("track", 1),
    "media_prev_track": _move("track", -1),
    "media_next_fav": _move("favourite", 1),
    "media_prev_fav": _move("favourite", -1),
    "set_sentry_mode": _set_flag("sentry_mode", "on"),
    "set_valet_mode": _valet,
    "reset_valet_pin": _clear_pin("valet", "valet_mode"),
    "set_pin_to_drive": _guarded("pin_to_drive", "drive", "on", "password", off_needs_pin=False),
    "clear_pin_to_drive_admin": _clear_pin("drive", "pin_to_drive"),
    "reset_pin_to_drive_pin": _clear_pin("drive", "pin_to_drive"),
    "speed_limit_activate": _guarded(
        "speed_limit_active", "speed_limit", "activate", "pin", off_needs_pin=True
    ),
    "speed_limit_deactivate": _guarded(
        "speed_limit_active", "speed_limit", "activate", "pin", off_needs_pin=True
    ),
    "speed_limit_set_limit": _set_speed_limit,
    "speed_limit_clear_pin": _clear_pin("speed_limit", "speed_limit_active", "pin"),
    "speed_limit_clear_pin_admin": _clear_pin("speed_limit", "speed_limit_active"),
    "parental_controls_activate": _guarded(
        "parental_active", "parental", "activate", "pin", off_needs_pin=True
    ),
    "parental_controls_deactivate": _guarded(
        "parental_active", "parental", "activate", "pin", off_needs_pin=True
    ),
    "parental_controls_enable_setting": _parental_setting,
    "parental_controls_set_speed_limit": _parental_limit,
    "parental_controls_clear_pin": _clear_pin("parental", "parental_active", "pin"),
    "parental_controls_clear_pin_admin": _clear_pin("parental", "parental_active"),
    "guest_mode": _set_flag("guest_mode", "enable"),
    "erase_user_data": _erase,
    "set_vehicle_name": _set_name,
    "schedule_software_update": _schedule_update,
    "cancel_software_update": _cancel_update,
    "navigation_request": _counted("navigation"),
    "remote_boombox": _counted("boombox"),
    "ping": _counted("ping"),
}

IMPLIED: Final[Mapping[str, Params]] = {
    "speed_limit_activate": {"activate": True},
    "speed_limit_deactivate": {"activate": False},
    "parental_controls_activate": {"activate": True},
    "parental_controls_deactivate": {"activate": False},
}
"""What the name of a REST command says beside its parameters."""


def carry_out(name: str, params: Params, state: CarState, model: CarModel) -> str | None:
    """Do it; why the car refuses, or None. Raises KeyError for an unknown command."""
    effect = EFFECTS[name]
    try:
        return effect(state, model, {**params, **IMPLIED.get(name, {})})
    except KeyError as err:
        return f"missing {err.args[0]} param"
    except TypeError, ValueError:
        return "invalid param"
