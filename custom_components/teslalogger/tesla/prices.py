"""What Tesla charges: https://developer.tesla.com/docs/fleet-api/billing-and-limits."""

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# Tesla does not charge for its own failures.
FIRST_FREE_STATUS: Final = 500


class PriceClass(StrEnum):
    """The kinds of use that Tesla prices."""

    FREE = "free"
    DATA = "data"
    COMMAND = "command"
    WAKE = "wake"
    STREAMING_SIGNAL = "streaming_signal"


PRICES: Final[Mapping[PriceClass, float]] = {
    PriceClass.FREE: 0.0,
    PriceClass.DATA: 1 / 500,
    PriceClass.COMMAND: 1 / 1_000,
    PriceClass.WAKE: 1 / 50,
    PriceClass.STREAMING_SIGNAL: 1 / 150_000,
}
"""US$ for one of each."""

MONTHLY_DISCOUNT: Final = 10.0
"""US$ a month that Tesla takes off the bill of an application, over all its cars."""


def is_billed(status: int | None) -> bool:
    """Whether Tesla charges for a request that was answered so; None: there was no answer."""
    return status is not None and status < FIRST_FREE_STATUS
