"""Requests, replies, and the rules by which a reply belongs to a request."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet
from tesla_protocol.command.universal_message_pb2 import Destination, RoutableMessage

from .domains import Domain
from .errors import ReplyRejected

if TYPE_CHECKING:
    from google.protobuf.message import Message

UUID_SIZE: Final = 16

# Newer firmware adds fields above the highest known number. Below it, all free numbers are
# reserved: what turns up there is a known field damaged on its way.
HIGHEST_FIELD: Final = max(RoutableMessage.DESCRIPTOR.fields_by_number)


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A message ready to be posted, and what is needed to recognise and judge its reply.

    `counter`, `tag`, `epoch` and the expiry are those of a signed command, None in a handshake.
    """

    message: bytes = field(repr=False)
    uuid: bytes
    routing_address: bytes
    created: float
    counter: int | None = None
    tag: bytes | None = None
    epoch: bytes | None = None
    expires_at: int | None = None
    """In seconds of the car's clock."""
    expires_at_now: float | None = None
    """In seconds of `now`: by then the car's clock is past `expires_at`, if both keep time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer that belongs to the request and carries no fault.

    Not `confirmed` means that a success arrived in a form that anybody could have made although
    the car is known to do better: report neither success nor failure.
    """

    payload: bytes = field(repr=False)
    encrypted: bool
    confirmed: bool


def destination(domain: Domain) -> Destination:
    """The address of a computer in the car."""
    return Destination(domain=f"DOMAIN_{domain.name}")


def rejected(request: Request, why: str) -> ReplyRejected:
    """The error for a reply that proves nothing; after a handshake, nothing can have happened."""
    return ReplyRejected(why, may_have_succeeded=request.counter is not None)


def parse_reply(request: Request, domain: Domain, message: bytes) -> RoutableMessage:
    """Parse the answer to `request`, sent to `domain`. Raises ReplyRejected if it is not one."""
    try:
        reply = RoutableMessage.FromString(message)
    except DecodeError as err:
        raise rejected(request, "not a message") from err
    if reply.from_destination.domain != domain.value:
        raise rejected(request, "from another domain")
    if reply.to_destination.routing_address != request.routing_address:
        raise rejected(request, "for another address")
    if reply.request_uuid != request.uuid and (
        # Vehicle security answers commands without repeating their uuid.
        reply.request_uuid or domain is Domain.INFOTAINMENT or reply.HasField("session_info")
    ):
        raise rejected(request, "answers another request")
    if len(reply.uuid) not in {0, UUID_SIZE}:
        raise rejected(request, "bears a malformed uuid")
    if reply.HasField("session_info_request") or _has_damaged_field(reply):
        raise rejected(request, "contains what no reply contains")
    return reply


def has_unknown_fields(message: Message) -> bool:
    """Whether any part of `message` is unknown to our bindings; drops those parts."""
    size = message.ByteSize()
    message.DiscardUnknownFields()
    return message.ByteSize() != size


def _has_damaged_field(reply: RoutableMessage) -> bool:
    unknown = UnknownFieldSet(reply)
    return any(unknown[i].field_number <= HIGHEST_FIELD for i in range(len(unknown)))
