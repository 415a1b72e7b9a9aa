"""What is noted of a request."""

from dataclasses import dataclass, field

from .prices import PriceClass, is_billed


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestRecord:
    """One request to the Fleet API.

    `endpoint` is a name in ENDPOINTS, `status` None if no answer came, `duration` in seconds.
    """

    endpoint: str
    vin: str | None = field(repr=False)
    status: int | None
    price_class: PriceClass
    duration: float

    @property
    def billed(self) -> bool:
        """Whether Tesla charges for it."""
        return is_billed(self.status)
