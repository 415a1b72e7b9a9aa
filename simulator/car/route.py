"""The way to the next stop, as `drive_state` tells it."""

import math
from typing import TYPE_CHECKING, Any, Final

from simulator.car import physics

if TYPE_CHECKING:
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

KM_PER_MILE: Final = 1.609344
KM_PER_DEGREE: Final = 111.2
ROUTE_SPEED: Final = 60.0
UNKNOWN_WAY: Final = 12.0  # km to a place that only Tesla's servers could find


def _place(stop: str) -> tuple[float, float] | None:
    """The degrees of a stop that is told as such."""
    latitude, comma, longitude = stop.partition(",")
    try:
        return (float(latitude), float(longitude)) if comma else None
    except ValueError:
        return None


def route(state: CarState, model: CarModel) -> dict[str, Any]:
    """The way to the next stop; without one Tesla leaves it out."""
    if not state.stops:
        return {}
    way, minutes = _ahead(state)
    level = physics.soc(state, model) - 100.0 * way * model.consumption / model.pack
    return {
        "active_route_destination": state.stops[0],
        "active_route_energy_at_arrival": max(0, round(level)),
        "active_route_miles_to_arrival": round(way / KM_PER_MILE, 2),
        "active_route_minutes_to_arrival": round(minutes, 2),
        "active_route_traffic_minutes_delay": 0.0,
    }


def _ahead(state: CarState) -> tuple[float, float]:
    """Kilometres and minutes to the next stop: to the end of the road, if the car is on one."""
    trip = state.motion.trip
    if trip is not None and trip.road is not None:
        left = max(0.0, trip.road.duration - trip.seconds)
        return trip.length - trip.road.covered(trip.seconds), left / 60.0
    place = _place(state.stops[0])
    way = UNKNOWN_WAY if place is None else _way(state, place)
    return way, 60.0 * way / ROUTE_SPEED


def _way(state: CarState, place: tuple[float, float]) -> float:
    """As the crow flies, on a ground that is flat enough."""
    north = place[0] - state.motion.latitude
    east = (place[1] - state.motion.longitude) * math.cos(math.radians(place[0]))
    return KM_PER_DEGREE * math.hypot(north, east)


def destination(state: CarState) -> dict[str, Any]:
    """Where the next stop is, if it was told in degrees."""
    place = _place(state.stops[0]) if state.stops else None
    if place is None:
        return {}
    return {"active_route_latitude": place[0], "active_route_longitude": place[1]}
