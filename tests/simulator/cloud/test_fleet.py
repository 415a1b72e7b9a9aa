"""Admission to the Fleet API."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.cloud.ledger import PriceClass
from simulator.cloud.ratelimit import RateClass

from .conftest import EU, NA, OWNER, PAIRED, Caller

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp.test_utils import TestClient

    from simulator.world import World

    from .fake_car import FakeCar


def _error(text: str) -> str:
    return json.dumps(
        {"response": None, "error": text, "error_description": ""}, separators=(",", ":")
    )


async def test_a_request_without_a_token_is_refused(client: TestClient[Any, Any]) -> None:
    """No bearer, no service."""
    answer = await client.get(f"{EU}/products")
    assert answer.status == 401
    assert await answer.text() == _error("invalid bearer token")


async def test_an_invented_token_is_refused(client: TestClient[Any, Any]) -> None:
    """A token that was never issued opens nothing."""
    answer = await client.get(f"{EU}/products", headers={"Authorization": "Bearer eyJ.a.b"})
    assert (answer.status, await answer.text()) == (401, _error("invalid bearer token"))


async def test_a_token_ends_after_eight_hours(log_in: Callable[..., Caller], world: World) -> None:
    """Expired tokens are told apart from invalid ones."""
    call = log_in()
    world.clock.advance(8 * 3600 - 1)
    assert (await call("GET", f"{EU}/products")).status == 200
    world.clock.advance(1)
    answer = await call("GET", f"{EU}/products")
    assert (answer.status, await answer.text()) == (401, _error("token expired (401)"))


async def test_the_wrong_region_names_the_right_one(log_in: Callable[..., Caller]) -> None:
    """421 with the base URL in the text and an Alt-Svc header."""
    answer = await log_in()("GET", f"{NA}/products")
    assert answer.status == 421
    url = "https://fleet-api.prd.eu.vn.cloud.tesla.com"
    assert (await answer.json())["error"].startswith(
        f"user out of region, use base URL: {url}, see https://"
    )
    assert answer.headers["Alt-Svc"] == 'h2="fleet-api.prd.eu.vn.cloud.tesla.com:443"'


async def test_an_unregistered_application_is_told_to_register(
    log_in: Callable[..., Caller], world: World
) -> None:
    """412 before anything of the account is shown."""
    world.registrations.clear()
    answer = await log_in()("GET", f"{EU}/products")
    assert answer.status == 412
    assert await answer.text() == _error(
        "Account client must be registered in the current region. Learn more at "
        "https://developer.tesla.com/docs/fleet-api/endpoints/partner-endpoints#register"
    )


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "users/me", "user_data"),
        ("GET", "products", "vehicle_device_data"),
        ("GET", "products", "energy_device_data"),
        ("GET", "vehicles", "vehicle_device_data"),
        ("GET", f"vehicles/{PAIRED}", "vehicle_device_data"),
        ("GET", f"vehicles/{PAIRED}/vehicle_data", "vehicle_device_data"),
        ("POST", f"vehicles/{PAIRED}/wake_up", "vehicle_cmds"),
        ("POST", f"vehicles/{PAIRED}/wake_up", "vehicle_charging_cmds"),
    ],
)
async def test_each_endpoint_needs_its_scope(
    log_in: Callable[..., Caller], method: str, path: str, scope: str
) -> None:
    """The one scope suffices; without it Tesla names no scope at all."""
    assert (await log_in(scopes=[scope])(method, f"{EU}/{path}")).status == 200
    answer = await log_in(scopes=["openid"])(method, f"{EU}/{path}")
    assert (answer.status, await answer.text()) == (403, _error("Unauthorized missing scopes"))


async def test_a_locked_account_is_told_so(log_in: Callable[..., Caller], world: World) -> None:
    """423 for whatever is asked."""
    world.accounts[OWNER].locked = True
    assert (await log_in()("GET", f"{EU}/products")).status == 423


async def test_a_partner_is_not_a_person(
    as_partner: Callable[..., Caller], log_in: Callable[..., Caller]
) -> None:
    """Each kind of token is good for its own endpoints only."""
    assert (await as_partner()("GET", f"{EU}/products")).status == 403
    answer = await log_in()("GET", f"{EU}/partner_accounts/public_key?domain=home.example.test")
    assert (answer.status, await answer.text()) == (403, _error("Expected partner account"))


async def test_a_partner_token_is_good_for_its_audience(as_partner: Callable[..., Caller]) -> None:
    """A token for Europe opens nothing in America."""
    path = "partner_accounts/public_key?domain=home.example.test"
    assert (await as_partner()("GET", f"{EU}/{path}")).status == 200
    assert (await as_partner()("GET", f"{NA}/{path}")).status == 401


async def test_what_does_not_exist_is_not_found(
    log_in: Callable[..., Caller], world: World
) -> None:
    """Unknown paths, unknown cars and other people's cars look alike."""
    call = log_in()
    for path in ("nonsense", "vehicles/5YJ3E7EB8MF999999", "vehicles/99/vehicle_data"):
        answer = await call("GET", f"{EU}/{path}")
        assert (answer.status, await answer.text()) == (404, _error("not_found"))
    assert world.ledger.entries[0].endpoint == "unknown"


async def test_a_body_has_to_be_json(log_in: Callable[..., Caller]) -> None:
    """Another content type is 406, broken JSON and other shapes are 400."""
    call, path = log_in(), f"{EU}/vehicles/fleet_status"
    assert (await call("POST", path, data={"vins": PAIRED})).status == 406
    for text in ("{", "[]"):
        answer = await call("POST", path, data=text, headers={"Content-Type": "application/json"})
        assert (answer.status, await answer.text()) == (400, _error("invalid_request"))


@pytest.mark.parametrize(
    ("method", "path", "rate", "limit"),
    [
        ("GET", "vehicle_data", RateClass.DATA, 60),
        ("POST", "wake_up", RateClass.WAKES, 3),
        ("POST", "command/flash_lights", RateClass.COMMANDS, 30),
    ],
)
async def test_each_class_has_its_limit(
    log_in: Callable[..., Caller],
    world: World,
    method: str,
    path: str,
    rate: RateClass,
    limit: int,
) -> None:
    """The headers count down; beyond the limit 429 says how long to wait; other cars are free."""
    assert world.rates.limits[rate] == limit
    world.rates.limits[rate] = 2
    call = log_in()
    url = f"{EU}/vehicles/{PAIRED}/{path}"
    told = [(await call(method, url)).headers["RateLimit-Remaining"] for _ in range(2)]
    assert told == ["1", "0"]
    world.clock.advance(20.5)
    answer = await call(method, url)
    assert answer.status == 429
    assert answer.headers["Retry-After"] == answer.headers["RateLimit-Reset"] == "40"
    assert answer.headers["RateLimit-Limit"] == "2"
    assert await answer.text() == "Retry in 40 seconds"
    assert (await call(method, url.replace(PAIRED, "3"))).status != 429
    world.clock.advance(39.5)
    assert (await call(method, url)).status != 429


async def test_every_answer_carries_a_transaction_id(
    log_in: Callable[..., Caller], world: World
) -> None:
    """The id that Tesla's support asks for is in the header and in the ledger."""
    answers = [await log_in()("GET", f"{EU}/{path}") for path in ("products", "nonsense")]
    assert [answer.headers["x-txid"] for answer in answers] == [
        entry.txid for entry in world.ledger.entries
    ]


async def test_the_ledger_prices_what_was_asked(
    log_in: Callable[..., Caller], world: World, car: Callable[[str], FakeCar]
) -> None:
    """Everything below 500 is billed by its class, for the car by VIN however it was named."""
    call = log_in()
    await call("GET", f"{EU}/products")
    await call("GET", f"{EU}/vehicles/2/vehicle_data")
    car(PAIRED).availability = "asleep"
    await call("GET", f"{EU}/vehicles/{PAIRED}/vehicle_data")
    await call("POST", f"{EU}/vehicles/{PAIRED}/wake_up")
    await call("POST", f"{EU}/vehicles/{PAIRED}/command/honk_horn")
    assert [(entry.endpoint, entry.vin, entry.status) for entry in world.ledger.entries] == [
        ("products", None, 200),
        ("vehicle_data", PAIRED, 200),
        ("vehicle_data", PAIRED, 408),
        ("wake_up", PAIRED, 200),
        ("command/honk_horn", PAIRED, 403),
    ]
    assert world.ledger.cost == pytest.approx(0 + 0.002 + 0.002 + 0.02 + 0.001)
    assert world.ledger.counts()[PriceClass.DATA] == world.ledger.count(PriceClass.DATA) == 2


async def test_the_health_check_needs_nothing(client: TestClient[Any, Any]) -> None:
    """`/status` answers ok without a token and without a trace."""
    answer = await client.get(f"{EU.removesuffix('/api/1')}/status")
    assert await answer.text() == "ok"
