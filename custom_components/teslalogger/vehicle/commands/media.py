"""Media."""

from typing import Final

import voluptuous as vol

from .model import Command, Repeat, becomes_parameter
from .parameters import number

_MAX_VOLUME: Final = 11
_TRACK: Final = ("media_title", "media_artist", "media_album", "media_duration")


def _press(name: str, field: str, *changes: str) -> Command:
    return Command(name=name, message=lambda _: {field: {}}, repeat=Repeat.TOGGLE, changes=changes)


def _volume_step(name: str, step: int) -> Command:
    return Command(
        name=name,
        message=lambda _: {"mediaUpdateVolume": {"volume_delta": step}},
        repeat=Repeat.TOGGLE,
        changes=("media_volume",),
    )


MEDIA_COMMANDS: Final = (
    Command(
        name="adjust_volume",
        message=lambda params: {"mediaUpdateVolume": {"volume_absolute_float": params["volume"]}},
        schema=vol.Schema({vol.Required("volume"): number(0, _MAX_VOLUME)}),
        expects={"media_volume": becomes_parameter("volume")},
    ),
    _volume_step("media_volume_up", 1),
    _volume_step("media_volume_down", -1),
    _press("media_toggle_playback", "mediaPlayAction", "media_playback_status"),
    _press("media_next_track", "mediaNextTrack", *_TRACK),
    _press("media_prev_track", "mediaPreviousTrack", *_TRACK),
    _press("media_next_fav", "mediaNextFavorite"),
    _press("media_prev_fav", "mediaPreviousFavorite"),
)
