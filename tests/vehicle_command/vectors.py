"""Published and recorded vectors, and sessions that stand exactly where these were made."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from custom_components.teslalogger.vehicle_command import CommandKey, Domain, Request, Session
from custom_components.teslalogger.vehicle_command.peer import Peer

from .car import private_key

if TYPE_CHECKING:
    from collections.abc import Callable

_DATA: Final = Path(__file__).parent.parent / "data"
VECTORS: Final[dict[str, Any]] = json.loads((_DATA / "vehicle-command-vectors.json").read_text())
PROTOCOL: Final[dict[str, Any]] = json.loads((_DATA / "vehicle-command-protocol.json").read_text())

CLIENT: Final = CommandKey(private_key(PROTOCOL["keys"]["client_private"]))
VEHICLE: Final = CommandKey(private_key(PROTOCOL["keys"]["vehicle_private"]))
_CONVERSATION: Final = PROTOCOL["conversation"]
VIN: Final[str] = _CONVERSATION["vin"]
EPOCH: Final = bytes.fromhex(_CONVERSATION["epoch"])
ADDRESS: Final = bytes.fromhex(_CONVERSATION["routing_address"])
HANDSHAKE_UUID: Final = bytes.fromhex(_CONVERSATION["handshake_uuid"])
COMMAND_UUID: Final = bytes.fromhex(_CONVERSATION["command_uuid"])
PREFIX: Final = {Domain.INFOTAINMENT: "infotainment", Domain.VEHICLE_SECURITY: "vcsec"}
PAYLOAD: Final = {
    Domain.INFOTAINMENT: bytes.fromhex("120452020801"),
    Domain.VEHICLE_SECURITY: bytes.fromhex("1001"),
}


def peer() -> Peer:
    """The vectors' car, seen from the vectors' client."""
    return Peer(CLIENT, VEHICLE.public_point)


def scripted(*values: bytes) -> Callable[[int], bytes]:
    """A random source that hands out these values in order."""
    remaining = list(values)

    def take(size: int) -> bytes:
        value = remaining.pop(0)
        assert len(value) == size
        return value

    return take


def handshaken(domain: Domain) -> tuple[Session, Request, bytes]:
    """A new session, its handshake of the vectors, and the car's answer."""
    random = scripted(HANDSHAKE_UUID, ADDRESS, COMMAND_UUID, ADDRESS)
    session = Session(CLIENT, VIN, domain, random=random)
    reply = RoutableMessage(
        session_info=bytes.fromhex(VECTORS[f"{PREFIX[domain]}_session_info"]),
        request_uuid=HANDSHAKE_UUID,
    )
    reply.to_destination.routing_address = ADDRESS
    reply.from_destination.domain = domain.value  # type: ignore[assignment]  # an enum's number
    reply.signature_data.session_info_tag.tag = bytes.fromhex(
        VECTORS[f"{PREFIX[domain]}_session_info_tag"]
    )
    return session, session.handshake(now=0.0), reply.SerializeToString()


def commanded(domain: Domain) -> tuple[Session, Request]:
    """A session that has just signed the vectors' command."""
    session, hello, answer = handshaken(domain)
    session.open(hello, answer, now=0.0)
    session.reserve(100)
    return session, session.sign(PAYLOAD[domain], now=0.0, lifetime=5.0)
