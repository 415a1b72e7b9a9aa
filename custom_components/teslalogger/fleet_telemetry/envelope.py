"""The envelope around each record: FlatBuffers tables, read and written by hand.

The layout is that of the generated code in Tesla's fleet-telemetry: a frame begins with the
offset of its root table, a table with the (backwards) offset of its vtable, and a vtable says
where in the table each field is. Whatever cars send, no offset is followed out of the frame.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
import struct
from struct import Struct
from typing import Final

from .errors import MalformedRecord

MAX_FRAME: Final = 1_000_000
"""Bytes of the longest frame that is read."""


class MessageType(IntEnum):
    """What is in the envelope; the numbers below are reserved by Tesla."""

    NONE = 0
    STREAM = 4
    STREAM_ACK = 5


# An offset, and the size of the smallest vtable: both four bytes.
_WORD: Final = 4
# Cars of one firmware write the same few for ever: what follows from each shape is remembered.
_SHAPES: Final = 64
_LONGEST_TOPIC: Final = 16
"""Bytes of the topics of which that is so; others are no topics of Tesla's."""

_U16: Final = Struct("<H").unpack_from
_U32: Final = Struct("<I").unpack_from
_I32: Final = Struct("<i").unpack_from
_SLOTS: Final = Struct("<5H")
_FULL: Final = _WORD + _SLOTS.size  # bytes of a vtable with all fields that are read
_STREAM: Final = int(MessageType.STREAM)


@dataclass(slots=True)
class Envelope:
    """One record as it came.

    `created_at` is in seconds since 1970, 0 if the car did not say. Without a message, or with one
    that is no stream, everything about the sender is empty.
    """

    txid: bytes
    topic: bytes
    message_type: int
    has_message: bool
    created_at: int = 0
    sender_id: bytes = b""
    payload: bytes = b""
    device_type: bytes = b""
    device_id: bytes = b""


def read_envelope(frame: bytes) -> Envelope:
    """The envelope of a frame. Raises MalformedRecord."""
    if not frame:
        # Tesla's server takes nothing for a record without a message.
        return Envelope(txid=b"", topic=b"", message_type=MessageType.NONE, has_message=False)
    if not _WORD <= len(frame) <= MAX_FRAME:
        raise MalformedRecord
    try:
        return _read(frame)
    except struct.error as err:  # a number that would lie behind the frame's end
        raise MalformedRecord from err


def _read(frame: bytes) -> Envelope:
    txid, topic, type_at, message_at, _ = _places(frame, _U32(frame, 0)[0])
    message_type = _byte(frame, type_at)
    message = message_at and message_at + _U32(frame, message_at)[0]
    has_message = message > 0
    head = _content(frame, txid), _content(frame, topic), message_type, has_message
    if message_type != _STREAM or not has_message:
        # The message of an acknowledgement is no table: Tesla's server writes a vector there.
        return Envelope(*head)
    created_at, sender_id, payload, device_type, device_id = _places(frame, message)
    return Envelope(
        *head,
        created_at=_U32(frame, created_at)[0] if created_at else 0,
        sender_id=_content(frame, sender_id),
        payload=_content(frame, payload),
        device_type=_content(frame, device_type),
        device_id=_content(frame, device_id),
    )


def _places(frame: bytes, table: int) -> tuple[int, int, int, int, int]:
    """Where the first five fields of a table are; 0 for each that the table leaves out."""
    vtable = table - _I32(frame, table)[0]
    if vtable < 0:
        raise MalformedRecord
    size = _U16(frame, vtable)[0]
    if size < _WORD or vtable + size > len(frame):
        raise MalformedRecord
    slots_end = vtable + (_FULL if size >= _FULL else size & ~1)
    a, b, c, d, e = _offsets(frame[vtable + _WORD : slots_end])
    return a and table + a, b and table + b, c and table + c, d and table + d, e and table + e


@lru_cache(_SHAPES)
def _offsets(slots: bytes) -> tuple[int, int, int, int, int]:
    """How far each field is from its table's beginning, from what there is of its vtable."""
    return _SLOTS.unpack(slots.ljust(_SLOTS.size, b"\0"))


def _byte(frame: bytes, place: int) -> int:
    if place >= len(frame):
        raise MalformedRecord
    return frame[place] if place else 0


def _content(frame: bytes, place: int) -> bytes:
    """The vector of bytes that a field points at; empty if the table leaves it out."""
    if not place:
        return b""
    vector = place + _U32(frame, place)[0]
    end = vector + _WORD + _U32(frame, vector)[0]
    if end > len(frame):
        raise MalformedRecord
    return frame[vector + _WORD : end]


# The root's place, its vtable, and how far it is from the table, which begins at _ROOT.
_HEADER: Final = bytes.fromhex("14000000 0000 0e00 1800 1400 1000 0f00 0800 0400 0e000000")
_ROOT: Final = 0x14
_FIELDS: Final = Struct("<IIxxxBII")  # message id, message, its type, topic, txid
_BLOCKS: Final = len(_HEADER) + _FIELDS.size
_NO_BYTES: Final = bytes(8)

# The table of the answer to what is no record: without a time, and empty but for the payload.
_ERROR_VTABLE: Final = bytes.fromhex("0e00 1400 0000 1000 0c00 0800 0400")
_ERROR_FIELDS: Final = bytes.fromhex("0e000000 10000000 14000000 18000000 34000000")
_ERROR_TEXT: Final = b"incorrect message format"


def write_ack(topic: bytes, txid: bytes) -> bytes:
    """The answer to a record that is safe here."""
    around = _ack_around if len(topic) <= _LONGEST_TOPIC else _ack_around.__wrapped__
    before, after = around(topic, len(txid))
    return before + txid + after


def write_error(txid: bytes) -> bytes:
    """The answer to what is no record; it is no acknowledgement."""
    message = _ERROR_VTABLE + _ERROR_FIELDS + 2 * _NO_BYTES + _block(_ERROR_TEXT) + _NO_BYTES
    before, after = _around(
        MessageType.STREAM, b"", len(txid), message_at=len(_ERROR_VTABLE), message=message
    )
    return before + txid + after


@lru_cache(_SHAPES)
def _ack_around(topic: bytes, length: int) -> tuple[bytes, bytes]:
    return _around(MessageType.STREAM_ACK, topic, length, message_at=0, message=_NO_BYTES)


def _around(
    message_type: MessageType, topic: bytes, length: int, *, message_at: int, message: bytes
) -> tuple[bytes, bytes]:
    """What stands before and behind the name of a transaction of so many bytes."""
    message_id_block, topic_block = _NO_BYTES, _block(topic)
    end = bytes(1 + _padding(length, before=message_at))
    topic_at = _BLOCKS + len(message_id_block)
    txid_at = topic_at + len(topic_block)
    table_at = txid_at + _WORD + length + len(end) + message_at
    fields = _FIELDS.pack(
        _BLOCKS - (_ROOT + 4),
        table_at - (_ROOT + 8),
        message_type,
        topic_at - (_ROOT + 16),
        txid_at - (_ROOT + 20),
    )
    before = _HEADER + fields + message_id_block + topic_block + length.to_bytes(_WORD, "little")
    return before, end + message


def _block(content: bytes) -> bytes:
    """A vector of bytes, closed by a zero."""
    length = len(content)
    return length.to_bytes(_WORD, "little") + content + bytes(1 + _padding(length))


def _padding(length: int, *, before: int = 0) -> int:
    """Zeros behind a closed vector, so that what follows `before` bytes later is aligned."""
    return -(_WORD + length + 1 + before) % 4
