"""A running receiver, and clients of every kind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
import ssl
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import pytest

from custom_components.teslalogger.fleet_telemetry.pki import OwnAuthority
from custom_components.teslalogger.fleet_telemetry.receiver import Receiver
from custom_components.teslalogger.fleet_telemetry.tls import server_context

from .passports import VIN, Office, Passport

if TYPE_CHECKING:
    from pathlib import Path

    from custom_components.teslalogger.fleet_telemetry.receiver import Hello
    from custom_components.teslalogger.fleet_telemetry.records import Record

HOST: Final = "home.example.test"

type Connect = Callable[..., Awaitable[aiohttp.ClientWebSocketResponse]]


async def settled() -> None:
    """Everything that can go on has gone on."""
    for _ in range(20):
        await asyncio.sleep(0)


@dataclass(kw_only=True)
class Diary:
    """A sink that remembers, and says when records are safe."""

    cars: set[str] = field(default_factory=lambda: {VIN})
    taken: list[tuple[str, Record]] = field(default_factory=list)
    events: list[tuple[str, str]] = field(default_factory=list)
    hellos: list[Hello] = field(default_factory=list)
    safe: asyncio.Future[None] | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def is_known(self, vin: str) -> bool:
        """Whether it is one of the cars."""
        return vin in self.cars

    def connected(self, vin: str, hello: Hello) -> None:
        """Note it."""
        self.hellos.append(hello)
        self._note(vin, "connected")

    def take(self, vin: str, records: Sequence[Record]) -> Awaitable[None] | None:
        """Keep the records; they are safe when the test says so."""
        self.taken += [(vin, record) for record in records]
        self.changed.set()
        return self.safe

    def disconnected(self, vin: str) -> None:
        """Note it."""
        self._note(vin, "disconnected")

    def _note(self, vin: str, what: str) -> None:
        self.events.append((vin, what))
        self.changed.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for something that must happen."""
        async with asyncio.timeout(20):
            while not is_so():
                self.changed.clear()
                await self.changed.wait()


@dataclass(kw_only=True)
class Listening:
    """A receiver, with what is needed to be let in."""

    receiver: Receiver
    diary: Diary
    authority: OwnAuthority
    office: Office
    folder: Path

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self.receiver.port is not None
        return self.receiver.port

    def client_context(
        self, passport: Passport | None, *, trusting: str | None = None
    ) -> ssl.SSLContext:
        """The car's side: it trusts what its configuration names."""
        context = ssl.create_default_context(cadata=trusting or self.authority.certificate)
        if passport is not None:
            file = self.folder / "passport.pem"
            file.write_text(passport.pem + passport.key)
            context.load_cert_chain(file)
        return context

    async def knock(self, context: ssl.SSLContext | None, *, name: str = HOST) -> None:
        """Try to get in until the connection ends."""
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", self.port, ssl=context, server_hostname=name if context else None
            )
            try:
                writer.write(b"GET / HTTP/1.1\r\nHost: home\r\n\r\n")
                async with asyncio.timeout(20):
                    await reader.read()
            finally:
                writer.close()

    async def refusals(self, count: int = 1) -> list[str]:
        """Why the clients so far were sent away, once there are so many."""
        async with asyncio.timeout(20):
            while sum(self.receiver.attempts.counts.values()) < count:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0)
        return [attempt.reason.value for attempt in self.receiver.attempts.newest]


@pytest.fixture(scope="session")
def authority() -> OwnAuthority:
    """The authority of the installation."""
    return OwnAuthority.create(datetime.now(UTC))


@pytest.fixture
def limits() -> dict[str, Any]:
    """What the receiver is made with; tests override it."""
    return {}


@pytest.fixture
async def listening(
    socket_enabled: None,  # noqa: ARG001 - opens the loopback
    authority: OwnAuthority,
    limits: dict[str, Any],
    tmp_path: Path,
) -> AsyncIterator[Listening]:
    """A receiver on a free port of this machine."""
    office, diary = Office(), Diary()
    context = server_context(authority.issue(HOST, datetime.now(UTC)), office.pem)
    receiver = Receiver(context, diary, **limits)
    await receiver.async_start(0, "127.0.0.1")
    yield Listening(
        receiver=receiver, diary=diary, authority=authority, office=office, folder=tmp_path
    )
    await receiver.async_stop()


@pytest.fixture
async def connect(listening: Listening) -> AsyncIterator[Connect]:
    """Connect as a car does; by default as the right one."""
    opened: list[aiohttp.ClientWebSocketResponse] = []
    async with aiohttp.ClientSession() as session:

        async def open_socket(
            passport: Passport | None = None,
            *,
            context: ssl.SSLContext | None = None,
            name: str = HOST,
            **arguments: Any,
        ) -> aiohttp.ClientWebSocketResponse:
            ours = context or listening.client_context(passport or listening.office.issue())
            socket: aiohttp.ClientWebSocketResponse = await session.ws_connect(
                f"wss://127.0.0.1:{listening.port}/",
                ssl=ours,
                server_hostname=name,
                max_msg_size=0,
                **arguments,
            )
            opened.append(socket)
            return socket

        yield open_socket
        for socket in opened:
            await socket.close()
