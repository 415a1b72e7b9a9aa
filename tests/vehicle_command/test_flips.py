"""No single flipped bit in a recorded reply changes what we believe.

The messages are the reference's own. Every flip must be refused, except where the bit says nothing:
beside a fault, `operation_status` is not read, so flips in those two bytes leave the result as it
is. The fault beside session info is the one thing that is read and not under a tag; a flip there
is refused too, unless it turns one "sign anew" into another.
"""

from collections.abc import Callable
from typing import Any

import pytest

from custom_components.teslalogger.vehicle_command import (
    Domain,
    KeyNotPaired,
    Reply,
    ReplyRejected,
    Request,
    Session,
    SessionOutOfDate,
    VehicleCommandError,
)

from .test_open import memory
from .vectors import PREFIX, VECTORS, commanded, handshaken

INFOTAINMENT, SECURITY = Domain.INFOTAINMENT, Domain.VEHICLE_SECURITY

type Recorded = Callable[[], tuple[Session, Request, bytes]]


def _answered(domain: Domain, name: str) -> Recorded:
    vector = VECTORS[name]
    message = bytes.fromhex(vector if isinstance(vector, str) else vector["message"])
    return lambda: (*commanded(domain), message)


def _handshake(domain: Domain) -> Recorded:
    return lambda: handshaken(domain)


def _result(session: Session, request: Request, message: bytes) -> tuple[Any, ...]:
    """What the caller learns, and what the session remembers."""
    result: Reply | tuple[type[VehicleCommandError], bool, bool]
    try:
        result = session.open(request, message, now=0.5)
    except VehicleCommandError as error:
        result = (type(error), error.may_have_succeeded, getattr(error, "adopted", False))
    return result, memory(session)


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (_handshake(INFOTAINMENT), Reply),
        (_handshake(SECURITY), Reply),
        (_answered(INFOTAINMENT, "infotainment_hmac_flags2_response_ok"), Reply),
        (_answered(INFOTAINMENT, "infotainment_hmac_flags2_response_error"), Reply),
        (_answered(SECURITY, "vcsec_hmac_flags2_response_empty"), Reply),
        (_answered(INFOTAINMENT, "key_not_on_whitelist"), KeyNotPaired),
    ],
    ids=["handshake", "handshake-vcsec", "ok", "error", "vcsec", "not-paired"],
)
def test_every_flipped_bit_is_refused(recorded: Recorded, expected: type) -> None:
    """Authenticated or compared, each bit counts, and a refusal leaves no trace."""
    session, request, message = recorded()
    before = memory(session)
    good, _ = _result(session, request, message)
    assert expected in {type(good), good[0] if isinstance(good, tuple) else None}
    for bit in range(len(message) * 8):
        session, request, message = recorded()
        flipped = bytearray(message)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ReplyRejected):
            session.open(request, bytes(flipped), now=0.5)
        assert memory(session) == before, bit


@pytest.mark.parametrize("domain", [INFOTAINMENT, SECURITY])
def test_flips_beside_session_info_change_no_meaning(domain: Domain) -> None:
    """Refused, or the very same: not executed, session adopted, sign anew."""
    recorded = _answered(domain, f"{PREFIX[domain]}_fault_incorrect_epoch")
    session, request, message = recorded()
    good = _result(session, request, message)
    assert good[0] == (SessionOutOfDate, False, True)
    start = message.index(bytes.fromhex("0802100f"))
    meaningless = {start, start + 1}
    fault = start + 3
    unrefused = set()
    for bit in range(len(message) * 8):
        session, request, message = recorded()
        flipped = bytearray(message)
        flipped[bit // 8] ^= 1 << bit % 8
        result = _result(session, request, bytes(flipped))
        if result[0] != (ReplyRejected, True, False):
            assert result == good, bit
            unrefused.add(bit // 8)
    assert unrefused == meaningless | {fault}
