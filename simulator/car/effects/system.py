"""Name, software, and what only shows in a count."""

from typing import TYPE_CHECKING, Final

from simulator.car.effects.params import counted, number, text

if TYPE_CHECKING:
    from simulator.car.effects.params import Effect, Params
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

NO_UPDATE: Final = "update_not_available"


def _set_name(state: CarState, _model: CarModel, params: Params) -> str | None:
    name = text(params, "vehicle_name")
    if not name:
        return "invalid_name"
    state.name = name
    return None


def _schedule_update(state: CarState, _model: CarModel, params: Params) -> str | None:
    offset = number(params, "offset_sec")
    if offset < 0:
        return "invalid_offset"
    if state.update.status != "available":
        return NO_UPDATE
    state.update_in = offset
    state.count("schedule_software_update")
    return None


def _cancel_update(state: CarState, _model: CarModel, _params: Params) -> str | None:
    if state.update_in is None:
        return NO_UPDATE
    state.update_in = None
    return None


SYSTEM: Final[dict[str, Effect]] = {
    "set_vehicle_name": _set_name,
    "schedule_software_update": _schedule_update,
    "cancel_software_update": _cancel_update,
    "remote_boombox": counted("boombox"),
    "ping": counted("ping"),
}
