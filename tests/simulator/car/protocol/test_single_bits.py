"""No bit of a signed command can be flipped unnoticed."""

from typing import TYPE_CHECKING

import pytest
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from simulator.car.protocol import INFOTAINMENT
from simulator.vehicle import MalformedMessage

from .conftest import REPLY

if TYPE_CHECKING:
    from .client import Client
    from .conftest import Garage

ORDER = b"\x12\x04\x52\x02\x08\x01"
STRANGER = b"\x28\x01"


def _flipped(message: bytes, bit: int) -> bytes:
    other = bytearray(message)
    other[bit // 8] ^= 1 << bit % 8
    return bytes(other)


def _unsigned_places(request: RoutableMessage, message: bytes) -> set[int]:
    """Where the uuid and the sender's address stand, which no signature covers."""
    places = set[int]()
    for value in (request.uuid, request.from_destination.routing_address):
        begin = message.index(value)
        places |= set(range(begin, begin + len(value)))
    return places


@pytest.mark.parametrize("flags", [0, 2])
def test_no_flipped_bit_is_executed(garage: Garage, client: Client, flags: int) -> None:
    """Each is refused, or makes a stranger's handshake of it; and the command is still good."""
    request = client.command(ORDER, flags=flags)
    message = request.SerializeToString()
    unsigned = _unsigned_places(request, message)
    bits = [bit for bit in range(8 * len(message)) if bit // 8 not in unsigned]
    assert len(bits) == 8 * (len(message) - 32)
    for bit in bits:
        try:
            reply = RoutableMessage.FromString(garage.computers.signed(_flipped(message, bit)))
        except MalformedMessage:
            continue
        refused = reply.signedMessageStatus.signed_message_fault
        assert refused or reply.session_info == STRANGER, f"bit {bit}"
    assert garage.executed == {}
    client.ask(request)
    assert garage.executed == {client.domain: [ORDER]}


def test_a_wrong_address_or_uuid_leads_the_reply_astray(garage: Garage, client: Client) -> None:
    """The car cannot know that they are wrong: it obeys, and answers to what it was told."""
    executed = 0
    for bit in range(8 * len(client.command(ORDER).SerializeToString())):
        request = client.command(ORDER)
        message = request.SerializeToString()
        if bit // 8 not in _unsigned_places(request, message):
            continue
        arrived = RoutableMessage.FromString(_flipped(message, bit))
        reply = client.ask(arrived)
        executed += 1
        assert client.read(reply, request) == REPLY
        assert reply.request_uuid == (arrived.uuid if client.domain == INFOTAINMENT else b"")
        assert len(garage.executed[client.domain]) == executed
    assert executed == 8 * 32
