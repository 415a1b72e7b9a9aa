"""The simulated time, which can run faster than the real one and be pushed forward."""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """Unix seconds that pass `speed` times as fast as those of `source`.

    A speed of 0 stands still and only moves with `advance`.
    """

    def __init__(
        self,
        speed: float = 1.0,
        *,
        start: float | None = None,
        source: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._speed = _checked(speed)
        self._since = source()
        self._base = time.time() if start is None else start

    @property
    def speed(self) -> float:
        """How many simulated seconds pass in a real one."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._base, self._since = self.now(), self._source()
        self._speed = _checked(speed)

    def now(self) -> float:
        """Simulated Unix time in seconds; never goes back."""
        return self._base + (self._source() - self._since) * self._speed

    def advance(self, seconds: float) -> None:
        """Move on by `seconds` at once; raises ValueError for a step back."""
        if seconds < 0:
            msg = "time does not go back"
            raise ValueError(msg)
        self._base += seconds


def _checked(speed: float) -> float:
    if speed < 0:
        msg = "time does not run backwards"
        raise ValueError(msg)
    return speed
