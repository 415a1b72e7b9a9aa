"""The fault table against the protocol's own, and what every row means for a caller."""

import pytest
from tesla_protocol.command.universal_message_pb2 import MessageFault_E

from custom_components.teslalogger.vehicle_command import (
    CommandUnsupported,
    FaultStopped,
    KeyNotPaired,
    SessionOutOfDate,
    SubsystemTimeout,
    VehicleBusy,
    VehicleCommandError,
)
from custom_components.teslalogger.vehicle_command.faults import (
    FAULTS,
    WITH_SESSION_INFO,
    Reaction,
    error_for,
    fault_of,
)

RESYNC, BACK_OFF, STOP = Reaction.RESYNC, Reaction.BACK_OFF, Reaction.STOP


def test_every_fault_of_the_protocol_has_its_row_and_name() -> None:
    """A new major of the bindings with more or other faults makes this fail."""
    names = {number: f"MESSAGEFAULT_ERROR_{fault.name}" for number, fault in FAULTS.items()}
    assert names | {0: "MESSAGEFAULT_ERROR_NONE"} == {
        number: name for name, number in MessageFault_E.items()
    }
    assert all(number == fault.number for number, fault in FAULTS.items())


@pytest.mark.parametrize(
    ("numbers", "reaction", "error"),
    [
        ({5, 6, 15, 17, 20, 26}, RESYNC, SessionOutOfDate),
        ({1, 11}, BACK_OFF, VehicleBusy),
        ({2}, BACK_OFF, SubsystemTimeout),
        ({3, 4}, STOP, KeyNotPaired),
        ({9}, STOP, CommandUnsupported),
        (
            {7, 8, 10, 12, 13, 14, 16, 18, 19, 21, 22, 23, 24, 25, 27, 28, 29, 30, 4711},
            STOP,
            FaultStopped,
        ),
    ],
)
def test_reaction_and_error(
    numbers: set[int], reaction: Reaction, error: type[VehicleCommandError]
) -> None:
    """The whole table, and the default row."""
    for number in numbers:
        assert fault_of(number).reaction is reaction
        raised = error_for(number)
        assert type(raised) is error
        assert raised.fault == number
        assert raised.translation_key == fault_of(number).translation_key
        assert raised.temporary is (reaction is not STOP)


def test_only_two_faults_may_hide_an_execution() -> None:
    """All others promise that nothing was executed."""
    uncertain = {number for number in FAULTS if error_for(number).may_have_succeeded}
    assert uncertain == {2, 25}


def test_a_resync_without_session_info_asks_for_a_handshake() -> None:
    """Nothing was adopted."""
    error = error_for(15)
    assert isinstance(error, SessionOutOfDate)
    assert not error.adopted


def test_session_info_comes_with_the_documented_faults_only() -> None:
    """BAD_PARAMETER is there for an absurd expiry, which a fresh clock cures."""
    assert {5, 6, 13, 15, 17, 20, 26} == WITH_SESSION_INFO


def test_errors_tell_their_fault() -> None:
    """The number is in the text, for a log."""
    assert str(error_for(15)) == "INCORRECT_EPOCH (fault 15)"
    assert str(VehicleCommandError()) == "VehicleCommandError"
