"""The car's side of the protocol, written for these tests alone and strict where a car is.

Shares no code with the room it judges: metadata and key schedule are spelled out again.
"""

from dataclasses import dataclass, field
import hashlib
import hmac
import struct
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tesla_protocol.command.signatures_pb2 import SessionInfo
from tesla_protocol.command.universal_message_pb2 import MessageFault_E, RoutableMessage

MAX_TTL = 30


def private_key(hex_scalar: str) -> ec.EllipticCurvePrivateKey:
    """A P-256 key from its secret number."""
    return ec.derive_private_key(int(hex_scalar, 16), ec.SECP256R1())


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half, uncompressed."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def tlv(*entries: tuple[int, bytes]) -> bytes:
    """Tag, length, value and the end mark."""
    return b"".join(bytes((tag, len(value))) + value for tag, value in entries) + b"\xff"


def u32(number: int) -> bytes:
    """Four bytes, big endian."""
    return struct.pack(">I", number)


class Refusal(Exception):
    """The car answers with this fault instead of obeying."""

    def __init__(self, *, fault: str, with_session_info: bool = False) -> None:
        super().__init__(fault)
        self.number = int(MessageFault_E.Value(f"MESSAGEFAULT_ERROR_{fault}"))
        self.with_session_info = with_session_info


@dataclass(kw_only=True)
class Car:
    """One computer of a car; `time` is its clock and is set by the test."""

    key: ec.EllipticCurvePrivateKey
    client_point: bytes
    vin: str = "5YJ30123456789ABC"
    domain: int = 3
    epoch: bytes = bytes(range(16))
    counter: int = 0
    time: int = 100
    encrypts: bool = True
    paired: bool = True
    answer: bytes = b"\x0a\x00"
    executed: list[bytes] = field(default_factory=list)
    _reply_counter: int = 0

    def _shared(self) -> bytes:
        client = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.client_point)
        return hashlib.sha1(self.key.exchange(ec.ECDH(), client)).digest()[:16]  # noqa: S324 - the protocol's key derivation

    def _subkey(self, label: bytes) -> bytes:
        return hmac.new(self._shared(), label, hashlib.sha256).digest()

    def handle(self, message: bytes, *, fault: str | None = None) -> bytes:
        """Answer one message; `fault` lets the car refuse an otherwise good command."""
        request = RoutableMessage.FromString(message)
        if request.WhichOneof("payload") == "session_info_request":
            reply = self.reply_to(request)
            self.add_session_info(reply, request.uuid)
            return reply.SerializeToString()
        tag = request.signature_data.HMAC_Personalized_data.tag
        reply = self.reply_to(request)
        try:
            self.verify(request, fault=fault)
        except Refusal as refusal:
            reply.signedMessageStatus.operation_status = 2  # type: ignore[assignment]  # an enum's number
            reply.signedMessageStatus.signed_message_fault = refusal.number  # type: ignore[assignment]  # likewise
            if refusal.with_session_info:
                self.add_session_info(reply, request.uuid)
            elif self.encrypts and self.paired:
                self.encrypt(reply, b"", tag)
            return reply.SerializeToString()
        self.executed.append(request.protobuf_message_as_bytes)
        if self.encrypts and request.flags & 2:
            self.encrypt(reply, self.answer, tag)
        else:
            reply.protobuf_message_as_bytes = self.answer
        return reply.SerializeToString()

    def verify(self, request: RoutableMessage, *, fault: str | None = None) -> None:
        """Raise the Refusal that a strict car has for this command, or count it."""
        if not self.paired or (
            request.signature_data.signer_identity.public_key != self.client_point
        ):
            raise Refusal(fault="UNKNOWN_KEY_ID")
        if request.to_destination.domain != self.domain:
            raise Refusal(fault="INVALID_DOMAINS")
        signature = request.signature_data.HMAC_Personalized_data
        if signature.epoch != self.epoch:
            raise Refusal(fault="INCORRECT_EPOCH", with_session_info=True)
        if signature.expires_at < self.time:
            raise Refusal(fault="TIME_EXPIRED", with_session_info=True)
        if signature.expires_at > self.time + MAX_TTL:
            raise Refusal(fault="TIME_TO_LIVE_TOO_LONG", with_session_info=True)
        entries = [
            (0, b"\x08"),
            (1, bytes([self.domain])),
            (2, self.vin.encode()),
            (3, signature.epoch),
            (4, u32(signature.expires_at)),
            (5, u32(signature.counter)),
        ]
        if request.flags:
            entries.append((7, u32(request.flags)))
        expected = hmac.new(
            self._subkey(b"authenticated command"),
            tlv(*entries) + request.protobuf_message_as_bytes,
            hashlib.sha256,
        ).digest()
        if not hmac.compare_digest(expected, signature.tag):
            raise Refusal(fault="INVALID_SIGNATURE", with_session_info=True)
        if signature.counter <= self.counter:
            raise Refusal(fault="INVALID_TOKEN_OR_COUNTER", with_session_info=True)
        if fault is not None:
            raise Refusal(fault=fault)
        self.counter = signature.counter

    def reply_to(self, request: RoutableMessage) -> RoutableMessage:
        """An empty reply, addressed; vehicle security does not repeat the uuid of commands."""
        reply = RoutableMessage()
        reply.to_destination.routing_address = request.from_destination.routing_address
        reply.from_destination.domain = self.domain  # type: ignore[assignment]  # an enum's number
        if self.domain != 2 or request.HasField("session_info_request"):
            reply.request_uuid = request.uuid
        return reply

    def add_session_info(self, reply: RoutableMessage, challenge: bytes) -> None:
        """State counter, epoch and clock under a tag that answers `challenge`."""
        reply.request_uuid = challenge
        if not self.paired:
            reply.session_info = SessionInfo(
                status="SESSION_INFO_STATUS_KEY_NOT_ON_WHITELIST"
            ).SerializeToString()
            return
        info: dict[str, Any] = {
            "counter": self.counter,
            "publicKey": point(self.key),
            "epoch": self.epoch,
            "clock_time": self.time,
        }
        reply.session_info = SessionInfo(**info).SerializeToString()
        self.tag_session_info(reply, challenge)

    def tag_session_info(self, reply: RoutableMessage, challenge: bytes) -> None:
        """Tag whatever session info stands in `reply`."""
        facts = tlv((0, b"\x06"), (2, self.vin.encode()), (6, challenge))
        reply.signature_data.session_info_tag.tag = hmac.new(
            self._subkey(b"session info"), facts + reply.session_info, hashlib.sha256
        ).digest()

    def encrypt(self, reply: RoutableMessage, plaintext: bytes, request_tag: bytes) -> None:
        """Seal `plaintext` into `reply`, bound to the request by its tag."""
        self._reply_counter += 1
        request_hash = b"\x08" + request_tag
        if self.domain == 2:
            request_hash = request_hash[:17]
        facts = tlv(
            (0, b"\x09"),
            (1, bytes([self.domain])),
            (2, self.vin.encode()),
            (5, u32(self._reply_counter)),
            (7, u32(reply.flags)),
            (8, request_hash),
            (9, u32(reply.signedMessageStatus.signed_message_fault)),
        )
        nonce = self._reply_counter.to_bytes(12)
        sealed = AESGCM(self._shared()).encrypt(nonce, plaintext, hashlib.sha256(facts).digest())
        reply.protobuf_message_as_bytes = sealed[:-16]
        response = reply.signature_data.AES_GCM_Response_data
        response.nonce = nonce
        response.counter = self._reply_counter
        response.tag = sealed[-16:]
