"""What can go wrong in this room before anything is sent."""

from typing import ClassVar, override


class VehicleError(Exception):
    """Root of this room's errors: a translation key, and placeholders that hold no secret."""

    translation_key: str = "vehicle_error"
    may_have_succeeded: ClassVar[bool] = False
    temporary: ClassVar[bool] = False

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
    """The login carries none of the scopes that allow this command."""

    translation_key = "command_scope_missing"


class NoKey(VehicleError):
    """The command must be signed and there is no key to sign with."""

    translation_key = "command_no_key"


class NeedsFleetApi(VehicleError):
    """The command must be signed, and the owner API carries no signed ones."""

    translation_key = "command_needs_fleet_api"


class CannotSign(VehicleError):
    """The command must be signed, and this car has said that it takes no signed ones."""

    translation_key = "command_car_cannot_sign"


class DeadlinePassed(VehicleError):
    """The time for the whole command was over before it was sent."""

    translation_key = "command_deadline"
    temporary = True


class HandshakeFailed(VehicleError):
    """No session with the car could be opened; the command was not sent."""

    translation_key = "command_handshake_failed"
    temporary = True


class StillUnavailable(VehicleError):
    """The car was woken and did not come online in time; the command was not sent."""

    translation_key = "command_not_awake"
    temporary = True


class NoAnswerInTime(VehicleError):
    """The command was sent and the time ran out before the answer came."""

    translation_key = "command_no_answer"
    may_have_succeeded = True
    temporary = True


class AcceptedWithoutAnswer(VehicleError):
    """The car took the command, as its session counter shows; what it did is not known."""

    translation_key = "command_accepted_no_answer"
    may_have_succeeded = True
