"""The signals that are watched: what a car sends of each, and what Home Assistant then shows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tesla_protocol.telemetry.vehicle_data_pb2 import SentryModeState, Value

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from simulator.car.state import CarState

type Told = int | bool

_KM_PER_MILE: Final = 1.609344


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """A streamed field, and the entity that shows it.

    `sent` reads a car's value, `shown` a state of Home Assistant, `known` the car itself; equal
    things are equal. `change` makes another one of it. Only a value that `grows` never comes twice.
    """

    entity: str
    sent: Callable[[Value], Told]
    shown: Callable[[str], Told]
    known: Callable[[CarState], Told]
    change: Callable[[CarState, Random], None]
    grows: bool = False


def _drive(state: CarState, _dice: Random) -> None:
    state.motion.odometer += 1.0


def _lock(state: CarState, _dice: Random) -> None:
    state.locked = not state.locked


def _watch_out(state: CarState, _dice: Random) -> None:
    state.sentry_mode = not state.sentry_mode


def _limit(state: CarState, dice: Random) -> None:
    state.charge.limit = dice.choice(
        [limit for limit in range(50, 101) if limit != _limit_of(state)]
    )


def _limit_of(state: CarState) -> int:
    return state.charge.limit


def _number(value: Value) -> float:
    """Typed, or the text of old firmware."""
    return float(getattr(value, value.WhichOneof("value") or ""))


def _is_armed(value: Value) -> bool:
    return value.sentry_mode_state_value == SentryModeState.SentryModeStateArmed


WATCHED: Final = {
    "Odometer": Watched(
        entity="sensor.odometer",
        sent=lambda value: round(_number(value) * _KM_PER_MILE),
        shown=lambda state: round(float(state)),
        known=lambda state: round(state.motion.odometer),
        change=_drive,
        grows=True,
    ),
    "Locked": Watched(
        entity="lock.doors",
        sent=lambda value: value.boolean_value,
        shown={"locked": True, "unlocked": False}.__getitem__,
        known=lambda state: state.locked,
        change=_lock,
    ),
    "SentryMode": Watched(
        entity="switch.sentry_mode",
        sent=_is_armed,
        shown={"on": True, "off": False}.__getitem__,
        known=lambda state: state.sentry_mode,
        change=_watch_out,
    ),
    "ChargeLimitSoc": Watched(
        entity="number.charge_limit",
        sent=lambda value: round(_number(value)),
        shown=lambda state: round(float(state)),
        known=_limit_of,
        change=_limit,
    ),
}
