"""The simulator's own pages and API."""

from typing import TYPE_CHECKING, Any

from aiohttp.test_utils import TestClient
import pytest

from simulator.cloud.faults import FaultKind
from tests.simulator.telemetry.configs import claims
from tests.simulator.telemetry.tokens import make_key, token

from .conftest import EU, OWNER, PAIRED, POINT, Caller

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.world import World

type Client = TestClient[Any, Any]
ADMIN = "/_simulator"


async def test_the_page_shows_cars_requests_and_cost(
    client: Client, log_in: Callable[..., Caller]
) -> None:
    """At a glance."""
    await log_in()("GET", f"{EU}/vehicles/{PAIRED}/vehicle_data")
    html = await (await client.get("/")).text()
    for text in ("Car 2", PAIRED, "vehicle_data", "1 data: $0.0020"):
        assert text in html


async def test_the_page_of_an_empty_world(client: Client, world: World) -> None:
    """Nothing there, nothing wrong."""
    world.cars.clear()
    assert "none: $0.0000" in await (await client.get("/")).text()


async def test_the_state_tells_everything(client: Client, world: World) -> None:
    """Clock, cars, registrations, internet, totals."""
    state = await (await client.get(f"{ADMIN}/state")).json()
    assert state["clock"] == {"now": world.clock.now(), "speed": 0}
    assert state["cars"][PAIRED]["paired_keys"] == [POINT.hex()]
    assert state["registrations"][0]["domain"] == "home.example.test"
    assert state["requests"] == {"counts": {}, "cost": 0}


async def test_the_ledger_can_be_read_and_forgotten(
    client: Client, log_in: Callable[..., Caller]
) -> None:
    """Every request with its price."""
    await log_in()("GET", f"{EU}/vehicles/{PAIRED}/vehicle_data")
    ledger = await (await client.get(f"{ADMIN}/ledger")).json()
    assert (ledger["counts"], ledger["cost"]) == ({"data": 1}, 0.002)
    entry = ledger["entries"][0]
    assert (entry["endpoint"], entry["vin"], entry["billed"]) == ("vehicle_data", PAIRED, 0.002)
    await client.delete(f"{ADMIN}/ledger")
    assert (await (await client.get(f"{ADMIN}/ledger")).json())["entries"] == []


async def test_faults_can_be_ordered_and_cancelled(client: Client, world: World) -> None:
    """One by one or all at once."""
    rules = [
        await (await client.post(f"{ADMIN}/faults", json={"kind": "lost", "vin": PAIRED})).json()
        for _ in range(3)
    ]
    assert [rule.kind for rule in world.faults.rules] == [FaultKind.LOST] * 3
    assert (await client.delete(f"{ADMIN}/faults/{rules[0]['id']}")).status == 200
    assert (await client.delete(f"{ADMIN}/faults/{rules[0]['id']}")).status == 404
    assert await (await client.get(f"{ADMIN}/faults")).json() == rules[1:]
    await client.delete(f"{ADMIN}/faults")
    assert world.faults.rules == []
    assert (await client.post(f"{ADMIN}/faults", json={"kind": "odd"})).status == 400


async def test_a_car_can_be_paired_and_unpaired(client: Client, world: World) -> None:
    """With the key that is registered in its region."""
    url = f"{ADMIN}/cars/{PAIRED}"
    assert (await (await client.patch(url, json={"paired": False})).json())["paired_keys"] == []
    assert (await (await client.get(url)).json())["paired_keys"] == []
    await client.patch(url, json={"paired": True})
    assert world.cars[PAIRED].paired_keys == {POINT}
    assert (await (await client.get(f"{ADMIN}/cars")).json()).keys() == world.cars.keys()


async def test_nobody_can_do_the_impossible(client: Client) -> None:
    """Unknown changes are 400 and say what is possible, unknown things 404."""
    answer = await client.patch(f"{ADMIN}/cars/{PAIRED}", json={"fly": True})
    assert answer.status == 400
    assert (await answer.json())["error"].startswith("unknown change 'fly'; possible are paired, ")
    assert (await client.get(f"{ADMIN}/cars/none")).status == 404
    assert (await client.get(f"{ADMIN}/none")).status == 404
    assert (await client.post(f"{ADMIN}/accounts/none", json={})).status == 404


async def test_the_clock_can_be_set(client: Client, world: World) -> None:
    """Faster, and further."""
    before = world.clock.now()
    answer = await client.post(f"{ADMIN}/clock", json={"advance": 60, "speed": 0})
    assert await answer.json() == {"now": before + 60, "speed": 0}
    assert await (await client.get(f"{ADMIN}/clock")).json() == await answer.json()
    for wrong in ({"speed": -1}, {"advance": -1}, {"back": 1}):
        assert (await client.post(f"{ADMIN}/clock", json=wrong)).status == 400
    assert world.clock.now() == before + 60


@pytest.mark.parametrize("deed", ["revoke", "change_password", "lock", "expire_access"])
async def test_what_happens_to_an_account_ends_its_access(
    client: Client, log_in: Callable[..., Caller], deed: str
) -> None:
    """Each in its own way."""
    call = log_in()
    url = f"{ADMIN}/accounts/{OWNER}"
    assert (await client.post(url, json={"do": deed})).status == 200
    assert (await call("GET", f"{EU}/products")).status in {401, 423}
    await client.post(url, json={"do": "unlock"})
    assert (await log_in()("GET", f"{EU}/products")).status == 200
    assert (await client.post(url, json={"do": "nothing"})).status == 400


async def test_tokens_can_be_had_without_a_browser(client: Client) -> None:
    """As if somebody had just logged in."""
    answer = await client.post(
        f"{ADMIN}/accounts/{OWNER}/tokens", json={"scopes": ["vehicle_device_data"]}
    )
    call = Caller(client=client, token=(await answer.json())["access_token"])
    assert (await call("GET", f"{EU}/products")).status == 200
    assert (await call("GET", f"{EU}/users/me")).status == 403


async def test_the_way_to_a_domain_can_be_told(client: Client, world: World) -> None:
    """While the simulator runs."""
    await client.put(f"{ADMIN}/internet", json={"a.example.test": "http://127.0.0.1:1"})
    assert world.internet == {"a.example.test": "http://127.0.0.1:1"}


async def test_fleet_status_can_be_told_to_lie(client: Client, world: World) -> None:
    """And to stop."""
    url = f"{ADMIN}/lies/{PAIRED}"
    await client.put(url, json={"paired": False})
    assert world.lies[PAIRED].paired is False
    await client.put(url, json={})
    assert world.lies == {}
    assert (await client.put(url, json={"truth": 1})).status == 400


async def test_the_streams_can_be_seen(client: Client, world: World) -> None:
    """Who tells whom, how much of it was delivered, and by which ways."""
    world.streaming.put(PAIRED, "client", OWNER, token(make_key(), claims()))
    world.ledger.signals[PAIRED] = 7
    told = await (await client.get(f"{ADMIN}/telemetry")).json()
    assert told == {
        "streams": [
            {
                "vin": PAIRED,
                "client_id": "client",
                "synced": False,
                "connected": False,
                "hostname": None,
                "port": None,
                "fields": 0,
                "records": {},
            }
        ],
        "signals": {PAIRED: 7},
        "routes": {},
    }
    assert (await (await client.get(f"{ADMIN}/ledger")).json())["signals"] == {PAIRED: 7}


async def test_the_authorities_of_the_cars_can_be_had(client: Client, world: World) -> None:
    """For a receiver to believe in."""
    text = await (await client.get(f"{ADMIN}/telemetry/ca.pem")).text()
    assert text.encode() == world.streaming.authorities.bundle
    assert text.count("BEGIN CERTIFICATE") == 2


async def test_the_way_to_a_receiver_can_be_told(client: Client, world: World) -> None:
    """With ports or without."""
    routes = {"a.example.com:443": "127.0.0.1:4443", "b.example.com": "127.0.0.1"}
    await client.put(f"{ADMIN}/telemetry/routes", json=routes)
    assert world.streaming.routes == routes
