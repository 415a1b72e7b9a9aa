"""Whether a car is awake. A car that nobody wants anything from falls asleep."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random

IDLE_SECONDS: Final = 15 * 60.0
WAKING_SECONDS: Final = (10.0, 45.0)


@dataclass(kw_only=True, slots=True)
class Wakefulness:
    """Times in Unix seconds. `dice` say how long this car takes to wake up."""

    dice: random.Random
    last_activity: float
    asleep: bool = False
    reachable: bool = True
    waking_until: float | None = None

    @property
    def availability(self) -> str:
        """The state as Tesla names it."""
        if not self.reachable:
            return "offline"
        return "asleep" if self.asleep else "online"

    def begin_wake(self, now: float) -> None:
        """Somebody asked the car to wake up; it takes its time."""
        if not self.reachable:
            return
        if not self.asleep:
            self.last_activity = now
        elif self.waking_until is None:
            self.waking_until = now + self.dice.uniform(*WAKING_SECONDS)

    def fall_asleep(self) -> None:
        """Asleep at once."""
        self.asleep = True
        self.waking_until = None

    def stir(self, now: float) -> None:
        """Awake at once, as when a door is opened."""
        self.asleep = False
        self.waking_until = None
        self.last_activity = now

    def settle(self, now: float, *, busy: bool) -> None:
        """What became of it by `now`; a busy car stays awake."""
        if self.asleep:
            if self.waking_until is not None and now >= self.waking_until:
                self.stir(self.waking_until)
            elif busy:
                self.stir(now)
        elif busy:
            self.last_activity = now
        if not self.asleep and now - self.last_activity >= IDLE_SECONDS:
            self.asleep = True
