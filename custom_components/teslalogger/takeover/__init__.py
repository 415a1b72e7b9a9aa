"""Taking over the entities of other integrations for the same cars, and giving them back."""

from .file import Taken, TakeOverFile
from .model import Kept, Move, NotOnDisk, Plan, Reason, Source, Statistics, TakeOverFailed
from .run import Undone, async_see_given_back, async_take_over, async_undo, async_undo_all
from .sources import async_plans

__all__ = [
    "Kept",
    "Move",
    "NotOnDisk",
    "Plan",
    "Reason",
    "Source",
    "Statistics",
    "TakeOverFailed",
    "TakeOverFile",
    "Taken",
    "Undone",
    "async_plans",
    "async_see_given_back",
    "async_take_over",
    "async_undo",
    "async_undo_all",
]
