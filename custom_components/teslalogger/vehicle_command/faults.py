"""Every protocol fault (UniversalMessage.MessageFault_E) and what to do about it."""

from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .errors import (
    CommandUnsupported,
    FaultStopped,
    KeyNotPaired,
    SessionOutOfDate,
    SubsystemTimeout,
    VehicleBusy,
    VehicleCommandError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class Reaction(Enum):
    """What a caller does about a fault."""

    RESYNC = auto()
    """Sign anew at once with the session info that came along, at most twice."""
    BACK_OFF = auto()
    """Wait and sign anew, within the caller's deadline."""
    STOP = auto()
    """Tell the user."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A fault number and its consequences."""

    number: int
    name: str
    reaction: Reaction
    error: type[VehicleCommandError]
    translation_key: str
    may_have_succeeded: bool = False


def _resync(number: int, name: str) -> Fault:
    return Fault(
        number=number,
        name=name,
        reaction=Reaction.RESYNC,
        error=SessionOutOfDate,
        translation_key=SessionOutOfDate.translation_key,
    )


def _stop(
    number: int,
    name: str,
    translation_key: str,
    *,
    error: type[VehicleCommandError] = FaultStopped,
    may_have_succeeded: bool = False,
) -> Fault:
    return Fault(
        number=number,
        name=name,
        reaction=Reaction.STOP,
        error=error,
        translation_key=translation_key,
        may_have_succeeded=may_have_succeeded,
    )


def _back_off(number: int, name: str, error: type[VehicleCommandError]) -> Fault:
    return Fault(
        number=number,
        name=name,
        reaction=Reaction.BACK_OFF,
        error=error,
        translation_key=error.translation_key,
        may_have_succeeded=error.may_have_succeeded,
    )


FAULTS: Final[Mapping[int, Fault]] = MappingProxyType(
    {
        fault.number: fault
        for fault in (
            _back_off(1, "BUSY", VehicleBusy),
            _back_off(2, "TIMEOUT", SubsystemTimeout),
            _stop(3, "UNKNOWN_KEY_ID", KeyNotPaired.translation_key, error=KeyNotPaired),
            _stop(4, "INACTIVE_KEY", "key_inactive", error=KeyNotPaired),
            _resync(5, "INVALID_SIGNATURE"),
            _resync(6, "INVALID_TOKEN_OR_COUNTER"),
            _stop(7, "INSUFFICIENT_PRIVILEGES", "fault_insufficient_privileges"),
            _stop(8, "INVALID_DOMAINS", "fault_protocol"),
            _stop(
                9, "INVALID_COMMAND", CommandUnsupported.translation_key, error=CommandUnsupported
            ),
            _stop(10, "DECODING", "fault_protocol"),
            _back_off(11, "INTERNAL", VehicleBusy),
            _stop(12, "WRONG_PERSONALIZATION", "fault_wrong_vehicle"),
            _stop(13, "BAD_PARAMETER", "fault_bad_parameter"),
            _stop(14, "KEYCHAIN_IS_FULL", "fault_keychain_full"),
            _resync(15, "INCORRECT_EPOCH"),
            _stop(16, "IV_INCORRECT_LENGTH", "fault_protocol"),
            _resync(17, "TIME_EXPIRED"),
            _stop(18, "NOT_PROVISIONED_WITH_IDENTITY", "fault_vehicle_needs_service"),
            _stop(19, "COULD_NOT_HASH_METADATA", "fault_vehicle_needs_service"),
            _resync(20, "TIME_TO_LIVE_TOO_LONG"),
            _stop(21, "REMOTE_ACCESS_DISABLED", "fault_remote_access_disabled"),
            _stop(22, "REMOTE_SERVICE_ACCESS_DISABLED", "fault_remote_access_disabled"),
            _stop(23, "COMMAND_REQUIRES_ACCOUNT_CREDENTIALS", "fault_requires_account"),
            _stop(24, "REQUEST_MTU_EXCEEDED", "fault_bad_parameter"),
            _stop(25, "RESPONSE_MTU_EXCEEDED", "fault_response_too_large", may_have_succeeded=True),
            _resync(26, "REPEATED_COUNTER"),
            _stop(27, "INVALID_KEY_HANDLE", "fault_protocol"),
            _stop(28, "REQUIRES_RESPONSE_ENCRYPTION", "fault_protocol"),
            _stop(29, "COMMAND_REQUIRES_PHYSICAL_PROXIMITY", "fault_requires_proximity"),
        )
    }
)

BAD_PARAMETER: Final = 13

# These come with signed session info, and only these (BAD_PARAMETER when the expiry is absurd,
# which a fresh clock cures like the others).
WITH_SESSION_INFO: Final[frozenset[int]] = frozenset(
    {fault.number for fault in FAULTS.values() if fault.reaction is Reaction.RESYNC}
    | {BAD_PARAMETER}
)


def fault_of(number: int) -> Fault:
    """The row of a fault; a number of newer firmware gets the default row."""
    return FAULTS.get(number) or _stop(number, f"UNKNOWN_{number}", FaultStopped.translation_key)


def error_for(number: int) -> VehicleCommandError:
    """The error to raise for a fault that came without session info."""
    fault = fault_of(number)
    if fault.reaction is Reaction.RESYNC:
        return SessionOutOfDate(fault.name, fault=number)
    return fault.error(
        fault.name,
        fault=number,
        translation_key=fault.translation_key,
        may_have_succeeded=fault.may_have_succeeded,
        placeholders={"fault": str(number)},
    )
