"""What the car says about a command once the envelope is opened."""

from typing import Final

from .domains import Domain

BENIGN_REASONS: Final[frozenset[str]] = frozenset(
    {"already_set", "already_on", "not_charging", "is_charging", "charging", "requested"}
)


def is_benign(reason: str) -> bool:
    """Whether a refusal with this reason means that the wish is already fulfilled."""
    return (
        reason in BENIGN_REASONS or reason.startswith("already_") or reason.endswith("already off")
    )


def read_reply(domain: Domain, payload: bytes) -> None:
    """Return if the car did it; raises Refused, VehicleBusy, KeyNotPaired or ReplyRejected."""
    raise NotImplementedError
