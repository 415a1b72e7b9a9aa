"""Whether a request can have reached Tesla, shown with servers that break in every way."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
import contextlib
from typing import Any

import aiohttp
import pytest

from custom_components.teslalogger.tesla import transport
from custom_components.teslalogger.tesla.errors import AnswerLost, NotSent
from custom_components.teslalogger.tesla.transport import send

from .tls import self_signed

type Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

pytestmark = pytest.mark.usefixtures("socket_enabled")

URL = "https://tesla.example/path"


@contextlib.asynccontextmanager
async def serving(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch, **options: Any
) -> AsyncGenerator[None]:
    """A server that does with each connection what the conversation says, then closes it."""
    conversations: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            conversations.add(task)
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await conversation(reader, writer)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, **options)
    scheme = "https" if options else "http"
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("TESLALOGGER_SIMULATOR", f"{scheme}://127.0.0.1:{port}")
    try:
        yield
    finally:
        for task in conversations:
            task.cancel()
        server.close()


async def read_request(reader: asyncio.StreamReader) -> None:
    """Read a request with the body that `post` sends."""
    await reader.readuntil(b"\r\n\r\n{}")


async def post(session: aiohttp.ClientSession, *, time_limit: float = 5.0) -> bytes:
    """Send something that must not happen twice."""
    return (await send(session, "POST", URL, json={}, time_limit=time_limit)).body


async def close_at_once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hang up before the request is read."""
    writer.close()


async def close_after_reading(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Take the request and hang up."""
    await read_request(reader)


async def reset_after_reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the request and break the connection."""
    await read_request(reader)
    writer.transport.abort()


async def close_within_the_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Promise more than is sent."""
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{")


async def talk_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer in another protocol."""
    await read_request(reader)
    writer.write(b"220 mail.example ESMTP\r\n\r\n")


async def send_broken_gzip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Announce an encoding that the body does not have."""
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope")


@pytest.mark.parametrize(
    "conversation",
    [
        close_at_once,
        close_after_reading,
        reset_after_reading,
        close_within_the_body,
        talk_nonsense,
        send_broken_gzip,
    ],
)
async def test_what_breaks_after_connecting_may_have_been_executed(
    conversation: Conversation, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can tell how far the request got."""
    async with serving(conversation, monkeypatch):
        with pytest.raises(AnswerLost) as caught:
            await post(session)
    assert caught.value.may_have_succeeded
    assert caught.value.temporary


async def test_no_answer_in_time_may_have_been_executed(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has the request and says nothing."""

    async def say_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await read_request(reader)
        await asyncio.Event().wait()

    async with serving(say_nothing, monkeypatch):
        with pytest.raises(AnswerLost):
            await post(session, time_limit=0.05)


async def test_an_endless_answer_is_cut_off(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory is not a stranger's to use up."""

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(b"x" * 1_000)
            await writer.drain()

    monkeypatch.setattr(transport, "MAX_BODY", 10_000)
    async with serving(flood, monkeypatch):
        with pytest.raises(AnswerLost):
            await post(session)


async def test_a_connection_kept_open_may_break_with_the_request_in_it(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second request is read and dropped: it is not sent a second time behind our back."""
    read = 0

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal read
        await read_request(reader)
        read += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
        await read_request(reader)
        read += 1

    async with serving(answer_once, monkeypatch):
        assert await post(session) == b"OK"
        with pytest.raises(AnswerLost):
            await post(session)
    assert read == 2


async def test_a_refused_connection_was_not_sent(
    session: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
    unused_tcp_port: int,
) -> None:
    """Nobody listens."""
    monkeypatch.setenv("TESLALOGGER_SIMULATOR", f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(NotSent) as caught:
        await post(session)
    assert not caught.value.may_have_succeeded
    assert caught.value.temporary


async def test_an_untrusted_certificate_was_not_sent(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request, and the token in it, stay here."""
    async with serving(close_after_reading, monkeypatch, ssl=self_signed("127.0.0.1")):
        with pytest.raises(NotSent):
            await post(session)


async def test_a_host_without_tls_was_not_sent(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The handshake fails before anything of ours is said."""

    async def talk_plainly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    server = await asyncio.start_server(talk_plainly, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("TESLALOGGER_SIMULATOR", f"https://127.0.0.1:{port}")
    with pytest.raises(NotSent):
        await post(session)
    server.close()


class Nowhere(aiohttp.abc.AbstractResolver):
    """A resolver that knows no host, or does not come back."""

    def __init__(self, *, hangs: bool) -> None:
        self._hangs = hangs

    async def resolve(self, *_: Any, **__: Any) -> list[aiohttp.abc.ResolveResult]:
        """Fail as it is told to."""
        if self._hangs:
            await asyncio.Event().wait()
        raise OSError

    async def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize("hangs", [False, True])
async def test_a_host_without_address_was_not_sent(
    monkeypatch: pytest.MonkeyPatch, *, hangs: bool
) -> None:
    """Whether the name does not exist or nobody says so."""
    monkeypatch.delenv("TESLALOGGER_SIMULATOR", raising=False)
    monkeypatch.setattr(transport, "CONNECT_LIMIT", 0.05)
    connector = aiohttp.TCPConnector(resolver=Nowhere(hangs=hangs))
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(NotSent):
            await post(session)


async def test_a_redirect_is_an_answer_and_is_not_followed(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token goes to Tesla and to nobody else."""

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        )

    async with serving(redirect, monkeypatch):
        answer = await send(session, "POST", URL, json={}, time_limit=5.0)
    assert answer.status == 302
    assert not answer.is_success
