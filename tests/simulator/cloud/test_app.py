"""Which host a request is for."""

from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, unused_port
import pytest

from .conftest import EU, Caller

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from simulator.world import World

type Client = TestClient[Any, Any]
FLEET = "fleet-api.prd.eu.vn.cloud.tesla.com"


async def test_the_host_header_names_the_host_too(
    client: Client, log_in: Callable[..., Caller]
) -> None:
    """A client that resolves Tesla's names to us works unchanged."""
    token = {"Authorization": f"Bearer {log_in().token}"}
    for host in (FLEET, f"{FLEET}:443"):
        answer = await client.get("/api/1/products", headers={"Host": host, **token})
        assert answer.status == 200


async def test_the_first_segment_wins_over_the_header(client: Client) -> None:
    """A path that begins with a host is for that host."""
    answer = await client.get(f"{EU}/products", headers={"Host": "www.tesla.com"})
    assert answer.status == 401


async def test_an_unknown_host_has_no_route(client: Client) -> None:
    """502 in plain text."""
    answer = await client.get("/nowhere.example.test/x")
    assert (answer.status, answer.content_type) == (502, "text/plain")


async def test_an_unknown_path_is_not_found(client: Client) -> None:
    """What looks like no host at all is ours, and not there."""
    assert (await client.get("/nothing")).status == 404


@pytest.fixture
async def elsewhere(world: World, client: Client) -> AsyncIterator[list[web.Request]]:  # noqa: ARG001 - the sockets it opens
    """A server of somebody else, and what it was asked."""
    asked: list[web.Request] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request)
        body = f"{request.host} {request.rel_url} {await request.text()}"
        return web.Response(status=307, text=body, headers={"Location": "/on", "X-Kept": "yes"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    async with TestServer(app) as server:
        world.internet["home.example.test"] = str(server.make_url("/"))
        yield asked


async def test_the_rest_of_the_internet_is_reached_through_us(
    client: Client, elsewhere: list[web.Request]
) -> None:
    """Method, path, query, body and the name go through; redirects come back."""
    answer = await client.put(
        "/home.example.test/a%20b?c=d%26e",
        data="body",
        headers={"X-Mine": "1"},
        allow_redirects=False,
    )
    assert answer.status == 307
    assert (answer.headers["Location"], answer.headers["X-Kept"]) == ("/on", "yes")
    assert await answer.text() == "home.example.test /a%20b?c=d%26e body"
    assert (elsewhere[0].method, elsewhere[0].headers["X-Mine"]) == ("PUT", "1")


async def test_a_bare_host_is_its_root(client: Client, elsewhere: list[web.Request]) -> None:
    """With or without the slash."""
    for path in ("/home.example.test", "/home.example.test/"):
        await client.get(path, allow_redirects=False)
    assert [request.path for request in elsewhere] == ["/", "/"]


async def test_a_server_that_is_down_is_a_bad_gateway(client: Client, world: World) -> None:
    """502 as well."""
    world.internet["home.example.test"] = f"http://127.0.0.1:{unused_port()}"
    assert (await client.get("/home.example.test/")).status == 502
