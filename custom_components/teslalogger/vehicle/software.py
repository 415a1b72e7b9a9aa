"""How far an update of the software is, as far as a stream tells it."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from .signals import Value

NOT_STREAMED: Final = "software_update_status"
"""What the car calls that itself; there is no field for it."""
_TOLD: Final = ("car_version", "software_update_version")
_FLAGS: Final = ("software_update_available", "software_update_in_progress")
_PERCENTAGES: Final = ("software_update_download", "software_update_installation")
# A car that installs nothing calls that one percent.
_IDLE: Final = 1
_DONE: Final = 100
SIGNALS_OF_PHASE: Final = frozenset({*_TOLD, *_FLAGS, *_PERCENTAGES})
"""The signals that a phase is made of."""

type Phase = tuple[Value, ...]


def phase(value: Callable[[str], Value]) -> Phase:
    """What is another one as soon as the car has gone on to the next step of an update.

    It downloads and installs in percents, of which only the first and the last one begin a step.
    """
    return (
        *(value(signal) for signal in _TOLD),
        *(bool(value(signal)) for signal in _FLAGS),
        *(_is_under_way(value(signal)) for signal in _PERCENTAGES),
    )


def _is_under_way(percent: Value) -> bool:
    return isinstance(percent, int | float) and _IDLE < percent < _DONE
