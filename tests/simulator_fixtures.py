"""The simulator for tests of other rooms.

In a conftest or a test module:

    from tests.simulator_fixtures import simulator_url, world  # noqa: F401 - fixtures

`world` is the standard world with a clock that stands still (`world.clock.advance(60)`). Tests set
it up and look into it: `world.cars[vin]`, `world.ledger.of("wake_up")`,
`world.faults.add(FaultRule(kind=FaultKind.LOST, endpoint="signed_command"))`,
`world.internet["home.example.test"] = "http://127.0.0.1:8123"`, `world.authority.sign_in(...)`,
`register_key(world, point)` where the download of the key does not matter.

`simulator_url` serves that world on loopback and points the integration at it.
"""

from typing import TYPE_CHECKING

from aiohttp.test_utils import TestServer
import pytest

from simulator.clock import Clock
from simulator.cloud.app import create_app
from simulator.cloud.hosts import Region
from simulator.garage import standard_world
from simulator.world import Registration, World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CLIENT_ID = "simulated-client"
DOMAIN = "home.example.test"


@pytest.fixture
def world() -> World:
    """The standard world; its time stands still."""
    return standard_world(clock=Clock(0))


@pytest.fixture
async def simulator_url(
    world: World,
    socket_enabled: None,  # noqa: ARG001 - lets it listen on loopback
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[str]:
    """The address under which `world` is served, known to the integration too."""
    async with TestServer(create_app(world)) as server:
        url = str(server.make_url("")).rstrip("/")
        monkeypatch.setenv("TESLALOGGER_SIMULATOR", url)
        yield url


def register_key(world: World, point: bytes, region: Region = Region.EU) -> None:
    """Register the standard application's key as if Tesla had downloaded it."""
    world.register(
        Registration(
            client_id=CLIENT_ID,
            region=region,
            domain=DOMAIN,
            public_key=point,
            when=world.clock.now(),
        )
    )
