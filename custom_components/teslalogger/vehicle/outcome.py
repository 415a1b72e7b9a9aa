"""What became of one press."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from custom_components.teslalogger.tesla.errors import TeslaError
from custom_components.teslalogger.vehicle_command.errors import Refused, VehicleCommandError

from .errors import VehicleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .signals import Value

type CommandError = TeslaError | VehicleCommandError | VehicleError

COMMAND_ERRORS: Final = (TeslaError, VehicleCommandError, VehicleError)


class Route(StrEnum):
    """The ways to a car."""

    SIGNED = "signed"
    UNSIGNED = "unsigned"  # by the Fleet host
    OWNER = "owner"  # unsigned by the owner host


class Result(StrEnum):
    """What is certain about a command."""

    DONE = "done"  # the car says that it did it
    REFUSED = "refused"  # not done, and asking again will not help
    UNREACHABLE = "unreachable"  # not done, and later it may work
    UNKNOWN = "unknown"  # sent, and nobody knows


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one command.

    `attempts` counts how often the command itself was sent, `requests` everything that was sent for
    it (handshakes, wake-up, state checks), `cost` what Tesla charges for these in US$, `duration`
    is in seconds. `reason` is the car's own word, or the translation key of `error`. `expected`
    holds what the signals should read once a done command shows.
    """

    command: str
    result: Result
    route: Route | None
    attempts: int
    requests: int
    duration: float
    cost: float
    reason: str = ""
    error: CommandError | None = None
    expected: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def done(self) -> bool:
        """Whether the car confirmed it."""
        return self.result is Result.DONE

    def followed_by(self, other: Outcome) -> Outcome:
        """What became of a command that took two presses: the second counts, both were paid for."""
        return replace(
            other,
            attempts=self.attempts + other.attempts,
            requests=self.requests + other.requests,
            duration=self.duration + other.duration,
            cost=self.cost + other.cost,
        )


def result_of(error: CommandError, *, in_doubt: bool) -> Result:
    """What an error stands for; `in_doubt`: what was sent before may have been executed."""
    if in_doubt or error.may_have_succeeded:
        return Result.UNKNOWN
    return Result.UNREACHABLE if error.temporary else Result.REFUSED


def reason_of(error: CommandError) -> str:
    """The car's own word if it gave one, else the translation key."""
    return error.reason if isinstance(error, Refused) else error.translation_key
