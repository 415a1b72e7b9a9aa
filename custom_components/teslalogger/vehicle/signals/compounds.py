"""Streamed fields that tell several things at once: doors, places, tyres."""

from collections.abc import Mapping
import re
from typing import Final

from .converters import Converted, boolean, within
from .model import INVALID, Converter

# The form of old firmware: (37.412374 N, 122.145867 W)
_PLACE: Final = re.compile(r"\(?\s*([\d.]+)\s*([NS])\s*,\s*([\d.]+)\s*([EW])\s*\)?")
_LATITUDE: Final = within(-90, 90)
_LONGITUDE: Final = within(-180, 180)


def opening(part: str) -> Converter:
    """Whether a door or lid is open; what Tesla leaves out is closed (old: `DriverFront|...`)."""

    def convert(raw: object) -> Converted:
        if isinstance(raw, str):
            return part in raw.split("|") if not raw or raw[0].isupper() else INVALID
        return _member(raw, part)

    return convert


def wheel(part: str) -> Converter:
    """Whether a wheel is in trouble; Tesla may tell only of those that are."""
    return lambda raw: _member(raw, part)


def latitude(raw: object) -> Converted:
    """Degrees north of a place."""
    return _LATITUDE(_degrees(raw, "latitude", group=1, negative="S"))


def longitude(raw: object) -> Converted:
    """Degrees east of a place."""
    return _LONGITUDE(_degrees(raw, "longitude", group=3, negative="W"))


def _member(raw: object, part: str) -> Converted:
    return boolean(raw.get(part, False)) if isinstance(raw, Mapping) else INVALID


def _degrees(raw: object, part: str, *, group: int, negative: str) -> object:
    if isinstance(raw, str):
        found = _PLACE.fullmatch(raw.strip())
        return (
            None
            if found is None
            else f"{'-' if found[group + 1] == negative else ''}{found[group]}"
        )
    return raw.get(part) if isinstance(raw, Mapping) else None
