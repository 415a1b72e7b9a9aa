"""What is answered to a car: envelopes, byte for byte as Tesla's own server writes them."""

from functools import lru_cache
from struct import Struct
from typing import Final

from .envelope import MessageType

_WORD: Final = 4  # bytes of an offset, and of a length
# What acknowledgements of one topic have in common is remembered.
_SHAPES: Final = 64
_LONGEST_TOPIC: Final = 16
"""Bytes of the topics of which that is so; others are no topics of Tesla's."""

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
