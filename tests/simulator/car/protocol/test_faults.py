"""What is planned to go wrong."""

import pytest
from tesla_protocol.command.universal_message_pb2 import MessageFault_E

from simulator.car.protocol.faults import (
    WITH_SESSION_INFO,
    CarFaults,
    Fault,
    Mischief,
    Planned,
    Refused,
)

SECURITY, INFOTAINMENT = 2, 3


def test_the_faults_are_tesla_s() -> None:
    """By number and name."""
    ours = {f"MESSAGEFAULT_ERROR_{fault.name}": fault.value for fault in Fault}
    assert ours == dict(MessageFault_E.items())


def test_plans_come_true_in_their_order_and_domain() -> None:
    """Then everything works again."""
    faults = CarFaults()
    faults.plan(SECURITY, Mischief.REFUSE, fault=Fault.BUSY, times=2)
    faults.plan(SECURITY, Mischief.FLIP, bit=7)
    busy = Planned(mischief=Mischief.REFUSE, fault=Fault.BUSY)
    flip = Planned(mischief=Mischief.FLIP, bit=7)
    assert faults.next(INFOTAINMENT) is None
    assert [faults.next(SECURITY) for _ in range(4)] == [busy, busy, flip, None]


@pytest.mark.parametrize("mischief", [Mischief.REFUSE, Mischief.FAIL])
def test_a_refusal_needs_a_fault(mischief: Mischief) -> None:
    """Without one it would look like success."""
    with pytest.raises(ValueError, match="needs a fault"):
        CarFaults().plan(SECURITY, mischief)


def test_everything_can_be_put_right() -> None:
    """Plans and switches."""
    faults = CarFaults(
        mobile_access=False, unreachable={SECURITY}, booting={INFOTAINMENT}, forgets_keys=True
    )
    faults.plan(SECURITY, Mischief.LOSE)
    faults.clear()
    assert faults.next(SECURITY) is None
    assert faults == CarFaults(_planned={})


@pytest.mark.parametrize("fault", [*Fault, 77])
def test_some_refusals_help_the_client_to_resync(fault: int) -> None:
    """Unless it is said otherwise."""
    assert Refused(fault).resync is (fault in WITH_SESSION_INFO)
    assert Refused(fault, resync=True).resync
    assert not Refused(fault, resync=False).resync
    assert {5, 6, 15, 17, 20} == WITH_SESSION_INFO
