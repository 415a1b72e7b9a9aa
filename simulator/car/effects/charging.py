"""Charging and its limits, the charge port and the power modes."""

from typing import TYPE_CHECKING, Final

from simulator.car.effects.params import integer, set_flag
from simulator.car.physics import charging_state
from simulator.car.state import MAX_LIMIT, MIN_LIMIT, STANDARD_LIMIT

if TYPE_CHECKING:
    from simulator.car.effects.params import Effect, Params
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

LOW_AMPS: Final = 5
NO_START: Final = {
    "Disconnected": "disconnected",
    "Complete": "complete",
    "Charging": "is_charging",
}
"""Why charging does not start, by `charging_state`."""


def _start(state: CarState, model: CarModel, _params: Params) -> str | None:
    if (refusal := NO_START.get(charging_state(state, model))) is not None:
        return refusal
    state.charge.wanted = True
    return None


def _stop(state: CarState, model: CarModel, _params: Params) -> str | None:
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


def _limit(state: CarState, _model: CarModel, params: Params) -> str | None:
    percent = integer(params, "percent")
    if not MIN_LIMIT <= percent <= MAX_LIMIT:
        return "invalid_limit"
    if state.charge.limit == percent:
        return "already_set"
    state.charge.limit = percent
    return None


def _amps(state: CarState, model: CarModel, params: Params) -> str | None:
    amps = min(max(integer(params, "charging_amps"), 0), model.ac_amps)
    if model.needs_low_amps_twice and state.charge.amps > LOW_AMPS:
        amps = max(amps, LOW_AMPS)
    state.charge.amps = amps
    return None


def _open_port(state: CarState, _model: CarModel, _params: Params) -> str | None:
    state.charge.port_open = True
    return None


def _close_port(state: CarState, _model: CarModel, _params: Params) -> str | None:
    if state.charge.cable is not None:
        return "cable_connected"
    state.charge.port_open = False
    return None


CHARGING: Final[dict[str, Effect]] = {
    "charge_port_door_open": _open_port,
    "charge_port_door_close": _close_port,
    "charge_start": _start,
    "charge_stop": _stop,
    "charge_standard": _charge_to(STANDARD_LIMIT, "standard"),
    "charge_max_range": _charge_to(MAX_LIMIT, "max_range"),
    "set_charge_limit": _limit,
    "set_charging_amps": _amps,
    "set_low_power_mode": set_flag("low_power", "enable"),
    "keep_accessory_power_mode": set_flag("accessory_power", "enable"),
}
