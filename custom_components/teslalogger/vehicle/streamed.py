"""Readings from Fleet Telemetry, whoever received it."""

from typing import TYPE_CHECKING, Final

from .signals import BY_NAME, INVALID, MIRRORED, SIGNALS
from .state import Reading, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

# Tesla's "invalid", and how old firmware writes it.
_INVALID: Final = (None, "<invalid>")
_SIDE: Final = "RightHandDrive"


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
            # Numbers are nearly all that comes, and none of them is a word for nothing.
            value = (signal.stream or signal.convert)(raw) if type(raw) is float else INVALID
            if value is INVALID:
                value = signal.streamed(raw)
                if value is INVALID:
                    continue
            key = MIRRORED.get(signal.key, signal.key) if right_hand_drive else signal.key
            is_null = value is None and raw in _INVALID
            readings[key] = Reading(value, car_time, received, source, is_null)
    return readings


def right_hand_drive(fields: Mapping[str, object]) -> bool | None:
    """Whether the driver sits on the right; None if these fields do not say."""
    told = SIGNALS["rhd"].streamed(fields[_SIDE]) if _SIDE in fields else None
    return told if isinstance(told, bool) else None
