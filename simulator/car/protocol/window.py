"""Which counters a client has used up."""

from dataclasses import dataclass
from typing import Final

WIDTH: Final = 32


@dataclass(kw_only=True, slots=True)
class Window:
    """The newest counter, and of the `WIDTH` below it those that were seen.

    Bit i of `history` stands for counter - 1 - i.
    """

    counter: int = 0
    history: int = 0

    def is_fresh(self, counter: int) -> bool:
        """Whether this counter was never seen and is not too old to know."""
        if counter > self.counter:
            return True
        age = self.counter - 1 - counter
        return 0 <= age < WIDTH and not self.history >> age & 1

    def take(self, counter: int) -> bool:
        """Use up a counter; False, and nothing changes, if it cannot be used."""
        if not self.is_fresh(counter):
            return False
        if counter > self.counter:
            shift = counter - self.counter
            # The former newest moves into the history, unless the jump leaves it behind.
            shifted = (self.history << shift) | (1 << (shift - 1)) if shift <= WIDTH else 0
            self.history = shifted & ((1 << WIDTH) - 1)
            self.counter = counter
        else:
            self.history |= 1 << (self.counter - 1 - counter)
        return True
