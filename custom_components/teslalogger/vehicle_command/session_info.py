"""What a car says about its side of a session, and the proof that it says so now."""

import hmac
from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError
from tesla_protocol.command.signatures_pb2 import (
    SESSION_INFO_STATUS_KEY_NOT_ON_WHITELIST,
    SESSION_INFO_STATUS_OK,
    SessionInfo,
)

from . import metadata
from .errors import InvalidKey, KeyNotPaired
from .messages import rejected
from .peer import Peer
from .stored import EPOCH_SIZE

if TYPE_CHECKING:
    from tesla_protocol.command.universal_message_pb2 import RoutableMessage

    from .keys import CommandKey
    from .messages import Request


def read_session_info(
    request: Request,
    reply: RoutableMessage,
    *,
    key: CommandKey,
    vin: str,
    pinned: Peer | None,
) -> tuple[SessionInfo, Peer]:
    """The verified session info in `reply` and the peer that made it.

    The peer is `pinned` itself unless the car has another key. Raises KeyNotPaired, without proof
    if the car gave none, or ReplyRejected.
    """
    try:
        info = SessionInfo.FromString(reply.session_info)
    except DecodeError as err:
        raise rejected(request, "unreadable session info") from err
    tag = reply.signature_data.session_info_tag.tag
    paired = info.status != SESSION_INFO_STATUS_KEY_NOT_ON_WHITELIST
    if not paired and not (info.publicKey and tag):
        raise KeyNotPaired
    try:
        if pinned is not None and pinned.public_key == info.publicKey:
            peer = pinned
        else:
            peer = Peer(key, info.publicKey)
    except InvalidKey as err:
        raise rejected(request, "session info without a usable key") from err
    # Over the bytes as received: another serialisation of the same info has another tag.
    expected = peer.session_info_tag(metadata.session_info(vin, request.uuid), reply.session_info)
    if not hmac.compare_digest(expected, tag):
        raise rejected(request, "session info with a wrong tag")
    if not paired:
        raise KeyNotPaired
    if info.status != SESSION_INFO_STATUS_OK or len(info.epoch) != EPOCH_SIZE:
        raise rejected(request, "session info that cannot be used")
    return info, peer
