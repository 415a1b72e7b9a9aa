"""What one press has used up so far: the budget every retry and reroute draws on."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from custom_components.teslalogger.tesla.errors import NotSent, TeslaError
from custom_components.teslalogger.tesla.prices import PRICES, PriceClass

if TYPE_CHECKING:
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
    _last_price: float = 0.0

    @property
    def may_send(self) -> bool:
        """Whether the command may go out once more."""
        return self.sends < MAX_SENDS

    def count_signed(self, *, is_command: bool) -> None:
        """A signed command, or a handshake for one, is about to be sent."""
        self.sends += is_command
        self.count_request(PriceClass.COMMAND)

    def count_unsigned(self) -> None:
        """The unsigned command is about to be sent."""
        self.sends += 1
        self.count_request(PriceClass.COMMAND)

    def count_request(self, price: PriceClass) -> None:
        """Anything is about to be sent."""
        self.requests += 1
        self._last_price = PRICES[price]
        self.cost += self._last_price

    def correct_cost(self, error: TeslaError) -> None:
        """What was counted last failed: Tesla does not bill its own failures."""
        if isinstance(error, NotSent) or (error.status or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.cost -= self._last_price
