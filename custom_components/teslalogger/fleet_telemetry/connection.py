"""One car's connection: frames in, answers out, neither faster than what can be made safe."""

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from aiohttp import ClientError, WSMsgType, web

from .answers import Answers
from .pace import Pace
from .records import read_frame

if TYPE_CHECKING:
    from .cork import CorkedTransport
    from .identity import Identity
    from .sink import Sink, Tally

_LOGGER = logging.getLogger(__name__)

DEADLINE: Final = 10.0
"""Seconds in which a ping must have left for a car; one that does not read is gone."""

_TURN: Final = 100  # frames; then others have their turn
_GATHERING: Final = 0.003
"""Seconds for which frames wait for more, while so many come that several are there at once."""


class Connection:
    """An open WebSocket of an admitted car."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: CorkedTransport,
        identity: Identity,
        sink: Sink,
        tally: Tally,
        *,
        frames_per_second: float,
    ) -> None:
        self.vin = identity.device_id
        self._socket = socket
        self._transport = transport
        self._identity = identity
        self._sink = sink
        self._tally = tally
        self._pace = Pace(frames_per_second)
        self._answers = Answers(socket, transport)
        self._frames: list[bytes] = []
        self._gathering = 0.0
        self._taking: asyncio.TimerHandle | None = None
        self._has_been_heard = True

    async def async_serve(self) -> None:
        """Until one side ends it."""
        try:
            try:
                await self._async_read()
            except OSError, ClientError:
                _LOGGER.debug("Telemetry: a connection broke off")
            self._take()
        finally:
            self._frames.clear()
            self._stop_gathering()
            await self._answers.async_close()
            await self.async_close()

    async def async_close(self, code: int = 1000) -> None:
        """End it."""
        await self._socket.close(code=code, drain=False)

    async def async_beat(self) -> None:
        """Ping the car; end the connection if nothing came since the last ping."""
        if not self._has_been_heard:
            self.abort()
            return
        self._has_been_heard = False
        try:
            async with asyncio.timeout(DEADLINE):
                await self._socket.ping()
        except TimeoutError:
            self.abort()

    def abort(self) -> None:
        """End it without waiting for a goodbye."""
        self._transport.abort()

    async def _async_read(self) -> None:
        frames = 0
        while True:
            message = await self._socket.receive()
            self._has_been_heard = True
            match message.type:
                case WSMsgType.BINARY:
                    self._gather(message.data)
                case WSMsgType.PING:
                    await self._socket.pong(message.data)
                case WSMsgType.PONG:
                    pass
                case WSMsgType.CLOSE | WSMsgType.CLOSING | WSMsgType.CLOSED:
                    return
                case _:
                    _LOGGER.debug("Telemetry: a message that is no record ends the connection")
                    return
            frames += 1
            if not frames % _TURN:
                await asyncio.sleep(0)
                await self._answers.async_wait_for_room()
                await self._pace.async_step(_TURN)

    def _gather(self, frame: bytes) -> None:
        """Put a frame to those that have come with it, and see to it that they are taken."""
        self._frames.append(frame)
        if len(self._frames) == 1:
            loop = asyncio.get_running_loop()
            self._taking = loop.call_later(self._gathering, self._take)
        elif len(self._frames) == _TURN:
            asyncio.get_running_loop().call_soon(self._take)

    def _take(self) -> None:
        """Take over what has come, each step for all of it.

        A car that returns brings hundreds of records, and a step for each costs more than one for
        all: a task to resume, a promise to wait for, a message to encrypt. One that tells something
        now and then does not wait for more.
        """
        self._stop_gathering()
        frames, self._frames = self._frames, []
        if not frames:
            return
        self._gathering = _GATHERING if len(frames) > 1 else 0.0
        try:
            receipts = [read_frame(frame, self._identity) for frame in frames]
            records = self._tally.note(receipts)
            safe = self._sink.take(self.vin, records) if records else None
            self._answers.add([answer for receipt in receipts for answer in receipt.answers], safe)
        except Exception:
            self.abort()  # what is not answered comes again, and nothing may be answered after it
            raise

    def _stop_gathering(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None
