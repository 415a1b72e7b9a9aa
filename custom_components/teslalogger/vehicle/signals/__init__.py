"""The table of everything a car can tell."""

from .left_out import NOT_POLLED, NOT_SIGNALS
from .model import INVALID, Converter, Invalid, Kind, OnInvalid, Signal, Value
from .table import BY_FIELD, MIRRORED, SIGNALS

__all__ = [
    "BY_FIELD",
    "INVALID",
    "MIRRORED",
    "NOT_POLLED",
    "NOT_SIGNALS",
    "SIGNALS",
    "Converter",
    "Invalid",
    "Kind",
    "OnInvalid",
    "Signal",
    "Value",
]
