"""The envelope around each record: FlatBuffers tables, read by hand.

The layout is that of the generated code in Tesla's fleet-telemetry: a frame begins with the
offset of its root table, a table with the (backwards) offset of its vtable, and a vtable says
where in the table each field is. Whatever cars send, no offset is followed out of the frame.
"""

from dataclasses import dataclass
from enum import IntEnum
import struct
from struct import Struct
from typing import TYPE_CHECKING, Final

from .errors import MalformedRecord
from .layout import Layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_FRAME: Final = 1_000_000
"""Bytes of the longest frame that is read."""


class MessageType(IntEnum):
    """What is in the envelope; the numbers below are reserved by Tesla."""

    NONE = 0
    STREAM = 4
    STREAM_ACK = 5


# An offset, and the size of the smallest vtable: both four bytes.
_WORD: Final = 4
# How frames are laid out, by their length: the first of each, and of not more lengths.
_layouts: Final[dict[int, Layout]] = {}
_MOST_LAYOUTS: Final = 100
_INVERTED: Final = bytes(reversed(range(256)))

_U16: Final = Struct("<H").unpack_from
_U32: Final = Struct("<I").unpack_from
_I32: Final = Struct("<i").unpack_from
_SLOTS: Final = Struct("<5H")
_NOWHERE: Final = slice(0, 0)
_FULL: Final = _WORD + _SLOTS.size  # bytes of a vtable with all fields that are read
_STREAM: Final = int(MessageType.STREAM)


@dataclass(slots=True)
class Envelope:
    """One record as it came; without a message, or with one that is no stream, it has no sender."""

    txid: bytes
    topic: bytes
    message_type: int
    sender_id: bytes = b""
    payload: bytes = b""
    has_message: bool = False


@dataclass(kw_only=True, slots=True)
class _Places:
    """Where a frame's contents are."""

    message_type: int
    has_message: bool
    txid: slice
    topic: slice
    sender_id: slice = _NOWHERE
    payload: slice = _NOWHERE
    # There without anybody needing it; but a frame that ends before is none for Tesla's server.
    ignored: tuple[slice, ...] = ()


def read_envelope(frame: bytes) -> Envelope:
    """The envelope of a frame. Raises MalformedRecord."""
    if not frame:
        # Tesla's server takes nothing for a record without a message.
        return Envelope(b"", b"", MessageType.NONE)
    if not _WORD <= len(frame) <= MAX_FRAME:
        raise MalformedRecord
    layout = _layouts.get(len(frame))
    if layout is not None and (contents := layout.contents_of(frame)) is not None:
        txid, topic, sender_id, payload = contents
        return Envelope(txid, topic, _STREAM, sender_id, payload, has_message=True)
    places = _find(frame)
    if layout is None and len(_layouts) < _MOST_LAYOUTS and places.message_type == _STREAM:
        _learn(frame, places)
    return Envelope(
        frame[places.txid],
        frame[places.topic],
        places.message_type,
        frame[places.sender_id],
        frame[places.payload],
        places.has_message,
    )


def _find(frame: bytes) -> _Places:
    """Follow the offsets. Raises MalformedRecord."""
    try:
        root = _U32(frame, 0)[0]
        txid, topic, type_slot, message_slot, _ = _slots(frame, root)
        places = _Places(
            message_type=frame[root + type_slot] if type_slot else MessageType.NONE,
            has_message=message_slot > 0,
            txid=_span(frame, root, txid),
            topic=_span(frame, root, topic),
        )
        if places.has_message:
            message_at = root + message_slot
            message = message_at + _U32(frame, message_at)[0]
            # The message of an acknowledgement is no table: Tesla's server writes a vector there.
            if places.message_type == _STREAM:
                _find_in_message(frame, message, places)
    except (struct.error, IndexError) as err:  # what would lie behind the frame's end
        raise MalformedRecord from err
    return places


def _find_in_message(frame: bytes, message: int, places: _Places) -> None:
    created_at, sender_id, payload, device_type, device_id = _slots(frame, message)
    places.sender_id = _span(frame, message, sender_id)
    places.payload = _span(frame, message, payload)
    places.ignored = (
        _span(frame, message, device_type),
        _span(frame, message, device_id),
        _number(frame, message, created_at),
    )


def _learn(frame: bytes, places: _Places) -> None:
    """Remember how it is laid out, if nothing but what is around the contents leads to them."""
    root = _U32(frame, 0)[0]
    contents = (places.txid, places.topic, places.sender_id, places.payload)
    try:
        message_id = _span(frame, root, _slots(frame, root)[4])
        ignored = (message_id, *places.ignored)
        layout = Layout(frame, contents, ignored)
        # A hostile frame can have offsets within its contents.
        if all(_find(other) == places for other in _others(frame, (*contents, *ignored))):
            _layouts[len(frame)] = layout
    except struct.error, MalformedRecord, ValueError:
        return


def _others(frame: bytes, contents: Iterable[slice]) -> Iterator[bytes]:
    """Frames that have nothing in common with this one but what is around the contents."""
    for source in (frame.translate(_INVERTED), bytes(len(frame))):
        other = bytearray(frame)
        for place in contents:
            other[place] = source[place]
        yield bytes(other)


def _slots(frame: bytes, table: int) -> tuple[int, int, int, int, int]:
    """How far behind a table's beginning its first five fields are; 0 for each that it lacks."""
    vtable = table - _I32(frame, table)[0]
    if vtable < 0:
        raise MalformedRecord
    size = _U16(frame, vtable)[0]
    if size < _WORD or vtable + size > len(frame):
        raise MalformedRecord
    slots = frame[vtable + _WORD : vtable + min(_FULL, size & ~1)]
    return _SLOTS.unpack(slots.ljust(_SLOTS.size, b"\0"))


def _span(frame: bytes, table: int, slot: int) -> slice:
    """Where the vector of bytes is that a field points at; nowhere if the table lacks it."""
    if not slot:
        return _NOWHERE
    place = table + slot
    vector = place + _U32(frame, place)[0]
    start = vector + _WORD
    end = start + _U32(frame, vector)[0]
    if end > len(frame):
        raise MalformedRecord
    return slice(start, end)


def _number(frame: bytes, table: int, slot: int) -> slice:
    """Where a number of four bytes is."""
    if not slot:
        return _NOWHERE
    place = table + slot
    _U32(frame, place)
    return slice(place, place + _WORD)
