"""What the car says about a command once the envelope is opened."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from google.protobuf.message import DecodeError
from tesla_protocol.command import car_server_pb2, errors_pb2, vcsec_pb2

from .domains import Domain
from .errors import Refused, ReplyRejected, VehicleBusy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Words with which a car refuses a command whose wish is already fulfilled, on either route.
# Not `complete` and `disconnected`: who starts to charge then does not get a charging car.
BENIGN_REASONS: Final[frozenset[str]] = frozenset(
    {"already_set", "already_on", "charging", "is_charging", "not_charging", "requested"}
)
BUSY_REASONS: Final[frozenset[str]] = frozenset({"could_not_wake_buses"})

# Errors.GenericError_E to (reason, translation key); ALREADY_ON is benign.
GENERIC_ERRORS: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        errors_pb2.GENERICERROR_UNKNOWN: ("unknown", "command_refused"),
        errors_pb2.GENERICERROR_CLOSURES_OPEN: ("closures_open", "refused_closures_open"),
        errors_pb2.GENERICERROR_ALREADY_ON: ("already_on", "command_refused"),
        errors_pb2.GENERICERROR_DISABLED_FOR_USER_COMMAND: (
            "disabled_for_user_command",
            "refused_disabled_for_user",
        ),
        errors_pb2.GENERICERROR_VEHICLE_NOT_IN_PARK: ("vehicle_not_in_park", "refused_not_in_park"),
        errors_pb2.GENERICERROR_UNAUTHORIZED: ("unauthorized", "refused_unauthorized"),
        errors_pb2.GENERICERROR_NOT_ALLOWED_OVER_TRANSPORT: (
            "not_allowed_over_transport",
            "refused_not_over_internet",
        ),
        errors_pb2.GENERICERROR_KEY_NOT_FOUND: ("key_not_found", "command_refused"),
        errors_pb2.GENERICERROR_NOT_SUPPORTED: ("not_supported", "refused_not_supported"),
    }
)

MAX_REASON_SIZE: Final = 100


def is_benign(reason: str) -> bool:
    """Whether a refusal with this reason means that the wish is already fulfilled."""
    return (
        reason in BENIGN_REASONS or reason.startswith("already_") or reason.endswith("already off")
    )


def read_reply(domain: Domain, payload: bytes) -> None:
    """Return if the car did what it was told, or had no need to.

    Raises Refused, VehicleBusy, or ReplyRejected for a payload that is no answer.
    """
    try:
        _READERS[domain](payload)
    except DecodeError as err:
        message = "the payload is not an answer"
        raise ReplyRejected(message) from err


def refuse(reason: str, *, translation_key: str | None = None) -> None:
    """Return if `reason` is benign; else raise VehicleBusy or Refused."""
    if is_benign(reason):
        return
    if reason in BUSY_REASONS:
        raise VehicleBusy(reason)
    # The text is the car's: it goes to the user, so it is bounded and printable.
    printable = "".join(c for c in reason[:MAX_REASON_SIZE] if c.isprintable())
    raise Refused(printable or "unknown", translation_key=translation_key)


def _read_infotainment(payload: bytes) -> None:
    response = car_server_pb2.Response.FromString(payload)
    if not response.HasField("actionStatus"):
        if payload and response.WhichOneof("response_msg") is None:
            message = "the payload says nothing about the command"
            raise ReplyRejected(message)
        return
    status = response.actionStatus
    if status.result != car_server_pb2.OPERATIONSTATUS_OK:
        refuse(status.result_reason.plain_text)


def _read_vehicle_security(payload: bytes) -> None:
    answer = vcsec_pb2.FromVCSECMessage.FromString(payload)
    match answer.WhichOneof("sub_message"):
        case "nominalError":
            reason, translation_key = GENERIC_ERRORS.get(
                answer.nominalError.genericError,
                GENERIC_ERRORS[errors_pb2.GENERICERROR_UNKNOWN],
            )
            refuse(reason, translation_key=translation_key)
        case "commandStatus":
            _read_command_status(answer.commandStatus)
        case None if payload:
            message = "the payload says nothing about the command"
            raise ReplyRejected(message)


def _read_command_status(status: vcsec_pb2.CommandStatus) -> None:
    if status.operationStatus == vcsec_pb2.OPERATIONSTATUS_OK:
        return
    if status.operationStatus == vcsec_pb2.OPERATIONSTATUS_WAIT:
        # Cars were seen to execute and still say WAIT.
        message = "the car asks to wait"
        raise VehicleBusy(message, may_have_succeeded=True)
    whitelist = status.whitelistOperationStatus.whitelistOperationInformation
    refuse(f"whitelist_{whitelist}" if whitelist else "unknown")


_READERS: Final[Mapping[Domain, Callable[[bytes], None]]] = MappingProxyType(
    {
        Domain.INFOTAINMENT: _read_infotainment,
        Domain.VEHICLE_SECURITY: _read_vehicle_security,
    }
)
