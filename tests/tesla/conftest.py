"""A stand-in for Tesla's servers on the loopback, which answers what a test tells it to."""

from collections import deque
from dataclasses import dataclass, field
import json
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

VIN = "5YJ3E7EB8MF012346"


@dataclass(kw_only=True)
class Seen:
    """A request as it came in."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Internet:
    """Answers in order, the last one again and again, and keeps what it was asked."""

    answers: deque[Callable[[Seen], web.Response]] = field(default_factory=deque)
    seen: list[Seen] = field(default_factory=list)

    def say(self, status: int, body: Any = None, headers: dict[str, str] | None = None) -> None:
        """Add an answer; what is not bytes is sent as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers.append(lambda _: web.Response(status=status, body=raw, headers=headers))

    def respond(self, response: Any) -> None:
        """Add a yes of Tesla's."""
        self.say(200, {"response": response})

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request."""
        seen = Seen(
            method=request.method,
            path=request.path,
            query=request.query_string,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.read(),
        )
        self.seen.append(seen)
        reply = self.answers[0] if len(self.answers) == 1 else self.answers.popleft()
        return reply(seen)


@pytest.fixture
async def internet(
    socket_enabled: None,  # noqa: ARG001 - opens the loopback
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncGenerator[Internet]:
    """Everything that is asked of any host."""
    world = Internet()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", world.handle)
    async with TestServer(app) as server:
        monkeypatch.setenv("TESLALOGGER_SIMULATOR", f"http://127.0.0.1:{server.port}")
        yield world


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    """A session as Home Assistant keeps one."""
    async with aiohttp.ClientSession() as client:
        yield client
