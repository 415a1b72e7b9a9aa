"""One car's connection: frames in, answers out, neither faster than what can be made safe."""

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from aiohttp import ClientError, WSMsgType, web

from .answers import Answers
from .pace import Pace
from .records import read_frame

if TYPE_CHECKING:
    from .identity import Identity
    from .sink import Sink, Tally

_LOGGER = logging.getLogger(__name__)

DEADLINE: Final = 10.0
"""Seconds in which a ping must have left for a car; one that does not read is gone."""

_TURN: Final = 50  # frames; then others have their turn


class Connection:
    """An open WebSocket of an admitted car."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport,
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
        self._answers = Answers(socket, transport.abort)
        self._has_been_heard = True

    async def async_serve(self) -> None:
        """Until one side ends it."""
        try:
            await self._async_read()
        except OSError, ClientError:
            _LOGGER.debug("Telemetry: a connection broke off")
        finally:
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
        async for message in self._socket:
            self._has_been_heard = True
            match message.type:
                case WSMsgType.BINARY:
                    await self._async_take(message.data)
                case WSMsgType.PING:
                    await self._socket.pong(message.data)
                case WSMsgType.PONG:
                    pass
                case _:
                    _LOGGER.debug("Telemetry: a message that is no record ends the connection")
                    return
            frames += 1
            if not frames % _TURN:
                await asyncio.sleep(0)

    async def _async_take(self, frame: bytes) -> None:
        receipt = read_frame(frame, self._identity)
        safe = None
        if receipt.record is not None:
            self._tally.note(receipt.record)
            if receipt.problem is None:
                safe = self._sink.take(self.vin, receipt.record)
        if receipt.problem is not None:
            self._tally.note_problem(receipt.problem)
        await self._answers.async_send(receipt.answers, safe)
        await self._pace.async_step()
