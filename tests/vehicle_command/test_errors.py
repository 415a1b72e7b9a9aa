"""The two answers every error gives, and that it gives nothing away."""

import pytest

from custom_components.teslalogger.vehicle_command import VehicleCommandError, errors

# Name to (may have succeeded, temporary).
EXPECTED = {
    "VehicleCommandError": (False, False),
    "InvalidKey": (False, False),
    "InvalidToken": (False, False),
    "DamagedSession": (False, True),
    "NoSession": (False, True),
    "CounterExhausted": (False, True),
    "NeedsReservation": (False, True),
    "ReplyRejected": (True, True),
    "Unconfirmed": (True, False),
    "SessionOutOfDate": (False, True),
    "KeyChanged": (False, True),
    "KeyNotPaired": (False, False),
    "VehicleBusy": (False, True),
    "SubsystemTimeout": (True, True),
    "Refused": (False, False),
    "FaultStopped": (False, False),
    "CommandUnsupported": (False, False),
}


def _tree() -> dict[str, type[VehicleCommandError]]:
    return {
        name: found
        for name, found in vars(errors).items()
        if isinstance(found, type) and issubclass(found, VehicleCommandError)
    }


def test_every_error_answers_both_questions() -> None:
    """May it have succeeded, and may it work later."""
    answers = {name: (e.may_have_succeeded, e.temporary) for name, e in _tree().items()}
    assert answers == EXPECTED


def test_every_error_has_its_own_sentence() -> None:
    """No two classes share a translation key."""
    keys = [error.translation_key for error in _tree().values()]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("error", _tree().values(), ids=lambda error: error.__name__)
def test_errors_are_ordinary_exceptions(error: type[VehicleCommandError]) -> None:
    """`except Exception` catches them, and each can say what it is."""
    raised = error("text")
    assert isinstance(raised, Exception)
    assert "text" in str(raised)
