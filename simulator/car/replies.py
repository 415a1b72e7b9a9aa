"""What the car's two computers answer to a command, before it is encrypted."""

from tesla_protocol.command.car_server_pb2 import (
    OPERATIONSTATUS_ERROR,
    OPERATIONSTATUS_OK,
    Response,
)
from tesla_protocol.command.errors_pb2 import (
    GENERICERROR_ALREADY_ON,
    GENERICERROR_CLOSURES_OPEN,
    GENERICERROR_NOT_SUPPORTED,
    GENERICERROR_UNKNOWN,
    GENERICERROR_VEHICLE_NOT_IN_PARK,
)
from tesla_protocol.command.vcsec_pb2 import FromVCSECMessage

_NOMINAL_ERRORS = {
    "already_on": GENERICERROR_ALREADY_ON,
    "closures_open": GENERICERROR_CLOSURES_OPEN,
    "not_supported": GENERICERROR_NOT_SUPPORTED,
    "vehicle_not_in_park": GENERICERROR_VEHICLE_NOT_IN_PARK,
}


def infotainment(reason: str | None) -> bytes:
    """A CarServer.Response: done, or refused for a reason in words."""
    reply = Response()
    reply.actionStatus.result = OPERATIONSTATUS_OK if reason is None else OPERATIONSTATUS_ERROR
    if reason is not None:
        reply.actionStatus.result_reason.plain_text = reason
    return reply.SerializeToString()


def vehicle_security(reason: str | None) -> bytes:
    """A FromVCSECMessage: empty if done, else a nominal error."""
    reply = FromVCSECMessage()
    if reason is not None:
        reply.nominalError.genericError = _NOMINAL_ERRORS.get(reason, GENERICERROR_UNKNOWN)
    return reply.SerializeToString()
