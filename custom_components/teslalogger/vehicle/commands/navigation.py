"""Where to: addresses, coordinates, Superchargers, several stops."""

from enum import IntEnum
import time
from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol

from .model import Command, Fields, Params, Repeat, RouteRule
from .parameters import integer, number, text

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_DESTINATION: Final = 500
_MAX_WAYPOINTS: Final = 2_000
_CHANGES: Final = (
    "active_route_destination",
    "active_route_latitude",
    "active_route_longitude",
    "active_route_miles_to_arrival",
    "active_route_minutes_to_arrival",
    "active_route_energy_at_arrival",
)


class Order(IntEnum):
    """What becomes of the stops that the car already knows."""

    REPLACE = 1
    FIRST = 2
    LAST = 3


_ORDER: Final[dict[vol.Marker, Any]] = {
    vol.Optional("order", default=int(Order.REPLACE)): integer(min(Order), max(Order))
}


def _share(params: Params) -> Fields:
    """The body that the Tesla app sends when something is shared with it."""
    return {
        "type": "share_ext_content_raw",
        "locale": params["locale"],
        "timestamp_ms": str(params["timestamp_ms"]),
        "value": {"android.intent.extra.TEXT": params["destination"]},
    }


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _stop(
    name: str,
    message: Callable[[Params], Fields],
    schema: dict[vol.Marker, Any],
    route: RouteRule = RouteRule.ANY,
) -> Command:
    """A stop in the car's own terms; Tesla's proxy does not sign it, Tesla's app does."""
    return Command(
        name=name,
        message=message,
        schema=vol.Schema(schema),
        route=route,
        repeat=Repeat.ACTION,
        changes=_CHANGES,
    )


NAVIGATION_COMMANDS: Final = (
    Command(
        name="navigation_request",
        message=None,
        rest=_share,
        schema=vol.Schema(
            {
                vol.Required("destination"): text(_MAX_DESTINATION),
                vol.Optional("locale", default="en-US"): text(),
                vol.Optional("timestamp_ms", default=_now_ms): integer(0, 2**53),
            }
        ),
        route=RouteRule.UNSIGNED_ONLY,
        repeat=Repeat.ACTION,
        changes=_CHANGES,
    ),
    _stop(
        "navigation_gps_request",
        lambda params: {"navigationGpsRequest": dict(params)},
        {vol.Required("lat"): number(-90, 90), vol.Required("lon"): number(-180, 180), **_ORDER},
    ),
    _stop(
        "navigation_gps_destination_request",
        lambda params: {"navigationGpsDestinationRequest": dict(params)},
        {
            vol.Required("lat"): number(-90, 90),
            vol.Required("lon"): number(-180, 180),
            vol.Required("destination"): text(_MAX_DESTINATION),
            **_ORDER,
        },
        RouteRule.SIGNED_ONLY,
    ),
    _stop(
        "navigation_sc_request",
        lambda params: {
            "navigationSuperchargerRequest": {
                "id": params["id"],
                "remote_nav_trip_order": params["order"],
            }
        },
        {vol.Required("id"): integer(0, 2**53), **_ORDER},
    ),
    _stop(
        "navigation_waypoints_request",
        lambda params: {"navigationWaypointsRequest": {"waypoints": params["waypoints"]}},
        {vol.Required("waypoints"): text(_MAX_WAYPOINTS)},
    ),
)
