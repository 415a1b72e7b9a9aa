"""What the user chose about streaming: where it comes in, and how much of it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Self

from custom_components.teslalogger.fleet_telemetry.configuration import DEFAULT_PORT
from custom_components.teslalogger.fleet_telemetry.fields import OFFERED
from custom_components.teslalogger.fleet_telemetry.presets import (
    PRESETS,
    FieldChoice,
    Preset,
    suggested,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.config_entries import ConfigEntry

    from custom_components.teslalogger.fleet_telemetry.presets import Choice

CONF_SOURCE: Final = "source"
CONF_HOSTNAME: Final = "hostname"
CONF_PORT: Final = "port"
CONF_LISTEN_PORT: Final = "listen_port"
CONF_PRESET: Final = "preset"
CONF_FIELDS: Final = "fields"
CONF_MQTT_TOPIC: Final = "mqtt_topic"

OPTIONS: Final = "telemetry"
"""Where in an entry's options they are."""
DEFAULT_TOPIC: Final = "telemetry"


class TelemetrySource(StrEnum):
    """Where streams come in."""

    OFF = "off"
    RECEIVER = "receiver"
    MQTT = "mqtt"


@dataclass(frozen=True, kw_only=True, slots=True)
class TelemetryOptions:
    """The options of an entry.

    Cars dial `hostname` and `port`; `listen_port` is where that arrives at this machine. `fields`
    deviates from the preset: seconds between two values of a field, 0 for none. `mqtt_topic` is
    the base topic of Tesla's server.
    """

    source: TelemetrySource = TelemetrySource.OFF
    hostname: str = ""
    port: int = DEFAULT_PORT
    listen_port: int = DEFAULT_PORT
    preset: Preset = Preset.BALANCED
    fields: Mapping[str, int] = field(default_factory=dict)
    mqtt_topic: str = DEFAULT_TOPIC

    @classmethod
    def of(cls, entry: ConfigEntry[Any]) -> Self:
        """Those of an entry; everything that is not there is as at first."""
        stored = entry.options.get(OPTIONS, {})
        port = stored.get(CONF_PORT, DEFAULT_PORT)
        return cls(
            source=TelemetrySource(stored.get(CONF_SOURCE, TelemetrySource.OFF)),
            hostname=stored.get(CONF_HOSTNAME, ""),
            port=port,
            listen_port=stored.get(CONF_LISTEN_PORT, port),
            preset=Preset(stored.get(CONF_PRESET, Preset.BALANCED)),
            fields=dict(stored.get(CONF_FIELDS, {})),
            mqtt_topic=stored.get(CONF_MQTT_TOPIC, DEFAULT_TOPIC),
        )

    def as_dict(self) -> dict[str, Any]:
        """For the entry's options."""
        return {
            CONF_SOURCE: self.source.value,
            CONF_HOSTNAME: self.hostname,
            CONF_PORT: self.port,
            CONF_LISTEN_PORT: self.listen_port,
            CONF_PRESET: self.preset.value,
            CONF_FIELDS: dict(self.fields),
            CONF_MQTT_TOPIC: self.mqtt_topic,
        }

    @property
    def choice(self) -> Choice:
        """Which fields are streamed how often.

        What is not offered any more is left out, and nothing is sent again before its interval.
        """
        chosen = dict(PRESETS[self.preset])
        for name, interval in self.fields.items():
            if interval and name in OFFERED:
                usual = chosen.get(name) or suggested(name)
                chosen[name] = FieldChoice(
                    interval=interval,
                    minimum_delta=usual.minimum_delta,
                    resend=max(usual.resend, interval) if usual.resend else None,
                    include=usual.include,
                )
            else:
                chosen.pop(name, None)
        return chosen
