"""Taking over the entities of other integrations for the same cars, and giving them back."""

from .file import Taken, TakeOverFile
from .model import Kept, Move, Plan, Reason, Source, Statistics
from .run import TakeOverFailed, async_take_over, async_undo, async_undo_all
from .sources import async_plans

__all__ = [
    "Kept",
    "Move",
    "Plan",
    "Reason",
    "Source",
    "Statistics",
    "TakeOverFailed",
    "TakeOverFile",
    "Taken",
    "async_plans",
    "async_take_over",
    "async_undo",
    "async_undo_all",
]
