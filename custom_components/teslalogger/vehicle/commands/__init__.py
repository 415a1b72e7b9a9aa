"""The table of everything a car can be told."""

from .model import Command, Params, Repeat, RouteRule
from .not_commands import NOT_COMMANDS
from .table import COMMANDS

__all__ = ["COMMANDS", "NOT_COMMANDS", "Command", "Params", "Repeat", "RouteRule"]
