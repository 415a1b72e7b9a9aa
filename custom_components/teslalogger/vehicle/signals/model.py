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


# Null, and the text for it: of old firmware in the stream, of any in `vehicle_data`.
_INVALID_TEXT: Final = "<invalid>"
_NOTHING: Final = (None, _INVALID_TEXT)
# How the words of Tesla's enumerations end that say: signal not available.
_NOT_AVAILABLE: Final = ("sna", "invalid")


class Kind(StrEnum):
    """The type of a signal's value."""

    BOOL = "bool"
    NUMBER = "number"
    TEXT = "text"
    ENUM = "enum"
    # Seconds since 1970, or the car's own wall clock as ISO 8601 where Tesla tells only that.
    TIME = "time"


class OnInvalid(StrEnum):
    """What an invalid report does to the last value."""

    KEEP = "keep"
    CLEAR = "clear"


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """One thing a car can tell.

    `path` leads to it in `vehicle_data`; where `vanishes`, the car leaves it out when there is
    none. `telemetry` names the Fleet Telemetry field, and `part` the member of a field that tells
    several things. `unit` is what the value has, in plain symbols. `convert` makes it of Tesla's
    value; `stream` does where the streamed value needs another conversion. Both are total: they
    answer INVALID and never raise.
    """

    key: str
    kind: Kind
    convert: Converter
    path: tuple[str, ...] | None = None
    vanishes: bool = False
    telemetry: str | None = None
    part: str | None = None
    stream: Converter | None = None
    unit: str | None = None
    on_invalid: OnInvalid = OnInvalid.KEEP
    options: tuple[str, ...] = ()

    def holds(self, value: Value) -> bool:
        """Whether the signal can have this value: one that was stored may be of another release."""
        match self.kind:
            case Kind.ENUM:
                return value is None or value in self.options
            case Kind.BOOL:
                return value is None or isinstance(value, bool)
            case Kind.TEXT:
                return value is None or isinstance(value, str)
            case Kind.NUMBER:
                return not isinstance(value, bool | str)
            case Kind.TIME:
                return not isinstance(value, bool)

    def polled(self, raw: object) -> Value | Literal[Invalid.INVALID]:
        """What a value of `vehicle_data` makes of the signal; INVALID leaves it as it is."""
        if isinstance(raw, str):
            raw = self._without_words_for_nothing(raw)
        value = self.convert(raw)
        return self._settled(raw) if value is INVALID else value

    def streamed(self, raw: object) -> Value | Literal[Invalid.INVALID]:
        """What a streamed value makes of the signal; None is Tesla's "invalid"."""
        if isinstance(raw, str):
            raw = None if raw == _INVALID_TEXT else self._without_words_for_nothing(raw)
        value = (self.stream or self.convert)(raw)
        return self._settled(raw) if value is INVALID else value

    def _without_words_for_nothing(self, raw: str) -> str | None:
        """None for the words by which an enumeration says that it has none."""
        if self.kind is Kind.TEXT:
            return raw
        return None if raw.strip().casefold().endswith(_NOT_AVAILABLE) else raw

    def _settled(self, raw: object) -> Value | Literal[Invalid.INVALID]:
        """What becomes of the signal when nobody knows what it was told."""
        # A word that is not known yet is news all the same: the last word is wrong now.
        is_new_word = self.kind is Kind.ENUM and raw not in _NOTHING
        return None if is_new_word or self.on_invalid is OnInvalid.CLEAR else INVALID
