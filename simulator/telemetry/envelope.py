"""The envelopes in which a car and a receiver talk: one to each binary WebSocket message.

Source: the generated schema in https://github.com/teslamotors/fleet-telemetry (messages/tesla).
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from simulator.telemetry.flatbuffers import Builder, MalformedBuffer, Reference, Scalar, Table

VEHICLE_DEVICE: Final = "vehicle_device"


class Kind(IntEnum):
    """What an envelope holds."""

    STREAM = 4
    STREAM_ACK = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What a car sends. `created_at` is in seconds; the receiver stamps `delivered_at` (ms)."""

    txid: bytes
    topic: bytes
    message_id: bytes
    sender_id: bytes
    device_type: bytes
    device_id: bytes
    created_at: int
    payload: bytes
    delivered_at: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a receiver says to a record; `problem` is empty if it took it."""

    txid: bytes
    topic: bytes
    problem: str = ""


def write_record(record: Record) -> bytes:
    """A record on the wire."""
    builder = Builder()
    sender = builder.string(record.sender_id)
    payload = builder.string(record.payload)
    device_type = builder.string(record.device_type)
    device_id = builder.string(record.device_id)
    stream = builder.table(
        (
            Scalar(field=5, value=record.delivered_at, width=8),
            Reference(field=1, target=sender),
            Scalar(field=0, value=record.created_at, width=4),
            Reference(field=2, target=payload),
            Reference(field=3, target=device_type),
            Reference(field=4, target=device_id),
        )
    )
    return _write(builder, Kind.STREAM, stream, record.txid, record.topic, record.message_id)


def write_ack(txid: bytes, topic: bytes) -> bytes:
    """A receiver's consent; a proper empty table where Tesla's own server has an empty string."""
    builder = Builder()
    return _write(builder, Kind.STREAM_ACK, builder.table(()), txid, topic, b"")


def _write(
    builder: Builder, kind: Kind, message: int, txid: bytes, topic: bytes, message_id: bytes
) -> bytes:
    names = [builder.string(name) for name in (txid, topic, message_id)]
    return builder.finish(
        builder.table(
            (
                Reference(field=0, target=names[0]),
                Reference(field=1, target=names[1]),
                Scalar(field=2, value=kind, width=1),
                Reference(field=3, target=message),
                Reference(field=4, target=names[2]),
            )
        )
    )


def read_answer(data: bytes) -> Answer:
    """What a receiver sent. Raises MalformedBuffer.

    An ack is not looked into: Tesla's own server puts something else there than the schema says.
    """
    envelope = Table.root(data)
    txid, topic = envelope.string(0), envelope.string(1)
    match envelope.number(2, 1):
        case Kind.STREAM_ACK:
            return Answer(txid=txid, topic=topic)
        case Kind.STREAM if stream := envelope.table(3):
            problem = stream.string(2).decode(errors="replace")
            return Answer(txid=txid, topic=topic, problem=problem or "unknown problem")
        case kind:
            msg = f"an answer of kind {kind}"
            raise MalformedBuffer(msg)


def read_record(data: bytes) -> Record:
    """What a car sent. Raises MalformedBuffer."""
    envelope = Table.root(data)
    stream = envelope.table(3)
    if envelope.number(2, 1) != Kind.STREAM or stream is None:
        msg = "no record"
        raise MalformedBuffer(msg)
    return Record(
        txid=envelope.string(0),
        topic=envelope.string(1),
        message_id=envelope.string(4),
        created_at=stream.number(0, 4),
        sender_id=stream.string(1),
        payload=stream.string(2),
        device_type=stream.string(3),
        device_id=stream.string(4),
        delivered_at=stream.number(5, 8),
    )
