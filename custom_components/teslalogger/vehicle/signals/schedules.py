"""Charge and precondition schedules. A signal's value is one text, so all of a kind are one."""

from typing import TYPE_CHECKING, Final

from custom_components.teslalogger.vehicle.schedules import (
    Schedule,
    charge_schedule,
    precondition_schedule,
    to_text,
)

from .model import INVALID, Converter, Kind, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from .converters import Converted


def _list_of(read: Callable[[object], Schedule | None]) -> Converter:
    """All that can be read. A car that has none may leave the list out."""

    def convert(raw: object) -> Converted:
        if raw is None:
            return to_text(())
        if not isinstance(raw, list):
            return INVALID
        return to_text(schedule for entry in raw if (schedule := read(entry)) is not None)

    return convert


SCHEDULE_SIGNALS: Final = (
    Signal(
        key="charge_schedules",
        kind=Kind.TEXT,
        path=("charge_schedule_data", "charge_schedules"),
        vanishes=True,
        convert=_list_of(charge_schedule),
    ),
    Signal(
        key="precondition_schedules",
        kind=Kind.TEXT,
        path=("preconditioning_schedule_data", "precondition_schedules"),
        vanishes=True,
        convert=_list_of(precondition_schedule),
    ),
)
