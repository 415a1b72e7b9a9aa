"""Stand-ins for what surrounds a car: time, disk, Tesla's cloud, and the car's side of signing."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
import hashlib
import hmac
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tesla_protocol.command.car_server_pb2 import ActionStatus, Response, ResultReason
from tesla_protocol.command.signatures_pb2 import SessionInfo
from tesla_protocol.command.universal_message_pb2 import (
    OPERATIONSTATUS_WAIT,
    MessageFault_E,
    RoutableMessage,
)
from tesla_protocol.command.vcsec_pb2 import FromVCSECMessage

from custom_components.teslalogger.tesla.errors import AnswerLost, TeslaError
from custom_components.teslalogger.tesla.models import Availability, CommandAnswer
from custom_components.teslalogger.vehicle_command import Domain, StoredSession

VIN: Final = "5YJ3E7EB8MF012346"
LEGACY_VIN: Final = "5YJXCDE22JF012345"

type Step = Behaviour | int | Callable[[], TeslaError]


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.naps: list[float] = []

    def __call__(self) -> float:
        """Seconds of a monotonic clock."""
        return self.now

    def wall(self) -> float:
        """Seconds since 1970, running in step."""
        return self.now + 1_700_000_000

    async def sleep(self, seconds: float) -> None:
        """Pass the time, and let others run."""
        await asyncio.sleep(0)
        self.naps.append(seconds)
        self.now += seconds


class Disk:
    """A SessionStore that goes through JSON types, and counts."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, Domain], dict[str, Any]] = {}
        self.saves = 0

    def load(self, vin: str, domain: Domain) -> StoredSession | None:
        """What was saved last."""
        stored = self.files.get((vin, domain))
        return None if stored is None else StoredSession.from_dict(stored)

    async def save(self, vin: str, domain: Domain, stored: StoredSession) -> None:
        """Keep it."""
        self.saves += 1
        self.files[vin, domain] = stored.to_dict()


class Behaviour(Enum):
    """How the way to the car, or the car, treats one message."""

    OBEY = auto()
    LOSE_REQUEST = auto()
    LOSE_ANSWER = auto()
    GARBLE_ANSWER = auto()
    DELAY_REQUEST = auto()
    WAIT_BEFORE = auto()
    WAIT_AFTER = auto()
    REFUSE = auto()
    REBOOT = auto()
    CHANGE_KEY = auto()


def _infotainment_answer(*, refuses: bool) -> bytes:
    status = ActionStatus()
    if refuses:
        status.result = 1  # type: ignore[assignment]  # ERROR
        status.result_reason.CopyFrom(ResultReason(plain_text="not_today"))
    return Response(actionStatus=status).SerializeToString()


def _vehicle_security_answer(*, refuses: bool) -> bytes:
    answer = FromVCSECMessage()
    if refuses:
        answer.nominalError.genericError = 5  # type: ignore[assignment]  # VEHICLE_NOT_IN_PARK
    return answer.SerializeToString()


def tlv(*fields: tuple[int, bytes]) -> bytes:
    """Tesla's metadata serialisation, written a second time to check the first."""
    return b"".join(bytes((tag, len(value))) + value for tag, value in fields) + b"\xff"


@dataclass
class Computer:
    """One computer of the car: verifies strictly, executes, answers in plain text."""

    domain: Domain
    clock: Clock
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    boots: int = 1
    counter: int = 0
    booted: float = 0.0
    paired: bool = True
    encrypts: bool = False
    executed: list[bytes] = field(default_factory=list)

    @property
    def epoch(self) -> bytes:
        """Sixteen bytes that change with every boot."""
        return self.boots.to_bytes(16)

    def reboot(self) -> None:
        """Begin a new epoch."""
        self.boots += 1
        self.counter = 0
        self.booted = self.clock()

    def clock_time(self) -> int:
        """Whole seconds of this epoch."""
        return int(self.clock() - self.booted)

    def _root(self, client: bytes) -> bytes:
        peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), client)
        shared = self.private.exchange(ec.ECDH(), peer)
        return hashlib.sha1(shared).digest()[:16]  # noqa: S324  Tesla's key schedule

    def _keys(self, client: bytes) -> tuple[bytes, bytes]:
        root = self._root(client)
        return (
            hmac.digest(root, b"session info", "sha256"),
            hmac.digest(root, b"authenticated command", "sha256"),
        )

    def encrypt(self, reply: RoutableMessage, message: RoutableMessage) -> None:
        """Turn a plain reply into an encrypted one, as newer firmware does."""
        tag = message.signature_data.HMAC_Personalized_data.tag
        if self.domain is Domain.VEHICLE_SECURITY:
            tag = tag[:16]
        meta = tlv(
            (0, b"\x09"),
            (1, bytes((self.domain,))),
            (2, VIN.encode()),
            (5, (1).to_bytes(4)),
            (7, reply.flags.to_bytes(4)),
            (8, b"\x08" + tag),
            (9, reply.signedMessageStatus.signed_message_fault.to_bytes(4)),
        )
        nonce = bytes(12)
        sealed = AESGCM(self._root(message.signature_data.signer_identity.public_key)).encrypt(
            nonce, reply.protobuf_message_as_bytes, hashlib.sha256(meta).digest()
        )
        reply.protobuf_message_as_bytes = sealed[:-16]
        reply.signature_data.AES_GCM_Response_data.nonce = nonce
        reply.signature_data.AES_GCM_Response_data.counter = 1
        reply.signature_data.AES_GCM_Response_data.tag = sealed[-16:]

    def session_info(self, reply: RoutableMessage, client: bytes, uuid: bytes) -> None:
        """Put tagged session info into a reply."""
        info = SessionInfo(
            counter=self.counter,
            publicKey=self.private.public_key().public_bytes(
                Encoding.X962, PublicFormat.UncompressedPoint
            ),
            epoch=self.epoch,
            clock_time=self.clock_time(),
        ).SerializeToString()
        challenge = tlv((0, b"\x06"), (2, VIN.encode()), (6, uuid))
        reply.session_info = info
        reply.signature_data.session_info_tag.tag = hmac.digest(
            self._keys(client)[0], challenge + info, "sha256"
        )

    def verify(self, message: RoutableMessage) -> int:
        """The fault of a signed command, 0 if there is none; a good one uses up its counter."""
        signature = message.signature_data.HMAC_Personalized_data
        meta = tlv(
            (0, b"\x08"),
            (1, bytes((self.domain,))),
            (2, VIN.encode()),
            (3, signature.epoch),
            (4, signature.expires_at.to_bytes(4)),
            (5, signature.counter.to_bytes(4)),
            (7, message.flags.to_bytes(4)),
        )
        if signature.epoch != self.epoch:
            return MessageFault_E.MESSAGEFAULT_ERROR_INCORRECT_EPOCH
        key = self._keys(message.signature_data.signer_identity.public_key)[1]
        expected = hmac.digest(key, meta + message.protobuf_message_as_bytes, "sha256")
        if not hmac.compare_digest(expected, signature.tag):
            return MessageFault_E.MESSAGEFAULT_ERROR_INVALID_SIGNATURE
        if self.clock_time() > signature.expires_at:
            return MessageFault_E.MESSAGEFAULT_ERROR_TIME_EXPIRED
        if signature.counter <= self.counter:
            return MessageFault_E.MESSAGEFAULT_ERROR_INVALID_TOKEN_OR_COUNTER
        self.counter = signature.counter
        return 0


class Cloud:
    """Tesla's cloud with one car: follows a script, then everything works.

    A step of the script is a behaviour, the number of a fault the car answers instead of executing,
    or the making of a TeslaError. `commands` counts the times a command reached Tesla, by way.
    """

    def __init__(self, clock: Clock, script: list[Step] | None = None) -> None:
        self.clock = clock
        self.script = script or []
        self.handshake_script: list[Step] = []
        self.computers = {domain: Computer(domain, clock) for domain in Domain}
        self.commands: list[str] = []
        self.handshakes: list[Domain] = []
        self.executed_unsigned: list[str] = []
        self.unsigned_reason = ""
        self.wakes = 0
        self.wake_error: Callable[[], Exception] | None = None
        self.availability = Availability.ONLINE
        self.wakes_after = 2
        self.late: list[RoutableMessage] = []

    @property
    def executed(self) -> list[bytes]:
        """Payloads that were executed, over both computers."""
        return [payload for one in self.computers.values() for payload in one.executed]

    async def signed_command(self, vin: str, message: bytes) -> bytes:
        """As FleetClient."""
        assert vin == VIN
        self.deliver_late()
        parsed = RoutableMessage.FromString(message)
        computer = self.computers[Domain(parsed.to_destination.domain)]
        if parsed.HasField("session_info_request"):
            self.handshakes.append(computer.domain)
            step = self.handshake_script.pop(0) if self.handshake_script else Behaviour.OBEY
            return self._shake(computer, parsed, step)
        self.commands.append("signed")
        step = self.script.pop(0) if self.script else Behaviour.OBEY
        return self._run(computer, parsed, step)

    def _shake(self, computer: Computer, message: RoutableMessage, step: Step) -> bytes:
        reply = self._reply(computer, message)
        if callable(step):
            raise step()
        if isinstance(step, int):
            reply.signedMessageStatus.signed_message_fault = step  # type: ignore[assignment]  # any number
            return reply.SerializeToString()
        if step in {Behaviour.LOSE_REQUEST, Behaviour.LOSE_ANSWER}:
            raise AnswerLost
        self._happen(computer, step)
        if not computer.paired:
            reply.session_info = SessionInfo(status=1).SerializeToString()  # type: ignore[arg-type]  # KEY_NOT_ON_WHITELIST
            return reply.SerializeToString()
        computer.session_info(reply, message.session_info_request.public_key, message.uuid)
        if step is Behaviour.GARBLE_ANSWER:
            reply.signature_data.session_info_tag.tag = bytes(32)
        return reply.SerializeToString()

    def _run(self, computer: Computer, message: RoutableMessage, step: Step) -> bytes:
        if callable(step):
            raise step()
        if isinstance(step, int):
            return self._fault(computer, message, step)
        if step is Behaviour.LOSE_REQUEST:
            raise AnswerLost
        if step is Behaviour.DELAY_REQUEST:
            self.late.append(message)
            raise AnswerLost
        self._happen(computer, step)
        fault = computer.verify(message) if computer.paired else 3
        if fault:
            return self._fault(computer, message, fault)
        if step not in {Behaviour.REFUSE, Behaviour.WAIT_BEFORE}:
            computer.executed.append(message.protobuf_message_as_bytes)
        if step is Behaviour.LOSE_ANSWER:
            raise AnswerLost
        return self._answer(computer, message, step).SerializeToString()

    def _answer(
        self, computer: Computer, message: RoutableMessage, step: Behaviour
    ) -> RoutableMessage:
        reply = self._reply(computer, message)
        if step in {Behaviour.WAIT_BEFORE, Behaviour.WAIT_AFTER}:
            reply.signedMessageStatus.operation_status = OPERATIONSTATUS_WAIT
            return reply
        refuses = step is Behaviour.REFUSE
        reply.protobuf_message_as_bytes = (
            _infotainment_answer(refuses=refuses)
            if computer.domain is Domain.INFOTAINMENT
            else _vehicle_security_answer(refuses=refuses)
        )
        if computer.encrypts:
            computer.encrypt(reply, message)
        if step is Behaviour.GARBLE_ANSWER:
            reply.to_destination.routing_address = bytes(16)
        return reply

    def _happen(self, computer: Computer, step: Step) -> None:
        if step is Behaviour.REBOOT:
            computer.reboot()
        if step is Behaviour.CHANGE_KEY:
            computer.private = ec.generate_private_key(ec.SECP256R1())
            computer.reboot()

    def _fault(self, computer: Computer, message: RoutableMessage, fault: int) -> bytes:
        reply = self._reply(computer, message)
        reply.signedMessageStatus.signed_message_fault = fault  # type: ignore[assignment]  # any number
        if fault in {5, 6, 15, 17, 20}:
            client = message.signature_data.signer_identity.public_key
            computer.session_info(reply, client, message.uuid)
        return reply.SerializeToString()

    def _reply(self, computer: Computer, message: RoutableMessage) -> RoutableMessage:
        reply = RoutableMessage(request_uuid=message.uuid)
        reply.from_destination.domain = computer.domain.value  # type: ignore[assignment]  # same
        reply.to_destination.routing_address = message.from_destination.routing_address
        return reply

    def deliver_late(self) -> None:
        """Let arrive what was delayed on its way."""
        for message in self.late:
            computer = self.computers[Domain(message.to_destination.domain)]
            if not computer.verify(message):
                computer.executed.append(message.protobuf_message_as_bytes)
        self.late.clear()

    async def command(self, vin: str, name: str, body: Mapping[str, Any]) -> CommandAnswer:
        """As FleetClient."""
        assert vin
        assert isinstance(body, Mapping)
        self.commands.append("unsigned")
        step = self.script.pop(0) if self.script else Behaviour.OBEY
        if callable(step):
            raise step()
        if step is Behaviour.REFUSE:
            return CommandAnswer(result=False, reason=self.unsigned_reason or "not_today")
        if step in {Behaviour.LOSE_REQUEST, Behaviour.DELAY_REQUEST}:
            raise AnswerLost
        self.executed_unsigned.append(name)
        if step in {Behaviour.LOSE_ANSWER, Behaviour.GARBLE_ANSWER}:
            raise AnswerLost
        return CommandAnswer(result=True, reason="")

    async def wake_up(self, vin: str) -> Availability:
        """As FleetClient."""
        assert vin
        if self.wake_error is not None:
            raise self.wake_error()
        self.wakes += 1
        return self.availability

    async def vehicle(self, vin: str) -> Availability:
        """As FleetClient; a woken car needs some looks until it is online."""
        assert vin
        if self.wakes:
            self.wakes_after -= 1
            if self.wakes_after <= 0:
                self.availability = Availability.ONLINE
        return self.availability
