"""Who sends more than any car would has to wait, and loses nothing."""

import asyncio
import time
from unittest.mock import patch

from custom_components.teslalogger.fleet_telemetry.pace import Pace


class Moments:
    """Time that passes only where somebody waits or works."""

    def __init__(self) -> None:
        self.now = self.slept = 0.0

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        self.now += seconds
        self.slept += seconds


async def run(frames: int, *, each: float, turn: int = 1) -> Moments:
    """So many frames, each of which takes so long to come; ten a second may."""
    moments = Moments()
    with (
        patch.object(time, "monotonic", lambda: moments.now),
        patch.object(asyncio, "sleep", moments.sleep),
    ):
        pace = Pace(10.0)
        for _ in range(0, frames, turn):
            moments.now += turn * each
            await pace.async_step(turn)
    return moments


async def test_frames_are_counted_however_they_come() -> None:
    """Many in one turn wait as long as one after the other."""
    assert abs((await run(1_100, each=0.0, turn=50)).now - 100.0) < 0.5


async def test_a_burst_passes_at_once() -> None:
    """What a car has kept for some seconds."""
    assert (await run(99, each=0.0)).slept == 0.0


async def test_a_flood_is_slowed_to_the_pace() -> None:
    """Past the burst, each frame takes its share of a second."""
    assert abs((await run(1_100, each=0.0)).now - 100.0) < 0.5


async def test_who_keeps_the_pace_never_waits() -> None:
    """For hours."""
    assert (await run(20_000, each=0.1)).slept < 1e-6
