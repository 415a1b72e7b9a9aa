"""What one row of the signal table says."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final, Literal

type Value = bool | int | float | str | None


class Invalid(Enum):
    """The one value that stands for "Tesla sent something that is not a value"."""

    INVALID = "invalid"


INVALID: Final = Invalid.INVALID

type Converter = Callable[[object], Value | Literal[Invalid.INVALID]]


class Kind(StrEnum):
    """The type of a signal's value."""

    BOOL = "bool"
    NUMBER = "number"
    TEXT = "text"
    ENUM = "enum"


class OnInvalid(StrEnum):
    """What an invalid report does to the last value."""

    KEEP = "keep"
    CLEAR = "clear"


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """One thing a car can tell.

    `path` leads to it in `vehicle_data`, `telemetry` names the Fleet Telemetry field, `unit` is
    what Tesla sends, in plain symbols. `convert` is total: it answers INVALID and never raises.
    """

    key: str
    kind: Kind
    convert: Converter
    path: tuple[str, ...] | None = None
    telemetry: str | None = None
    unit: str | None = None
    on_invalid: OnInvalid = OnInvalid.KEEP
    options: tuple[str, ...] = ()
