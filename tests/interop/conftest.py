"""Tesla's real host names lead to the simulator, with TLS of an authority of our own."""

from typing import TYPE_CHECKING

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
import pytest

from simulator.clock import Clock
from simulator.cloud.partner import WELL_KNOWN
from simulator.garage import standard_world

from .tesla_hosts import serve_as_tesla

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simulator.world import World

DOMAIN = "home.example.test"


@pytest.fixture
def world() -> World:
    """The standard world in real time: the library reads the real clock."""
    return standard_world(clock=Clock())


@pytest.fixture
async def session(
    world: World,
    tmp_path: Path,
    socket_enabled: None,  # noqa: ARG001 - lets it listen on loopback
) -> AsyncIterator[ClientSession]:
    """A session for which the simulator is Tesla, at https and port 443 as far as it can tell."""
    async with (
        serve_as_tesla(world, tmp_path) as make_connector,
        ClientSession(connector=make_connector()) as session,
    ):
        yield session


@pytest.fixture
async def key(world: World, session: ClientSession) -> AsyncIterator[ec.EllipticCurvePrivateKey]:  # noqa: ARG001 - the sockets it opens
    """The application's key, published where Tesla looks for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    async def publish(_: web.Request) -> web.Response:
        return web.Response(body=pem)

    app = web.Application()
    app.router.add_get(WELL_KNOWN, publish)
    async with TestServer(app) as server:
        world.internet[DOMAIN] = str(server.make_url("/"))
        yield key
