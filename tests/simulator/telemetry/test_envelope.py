"""Envelopes, against frames that Tesla's own packages wrote, and what Tesla's server said."""

import json
from pathlib import Path
from typing import Any, Final

from hypothesis import given, strategies as st
import pytest

from simulator.telemetry.envelope import (
    Answer,
    Kind,
    Record,
    read_answer,
    read_record,
    write_ack,
    write_record,
)
from simulator.telemetry.flatbuffers import Builder, MalformedBuffer, Reference, Scalar, Table

FRAMES: Final[dict[str, dict[str, Any]]] = {
    frame["file"]: frame
    for frame in json.loads(Path("tests/data/fleet-telemetry-frames.json").read_text("utf-8"))[
        "frames"
    ]
}
RECORDS: Final = sorted(
    name
    for name, frame in FRAMES.items()
    if frame["envelope"].get("message_type") == Kind.STREAM
    and name != "105_v_minimal_vtable"  # written by hand, to be as short as possible
)
ANSWERS: Final = sorted(
    (name, number)
    for name, frame in FRAMES.items()
    for number in range(len(frame["reference"].get("responses", ())))
)
UNREADABLE: Final = sorted(
    name
    for name, frame in FRAMES.items()
    if "unreadable" in frame["envelope"]
    or frame["envelope"].get("message_type") != Kind.STREAM
    or name == "100_bad_no_union"
)


def _frame(name: str) -> bytes:
    return bytes.fromhex(FRAMES[name]["hex"])


def _described(name: str) -> Record:
    """The record that the file describes, with the payload that is in the frame."""
    told = FRAMES[name]["envelope"]
    return Record(
        txid=told["txid"].encode(),
        topic=told["topic"].encode(),
        message_id=told["message_id"].encode(),
        sender_id=told["sender_id"].encode(),
        device_type=told["device_type"].encode(),
        device_id=told["device_id"].encode(),
        created_at=told["created_at"],
        delivered_at=told["delivered_at_epoch_ms"],
        payload=read_record(_frame(name)).payload,
    )


def test_there_are_enough_frames() -> None:
    """Most of the file is records that a car could have sent, and every frame has its answer."""
    assert (len(FRAMES), len(RECORDS), len(ANSWERS)) == (70, 61, 75)


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_written_as_tesla_writes_it(name: str) -> None:
    """Byte for byte."""
    assert write_record(_described(name)).hex() == FRAMES[name]["hex"]


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_read(name: str) -> None:
    """Every member."""
    assert read_record(_frame(name)) == _described(name)


def test_what_is_left_out_reads_as_nothing() -> None:
    """The shortest record that there is."""
    record = read_record(_frame("105_v_minimal_vtable"))
    assert (record.topic, record.txid, record.sender_id, record.created_at) == (b"V", b"", b"", 0)
    assert len(record.payload) == 0x1D


@pytest.mark.parametrize(("name", "number"), ANSWERS)
def test_every_answer_of_teslas_server_is_understood(name: str, number: int) -> None:
    """Acks, and the words for what it could not read."""
    told = FRAMES[name]["reference"]["responses"][number]
    refused = told["message_type"] == Kind.STREAM
    assert read_answer(bytes.fromhex(told["hex"])) == Answer(
        txid=told["txid"].encode(),
        topic=told["topic"].encode(),
        problem="incorrect message format" if refused else "",
    )


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_record_is_refused(name: str) -> None:
    """With one kind of error."""
    with pytest.raises(MalformedBuffer):
        read_record(_frame(name))


@pytest.mark.parametrize("kind", [0, 1, 99])
def test_a_receiver_says_nothing_else(kind: int) -> None:
    """Neither an ack nor an error."""
    builder = Builder()
    data = builder.finish(builder.table((Scalar(field=2, value=kind, width=1),)))
    with pytest.raises(MalformedBuffer, match=f"kind {kind}"):
        read_answer(data)


def test_an_error_without_words_is_still_one() -> None:
    """A record of nothing is no ack."""
    empty = Record(
        txid=b"t",
        topic=b"",
        message_id=b"",
        sender_id=b"",
        device_type=b"",
        device_id=b"",
        created_at=0,
        payload=b"",
    )
    assert read_answer(write_record(empty)).problem == "unknown problem"


@given(txid=st.binary(max_size=80), topic=st.binary(max_size=20))
def test_an_ack_names_the_record(txid: bytes, topic: bytes) -> None:
    """Whatever it is called."""
    assert read_answer(write_ack(txid, topic)) == Answer(txid=txid, topic=topic)


@given(
    names=st.lists(st.binary(max_size=40), min_size=7, max_size=7),
    created_at=st.integers(0, 2**32 - 1),
    delivered_at=st.integers(0, 2**64 - 1),
)
def test_every_record_comes_back(names: list[bytes], created_at: int, delivered_at: int) -> None:
    """What was written is what is read, and eight bytes wide numbers lie where they must."""
    record = Record(
        txid=names[0],
        topic=names[1],
        message_id=names[2],
        sender_id=names[3],
        device_type=names[4],
        device_id=names[5],
        payload=names[6],
        created_at=created_at,
        delivered_at=delivered_at,
    )
    data = write_record(record)
    assert read_record(data) == record
    assert len(data) % (8 if delivered_at else 4) == 0


@given(st.binary(max_size=200))
def test_noise_is_refused(noise: bytes) -> None:
    """No other error comes out."""
    for read in (read_record, read_answer):
        try:
            read(noise)
        except MalformedBuffer:
            continue


@given(name=st.sampled_from(RECORDS), at=st.integers(0, 10_000), value=st.integers(0, 255))
def test_damage_is_refused_or_harmless(name: str, at: int, value: int) -> None:
    """One byte is another."""
    frame = bytearray(_frame(name))
    frame[at % len(frame)] = value
    try:
        read_record(bytes(frame))
    except MalformedBuffer:
        return


def test_a_reference_to_nothing_is_left_out() -> None:
    """And reads as no table."""
    builder = Builder()
    data = builder.finish(builder.table((Reference(field=0, target=None),)))
    assert Table.root(data).table(0) is None
