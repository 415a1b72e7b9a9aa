"""The web application that puts the world on the wire."""

import re
from typing import TYPE_CHECKING, Final

from aiohttp import ClientSession, DummyCookieJar, web

from simulator.cloud import accounts, admin, internet, oauth, owner, repository, website
from simulator.cloud.endpoints import FLEET_API
from simulator.cloud.hosts import FLEET_HOSTS, SERVICES, Service
from simulator.cloud.visit import Visit
from simulator.telemetry.fleet import Fleet
from simulator.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

WORLD: Final = web.AppKey("world", World)
FLEET: Final = web.AppKey("fleet", Fleet)
_SESSION: Final = web.AppKey("session", ClientSession)
_HOST_NAME: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def create_app(world: World, *, streaming: bool = False) -> web.Application:
    """Serve `world`; with `streaming`, its cars stream by themselves while it is served.

    A request is for the host in its first path segment, else for the one in its Host header; what
    is for neither of Tesla's hosts nor one of `world.internet` meets the admin API.
    """
    app = web.Application()
    app[WORLD] = world
    app[FLEET] = Fleet(world)
    app.cleanup_ctx.append(_connect)
    if streaming:
        app.cleanup_ctx.append(_stream)
    app.router.add_route("*", "/{path:.*}", _serve)
    return app


async def _connect(app: web.Application) -> AsyncIterator[None]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        app[_SESSION] = session
        yield


async def _stream(app: web.Application) -> AsyncIterator[None]:
    app[FLEET].start()
    yield
    await app[FLEET].stop()


async def _serve(request: web.Request) -> web.StreamResponse:
    world = request.app[WORLD]
    host, path = _address(request, world)
    visit = Visit(request=request, world=world, session=request.app[_SESSION], host=host, path=path)
    if not host:
        return await admin.serve(visit)
    return await _SERVERS[SERVICES.get(host)](visit)


async def _serve_fleet(visit: Visit) -> web.StreamResponse:
    return await FLEET_API.serve(visit, FLEET_HOSTS[visit.host])


_SERVERS: Final[Mapping[Service | None, Callable[[Visit], Awaitable[web.StreamResponse]]]] = {
    Service.FLEET: _serve_fleet,
    Service.AUTH: oauth.serve,
    Service.OWNER: owner.serve,
    Service.WEBSITE: website.serve,
    Service.ACCOUNTS: accounts.serve,
    Service.REPOSITORY: repository.serve,
    None: internet.forward,
}


def _address(request: web.Request, world: World) -> tuple[str, str]:
    """The host and the path in it; no host for the simulator's own pages."""
    path = request.rel_url.raw_path
    known = SERVICES.keys() | world.internet.keys()
    first, slash, rest = path.removeprefix("/").partition("/")
    if first in known:
        return first, slash + rest or "/"
    header = request.host.partition(":")[0].lower()
    if header in known:
        return header, path
    if _HOST_NAME.fullmatch(first):
        return first, slash + rest or "/"
    return "", path
