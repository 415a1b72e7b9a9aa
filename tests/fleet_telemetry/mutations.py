"""Frames that are almost right: some for the daily tests, a million for `scripts/bench fuzz`."""

from collections import Counter
import gc
import random
import tracemalloc
from typing import TYPE_CHECKING, Final

from custom_components.teslalogger.fleet_telemetry.records import read_frame
from custom_components.teslalogger.vehicle.state import VehicleState
from custom_components.teslalogger.vehicle.streamed import readings_from_stream

from .frames import CAR, FRAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def mutations(count: int, seed: int) -> Iterator[bytes]:
    """So many of them, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    frames = [frame.content for frame in FRAMES]
    for _ in range(count):
        yield mutated(chance.choice(frames), chance)


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
            state.apply(readings_from_stream(receipt.record.fields, 1.0, 1.0))
    return outcomes


def growth(count: int, seed: int) -> int:
    """Bytes of memory that are held after so many frames and were not before."""
    swallow(2_000, seed)
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        swallow(count, seed + 1)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return after - before
