"""Readings from Fleet Telemetry, whoever received it."""

from typing import TYPE_CHECKING, Final

from .signals import BY_NAME, INVALID, MIRRORED
from .state import Reading, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

# Tesla's "invalid", and how old firmware writes it.
_INVALID: Final = (None, "<invalid>")


def readings_from_stream(
    fields: Mapping[str, object],
    car_time: float,
    received: float,
    source: Source = Source.STREAM,
    *,
    right_hand_drive: bool = False,
) -> dict[str, Reading]:
    """Readings of all signals that some streamed fields tell; unknown fields tell none.

    Args:
        fields: Value by field name, as Tesla's own server writes it to MQTT: a number, a text, a
            flag, None for "invalid", an enumeration as its full name, a place, the doors and the
            wheels as mappings.
        car_time: When the car recorded them, in seconds since 1970.
        received: When they came, in seconds since 1970.
        source: Who the readings are from.
        right_hand_drive: Whether the driver sits on the right: some fields name the side.
    """
    readings = {}
    for field, raw in fields.items():
        for signal in BY_NAME.get(field, ()):
            value = signal.streamed(raw)
            if value is INVALID:
                continue
            key = MIRRORED.get(signal.key, signal.key) if right_hand_drive else signal.key
            readings[key] = Reading(
                value=value,
                car_time=car_time,
                received=received,
                source=source,
                is_null=raw in _INVALID,
            )
    return readings
