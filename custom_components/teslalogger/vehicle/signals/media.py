"""What is playing. Volume is among the settings."""

from typing import Final

from .model import OnInvalid
from .rows import choice, flag, label, named, quantity

_CLEAR: Final = OnInvalid.CLEAR
_INFO: Final = "vehicle_state.media_info"

MEDIA_SIGNALS: Final = (
    choice(
        "media_playback_status",
        named("Stopped", "Playing", "Paused"),
        f"{_INFO}.media_playback_status",
        "MediaPlaybackStatus",
        prefix="MediaStatus",
        on_invalid=_CLEAR,
    ),
    label("media_source", f"{_INFO}.now_playing_source", "MediaPlaybackSource", on_invalid=_CLEAR),
    label("media_title", f"{_INFO}.now_playing_title", "MediaNowPlayingTitle", on_invalid=_CLEAR),
    label(
        "media_artist", f"{_INFO}.now_playing_artist", "MediaNowPlayingArtist", on_invalid=_CLEAR
    ),
    label("media_album", f"{_INFO}.now_playing_album", "MediaNowPlayingAlbum", on_invalid=_CLEAR),
    label(
        "media_station",
        f"{_INFO}.now_playing_station",
        "MediaNowPlayingStation",
        on_invalid=_CLEAR,
    ),
    quantity(
        "media_duration",
        "ms",
        f"{_INFO}.now_playing_duration",
        "MediaNowPlayingDuration",
        on_invalid=_CLEAR,
    ),
    quantity(
        "media_elapsed",
        "ms",
        f"{_INFO}.now_playing_elapsed",
        "MediaNowPlayingElapsed",
        on_invalid=_CLEAR,
    ),
    label("media_bluetooth_device", f"{_INFO}.a2dp_source_name", on_invalid=_CLEAR),
    flag("media_remote_control", "vehicle_state.media_state.remote_control_enabled"),
)
