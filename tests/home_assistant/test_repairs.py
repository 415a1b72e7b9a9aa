"""The repair of a missing key: it opens by itself, leads the way, and closes by itself."""

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest

from custom_components.teslalogger.const import DOMAIN
from simulator.cloud.faults import FaultKind, FaultRule
from simulator.garage import JUNIPER, PEARL
from tests.simulator_fixtures import DOMAIN as HOST

if TYPE_CHECKING:
    from aiohttp.test_utils import TestClient
    from pytest_homeassistant_custom_component.typing import (
        ClientSessionGenerator,
        WebSocketGenerator,
    )

    from .live import Live

LINK: Final = f"https://www.tesla.com/_ak/{HOST}"
type Frontend = TestClient[Any, Any]


@pytest.fixture
async def frontend(live: Live, hass_client: ClientSessionGenerator) -> Frontend:
    """Home Assistant's own page about repairs, over HTTP."""
    assert await async_setup_component(live.hass, REPAIRS, {})
    await live.hass.async_block_till_done()
    client: Frontend = await hass_client()
    return client


async def listed(live: Live, websocket: WebSocketGenerator) -> list[dict[str, Any]]:
    """Our repairs as the page shows them."""
    client = await websocket(live.hass)
    await client.send_json_auto_id({"type": "repairs/list_issues"})
    answer = await client.receive_json()
    return [issue for issue in answer["result"]["issues"] if issue["domain"] == DOMAIN]


async def open_repair(live: Live, websocket: WebSocketGenerator) -> str:
    """Press the switch of the unpaired car; the id of the repair that comes of it."""
    await live.look_at(PEARL)
    with pytest.raises(HomeAssistantError):
        await live.press(PEARL)
    (issue,) = await listed(live, websocket)
    issue_id: str = issue["issue_id"]
    return issue_id


async def begin(frontend: Frontend, issue_id: str) -> dict[str, Any]:
    """Press the repair's button."""
    body = {"handler": DOMAIN, "issue_id": issue_id}
    answer = await frontend.post("/api/repairs/issues/fix", json=body)
    assert answer.status == HTTPStatus.OK, await answer.text()
    page: dict[str, Any] = await answer.json()
    return page


async def submit(frontend: Frontend, page: dict[str, Any]) -> dict[str, Any]:
    """Send the page."""
    answer = await frontend.post(f"/api/repairs/issues/fix/{page['flow_id']}", json={})
    assert answer.status == HTTPStatus.OK, await answer.text()
    next_page: dict[str, Any] = await answer.json()
    return next_page


def pair(live: Live, vin: str) -> None:
    """Confirm the key in Tesla's app."""
    (registration,) = live.world.registrations
    live.world.cars[vin].pair(registration.public_key)


async def test_repair_names_the_car_and_nothing_private(
    live: Live, frontend: Frontend, hass_ws_client: WebSocketGenerator
) -> None:
    """It appears with the first command that the car refuses, and not before."""
    assert frontend
    assert not await listed(live, hass_ws_client)

    issue_id = await open_repair(live, hass_ws_client)

    (issue,) = await listed(live, hass_ws_client)
    assert issue["is_fixable"]
    assert issue["severity"] == "error"
    assert issue["translation_key"] == "key_not_paired"
    assert issue["translation_placeholders"] == {"car": "Pearl"}
    assert PEARL not in str(issue)
    assert issue_id.startswith(f"key_not_paired_{live.entry.entry_id}_")


async def test_repair_shows_the_link_and_closes_after_the_pairing(
    live: Live, frontend: Frontend, hass_ws_client: WebSocketGenerator
) -> None:
    """As text and as a code; it says so as long as Tesla does not see the key."""
    issue_id = await open_repair(live, hass_ws_client)

    page = await begin(frontend, issue_id)
    assert page["step_id"] == "pair"
    assert page["description_placeholders"] == {"car": "Pearl", "url": LINK}
    assert page["data_schema"][0]["selector"]["qr_code"]["data"] == LINK
    assert not page["errors"]

    page = await submit(frontend, page)
    assert page["errors"] == {"base": "not_paired_yet"}
    assert page["description_placeholders"]["car"] == "Pearl"

    pair(live, PEARL)
    page = await submit(frontend, page)
    assert page["type"] == "create_entry"
    assert not await listed(live, hass_ws_client)
    assert live.state("sensor", PEARL, "key_status").state == "paired"

    await live.press(PEARL)
    assert live.world.cars[PEARL].state.sentry_mode


async def test_no_answer_of_teslas_is_not_a_no(
    live: Live, frontend: Frontend, hass_ws_client: WebSocketGenerator
) -> None:
    """Two different things to do, two different texts."""
    page = await begin(frontend, await open_repair(live, hass_ws_client))
    live.world.faults.add(FaultRule(kind=FaultKind.STATUS, endpoint="fleet_status", status=503))
    pair(live, PEARL)

    page = await submit(frontend, page)
    assert page["errors"] == {"base": "no_answer"}

    page = await submit(frontend, page)
    assert page["type"] == "create_entry"


async def test_command_that_works_closes_the_repair(
    live: Live, frontend: Frontend, hass_ws_client: WebSocketGenerator
) -> None:
    """Nobody has to look at it; an open page agrees."""
    page = await begin(frontend, await open_repair(live, hass_ws_client))
    pair(live, PEARL)

    await live.press(PEARL)

    assert not await listed(live, hass_ws_client)
    page = await submit(frontend, page)
    assert page["type"] == "create_entry"


async def test_hourly_look_closes_the_repair(
    live: Live, frontend: Frontend, hass_ws_client: WebSocketGenerator
) -> None:
    """While somebody waits, Tesla is asked every hour."""
    assert frontend
    await open_repair(live, hass_ws_client)
    pair(live, PEARL)
    live.world.ledger.clear()

    await live.pass_time(timedelta(hours=1, seconds=1))

    assert len(live.world.ledger.of("fleet_status")) == 1
    assert not live.car(PEARL).commander.waits_for_pairing


async def test_repair_survives_a_reload_and_still_works(
    live: Live, frontend: Frontend, hass_ws_client: WebSocketGenerator
) -> None:
    """Even with its page open: the account's new objects are asked."""
    page = await begin(frontend, await open_repair(live, hass_ws_client))
    await live.restart()
    assert await listed(live, hass_ws_client)
    pair(live, PEARL)

    page = await submit(frontend, page)

    assert page["type"] == "create_entry"
    assert live.state("sensor", PEARL, "key_status").state == "paired"


async def test_account_that_is_not_running_cannot_be_asked(
    live: Live, frontend: Frontend, hass_ws_client: WebSocketGenerator
) -> None:
    """Whether the page was open already or not; the repair stays."""
    issue_id = await open_repair(live, hass_ws_client)
    page = await begin(frontend, issue_id)
    await live.hass.config_entries.async_set_disabled_by(
        live.entry.entry_id, ConfigEntryDisabler.USER
    )

    page = await submit(frontend, page)
    assert (page["type"], page["reason"]) == ("abort", "not_loaded")

    page = await begin(frontend, issue_id)
    assert (page["type"], page["reason"]) == ("abort", "not_loaded")
    assert await listed(live, hass_ws_client)


async def test_removed_account_takes_its_repairs_along(
    live: Live, frontend: Frontend, hass_ws_client: WebSocketGenerator
) -> None:
    """There is nothing left to mend, and an open page says so."""
    page = await begin(frontend, await open_repair(live, hass_ws_client))

    await live.hass.config_entries.async_remove(live.entry.entry_id)

    (left,) = await listed(live, hass_ws_client)
    assert left["translation_key"] == "left_behind"
    page = await submit(frontend, page)
    assert (page["type"], page["reason"]) == ("abort", "not_loaded")

    page = await begin(frontend, left["issue_id"])
    assert page["step_id"] == "confirm"
    await submit(frontend, page)
    assert not await listed(live, hass_ws_client)


async def test_car_that_needs_no_key_has_no_repair(
    live: Live, frontend: Frontend, hass_ws_client: WebSocketGenerator
) -> None:
    """Nor the one that has it."""
    assert frontend
    await live.look_at(JUNIPER)

    await live.press(JUNIPER)

    assert not await listed(live, hass_ws_client)
