"""What the owner host makes of an account: today's behaviour, and each of its bad days."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from simulator.cloud import answers
from simulator.cloud.answers import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

RETRY_AFTER: Final = 900
"""Seconds that a rate-limited client is told to wait."""


class OwnerDay(StrEnum):
    """How the owner host behaves."""

    GOOD = "good"
    CLOSED = "closed"
    READS_FORBIDDEN = "reads_forbidden"
    RENEWED_FORBIDDEN = "renewed_forbidden"
    FLEET_ONLY = "fleet_only"
    GONE = "gone"
    RATE_LIMITED = "rate_limited"
    FAILING = "failing"
    TIMING_OUT = "timing_out"
    SIGNING_REQUIRED = "signing_required"
    LOCKED = "locked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """What is refused, and how; `told` says it to a person.

    Args:
        reads: whether everything but commands is refused.
        commands: whether commands are refused, for all cars.
        only_renewed: whether tokens fresh from a login are served all the same.
    """

    told: str
    status: int = 200
    error: str = ""
    headers: Mapping[str, str] | None = None
    reads: bool = True
    commands: bool = True
    only_renewed: bool = False

    def check(self, *, command: bool, renewed: bool) -> None:
        """Raise the day's Refusal if it is for such a request."""
        concerned = self.commands if command else self.reads
        if concerned and (renewed or not self.only_renewed):
            raise Refusal(self.status, self.error, headers=self.headers)


DAYS: Final[Mapping[OwnerDay, Day]] = {
    OwnerDay.GOOD: Day(
        told="Reads work, and commands of cars that need no signature",
        reads=False,
        commands=False,
    ),
    OwnerDay.CLOSED: Day(
        told="Everything is forbidden (403)", status=403, error=answers.OWNER_API_CLOSED
    ),
    OwnerDay.READS_FORBIDDEN: Day(
        told="Reads are forbidden (403)",
        status=403,
        error=answers.OWNER_API_CLOSED,
        commands=False,
    ),
    OwnerDay.RENEWED_FORBIDDEN: Day(
        told="Only tokens fresh from a login are served (403)",
        status=403,
        error=answers.OWNER_API_CLOSED,
        only_renewed=True,
    ),
    OwnerDay.FLEET_ONLY: Day(
        told="Everything is for the Fleet API only (412)", status=412, error=answers.FLEET_ONLY
    ),
    OwnerDay.GONE: Day(told="Everything is gone (410)", status=410, error=answers.GONE),
    OwnerDay.RATE_LIMITED: Day(
        told="Too many requests (429)",
        status=429,
        error=f"Retry in {RETRY_AFTER} seconds",
        headers={"Retry-After": str(RETRY_AFTER)},
    ),
    OwnerDay.FAILING: Day(
        told="Tesla's own servers fail (503)", status=503, error="upstream internal error"
    ),
    OwnerDay.TIMING_OUT: Day(
        told="Tesla's own servers time out (504)", status=504, error=answers.REPLY_LOST
    ),
    OwnerDay.SIGNING_REQUIRED: Day(
        told="Commands have to be signed, for every car (403)",
        status=403,
        error=answers.SIGNING_REQUIRED,
        reads=False,
    ),
    OwnerDay.LOCKED: Day(
        told="The account is locked (423)", status=423, error=answers.ACCOUNT_LOCKED
    ),
}
