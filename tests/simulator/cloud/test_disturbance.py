"""Things that go wrong on order."""

from collections.abc import Callable
import json
from typing import TYPE_CHECKING

from aiohttp import ClientError
import pytest

from simulator.cloud.faults import FaultKind, FaultRule, Faults

from .conftest import EU, LEGACY, PAIRED, Caller
from .fake_car import FakeCar

if TYPE_CHECKING:
    from simulator.world import World

type LogIn = Callable[..., Caller]
type CarOf = Callable[[str], FakeCar]
COMMAND = f"{EU}/vehicles/{LEGACY}/command/flash_lights"


@pytest.mark.parametrize("executed", [False, True])
async def test_any_status_with_any_body(
    log_in: LogIn, world: World, car: CarOf, *, executed: bool
) -> None:
    """Before or after the command took effect; then all is well again."""
    world.faults.add(
        FaultRule(
            kind=FaultKind.STATUS,
            endpoint="command/*",
            status=504,
            body={"error": "timeout"},
            headers={"Retry-After": "7"},
            executed=executed,
        )
    )
    answer = await log_in()("POST", COMMAND)
    assert (answer.status, await answer.json()) == (504, {"error": "timeout"})
    assert answer.headers["Retry-After"] == "7"
    assert len(car(LEGACY).executed) == executed
    assert (world.ledger.entries[-1].status, world.ledger.cost) == (504, 0)
    assert (await log_in()("POST", COMMAND)).status == 200


async def test_a_plain_text_body(log_in: LogIn, world: World) -> None:
    """A string is sent as it is."""
    world.faults.add(FaultRule(kind=FaultKind.STATUS, status=503, body="down"))
    answer = await log_in()("GET", f"{EU}/products")
    assert (answer.status, await answer.text()) == (503, "down")


@pytest.mark.parametrize(("executed", "times"), [(None, 1), (True, 1), (False, 0)])
async def test_a_lost_reply(
    log_in: LogIn, world: World, car: CarOf, *, executed: bool | None, times: int
) -> None:
    """The connection closes; by default after the command took effect."""
    world.faults.add(FaultRule(kind=FaultKind.LOST, executed=executed))
    with pytest.raises(ClientError):
        await log_in()("POST", COMMAND)
    assert len(car(LEGACY).executed) == times
    assert world.ledger.entries[-1].status is None
    assert world.ledger.cost == pytest.approx(0.001)


async def test_a_truncated_reply(log_in: LogIn, world: World, car: CarOf) -> None:
    """Half of the JSON, after execution."""
    world.faults.add(FaultRule(kind=FaultKind.TRUNCATED))
    answer = await log_in()("POST", COMMAND)
    assert answer.status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(await answer.text())
    assert len(car(LEGACY).executed) == 1


async def test_a_page_instead_of_json(log_in: LogIn, world: World, car: CarOf) -> None:
    """What a proxy on the way says; nothing was executed."""
    world.faults.add(FaultRule(kind=FaultKind.HTML, status=200))
    world.faults.add(FaultRule(kind=FaultKind.HTML, status=502, body="<p>own</p>"))
    first, second = await log_in()("POST", COMMAND), await log_in()("POST", COMMAND)
    assert (first.status, first.content_type) == (200, "text/html")
    assert (second.status, await second.text()) == (502, "<p>own</p>")
    assert car(LEGACY).executed == []


@pytest.mark.parametrize("executed", [None, False])
async def test_a_late_reply_is_the_true_one(
    log_in: LogIn, world: World, car: CarOf, *, executed: bool | None
) -> None:
    """Late before or late after the command."""
    world.faults.add(FaultRule(kind=FaultKind.DELAY, delay=0.001, executed=executed))
    assert (await log_in()("POST", COMMAND)).status == 200
    assert len(car(LEGACY).executed) == 1


async def test_a_rule_is_about_one_car(log_in: LogIn, world: World) -> None:
    """The others are left alone, and so is the rule."""
    world.faults.add(FaultRule(kind=FaultKind.STATUS, vin=LEGACY, status=500))
    assert (await log_in()("GET", f"{EU}/vehicles/{PAIRED}")).status == 200
    assert (await log_in()("GET", f"{EU}/vehicles/{LEGACY}")).status == 500


def test_a_rule_lets_some_through_and_hits_some() -> None:
    """`skip` first, then `count`."""
    faults = Faults()
    rule = faults.add(FaultRule(kind=FaultKind.LOST, endpoint="a*", skip=1, count=2))
    assert [faults.take("ab", None) is rule for _ in range(5)] == [False, True, True, False, False]
    assert faults.rules == []


def test_a_rule_without_a_count_stays() -> None:
    """Until it is removed."""
    faults = Faults()
    rule = faults.add(FaultRule(kind=FaultKind.LOST, count=None))
    assert all(faults.take("a", "vin") is rule for _ in range(9))
    assert faults.remove(rule.id)
    assert not faults.remove(rule.id)
    assert faults.take("a", None) is None


def test_a_rule_survives_json() -> None:
    """Posting what was shown makes the same rule."""
    rule = FaultRule(kind=FaultKind.STATUS, endpoint="x", vin=PAIRED, status=418, body=[1], skip=2)
    again = FaultRule.from_json(rule.as_json())
    assert again.as_json() | {"id": 0} == rule.as_json() | {"id": 0}


@pytest.mark.parametrize("data", [{}, {"kind": "explode"}, {"kind": "lost", "where": "here"}])
def test_nonsense_makes_no_rule(data: dict[str, str]) -> None:
    """Unknown kinds and fields are refused."""
    with pytest.raises((TypeError, ValueError)):
        FaultRule.from_json(data)


async def test_a_refresh_can_be_lost_too(log_in: LogIn, world: World) -> None:
    """The token was rotated, and nobody heard."""
    call = log_in()
    answer = world.authority.sign_in(
        client_id="client",
        account="owner-sub",
        region=world.accounts["owner-sub"].region,
        scopes=["offline_access"],
    )
    fields = {
        "grant_type": "refresh_token",
        "client_id": "client",
        "refresh_token": answer["refresh_token"],
    }
    world.faults.add(FaultRule(kind=FaultKind.LOST, endpoint="oauth/token"))
    with pytest.raises(ClientError):
        await call("POST", "/auth.tesla.com/oauth2/v3/token", data=fields)
    again = await call("POST", "/auth.tesla.com/oauth2/v3/token", data=fields)
    assert again.status == 200
