"""The cabin: temperatures, seats and the modes that keep the climate on."""

from typing import TYPE_CHECKING, Final

from simulator.car.effects.params import NOT_SUPPORTED, flag, integer, number
from simulator.car.state import (
    KEEPER_MODES,
    MAX_TEMPERATURE,
    MIN_TEMPERATURE,
    OVERHEAT_LEVELS,
    SEATS,
    THIRD_ROW,
)

if TYPE_CHECKING:
    from simulator.car.effects.params import Effect, Params
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

MAX_LEVEL: Final = 3
WHEEL_LEVELS: Final = (0, 1, 3)
CABIN_OFF: Final = "cabin comfort remote settings not enabled"


def _switch(*, on: bool) -> Effect:
    def effect(state: CarState, _model: CarModel, _params: Params) -> str | None:
        state.climate.on = True
        if not on:
            state.climate.switch_off()
        return None

    return effect


def _set_temps(state: CarState, _model: CarModel, params: Params) -> str | None:
    climate = state.climate
    # Tesla's proxy sends 0 for a temperature that was not given.
    climate.driver = _clamped(number(params, "driver_temp", 0)) or climate.driver
    climate.passenger = _clamped(number(params, "passenger_temp", 0)) or climate.passenger
    return None


def _clamped(temperature: float) -> float:
    return temperature and min(max(temperature, MIN_TEMPERATURE), MAX_TEMPERATURE)


def _defrost(state: CarState, _model: CarModel, params: Params) -> str | None:
    if flag(params, "on"):
        state.climate.on = state.climate.defrost = True
    else:
        state.climate.switch_off()
    return None


def _bioweapon(state: CarState, _model: CarModel, params: Params) -> str | None:
    flag(params, "manual_override")
    state.climate.bioweapon = flag(params, "on")
    state.climate.on = state.climate.on or state.climate.bioweapon
    return None


def _overheat(state: CarState, _model: CarModel, params: Params) -> str | None:
    fan_only = flag(params, "fan_only", default=False)
    state.climate.overheat = flag(params, "on")
    state.climate.overheat_fan_only = fan_only
    return None


def _overheat_level(state: CarState, _model: CarModel, params: Params) -> str | None:
    level = integer(params, "cop_temp")
    if level not in range(len(OVERHEAT_LEVELS)):
        return "invalid_cop_temp"
    state.climate.overheat_level = level
    return None


def _keeper(state: CarState, _model: CarModel, params: Params) -> str | None:
    mode = integer(params, "climate_keeper_mode")
    if mode not in range(len(KEEPER_MODES)):
        return "invalid_mode"
    state.climate.keeper = mode
    state.climate.on = state.climate.on or mode != 0
    return None


def _seat_heater(state: CarState, model: CarModel, params: Params) -> str | None:
    position = integer(params, "heater" if "heater" in params else "seat_position")
    level = integer(params, "level")
    if position not in range(len(SEATS)):
        return "invalid_seat"
    if level not in range(MAX_LEVEL + 1):
        return "invalid_level"
    if SEATS[position] in THIRD_ROW and not model.has_third_row:
        return NOT_SUPPORTED
    if not state.climate.on:
        return CABIN_OFF
    state.climate.seat_heaters[SEATS[position]] = level
    return None


def _seat_cooler(state: CarState, model: CarModel, params: Params) -> str | None:
    position, level = integer(params, "seat_position"), integer(params, "seat_cooler_level")
    if not model.has_seat_cooling:
        return NOT_SUPPORTED
    if position not in state.climate.seat_coolers:
        return "invalid_seat"
    if level not in range(MAX_LEVEL + 1):
        return "invalid_level"
    if not state.climate.on:
        return CABIN_OFF
    state.climate.seat_coolers[position] = level
    return None


def _auto_seat(state: CarState, _model: CarModel, params: Params) -> str | None:
    position, on = integer(params, "auto_seat_position"), flag(params, "auto_climate_on")
    if position not in state.climate.auto_seats:
        return "invalid_seat"
    state.climate.auto_seats[position] = on
    return None


def _steering_wheel(state: CarState, model: CarModel, params: Params) -> str | None:
    on = flag(params, "on")
    if not model.has_steering_wheel_heater:
        return NOT_SUPPORTED
    if not state.climate.on:
        return CABIN_OFF
    state.climate.steering_wheel = on
    return None


def _steering_wheel_level(state: CarState, model: CarModel, params: Params) -> str | None:
    level = integer(params, "level")
    if not (model.has_steering_wheel_heater and model.has_steering_wheel_levels):
        return NOT_SUPPORTED
    if level not in WHEEL_LEVELS:
        return "invalid_level"
    if not state.climate.on:
        return CABIN_OFF
    state.climate.steering_wheel = level > 0
    state.climate.steering_wheel_level = level or state.climate.steering_wheel_level
    return None


def _steering_wheel_auto(state: CarState, model: CarModel, params: Params) -> str | None:
    on = flag(params, "on")
    if not model.has_steering_wheel_heater:
        return NOT_SUPPORTED
    state.climate.steering_wheel_auto = on
    return None


CLIMATE: Final[dict[str, Effect]] = {
    "auto_conditioning_start": _switch(on=True),
    "auto_conditioning_stop": _switch(on=False),
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
    "remote_steering_wheel_heat_level_request": _steering_wheel_level,
    "remote_auto_steering_wheel_heat_climate_request": _steering_wheel_auto,
}
