"""What has been asked of Tesla since the start, and what it costs."""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from .tesla.prices import PRICES, PriceClass
from .tesla.redact import short_vin

if TYPE_CHECKING:
    from .tesla.request_record import RequestRecord

LEDGER_LENGTH: Final = 100


@dataclass(kw_only=True, slots=True)
class RequestMeter:
    """Counts requests by price class, and keeps the last ones."""

    counts: Counter[PriceClass] = field(default_factory=Counter)
    billed: Counter[PriceClass] = field(default_factory=Counter)
    ledger: deque[RequestRecord] = field(default_factory=lambda: deque(maxlen=LEDGER_LENGTH))

    def on_request(self, record: RequestRecord) -> None:
        """Take note of one request."""
        self.counts[record.price_class] += 1
        if record.billed:
            self.billed[record.price_class] += 1
        self.ledger.append(record)

    @property
    def requests(self) -> int:
        """How many requests there were."""
        return self.counts.total()

    @property
    def cost(self) -> float:
        """What they cost, in US$."""
        return sum(PRICES[price_class] * count for price_class, count in self.billed.items())

    def as_dict(self) -> dict[str, Any]:
        """For diagnostics: totals by price class and the ledger, with shortened VINs."""
        return {
            "requests": {kind.value: count for kind, count in sorted(self.counts.items())},
            "billed": {kind.value: count for kind, count in sorted(self.billed.items())},
            "cost_usd": round(self.cost, 4),
            "last_requests": [
                {
                    "endpoint": record.endpoint,
                    "car": record.vin and short_vin(record.vin),
                    "status": record.status,
                    "price_class": record.price_class.value,
                    "seconds": round(record.duration, 3),
                }
                for record in self.ledger
            ],
        }
