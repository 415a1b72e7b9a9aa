"""Answers leave in the order of their records, and none before its record is safe."""

import asyncio
from unittest.mock import Mock, patch

from aiohttp import web
import pytest

from custom_components.teslalogger.fleet_telemetry import answers
from custom_components.teslalogger.fleet_telemetry.answers import Answers


class Socket:
    """What a car has heard; answers take as long as their `way`, if it has one."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.way: asyncio.Future[None] | None = None
        self.answers = Answers(
            Mock(spec=web.WebSocketResponse, send_bytes=self._send_bytes), Mock()
        )

    async def _send_bytes(self, message: bytes) -> None:
        if self.way is not None:
            await self.way
        self.heard.append(message)


async def settled() -> None:
    """Everything that can go on has gone on."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_answer_that_waits_for_nothing_leaves_at_once() -> None:
    """It has, when the sender goes on."""
    socket = Socket()
    await socket.answers.async_send((b"one", b"two"), None)
    assert socket.heard == [b"one", b"two"]


async def test_nothing_overtakes() -> None:
    """Neither an answer that waits for nothing, nor one whose record is safe sooner."""
    socket = Socket()
    first, second, third = (asyncio.Future[None]() for _ in range(3))
    await socket.answers.async_send((b"first",), first)
    await socket.answers.async_send((b"of nothing",), None)
    await socket.answers.async_send((b"second",), second)
    await socket.answers.async_send((b"third",), third)

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
    await socket.answers.async_send((b"first",), safe)
    safe.set_result(None)
    await settled()
    await socket.answers.async_send((b"of nothing",), None)
    assert socket.heard == []
    way.set_result(None)
    await settled()
    assert socket.heard == [b"first", b"of nothing"]
    await socket.answers.async_send((b"at once",), None)
    assert socket.heard[-1] == b"at once"


@pytest.mark.parametrize("is_known", [True, False])
async def test_what_is_not_safe_is_not_answered(*, is_known: bool) -> None:
    """Nor what came after it: the car sends all of it again."""
    socket = Socket()
    first, second = asyncio.Future[None](), asyncio.Future[None]()
    await socket.answers.async_send((b"first",), first)
    await socket.answers.async_send((b"second",), second)
    if is_known:
        first.set_exception(OSError("disk full"))
    else:
        first.cancel()
    second.set_result(None)
    await settled()
    with pytest.raises(OSError, match="could not be made safe"):
        await socket.answers.async_send((b"third",), None)
    assert socket.heard == []


async def test_no_more_is_read_than_can_wait() -> None:
    """Whoever brings one too many waits until one has left."""
    socket = Socket()
    first, second = asyncio.Future[None](), asyncio.Future[None]()
    with patch.object(answers, "UNANSWERED", 2):
        await socket.answers.async_send((b"first",), first)
        too_many = asyncio.create_task(socket.answers.async_send((b"second",), second))
        await settled()
        assert not too_many.done()
        first.set_result(None)
        await settled()
    assert too_many.done()
    await socket.answers.async_close()


async def test_nothing_leaves_after_the_end() -> None:
    """The car keeps what was not answered."""
    socket = Socket()
    safe = asyncio.Future[None]()
    await socket.answers.async_send((b"first",), safe)
    await settled()
    await socket.answers.async_close()
    safe.set_result(None)
    await settled()
    assert socket.heard == []
