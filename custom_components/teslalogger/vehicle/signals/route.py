"""The route: where it began, where it leads, and the places that the driver calls by a name."""

from typing import Final

from .compounds import latitude, longitude
from .converters import within
from .model import OnInvalid
from .rows import flag, label, quantity

_CLEAR: Final = OnInvalid.CLEAR

ROUTE_SIGNALS: Final = (
    label(
        "active_route_destination",
        "drive_state.active_route_destination",
        "DestinationName",
        vanishes=True,
        on_invalid=_CLEAR,
    ),
    quantity(
        "active_route_miles_to_arrival",
        "mi",
        "drive_state.active_route_miles_to_arrival",
        "MilesToArrival",
        vanishes=True,
        on_invalid=_CLEAR,
    ),
    quantity(
        "active_route_minutes_to_arrival",
        "min",
        "drive_state.active_route_minutes_to_arrival",
        "MinutesToArrival",
        vanishes=True,
        on_invalid=_CLEAR,
    ),
    quantity(
        "active_route_traffic_minutes_delay",
        "min",
        "drive_state.active_route_traffic_minutes_delay",
        "RouteTrafficMinutesDelay",
        vanishes=True,
        on_invalid=_CLEAR,
    ),
    quantity(
        "active_route_energy_at_arrival",
        "%",
        "drive_state.active_route_energy_at_arrival",
        "ExpectedEnergyPercentAtTripArrival",
        vanishes=True,
        on_invalid=_CLEAR,
    ),
    quantity(
        "active_route_latitude",
        "°",
        "drive_state.active_route_latitude",
        "DestinationLocation",
        part="latitude",
        convert=within(-90, 90),
        stream=latitude,
        vanishes=True,
        on_invalid=_CLEAR,
    ),
    quantity(
        "active_route_longitude",
        "°",
        "drive_state.active_route_longitude",
        "DestinationLocation",
        part="longitude",
        convert=within(-180, 180),
        stream=longitude,
        vanishes=True,
        on_invalid=_CLEAR,
    ),
    quantity(
        "origin_latitude",
        "°",
        telemetry="OriginLocation",
        part="latitude",
        convert=latitude,
        on_invalid=_CLEAR,
    ),
    quantity(
        "origin_longitude",
        "°",
        telemetry="OriginLocation",
        part="longitude",
        convert=longitude,
        on_invalid=_CLEAR,
    ),
    quantity(
        "max_speed_to_reach_destination",
        "mph",
        telemetry="MaxSpeedToReachDestinationMph",
        on_invalid=_CLEAR,
    ),
    flag("located_at_home", telemetry="LocatedAtHome"),
    flag("located_at_work", telemetry="LocatedAtWork"),
    flag("located_at_favorite", telemetry="LocatedAtFavorite"),
)
