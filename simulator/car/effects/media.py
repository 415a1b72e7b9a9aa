"""The media player. Steps and toggles, so a command that came twice shows."""

from typing import TYPE_CHECKING, Final

from simulator.car.effects.params import number

if TYPE_CHECKING:
    from simulator.car.effects.params import Effect, Params
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

MAX_VOLUME: Final = 11.0


def _volume(state: CarState, _model: CarModel, params: Params) -> str | None:
    volume = number(params, "volume")
    if not 0.0 <= volume <= MAX_VOLUME:
        return "invalid_volume"
    state.volume = volume
    return None


def _volume_step(step: float) -> Effect:
    def effect(state: CarState, _model: CarModel, _params: Params) -> str | None:
        state.volume = min(max(state.volume + step, 0.0), MAX_VOLUME)
        return None

    return effect


def _toggle_playback(state: CarState, _model: CarModel, _params: Params) -> str | None:
    state.playing = not state.playing
    return None


def _move(name: str, step: int) -> Effect:
    def effect(state: CarState, _model: CarModel, _params: Params) -> str | None:
        setattr(state, name, getattr(state, name) + step)
        return None

    return effect


MEDIA: Final[dict[str, Effect]] = {
    "adjust_volume": _volume,
    "media_volume_up": _volume_step(1.0),
    "media_volume_down": _volume_step(-1.0),
    "media_toggle_playback": _toggle_playback,
    "media_next_track": _move("track", 1),
    "media_prev_track": _move("track", -1),
    "media_next_fav": _move("favourite", 1),
    "media_prev_fav": _move("favourite", -1),
}
