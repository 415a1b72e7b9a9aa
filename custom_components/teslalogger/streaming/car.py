"""One car's stream, as the car's entities and its coordinator see it.

Whoever receives it, our own receiver or an MQTT broker, hands it on here. What is streamed is
merged at once and shown at most once a second: most cars send twice in that time.
"""

import time
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback

from custom_components.teslalogger.vehicle.state import UNKNOWN_AGE, Source
from custom_components.teslalogger.vehicle.streamed import readings_from_stream, right_hand_drive

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping, Sequence

    from custom_components.teslalogger.coordinator import CarCoordinator
    from custom_components.teslalogger.fleet_telemetry.records import Record
    from custom_components.teslalogger.vehicle.state import Reading

TICK: Final = 1.0
"""Seconds between two writes of a car's entities."""


class CarStream:
    """What one car streams, from the time that it connects."""

    def __init__(
        self, hass: HomeAssistant, car: CarCoordinator, source: Source = Source.STREAM
    ) -> None:
        self.car = car
        self.since: float | None = None
        self.last_record: float | None = None
        self._hass = hass
        self._source = source
        self._timer: asyncio.TimerHandle | None = None
        self._shown_at = float("-inf")

    @property
    def is_open(self) -> bool:
        """Whether the car is connected."""
        return self.since is not None

    @callback
    def async_open(self) -> None:
        """The car has connected; it may have been connected already."""
        if self.since is None:
            self.since = time.time()
            self.car.async_stream_began()

    @callback
    def async_take(self, records: Sequence[Record]) -> list[Mapping[str, Reading]]:
        """Take over what a car streamed; gives the readings of each record with fields.

        A record without a time is of now, and one of UNKNOWN_AGE only fills what is not known yet.
        """
        now = time.time()
        is_right = self.car.value("rhd") is True
        kept: list[Mapping[str, Reading]] = []
        live: list[Mapping[str, Reading]] = []
        for record in records:
            if not record.fields:
                continue
            if (told := right_hand_drive(record.fields)) is not None:
                is_right = told
            readings = readings_from_stream(
                record.fields,
                now if record.created_at is None else record.created_at,
                now,
                self._source,
                right_hand_drive=is_right,
            )
            (kept if record.created_at == UNKNOWN_AGE else live).append(readings)
        if kept:
            self.car.async_apply(*kept)
        if live:
            self.last_record = now
            self.car.async_take_streamed(*live)
        if self._timer is None and (kept or live):
            at = max(self._hass.loop.time(), self._shown_at + TICK)
            self._timer = self._hass.loop.call_at(at, self._show)
        return kept + live

    @callback
    def async_close(self) -> None:
        """The car is gone, or nobody listens any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._show()
        if self.since is not None:
            self.since = None
            self.car.async_stream_ended()

    @callback
    def _show(self) -> None:
        self._timer = None
        self._shown_at = self._hass.loop.time()
        self.car.async_tell_concerned()
