"""The table of everything a car can be told."""

from .model import Command, Params, Repeat, RouteRule
from .table import COMMANDS

__all__ = ["COMMANDS", "Command", "Params", "Repeat", "RouteRule"]
