"""Readings from Tesla's `vehicle_data` answer."""

from collections.abc import Mapping
from typing import Any, Final

from custom_components.teslalogger.tesla.scopes import Scope

from .signals import INVALID, SIGNALS
from .signals.converters import number
from .state import Reading, Source

_ENDPOINTS: Final = (
    "charge_state",
    "climate_state",
    "drive_state",
    "vehicle_state",
    "vehicle_config",
    "gui_settings",
    "charge_schedule_data",
    "preconditioning_schedule_data",
)
_LOCATION: Final = "location_data"
_ABSENT: Final = object()
_POLLED: Final = tuple(
    (signal, signal.path) for signal in SIGNALS.values() if signal.path is not None
)


def endpoints_for(scopes: frozenset[Scope]) -> tuple[str, ...]:
    """What to ask `vehicle_data` for; the position only where it is granted."""
    return (*_ENDPOINTS, _LOCATION) if Scope.VEHICLE_LOCATION in scopes else _ENDPOINTS


def readings_from(
    vehicle_data: Mapping[str, Any], received: float, source: Source = Source.POLL
) -> dict[str, Reading]:
    """Readings of all signals that the answer holds.

    Args:
        vehicle_data: The `response` member of Tesla's answer, or any part of it.
        received: Seconds since 1970; stands in where Tesla gives no time of the car.
        source: Who the readings are from.
    """
    readings = {}
    for signal, path in _POLLED:
        raw = _follow(vehicle_data, path)
        if raw is _ABSENT:
            if not signal.vanishes or _follow(vehicle_data, path[:-1]) is _ABSENT:
                continue
            raw = None
        value = signal.polled(raw)
        if value is INVALID:
            continue
        car_time = _car_time(vehicle_data, path)
        readings[signal.key] = Reading(
            value=value,
            car_time=received if car_time is None else car_time,
            received=received,
            source=source,
            is_null=value is None and raw is None,
        )
    return readings


def availability_reading(state: str, received: float) -> dict[str, Reading]:
    """The reading that the free state check brings."""
    return readings_from({"state": state}, received, Source.CHECK)


def _follow(data: object, path: tuple[str, ...]) -> object:
    for name in path:
        if not isinstance(data, Mapping) or name not in data:
            return _ABSENT
        data = data[name]
    return data


def _car_time(data: Mapping[str, Any], path: tuple[str, ...]) -> float | None:
    """The time of the sub-state, which Tesla gives in milliseconds."""
    milliseconds = number(_follow(data, (path[0], "timestamp")))
    if not isinstance(milliseconds, int | float) or milliseconds <= 0:
        return None
    return milliseconds / 1000
