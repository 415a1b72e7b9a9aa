"""What can go wrong in this room before anything is sent."""

# ruff: noqa: N818  a leaf says what happened, which the suffix would only blur

from typing import ClassVar, override


class VehicleError(Exception):
    """Root of this room's errors: a translation key, and placeholders that hold no secret."""

    translation_key: ClassVar[str] = "vehicle_error"

    def __init__(self, **placeholders: str) -> None:
        super().__init__(placeholders)
        self.placeholders = placeholders

    @override
    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.placeholders.items())
        return f"{self.translation_key}({facts})"


class UnknownCommand(VehicleError):
    """There is no row of that name in COMMANDS."""

    translation_key = "unknown_command"


class InvalidParameter(VehicleError):
    """A parameter is missing, unknown or out of bounds. It is named; its value never is."""

    translation_key = "invalid_parameter"


class ScopeNotGranted(VehicleError):
    """The login does not carry a scope that allows this command."""

    translation_key = "command_scope_missing"


class NoRoute(VehicleError):
    """Neither way can carry this command to this car."""

    translation_key = "command_no_route"


class NoKey(VehicleError):
    """The command must be signed and this entry has no key."""

    translation_key = "command_no_key"


class DeadlinePassed(VehicleError):
    """The time for the whole command was over before it could be sent."""

    translation_key = "command_deadline"


class StillUnavailable(VehicleError):
    """The car did not come online in the time we give it."""

    translation_key = "command_not_awake"
