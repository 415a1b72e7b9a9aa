"""The messages in which a computer of the car answers.

Source: https://github.com/teslamotors/vehicle-command/blob/main/pkg/protocol/protocol.md
"""

from typing import TYPE_CHECKING, Final, cast

from tesla_protocol.command.universal_message_pb2 import (
    DOMAIN_VEHICLE_SECURITY,
    OPERATIONSTATUS_ERROR,
    OPERATIONSTATUS_WAIT,
    RoutableMessage,
)

from simulator.car.protocol import crypto

if TYPE_CHECKING:
    from tesla_protocol.command.universal_message_pb2 import Domain, MessageFault_E

NONCE_SIZE: Final = 12


def addressed(request: RoutableMessage, domain: Domain, *, echo: bool = False) -> RoutableMessage:
    """An empty reply to whoever asked; `echo` lets vehicle security name the request too."""
    reply = RoutableMessage()
    reply.to_destination.routing_address = request.from_destination.routing_address
    reply.from_destination.domain = domain
    if echo or domain != DOMAIN_VEHICLE_SECURITY:
        reply.request_uuid = request.uuid
    return reply


def blame(reply: RoutableMessage, fault: int) -> None:
    """Say that the request failed; the fault may be a number that the protocol does not know."""
    reply.signedMessageStatus.operation_status = OPERATIONSTATUS_ERROR
    reply.signedMessageStatus.signed_message_fault = cast("MessageFault_E", fault)


def put_off(reply: RoutableMessage) -> None:
    """Say that the request comes too early."""
    reply.signedMessageStatus.operation_status = OPERATIONSTATUS_WAIT


def introduce(reply: RoutableMessage, session_info: bytes, tag: bytes | None) -> None:
    """Put in what a client must know of the computer, with a tag unless it is a stranger."""
    reply.session_info = session_info
    if tag is not None:
        reply.signature_data.session_info_tag.tag = tag


def seal(
    reply: RoutableMessage,
    shared: bytes,
    *,
    vin: str,
    counter: int,
    nonce: bytes,
    request_hash: bytes,
) -> None:
    """Encrypt the payload, and authenticate the fault and the flags with it."""
    meta = crypto.response_metadata(
        domain=reply.from_destination.domain,
        vin=vin,
        counter=counter,
        flags=reply.flags,
        request_hash=request_hash,
        fault=reply.signedMessageStatus.signed_message_fault,
    )
    ciphertext, tag = crypto.encrypt(shared, nonce, meta, reply.protobuf_message_as_bytes)
    reply.protobuf_message_as_bytes = ciphertext
    sealed = reply.signature_data.AES_GCM_Response_data
    sealed.nonce, sealed.counter, sealed.tag = nonce, counter, tag
