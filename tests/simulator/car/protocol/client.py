"""A client that knows the protocol, and can be told to break every rule of it.

It computes everything by itself: it shares no code with the car.
"""

from dataclasses import dataclass, field
import hashlib
import hmac
import os
from typing import TYPE_CHECKING, Any, Final, cast

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tesla_protocol.command.signatures_pb2 import SessionInfo
from tesla_protocol.command.universal_message_pb2 import OPERATIONSTATUS_ERROR, RoutableMessage

if TYPE_CHECKING:
    from collections.abc import Callable

    from tesla_protocol.command.universal_message_pb2 import Domain

HASH_SIZES: Final = {2: 17, 3: 33}


def _tlv(*entries: tuple[int, bytes]) -> bytes:
    return b"".join(bytes((tag, len(value))) + value for tag, value in entries) + b"\xff"


def _mac(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, b"".join(parts), hashlib.sha256)


def fault_of(reply: RoutableMessage) -> int:
    """The number of the fault; with one, the operation failed."""
    status = reply.signedMessageStatus
    if status.signed_message_fault:
        assert status.operation_status == OPERATIONSTATUS_ERROR
    return int(status.signed_message_fault)


@dataclass(kw_only=True, slots=True)
class Client:
    """One key that talks to one domain of one car.

    Args:
        send: hands a message to the car.
        counter: of the last command.
        info: what the car said of itself last.
    """

    vin: str
    domain: int
    send: Callable[[bytes], bytes]
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1()), repr=False
    )
    counter: int = 0
    info: SessionInfo = field(default_factory=SessionInfo)

    @property
    def point(self) -> bytes:
        """The public key, uncompressed."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def shared(self) -> bytes:
        """The session's key."""
        peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.info.publicKey)
        return hashlib.sha1(self.key.exchange(ec.ECDH(), peer)).digest()[:16]  # noqa: S324 - Tesla's way

    def envelope(self) -> RoutableMessage:
        """A message to the domain, from a new address."""
        message = RoutableMessage(uuid=os.urandom(16))
        message.to_destination.domain = cast("Domain", self.domain)
        message.from_destination.routing_address = os.urandom(16)
        return message

    def hello(self) -> RoutableMessage:
        """A request for session info."""
        message = self.envelope()
        message.session_info_request.public_key = self.point
        return message

    def ask(self, message: RoutableMessage) -> RoutableMessage:
        """Send a message; the reply must be addressed to its sender."""
        reply = RoutableMessage.FromString(self.send(message.SerializeToString()))
        assert reply.to_destination == message.from_destination
        assert reply.from_destination == message.to_destination
        return reply

    def handshake(self) -> SessionInfo:
        """Learn what the car says of itself, and check its tag."""
        hello = self.hello()
        self.adopt(self.ask(hello), hello.uuid)
        return self.info

    def adopt(self, reply: RoutableMessage, challenge: bytes) -> None:
        """Believe session info whose tag answers the challenge."""
        assert reply.request_uuid == challenge
        self.info = SessionInfo.FromString(reply.session_info)
        meta = _tlv((0, b"\x06"), (2, self.vin.encode()), (6, challenge))
        expected = _mac(_mac(self.shared, b"session info"), meta, reply.session_info)
        assert reply.signature_data.session_info_tag.tag == expected
        self.counter = self.info.counter

    def command(self, payload: bytes, *, life: int = 10, **changes: Any) -> RoutableMessage:
        """A signed command; `changes` replaces what is signed, by the names below."""
        self.counter += 1
        signed: dict[str, Any] = {
            "signature_type": 8,
            "domain": self.domain,
            "vin": self.vin,
            "epoch": self.info.epoch,
            "expires_at": self.info.clock_time + life,
            "counter": self.counter,
            "flags": 2,
        } | changes
        message = self.envelope()
        message.flags = signed["flags"]
        message.protobuf_message_as_bytes = payload
        message.signature_data.signer_identity.public_key = self.point
        signature = message.signature_data.HMAC_Personalized_data
        signature.epoch = signed["epoch"]
        signature.counter = signed["counter"]
        signature.expires_at = signed["expires_at"]
        meta = _tlv(
            (0, bytes((signed["signature_type"],))),
            (1, bytes((signed["domain"],))),
            (2, signed["vin"].encode()),
            (3, signed["epoch"]),
            (4, signed["expires_at"].to_bytes(4)),
            (5, signed["counter"].to_bytes(4)),
            *([(7, signed["flags"].to_bytes(4))] if signed["flags"] else []),
        )
        signature.tag = _mac(_mac(self.shared, b"authenticated command"), meta, payload)
        return message

    def read(self, reply: RoutableMessage, request: RoutableMessage) -> bytes:
        """The plain text of an encrypted reply; raises InvalidTag."""
        tag = request.signature_data.HMAC_Personalized_data.tag
        sealed = reply.signature_data.AES_GCM_Response_data
        meta = _tlv(
            (0, b"\x09"),
            (1, bytes((reply.from_destination.domain,))),
            (2, self.vin.encode()),
            (5, sealed.counter.to_bytes(4)),
            (7, reply.flags.to_bytes(4)),
            (8, (b"\x08" + tag)[: HASH_SIZES[self.domain]]),
            (9, int(reply.signedMessageStatus.signed_message_fault).to_bytes(4)),
        )
        ciphertext = reply.protobuf_message_as_bytes + sealed.tag
        aad = hashlib.sha256(meta).digest()
        return AESGCM(self.shared).decrypt(sealed.nonce, ciphertext, aad)
