"""A small world whose cars do as they are told."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp.test_utils import TestClient, TestServer
import pytest

from simulator.clock import Clock
from simulator.cloud.app import create_app
from simulator.cloud.grants import SCOPES
from simulator.cloud.hosts import Region
from simulator.world import Account, App, Registration, World

from .fake_car import FakeCar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from aiohttp import ClientResponse

OWNER = "owner-sub"
LENDER = "lender-sub"
LEGACY = "5YJXCDE22JF012345"
PAIRED = "5YJ3E7EB8MF012346"
LENT = "5YJSA1E25MF012350"
POINT = b"\x04" + bytes(64)
EU = "/fleet-api.prd.eu.vn.cloud.tesla.com/api/1"
NA = "/fleet-api.prd.na.vn.cloud.tesla.com/api/1"
APP = App(
    client_id="client",
    client_secret="secret",
    name="TeslaLogger",
    allowed_origins=("https://home.example.test",),
    redirect_uris=("https://example.com/callback", "http://127.0.0.1/*"),
)


@pytest.fixture
def world() -> World:
    """An owner with a legacy and a paired car, a lent car, a registered application."""
    world = World(clock=Clock(0, start=1_790_000_000.0))
    for sub, email, region in (
        (OWNER, "owner@example.com", Region.EU),
        (LENDER, "lender@example.com", Region.EU),
    ):
        world.accounts[sub] = Account(sub=sub, email=email, full_name=sub.title(), region=region)
    world.apps[APP.client_id] = APP
    for vin, owner, number, protocol in (
        (LEGACY, OWNER, 1, False),
        (PAIRED, OWNER, 2, True),
        (LENT, LENDER, 3, True),
    ):
        world.cars[vin] = FakeCar(
            vin=vin, display_name=f"Car {number}", owner=owner, number=number, protocol=protocol
        )
    world.guests[LENT] = {OWNER}
    world.preapproved = {PAIRED}
    world.register(
        Registration(
            client_id=APP.client_id,
            region=Region.EU,
            domain="home.example.test",
            public_key=POINT,
            when=world.clock.now(),
        )
    )
    return world


@pytest.fixture
def car(world: World) -> Callable[[str], FakeCar]:
    """Look a fake car up."""

    def look_up(vin: str) -> FakeCar:
        found = world.cars[vin]
        assert isinstance(found, FakeCar)
        return found

    return look_up


@pytest.fixture
async def client(
    world: World,
    socket_enabled: None,  # noqa: ARG001 - lets it listen on loopback
) -> AsyncIterator[TestClient[Any, Any]]:
    """A client of the served world."""
    async with TestClient(TestServer(create_app(world))) as client:
        yield client


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Calls the API with a token."""

    client: TestClient[Any, Any]
    token: str

    async def __call__(self, method: str, path: str, **settings: Any) -> ClientResponse:
        """Send a request with the token."""
        headers = {"Authorization": f"Bearer {self.token}", **settings.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **settings)


@pytest.fixture
def log_in(world: World, client: TestClient[Any, Any]) -> Callable[..., Caller]:
    """Sign a person in with these scopes; all by default."""

    def sign_in(*, scopes: Iterable[str] = SCOPES, account: str = OWNER) -> Caller:
        answer = world.authority.sign_in(
            client_id=APP.client_id,
            account=account,
            region=world.accounts[account].region,
            scopes=scopes,
        )
        return Caller(client=client, token=answer["access_token"])

    return sign_in


@pytest.fixture
def as_partner(world: World, client: TestClient[Any, Any]) -> Callable[..., Caller]:
    """Give the application a token in its own name."""

    def sign_in(*, region: Region = Region.EU, client_id: str = APP.client_id) -> Caller:
        answer = world.authority.partner_token(
            client_id=client_id,
            audience=f"https://fleet-api.prd.{region}.vn.cloud.tesla.com",
            scopes=["openid", "vehicle_device_data"],
        )
        return Caller(client=client, token=answer["access_token"])

    return sign_in
