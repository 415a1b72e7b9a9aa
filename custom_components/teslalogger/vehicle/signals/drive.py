"""Driving and position: what `drive_state` tells."""

from typing import Final

from .converters import number, one_of, when_null, within
from .model import Kind, OnInvalid, Signal

_SHIFT_STATES: Final = {"P": "p", "R": "r", "N": "n", "D": "d"}

DRIVE_SIGNALS: Final = (
    Signal(
        key="latitude",
        kind=Kind.NUMBER,
        path=("drive_state", "latitude"),
        unit="°",
        convert=within(-90, 90),
    ),
    Signal(
        key="longitude",
        kind=Kind.NUMBER,
        path=("drive_state", "longitude"),
        unit="°",
        convert=within(-180, 180),
    ),
    Signal(
        key="heading",
        kind=Kind.NUMBER,
        path=("drive_state", "heading"),
        telemetry="GpsHeading",
        unit="°",
        convert=within(0, 360),
    ),
    # A parked car has no speed and no gear for Tesla: null is standing still, in park.
    Signal(
        key="speed",
        kind=Kind.NUMBER,
        path=("drive_state", "speed"),
        telemetry="VehicleSpeed",
        unit="mph",
        convert=when_null(0, number),
    ),
    Signal(
        key="shift_state",
        kind=Kind.ENUM,
        path=("drive_state", "shift_state"),
        convert=when_null("p", one_of(_SHIFT_STATES)),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_SHIFT_STATES.values()),
    ),
    Signal(
        key="power",
        kind=Kind.NUMBER,
        path=("drive_state", "power"),
        unit="kW",
        convert=number,
        on_invalid=OnInvalid.CLEAR,
    ),
)
