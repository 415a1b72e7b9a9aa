"""The owner host, its tokens, and its bad days."""

import base64
import json
from typing import TYPE_CHECKING, Any

from aiohttp.test_utils import TestClient, TestServer
import pytest

from simulator.clock import Clock
from simulator.cloud.app import create_app
from simulator.cloud.grants import GRACE, REFRESH_LIFETIME
from simulator.cloud.hosts import Region
from simulator.cloud.owner_days import DAYS, RETRY_AFTER, OwnerDay
from simulator.cloud.ratelimit import LIMITS, RateClass
from simulator.garage import FALCON, JUNIPER, OWNER as STANDARD_OWNER, standard_world

from .conftest import EU, LEGACY, OWNER, PAIRED, Caller

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import ClientResponse

    from simulator.world import World

    from .fake_car import FakeCar

type Client = TestClient[Any, Any]
HOST = "owner-api.teslamotors.com"
API = f"/{HOST}/api/1"
TOKEN = "/auth.tesla.com/oauth2/v3/token"
CLOSED = "forbidden, see https://developer.tesla.com/docs/fleet-api"
FLEET_ONLY = (
    "Endpoint is only available on fleetapi. Visit https://developer.tesla.com/docs for more info"
)
SIGNING_REQUIRED = (
    "Tesla Vehicle Command Protocol required, please refer to the documentation here: "
    "https://developer.tesla.com/docs/fleet-api"
    "#2023-10-09-rest-api-vehicle-commands-endpoint-deprecation-warning"
)


def _fresh(world: World, client: Client) -> Caller:
    """Somebody with a token straight from a login."""
    answer = world.authority.owner_sign_in(OWNER, world.accounts[OWNER].region)
    return Caller(client=client, token=answer["access_token"])


@pytest.fixture
def call(world: World, client: Client) -> Caller:
    """The owner at the owner host."""
    return _fresh(world, client)


async def _refresh(client: Client, token: str, at: str = TOKEN, **more: str) -> ClientResponse:
    form = {"grant_type": "refresh_token", "client_id": "ownerapi", "refresh_token": token, **more}
    return await client.post(at, data=form)


async def _renewed(world: World, client: Client) -> Caller:
    answer = await (await _refresh(client, world.owner_token(OWNER))).json()
    return Caller(client=client, token=answer["access_token"])


async def _error(answer: ClientResponse) -> tuple[int, str]:
    body = await answer.json()
    assert body == {"response": None, "error": body["error"], "error_description": ""}
    return answer.status, body["error"]


@pytest.mark.parametrize("query", ["", "?orders=true"])
async def test_the_products_are_listed(call: Caller, query: str) -> None:
    """With and without orders; nobody has ordered any."""
    answer = await call("GET", f"{API}/products{query}")
    assert answer.status == 200
    body = await answer.json()
    assert {car["vin"] for car in body["response"]} >= {LEGACY, PAIRED}
    assert body["count"] == len(body["response"])


async def test_a_car_is_named_by_its_number(call: Caller) -> None:
    """A VIN, which the Fleet API takes, is not found, nor is another number."""
    assert (await (await call("GET", f"{API}/vehicles/1")).json())["response"]["vin"] == LEGACY
    for tag in (LEGACY, "77"):
        for method, path in (("GET", ""), ("GET", "/vehicle_data"), ("POST", "/wake_up")):
            answer = await call(method, f"{API}/vehicles/{tag}{path}")
            assert await _error(answer) == (404, "not_found")


@pytest.mark.parametrize(
    ("endpoints", "location"),
    [
        ("charge_state;location_data", True),
        ("charge_state", False),
        ("", False),
    ],
)
async def test_the_location_is_told_only_if_asked_for(
    call: Caller, car: Callable[[str], FakeCar], endpoints: str, *, location: bool
) -> None:
    """Without location_data there is none."""
    query = f"?endpoints={endpoints.replace(';', '%3B')}" if endpoints else ""
    answer = await call("GET", f"{API}/vehicles/1/vehicle_data{query}")
    assert answer.status == 200
    parts, told = car(LEGACY).asked[-1]
    assert ("charge_state" in parts, told) == (True, location)


async def test_a_sleeping_car_is_unavailable_until_it_is_woken(
    call: Caller, car: Callable[[str], FakeCar]
) -> None:
    """408 as at the Fleet host; the car itself is listed all the same."""
    car(LEGACY).availability = "asleep"
    for method, path in (("GET", "vehicle_data"), ("POST", "command/door_lock")):
        answer = await call(method, f"{API}/vehicles/1/{path}")
        assert await _error(answer) == (408, "vehicle unavailable: vehicle is offline or asleep")
    assert (await (await call("GET", f"{API}/vehicles/1")).json())["response"]["state"] == "asleep"
    assert (await call("POST", f"{API}/vehicles/1/wake_up")).status == 200
    assert (await call("GET", f"{API}/vehicles/1/vehicle_data")).status == 200


async def test_commands_reach_cars_that_need_no_signature(
    call: Caller, car: Callable[[str], FakeCar]
) -> None:
    """With what the car made of it."""
    path = f"{API}/vehicles/1/command/set_sentry_mode"
    answer = await call("POST", path, json={"on": True})
    assert await answer.json() == {"response": {"result": True, "reason": ""}}
    answer = await call("POST", path, json={"on": True, "again": 1})
    assert await answer.json() == {"response": {"result": False, "reason": "already_set"}}
    assert car(LEGACY).executed[0] == ("set_sentry_mode", {"on": True})


async def test_other_cars_demand_a_signature(call: Caller, car: Callable[[str], FakeCar]) -> None:
    """403 with Tesla's words, and nothing happens."""
    answer = await call("POST", f"{API}/vehicles/2/command/set_sentry_mode", json={"on": True})
    assert await _error(answer) == (403, SIGNING_REQUIRED)
    assert car(PAIRED).executed == []


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "vehicles", 412, FLEET_ONLY),
        ("POST", "vehicles/fleet_status", 412, FLEET_ONLY),
        ("POST", "vehicles/2/signed_command", 412, FLEET_ONLY),
        ("POST", "vehicles/fleet_telemetry_config_jws", 412, FLEET_ONLY),
        ("GET", "energy_sites/1/live_status", 412, FLEET_ONLY),
        ("GET", "powerwalls/1", 410, "endpoint_deprecated:_please_update_your_app"),
        ("GET", "powerwalls/1/status", 410, "endpoint_deprecated:_please_update_your_app"),
        (
            "GET",
            "vehicles/1/data_request/charge_state",
            410,
            "endpoint_deprecated:_please_update_your_app",
        ),
        ("GET", "nothing/like/that", 404, "not_found"),
    ],
)
async def test_what_is_not_served_any_more(
    call: Caller, method: str, path: str, status: int, error: str
) -> None:
    """Moved to the Fleet API, gone, or never there."""
    assert await _error(await call(method, f"{API}/{path}")) == (status, error)


async def test_tokens_are_for_one_of_the_two_hosts(
    call: Caller, log_in: Callable[..., Caller], as_partner: Callable[..., Caller]
) -> None:
    """401 for each at the other, for a partner's, at the Chinese host, and without any."""
    refused = (401, "invalid bearer token")
    assert await _error(await call("GET", f"{EU}/products")) == refused
    assert await _error(await log_in()("GET", f"{API}/products")) == refused
    assert await _error(await as_partner()("GET", f"{API}/products")) == refused
    china = "/owner-api.vn.cloud.tesla.cn/api/1/products"
    assert await _error(await call("GET", china)) == refused
    assert await _error(await call.client.get(f"{API}/products")) == refused


async def test_an_owner_token_never_tells_a_region_at_the_fleet_host(
    call: Caller, world: World
) -> None:
    """It is refused before anybody looks where its owner lives."""
    world.accounts[OWNER].region = Region.NA
    assert (await call("GET", f"{EU}/products")).status == 401


async def test_chinese_accounts_have_their_own_host(world: World, client: Client) -> None:
    """And are refused at the other."""
    world.accounts[OWNER].region = Region.CN
    call = _fresh(world, client)
    assert (await call("GET", "/owner-api.vn.cloud.tesla.cn/api/1/products")).status == 200
    assert (await call("GET", f"{API}/products")).status == 401


@pytest.mark.parametrize("scope", [None, "openid email offline_access"])
async def test_a_refresh_token_is_refreshed(
    world: World, client: Client, scope: str | None
) -> None:
    """The access token says for whom and for where it is."""
    first = world.owner_token(OWNER)
    answer = await _refresh(client, first, **({"scope": scope} if scope else {}))
    assert answer.status == 200
    body = await answer.json()
    assert body.keys() == {"access_token", "refresh_token", "expires_in", "token_type"}
    assert body["refresh_token"] != first
    payload = body["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    told = {name: claims[name] for name in ("iss", "azp", "sub", "aud", "scp", "ou_code")}
    assert told == {
        "iss": "https://auth.tesla.com/oauth2/v3",
        "azp": "ownerapi",
        "sub": OWNER,
        "aud": [
            "https://owner-api.teslamotors.com/",
            "https://auth.tesla.com/oauth2/v3/userinfo",
        ],
        "scp": ["openid", "email", "offline_access"],
        "ou_code": "EU",
    }
    caller = Caller(client=client, token=body["access_token"])
    assert (await caller("GET", f"{API}/products")).status == 200


async def test_refresh_tokens_rotate(world: World, client: Client) -> None:
    """The one used last is good for a day, the one before is not, as at the Fleet API."""
    first = world.owner_token(OWNER)
    second = (await (await _refresh(client, first)).json())["refresh_token"]
    assert (await _refresh(client, first)).status == 200
    assert (await _refresh(client, second)).status == 401
    world.clock.advance(GRACE)
    answer = await _refresh(client, first)
    assert (answer.status, (await answer.json())["error"]) == (401, "login_required")


async def test_a_refresh_token_ends(world: World, client: Client) -> None:
    """After three months without use, or with a changed password."""
    first, other = world.owner_token(OWNER), world.owner_token(OWNER)
    world.clock.advance(REFRESH_LIFETIME)
    assert (await _refresh(client, first)).status == 401
    fresh = world.owner_token(OWNER)
    world.authority.sign_out(OWNER)
    for token in (other, fresh):
        assert (await _refresh(client, token)).status == 401


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"scope": "openid vehicle_cmds"}, 400, "invalid_scope"),
        ({"client_id": "client"}, 401, "login_required"),
        ({"refresh_token": "EU_0"}, 401, "login_required"),
        ({"refresh_token": ""}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "c"}, 400, "unauthorized_client"),
        ({"at": "/fleet-auth.prd.vn.cloud.tesla.com/oauth2/v3/token"}, 400, "unauthorized_client"),
    ],
)
async def test_a_refresh_is_refused(
    world: World, client: Client, change: dict[str, str], status: int, error: str
) -> None:
    """Another scope, another client, no such token, no login, a host for third parties."""
    token = change.get("refresh_token", world.owner_token(OWNER))
    more = {name: value for name, value in change.items() if name != "refresh_token"}
    answer = await _refresh(client, token, **more)
    assert (answer.status, (await answer.json())["error"]) == (status, error)


async def test_nobody_signs_in_as_the_app(client: Client) -> None:
    """The sign-in page knows applications of the developer portal only."""
    query = "client_id=ownerapi&response_type=code&redirect_uri=tesla://auth/callback&state=x"
    answer = await client.get(f"/auth.tesla.com/oauth2/v3/authorize?{query}")
    assert answer.status == 400
    assert "unauthorized_client" in await answer.text()


async def test_a_locked_account_is_refused(call: Caller, world: World) -> None:
    """423."""
    world.accounts[OWNER].locked = True
    assert await _error(await call("GET", f"{API}/products")) == (423, "account is locked")


READ, WAKE, PRESS = (
    ("GET", "products"),
    ("POST", "vehicles/1/wake_up"),
    (
        "POST",
        "vehicles/1/command/door_lock",
    ),
)
FINE = (200, "")


@pytest.mark.parametrize(
    ("day", "read", "press"),
    [
        (OwnerDay.GOOD, FINE, FINE),
        (OwnerDay.CLOSED, (403, CLOSED), (403, CLOSED)),
        (OwnerDay.READS_FORBIDDEN, (403, CLOSED), FINE),
        (OwnerDay.RENEWED_FORBIDDEN, (403, CLOSED), (403, CLOSED)),
        (OwnerDay.FLEET_ONLY, (412, FLEET_ONLY), (412, FLEET_ONLY)),
        (OwnerDay.GONE, *[(410, "endpoint_deprecated:_please_update_your_app")] * 2),
        (OwnerDay.RATE_LIMITED, *[(429, "Retry in 900 seconds")] * 2),
        (OwnerDay.FAILING, *[(503, "upstream internal error")] * 2),
        (OwnerDay.TIMING_OUT, *[(504, "upstream request timeout")] * 2),
        (OwnerDay.SIGNING_REQUIRED, FINE, (403, SIGNING_REQUIRED)),
        (OwnerDay.LOCKED, *[(423, "account is locked")] * 2),
    ],
)
async def test_bad_days(
    world: World,
    client: Client,
    car: Callable[[str], FakeCar],
    day: OwnerDay,
    read: tuple[int, str],
    press: tuple[int, str],
) -> None:
    """Reads and wake-ups are refused together, commands by themselves; refused is not done."""
    call = await _renewed(world, client)
    world.owner_day = day
    for (method, path), expected in ((READ, read), (WAKE, read), (PRESS, press)):
        answer = await call(method, f"{API}/{path}")
        if expected == FINE:
            assert answer.status == 200
        else:
            assert await _error(answer) == expected
        assert answer.headers.get("Retry-After") == (
            str(RETRY_AFTER) if answer.status == 429 else None
        )
    assert len(car(LEGACY).executed) == (press == FINE)


def test_every_day_is_in_the_table() -> None:
    """Each with words for a person."""
    assert DAYS.keys() == set(OwnerDay)
    assert len({row.told for row in DAYS.values()}) == len(OwnerDay)


async def test_a_token_fresh_from_a_login_has_better_days(world: World, client: Client) -> None:
    """Where only renewed ones are refused; on others it makes no difference."""
    call = _fresh(world, client)
    world.owner_day = OwnerDay.RENEWED_FORBIDDEN
    assert (await call("GET", f"{API}/products")).status == 200
    world.owner_day = OwnerDay.READS_FORBIDDEN
    assert (await call("GET", f"{API}/products")).status == 403


async def test_bad_days_do_not_reach_the_fleet_host(
    world: World, log_in: Callable[..., Caller]
) -> None:
    """They are the owner host's alone."""
    for day in OwnerDay:
        world.owner_day = day
        assert (await log_in()("GET", f"{EU}/products")).status == 200


async def test_requests_are_counted_by_host_and_cost_nothing(call: Caller, world: World) -> None:
    """Also over a simulated week, and refused ones too."""
    for _ in range(7):
        await call("GET", f"{API}/products")
        await call("GET", f"{API}/vehicles/1/vehicle_data")
        world.clock.advance(86_400)
        call = _fresh(world, call.client)
    await call("POST", f"{API}/vehicles/2/command/door_lock")
    await _refresh(call.client, world.owner_token(OWNER))
    assert world.ledger.hosts() == {HOST: 15, "auth.tesla.com": 1}
    assert [len(world.ledger.of(f"owner/{name}")) for name in ("products", "vehicle_data")] == [
        7,
        7,
    ]
    entry = world.ledger.of("owner/command/door_lock", PAIRED)[0]
    assert (entry.status, entry.host, entry.as_json()["host"]) == (403, HOST, HOST)
    assert world.ledger.cost == 0


async def test_it_has_its_own_rate_limit(call: Caller, world: World) -> None:
    """So many a minute for the whole account, in plain text beyond."""
    for number in range(LIMITS[RateClass.OWNER]):
        assert (await call("GET", f"{API}/vehicles/{number % 2 + 1}")).status == 200
    answer = await call("GET", f"{API}/products")
    assert (answer.status, answer.content_type) == (429, "text/plain")
    assert int(answer.headers["Retry-After"]) == 60
    world.clock.advance(60)
    assert (await call("GET", f"{API}/products")).status == 200


@pytest.fixture
def garage() -> World:
    """The standard cars; their time stands still."""
    return standard_world(clock=Clock(0))


async def test_falcon_takes_sentry_mode_by_default(
    garage: World,
    socket_enabled: None,  # noqa: ARG001 - lets it listen on loopback
) -> None:
    """What a person does with the standard garage, from the refresh token on; Juniper refuses."""
    async with TestClient(TestServer(create_app(garage))) as client:
        answer = await _refresh(client, garage.owner_token(STANDARD_OWNER))
        call = Caller(client=client, token=(await answer.json())["access_token"])
        listed = (await (await call("GET", f"{API}/products")).json())["response"]
        ids = {car["vin"]: car["id_s"] for car in listed if "vin" in car}
        for vin, status in ((FALCON, 200), (JUNIPER, 403)):
            path = f"{API}/vehicles/{ids[vin]}/command/set_sentry_mode"
            assert (await call("POST", path, json={"on": True})).status == status
        data = await (await call("GET", f"{API}/vehicles/{ids[FALCON]}/vehicle_data")).json()
    assert (garage.cars[FALCON].state.sentry_mode, garage.cars[JUNIPER].state.sentry_mode) == (
        True,
        False,
    )
    assert data["response"]["vehicle_state"]["sentry_mode"] is True
    assert "latitude" not in data["response"]["drive_state"]
