"""The receiver: cars connect to it, and what they tell goes to whoever owns them.

It has a port of its own, because the car's certificate is its identity and a proxy would end the
TLS. It knows nothing about signals or entries: a sink takes the records.
"""

import asyncio
from dataclasses import dataclass
import socket
from typing import TYPE_CHECKING, Final, override
import uuid

from aiohttp import web

from .admission import HANDSHAKE_TIMEOUT, UNFINISHED, Admission
from .attempts import Attempts
from .connection import Connection
from .envelope import MAX_FRAME
from .sink import Hello, Tally

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    import ssl

    from aiohttp.web_protocol import RequestHandler

    from .cork import CorkedTransport
    from .identity import Identity
    from .sink import Sink

PER_CAR: Final = 4
"""Connections of one car: it may come back before its last one is found to be dead."""
FRAMES_PER_SECOND: Final = 500.0
"""What is read of one connection, over ten seconds; a car sends two, and more after a silence."""
HEARTBEAT: Final = 30.0
"""Seconds between two pings: a car that lost its network does not say goodbye."""
# A frame that is too long gets an answer; one that is much too long ends the connection.
_HARD_LIMIT: Final = 2 * MAX_FRAME
GRACE: Final = 1.5
"""Seconds in which cars may say goodbye themselves; Home Assistant waits for nobody for long."""
_GOING_AWAY: Final = 1001
_TOO_MANY: Final = 1008


@dataclass(frozen=True, slots=True)
class _Admitted:
    """A car whose handshake is over, and whose request has not come."""

    transport: CorkedTransport
    identity: Identity

    @property
    def vin(self) -> str:
        return self.identity.device_id


class _Web(web.Server):
    """Serves admitted cars, and tells when one of its connections is gone."""

    def __init__(
        self,
        handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        lost: Callable[[asyncio.BaseProtocol], None],
    ) -> None:
        super().__init__(handler, access_log=None)
        self._lost = lost

    @override
    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        self._lost(handler)


class Receiver:
    """Listens for cars from `async_start` to `async_stop`."""

    def __init__(
        self,
        context: ssl.SSLContext,
        sink: Sink,
        *,
        frames_per_second: float = FRAMES_PER_SECOND,
        handshake_timeout: float = HANDSHAKE_TIMEOUT,
        unfinished: int = UNFINISHED,
        heartbeat: float = HEARTBEAT,
    ) -> None:
        self.attempts = Attempts()
        self.tallies: dict[str, Tally] = {}
        self._sink = sink
        self._frames_per_second = frames_per_second
        self._heartbeat = heartbeat
        self._admission = Admission(
            context=context,
            is_known=sink.is_known,
            welcome=self._welcome,
            attempts=self.attempts,
            unfinished=unfinished,
            handshake_timeout=handshake_timeout,
        )
        self._web = _Web(self._handle, self._forget)
        self._server: asyncio.Server | None = None
        self._pulse: asyncio.Task[None] | None = None
        self._admitted: dict[asyncio.BaseProtocol, _Admitted] = {}
        self._connections: dict[str, list[Connection]] = {}

    @property
    def port(self) -> int | None:
        """Where it listens; None if it does not."""
        ports = {
            listener.family: listener.getsockname()[1]
            for listener in (self._server.sockets if self._server else ())
        }
        return ports.get(socket.AF_INET) or next(iter(ports.values()), None)

    @property
    def connected(self) -> frozenset[str]:
        """The cars that are there."""
        return frozenset(self._connections)

    async def async_start(self, port: int, host: str | None = None) -> None:
        """Begin to listen. Raises OSError if the port is taken or forbidden."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._admission.protocol, host, port, backlog=256)
        self._pulse = loop.create_task(self._async_pulse(), name="Telemetry heartbeat")

    async def async_stop(self) -> None:
        """Stop listening and send everybody away; what is not safe stays unanswered."""
        if self._server is None or self._pulse is None:
            return
        server, self._server = self._server, None
        server.close()
        self._pulse.cancel()
        await self._admission.async_close()
        cars = self._connections.keys() | {each.vin for each in self._admitted.values()}
        await asyncio.gather(*(self.async_drop(vin) for vin in cars))
        await self._web.shutdown(GRACE)
        server.abort_clients()
        await server.wait_closed()

    def renew(self, context: ssl.SSLContext) -> None:
        """Meet whoever connects from now on with another certificate."""
        self._admission.context = context

    async def async_drop(self, vin: str) -> None:
        """Close a car's connections, also those that have asked for nothing yet."""
        for admitted in list(self._admitted.values()):
            if admitted.vin == vin:
                admitted.transport.abort()
        await _async_send_away(self._connections.get(vin, ()), _GOING_AWAY)

    async def async_beat(self) -> None:
        """Ping everybody, and end the connections that were silent since the last time."""
        connections = [each for car in self._connections.values() for each in car]
        await asyncio.gather(
            *(connection.async_beat() for connection in connections), return_exceptions=True
        )

    async def _async_pulse(self) -> None:
        while True:
            await asyncio.sleep(self._heartbeat)
            await self.async_beat()

    def _welcome(self, transport: CorkedTransport, identity: Identity) -> asyncio.Protocol:
        protocol = self._web()
        self._admitted[protocol] = _Admitted(transport, identity)
        return protocol

    def _forget(self, protocol: asyncio.BaseProtocol) -> None:
        self._admitted.pop(protocol, None)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """The request of an admitted car, and the only one of its connection."""
        admitted = self._admitted.get(request.protocol)
        stream = web.WebSocketResponse(
            # A car whose offer to compress is taken hangs up without a word.
            compress=False,
            autoping=False,
            max_msg_size=_HARD_LIMIT,
        )
        if admitted is None or not self._is_welcome(admitted) or not stream.can_prepare(request).ok:
            return web.Response(
                status=400,
                text="Only WebSocket connections of cars are served here.",
                headers={"Sec-WebSocket-Version": "13", "Connection": "close"},
            )
        await stream.prepare(request)
        self._forget(request.protocol)
        if not self._is_welcome(admitted):
            await stream.close(code=_GOING_AWAY, drain=False)
            return stream
        tally = self.tallies.setdefault(admitted.vin, Tally())
        connection = Connection(
            stream,
            admitted.transport,
            admitted.identity,
            self._sink,
            tally,
            frames_per_second=self._frames_per_second,
        )
        await self._async_serve(connection, tally, _hello(request))
        return stream

    def _is_welcome(self, admitted: _Admitted) -> bool:
        """Whether the car still belongs to somebody here: it may have left since its handshake."""
        return self._sink.is_known(admitted.vin)

    async def _async_serve(self, connection: Connection, tally: Tally, hello: Hello) -> None:
        vin = connection.vin
        others = self._connections.setdefault(vin, [])
        others.append(connection)
        tally.connections += 1
        try:
            if len(others) > PER_CAR:
                await _async_send_away(others[:1], _TOO_MANY)
            self._sink.connected(vin, hello)
            await connection.async_serve()
        finally:
            others.remove(connection)
            if not others:
                del self._connections[vin]
                self._sink.disconnected(vin)


async def _async_send_away(connections: Iterable[Connection], code: int) -> None:
    """End connections; who does not take leave is cut off."""
    closing = {
        asyncio.ensure_future(connection.async_close(code)): connection
        for connection in connections
    }
    if not closing:
        return
    _, late = await asyncio.wait(closing, timeout=GRACE)
    for task in late:
        closing[task].abort()
        task.cancel()
    await asyncio.gather(*closing, return_exceptions=True)


def _hello(request: web.BaseRequest) -> Hello:
    return Hello(
        client_version=request.headers.get("Version", "")[:32],
        network=request.headers.get("X-Network-Interface", "")[:32],
        connection_id=request.headers.get("X-TXID", "")[:64] or str(uuid.uuid4()),
    )
