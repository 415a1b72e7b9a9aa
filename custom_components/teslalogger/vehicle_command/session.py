"""One signed conversation with one computer of one car.

Theory of operation. A handshake asks the car for its session info: public key, epoch, counter and
clock. From then on `sign` makes commands with rising counters, and `open` judges what comes back.
A car that rebooted or disagrees about counter or clock does not execute; it answers with a fault
and fresh session info, which `open` adopts, so that the command can be signed anew at once.

The car's first key is trusted on first use and pinned. Session info is adopted if its tag, keyed
with our own uuid as challenge, proves that it is whole and fresh. If that tag holds under another
key than the pinned one, the car got a new computer: trust is no worse than on first use, so the
session is pinned to it and KeyChanged tells the caller.

Session info that says "key not on whitelist" can come without any proof. It never touches the
session: a lie then costs one error, not a good session, and where it is true the next command
hears it again at the price of the handshake that dropping the session would have cost.

Nothing here waits or knows the time: `now` is a monotonic clock in seconds, handed in.
"""

from collections import deque
from dataclasses import dataclass
import math
import secrets
from typing import TYPE_CHECKING, Final, Self

from tesla_protocol.command.universal_message_pb2 import (
    OPERATIONSTATUS_OK,
    OPERATIONSTATUS_WAIT,
    RoutableMessage,
)

from . import metadata
from .domains import Domain
from .errors import (
    CounterExhausted,
    DamagedSession,
    FaultStopped,
    InvalidKey,
    KeyChanged,
    NeedsReservation,
    NoSession,
    SessionOutOfDate,
    VehicleBusy,
)
from .faults import WITH_SESSION_INFO, error_for
from .messages import (
    UUID_SIZE,
    Reply,
    Request,
    destination,
    has_unknown_fields,
    parse_reply,
    rejected,
)
from .metadata import SignatureType
from .peer import Peer
from .session_info import read_session_info
from .stored import MAX_COUNTER, StoredSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from .keys import CommandKey

__all__ = ["Reply", "Request", "Session", "StoredSession"]

FLAG_ENCRYPT_RESPONSE: Final = 2
DEFAULT_LIFETIME: Final = 10.0
# Above this the car may answer TIME_TO_LIVE_TOO_LONG.
MAX_LIFETIME: Final = 30.0
# Tesla's own client found 5 s too short for cars on a mobile network.
MAX_SESSION_INFO_AGE: Final = 10.0
MAX_CAR_TIME: Final = 0xFFFFFFFF
REMEMBERED_REPLIES: Final = 32
VEHICLE_SECURITY_HASH_SIZE: Final = 17


@dataclass(frozen=True, kw_only=True, slots=True)
class _CarState:
    """What the car last said about itself, in this run."""

    epoch: bytes
    counter: int
    clock_time: int


class Session:
    """Signs for, and verifies replies of, one domain of one car.

    Not for concurrent use: hold one lock from `sign` to `open`.
    """

    def __init__(
        self,
        key: CommandKey,
        vin: str,
        domain: Domain,
        *,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._key = key
        self._vin = vin
        self._domain = domain
        self._random = random
        self._peer: Peer | None = None
        self._epoch = b""
        self._zero = 0.0
        self._counter = 0
        self._reserved = 0
        self._encrypts = False
        self._car: _CarState | None = None
        self._reply_counters: deque[tuple[bytes, int]] = deque(maxlen=REMEMBERED_REPLIES)
        self._command_beginning = b""
        self._response_beginning = metadata.conversation(
            SignatureType.AES_GCM_RESPONSE, domain, vin
        )
        # Every command overwrites the fields in which it differs from the one before.
        self._template = RoutableMessage(flags=FLAG_ENCRYPT_RESPONSE)
        self._template.to_destination.CopyFrom(destination(domain))
        self._template.signature_data.signer_identity.public_key = key.public_point

    @classmethod
    def restore(
        cls,
        key: CommandKey,
        vin: str,
        domain: Domain,
        stored: StoredSession,
        *,
        now: float,
        wall_now: float,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> Self:
        """A session that goes on where `export` left off. Raises DamagedSession."""
        session = cls(key, vin, domain, random=random)
        try:
            session._peer = Peer(key, stored.public_key)
        except InvalidKey as err:
            message = "the stored key of the car is no key"
            raise DamagedSession(message) from err
        session._enter_epoch(stored.epoch, stored.counter)
        session._zero = now - (wall_now - stored.zero_wall)
        session._encrypts = stored.encrypts
        return session

    def export(self, *, now: float, wall_now: float) -> StoredSession:
        """What to keep on disk; `wall_now` in Unix seconds. Raises NoSession."""
        if self._peer is None:
            raise NoSession
        return StoredSession(
            public_key=self._peer.public_key,
            epoch=self._epoch,
            zero_wall=wall_now - (now - self._zero),
            counter=self._reserved,
            encrypts=self._encrypts,
        )

    @property
    def ready(self) -> bool:
        """Whether a command can be signed without a handshake."""
        return self._peer is not None and self._counter < MAX_COUNTER

    @property
    def counter(self) -> int:
        """The highest counter used, or known to be used."""
        return self._counter

    def forget(self) -> None:
        """Drop the car's key; the next command needs a handshake.

        Epoch and counter stay, so that no number is used twice should the epoch still hold.
        """
        self._peer = None
        self._encrypts = False

    def reserve(self, count: int) -> None:
        """Allow `count` more commands; save the export durably before signing any of them."""
        self._reserved = max(self._reserved, min(self._counter + count, MAX_COUNTER))

    def handshake(self, *, now: float) -> Request:
        """Ask the car for its session info; `open` the reply."""
        message = RoutableMessage(
            to_destination=destination(self._domain), uuid=self._random(UUID_SIZE)
        )
        message.from_destination.routing_address = self._random(UUID_SIZE)
        message.session_info_request.public_key = self._key.public_point
        return Request(
            message=message.SerializeToString(),
            uuid=message.uuid,
            routing_address=message.from_destination.routing_address,
            created=now,
        )

    def sign(self, payload: bytes, *, now: float, lifetime: float = DEFAULT_LIFETIME) -> Request:
        """Sign a command; call it immediately before the message is sent.

        Raises NoSession, CounterExhausted or NeedsReservation, and ValueError for a `lifetime`
        (seconds) that no car accepts.
        """
        if self._peer is None:
            raise NoSession
        if self._counter >= MAX_COUNTER:
            raise CounterExhausted
        if self._counter >= self._reserved:
            raise NeedsReservation
        if not 0 < lifetime <= MAX_LIFETIME:
            message = f"a command cannot live for {lifetime} seconds"
            raise ValueError(message)
        self._counter += 1
        counter = self._counter
        expires_at = math.floor(now + lifetime - self._zero)
        # A wall clock that jumped over a restart must cost a fault and a resync, not a crash.
        expires_at = min(max(expires_at, 0), MAX_CAR_TIME)
        tag = self._peer.command_tag(
            metadata.command(
                self._command_beginning,
                expires_at=expires_at,
                counter=counter,
                flags=FLAG_ENCRYPT_RESPONSE,
            ),
            payload,
        )
        uuid = self._random(UUID_SIZE)
        routing_address = self._random(UUID_SIZE)
        template = self._template
        template.from_destination.routing_address = routing_address
        template.protobuf_message_as_bytes = payload
        template.uuid = uuid
        signature = template.signature_data.HMAC_Personalized_data
        signature.epoch = self._epoch
        signature.counter = counter
        signature.expires_at = expires_at
        signature.tag = tag
        return Request(
            message=template.SerializeToString(),
            uuid=uuid,
            routing_address=routing_address,
            created=now,
            counter=counter,
            tag=tag,
            epoch=self._epoch,
            expires_at=expires_at,
            expires_at_now=now + lifetime + 1,
        )

    def open(self, request: Request, message: bytes, *, now: float) -> Reply:
        """Verify the answer to `request`; raises a VehicleCommandError unless it is a success.

        A handshake succeeds with an empty payload.
        """
        reply = parse_reply(request, self._domain, message)
        if reply.HasField("session_info"):
            return self._open_session_info(request, reply, now)
        fault = reply.signedMessageStatus.signed_message_fault
        encrypted = reply.HasField("signature_data")
        if encrypted:
            payload = self._decrypt(request, reply, fault)
            self._encrypts = True
        else:
            payload = reply.protobuf_message_as_bytes
        if fault:
            raise error_for(fault)
        status = reply.signedMessageStatus.operation_status
        if status == OPERATIONSTATUS_WAIT:
            # Cars were seen to execute and still say WAIT.
            message_text = "the car asks to wait"
            raise VehicleBusy(message_text, may_have_succeeded=request.counter is not None)
        if status != OPERATIONSTATUS_OK:
            message_text = "the car reports an error without naming it"
            raise FaultStopped(message_text)
        if request.counter is None:
            raise rejected(request, "no session info in the answer to a handshake")
        if encrypted:
            return Reply(payload=payload, encrypted=True, confirmed=True)
        # Plain text is what firmware older than our bindings sends; it knows no newer fields.
        if has_unknown_fields(reply):
            raise rejected(request, "contains what no old firmware sends")
        # Vehicle security says "done" with an empty message, but it does send one.
        says_something = bool(payload) or (
            self._domain is Domain.VEHICLE_SECURITY and reply.HasField("protobuf_message_as_bytes")
        )
        return Reply(
            payload=payload, encrypted=False, confirmed=says_something and not self._encrypts
        )

    def was_accepted(self, request: Request) -> bool | None:
        """Whether the car accepted the command, judged by its latest session info.

        After an unknown outcome: wait until `request.expires_at_now`, shake hands, ask here, and
        sign nothing in between. True means that the car took this very counter; False that it
        did not and, its own clock being past the expiry, never will.

        None means that nobody can tell: the car has said nothing yet, its clock has not reached
        the expiry, it rebooted (the command may have been executed before, and the new epoch has
        no memory of it), or its counter is beyond ours (another command followed, ours or that of
        a second client with this key).
        """
        if request.counter is None or request.expires_at is None:
            message = "only a signed command can be accepted"
            raise ValueError(message)
        car = self._car
        if car is None or car.epoch != request.epoch or car.counter > request.counter:
            return None
        if car.counter == request.counter:
            return True
        return False if car.clock_time > request.expires_at else None

    def _open_session_info(self, request: Request, reply: RoutableMessage, now: float) -> Reply:
        fault = reply.signedMessageStatus.signed_message_fault
        key_changed = self._adopt(request, reply, now)
        if request.counter is None:
            if fault:
                raise rejected(request, "session info beside a fault that has none")
            if key_changed:
                message = "the car has a new key"
                raise KeyChanged(message, adopted=True)
            return Reply(payload=b"", encrypted=False, confirmed=True)
        # The fault is not under the tag. One that never comes with session info is not the car's.
        if fault not in WITH_SESSION_INFO:
            raise rejected(request, "session info beside a fault that has none")
        error = KeyChanged if key_changed else SessionOutOfDate
        message = "the session was out of date"
        # A command that reached the car twice is refused the second time, but was executed.
        raise error(
            message,
            adopted=True,
            fault=fault,
            may_have_succeeded=self.was_accepted(request) is True,
        )

    def _adopt(self, request: Request, reply: RoutableMessage, now: float) -> bool:
        """Verify session info and take it over; tells whether the car's key changed."""
        pinned = self._peer
        info, peer = read_session_info(request, reply, key=self._key, vin=self._vin, pinned=pinned)
        if now - request.created > MAX_SESSION_INFO_AGE:
            message = "session info came too late"
            fault = reply.signedMessageStatus.signed_message_fault
            raise SessionOutOfDate(message, fault=fault or None)
        car = self._car
        if car is not None and car.epoch == info.epoch and info.clock_time < car.clock_time:
            raise rejected(request, "session info from the past")
        key_changed = pinned is not None and peer is not pinned
        if key_changed:
            self._encrypts = False
        self._peer = peer
        if info.epoch == self._epoch:
            self._counter = max(self._counter, info.counter)
        else:
            self._enter_epoch(info.epoch, info.counter)
        self._zero = now - info.clock_time
        self._car = _CarState(epoch=info.epoch, counter=info.counter, clock_time=info.clock_time)
        return key_changed

    def _enter_epoch(self, epoch: bytes, counter: int) -> None:
        self._epoch = epoch
        self._counter = self._reserved = counter
        self._command_beginning = metadata.conversation(
            SignatureType.HMAC_PERSONALIZED, self._domain, self._vin, epoch
        )

    def _decrypt(self, request: Request, reply: RoutableMessage, fault: int) -> bytes:
        if request.tag is None or self._peer is None:
            raise rejected(request, "encrypted without a command")
        if not reply.signature_data.HasField("AES_GCM_Response_data"):
            raise rejected(request, "signed in a way that replies are not")
        signature = reply.signature_data.AES_GCM_Response_data
        request_hash = bytes((SignatureType.HMAC_PERSONALIZED,)) + request.tag
        if self._domain is Domain.VEHICLE_SECURITY:
            request_hash = request_hash[:VEHICLE_SECURITY_HASH_SIZE]
        payload = self._peer.decrypt_reply(
            metadata.response(
                self._response_beginning,
                counter=signature.counter,
                flags=reply.flags,
                request_hash=request_hash,
                fault=fault,
            ),
            reply.protobuf_message_as_bytes,
            signature.nonce,
            signature.tag,
        )
        if payload is None:
            raise rejected(request, "cannot be decrypted")
        answer = (request.uuid, signature.counter)
        if answer in self._reply_counters:
            raise rejected(request, "was opened before")
        self._reply_counters.append(answer)
        return payload
