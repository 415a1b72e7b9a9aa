"""The media player of a car."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.media_player import (
    MediaPlayerDeviceClass,
    MediaPlayerEntity,
    MediaPlayerEntityDescription,
    MediaPlayerEntityFeature as Feature,
    MediaPlayerState,
)
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .entity import CarRow, async_add_cars, once_seen
from .fresh import Need, async_make_fresh
from .setting import SettingEntity, order

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0

_STATUS: Final = "media_playback_status"
_VOLUME: Final = "media_volume"
_MAX_VOLUME: Final = 11.0
_DIGITS: Final = 3
_STATES: Final = {
    "playing": MediaPlayerState.PLAYING,
    "paused": MediaPlayerState.PAUSED,
    "stopped": MediaPlayerState.IDLE,
}
# The car's only key toggles: what is older than this is not worth a press.
_FRESH: Final = Need(within=30)
_PLAYBACK: Final = Feature.PLAY | Feature.PAUSE | Feature.NEXT_TRACK | Feature.PREVIOUS_TRACK
_LOUDNESS: Final = Feature.VOLUME_SET | Feature.VOLUME_STEP


@dataclass(frozen=True, kw_only=True)
class CarPlayerDescription(MediaPlayerEntityDescription, CarRow):
    """A media player."""


PLAYERS: Final = (
    CarPlayerDescription(
        key="media",
        device_class=MediaPlayerDeviceClass.SPEAKER,
        topics=(
            _STATUS,
            _VOLUME,
            "media_volume_max",
            "media_source",
            "media_title",
            "media_artist",
            "media_album",
            "media_station",
            "media_duration",
            "media_elapsed",
            "media_remote_control",
        ),
        commands=(
            "media_toggle_playback",
            "media_next_track",
            "media_prev_track",
            "adjust_volume",
            "media_volume_up",
            "media_volume_down",
        ),
        readable=True,
        has_fn=once_seen(_STATUS),
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the media players of the cars that have told what they play."""
    async_add_cars(entry, async_add_entities, PLAYERS, CarPlayer)


class CarPlayer(SettingEntity, MediaPlayerEntity):
    """What plays in the car. It is toggled only when it is known to be in the other state."""

    entity_description: CarPlayerDescription

    def __init__(self, coordinator: CarCoordinator, description: CarRow) -> None:
        super().__init__(coordinator, description)
        # Of two presses at a time the second one sees what the first one did.
        self._toggling = asyncio.Lock()

    @property
    @override
    def supported_features(self) -> Feature:
        """Nothing without the login's leave, or where the driver forbids remote control."""
        car = self.coordinator
        if not car.allows(self.entity_description.commands):
            return Feature(0)
        if self._value("media_remote_control") is False:
            return Feature(0)
        return _PLAYBACK | _LOUDNESS if car.knows(_VOLUME) else _PLAYBACK

    @property
    @override
    def state(self) -> MediaPlayerState | None:
        """Playing, paused or idle."""
        status = self._shown(_STATUS)
        return _STATES.get(status) if isinstance(status, str) else None

    @property
    @override
    def volume_level(self) -> float | None:
        """Between 0 and 1."""
        volume = self._shown(_VOLUME)
        if not isinstance(volume, int | float):
            return None
        return min(volume / self._max_volume, 1.0)

    @property
    @override
    def source(self) -> str | None:
        """Spotify, radio, Bluetooth ..."""
        return self._text("media_source")

    @property
    @override
    def media_title(self) -> str | None:
        """The track."""
        return self._text("media_title")

    @property
    @override
    def media_artist(self) -> str | None:
        """Who plays it."""
        return self._text("media_artist")

    @property
    @override
    def media_album_name(self) -> str | None:
        """Where it is from."""
        return self._text("media_album")

    @property
    @override
    def media_channel(self) -> str | None:
        """The radio station."""
        return self._text("media_station")

    @property
    @override
    def media_duration(self) -> int | None:
        """In seconds."""
        return self._seconds("media_duration")

    @property
    @override
    def media_position(self) -> int | None:
        """In seconds, at `media_position_updated_at`."""
        return self._seconds("media_elapsed") if self.media_duration else None

    @property
    @override
    def media_position_updated_at(self) -> datetime | None:
        """When the car told the position."""
        reading = self.coordinator.data.get("media_elapsed")
        if reading is None or self.media_position is None:
            return None
        return datetime.fromtimestamp(reading.moment, UTC)

    @override
    async def async_media_play(self) -> None:
        """Play, unless it plays.

        Raises:
            HomeAssistantError: Nobody knows whether it plays, or the toggle was not done.
        """
        await self._async_toggle("playing")

    @override
    async def async_media_pause(self) -> None:
        """Pause, unless it does not play.

        Raises:
            HomeAssistantError: Nobody knows whether it plays, or the toggle was not done.
        """
        await self._async_toggle("paused")

    @override
    async def async_media_next_track(self) -> None:
        """Go to the next track.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self.coordinator.commander.async_send("media_next_track")

    @override
    async def async_media_previous_track(self) -> None:
        """Go to the previous track.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self.coordinator.commander.async_send("media_prev_track")

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        """Set the volume; of many settings in a row the last one counts.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        wanted = round(volume * self._max_volume, _DIGITS)
        await self._async_order_newest(order("adjust_volume", volume=wanted))

    @override
    async def async_volume_up(self) -> None:
        """Turn up by one step of the car.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self.coordinator.commander.async_send("media_volume_up")

    @override
    async def async_volume_down(self) -> None:
        """Turn down by one step of the car.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self.coordinator.commander.async_send("media_volume_down")

    @property
    def _max_volume(self) -> float:
        told = self._value("media_volume_max")
        if isinstance(told, int | float) and 0 < told <= _MAX_VOLUME:
            return float(told)
        return _MAX_VOLUME

    async def _async_toggle(self, wanted: str) -> None:
        async with self._toggling:
            is_playing = await self._async_plays()
            if is_playing == (wanted == "playing"):
                return
            car = self.coordinator
            with car.commander.wanting({_STATUS: wanted}):
                await car.commander.async_send("media_toggle_playback")
            car.commander.async_conclude({_STATUS: wanted})

    async def _async_plays(self) -> bool:
        """Whether it plays; the car is asked if what is known is old.

        Raises:
            HomeAssistantError: The car did not tell.
        """
        car = self.coordinator
        is_fresh = await async_make_fresh(car, (_STATUS,), _FRESH)
        status = self._value(_STATUS)
        if status is None or not is_fresh:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="media_state_unknown",
                translation_placeholders={"car": car.title},
            )
        return status == "playing"

    def _text(self, signal: str) -> str | None:
        value = self._value(signal)
        return value if isinstance(value, str) else None

    def _seconds(self, signal: str) -> int | None:
        value = self._value(signal)
        return round(value / 1000) if isinstance(value, int | float) and value >= 0 else None
