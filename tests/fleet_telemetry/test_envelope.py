"""Envelopes against the bytes of Tesla's own server."""

from typing import TYPE_CHECKING

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.fleet_telemetry.envelope import (
    MAX_FRAME,
    MessageType,
    read_envelope,
    write_ack,
    write_error,
)
from custom_components.teslalogger.fleet_telemetry.errors import MalformedRecord

from .frames import FRAMES

if TYPE_CHECKING:
    from .frames import Frame

READABLE = [frame for frame in FRAMES if "unreadable" not in frame.envelope]
MALFORMED = {"097_bad_truncated_tail", "098_bad_root_offset", "099_bad_3_bytes"}


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
        assert read.created_at == expected["created_at"]
        for name in ("sender_id", "device_type", "device_id"):
            assert getattr(read, name).decode() == expected[name]


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
    assert (error.created_at, error.sender_id, error.device_id) == (0, b"", b"")


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
