"""Streams through Home Assistant's MQTT integration, for people who run Tesla's own server."""

from enum import StrEnum
import logging
from typing import TYPE_CHECKING, Final

from homeassistant.components import mqtt
from homeassistant.components.mqtt.util import mqtt_config_entry_enabled
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later

from custom_components.teslalogger import issues
from custom_components.teslalogger.fleet_telemetry.mqtt_topics import (
    filters,
    is_base,
    read_content,
    read_topic,
)

from .mqtt_car import MqttCar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from homeassistant.components.mqtt.models import ReceiveMessage

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry

    from .server import Listener

_LOGGER = logging.getLogger(__name__)

QOS: Final = 1
"""At most; the server itself uses 0 unless it is told otherwise."""
PATIENCE: Final = 300.0
"""Seconds for which a broker may be away before a person hears of it."""


class MqttProblem(StrEnum):
    """Why nothing can come through MQTT; the value is the translation key."""

    TOPIC_INVALID = "telemetry_mqtt_topic_invalid"
    NOT_SET_UP = "telemetry_mqtt_not_set_up"
    BROKER_AWAY = "telemetry_mqtt_broker_away"


class TelemetryMqtt:
    """Tells listeners what a broker has of their cars, as long as there is any listener.

    `base` is the server's `topic_base`.
    """

    def __init__(self, hass: HomeAssistant, entry: TeslaLoggerConfigEntry, base: str) -> None:
        self.base: Final = base
        self._hass = hass
        self._entry = entry
        self._cars: dict[str, MqttCar] = {}
        self._subscriptions: list[Callable[[], None]] = []
        self._watching: list[Callable[[], None]] = []
        self._stop_waiting: Callable[[], None] | None = None

    @property
    def problem(self) -> MqttProblem | None:
        """What stands in the way at the moment."""
        if self._subscriptions:
            return None
        if not is_base(self.base):
            return MqttProblem.TOPIC_INVALID
        if not mqtt_config_entry_enabled(self._hass):
            return MqttProblem.NOT_SET_UP
        return MqttProblem.BROKER_AWAY

    @callback
    def async_add(self, vin: str, listener: Listener) -> None:
        """Tell a listener about a car from now on, whenever there is a broker."""
        self._cars[vin] = MqttCar(self._hass, listener)
        if not self._watching:
            self._watching = [
                mqtt.async_subscribe_connection_status(self._hass, self._on_connection),
                async_dispatcher_connect(
                    self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._on_entry_changed
                ),
            ]
            self._on_connection(_is_connected(self._hass))

    async def async_remove(self, listeners: Mapping[str, Listener]) -> None:
        """Stop telling; with the last one the subscriptions end."""
        for vin in listeners:
            if (car := self._cars.pop(vin, None)) is not None:
                car.async_end()
        if not self._cars and self._watching:
            while self._watching:
                self._watching.pop()()
            self._unsubscribe()
            self._wait_no_more()
            self._tell_problem(None)

    @callback
    def _on_connection(self, is_connected: bool) -> None:  # noqa: FBT001 - as it is called
        if is_connected and is_base(self.base):
            self._hass.async_create_task(
                self._async_subscribe(), "Subscribe to what cars stream", eager_start=True
            )
            return
        self._unsubscribe()
        for car in self._cars.values():
            car.async_end()
        self._wait_no_more()
        if self.problem is MqttProblem.BROKER_AWAY:
            _LOGGER.debug("There is no MQTT broker: cars are asked until there is one")
            self._stop_waiting = async_call_later(self._hass, PATIENCE, self._waited_in_vain)
        else:
            self._tell_problem(self.problem)

    @callback
    def _on_entry_changed(self, _change: ConfigEntryChange, entry: ConfigEntry) -> None:
        # What is subscribed when the integration is reloaded, nobody can ever unsubscribe.
        if entry.domain == mqtt.DOMAIN and entry.state is ConfigEntryState.UNLOAD_IN_PROGRESS:
            self._on_connection(is_connected=False)

    async def _async_subscribe(self) -> None:
        if self._subscriptions:
            return
        try:
            for topic in filters(self.base):
                unsubscribe = await mqtt.async_subscribe(
                    self._hass, topic, self._take, QOS, encoding=None
                )
                self._subscriptions.append(unsubscribe)
        except HomeAssistantError as err:
            _LOGGER.warning("What cars stream through MQTT cannot be had: %s", err)
            self._unsubscribe()
        self._wait_no_more()
        self._tell_problem(self.problem)

    @callback
    def _unsubscribe(self) -> None:
        while self._subscriptions:
            self._subscriptions.pop()()

    @callback
    def _waited_in_vain(self, _now: datetime) -> None:
        self._stop_waiting = None
        self._tell_problem(self.problem)

    @callback
    def _tell_problem(self, problem: MqttProblem | None) -> None:
        if problem is None:
            issues.async_clear_receiver_problem(self._hass, self._entry)
            return
        _LOGGER.warning("Nothing can come through MQTT: %s", problem)
        issues.async_receiver_problem(self._hass, self._entry, problem, {"topic": self.base})

    @callback
    def _wait_no_more(self) -> None:
        if self._stop_waiting is not None:
            self._stop_waiting()
            self._stop_waiting = None

    @callback
    def _take(self, message: ReceiveMessage) -> None:
        place = read_topic(self.base, message.topic)
        if place is None or (car := self._cars.get(place.vin)) is None:
            return
        payload = message.payload
        content = read_content(place, payload if isinstance(payload, bytes) else b"")
        if content is not None:
            car.async_take(content, is_retained=message.retain)


def _is_connected(hass: HomeAssistant) -> bool:
    try:
        return mqtt.is_connected(hass)
    except KeyError:  # the integration has never been loaded
        return False
