"""What every request cost, in Tesla's price classes.

Source: https://developer.tesla.com/docs/fleet-api/billing-and-limits (prices of 2025/26).
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


class PriceClass(StrEnum):
    """What Tesla bills a request as."""

    FREE = "free"
    DATA = "data"
    COMMAND = "command"
    WAKE = "wake"
    SIGNAL = "signal"


PRICES: Final[dict[PriceClass, float]] = {
    PriceClass.FREE: 0.0,
    PriceClass.DATA: 1 / 500,
    PriceClass.COMMAND: 1 / 1000,
    PriceClass.WAKE: 1 / 50,
    PriceClass.SIGNAL: 1 / 150_000,
}
FIRST_UNBILLED_STATUS: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One request; `status` is None where the caller got no answer."""

    when: float
    endpoint: str
    method: str
    vin: str | None
    status: int | None
    price_class: PriceClass
    txid: str
    host: str = ""

    @property
    def billed(self) -> float:
        """US$ that Tesla charges; errors of Tesla's own side cost nothing."""
        if self.status is not None and self.status >= FIRST_UNBILLED_STATUS:
            return 0.0
        return PRICES[self.price_class]

    def as_json(self) -> dict[str, Any]:
        """Everything about the request, for the admin API."""
        return {
            "when": self.when,
            "host": self.host,
            "endpoint": self.endpoint,
            "method": self.method,
            "vin": self.vin,
            "status": self.status,
            "price_class": self.price_class,
            "billed": self.billed,
            "txid": self.txid,
        }


@dataclass(slots=True)
class Ledger:
    """All requests since the start or the last `clear`, and how many signals each car streamed."""

    entries: list[Entry] = field(default_factory=list)
    signals: Counter[str] = field(default_factory=Counter)

    def of(self, endpoint: str, vin: str | None = None) -> list[Entry]:
        """The requests to `endpoint`, of one car or of all."""
        return list(self._matching(endpoint, vin))

    def count(self, price_class: PriceClass) -> int:
        """How many requests of a class were billed."""
        return sum(entry.price_class is price_class and entry.billed > 0 for entry in self.entries)

    def counts(self) -> Counter[PriceClass]:
        """Requests and signals per class, billed or not."""
        counts = Counter(entry.price_class for entry in self.entries)
        return counts + Counter({PriceClass.SIGNAL: self.signals.total()})

    @property
    def cost(self) -> float:
        """US$ altogether."""
        signals = self.signals.total() * PRICES[PriceClass.SIGNAL]
        return signals + sum(entry.billed for entry in self.entries)

    def hosts(self) -> Counter[str]:
        """Requests by the host they were for, billed or not."""
        return Counter(entry.host for entry in self.entries)

    def clear(self) -> None:
        """Begin a new bill."""
        self.entries.clear()
        self.signals.clear()

    def _matching(self, endpoint: str, vin: str | None) -> Iterator[Entry]:
        for entry in self.entries:
            if entry.endpoint == endpoint and vin in {None, entry.vin}:
                yield entry
