"""The media player, and where to."""

from typing import Any, Final

from .case import Case

_OLD: Final = "48.1000,11.5000"
_NEW: Final = "52.5000,13.2500"
_WAY: Final = (
    "active_route_energy_at_arrival",
    "active_route_miles_to_arrival",
    "active_route_minutes_to_arrival",
)


def _stop(
    command: str, params: dict[str, Any], stops: list[str], unsigned: dict[str, Any] | None = None
) -> Case:
    """A new way; the signals tell the next stop, and where that is if it is told in degrees."""
    first = stops[0]
    reads: dict[str, Any] = {}
    if first != _OLD:
        reads = {
            "active_route_destination": first,
            "active_route_latitude": 52.5 if first == _NEW else None,
            "active_route_longitude": 13.25 if first == _NEW else None,
        }
    return Case(
        command=command,
        params=params,
        unsigned=unsigned,
        before={"stops": [_OLD]},
        after={"stops": stops, "counts.navigation": 1},
        reads=reads,
        moves=_WAY if reads else (),
    )


def _position(order: int, *stops: str) -> Case:
    params = {"lat": 52.5, "lon": 13.25, "order": order}
    return _stop("navigation_gps_request", params, [*stops])


def _supercharger(order: int, *stops: str) -> Case:
    return _stop("navigation_sc_request", {"id": 114, "order": order}, [*stops])


_SHARED: Final[dict[str, Any]] = {
    "type": "share_ext_content_raw",
    "locale": "de-DE",
    "timestamp_ms": "1700000000000",
    "value": {"android.intent.extra.TEXT": "Alexanderplatz, Berlin"},
}

MEDIA: Final = (
    Case(
        command="adjust_volume",
        params={"volume": 5.5},
        after={"volume": 5.5},
        reads={"media_volume": 5.5},
    ),
    Case(
        command="adjust_volume",
        params={"volume": 0},
        after={"volume": 0.0},
        reads={"media_volume": 0.0},
    ),
    Case(command="media_volume_up", after={"volume": 4.0}, reads={"media_volume": 4.0}),
    Case(command="media_volume_down", after={"volume": 2.0}, reads={"media_volume": 2.0}),
    Case(
        command="media_toggle_playback",
        after={"playing": True},
        reads={"media_playback_status": "playing"},
    ),
    Case(
        command="media_toggle_playback",
        before={"playing": True},
        after={"playing": False},
        reads={"media_playback_status": "stopped"},
    ),
    Case(
        command="media_next_track",
        before={"track": 4},
        after={"track": 5},
        reads={
            "media_title": "Track 5",
            "media_artist": "Halbe Kraft",
            "media_album": "Off-ramp",
            "media_duration": 180_000,
        },
    ),
    Case(
        command="media_prev_track",
        before={"track": 4},
        after={"track": 3},
        reads={
            "media_title": "Track 3",
            "media_artist": "The Simulators",
            "media_album": "Off-ramp",
            "media_duration": 201_000,
        },
    ),
    Case(command="media_next_fav", before={"favourite": 4}, after={"favourite": 5}),
    Case(command="media_prev_fav", before={"favourite": 4}, after={"favourite": 3}),
)

NAVIGATION: Final = (
    _stop(
        "navigation_request",
        {
            "destination": "Alexanderplatz, Berlin",
            "locale": "de-DE",
            "timestamp_ms": 1_700_000_000_000,
        },
        ["Alexanderplatz, Berlin"],
        unsigned=_SHARED,
    ),
    _position(1, _NEW),
    _position(2, _NEW, _OLD),
    _position(3, _OLD, _NEW),
    _stop(
        "navigation_gps_destination_request",
        {"lat": 52.5, "lon": 13.25, "destination": "Café", "order": 1},
        ["Café (52.5000,13.2500)"],
    ),
    _supercharger(1, "supercharger 114"),
    _supercharger(2, "supercharger 114", _OLD),
    _supercharger(3, _OLD, "supercharger 114"),
    _stop(
        "navigation_waypoints_request",
        {"waypoints": "refId:one,refId:two"},
        ["refId:one", "refId:two"],
    ),
)
