"""How often a client may ask.

Source: https://developer.tesla.com/docs/fleet-api/billing-and-limits ("per device and account").
"""

from collections import defaultdict, deque
from dataclasses import dataclass
from enum import StrEnum
import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simulator.clock import Clock

WINDOW: Final = 60.0


class RateClass(StrEnum):
    """Requests that are counted together."""

    DATA = "data"
    COMMANDS = "commands"
    WAKES = "wakes"
    OWNER = "owner"


LIMITS: Final[dict[RateClass, int]] = {
    RateClass.DATA: 60,
    RateClass.COMMANDS: 30,
    RateClass.WAKES: 3,
    RateClass.OWNER: 60,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """What is left of a limit; `reset` in whole seconds."""

    limit: int
    remaining: int
    reset: int
    allowed: bool

    def headers(self) -> dict[str, str]:
        """The allowance as Tesla tells it."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        if not self.allowed:
            told["Retry-After"] = str(self.reset)
        return told


class RateLimiter:
    """A sliding minute for each class, account and device; `limits` may be changed."""

    def __init__(self, clock: Clock) -> None:
        self.limits = dict(LIMITS)
        self._clock = clock
        self._hits: defaultdict[tuple[RateClass, str, str | None], deque[float]] = defaultdict(
            deque
        )

    def hit(self, rate: RateClass, account: str, device: str | None) -> Allowance:
        """Count a request; a refused one does not count."""
        now, limit = self._clock.now(), self.limits[rate]
        hits = self._hits[rate, account, device]
        while hits and hits[0] <= now - WINDOW:
            hits.popleft()
        allowed = len(hits) < limit
        if allowed:
            hits.append(now)
        return Allowance(
            limit=limit,
            remaining=limit - len(hits),
            reset=math.ceil(hits[0] + WINDOW - now) if hits else math.ceil(WINDOW),
            allowed=allowed,
        )
