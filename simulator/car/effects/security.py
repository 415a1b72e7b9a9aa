"""Sentry, and the modes that restrict who drives how; most are guarded by a PIN."""

import re
from typing import TYPE_CHECKING, Final

from simulator.car.effects.params import NOT_SUPPORTED, flag, number, set_flag, text
from simulator.car.state import MAX_SPEED_LIMIT, MIN_SPEED_LIMIT, PARENTAL_SETTINGS

if TYPE_CHECKING:
    from simulator.car.effects.params import Effect, Params
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

PIN: Final = re.compile("[0-9]{4}")
WRONG_PIN: Final = "incorrect_pin"
NO_PIN: Final = "invalid_pin"


def _set_mode(flag_name: str, pin_name: str, *, on: bool) -> Effect:
    """Switch a mode with its PIN; the first PIN stays until it is cleared."""

    def effect(state: CarState, _model: CarModel, params: Params) -> str | None:
        return _switch(state, flag_name, pin_name, on=on, pin=text(params, "pin"))

    return effect


def _switch(state: CarState, flag_name: str, pin_name: str, *, on: bool, pin: str) -> str | None:
    if not PIN.fullmatch(pin):
        return NO_PIN
    if (getattr(state.pins, pin_name) or pin) != pin:
        return WRONG_PIN
    if on:
        setattr(state.pins, pin_name, pin)
    setattr(state, flag_name, on)
    return None


def _valet(state: CarState, _model: CarModel, params: Params) -> str | None:
    if flag(params, "on"):
        # None is needed where one is stored: `valet_pin_needed` tells which.
        pin = text(params, "password", state.pins.valet)
        return _switch(state, "valet_mode", "valet", on=True, pin=pin)
    if not state.valet_mode:
        return "already off"
    state.valet_mode = False
    return None


def _reset_valet_pin(state: CarState, _model: CarModel, _params: Params) -> str | None:
    state.pins.valet = None
    return None


def _pin_to_drive(state: CarState, _model: CarModel, params: Params) -> str | None:
    on, pin = flag(params, "on"), text(params, "password", "")
    if on and state.pins.drive is None:
        if not PIN.fullmatch(pin):
            return NO_PIN
        state.pins.drive = pin
    state.pin_to_drive = on
    return None


def _reset_pin_to_drive(state: CarState, _model: CarModel, _params: Params) -> str | None:
    if state.pin_to_drive:
        return "pin_to_drive_is_on"
    state.pins.drive = None
    return None


def _end_mode(flag_name: str, pin_name: str, *, needs_pin: bool) -> Effect:
    """Switch a mode off and forget its PIN."""

    def effect(state: CarState, _model: CarModel, params: Params) -> str | None:
        if needs_pin and text(params, "pin") != (getattr(state.pins, pin_name) or params["pin"]):
            return WRONG_PIN
        setattr(state.pins, pin_name, None)
        setattr(state, flag_name, False)
        return None

    return effect


def _speed_limit(state: CarState, _model: CarModel, params: Params) -> str | None:
    limit = number(params, "limit_mph")
    if not MIN_SPEED_LIMIT <= limit <= MAX_SPEED_LIMIT:
        return "invalid_speed_limit"
    if state.speed_limit_active:
        return "speed_limit_mode_is_active"
    state.speed_limit_mph = limit
    return None


def _parental_limit(state: CarState, _model: CarModel, params: Params) -> str | None:
    limit = number(params, "limit_mph")
    if not MIN_SPEED_LIMIT <= limit <= MAX_SPEED_LIMIT:
        return "invalid_speed_limit"
    state.parental_limit_mph = limit
    return None


def _parental_setting(state: CarState, _model: CarModel, params: Params) -> str | None:
    setting, enable = text(params, "setting"), flag(params, "enable")
    if setting not in PARENTAL_SETTINGS:
        return "invalid_setting"
    if state.parental_active:
        return "parental_controls_active"
    state.parental_settings[setting] = enable
    return None


def _erase(state: CarState, _model: CarModel, _params: Params) -> str | None:
    if not state.guest_mode:
        return "guest_mode_is_off"
    state.count("erase_user_data")
    return None


def _sentry(state: CarState, model: CarModel, params: Params) -> str | None:
    on = flag(params, "on")
    if not model.has_cameras:
        return NOT_SUPPORTED
    state.sentry_mode = on
    return None


SECURITY: Final[dict[str, Effect]] = {
    "set_sentry_mode": _sentry,
    "set_valet_mode": _valet,
    "reset_valet_pin": _reset_valet_pin,
    "set_pin_to_drive": _pin_to_drive,
    "clear_pin_to_drive_admin": _end_mode("pin_to_drive", "drive", needs_pin=False),
    "reset_pin_to_drive_pin": _reset_pin_to_drive,
    "speed_limit_activate": _set_mode("speed_limit_active", "speed_limit", on=True),
    "speed_limit_deactivate": _set_mode("speed_limit_active", "speed_limit", on=False),
    "speed_limit_set_limit": _speed_limit,
    "speed_limit_clear_pin": _end_mode("speed_limit_active", "speed_limit", needs_pin=True),
    "speed_limit_clear_pin_admin": _end_mode("speed_limit_active", "speed_limit", needs_pin=False),
    "parental_controls_activate": _set_mode("parental_active", "parental", on=True),
    "parental_controls_deactivate": _set_mode("parental_active", "parental", on=False),
    "parental_controls_enable_setting": _parental_setting,
    "parental_controls_set_speed_limit": _parental_limit,
    "parental_controls_clear_pin": _end_mode("parental_active", "parental", needs_pin=True),
    "parental_controls_clear_pin_admin": _end_mode("parental_active", "parental", needs_pin=False),
    "guest_mode": set_flag("guest_mode", "enable"),
    "erase_user_data": _erase,
}
