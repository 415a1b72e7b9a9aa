"""Where the car is sent. Its stops are texts, in the order in which it goes there."""

from typing import TYPE_CHECKING, Any, Final

from simulator.car.effects.params import integer, number, text

if TYPE_CHECKING:
    from simulator.car.effects.params import Effect, Params
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

REPLACE, FIRST, LAST = 1, 2, 3


def _go(state: CarState, stops: list[str], order: int = REPLACE) -> str | None:
    match order:
        case 1:
            state.stops = stops
        case 2:
            state.stops = [*stops, *state.stops]
        case 3:
            state.stops = [*state.stops, *stops]
        case _:
            return "invalid_order"
    state.count("navigation")
    return None


def _share(state: CarState, _model: CarModel, params: Params) -> str | None:
    """Whatever text was shared; Tesla's servers make a place of it."""
    shared: Any = params.get("value")
    shared_text = shared.get("android.intent.extra.TEXT") if isinstance(shared, dict) else None
    return _go(state, [shared_text] if isinstance(shared_text, str) else [])


def _named_position(state: CarState, _model: CarModel, params: Params) -> str | None:
    place = f"{number(params, 'lat'):.4f},{number(params, 'lon'):.4f}"
    name = text(params, "destination")
    return _go(state, [f"{name} ({place})"], integer(params, "order", REPLACE))


def _position(state: CarState, _model: CarModel, params: Params) -> str | None:
    place = f"{number(params, 'lat'):.4f},{number(params, 'lon'):.4f}"
    return _go(state, [place], integer(params, "order", REPLACE))


def _supercharger(state: CarState, _model: CarModel, params: Params) -> str | None:
    return _go(state, [f"supercharger {integer(params, 'id')}"], integer(params, "order", REPLACE))


def _waypoints(state: CarState, _model: CarModel, params: Params) -> str | None:
    stops = [stop.strip() for stop in text(params, "waypoints").split(",")]
    if not all(stop.startswith("refId:") for stop in stops):
        return "invalid_waypoints"
    return _go(state, stops)


NAVIGATION: Final[dict[str, Effect]] = {
    "navigation_request": _share,
    "navigation_gps_destination_request": _named_position,
    "navigation_gps_request": _position,
    "navigation_sc_request": _supercharger,
    "navigation_waypoints_request": _waypoints,
}
