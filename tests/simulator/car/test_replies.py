"""What the car's two computers answer to a command."""

import pytest
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

from simulator.car import replies


def test_infotainment_confirms() -> None:
    """Without a reason."""
    reply = Response.FromString(replies.infotainment(None))
    assert reply.actionStatus.result == OPERATIONSTATUS_OK
    assert not reply.actionStatus.HasField("result_reason")


def test_infotainment_refuses_in_words() -> None:
    """The same words as on the unsigned way."""
    reply = Response.FromString(replies.infotainment("already_set"))
    assert reply.actionStatus.result == OPERATIONSTATUS_ERROR
    assert reply.actionStatus.result_reason.plain_text == "already_set"


def test_vehicle_security_confirms_with_nothing() -> None:
    """An empty message."""
    assert replies.vehicle_security(None) == b""


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("already_on", GENERICERROR_ALREADY_ON),
        ("closures_open", GENERICERROR_CLOSURES_OPEN),
        ("vehicle_not_in_park", GENERICERROR_VEHICLE_NOT_IN_PARK),
        ("not_supported", GENERICERROR_NOT_SUPPORTED),
        ("invalid_value", GENERICERROR_UNKNOWN),
    ],
)
def test_vehicle_security_refuses_with_a_number(reason: str, error: int) -> None:
    """It knows few."""
    reply = FromVCSECMessage.FromString(replies.vehicle_security(reason))
    assert reply.nominalError.genericError == error
