"""Locks, lids, windows, lights and horn."""

from typing import TYPE_CHECKING, Final, Literal

from simulator.car.effects.params import NOT_SUPPORTED, counted, integer, number, text
from simulator.car.state import NEAR, REMOTE_START_SECONDS, WINDOWS

if TYPE_CHECKING:
    from simulator.car.effects.params import Effect, Params
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

TRUNK_NAMES: Final = {"front": "ft", "rear": "rt"}
ROOF_VENTED: Final = 15


def _set_lock(*, locked: bool) -> Effect:
    def effect(state: CarState, _model: CarModel, _params: Params) -> str | None:
        state.locked = locked
        return None

    return effect


def _remote_start(state: CarState, _model: CarModel, _params: Params) -> str | None:
    state.remote_start = REMOTE_START_SECONDS
    state.count("remote_start")
    return None


def _actuate_trunk(state: CarState, model: CarModel, params: Params) -> str | None:
    trunk = TRUNK_NAMES.get(text(params, "which_trunk"))
    if trunk is None:
        return "invalid_value"
    if state.motion.trip is not None:
        return "vehicle_not_in_park"
    closes = trunk == "rt" and model.has_power_liftgate and trunk in state.open_trunks
    (state.open_trunks.discard if closes else state.open_trunks.add)(trunk)
    state.count(f"trunk_{trunk}")
    return None


def _rear_trunk(*, is_open: bool) -> Effect:
    """Where it shall be, whatever it is now; only a motor closes it."""

    def effect(state: CarState, model: CarModel, _params: Params) -> str | None:
        if state.motion.trip is not None:
            return "vehicle_not_in_park"
        if not is_open and not model.has_power_liftgate:
            return NOT_SUPPORTED
        (state.open_trunks.add if is_open else state.open_trunks.discard)("rt")
        return None

    return effect


def _tonneau(wanted: Literal["closed", "open", "stopped"]) -> Effect:
    def effect(state: CarState, model: CarModel, _params: Params) -> str | None:
        if not model.has_tonneau:
            return NOT_SUPPORTED
        state.tonneau = wanted
        return None

    return effect


def _sun_roof_level(state: CarState, model: CarModel, params: Params) -> str | None:
    percent = integer(params, "percent")
    if not model.has_sun_roof:
        return NOT_SUPPORTED
    state.sun_roof = min(max(percent, 0), 100)
    return None


def _is_here(state: CarState, params: Params) -> bool:
    place = number(params, "lat"), number(params, "lon")
    here = state.motion.latitude, state.motion.longitude
    return all(abs(one - other) < NEAR for one, other in zip(place, here, strict=True))


def _windows(state: CarState, _model: CarModel, params: Params) -> str | None:
    positions = {"vent": set(WINDOWS), "close": set[str]()}
    command = text(params, "command")
    if command not in positions:
        return "invalid_command"
    # A signed command has no place: its sender is known by the key.
    if command == "close" and "lat" in params and not _is_here(state, params):
        return "not_nearby"
    state.open_windows = positions[command]
    return None


def _sun_roof(state: CarState, model: CarModel, params: Params) -> str | None:
    if not model.has_sun_roof:
        return NOT_SUPPORTED
    positions = {"vent": ROOF_VENTED, "close": 0, "stop": state.sun_roof}
    wanted = text(params, "state")
    if wanted not in positions:
        return "invalid_state"
    state.sun_roof = positions[wanted]
    return None


def _homelink(state: CarState, model: CarModel, params: Params) -> str | None:
    """The door of the place where the car stands; the garage is wherever it parks."""
    is_here = _is_here(state, params)
    if not model.has_homelink:
        return NOT_SUPPORTED
    if state.motion.trip is not None or not is_here:
        return "homelink_not_nearby"
    state.count("homelink")
    return None


BODY: Final[dict[str, Effect]] = {
    "door_lock": _set_lock(locked=True),
    "door_unlock": _set_lock(locked=False),
    "remote_start_drive": _remote_start,
    "actuate_trunk": _actuate_trunk,
    "open_trunk": _rear_trunk(is_open=True),
    "close_trunk": _rear_trunk(is_open=False),
    "open_tonneau": _tonneau("open"),
    "close_tonneau": _tonneau("closed"),
    "stop_tonneau": _tonneau("stopped"),
    "window_control": _windows,
    "sun_roof_control": _sun_roof,
    "set_sun_roof_level": _sun_roof_level,
    "flash_lights": counted("flash"),
    "honk_horn": counted("honk"),
    "trigger_homelink": _homelink,
}
