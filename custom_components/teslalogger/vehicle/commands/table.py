"""COMMANDS: every thing a car can be told, by its REST name."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .body import BODY_COMMANDS
from .charging import CHARGING_COMMANDS
from .climate import CLIMATE_COMMANDS
from .media import MEDIA_COMMANDS
from .navigation import NAVIGATION_COMMANDS
from .security import SECURITY_COMMANDS
from .unpublished import UNPUBLISHED_COMMANDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import Command

COMMANDS: Final[Mapping[str, Command]] = MappingProxyType(
    {
        command.name: command
        for command in (
            *BODY_COMMANDS,
            *CLIMATE_COMMANDS,
            *CHARGING_COMMANDS,
            *SECURITY_COMMANDS,
            *MEDIA_COMMANDS,
            *NAVIGATION_COMMANDS,
            *UNPUBLISHED_COMMANDS,
        )
    }
)
