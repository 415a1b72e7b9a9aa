"""How fast one connection is read."""

import asyncio
import time
from typing import Final

_BURST: Final = 10.0  # seconds


class Pace:
    """Slows a connection down that sends more than any car would; nothing is thrown away."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._allowance = per_second * _BURST
        self._last = time.monotonic()

    async def async_step(self, frames: int) -> None:
        """So many frames."""
        self._allowance -= frames
        if self._allowance > 0:
            return
        now = time.monotonic()
        self._allowance += (now - self._last) * self._per_second
        self._last = now
        if self._allowance < 0:
            await asyncio.sleep(-self._allowance / self._per_second)
