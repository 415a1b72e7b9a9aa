"""The bindings' fields that we use: a major version that renumbers one fails here, not in a car."""

from typing import TYPE_CHECKING

from google.protobuf.descriptor import FieldDescriptor
import pytest
from tesla_protocol.command import (
    car_server_pb2,
    errors_pb2,
    signatures_pb2,
    universal_message_pb2,
    vcsec_pb2,
)

from custom_components.teslalogger.vehicle_command import Domain
from custom_components.teslalogger.vehicle_command.metadata import SignatureType, Tag
from custom_components.teslalogger.vehicle_command.session import FLAG_ENCRYPT_RESPONSE

if TYPE_CHECKING:
    from google.protobuf.message import Message

BYTES, UINT32, FIXED32 = (
    FieldDescriptor.TYPE_BYTES,
    FieldDescriptor.TYPE_UINT32,
    FieldDescriptor.TYPE_FIXED32,
)
ENUM, MESSAGE, STRING = (
    FieldDescriptor.TYPE_ENUM,
    FieldDescriptor.TYPE_MESSAGE,
    FieldDescriptor.TYPE_STRING,
)

FIELDS: dict[type[Message], dict[str, tuple[int, int]]] = {
    universal_message_pb2.RoutableMessage: {
        "to_destination": (6, MESSAGE),
        "from_destination": (7, MESSAGE),
        "protobuf_message_as_bytes": (10, BYTES),
        "signedMessageStatus": (12, MESSAGE),
        "signature_data": (13, MESSAGE),
        "session_info_request": (14, MESSAGE),
        "session_info": (15, BYTES),
        "request_uuid": (50, BYTES),
        "uuid": (51, BYTES),
        "flags": (52, UINT32),
    },
    universal_message_pb2.Destination: {"domain": (1, ENUM), "routing_address": (2, BYTES)},
    universal_message_pb2.MessageStatus: {
        "operation_status": (1, ENUM),
        "signed_message_fault": (2, ENUM),
    },
    universal_message_pb2.SessionInfoRequest: {"public_key": (1, BYTES)},
    signatures_pb2.SessionInfo: {
        "counter": (1, UINT32),
        "publicKey": (2, BYTES),
        "epoch": (3, BYTES),
        "clock_time": (4, FIXED32),
        "status": (5, ENUM),
    },
    signatures_pb2.SignatureData: {
        "signer_identity": (1, MESSAGE),
        "session_info_tag": (6, MESSAGE),
        "HMAC_Personalized_data": (8, MESSAGE),
        "AES_GCM_Response_data": (9, MESSAGE),
    },
    signatures_pb2.KeyIdentity: {"public_key": (1, BYTES)},
    signatures_pb2.HMAC_Signature_Data: {"tag": (1, BYTES)},
    signatures_pb2.HMAC_Personalized_Signature_Data: {
        "epoch": (1, BYTES),
        "counter": (2, UINT32),
        "expires_at": (3, FIXED32),
        "tag": (4, BYTES),
    },
    signatures_pb2.AES_GCM_Response_Signature_Data: {
        "nonce": (1, BYTES),
        "counter": (2, UINT32),
        "tag": (3, BYTES),
    },
    car_server_pb2.Response: {"actionStatus": (1, MESSAGE)},
    car_server_pb2.ActionStatus: {"result": (1, ENUM), "result_reason": (2, MESSAGE)},
    car_server_pb2.ResultReason: {"plain_text": (1, STRING)},
    vcsec_pb2.FromVCSECMessage: {"commandStatus": (4, MESSAGE), "nominalError": (46, MESSAGE)},
    vcsec_pb2.CommandStatus: {
        "operationStatus": (1, ENUM),
        "whitelistOperationStatus": (3, MESSAGE),
    },
    vcsec_pb2.WhitelistOperation_status: {"whitelistOperationInformation": (1, ENUM)},
    errors_pb2.NominalError: {"genericError": (1, ENUM)},
}


@pytest.mark.parametrize("message", FIELDS, ids=lambda message: message.__name__)
def test_fields_have_their_numbers_and_types(message: type[Message]) -> None:
    """As in the protocol's reference."""
    by_name = message.DESCRIPTOR.fields_by_name
    found = {name: (by_name[name].number, by_name[name].type) for name in FIELDS[message]}
    assert found == FIELDS[message]


def test_payloads_exclude_each_other() -> None:
    """A reply carries a payload or session info, never both."""
    payload = universal_message_pb2.RoutableMessage.DESCRIPTOR.oneofs_by_name["payload"]
    assert {field.name for field in payload.fields} == {
        "protobuf_message_as_bytes",
        "session_info_request",
        "session_info",
    }


def test_enums_have_their_numbers() -> None:
    """Ours are written out; the bindings must agree."""
    for domain in Domain:
        assert universal_message_pb2.Domain.Value(f"DOMAIN_{domain.name}") == domain
    for tag in Tag:
        assert signatures_pb2.Tag.Value(f"TAG_{tag.name}") == tag
    assert signatures_pb2.Tag.Value("TAG_END") == 255
    for signature_type in SignatureType:
        name = f"SIGNATURE_TYPE_{signature_type.name}"
        assert signatures_pb2.SignatureType.Value(name) == signature_type
    assert 1 << universal_message_pb2.FLAG_ENCRYPT_RESPONSE == FLAG_ENCRYPT_RESPONSE
    assert [
        universal_message_pb2.OPERATIONSTATUS_OK,
        universal_message_pb2.OPERATIONSTATUS_WAIT,
        universal_message_pb2.OPERATIONSTATUS_ERROR,
    ] == [0, 1, 2]
    assert signatures_pb2.SESSION_INFO_STATUS_KEY_NOT_ON_WHITELIST == 1
    assert car_server_pb2.OPERATIONSTATUS_OK == 0
    assert vcsec_pb2.OPERATIONSTATUS_WAIT == 1
