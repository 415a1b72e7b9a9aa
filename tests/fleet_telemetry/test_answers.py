"""Answers leave in the order of their records, and none before its record is safe."""

import asyncio
from unittest.mock import Mock, patch

from aiohttp import web
import pytest

from custom_components.teslalogger.fleet_telemetry import answers
from custom_components.teslalogger.fleet_telemetry.answers import Answers
from custom_components.teslalogger.fleet_telemetry.cork import CorkedTransport

from .conftest import settled


class Socket:
    """What a car has heard; answers take as long as their `way`, if it has one."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.way: asyncio.Future[None] | None = None
        self.transport = Mock(spec=asyncio.Transport)
        self.socket = Mock(spec=web.WebSocketResponse, send_bytes=self._send_bytes)
        self.answers = Answers(
            self.socket,
            CorkedTransport(self.transport),
        )

    async def _send_bytes(self, message: bytes) -> None:
        if self.way is not None:
            await self.way
        self.heard.append(message)


async def test_answer_that_waits_for_nothing_leaves_at_once() -> None:
    """As do those that come with it."""
    socket = Socket()
    socket.answers.add([b"one", b"two"], None)
    await settled()
    assert socket.heard == [b"one", b"two"]


async def test_nothing_overtakes() -> None:
    """Neither an answer that waits for nothing, nor one whose record is safe sooner."""
    socket = Socket()
    first, second, third = (asyncio.Future[None]() for _ in range(3))
    socket.answers.add([b"first"], first)
    socket.answers.add([b"of nothing"], None)
    socket.answers.add([b"second"], second)
    socket.answers.add([b"third"], third)

    third.set_result(None)
    await settled()
    assert socket.heard == []

    first.set_result(None)
    await settled()
    assert socket.heard == [b"first", b"of nothing"]

    second.set_result(None)
    await settled()
    assert socket.heard == [b"first", b"of nothing", b"second", b"third"]


async def test_nothing_overtakes_what_is_leaving() -> None:
    """What comes while an answer is on its way leaves after it."""
    socket = Socket()
    safe, way = asyncio.Future[None](), asyncio.Future[None]()
    socket.way = way
    socket.answers.add([b"first"], safe)
    safe.set_result(None)
    await settled()
    socket.answers.add([b"of nothing"], None)
    await settled()
    assert socket.heard == []
    way.set_result(None)
    await settled()
    assert socket.heard == [b"first", b"of nothing"]
    socket.answers.add([b"at once"], None)
    await settled()
    assert socket.heard[-1] == b"at once"


@pytest.mark.parametrize("is_known", [True, False])
async def test_what_is_not_safe_is_not_answered(*, is_known: bool) -> None:
    """Nor what came after it: the car is sent away, and sends all of it again."""
    socket = Socket()
    first, second = asyncio.Future[None](), asyncio.Future[None]()
    socket.answers.add([b"first"], first)
    socket.answers.add([b"second"], second)
    if is_known:
        first.set_exception(OSError("disk full"))
    else:
        first.cancel()
    second.set_result(None)
    await settled()
    assert socket.socket.close.await_count == 1
    socket.answers.add([b"third"], None)
    await settled()
    await socket.answers.async_wait_for_room()
    assert socket.heard == []


async def test_answer_that_does_not_leave_ends_the_connection() -> None:
    """The record is sent again."""
    socket = Socket()
    socket.way = asyncio.Future()
    with patch.object(answers, "DEADLINE", 0.0):
        socket.answers.add([b"first"], None)
        await settled()
    assert socket.transport.abort.called


async def test_no_more_is_read_than_can_wait() -> None:
    """Whoever brings one too many waits until one has left."""
    socket = Socket()
    first, second = asyncio.Future[None](), asyncio.Future[None]()
    with patch.object(answers, "UNANSWERED", 2):
        socket.answers.add([b"first"], first)
        await asyncio.wait_for(socket.answers.async_wait_for_room(), 1)
        socket.answers.add([b"second"], second)
        too_many = asyncio.create_task(socket.answers.async_wait_for_room())
        await settled()
        assert not too_many.done()
        first.set_result(None)
        await settled()
    assert too_many.done()
    await socket.answers.async_close()


async def test_whoever_waits_for_room_hears_that_there_is_none() -> None:
    """A connection that is broken has nothing to wait for."""
    socket = Socket()
    lost = asyncio.Future[None]()
    with patch.object(answers, "UNANSWERED", 1):
        socket.answers.add([b"first"], lost)
        too_many = asyncio.create_task(socket.answers.async_wait_for_room())
        await settled()
        lost.set_exception(OSError("disk full"))
        await settled()
    assert too_many.done()


async def test_nothing_leaves_after_the_end() -> None:
    """The car keeps what was not answered."""
    socket = Socket()
    safe = asyncio.Future[None]()
    socket.answers.add([b"first"], safe)
    await settled()
    await socket.answers.async_close()
    safe.set_result(None)
    await settled()
    assert socket.heard == []
