"""A receiver as small as it can be: mutual TLS, a WebSocket, an ack for every record."""

import asyncio
from dataclasses import dataclass, field
import ssl
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web
from tesla_protocol.telemetry.vehicle_alert_pb2 import VehicleAlerts
from tesla_protocol.telemetry.vehicle_data_pb2 import Field, Payload
from tesla_protocol.telemetry.vehicle_error_pb2 import VehicleErrors

from simulator.telemetry.certificates import CarAuthorities, name_of
from simulator.telemetry.envelope import Record, read_record, write_ack, write_record

from .configs import HOME, HOST

if TYPE_CHECKING:
    from simulator.telemetry.certificates import Passport

REFUSAL = "incorrect message format"


def house(*, host: str = HOST, authority: CarAuthorities = HOME) -> Passport:
    """The receiver's own certificate."""
    return authority.issuer.leaf(name_of(host, organization="Home"), hosts=(host,), chained=True)


@dataclass(kw_only=True)
class Receiver:
    """Keeps all records; what it does besides is for the test to say."""

    cars: CarAuthorities
    passport: Passport = field(default_factory=house)
    acks: bool = True
    refuses: bool = False
    compress: bool = False
    greeting: str = ""
    status: int = 101
    answers: list[bytes] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    headers: list[dict[str, str]] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    port: int = 0
    _runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; at any port, unless told which."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=self.cars.bundle.decode())
        self.passport.show_in(context)
        app = web.Application()
        app.router.add_get("/", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port, ssl_context=context).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Cut every car off."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def heard(self, count: int) -> None:
        """Wait until there are so many records. Raises TimeoutError."""
        async with asyncio.timeout(10):
            while len(self.records) < count:
                self.news.clear()
                await self.news.wait()

    def data(self) -> list[Payload]:
        """What came on the topic V."""
        return [
            Payload.FromString(record.payload) for record in self.records if record.topic == b"V"
        ]

    def values(self) -> list[dict[str, Any]]:
        """The values of each record, by name."""
        return [
            {
                Field.Name(datum.key): getattr(
                    datum.value, datum.value.WhichOneof("value") or "string_value"
                )
                for datum in payload.data
            }
            for payload in self.data()
        ]

    def alerts(self) -> list[VehicleAlerts]:
        """What came on the topic alerts."""
        return [
            VehicleAlerts.FromString(record.payload)
            for record in self.records
            if record.topic == b"alerts"
        ]

    def errors(self) -> list[VehicleErrors]:
        """What came on the topic errors."""
        return [
            VehicleErrors.FromString(record.payload)
            for record in self.records
            if record.topic == b"errors"
        ]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.status != 101:
            return web.Response(status=self.status)
        socket = web.WebSocketResponse(compress=self.compress)
        await socket.prepare(request)
        self.headers.append(dict(request.headers))
        certificate = request.get_extra_info("peercert")
        self.subjects.extend(
            value for ((key, value),) in certificate["subject"] if key == "commonName"
        )
        if self.greeting:
            await socket.send_str(self.greeting)
        async for message in socket:
            if message.type is WSMsgType.BINARY:
                await self._take(socket, message.data)
        return socket

    async def _take(self, socket: web.WebSocketResponse, data: bytes) -> None:
        record = read_record(data)
        self.records.append(record)
        self.news.set()
        for answer in self.answers:
            await socket.send_bytes(answer)
        if self.refuses:
            await socket.send_bytes(_refusal(record.txid))
        elif self.acks:
            await socket.send_bytes(write_ack(record.txid, record.topic))


def _refusal(txid: bytes) -> bytes:
    return write_record(
        Record(
            txid=txid,
            topic=b"",
            message_id=b"",
            sender_id=b"",
            device_type=b"",
            device_id=b"",
            created_at=0,
            payload=REFUSAL.encode(),
        )
    )
