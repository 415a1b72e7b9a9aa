"""Changing an account that is set up: signing in again, other domain, virtual key."""

from typing import TYPE_CHECKING
from unittest.mock import patch

from homeassistant.components.application_credentials import (
    DATA_COMPONENT,
    ClientCredential,
    async_import_client_credential,
)
from homeassistant.config_entries import ConfigEntry, ConfigEntryState, OperationNotAllowed
import pytest

from custom_components.teslalogger import vault
from custom_components.teslalogger.commander import KeyStatus
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.tesla import WELL_KNOWN_PATH, Scope
from custom_components.teslalogger.vault import async_open_vault
from simulator.cloud.faults import FaultKind, FaultRule
from simulator.garage import OWNER
from tests.simulator_fixtures import CLIENT_ID, DOMAIN as HOST

from .dialog import (
    CHECK,
    DOMAIN_PAGE,
    EXTERNAL_PAGE,
    FINISH,
    LENDER_EMAIL,
    SECRET,
    Dialog,
    next_step,
    shown,
    suggestions,
)

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.config_entries import ConfigFlowResult
    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.tesla import Tokens
    from simulator.world import World

    from .dialog import WebHost

PEARL = "LRW3E7EK9NC012347"
SECOND = "second.example.test"
HOW = ("reauth", "reconfigure")


@pytest.fixture
async def account(
    freezer: FrozenDateTimeFactory,  # noqa: ARG001 - no car is due while a page is filled in
    dialog: Dialog,
) -> ConfigEntry:
    """An account that is set up and runs."""
    return await dialog.set_up()


async def kept_tokens(hass: HomeAssistant) -> Tokens:
    """The login in the vault."""
    tokens = await (await async_open_vault(hass, OWNER)).tokens.load()
    assert tokens is not None
    return tokens


def is_running(entry: ConfigEntry) -> bool:
    """Whether the entry is set up."""
    return entry.state is ConfigEntryState.LOADED


async def sign_in_again(
    dialog: Dialog, entry: ConfigEntry, how: str, email: str = "owner@example.com"
) -> ConfigFlowResult:
    """From the request of Home Assistant, or from the menu."""
    if how == "reauth":
        page = await dialog.reauthenticate(entry)
    else:
        page = await dialog.reconfigure(entry, "sign_in")
    done = await dialog.sign_in(page, email=email)
    await dialog.hass.async_block_till_done(wait_background_tasks=True)
    return done


async def complete(dialog: Dialog, entry: ConfigEntry, how: str) -> None:
    """Sign in again, and it works."""
    done = await sign_in_again(dialog, entry, how)
    assert done["reason"] == f"{'reauth' if how == 'reauth' else 'reconfigure'}_successful"
    assert entry.state is ConfigEntryState.LOADED


# Signing in again


@pytest.mark.parametrize("how", HOW)
async def test_a_new_login_replaces_the_old_one(
    hass: HomeAssistant, dialog: Dialog, world: World, account: ConfigEntry, how: str
) -> None:
    """And the account runs again with it."""
    before = await kept_tokens(hass)
    world.authority.sign_out(OWNER)

    await complete(dialog, account, how)

    assert (await kept_tokens(hass)).refresh_token != before.refresh_token
    await account.runtime_data.account.async_refresh()
    assert account.runtime_data.account.last_update_success


async def test_an_ended_login_asks_for_a_new_one_by_itself(
    hass: HomeAssistant, dialog: Dialog, world: World, account: ConfigEntry
) -> None:
    """As soon as Tesla says that it has ended."""
    world.authority.sign_out(OWNER)
    await account.runtime_data.account.async_refresh()
    await hass.async_block_till_done()

    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == "reauth"
    page = await dialog.sign_in(await dialog.answer(flow, {}))
    await hass.async_block_till_done(wait_background_tasks=True)

    assert page["reason"] == "reauth_successful"
    assert account.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("how", HOW)
async def test_another_accounts_login_is_refused(
    hass: HomeAssistant, dialog: Dialog, account: ConfigEntry, how: str
) -> None:
    """The entry keeps its own."""
    before = await kept_tokens(hass)

    done = await sign_in_again(dialog, account, how, email=LENDER_EMAIL)

    assert done["reason"] == "wrong_account"
    assert await kept_tokens(hass) == before
    assert account.state is ConfigEntryState.LOADED
    await complete(dialog, account, how)


async def test_what_is_allowed_later_is_used_at_once(dialog: Dialog) -> None:
    """Tesla asks for what was refused before."""
    refused = frozenset({Scope.VEHICLE_CMDS})
    page = await dialog.sign_in(await dialog.begin(), refused=refused)
    entry = await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))
    assert Scope.VEHICLE_CMDS not in entry.runtime_data.scopes

    await complete(dialog, entry, "reconfigure")

    assert Scope.VEHICLE_CMDS in entry.runtime_data.scopes


@pytest.mark.parametrize("how", HOW)
async def test_a_login_that_cannot_be_kept_does_not_replace_the_old_one(
    hass: HomeAssistant, dialog: Dialog, account: ConfigEntry, how: str
) -> None:
    """The account goes on with what it had."""
    before = await kept_tokens(hass)

    with patch.object(vault, "_write", side_effect=OSError(28, "No space left on device")):
        done = await sign_in_again(dialog, account, how)

    assert done["reason"] == "vault_not_saved"
    assert await kept_tokens(hass) == before
    assert account.state is ConfigEntryState.LOADED
    await complete(dialog, account, how)


async def test_a_login_is_not_replaced_under_a_running_account(
    hass: HomeAssistant, dialog: Dialog, account: ConfigEntry
) -> None:
    """What cannot be stopped could write its old login over the new one."""
    before = await kept_tokens(hass)

    for outcome in ({"side_effect": OperationNotAllowed}, {"return_value": False}):
        with patch.object(hass.config_entries, "async_unload", **outcome):
            done = await sign_in_again(dialog, account, "reconfigure")
        assert done["reason"] == "not_unloaded"
    assert await kept_tokens(hass) == before

    await complete(dialog, account, "reconfigure")


@pytest.mark.parametrize("how", ["reconfigure", "reauth"])
async def test_a_removed_application_can_be_added_again(
    hass: HomeAssistant, dialog: Dialog, account: ConfigEntry, how: str
) -> None:
    """With a link: the frontend's own prompt would lead into the set-up of another account."""
    await remove_application(hass)
    if how == "reconfigure":
        page = await dialog.reconfigure(account, "sign_in")
    else:
        page = await dialog.reauthenticate(account)
    assert (page["type"], page["reason"]) == ("abort", "application_gone")
    assert page["description_placeholders"] == {"url": "/config/application_credentials"}

    await add_application(hass)
    await complete(dialog, account, "reconfigure")


async def remove_application(hass: HomeAssistant) -> None:
    """Remove every application credential."""
    stored = hass.data[DATA_COMPONENT]
    for item in stored.async_items():
        await stored.async_delete_item(item["id"])


async def add_application(hass: HomeAssistant) -> None:
    """Add the application credential again."""
    await async_import_client_credential(hass, DOMAIN, ClientCredential(CLIENT_ID, SECRET))


# Domain


async def test_the_account_moves_to_another_domain_with_its_key(
    hass: HomeAssistant, dialog: Dialog, world: World, account: ConfigEntry
) -> None:
    """It is registered before the entry changes, and the page for the cars follows."""
    key = (await async_open_vault(hass, OWNER)).key
    world.internet[SECOND] = world.internet[HOST]
    page = await dialog.reconfigure(account, "domain")
    assert suggestions(page) == {"domain": HOST, "key_hosting": "home_assistant"}

    page = await dialog.answer(page, {**DOMAIN_PAGE, "domain": SECOND})
    assert page["errors"] == {"base": "invalid_domain"}
    assert account.data["domain"] == HOST

    world.apps[CLIENT_ID].allowed_origins = (f"https://{SECOND}",)
    page = await dialog.answer(page, {**DOMAIN_PAGE, "domain": SECOND})
    assert page["step_id"] == "virtual_key"
    assert not page["errors"]
    assert shown(page, "pairing_url") == f"https://www.tesla.com/_ak/{SECOND}"
    done = await dialog.answer(page, FINISH)

    assert done["reason"] == "reconfigure_successful"
    assert account.state is ConfigEntryState.LOADED
    assert account.data["domain"] == SECOND
    assert (await async_open_vault(hass, OWNER)).key is key
    served = await dialog.browser.get(WELL_KNOWN_PATH, headers={"Host": SECOND})
    assert served.status == 200


async def test_the_key_moves_to_another_host(
    dialog: Dialog, world: World, account: ConfigEntry, web_host: WebHost
) -> None:
    """And Home Assistant no longer serves it."""
    world.internet[HOST] = web_host.url
    page = await dialog.answer(await dialog.reconfigure(account, "domain"), EXTERNAL_PAGE)
    web_host.content = shown(page, "pem")
    page = await dialog.answer(page, CHECK)

    assert (await dialog.answer(page, FINISH))["reason"] == "reconfigure_successful"
    assert account.data["key_hosting"] == "external"
    served = await dialog.browser.get(WELL_KNOWN_PATH, headers={"Host": HOST})
    assert served.status == 404


async def test_an_account_that_tesla_does_not_know_any_more_is_registered_again(
    hass: HomeAssistant, dialog: Dialog, world: World, account: ConfigEntry
) -> None:
    """Its message says so: it cannot start, and needs no login for this."""
    world.registrations.clear()
    await hass.config_entries.async_reload(account.entry_id)
    assert not is_running(account)

    page = await dialog.answer(await dialog.reconfigure(account, "domain"), DOMAIN_PAGE)

    assert page["step_id"] == "virtual_key"
    assert is_running(account)
    assert (await dialog.answer(page, FINISH))["reason"] == "reconfigure_successful"


async def test_registering_needs_the_application(
    hass: HomeAssistant, dialog: Dialog, account: ConfigEntry
) -> None:
    """It may have been removed."""
    await remove_application(hass)
    page = await dialog.answer(await dialog.reconfigure(account, "domain"), DOMAIN_PAGE)
    assert page["errors"] == {"base": "application_missing"}

    await add_application(hass)
    page = await dialog.answer(page, DOMAIN_PAGE)
    assert (await dialog.answer(page, FINISH))["reason"] == "reconfigure_successful"


async def test_an_account_that_cannot_be_reloaded_keeps_its_new_domain(
    hass: HomeAssistant, dialog: Dialog, account: ConfigEntry
) -> None:
    """It is used after the next start."""
    page = await dialog.reconfigure(account, "domain")
    with patch.object(hass.config_entries, "async_reload", side_effect=OperationNotAllowed):
        page = await dialog.answer(page, DOMAIN_PAGE)

    assert page["step_id"] == "virtual_key"
    assert (await dialog.answer(page, FINISH))["reason"] == "reconfigure_successful"


# Virtual key


def key_in_pearl(account: ConfigEntry) -> KeyStatus | None:
    """What the running car knows of its key."""
    status: KeyStatus | None = account.runtime_data.cars[PEARL].commander.key_status
    return status


async def test_a_key_that_is_added_later_is_noticed(
    dialog: Dialog, world: World, account: ConfigEntry
) -> None:
    """By the page and by the running car, at the price of one question."""
    page = await dialog.reconfigure(account, "virtual_key")
    assert "| Pearl (…012347) | Not paired |" in shown(page, "cars")
    assert next_step(page) == "check"
    assert key_in_pearl(account) is KeyStatus.NOT_PAIRED

    world.cars[PEARL].pair(world.registrations[0].public_key)
    world.ledger.clear()
    page = await dialog.answer(page, CHECK)

    assert "| Pearl (…012347) | Paired |" in shown(page, "cars")
    assert key_in_pearl(account) is KeyStatus.PAIRED
    assert [entry.endpoint for entry in world.ledger.entries] == ["products", "fleet_status"]
    assert (await dialog.answer(page, FINISH))["reason"] == "reconfigure_successful"


async def test_tesla_need_not_answer(dialog: Dialog, world: World, account: ConfigEntry) -> None:
    """The link is shown all the same."""
    world.faults.add(FaultRule(kind=FaultKind.STATUS, status=503, endpoint="products"))
    page = await dialog.reconfigure(account, "virtual_key")

    assert page["errors"] == {"base": "tesla_overloaded"}
    assert shown(page, "pairing_url").endswith(HOST)
    page = await dialog.answer(page, CHECK)
    assert not page["errors"]
    assert (await dialog.answer(page, FINISH))["reason"] == "reconfigure_successful"


async def test_an_account_that_does_not_run_is_not_asked(
    hass: HomeAssistant, dialog: Dialog, account: ConfigEntry
) -> None:
    """A second client would use up its refresh token."""
    await hass.config_entries.async_unload(account.entry_id)
    page = await dialog.reconfigure(account, "virtual_key")
    assert page["errors"] == {"base": "not_loaded"}

    await hass.config_entries.async_setup(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    page = await dialog.answer(page, CHECK)
    assert not page["errors"]
    assert (await dialog.answer(page, FINISH))["reason"] == "reconfigure_successful"


async def test_a_damaged_vault_is_said_before_the_menu(
    hass: HomeAssistant, dialog: Dialog, account: ConfigEntry
) -> None:
    """Nothing can be changed without it."""
    await hass.config_entries.async_unload(account.entry_id)
    path = (await async_open_vault(hass, OWNER))._path
    intact = await hass.async_add_executor_job(path.read_text)
    await hass.async_add_executor_job(path.write_text, "{")
    hass.data[vault._VAULTS].clear()

    page = await dialog.open_menu(account)
    assert page["reason"] == "vault_damaged"
    assert shown(page, "file") == path.name

    await hass.async_add_executor_job(path.write_text, intact)
    await complete(dialog, account, "reconfigure")
