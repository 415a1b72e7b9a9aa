"""What becomes of a command's outcome in Home Assistant: an error that people read, or data."""

from typing import TYPE_CHECKING

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .vehicle.errors import ScopeNotGranted, VehicleError
from .vehicle.outcome import Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from homeassistant.util.json import JsonObjectType


def parameter_error(error: VehicleError, car: str) -> ServiceValidationError:
    """The error for a command that could not even be tried as it was given."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=error.translation_key,
        translation_placeholders={"car": car} | error.placeholders,
    )


def command_failed(outcome: Outcome, car: str) -> HomeAssistantError:
    """The error for a command that is not known to be done.

    Where nobody knows what the car did, that is the one thing to say, whatever the cause was.
    """
    placeholders = {"car": car, "command": outcome.command, "reason": outcome.reason}
    error = outcome.error
    if error is None or outcome.result is Result.UNKNOWN:
        return HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=f"command_{outcome.result}",
            translation_placeholders=placeholders,
        )
    failure = ServiceValidationError if isinstance(error, ScopeNotGranted) else HomeAssistantError
    return failure(
        translation_domain=DOMAIN,
        translation_key=error.translation_key,
        translation_placeholders=placeholders | error.placeholders,
    )


def outcome_as_dict(outcome: Outcome) -> JsonObjectType:
    """The outcome as an action's response and in diagnostics."""
    return {
        "command": outcome.command,
        "result": outcome.result.value,
        "route": outcome.route and outcome.route.value,
        "attempts": outcome.attempts,
        "requests": outcome.requests,
        "seconds": round(outcome.duration, 3),
        "cost_usd": round(outcome.cost, 4),
        "reason": outcome.reason,
    }


def outcomes_as_dict(outcomes: Sequence[Outcome]) -> JsonObjectType:
    """What became of an action: the last command's outcome, and what all of them took.

    `steps` is there where the action was more than one command.
    """
    steps = [outcome_as_dict(outcome) for outcome in outcomes]
    if len(steps) == 1:
        return steps[0]
    return steps[-1] | {
        "attempts": sum(outcome.attempts for outcome in outcomes),
        "requests": sum(outcome.requests for outcome in outcomes),
        "seconds": round(sum(outcome.duration for outcome in outcomes), 3),
        "cost_usd": round(sum(outcome.cost for outcome in outcomes), 4),
        "steps": [*steps],
    }
