"""Pages for a person at the simulator, and what they change."""

import base64
import re
from typing import TYPE_CHECKING, Any

from aiohttp.test_utils import TestClient, TestServer
import pytest
from tesla_protocol.command.universal_message_pb2 import RoutableMessage
from tesla_protocol.command.vcsec_pb2 import RKE_ACTION_UNLOCK, UnsignedMessage

from simulator.car.protocol import VEHICLE_SECURITY, Fault
from simulator.clock import Clock
from simulator.cloud.app import create_app
from simulator.cloud.grants import SCOPES
from simulator.cloud.hosts import Region
from simulator.cloud.owner_days import DAYS, OwnerDay
from simulator.garage import JUNIPER, OWNER as STANDARD_OWNER, standard_world
from simulator.world import Registration
from tests.simulator.car.protocol.client import Client as Signer, fault_of
from tests.simulator.telemetry.configs import claims
from tests.simulator.telemetry.tokens import make_key, point_of, token

from .conftest import EU, LENDER, OWNER, PAIRED, POINT, Caller

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.world import World

    from .fake_car import FakeCar

type Client = TestClient[Any, Any]
OWNER_PAGE = "/_simulator/owner"
LOCKS = "/_simulator/locks"
DAY = "/_simulator/owner_day"
UNLOCK = UnsignedMessage(RKEAction=RKE_ACTION_UNLOCK).SerializeToString()


async def test_a_day_is_chosen_on_the_page(client: Client, world: World) -> None:
    """All are offered, the one that it is is marked."""
    html = await (await client.get(OWNER_PAGE)).text()
    assert [day for day in OwnerDay if f"name=day value={day}" in html] == list(OwnerDay)
    assert "value=good checked" in html
    html = await (await client.post(OWNER_PAGE, data={"day": "gone"})).text()
    assert ("value=gone checked" in html, html.count("checked")) == (True, 1)
    assert world.owner_day is OwnerDay.GONE


async def test_a_day_is_chosen_by_a_script(client: Client, world: World) -> None:
    """With the words for each; nonsense changes nothing."""
    answer = await client.put(DAY, json={"day": "fleet_only"})
    told = await answer.json()
    assert told == {"day": "fleet_only", "days": {day: row.told for day, row in DAYS.items()}}
    assert await (await client.get(DAY)).json() == told
    for nonsense in ({"day": "sunday"}, {}):
        assert (await client.put(DAY, json=nonsense)).status == 400
    assert (await client.post(OWNER_PAGE, data={"day": "sunday"})).status == 400
    assert world.owner_day is OwnerDay.FLEET_ONLY


async def _is_good(world: World, client: Client, refresh_token: str, account: str) -> bool:
    form = {"grant_type": "refresh_token", "client_id": "ownerapi", "refresh_token": refresh_token}
    answer = await client.post("/auth.tesla.com/oauth2/v3/token", data=form)
    access = world.authority.check((await answer.json())["access_token"])
    return (answer.status, access.account) == (200, account)


async def test_a_person_gets_a_refresh_token(client: Client, world: World) -> None:
    """For each account there is a button."""
    html = await (await client.get(OWNER_PAGE)).text()
    assert "New token of lender@example.com</button>" in html
    assert "refresh-token" not in html
    html = await (await client.post(OWNER_PAGE, data={"account": LENDER})).text()
    found = re.search(r"<code id=refresh-token>(.+?)</code>", html)
    assert found is not None
    assert await _is_good(world, client, found[1], LENDER)
    for nonsense in ({"account": "nobody"}, {"x": "y"}):
        assert (await client.post(OWNER_PAGE, data=nonsense)).status == 400


async def test_a_script_gets_a_refresh_token(client: Client, world: World) -> None:
    """With an access token fresh from the login."""
    answer = await client.post(f"/_simulator/accounts/{OWNER}/owner_token")
    given = await answer.json()
    assert world.authority.check(given["access_token"]).renewed is False
    assert await _is_good(world, client, given["refresh_token"], OWNER)
    assert (await client.post("/_simulator/accounts/nobody/owner_token")).status == 404


async def test_keys_are_removed_on_the_page(client: Client, car: Callable[[str], FakeCar]) -> None:
    """Of one car; the button of a car without keys is dead."""
    html = await (await client.get(LOCKS)).text()
    assert f"value={PAIRED}>Remove key from Car 2</button>" in html
    assert car(PAIRED).paired_keys == {POINT}
    html = await (await client.post(LOCKS, data={"vin": PAIRED})).text()
    assert f"value={PAIRED} disabled>" in html
    assert car(PAIRED).paired_keys == frozenset()
    assert (await client.post(LOCKS, data={"vin": "x"})).status == 400


async def test_the_first_page_leads_to_both(client: Client) -> None:
    """They can be found."""
    html = await (await client.get("/")).text()
    assert f'href="{OWNER_PAGE}"' in html
    assert f'href="{LOCKS}"' in html


@pytest.fixture
def garage() -> World:
    """The standard cars; their time stands still."""
    return standard_world(clock=Clock(0))


@pytest.mark.parametrize("by_page", [True, False])
async def test_a_removed_key_is_missed_everywhere(
    garage: World,
    socket_enabled: None,  # noqa: ARG001 - lets it listen on loopback
    *,
    by_page: bool,
) -> None:
    """The next signed command, fleet_status and streaming say so, until it is paired again."""
    key = make_key()
    signer = Signer(vin=JUNIPER, domain=VEHICLE_SECURITY, send=garage.cars[JUNIPER].signed, key=key)
    garage.register(
        Registration(
            client_id="simulated-client",
            region=Region.EU,
            domain="home.example.test",
            public_key=point_of(key),
            when=0,
        )
    )
    signer.handshake()
    granted = garage.authority.sign_in(
        client_id="simulated-client", account=STANDARD_OWNER, region=Region.EU, scopes=SCOPES
    )
    async with TestClient(TestServer(create_app(garage))) as client:
        call = Caller(client=client, token=granted["access_token"])

        async def told(method: str, path: str, **body: Any) -> Any:
            answer = await call(method, f"{EU}/vehicles/{path}", json=body)
            assert answer.status == 200
            return (await answer.json())["response"]

        async def look() -> tuple[int, list[str], list[str], bool]:
            message = base64.b64encode(signer.command(UNLOCK).SerializeToString()).decode()
            reply = await told("POST", f"{JUNIPER}/signed_command", routable_message=message)
            status = await told("POST", "fleet_status", vins=[JUNIPER])
            made = await told(
                "POST", "fleet_telemetry_config_jws", vins=[JUNIPER], token=token(key, claims())
            )
            answer = await call("GET", f"{EU}/vehicles/{JUNIPER}/fleet_telemetry_config")
            return (
                fault_of(RoutableMessage.FromString(base64.b64decode(reply))),
                status["unpaired_vins"],
                made.get("skipped_vehicles", {}).get("missing_key", []),
                (await answer.json())["response"]["key_paired"],
            )

        assert await look() == (0, [], [], True)
        if by_page:
            await client.post(LOCKS, data={"vin": JUNIPER})
        else:
            await client.patch(f"/_simulator/cars/{JUNIPER}", json={"paired": False})
        assert await look() == (Fault.UNKNOWN_KEY_ID, [JUNIPER], [JUNIPER], False)
        await client.post("/www.tesla.com/_ak/home.example.test", data={"vin": JUNIPER})
        assert await look() == (0, [], [], True)
