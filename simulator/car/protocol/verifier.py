"""Whether a message may be obeyed: one computer of a car, its keys, epoch, clock and counters."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric import ec
from tesla_protocol.command.signatures_pb2 import (
    SESSION_INFO_STATUS_KEY_NOT_ON_WHITELIST,
    SessionInfo,
)
from tesla_protocol.command.universal_message_pb2 import (
    DOMAIN_VEHICLE_SECURITY,
    FLAG_ENCRYPT_RESPONSE,
    Domain,
    RoutableMessage,
)

from simulator.car.protocol import crypto
from simulator.car.protocol.crypto import SignatureType
from simulator.car.protocol.faults import Fault, Refused
from simulator.car.protocol.window import Window

if TYPE_CHECKING:
    import random

    from simulator.clock import Clock

MAX_COUNTER: Final = 0xFFFF_FFFF
EPOCH_SECONDS: Final = 1 << 30
OUT_OF_ORDER_SECONDS: Final = 30
"""How much life a command may have left whose counter is not the newest."""
EPOCH_SIZE: Final = 16
ENCRYPT_RESPONSE: Final = 1 << FLAG_ENCRYPT_RESPONSE


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """A command that came from a paired key, in time."""

    point: bytes
    payload: bytes
    counter: int
    expires_at: int
    request_hash: bytes
    wants_encryption: bool


@dataclass(kw_only=True, slots=True)
class Verifier:
    """One domain of one car. `whitelist` holds the points of the paired keys and may change.

    Source: https://github.com/teslamotors/vehicle-command, internal/authentication.
    """

    domain: Domain
    vin: str
    clock: Clock
    dice: random.Random
    whitelist: set[bytes]
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    epoch: bytes = field(init=False)
    started: float = field(init=False)
    windows: dict[bytes, Window] = field(init=False, default_factory=dict)
    replies: dict[bytes, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.reboot()

    def reboot(self) -> None:
        """Begin a new epoch."""
        self.epoch = self.dice.randbytes(EPOCH_SIZE)
        self.started = self.clock.now()
        self.windows.clear()
        self.replies.clear()

    def rotate_key(self) -> None:
        """As after a repair: another key, and a new epoch with it."""
        self.key = new_key(self.dice)
        self.reboot()

    def shift_clock(self, seconds: float) -> None:
        """Put the clock forward, or back as far as the epoch's beginning."""
        self.started = min(self.started - seconds, self.clock.now())

    @property
    def time(self) -> int:
        """Seconds since the epoch began."""
        return int(self.clock.now() - self.started)

    @property
    def stranger_info(self) -> bytes:
        """The session info for a client whose key is not paired."""
        return SessionInfo(status=SESSION_INFO_STATUS_KEY_NOT_ON_WHITELIST).SerializeToString()

    def session_info(self, point: bytes) -> bytes:
        """What a client with a paired key must know to talk to this computer."""
        self._renew()
        return SessionInfo(
            counter=self._window(point).counter,
            publicKey=crypto.point_of(self.key),
            epoch=self.epoch,
            clock_time=self.time,
        ).SerializeToString()

    def shared_key(self, point: bytes) -> bytes:
        """The session's key (16 bytes)."""
        return crypto.shared_key(self.key, point)

    def next_reply(self, point: bytes) -> int:
        """The counter of the next encrypted reply to a client; no two in an epoch are the same."""
        self.replies[point] = self.replies.get(point, 0) + 1
        return self.replies[point]

    def authenticate(self, message: RoutableMessage) -> Verified:
        """Find out who sent a command and whether it is in time; raises Refused."""
        signer = message.signature_data.signer_identity
        if signer.WhichOneof("identity_type") == "handle":
            raise Refused(Fault.INVALID_KEY_HANDLE)
        point = signer.public_key
        if point not in self.whitelist:
            raise Refused(Fault.UNKNOWN_KEY_ID)
        kind = message.signature_data.WhichOneof("sig_type")
        if kind == "AES_GCM_Personalized_data":
            # Tesla's servers must be able to read a command, so this is for Bluetooth only.
            raise Refused(Fault.INSUFFICIENT_PRIVILEGES)
        if kind != "HMAC_Personalized_data":
            raise Refused(Fault.BAD_PARAMETER)
        self._renew()
        signature = message.signature_data.HMAC_Personalized_data
        self._check_time(signature.epoch, signature.expires_at)
        meta = crypto.command_metadata(
            SignatureType.HMAC_PERSONALIZED,
            domain=self.domain,
            vin=self.vin,
            epoch=signature.epoch,
            expires_at=signature.expires_at,
            counter=signature.counter,
            flags=message.flags,
        )
        payload = message.protobuf_message_as_bytes
        expected = crypto.command_tag(self.shared_key(point), meta, payload)
        if not crypto.same(signature.tag, expected):
            raise Refused(Fault.INVALID_SIGNATURE)
        return Verified(
            point=point,
            payload=payload,
            counter=signature.counter,
            expires_at=signature.expires_at,
            request_hash=request_hash(self.domain, SignatureType.HMAC_PERSONALIZED, signature.tag),
            wants_encryption=bool(message.flags & ENCRYPT_RESPONSE),
        )

    def accept(self, command: Verified) -> None:
        """Let an authentic command through, once; raises Refused."""
        window, counter = self._window(command.point), command.counter
        if counter == 0 or counter < window.counter:
            if command.expires_at - self.time > OUT_OF_ORDER_SECONDS:
                raise Refused(Fault.TIME_TO_LIVE_TOO_LONG)
            if self.domain == DOMAIN_VEHICLE_SECURITY:
                raise Refused(Fault.INVALID_TOKEN_OR_COUNTER)
        # Tesla's reference takes 0 for a command that may be repeated; clients have no use for it.
        if counter == 0 or not window.take(counter):
            raise Refused(Fault.INVALID_TOKEN_OR_COUNTER)

    def _check_time(self, epoch: bytes, expires_at: int) -> None:
        if epoch != self.epoch:
            raise Refused(Fault.INCORRECT_EPOCH)
        if expires_at > EPOCH_SECONDS:
            raise Refused(Fault.BAD_PARAMETER, resync=True)
        if expires_at < self.time:
            raise Refused(Fault.TIME_EXPIRED)

    def _renew(self) -> None:
        used_up = any(window.counter == MAX_COUNTER for window in self.windows.values())
        if used_up or self.time >= EPOCH_SECONDS:
            self.reboot()

    def _window(self, point: bytes) -> Window:
        return self.windows.setdefault(point, Window())


def request_hash(domain: int, signature_type: SignatureType, tag: bytes) -> bytes:
    """What ties a reply to its request; vehicle security keeps only half an HMAC tag."""
    kept = tag[:16] if domain == DOMAIN_VEHICLE_SECURITY else tag
    return bytes((signature_type,)) + kept


def new_key(dice: random.Random) -> ec.EllipticCurvePrivateKey:
    """A key that is the same for the same dice."""
    return ec.derive_private_key(dice.getrandbits(255) + 1, ec.SECP256R1())
