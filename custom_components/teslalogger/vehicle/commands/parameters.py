"""Validators of command parameters. Their messages never repeat the value."""

from collections.abc import Callable, Iterable
import re
import time
from typing import Final

import voluptuous as vol

MINUTES_OF_A_DAY: Final = 24 * 60
MAX_NAME: Final = 100

_PIN: Final = re.compile(r"[0-9]{4}", re.ASCII)
_DAYS: Final = {
    "sunday": 1,
    "monday": 2,
    "tuesday": 4,
    "wednesday": 8,
    "thursday": 16,
    "friday": 32,
    "saturday": 64,
}
_DAY_SETS: Final = {"all": 127, "weekdays": 62}
_SHORT_NAMES: Final = {"tues": "tuesday", "thur": "thursday", "thurs": "thursday"} | {
    name[:3]: name for name in _DAYS
}


def number(low: float, high: float) -> Callable[[object], float]:
    """A finite number between two bounds, both included; True and False are none."""

    def validate(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            msg = "expected a number"
            raise vol.Invalid(msg)
        if not low <= value <= high:  # which no NaN is
            msg = f"expected a number from {low} to {high}"
            raise vol.Invalid(msg)
        return value

    return validate


def integer(low: int, high: int) -> Callable[[object], int]:
    """A whole number between two bounds, both included; 5.0 is one, 5.5 is not."""
    in_bounds = number(low, high)

    def validate(value: object) -> int:
        checked = in_bounds(value)
        if checked != int(checked):
            msg = "expected a whole number"
            raise vol.Invalid(msg)
        return int(checked)

    return validate


def flag(value: object) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        msg = "expected true or false"
        raise vol.Invalid(msg)
    return value


def pin(value: object) -> str:
    """Four digits, as text."""
    if not isinstance(value, str) or not _PIN.fullmatch(value):
        msg = "expected four digits"
        raise vol.Invalid(msg)
    return value


def text(max_length: int = MAX_NAME) -> Callable[[object], str]:
    """Text that is not blank and not too long."""

    def validate(value: object) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > max_length:
            msg = f"expected a text of 1 to {max_length} characters"
            raise vol.Invalid(msg)
        return value

    return validate


def days(value: object) -> int:
    """Tesla's day mask (Sunday 1 ... Saturday 64) from names, short names, or the mask itself.

    Names come as a list or separated by commas; `All` and `Weekdays` count as names.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return integer(1, 127)(value)
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, Iterable):
        msg = "expected names of days"
        raise vol.Invalid(msg)
    mask = 0
    for name in value:
        mask |= _day(name)
    if not mask:
        msg = "expected at least one day"
        raise vol.Invalid(msg)
    return mask


def _day(name: object) -> int:
    folded = name.strip().casefold() if isinstance(name, str) else ""
    bits = _DAY_SETS.get(folded) or _DAYS.get(_SHORT_NAMES.get(folded, folded))
    if bits is None:
        msg = "not the name of a day"
        raise vol.Invalid(msg)
    return bits


def day_names(mask: int) -> str:
    """The mask in the words of the REST API."""
    for name, bits in _DAY_SETS.items():
        if mask == bits:
            return name.capitalize()
    return ",".join(name.capitalize() for name, bit in _DAYS.items() if mask & bit)


def new_schedule_id() -> int:
    """An id for a schedule, chosen here: the car's own choice would make a repetition a second one.

    Milliseconds since 1970, so that two schedules made in one second stay two.
    """
    return time.time_ns() // 1_000_000
