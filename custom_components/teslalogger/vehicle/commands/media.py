"""Media and navigation."""

import time
from typing import Final

import voluptuous as vol

from .model import Command, Fields, Params, Repeat, RouteRule
from .parameters import integer, number, text

_MAX_VOLUME: Final = 11
_MAX_DESTINATION: Final = 500


def _press(name: str, field: str) -> Command:
    return Command(name=name, message=lambda _: {field: {}}, repeat=Repeat.TOGGLE)


def _volume_step(name: str, step: int) -> Command:
    return Command(
        name=name,
        message=lambda _: {"mediaUpdateVolume": {"volume_delta": step}},
        repeat=Repeat.TOGGLE,
    )


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


MEDIA_COMMANDS: Final = (
    Command(
        name="adjust_volume",
        message=lambda params: {"mediaUpdateVolume": {"volume_absolute_float": params["volume"]}},
        schema=vol.Schema({vol.Required("volume"): number(0, _MAX_VOLUME)}),
    ),
    _volume_step("media_volume_up", 1),
    _volume_step("media_volume_down", -1),
    _press("media_toggle_playback", "mediaPlayAction"),
    _press("media_next_track", "mediaNextTrack"),
    _press("media_prev_track", "mediaPreviousTrack"),
    _press("media_next_fav", "mediaNextFavorite"),
    _press("media_prev_fav", "mediaPreviousFavorite"),
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
    ),
)
