"""Answers to a car, each once its record is safe."""

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from aiohttp import web

    from .cork import CorkedTransport

UNANSWERED: Final = 1_000
"""Answers of one connection that wait; with more of them nothing is read until some have left."""
DEADLINE: Final = 10.0
"""Seconds in which an answer must have left; a car that does not read is gone."""


class Answers:
    """Sends answers in the order of the records.

    If a record could not be made safe, it stays unanswered, and so does all that came later: the
    car keeps it and sends it again. Its connection is ended for that, as is that of a car which
    does not read.
    """

    def __init__(self, socket: web.WebSocketResponse, transport: CorkedTransport) -> None:
        self._socket = socket
        self._transport = transport
        self._waiting: deque[tuple[Sequence[bytes], asyncio.Future[None] | None]] = deque()
        self._unanswered = 0
        self._room = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._has_failed = False

    def add(self, answers: Sequence[bytes], safe: Awaitable[None] | None) -> None:
        """Send these once it is safe, and once those before them have been sent."""
        if self._has_failed:
            return
        self._waiting.append((answers, None if safe is None else asyncio.ensure_future(safe)))
        self._unanswered += len(answers)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.get_running_loop().create_task(self._async_work())

    async def async_wait_for_room(self) -> None:
        """Until not too many wait."""
        while self._unanswered >= UNANSWERED and not self._has_failed:
            self._room.clear()
            await self._room.wait()

    async def async_close(self) -> None:
        """Give up what is not answered."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    async def _async_work(self) -> None:
        try:
            while self._waiting:
                await _until_safe(self._waiting[0][1])
                async with asyncio.timeout(DEADLINE):
                    await self._async_answer_safe()
        except OSError as err:
            self._has_failed = True
            self._waiting.clear()
            self._room.set()
            if isinstance(err, TimeoutError):
                self._transport.abort()
            else:
                await self._socket.close(drain=False)

    async def _async_answer_safe(self) -> None:
        """Answer what is safe of all that waits now; many records become so at once."""
        with self._transport.corked():
            for _ in range(len(self._waiting)):
                answers, safe = self._waiting[0]
                if not _is_safe(safe):
                    return
                for answer in answers:
                    await self._socket.send_bytes(answer)
                self._waiting.popleft()
                self._unanswered -= len(answers)
                self._room.set()


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
