"""The envelope around each record: FlatBuffers tables, read and written by hand.

The layout is that of the generated code in Tesla's fleet-telemetry: a frame begins with the
offset of its root table, a table with the (backwards) offset of its vtable, and a vtable says
where in the table each field is. Whatever cars send, no offset is followed before it was checked.
"""

from dataclasses import dataclass
from enum import IntEnum
from struct import Struct
from typing import Final, Self

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

_U16: Final = Struct("<H").unpack_from
_U32: Final = Struct("<I").unpack_from
_I32: Final = Struct("<i").unpack_from

# A field's place in the vtable, in bytes: 4 + 2 * its number.
_TXID: Final = 4
_TOPIC: Final = 6
_MESSAGE_TYPE: Final = 8
_MESSAGE: Final = 10

_CREATED_AT: Final = 4
_SENDER_ID: Final = 6
_PAYLOAD: Final = 8
_DEVICE_TYPE: Final = 10
_DEVICE_ID: Final = 12


@dataclass(frozen=True, kw_only=True, slots=True)
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


@dataclass(slots=True)
class _Table:
    """A table of a frame, every place in it checked before it is read."""

    frame: bytes
    start: int
    vtable: int
    vtable_size: int

    @classmethod
    def at(cls, frame: bytes, start: int) -> Self:
        if not 0 <= start <= len(frame) - _WORD:
            raise MalformedRecord
        vtable = start - _I32(frame, start)[0]
        if not 0 <= vtable <= len(frame) - _WORD:
            raise MalformedRecord
        size = _U16(frame, vtable)[0]
        if size < _WORD or vtable + size > len(frame):
            raise MalformedRecord
        return cls(frame, start, vtable, size)

    def place(self, slot: int, size: int) -> int:
        """Where a field of `size` bytes is; 0 if the table leaves it out."""
        if slot + 2 > self.vtable_size:
            return 0
        offset: int = _U16(self.frame, self.vtable + slot)[0]
        if not offset:
            return 0
        if self.start + offset + size > len(self.frame):
            raise MalformedRecord
        return self.start + offset

    def number(self, slot: int) -> int:
        place = self.place(slot, _WORD)
        return _U32(self.frame, place)[0] if place else 0

    def byte(self, slot: int) -> int:
        place = self.place(slot, 1)
        return self.frame[place] if place else 0

    def target(self, slot: int) -> int:
        """Where an offset of this table points; 0 if there is none."""
        place = self.place(slot, _WORD)
        return place + _U32(self.frame, place)[0] if place else 0

    def content(self, slot: int) -> bytes:
        """A vector of bytes; empty if the table leaves it out."""
        start = self.target(slot)
        if not start:
            return b""
        begin = start + _WORD
        if begin > len(self.frame):
            raise MalformedRecord
        end = begin + _U32(self.frame, start)[0]
        if end > len(self.frame):
            raise MalformedRecord
        return self.frame[begin:end]


def read_envelope(frame: bytes) -> Envelope:
    """The envelope of a frame. Raises MalformedRecord."""
    if not frame:
        # Tesla's server takes nothing for a record without a message.
        return Envelope(txid=b"", topic=b"", message_type=MessageType.NONE, has_message=False)
    if not _WORD <= len(frame) <= MAX_FRAME:
        raise MalformedRecord
    root = _Table.at(frame, _U32(frame, 0)[0])
    message_type = root.byte(_MESSAGE_TYPE)
    message = root.target(_MESSAGE)
    if message_type != MessageType.STREAM or not message:
        # The message of an acknowledgement is no table: Tesla's server writes a vector there.
        return Envelope(
            txid=root.content(_TXID),
            topic=root.content(_TOPIC),
            message_type=message_type,
            has_message=bool(message),
        )
    stream = _Table.at(frame, message)
    return Envelope(
        txid=root.content(_TXID),
        topic=root.content(_TOPIC),
        message_type=message_type,
        has_message=True,
        created_at=stream.number(_CREATED_AT),
        sender_id=stream.content(_SENDER_ID),
        payload=stream.content(_PAYLOAD),
        device_type=stream.content(_DEVICE_TYPE),
        device_id=stream.content(_DEVICE_ID),
    )


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
    return _write(MessageType.STREAM_ACK, topic, txid, message_at=0, message=_NO_BYTES)


def write_error(txid: bytes) -> bytes:
    """The answer to what is no record; it is no acknowledgement."""
    message = _ERROR_VTABLE + _ERROR_FIELDS + 2 * _NO_BYTES + _block(_ERROR_TEXT) + _NO_BYTES
    return _write(MessageType.STREAM, b"", txid, message_at=len(_ERROR_VTABLE), message=message)


def _write(
    message_type: MessageType, topic: bytes, txid: bytes, *, message_at: int, message: bytes
) -> bytes:
    message_id_block, topic_block = _NO_BYTES, _block(topic)
    txid_block = _block(txid, before=message_at)
    topic_at = _BLOCKS + len(message_id_block)
    txid_at = topic_at + len(topic_block)
    table_at = txid_at + len(txid_block) + message_at
    fields = _FIELDS.pack(
        _BLOCKS - (_ROOT + 4),
        table_at - (_ROOT + 8),
        message_type,
        topic_at - (_ROOT + 16),
        txid_at - (_ROOT + 20),
    )
    return _HEADER + fields + message_id_block + topic_block + txid_block + message


def _block(content: bytes, *, before: int = 0) -> bytes:
    """A vector of bytes, closed by a zero; what follows `before` bytes later is aligned to four."""
    padding = -(4 + len(content) + 1 + before) % 4
    return len(content).to_bytes(4, "little") + content + bytes(1 + padding)
