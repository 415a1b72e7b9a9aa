"""The virtual key at any time: removed in the car, asked for by a button, put in again."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.setup import async_setup_component
import pytest

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.tesla.hosts import resolve
from simulator.garage import FALCON, JUNIPER, PEARL
from tests.simulator_fixtures import DOMAIN as HOST

from .live import OWNER, Live
from .test_owner_api import open_repairs, start_owner  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from .test_owner_api import StartOwner

LINK: Final = f"https://www.tesla.com/_ak/{HOST}"


async def remove_key(live: Live, simulator_url: str, vin: str) -> None:
    """Controls, Locks, the key, delete."""
    session = async_get_clientsession(live.hass)
    url = f"{simulator_url}/_simulator/locks"
    async with session.post(url, data={"vin": vin}) as answer:
        assert answer.status == 200
    assert not live.world.cars[vin].paired_keys


async def approve(live: Live, vin: str) -> None:
    """Open the link on the phone, choose the car, and confirm."""
    session = async_get_clientsession(live.hass)
    async with session.post(resolve(LINK), data={"vin": vin}) as answer:
        assert answer.status == 200
        assert "Key added" in await answer.text()


async def press_help(live: Live, vin: str) -> None:
    """Press the button on the car's page."""
    target = {ATTR_ENTITY_ID: live.entity_id("button", vin, "virtual_key")}
    await live.hass.services.async_call("button", "press", target, blocking=True)


async def refused(live: Live, vin: str) -> str | None:
    """Press a switch that the car does not obey; what is said."""
    with pytest.raises(HomeAssistantError) as caught:
        await live.press(vin)
    return caught.value.translation_key


def issue(live: Live) -> ir.IssueEntry:
    """The only repair."""
    (one,) = [
        one for (domain, _), one in ir.async_get(live.hass).issues.items() if domain == DOMAIN
    ]
    return one


async def begin(live: Live) -> Any:
    """Press the repair's button."""
    assert await async_setup_component(live.hass, REPAIRS, {})
    await live.hass.async_block_till_done()
    return await live.hass.data[REPAIRS]["flow_manager"].async_init(
        DOMAIN, data={"issue_id": issue(live).issue_id}
    )


async def submit(live: Live, page: Any) -> Any:
    """Send its page."""
    return await live.hass.data[REPAIRS]["flow_manager"].async_configure(page["flow_id"], {})


def shows_the_way(page: Any, car: str) -> bool:
    """Whether the page has the link, as text and as a code."""
    code = page["data_schema"].schema["qr_code"].config["data"]
    return bool(page["description_placeholders"] == {"car": car, "url": LINK} and code == LINK)


# Removed in the car


async def use(live: Live, vin: str) -> None:
    """A car that obeys."""
    live.world.cars[vin].wake_now()
    await live.look_at(vin)
    await live.press(vin)
    assert live.world.cars[vin].state.sentry_mode
    live.world.cars[vin].state.sentry_mode = False
    assert live.state("sensor", vin, "key_status").state == "paired"
    assert not open_repairs(live.hass)


async def test_key_removed_in_the_car_is_told_at_the_next_press(
    live: Live, simulator_url: str
) -> None:
    """With the session that is open; the repair shows the way, and closes once it was gone."""
    await use(live, JUNIPER)
    await remove_key(live, simulator_url, JUNIPER)

    assert await refused(live, JUNIPER) == "key_not_paired"

    assert not live.world.cars[JUNIPER].state.sentry_mode
    assert live.state("sensor", JUNIPER, "key_status").state == "not_paired"
    assert open_repairs(live.hass) == ["key_not_paired"]
    page = await begin(live)
    assert shows_the_way(page, "Juniper")
    page = await submit(live, page)
    assert page["errors"] == {"base": "not_paired_yet"}
    assert shows_the_way(page, "Juniper")

    await approve(live, JUNIPER)
    page = await submit(live, page)
    assert page["type"] == "create_entry"
    assert not open_repairs(live.hass)
    await live.press(JUNIPER)
    assert live.world.cars[JUNIPER].state.sentry_mode


async def test_repair_of_a_removed_key_closes_by_itself(live: Live, simulator_url: str) -> None:
    """Within an hour after the pairing, at the price of one question."""
    await use(live, JUNIPER)
    await remove_key(live, simulator_url, JUNIPER)
    await refused(live, JUNIPER)
    await approve(live, JUNIPER)
    live.world.ledger.clear()

    await live.pass_time(timedelta(hours=1, seconds=1))

    assert len(live.world.ledger.of("fleet_status")) == 1
    assert not open_repairs(live.hass)
    assert live.state("sensor", JUNIPER, "key_status").state == "paired"


# The button


async def test_button_opens_the_repair_of_a_paired_car(live: Live) -> None:
    """Whoever wants to see the way sees it; Tesla is asked, and it closes."""
    await use(live, JUNIPER)
    live.world.ledger.clear()

    await press_help(live, JUNIPER)
    await press_help(live, JUNIPER)

    found = issue(live)
    assert (found.translation_key, found.severity) == ("key_wanted", ir.IssueSeverity.WARNING)
    assert found.translation_placeholders == {"car": "Juniper"}
    assert not live.world.ledger.entries
    page = await begin(live)
    assert shows_the_way(page, "Juniper")
    page = await submit(live, page)
    assert page["type"] == "create_entry"
    assert len(live.world.ledger.of("fleet_status")) == 1
    assert not open_repairs(live.hass)


async def test_button_helps_before_the_first_command(live: Live) -> None:
    """A car that never had the key: the page waits for it."""
    await press_help(live, PEARL)
    assert issue(live).translation_key == "key_wanted"
    page = await submit(live, await begin(live))
    assert page["errors"] == {"base": "not_paired_yet"}

    await approve(live, PEARL)

    assert (await submit(live, page))["type"] == "create_entry"
    assert not open_repairs(live.hass)


async def test_refused_command_takes_the_place_of_what_was_asked_for(
    live: Live, simulator_url: str
) -> None:
    """One repair, and the graver one, even if the other was ignored."""
    await use(live, JUNIPER)
    await press_help(live, JUNIPER)
    ir.async_ignore_issue(live.hass, DOMAIN, issue(live).issue_id, ignore=True)
    await remove_key(live, simulator_url, JUNIPER)

    await refused(live, JUNIPER)

    found = issue(live)
    assert (found.translation_key, found.severity) == ("key_not_paired", ir.IssueSeverity.ERROR)
    assert found.dismissed_version is None


async def test_button_brings_back_a_repair_that_was_ignored(live: Live, simulator_url: str) -> None:
    """It stays what it is; one that is ignored for now stays so at the next refusal."""
    await use(live, JUNIPER)
    await remove_key(live, simulator_url, JUNIPER)
    await refused(live, JUNIPER)
    ir.async_ignore_issue(live.hass, DOMAIN, issue(live).issue_id, ignore=True)
    await refused(live, JUNIPER)
    assert issue(live).dismissed_version is not None

    await press_help(live, JUNIPER)

    assert issue(live).translation_key == "key_not_paired"
    assert issue(live).dismissed_version is None


async def test_button_is_there_while_the_car_is_not(live: Live) -> None:
    """Nobody has to wake a car for a link."""
    live.world.cars[JUNIPER].go_offline()
    await live.look_at(JUNIPER)

    assert live.state("button", JUNIPER, "virtual_key").state != "unavailable"


def has_button(live: Live, vin: str) -> bool:
    """Whether the button is on the car's page."""
    unique_id = f"{OWNER}_{vin}_virtual_key"
    return er.async_get(live.hass).async_get_entity_id("button", DOMAIN, unique_id) is not None


async def test_car_that_takes_unsigned_commands_has_no_button(live: Live) -> None:
    """No key is of any use to it."""
    assert has_button(live, JUNIPER)
    assert not has_button(live, FALCON)


async def test_owner_entry_has_no_button(start_owner: StartOwner) -> None:  # noqa: F811
    """Its API carries nothing that is signed."""
    live = await start_owner()

    assert not any(has_button(live, vin) for vin in live.world.cars)
    assert not open_repairs(live.hass)
