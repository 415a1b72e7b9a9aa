"""Tesla's Vehicle Command protocol, bytes in and bytes out: sessions, signing, verifying."""

from .domains import Domain
from .errors import (
    CommandUnsupported,
    CounterExhausted,
    DamagedSession,
    FaultStopped,
    InvalidKey,
    InvalidToken,
    KeyChanged,
    KeyNotPaired,
    NeedsReservation,
    NoSession,
    Refused,
    ReplyRejected,
    SessionOutOfDate,
    SubsystemTimeout,
    Unconfirmed,
    VehicleBusy,
    VehicleCommandError,
)
from .jws import telemetry_token
from .keys import CommandKey
from .replies import BENIGN_REASONS, is_benign, read_reply
from .session import Reply, Request, Session, StoredSession

__all__ = [
    "BENIGN_REASONS",
    "CommandKey",
    "CommandUnsupported",
    "CounterExhausted",
    "DamagedSession",
    "Domain",
    "FaultStopped",
    "InvalidKey",
    "InvalidToken",
    "KeyChanged",
    "KeyNotPaired",
    "NeedsReservation",
    "NoSession",
    "Refused",
    "Reply",
    "ReplyRejected",
    "Request",
    "Session",
    "SessionOutOfDate",
    "StoredSession",
    "SubsystemTimeout",
    "Unconfirmed",
    "VehicleBusy",
    "VehicleCommandError",
    "is_benign",
    "read_reply",
    "telemetry_token",
]
