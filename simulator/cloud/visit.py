"""One HTTP request, seen from the host it was meant for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import json
from typing import TYPE_CHECKING, Any, Final

from aiohttp import ClientSession, web

if TYPE_CHECKING:
    from simulator.world import World

type Handler = Callable[[Visit], Awaitable[web.StreamResponse]]

_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """A request to `host`; `path` begins with a slash and lacks the host.

    `session` reaches what lies outside the simulation.
    """

    request: web.Request
    world: World
    session: ClientSession
    host: str
    path: str

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters, the last of each name."""
        return dict(self.request.query)

    async def form(self) -> dict[str, str]:
        """The fields of a form, or of a JSON object, as Tesla takes either."""
        if self.request.content_type != _FORM:
            return {name: str(value) for name, value in (await self.json()).items()}
        return {name: str(value) for name, value in (await self.request.post()).items()}

    async def json(self) -> dict[str, Any]:
        """The body as an object; raises ValueError for anything else."""
        text = await self.request.text()
        data = json.loads(text) if text else {}
        if not isinstance(data, dict):
            msg = "not an object"
            raise ValueError(msg)  # noqa: TRY004 - one error for every unreadable body
        return data


def json_response(
    data: Any, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """A JSON answer, written as tightly as Tesla does."""
    return web.Response(
        text=json.dumps(data, separators=(",", ":")),
        status=status,
        headers=headers,
        content_type="application/json",
    )


def page(html: str, *, status: int = 200) -> web.Response:
    """An HTML page."""
    return web.Response(text=html, status=status, content_type="text/html", charset="utf-8")
