"""The table of everything a car can tell."""

from .left_out import NOT_OFFERED, NOT_POLLED, NOT_SIGNALS
from .model import INVALID, Converter, Invalid, Kind, OnInvalid, Signal, Value
from .table import BY_FIELD, BY_NAME, MIRRORED, SIGNALS

__all__ = [
    "BY_FIELD",
    "BY_NAME",
    "INVALID",
    "MIRRORED",
    "NOT_OFFERED",
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
