"""A car that does not read: what is sent to it waits, and nobody else does."""

import asyncio
from unittest.mock import Mock, patch

from aiohttp import web
import pytest

from custom_components.teslalogger.fleet_telemetry import answers, connection
from custom_components.teslalogger.fleet_telemetry.answers import Answers
from custom_components.teslalogger.fleet_telemetry.connection import Connection
from custom_components.teslalogger.fleet_telemetry.sink import Tally

from .conftest import Diary
from .frames import CAR


async def never_end(*_: object) -> None:
    """What is sent does not leave."""
    await asyncio.Event().wait()


@pytest.fixture
def full() -> Mock:
    """A socket whose buffers are full."""
    socket = Mock(spec=web.WebSocketResponse)
    socket.ping = socket.send_bytes = never_end
    return socket


async def test_ping_that_does_not_leave_ends_the_connection(full: Mock) -> None:
    """The pulse of all cars waits for it for a while, and not for ever."""
    transport = Mock(spec=asyncio.Transport)
    stuck = Connection(full, transport, CAR, Diary(), Tally(), frames_per_second=1.0)
    with patch.object(connection, "DEADLINE", 0.0):
        await stuck.async_beat()
    assert transport.abort.called


async def test_answer_that_does_not_leave_ends_the_connection(full: Mock) -> None:
    """At once or later; the record is sent again."""
    with patch.object(answers, "DEADLINE", 0.0):
        abort = Mock()
        with pytest.raises(TimeoutError):
            await Answers(full, abort).async_send((b"",), None)
        assert abort.called

        abort, safe = Mock(), asyncio.Future[None]()
        later = Answers(full, abort)
        await later.async_send((b"",), safe)
        safe.set_result(None)
        for _ in range(20):
            await asyncio.sleep(0)
        assert abort.called
        with pytest.raises(OSError, match="could not be made safe"):
            await later.async_send((b"",), None)
