"""Envelopes against the bytes of Tesla's own server."""

from typing import TYPE_CHECKING
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.teslalogger.fleet_telemetry import envelope
from custom_components.teslalogger.fleet_telemetry.acknowledgement import write_ack, write_error
from custom_components.teslalogger.fleet_telemetry.envelope import (
    MAX_FRAME,
    Envelope,
    MessageType,
    read_envelope,
)
from custom_components.teslalogger.fleet_telemetry.errors import MalformedRecord

from .frames import FRAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custom_components.teslalogger.fleet_telemetry.layout import Layout

    from .frames import Frame

DEVICE_TYPE = FRAMES[0].envelope["device_type"].encode()
DEVICE_ID = FRAMES[0].envelope["device_id"].encode()
READABLE = [frame for frame in FRAMES if "unreadable" not in frame.envelope]
MALFORMED = {"097_bad_truncated_tail", "098_bad_root_offset", "099_bad_3_bytes"}


@pytest.fixture(autouse=True)
def layouts() -> Iterator[dict[int, Layout]]:
    """Nothing is remembered of the frames of other tests."""
    with patch.dict(envelope._layouts, clear=True):
        yield envelope._layouts


@pytest.mark.parametrize(
    "frame", [frame for frame in READABLE if frame.name not in MALFORMED], ids=str
)
def test_fields_are_read(frame: Frame) -> None:
    """As Tesla's server read them."""
    read = read_envelope(frame.content)
    expected = frame.envelope
    assert read.txid.decode() == expected["txid"]
    assert read.topic.decode() == expected["topic"]
    assert read.message_type == expected["message_type"]
    if read.message_type == MessageType.STREAM:
        assert read.sender_id.decode() == expected["sender_id"]


@pytest.mark.parametrize("frame", [f for f in FRAMES if f.name in MALFORMED], ids=str)
def test_what_is_no_envelope_is_refused(frame: Frame) -> None:
    """Cut off, pointing outside, or too short."""
    with pytest.raises(MalformedRecord):
        read_envelope(frame.content)


def test_offset_beyond_the_frame_is_refused_wherever_it_is() -> None:
    """Each byte of a good frame in turn becomes 255: a record comes out, or a refusal."""
    good = FRAMES[0].content
    refused = 0
    for place in range(len(good)):
        damaged = good[:place] + b"\xff" + good[place + 1 :]
        try:
            read_envelope(damaged)
        except MalformedRecord:
            refused += 1
    assert refused > 20


@pytest.mark.parametrize("content", [DEVICE_TYPE, DEVICE_ID])
def test_frame_is_refused_for_what_nobody_needs(content: bytes) -> None:
    """As Tesla's server does, which reads it."""
    frame = FRAMES[0].content
    length = frame.index(content) - 4
    too_long = len(frame).to_bytes(4, "little")
    with pytest.raises(MalformedRecord):
        read_envelope(frame[:length] + too_long + frame[length + 4 :])


def test_frame_beyond_the_limit_is_refused() -> None:
    """However it begins."""
    with pytest.raises(MalformedRecord):
        read_envelope(FRAMES[0].content.ljust(MAX_FRAME + 1, b"\0"))
    assert read_envelope(FRAMES[0].content.ljust(MAX_FRAME, b"\0")).topic == b"V"


def test_own_answers_are_read_back() -> None:
    """An acknowledgement, and the answer to nonsense."""
    ack = read_envelope(write_ack(b"V", b"a-transaction"))
    assert (ack.topic, ack.txid, ack.message_type) == (b"V", b"a-transaction", 5)
    error = read_envelope(write_error(b"a-transaction"))
    assert (error.topic, error.txid, error.message_type) == (b"", b"a-transaction", 4)
    assert error.payload == b"incorrect message format"
    assert error.sender_id == b""


@given(st.binary(max_size=64), st.binary(max_size=300))
def test_answers_fit_any_name(topic: bytes, txid: bytes) -> None:
    """Whatever lengths a car's names have, the answers stay readable."""
    ack = read_envelope(write_ack(topic, txid))
    assert (ack.topic, ack.txid) == (topic, txid)
    assert read_envelope(write_error(txid)).txid == txid


@given(st.binary(max_size=400))
def test_noise_is_read_or_refused(noise: bytes) -> None:
    """Never anything else."""
    try:
        read_envelope(noise)
    except MalformedRecord:
        return


def read_or_refused(frame: bytes) -> Envelope | None:
    """None if it is refused."""
    try:
        return read_envelope(frame)
    except MalformedRecord:
        return None


def test_frame_like_one_before_is_not_followed_again() -> None:
    """Of whichever car: another name, another time and other values are no other layout."""
    first, second = (FRAMES[0].content, bytearray(FRAMES[0].content))
    told = read_envelope(first)
    created_at = FRAMES[0].envelope["created_at"].to_bytes(4, "little")
    others = (created_at, b"msg-0000", DEVICE_TYPE, DEVICE_ID)
    for content in (told.txid, told.sender_id, told.payload, *others):
        place = first.index(content)
        second[place : place + len(content)] = bytes(byte ^ 0xFF for byte in content)
    with patch.object(envelope, "_find", side_effect=AssertionError):
        read = read_envelope(bytes(second))
    assert read.txid == bytes(byte ^ 0xFF for byte in told.txid)
    assert read.sender_id == bytes(byte ^ 0xFF for byte in told.sender_id)
    assert read.payload == bytes(byte ^ 0xFF for byte in told.payload)
    assert (read.topic, read.message_type, read.has_message) == (b"V", MessageType.STREAM, True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([frame.content for frame in READABLE if frame.content]),
    st.dictionaries(st.integers(0, 2_000), st.binary(min_size=1, max_size=4), max_size=4),
)
def test_frame_is_read_the_same_whatever_came_before(
    layouts: dict[int, Layout], good: bytes, changes: dict[int, bytes]
) -> None:
    """A good frame of the same length, or none."""
    other = bytearray(good)
    for place, change in changes.items():
        begin = place % max(1, len(good) - 4)
        other[begin : begin + len(change)] = change
    layouts.clear()
    fresh = read_or_refused(bytes(other))
    layouts.clear()
    read_or_refused(good)
    assert read_or_refused(bytes(other)) == fresh


def test_offsets_within_the_contents_are_no_layout(layouts: dict[int, Layout]) -> None:
    """A payload that reaches over the name of the sender: its length is part of what is told."""
    good = FRAMES[0].content
    told = read_envelope(good)
    assert layouts
    layouts.clear()
    length = good.index(told.payload) - 4
    end = good.index(told.sender_id)
    reaching = good[:length] + (end - length - 4).to_bytes(4, "little") + good[length + 4 :]
    read = read_envelope(reaching)
    assert read.sender_id == told.sender_id
    assert len(read.payload) > len(told.payload)
    assert not layouts
    fallen = reaching[: end - 4] + b"\x05" + reaching[end - 3 :]
    assert read_envelope(fallen).sender_id == told.sender_id[:5]


def test_not_more_layouts_than_are_needed(layouts: dict[int, Layout]) -> None:
    """A car that sends frames of all lengths fills no memory."""
    with patch.object(envelope, "_MOST_LAYOUTS", 2):
        for frame in FRAMES:
            read_or_refused(frame.content)
    assert len(layouts) == 2
