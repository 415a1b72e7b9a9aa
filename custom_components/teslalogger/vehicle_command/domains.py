"""The two computers of a car that obey signed commands."""

from enum import IntEnum


class Domain(IntEnum):
    """A subsystem with its own key, clock, epoch and counter (UniversalMessage.Domain)."""

    VEHICLE_SECURITY = 2
    INFOTAINMENT = 3
