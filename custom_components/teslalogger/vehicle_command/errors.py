"""What can go wrong between us and the car, one class per thing a caller does differently.

Every error answers the two questions from which a retry is derived: may the command have been
executed all the same, and may the same attempt work later.
"""

from typing import override


class VehicleCommandError(Exception):
    """Root of this room's errors; `placeholders` fill the sentence behind `translation_key`."""

    translation_key: str = "vehicle_command_failed"
    may_have_succeeded: bool = False
    temporary: bool = False

    def __init__(
        self,
        message: str = "",
        *,
        fault: int | None = None,
        translation_key: str | None = None,
        may_have_succeeded: bool | None = None,
        placeholders: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.fault = fault
        self.placeholders = placeholders or {}
        if translation_key is not None:
            self.translation_key = translation_key
        if may_have_succeeded is not None:
            self.may_have_succeeded = may_have_succeeded

    @override
    def __str__(self) -> str:
        text = super().__str__() or type(self).__name__
        return text if self.fault is None else f"{text} (fault {self.fault})"


class InvalidKey(VehicleCommandError):
    """Not a P-256 private key without passphrase, or not a point of that curve."""

    translation_key = "invalid_key"


class InvalidToken(VehicleCommandError):
    """A token that its alleged maker did not sign for this audience, or that is none."""

    translation_key = "invalid_token"


class DamagedSession(VehicleCommandError):
    """A stored session that cannot be read: begin with a handshake."""

    translation_key = "damaged_session"
    temporary = True


class NoSession(VehicleCommandError):
    """Nothing can be signed before a handshake."""

    translation_key = "no_session"
    temporary = True


class CounterExhausted(NoSession):
    """The epoch has no counter left; a handshake brings a new epoch."""

    translation_key = "counter_exhausted"


class NeedsReservation(VehicleCommandError):
    """The next counter is not reserved: `reserve`, save the export durably, then sign."""

    translation_key = "needs_reservation"
    temporary = True


class ReplyRejected(VehicleCommandError):
    """Not the car's untouched answer to this request, so nobody knows what the car did."""

    translation_key = "reply_rejected"
    may_have_succeeded = True
    temporary = True


class Unconfirmed(VehicleCommandError):
    """A car that encrypts its replies seems to have reported success in plain text."""

    translation_key = "unconfirmed"
    may_have_succeeded = True


class SessionOutOfDate(VehicleCommandError):
    """The car did not execute: our epoch, counter or clock is not its own.

    With `adopted` the session is already in step again and the command can be signed anew;
    without it a handshake must come first. `may_have_succeeded` is set if the car's counter shows
    that an earlier copy of this very command got through.
    """

    translation_key = "session_out_of_date"
    temporary = True

    def __init__(
        self,
        message: str = "",
        *,
        adopted: bool = False,
        fault: int | None = None,
        may_have_succeeded: bool = False,
    ) -> None:
        super().__init__(message, fault=fault, may_have_succeeded=may_have_succeeded)
        self.adopted = adopted


class KeyChanged(SessionOutOfDate):
    """The car answered with another key than before; the session is now pinned to the new one.

    Happens after service work. Worth a warning in the log, then sign anew.
    """

    translation_key = "key_changed"


class KeyNotPaired(VehicleCommandError):
    """The car does not know our key (any more), or has disabled it."""

    translation_key = "key_not_paired"


class VehicleBusy(VehicleCommandError):
    """The car asks to try again in a moment."""

    translation_key = "vehicle_busy"
    temporary = True


class SubsystemTimeout(VehicleCommandError):
    """A computer behind the answering one stayed silent; the action may still happen."""

    translation_key = "subsystem_timeout"
    may_have_succeeded = True
    temporary = True


class Refused(VehicleCommandError):
    """The car understood, and will not: `reason` is its own word for why."""

    translation_key = "command_refused"

    def __init__(self, reason: str, *, translation_key: str | None = None) -> None:
        super().__init__(
            f"refused: {reason}",
            translation_key=translation_key,
            placeholders={"reason": reason},
        )
        self.reason = reason


class FaultStopped(VehicleCommandError):
    """A protocol fault that repetition does not cure."""

    translation_key = "fault_unknown"


class CommandUnsupported(FaultStopped):
    """The car's firmware does not know this command."""

    translation_key = "fault_command_unsupported"
