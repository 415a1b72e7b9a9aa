"""Tesla's values into ours. Every converter is total: what it does not know is INVALID."""

from collections.abc import Callable, Mapping
import math
import re
from typing import Final, Literal

from .model import INVALID, Converter, Invalid, Value

MAX_TEXT: Final = 255
_WHOLE: Final = re.compile(r"[+-]?[0-9]+")
# Beyond it no file of Home Assistant's holds a whole number.
_LARGEST: Final = 2**63 - 1
_NO_TEXT: Final = frozenset({"", "<invalid>", "invalid", "unknown"})

type Converted = Value | Literal[Invalid.INVALID]


def boolean(raw: object) -> Converted:
    """True and false, also where Tesla writes 0 and 1 (or an opening as 0, 1, 2)."""
    match raw:
        case bool():
            return raw
        case int() if raw >= 0:
            return raw != 0
        case "true" | "True":
            return True
        case "false" | "False":
            return False
        case _:
            return INVALID


def number(raw: object) -> Converted:
    """A finite number, also where it comes as text; a whole one of not more than 64 bits."""
    if isinstance(raw, float):  # nearly all of them
        return raw if math.isfinite(raw) else INVALID
    if isinstance(raw, str):
        try:
            return number(int(raw) if _WHOLE.fullmatch(raw.strip()) else float(raw))
        except ValueError:
            return INVALID
    if isinstance(raw, bool) or not isinstance(raw, int) or abs(raw) > _LARGEST:
        return INVALID
    return raw


def text(raw: object) -> Converted:
    """A non-empty text of a length Home Assistant can show; `<invalid>` is none."""
    if not isinstance(raw, str) or raw.strip().lower() in _NO_TEXT:
        return INVALID
    return raw.strip()[:MAX_TEXT]


def cable_connected(raw: object) -> Converted:
    """Whether a charge cable type is a cable: Tesla writes `<invalid>` when none is plugged in."""
    return text(raw) is not INVALID if isinstance(raw, str) else INVALID


def guest_mode(raw: object) -> Converted:
    """Guest mode as a flag, or as the message `{"GuestModeActive": flag}`."""
    if isinstance(raw, Mapping):
        raw = raw.get("GuestModeActive", raw.get("guest_mode_active"))
    return boolean(raw)


def within(low: float, high: float) -> Converter:
    """A number between two bounds, both included."""

    def convert(raw: object) -> Converted:
        value = number(raw)
        return value if isinstance(value, int | float) and low <= value <= high else INVALID

    return convert


def positive(raw: object) -> Converted:
    """Whether a number is above zero: a level that counts as on."""
    value = number(raw)
    return value > 0 if isinstance(value, int | float) else INVALID


def first_word(raw: object) -> Converted:
    """The text up to its first space: a software version without the build's fingerprint."""
    value = text(raw)
    return value.split()[0] if isinstance(value, str) else INVALID


def scaled(factor: float) -> Converter:
    """A number in a unit of ours: so many times Tesla's."""

    def convert(raw: object) -> Converted:
        value = number(raw)
        return number(value * factor) if isinstance(value, int | float) else INVALID

    return convert


def one_of(names: Mapping[str, str], prefix: str = "") -> Converter:
    """An enumeration: Tesla's name, whatever its case, into ours.

    The stream puts the type's name before the value's (ShiftStateD); old firmware did not.
    """
    look_up = _folding(names, prefix)
    return lambda raw: look_up(raw) if isinstance(raw, str) else INVALID


def truth(words: Mapping[str, bool | None], prefix: str = "") -> Converter:
    """Yes, no or neither of an enumeration; also of what is yes or no already."""
    return _known_or(words, prefix, boolean)


def numbered(words: Mapping[str, int], prefix: str = "") -> Converter:
    """The number that stands for a word; also of what is one of these numbers already."""
    numbers = frozenset(words.values())

    def one_of_them(raw: object) -> Converted:
        value = number(raw)
        return value if value in numbers else INVALID

    return _known_or(words, prefix, one_of_them)


def _known_or(words: Mapping[str, Value], prefix: str, otherwise: Converter) -> Converter:
    look_up = _folding(words, prefix)

    def convert(raw: object) -> Converted:
        value = look_up(raw) if isinstance(raw, str) else INVALID
        return otherwise(raw) if value is INVALID else value

    return convert


def _folding(names: Mapping[str, Value], prefix: str) -> Callable[[str], Converted]:
    folded = {name.casefold(): ours for name, ours in names.items()}
    beginning = prefix.casefold()

    def look_up(raw: str) -> Converted:
        return folded.get(raw.strip().casefold().removeprefix(beginning), INVALID)

    return look_up


def coded(names: Mapping[int, str]) -> Converter:
    """An enumeration that Tesla sends as a number."""

    def convert(raw: object) -> Converted:
        code = number(raw)
        if not isinstance(code, int | float) or code != int(code):
            return INVALID
        return names.get(int(code), INVALID)

    return convert


def either(first: Converter, second: Converter) -> Converter:
    """The second converter for what the first does not know."""

    def convert(raw: object) -> Converted:
        value = first(raw)
        return second(raw) if value is INVALID else value

    return convert


def or_nothing(convert: Converter) -> Converter:
    """The converter, where what it does not know is told to be nothing."""

    def nothing(raw: object) -> Converted:
        value = convert(raw)
        return None if value is INVALID else value

    return nothing


def when_null(value: Value, convert: Converter) -> Converter:
    """The converter, with a meaning for JSON's null."""

    def with_null(raw: object) -> Converted:
        return value if raw is None else convert(raw)

    return with_null
