"""Frames that are almost right: some for the daily tests, a million for `scripts/bench fuzz`."""

from collections import Counter
from datetime import UTC, datetime
import gc
import random
import tracemalloc
from typing import TYPE_CHECKING, Final

from tesla_protocol.telemetry import vehicle_alert_pb2, vehicle_error_pb2

from custom_components.teslalogger.fleet_telemetry.dossier import Dossier
from custom_components.teslalogger.fleet_telemetry.envelope import read_envelope
from custom_components.teslalogger.fleet_telemetry.errors import MalformedRecord
from custom_components.teslalogger.fleet_telemetry.records import read_frame
from custom_components.teslalogger.vehicle.alerts import Alert, KnownAlerts
from custom_components.teslalogger.vehicle.state import VehicleState
from custom_components.teslalogger.vehicle.streamed import readings_from_stream

from .frames import CAR, FRAMES, with_payload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.protobuf.timestamp_pb2 import Timestamp

    from custom_components.teslalogger.fleet_telemetry.records import Record

MAX_GROWTH: Final = 200_000
"""Bytes by which the memory may grow over a whole run: caches, not leaks."""


def mutated(frame: bytes, chance: random.Random) -> bytes:
    """The frame with a few changes: bytes, lengths, offsets, ends, repetitions."""
    content = bytearray(frame)
    for _ in range(chance.randrange(1, 8)):
        place = chance.randrange(len(content) + 1)
        match chance.randrange(6):
            case 0 if content:
                content[place % len(content)] = chance.randrange(256)
            case 1:
                del content[place:]
            case 2:
                content[place:place] = chance.randbytes(chance.randrange(1, 9))
            case 3 if len(content) > 4:
                place %= len(content) - 3
                content[place : place + 4] = chance.randbytes(4)
            case 4:
                del content[place : place + chance.randrange(1, 9)]
            case _:
                content += content[place:]
    return bytes(content)


def alerts(chance: random.Random) -> bytes:
    """Alerts of any time and for anybody."""
    told = vehicle_alert_pb2.VehicleAlerts()
    _set(told.created_at, chance)
    for _ in range(chance.randrange(3)):
        alert = told.alerts.add(name=_word(chance), audiences=[chance.randrange(9)])
        _set(alert.started_at, chance)
        _set(alert.ended_at, chance)
    return told.SerializeToString()


def errors(chance: random.Random) -> bytes:
    """Complaints of any time about anything."""
    told = vehicle_error_pb2.VehicleErrors()
    for _ in range(chance.randrange(3)):
        error = told.errors.add(name=_word(chance), body=_word(chance))
        error.tags[_word(chance)] = _word(chance)
        _set(error.created_at, chance)
    return told.SerializeToString()


def _set(stamp: Timestamp, chance: random.Random) -> None:
    """A time of any length, before or after 1970."""
    number = chance.getrandbits(chance.randrange(64))
    stamp.seconds = chance.choice((number, -number))
    stamp.nanos = chance.randrange(-(2**31), 2**31)


def _word(chance: random.Random) -> str:
    return "".join(chr(chance.choice((chance.randrange(128), 0x10FFFF))) for _ in range(5))


_OWN: Final = {b"alerts": alerts, b"errors": errors}


def mutated_inside(frame: bytes, chance: random.Random) -> bytes:
    """A frame of `WHOLE` with a payload that is not whole, or that tells the impossible."""
    envelope = read_envelope(frame)
    own = _OWN.get(envelope.topic)
    payload = own(chance) if own and chance.random() < 0.5 else mutated(envelope.payload, chance)
    return with_payload(frame, payload)


def _is_whole(frame: bytes) -> bool:
    """Whether another payload can be put into it."""
    try:
        return bool(frame) and read_envelope(with_payload(frame, b"?")).payload == b"?"
    except MalformedRecord, OverflowError:
        return False


ALL: Final = tuple(frame.content for frame in FRAMES)
WHOLE: Final = tuple(filter(_is_whole, ALL))
RARE: Final = tuple(frame for frame in WHOLE if read_envelope(frame).topic in _OWN)


def mutations(count: int, seed: int) -> Iterator[bytes]:
    """So many of them, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(count):
        if chance.random() < 0.5:
            yield mutated(chance.choice(ALL), chance)
        else:
            yield mutated_inside(chance.choice(chance.choice((WHOLE, WHOLE, RARE))), chance)


def swallow(count: int, seed: int) -> Counter[str]:
    """Read so many as the receiver does; what became of them. Anything raised is a defect."""
    state = VehicleState()
    outcomes: Counter[str] = Counter()
    for frame in mutations(count, seed):
        receipt = read_frame(frame, CAR)
        if not receipt.answers:
            message = f"no answer to {frame.hex()}"
            raise AssertionError(message)
        outcomes[receipt.problem or "taken"] += 1
        if receipt.record is not None:
            outcomes["alerts"] += len(receipt.record.alerts)
            outcomes["errors"] += len(receipt.record.errors)
            _take(receipt.record, state)
    return outcomes


def _take(record: Record, state: VehicleState) -> None:
    """What is done with a record: merged, shown with its times, noted."""
    state.apply(readings_from_stream(record.fields, record.created_at or 1.0, 1.0))
    told = [
        Alert(name=alert.name, started_at=alert.started_at or 1.0, audiences=frozenset())
        for alert in record.alerts
    ]
    for alert in KnownAlerts({}).news(told, 1.0):
        datetime.fromtimestamp(alert.started_at, UTC).isoformat()
    Dossier().note_streamed_errors(CAR.device_id, record.errors, 1.0)


def endure(count: int, seed: int) -> tuple[Counter[str], int]:
    """Read so many; what became of them, and the bytes that are held and were not before."""
    swallow(2_000, seed)
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        outcomes = swallow(count, seed + 1)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return outcomes, after - before
