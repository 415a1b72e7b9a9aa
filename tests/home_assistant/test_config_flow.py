"""Setting an account up, against the simulated Tesla."""

import base64
import hashlib
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntryState
from homeassistant.data_entry_flow import FlowResultType

from custom_components.teslalogger.tesla import WELL_KNOWN_PATH, Scope
from custom_components.teslalogger.vault import async_open_vault
from simulator.cloud.hosts import Region
from simulator.garage import OWNER
from tests.simulator_fixtures import DOMAIN as HOST

from .dialog import (
    CHECK,
    DOMAIN_PAGE,
    EXTERNAL_PAGE,
    SECRET,
    Dialog,
    next_step,
    qr_code,
    query_of,
    shown,
    suggestions,
)

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    import pytest

    from simulator.world import World

    from .dialog import WebHost


async def test_the_whole_way_ends_in_a_running_account(
    hass: HomeAssistant, dialog: Dialog, world: World
) -> None:
    """Login, domain, key, registration, pairing page, cars."""
    page = await dialog.begin()
    assert page["type"] is FlowResultType.EXTERNAL_STEP
    page = await dialog.sign_in(page)
    assert page["step_id"] == "domain"
    page = await dialog.answer(page, DOMAIN_PAGE)
    assert page["step_id"] == "virtual_key"
    assert not page["errors"]
    entry = await dialog.finish(page)

    assert entry.state is ConfigEntryState.LOADED
    assert entry.unique_id == OWNER
    assert entry.title == "owner@example.com"
    assert entry.data == {
        "auth_implementation": "teslalogger",
        "domain": HOST,
        "region": "eu",
        "key_hosting": "home_assistant",
        "account_id": OWNER,
    }
    assert len(entry.runtime_data.cars) == 6
    key = (await async_open_vault(hass, OWNER)).key
    assert key is not None
    registered = {kept.region: kept.public_key for kept in world.registrations}
    assert registered == {Region.EU: key.public_point, Region.NA: key.public_point}


async def test_no_secret_is_in_the_entry_or_the_log(
    hass: HomeAssistant, dialog: Dialog, caplog: pytest.LogCaptureFixture
) -> None:
    """Tokens and key are in the vault, and only there."""
    caplog.set_level("DEBUG")
    entry = await dialog.set_up()

    vault = await async_open_vault(hass, OWNER)
    tokens, key = await vault.tokens.load(), vault.key
    assert tokens is not None
    assert key is not None
    private = key.to_pem().decode().splitlines()[1]
    for secret in (tokens.access_token, tokens.refresh_token, private, SECRET):
        assert secret not in str(entry.as_dict())
        assert secret not in caplog.text


async def test_tesla_is_asked_for_everything_with_a_proof_key(dialog: Dialog) -> None:
    """The authorize page's parameters, and a state that Home Assistant has signed."""
    asked = query_of(await dialog.begin())

    assert set(asked["scope"].split()) == set(Scope)
    assert asked["prompt_missing_scopes"] == "true"
    assert asked["prompt"] == "login"
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert (
        len(base64.urlsafe_b64decode(asked["code_challenge"] + "=")) == hashlib.sha256().digest_size
    )
    assert asked["state"].count(".") == 2


async def test_a_domain_is_suggested_when_home_assistant_has_one(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    """It may be taken as it is."""
    hass.config.external_url = f"https://{HOST}"

    page = await dialog.to_domain()

    assert suggestions(page) == {"domain": HOST, "key_hosting": "home_assistant"}
    page = await dialog.answer(page, DOMAIN_PAGE)
    await dialog.finish(page)


async def test_the_key_is_served_while_the_dialog_is_open(dialog: Dialog) -> None:
    """Tesla may look again at any time; afterwards the entry serves it."""
    headers = {"Host": HOST}
    assert (await dialog.browser.get(WELL_KNOWN_PATH, headers=headers)).status == 404

    page = await dialog.to_virtual_key()
    served = await dialog.browser.get(WELL_KNOWN_PATH, headers=headers)
    assert served.status == 200
    pem = await served.read()

    await dialog.finish(page)
    assert await (await dialog.browser.get(WELL_KNOWN_PATH, headers=headers)).read() == pem


async def test_a_set_up_that_was_broken_off_goes_on_with_its_key(
    hass: HomeAssistant, dialog: Dialog, world: World
) -> None:
    """The key that Tesla knows and cars may have is not thrown away."""
    page = await dialog.to_virtual_key()
    registered = world.registrations[0].public_key
    hass.config_entries.flow.async_abort(page["flow_id"])
    assert (await dialog.browser.get(WELL_KNOWN_PATH, headers={"Host": HOST})).status == 404

    await dialog.set_up()

    key = (await async_open_vault(hass, OWNER)).key
    assert key is not None
    assert key.public_point == registered


async def test_the_page_shows_each_car_and_its_key(dialog: Dialog, world: World) -> None:
    """Link, QR code, and every state that a key can have."""
    page = await dialog.to_virtual_key()

    placeholders = page["description_placeholders"]
    assert placeholders is not None
    assert placeholders["pairing_url"] == f"https://www.tesla.com/_ak/{HOST}"
    assert qr_code(page) == f"https://www.tesla.com/_ak/{HOST}"
    assert placeholders["cars"].splitlines() == [
        "| Falcon (…012345) | Not needed |",
        "| Juniper (…012346) | Paired |",
        "| Pearl (…012347) | Not paired |",
        "| Yuki (…012348) | Paired |",
        "| Anvil (…012349) | Paired |",
        "| Guest S (…012350) | Paired |",
    ]
    assert next_step(page) == "check"

    world.cars["LRW3E7EK9NC012347"].pair(world.registrations[0].public_key)
    page = await dialog.answer(page, CHECK)

    assert "| Pearl (…012347) | Paired |" in shown(page, "cars")
    assert next_step(page) == "finish"
    await dialog.finish(page)


async def test_an_account_without_cars_is_set_up_too(dialog: Dialog, world: World) -> None:
    """They appear later by themselves."""
    world.guests.clear()
    cars, world.cars = world.cars, {}
    world.preapproved.clear()

    page = await dialog.to_virtual_key()
    assert page["step_id"] == "no_cars"
    assert next_step(page) == "finish"
    world.cars = cars
    page = await dialog.answer(page, CHECK)
    assert page["step_id"] == "virtual_key"
    world.cars = {}
    page = await dialog.answer(page, CHECK)

    entry = await dialog.finish(page)
    assert entry.runtime_data.cars == {}


async def test_the_key_can_be_served_elsewhere(
    dialog: Dialog, world: World, web_host: WebHost
) -> None:
    """The page shows key and address, and says what is wrong until the key is there."""
    world.internet[HOST] = web_host.url

    page = await dialog.answer(await dialog.to_domain(), EXTERNAL_PAGE)
    assert page["step_id"] == "external_key"
    assert not page["errors"]
    assert shown(page, "url") == f"https://{HOST}{WELL_KNOWN_PATH}"
    assert shown(page, "pem").startswith("-----BEGIN PUBLIC KEY-----")

    page = await dialog.answer(page, CHECK)
    assert page["errors"] == {"base": "public_key_not_found"}
    assert shown(page, "url") == f"https://{HOST}{WELL_KNOWN_PATH}"

    web_host.content = shown(page, "pem")
    page = await dialog.answer(page, CHECK)
    assert page["step_id"] == "virtual_key"
    entry = await dialog.finish(page)
    assert entry.data["key_hosting"] == "external"
    # Home Assistant does not serve what somebody else serves.
    own = await dialog.browser.get(WELL_KNOWN_PATH, headers={"Host": HOST})
    assert own.status == 404


async def test_a_wrong_domain_can_be_changed_after_the_key_was_shown(dialog: Dialog) -> None:
    """Without signing in again."""
    page = await dialog.answer(
        await dialog.to_domain(), {"domain": "wrong.example.test", "key_hosting": "external"}
    )
    page = await dialog.answer(page, {"next": "change_domain"})

    assert page["step_id"] == "domain"
    assert suggestions(page) == {"domain": "wrong.example.test", "key_hosting": "external"}
    await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))
