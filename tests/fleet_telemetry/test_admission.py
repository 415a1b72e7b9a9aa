"""The door from the inside: what no client can be made to do at the right moment."""

import asyncio
import ssl
from typing import TYPE_CHECKING
from unittest.mock import AsyncMock, Mock, patch

import pytest

from custom_components.teslalogger.fleet_telemetry.admission import Admission
from custom_components.teslalogger.fleet_telemetry.attempts import Attempts, Reason

if TYPE_CHECKING:
    from collections.abc import Callable


def admission(*, unfinished: int = 2) -> Admission:
    """A door that nobody has passed; who does, fails the test."""
    return Admission(
        context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
        is_known=lambda _: True,
        welcome=lambda *_: pytest.fail("somebody was let in"),
        attempts=Attempts(),
        unfinished=unfinished,
    )


def arrive(door: Admission, address: str) -> Mock:
    """Connect from an address, and say nothing."""
    transport = Mock(spec=asyncio.Transport)
    transport.get_extra_info.side_effect = {"peername": (address, 50_000)}.get
    door.protocol().connection_made(transport)
    return transport


async def never_end(*_: object, **__: object) -> None:
    """A handshake with somebody who says nothing."""
    await asyncio.Event().wait()


async def settle(is_so: Callable[[], bool]) -> None:
    """Let tasks run until something is so."""
    for _ in range(100):
        if is_so():
            return
        await asyncio.sleep(0)
    pytest.fail("it did not happen")


async def test_who_is_gone_once_the_handshake_is_over_is_not_let_in() -> None:
    """The event loop has no transport to hand over then."""
    door = admission()
    with patch.object(asyncio.get_running_loop(), "start_tls", AsyncMock(return_value=None)):
        arrive(door, "192.0.2.1")
        await settle(lambda: bool(door.attempts.counts))
    assert door.attempts.counts == {Reason.GONE: 1}


async def test_busiest_address_gives_way() -> None:
    """Its oldest goes, never the single caller from elsewhere, however long that one takes."""
    door = admission(unfinished=3)
    with patch.object(asyncio.get_running_loop(), "start_tls", never_end):
        single = arrive(door, "192.0.2.1")
        crowd = [arrive(door, "198.51.100.7") for _ in range(5)]
        await settle(lambda: door.attempts.counts[Reason.CROWDED_OUT] == 3)
        assert [caller.abort.called for caller in crowd] == [True, True, True, False, False]
        assert not single.abort.called
        assert {attempt.address for attempt in door.attempts.newest} == {"198.51.100.7"}

        await door.async_close()
    assert single.abort.called
    assert all(caller.abort.called for caller in crowd)
    # Who is cut off because the receiver stops has done nothing that is worth remembering.
    assert door.attempts.counts == {Reason.CROWDED_OUT: 3}


async def test_who_fails_in_an_unknown_way_is_cut_off() -> None:
    """Whatever it is: no socket stays open that nobody looks after."""
    door = admission()
    start = AsyncMock(side_effect=RuntimeError("never seen"))
    with patch.object(asyncio.get_running_loop(), "start_tls", start):
        transport = arrive(door, "192.0.2.1")
        [task] = door._callers.values()
        with pytest.raises(RuntimeError, match="never seen"):
            await task
    assert transport.abort.called
