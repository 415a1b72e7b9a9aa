"""Answers to a car, each once its record is safe."""

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from aiohttp import web

UNANSWERED: Final = 1_000
"""Records of one connection that are not safe yet; more are not read until some are."""
DEADLINE: Final = 10.0
"""Seconds in which an answer must have left; a car that does not read is gone."""


class Answers:
    """Sends answers in the order of the records.

    If a record could not be made safe, it stays unanswered, and so does all that came later: the
    car keeps it and sends it again. `abort` ends the connection of a car that does not read.
    """

    def __init__(self, socket: web.WebSocketResponse, abort: Callable[[], None]) -> None:
        self._socket = socket
        self._abort = abort
        self._waiting: deque[tuple[tuple[bytes, ...], asyncio.Future[None] | None]] = deque()
        self._room = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._has_failed = False

    async def async_send(self, answers: tuple[bytes, ...], safe: Awaitable[None] | None) -> None:
        """Send at once if nothing stands before; else later, but not with too many waiting.

        Raises:
            OSError: Something could not be made safe; the connection is of no use any more.
        """
        self._check()
        if safe is None and not self._waiting:
            async with self._in_time():
                await self._async_send_all(answers)
            return
        self._waiting.append((answers, None if safe is None else asyncio.ensure_future(safe)))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.get_running_loop().create_task(self._async_work())
        while len(self._waiting) >= UNANSWERED:
            self._room.clear()
            await self._room.wait()
        self._check()

    async def async_close(self) -> None:
        """Give up what is not answered."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    def _check(self) -> None:
        if self._has_failed:
            message = "a record could not be made safe"
            raise OSError(message)

    async def _async_work(self) -> None:
        try:
            while self._waiting:
                await _until_safe(self._waiting[0][1])
                await self._async_answer_safe()
        except OSError:
            self._has_failed = True
            self._waiting.clear()
        finally:
            self._room.set()

    async def _async_answer_safe(self) -> None:
        """Answer what is safe of all that waits now; many records become so at once."""
        async with self._in_time():
            for _ in range(len(self._waiting)):
                answers, safe = self._waiting[0]
                if not _is_safe(safe):
                    return
                await self._async_send_all(answers)
                self._waiting.popleft()
                self._room.set()

    async def _async_send_all(self, answers: tuple[bytes, ...]) -> None:
        for answer in answers:
            await self._socket.send_bytes(answer)

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """End the connection where the car does not read."""
        try:
            async with asyncio.timeout(DEADLINE):
                yield
        except TimeoutError:
            self._abort()
            raise


async def _until_safe(promise: asyncio.Future[None] | None) -> None:
    """Wait without taking the promise from others who wait for it. Raises OSError."""
    if promise is None:
        return
    if not promise.done():  # it is shared by many records
        await asyncio.wait([promise])
    if promise.cancelled():
        message = "nobody knows whether it is safe"
        raise OSError(message)
    promise.result()


def _is_safe(promise: asyncio.Future[None] | None) -> bool:
    if promise is None:
        return True
    return promise.done() and not promise.cancelled() and promise.exception() is None
