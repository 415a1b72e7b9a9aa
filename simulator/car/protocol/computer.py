"""One computer of a car: introduces itself, obeys what it may obey, and answers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from google.protobuf.message import DecodeError

from simulator.car.protocol import crypto, reply
from simulator.car.protocol.faults import (
    NOTHING,
    WITH_SESSION_INFO,
    CarFaults,
    Fault,
    Mischief,
    Refused,
)
from simulator.vehicle import ReplyLost

if TYPE_CHECKING:
    from collections.abc import Callable

    from tesla_protocol.command.universal_message_pb2 import RoutableMessage

    from simulator.car.protocol.faults import Planned
    from simulator.car.protocol.verifier import Verified, Verifier

UUID_SIZE: Final = 16
"""Of a request's uuid and routing address alike."""
COMMAND_PAYLOADS: Final = {None, "protobuf_message_as_bytes"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Computer:
    """A domain of a car; `execute` carries out a payload and returns the application's reply.

    It raises protobuf's DecodeError for a payload that is none.
    """

    verifier: Verifier
    faults: CarFaults
    execute: Callable[[bytes], bytes]

    def answer(self, request: RoutableMessage) -> bytes:
        """The serialised reply; raises ReplyLost if that is planned."""
        try:
            self._check_form(request)
            if request.HasField("session_info_request"):
                return self._introduce(request).SerializeToString()
            return self._obey(request)
        except Refused as refusal:
            return self._refuse(request, refusal.fault, resync=refusal.resync)

    def _check_form(self, request: RoutableMessage) -> None:
        if self.verifier.domain in self.faults.booting:
            raise Refused(Fault.INTERNAL)
        if {len(request.uuid), len(request.from_destination.routing_address)} != {UUID_SIZE}:
            raise Refused(Fault.BAD_PARAMETER)

    def _introduce(self, request: RoutableMessage) -> RoutableMessage:
        answer = reply.addressed(request, self.verifier.domain, echo=True)
        point = request.session_info_request.public_key
        if self._knows(point):
            self._put_session_info(answer, point, request.uuid)
        else:
            reply.introduce(answer, self.verifier.stranger_info, None)
        return answer

    def _obey(self, request: RoutableMessage) -> bytes:
        if request.WhichOneof("payload") not in COMMAND_PAYLOADS:
            raise Refused(Fault.BAD_PARAMETER)
        if self.faults.forgets_keys:
            raise Refused(Fault.UNKNOWN_KEY_ID)
        command = self.verifier.authenticate(request)
        planned = self.faults.next(self.verifier.domain) or NOTHING
        answer = reply.addressed(request, self.verifier.domain)
        match planned.mischief:
            case Mischief.REFUSE:
                return self._sealed(request, answer, command, fault=planned.fault)
            case Mischief.WAIT:
                reply.put_off(answer)
                return self._sealed(request, answer, command)
        self.verifier.accept(command)
        if not self.faults.mobile_access:
            return self._sealed(request, answer, command, fault=Fault.REMOTE_ACCESS_DISABLED)
        try:
            answer.protobuf_message_as_bytes = self.execute(command.payload)
        except DecodeError:
            return self._sealed(request, answer, command, fault=Fault.DECODING)
        return self._disturbed(request, answer, command, planned)

    def _disturbed(
        self, request: RoutableMessage, answer: RoutableMessage, command: Verified, planned: Planned
    ) -> bytes:
        """The reply to a command that was executed, after the mischief."""
        match planned.mischief:
            case Mischief.FAIL:
                answer.ClearField("protobuf_message_as_bytes")
                return self._sealed(request, answer, command, fault=planned.fault)
            case Mischief.LOSE:
                raise ReplyLost
            case Mischief.PLAIN:
                return answer.SerializeToString()
            case Mischief.FLIP:
                return _flip(self._sealed(request, answer, command), planned.bit)
        return self._sealed(request, answer, command)

    def _refuse(self, request: RoutableMessage, fault: int, *, resync: bool) -> bytes:
        """A fault in plain text, for a message that may be anybody's unless it is to resync."""
        answer = reply.addressed(request, self.verifier.domain, echo=resync)
        reply.blame(answer, fault)
        if resync:
            point = request.signature_data.signer_identity.public_key
            self._put_session_info(answer, point, request.uuid)
        return answer.SerializeToString()

    def _sealed(
        self,
        request: RoutableMessage,
        answer: RoutableMessage,
        command: Verified,
        *,
        fault: int = Fault.NONE,
    ) -> bytes:
        """The reply to an authentic command, encrypted if that was asked for."""
        if fault in WITH_SESSION_INFO:
            return self._refuse(request, fault, resync=True)
        if fault != Fault.NONE:
            reply.blame(answer, fault)
        if command.wants_encryption:
            reply.seal(
                answer,
                self.verifier.shared_key(command.point),
                vin=self.verifier.vin,
                counter=self.verifier.next_reply(command.point),
                nonce=self.verifier.dice.randbytes(reply.NONCE_SIZE),
                request_hash=command.request_hash,
            )
        return answer.SerializeToString()

    def _put_session_info(self, answer: RoutableMessage, point: bytes, challenge: bytes) -> None:
        verifier = self.verifier
        info = verifier.session_info(point)
        tag = crypto.session_info_tag(verifier.shared_key(point), verifier.vin, challenge, info)
        reply.introduce(answer, info, tag)

    def _knows(self, point: bytes) -> bool:
        return point in self.verifier.whitelist and not self.faults.forgets_keys


def _flip(message: bytes, bit: int) -> bytes:
    """The message with one bit, counted from the first byte's lowest, the wrong way round."""
    place, mask = divmod(bit % (8 * len(message)), 8)
    flipped = bytearray(message)
    flipped[place] ^= 1 << mask
    return bytes(flipped)
