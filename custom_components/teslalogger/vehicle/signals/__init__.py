"""The table of everything a car can tell."""

from .model import INVALID, Converter, Invalid, Kind, OnInvalid, Signal, Value
from .table import SIGNALS

__all__ = [
    "INVALID",
    "SIGNALS",
    "Converter",
    "Invalid",
    "Kind",
    "OnInvalid",
    "Signal",
    "Value",
]
