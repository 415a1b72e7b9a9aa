"""The energy endpoints: who may, what they answer, and how they fail."""

from typing import TYPE_CHECKING, Any

import pytest

from simulator.energy import EnergySite

from .conftest import EU, LENDER, OWNER, Caller

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.world import World

    type LogIn = Callable[..., Caller]

SITE = f"{EU}/energy_sites/17"


@pytest.fixture(autouse=True)
def site(world: World) -> EnergySite:
    """The owner's house."""
    world.sites["17"] = EnergySite(17, "Lighthouse", clock=world.clock, owner=OWNER)
    return world.sites["17"]


async def test_products_list_the_site(log_in: LogIn) -> None:
    """Beside the cars, and only for those who may see energy."""

    async def products(**login: Any) -> list[Any]:
        told: list[Any] = (await (await log_in(**login)("GET", f"{EU}/products")).json())[
            "response"
        ]
        return [item.get("energy_site_id") for item in told]

    assert await products() == [None, None, None, 17]
    assert await products(scopes=["energy_device_data"]) == [17]
    assert 17 not in await products(scopes=["vehicle_device_data"])
    assert 17 not in await products(account=LENDER)


@pytest.mark.parametrize(
    "path",
    [
        "live_status",
        "site_info",
        "calendar_history?kind=energy&period=day",
        "calendar_history?kind=backup&period=week&start_date=2026-10-01T00:00:00Z",
        (
            "telemetry_history?kind=charge&start_date=2026-10-01T00:00:00Z"
            "&end_date=2026-11-01T00:00:00%2B01:00"
        ),
    ],
)
async def test_reading_is_free_and_needs_its_scope(log_in: LogIn, world: World, path: str) -> None:
    """Cars do not matter here."""
    answer = await log_in(scopes=["energy_device_data"])("GET", f"{SITE}/{path}")
    assert answer.status == 200
    assert (await answer.json())["response"]
    assert world.ledger.cost == 0

    refused = await log_in(scopes=["vehicle_device_data", "energy_cmds"])("GET", f"{SITE}/{path}")
    assert refused.status == 403


async def test_setting_is_confirmed_in_teslas_words(log_in: LogIn, site: EnergySite) -> None:
    """And done."""
    call = log_in(scopes=["energy_cmds"])
    answer = await call("POST", f"{SITE}/backup", json={"backup_reserve_percent": 42})

    assert await answer.text() == '{"response":{"code":201,"message":"Updated"}}'
    assert site.state.settings.reserve == 42


async def test_setting_needs_its_scope(log_in: LogIn, site: EnergySite) -> None:
    """Reading is not commanding."""
    call = log_in(scopes=["energy_device_data", "vehicle_cmds"])
    answer = await call("POST", f"{SITE}/backup", json={"backup_reserve_percent": 42})

    assert answer.status == 403
    assert site.state.settings.reserve == 20


async def test_nonsense_is_refused(log_in: LogIn) -> None:
    """A wrong body, kind or period."""
    call = log_in()
    assert (await call("POST", f"{SITE}/operation", json={})).status == 400
    assert (await call("GET", f"{SITE}/calendar_history?kind=weather")).status == 400
    assert (await call("GET", f"{SITE}/calendar_history?kind=energy")).status == 400
    for query in (
        "kind=charge",
        "kind=charge&start_date=2026-10-01T00:00:00Z",
        "kind=charge&start_date=yesterday&end_date=today",
        "kind=charge&start_date=2026-10-01&end_date=2026-11-01",
        "kind=drive&start_date=2026-10-01T00:00:00Z&end_date=2026-11-01T00:00:00Z",
    ):
        assert (await call("GET", f"{SITE}/telemetry_history?{query}")).status == 400


async def test_backup_history_is_empty(log_in: LogIn) -> None:
    """The grid of the simulation has never failed for long."""
    answer = await log_in()("GET", f"{SITE}/calendar_history?kind=backup&period=day")
    assert (await answer.json())["response"] == {"events": [], "total_events": 0}


async def test_site_of_others_is_not_found(log_in: LogIn) -> None:
    """Nor is one that there is not."""
    assert (await log_in(account=LENDER)("GET", f"{SITE}/live_status")).status == 404
    assert (await log_in()("GET", f"{EU}/energy_sites/99/live_status")).status == 404


async def test_site_that_was_given_up_is_an_error_of_teslas(
    log_in: LogIn, site: EnergySite
) -> None:
    """Word for word."""
    site.state.given_up = True

    answer = await log_in()("GET", f"{SITE}/site_info")

    assert answer.status == 500
    assert await answer.text() == (
        '{"response":null,"error":"upstream internal error","error_description":""}'
    )
