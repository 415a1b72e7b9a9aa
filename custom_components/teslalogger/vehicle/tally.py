"""What one press has used up so far: the budget every retry and reroute draws on."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from custom_components.teslalogger.tesla.prices import PRICES, PriceClass, is_billed

if TYPE_CHECKING:
    from custom_components.teslalogger.tesla.errors import TeslaError

    from .outcome import CommandError

MAX_SENDS: Final = 2


@dataclass(kw_only=True, slots=True)
class Tally:
    """Counts over all ways and retries of one press.

    A command itself goes out at most twice, whatever the answers are; handshakes, wake-up and state
    checks do not count. `doubt` is the error of a sending that may have been executed all the same.
    """

    sends: int = 0
    requests: int = 0
    cost: float = 0.0
    doubt: CommandError | None = None
    _last_price: float = field(default=0.0, init=False)

    @property
    def may_send(self) -> bool:
        """Whether the command may go out once more."""
        return self.sends < MAX_SENDS

    @property
    def may_try_otherwise(self) -> bool:
        """Whether it may go out by another way, or after a wake-up: nothing must be in doubt."""
        return self.may_send and self.doubt is None

    def count_signed(self, *, is_command: bool) -> None:
        """A signed command, or a handshake for one, is about to be sent."""
        self.sends += is_command
        self.count_request(PriceClass.COMMAND)

    def count_unsigned(self, price: PriceClass) -> None:
        """The unsigned command is about to be sent."""
        self.sends += 1
        self.count_request(price)

    def count_request(self, price: PriceClass) -> None:
        """Anything is about to be sent."""
        self.requests += 1
        self._last_price = PRICES[price]
        self.cost += self._last_price

    def correct_cost(self, error: TeslaError) -> None:
        """What was counted last failed, and Tesla may not bill that."""
        if not is_billed(error.status):
            self.cost -= self._last_price
