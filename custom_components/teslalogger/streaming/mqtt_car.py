"""One car, as Tesla's own server publishes it to MQTT.

Each field comes by itself, without saying when the car told it. What comes within a moment is
taken for one record of now. What the broker had kept is of unknown age: it fills what is not known
yet, and does not show that the car is there.
"""

from dataclasses import dataclass, field
import time
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback

from custom_components.teslalogger.fleet_telemetry.mqtt_topics import (
    Alerts,
    Connectivity,
    FieldValue,
)
from custom_components.teslalogger.fleet_telemetry.records import Alert, CarError, Record
from custom_components.teslalogger.fleet_telemetry.sink import Hello
from custom_components.teslalogger.vehicle.state import UNKNOWN_AGE

if TYPE_CHECKING:
    import asyncio

    from custom_components.teslalogger.fleet_telemetry.mqtt_topics import Content

    from .server import Listener

MOMENT: Final = 0.1
"""Seconds in which the fields of a record follow each other; records are half a second apart."""
SILENCE: Final = 15 * 60.0
"""Seconds without a word after which a car is gone, if nobody said that it had come."""
LONG_SILENCE: Final = 6 * 3600.0
"""The same if the server said so: then it also says when it goes, unless it dies itself."""
STRAGGLING: Final = 10.0
"""Seconds after a car has gone in which its last words may still arrive."""

_NEVER: Final = float("-inf")


@dataclass(slots=True)
class _Gathered:
    """What came within a moment. An alert comes twice, as the current one and in its history."""

    fields: dict[str, object] = field(default_factory=dict)
    alerts: dict[tuple[str, float | None], Alert] = field(default_factory=dict)
    errors: list[CarError] = field(default_factory=list)

    def add(self, content: FieldValue | Alerts | CarError) -> None:
        """Put something more to it."""
        match content:
            case FieldValue():
                self.fields[content.name] = content.value
            case Alerts():
                self.alerts |= {(alert.name, alert.started_at): alert for alert in content.alerts}
            case CarError():
                self.errors.append(content)

    def record(self, created_at: float | None = None) -> Record:
        """All of it."""
        return Record(
            created_at=created_at,
            fields=self.fields,
            alerts=tuple(self.alerts.values()),
            errors=tuple(self.errors),
            signals=len(self.fields) + len(self.alerts),
        )


class MqttCar:
    """Makes records of what is published about a car, and a connection of their coming."""

    def __init__(self, hass: HomeAssistant, listener: Listener) -> None:
        self._hass = hass
        self._listener = listener
        self._live: _Gathered | None = None
        self._kept: _Gathered | None = None
        self._gathering: asyncio.TimerHandle | None = None
        self._is_open = False
        self._connection = ""
        self._heard_at = self._gone_at = _NEVER
        self._patience = SILENCE
        self._listening: asyncio.TimerHandle | None = None

    @callback
    def async_take(self, content: Content, *, is_retained: bool) -> None:
        """Take what a message told."""
        if isinstance(content, Connectivity):
            if not is_retained:
                self._note_connectivity(content)
            return
        if not is_retained:
            self._live = self._live or _Gathered()
            self._live.add(content)
        elif isinstance(content, FieldValue):
            self._kept = self._kept or _Gathered()
            self._kept.add(content)
        else:
            return  # an old story, and most likely one that has been told
        if self._gathering is None:
            self._gathering = self._hass.loop.call_later(MOMENT, self._hand_on)

    @callback
    def async_end(self) -> None:
        """Nothing more can be heard of the car."""
        self._hand_on(is_end=True)
        self._close()

    @callback
    def _note_connectivity(self, told: Connectivity) -> None:
        if told.is_connected:
            self._connection = told.connection_id
            self._heard_at = time.monotonic()
            self._open(LONG_SILENCE)
        elif not self._connection or told.connection_id in {"", self._connection}:
            self._hand_on(is_end=True)
            self._close()
            self._gone_at = time.monotonic()
        # Else the car has changed networks, and the server has just noticed.

    @callback
    def _hand_on(self, *, is_end: bool = False) -> None:
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        kept, self._kept = self._kept, None
        live, self._live = self._live, None
        if kept is not None:
            self._listener.async_records([kept.record(UNKNOWN_AGE)])
        if live is not None:
            if not is_end:
                self._hear()
            self._listener.async_records([live.record()])

    def _hear(self) -> None:
        """The car has said something, so it is there; the server may never have said so."""
        now = self._heard_at = time.monotonic()
        if not self._is_open and now > self._gone_at + STRAGGLING:
            self._open(SILENCE)

    @callback
    def _listen(self) -> None:
        remaining = self._heard_at + self._patience - time.monotonic()
        if remaining > 0:
            self._listening = self._hass.loop.call_later(remaining, self._listen)
        else:
            self._close()

    def _stop_listening(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None

    def _open(self, patience: float) -> None:
        self._is_open = True
        self._patience = patience
        self._stop_listening()
        self._listening = self._hass.loop.call_later(patience, self._listen)
        self._listener.async_hello(Hello(connection_id=self._connection))

    def _close(self) -> None:
        self._stop_listening()
        self._connection = ""
        if self._is_open:
            self._is_open = False
            self._listener.async_goodbye()
