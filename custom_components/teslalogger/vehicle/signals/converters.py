"""Tesla's values into ours. Every converter is total: what it does not know is INVALID."""

from collections.abc import Mapping
import math
from typing import Final, Literal

from .model import INVALID, Converter, Invalid, Value

MAX_TEXT: Final = 255
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
    """A finite number, also where it comes as text."""
    if isinstance(raw, str):
        try:
            raw = float(raw)
        except ValueError:
            return INVALID
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return INVALID
    try:
        return raw if math.isfinite(raw) else INVALID
    except OverflowError:
        return INVALID


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


def one_of(names: Mapping[str, str]) -> Converter:
    """An enumeration: Tesla's name, whatever its case, into ours."""
    folded = {name.casefold(): ours for name, ours in names.items()}

    def convert(raw: object) -> Converted:
        return folded.get(raw.casefold(), INVALID) if isinstance(raw, str) else INVALID

    return convert


def coded(names: Mapping[int, str]) -> Converter:
    """An enumeration that Tesla sends as a number."""

    def convert(raw: object) -> Converted:
        is_code = isinstance(raw, int) and not isinstance(raw, bool)
        return names.get(raw, INVALID) if is_code and isinstance(raw, int) else INVALID

    return convert


def when_null(value: Value, convert: Converter) -> Converter:
    """The converter, with a meaning for JSON's null."""

    def with_null(raw: object) -> Converted:
        return value if raw is None else convert(raw)

    return with_null
