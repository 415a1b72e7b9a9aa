"""Setting an account of the owner API up, giving it other tokens, and the last resort."""

from dataclasses import replace
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.storage import STORAGE_DIR
import pytest

from custom_components.teslalogger import vault
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.diagnostics import async_get_config_entry_diagnostics
from custom_components.teslalogger.flows.errors import NO_PLACEHOLDERS
from custom_components.teslalogger.vault import Vault, VaultDamaged, async_open_vault
from custom_components.teslalogger.vehicle.outcome import Route
from simulator.cloud.faults import FaultKind, FaultRule
from simulator.cloud.grants import OWNER_CLIENT
from simulator.cloud.hosts import Region as SimulatedRegion
from simulator.cloud.owner_days import OwnerDay
from simulator.garage import FALCON, LENDER, OWNER

from .dialog import shown
from .test_translations import LANGUAGES, placeholders_in, texts

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.tesla import Tokens
    from custom_components.teslalogger.vehicle.outcome import Outcome
    from simulator.world import World

    from .dialog import Dialog

DAY: Final = 24 * 3600.0
OWNER_HOSTS: Final = {"owner-api.teslamotors.com", "auth.tesla.com"}
BAD_DAYS: Final = {
    OwnerDay.CLOSED: "owner_api_closed",
    OwnerDay.READS_FORBIDDEN: "owner_api_closed",
    OwnerDay.RENEWED_FORBIDDEN: "owner_api_closed",
    OwnerDay.FLEET_ONLY: "owner_api_closed",
    OwnerDay.GONE: "owner_api_closed",
    OwnerDay.RATE_LIMITED: "rate_limited",
    OwnerDay.FAILING: "tesla_overloaded",
    OwnerDay.TIMING_OUT: "tesla_answer_lost",
    OwnerDay.LOCKED: "account_locked",
}


@pytest.fixture
async def owner(dialog: Dialog) -> ConfigEntry:
    """An entry of the owner API that runs."""
    return await dialog.set_up_owner()


@pytest.fixture
async def account(dialog: Dialog) -> ConfigEntry:
    """An entry of the Fleet API that runs."""
    return await dialog.set_up()


async def kept(hass: HomeAssistant) -> Tokens | None:
    """The owner API's login in the vault."""
    return await (await async_open_vault(hass, OWNER)).owner_tokens.load()


async def on_disk(hass: HomeAssistant) -> str:
    """All that is written in Home Assistant's own files."""
    folder = Path(hass.config.path(STORAGE_DIR))

    def read() -> str:
        return "".join(file.read_text() for file in folder.glob(f"{DOMAIN}.*"))

    return await hass.async_add_executor_job(read)


async def submit(dialog: Dialog, page: Any, token: str) -> ConfigFlowResult:
    """Paste a token, and wait for what comes of it."""
    answer = await dialog.answer(page, {"refresh_token": token} if token else {})
    await dialog.hass.async_block_till_done(wait_background_tasks=True)
    return answer


def entries(hass: HomeAssistant) -> list[ConfigEntry]:
    """Our entries."""
    return hass.config_entries.async_entries(DOMAIN)


def has_sentry_mode(world: World) -> bool:
    """Whether the old car's sentry mode is on."""
    return world.cars[FALCON].state.sentry_mode


def is_running(entry: ConfigEntry) -> bool:
    """Whether the entry is set up."""
    return entry.state is ConfigEntryState.LOADED


def assert_told(page: ConfigFlowResult, key: str) -> None:
    """The form says this, in every language and with everything filled in."""
    assert page["type"] == "form"
    assert page["errors"] == {"base": key}
    for language in LANGUAGES:
        text = texts(language)["config"]["error"][key]
        assert placeholders_in(text) <= set(page["description_placeholders"] or ())


# Setting up


async def test_token_is_all_it_needs(dialog: Dialog, world: World) -> None:
    """No application, no domain, no key; and nobody but the owner API is asked."""
    page = await dialog.begin("owner_api")
    assert (page["type"], page["step_id"], page["errors"]) == ("form", "owner_api", None)
    done = await submit(dialog, page, f" {world.owner_token(OWNER)}\n")

    entry = done["result"]
    assert done["type"] == "create_entry"
    assert entry.title == "Tesla (owner API)"
    assert entry.unique_id == OWNER
    assert entry.data == {"api": "owner", "account_id": OWNER, "region": "eu"}
    assert entry.state is ConfigEntryState.LOADED
    assert len(entry.runtime_data.cars) == 6
    assert set(world.ledger.hosts()) <= OWNER_HOSTS
    assert world.ledger.cost == 0.0


async def test_account_in_china_is_asked_there(
    hass: HomeAssistant, dialog: Dialog, world: World
) -> None:
    """For its login, its cars and another token."""
    world.accounts[OWNER] = replace(world.accounts[OWNER], region=SimulatedRegion.CN)
    world.ledger.clear()
    page = await dialog.begin("owner_api")
    done = await dialog.answer(page, {"refresh_token": world.owner_token(OWNER), "china": True})
    await hass.async_block_till_done(wait_background_tasks=True)

    entry = done["result"]
    assert entry.data["region"] == "cn"
    assert is_running(entry)
    page = await dialog.reconfigure(entry, "owner_token")
    done = await submit(dialog, page, world.owner_token(OWNER))
    assert done["reason"] == "token_replaced"
    assert is_running(entry)
    assert set(world.ledger.hosts()) == {"owner-api.vn.cloud.tesla.cn", "auth.tesla.cn"}


async def test_tokens_are_in_the_vault_and_nowhere_else(
    hass: HomeAssistant,
    dialog: Dialog,
    world: World,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in the entry, not in the log, not in what people attach to reports."""
    caplog.set_level("DEBUG")
    pasted = world.owner_token(OWNER)
    done = await submit(dialog, await dialog.begin("owner_api"), pasted)
    entry, tokens = done["result"], await kept(hass)
    assert tokens is not None

    report = await async_get_config_entry_diagnostics(hass, entry)
    assert tokens.refresh_token in await on_disk(hass)
    for secret in (pasted, tokens.refresh_token, tokens.access_token):
        assert secret not in str(entry.as_dict())
        assert secret not in caplog.text
        assert secret not in json.dumps(report)
        assert secret not in str(tokens)


@pytest.mark.parametrize("first", ["owner_api", "fleet_api"])
async def test_account_is_set_up_once(
    hass: HomeAssistant, dialog: Dialog, world: World, first: str
) -> None:
    """Whichever way it came; the entry that is there keeps what it has."""
    entry = await (dialog.set_up_owner() if first == "owner_api" else dialog.set_up())
    before = await kept(hass)

    done = await submit(dialog, await dialog.begin("owner_api"), world.owner_token(OWNER))

    assert (done["type"], done["reason"]) == ("abort", "already_configured")
    assert entries(hass) == [entry]
    assert await kept(hass) == before


async def test_owner_api_does_not_make_way_for_a_second_entry(
    hass: HomeAssistant, dialog: Dialog, owner: ConfigEntry
) -> None:
    """Who wants the Fleet API moves the entry instead."""
    done = await dialog.to_domain()

    assert (done["type"], done["reason"]) == ("abort", "already_configured")
    assert entries(hass) == [owner]


@pytest.mark.parametrize("token", ["EU_dead", "not a token at all", "dead.jwt.token"])
async def test_dead_token_can_be_put_right_in_the_same_dialog(
    hass: HomeAssistant, dialog: Dialog, world: World, token: str
) -> None:
    """Nothing is made of it."""
    page = await submit(dialog, await dialog.begin("owner_api"), token)
    assert_told(page, "owner_token_refused")
    assert not entries(hass)
    assert await on_disk(hass) == ""

    done = await submit(dialog, page, world.owner_token(OWNER))
    assert done["type"] == "create_entry"


@pytest.mark.parametrize(("day", "key"), BAD_DAYS.items())
async def test_each_bad_day_is_told_and_makes_nothing(
    hass: HomeAssistant, dialog: Dialog, world: World, day: OwnerDay, key: str
) -> None:
    """On the next day the same dialog goes on with the same token."""
    world.owner_day = day
    token = world.owner_token(OWNER)
    page = await submit(dialog, await dialog.begin("owner_api"), token)
    assert_told(page, key)
    assert not entries(hass)

    world.owner_day = OwnerDay.GOOD
    done = await submit(dialog, page, token)
    assert done["type"] == "create_entry"
    assert is_running(done["result"])


async def test_day_on_which_all_commands_must_be_signed_keeps_nobody_from_reading(
    dialog: Dialog, world: World
) -> None:
    """Nothing is commanded here."""
    world.owner_day = OwnerDay.SIGNING_REQUIRED
    assert is_running(await dialog.set_up_owner())


async def test_every_bad_day_is_tried() -> None:
    """A new one needs its text."""
    assert {*BAD_DAYS, OwnerDay.GOOD, OwnerDay.SIGNING_REQUIRED} == set(OwnerDay)


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (FaultRule(kind=FaultKind.STATUS, status=503), "tesla_overloaded"),
        (FaultRule(kind=FaultKind.LOST, executed=True), "tesla_answer_lost"),
        (FaultRule(kind=FaultKind.HTML, status=200), "tesla_unexpected_answer"),
    ],
    ids=lambda value: value.kind if isinstance(value, FaultRule) else value,
)
async def test_login_that_fails_is_not_called_dead(
    dialog: Dialog, world: World, fault: FaultRule, key: str
) -> None:
    """The token may be good, even where Tesla has already used it up."""
    fault.endpoint = "oauth/token"
    world.faults.add(fault)
    token = world.owner_token(OWNER)
    page = await submit(dialog, await dialog.begin("owner_api"), token)
    assert_told(page, key)

    assert (await submit(dialog, page, token))["type"] == "create_entry"


async def test_nothing_is_used_that_is_not_on_disk(
    hass: HomeAssistant, dialog: Dialog, world: World
) -> None:
    """Else a crash would end the login."""
    token = world.owner_token(OWNER)
    page = await dialog.begin("owner_api")
    with patch.object(vault, "_write", side_effect=OSError):
        page = await submit(dialog, page, token)
    assert_told(page, "vault_not_saved")
    assert not entries(hass)
    assert not world.ledger.of("owner/products")

    assert (await submit(dialog, page, token))["type"] == "create_entry"


@pytest.mark.parametrize("days", [0.5, 2, 80])
async def test_dialog_that_was_closed_on_a_bad_day_loses_no_login(
    hass: HomeAssistant, dialog: Dialog, world: World, days: float
) -> None:
    """The token that was pasted is used up a day later; what it became is in the vault."""
    world.owner_day = OwnerDay.FAILING
    token = world.owner_token(OWNER)
    page = await submit(dialog, await dialog.begin("owner_api"), token)
    tokens = await kept(hass)
    assert tokens is not None
    assert tokens.refresh_token in await on_disk(hass)
    hass.config_entries.flow.async_abort(page["flow_id"])
    hass.data[vault._VAULTS].clear()  # Home Assistant was restarted

    world.owner_day = OwnerDay.GOOD
    world.clock.advance(days * DAY)
    done = await submit(dialog, await dialog.begin("owner_api"), token)

    assert done["type"] == "create_entry"
    assert is_running(done["result"])


async def test_files_that_are_no_vaults_do_not_matter(hass: HomeAssistant, dialog: Dialog) -> None:
    """Where a token that was used is looked for."""
    folder = Path(hass.config.path(STORAGE_DIR))

    def leave() -> None:
        folder.mkdir(exist_ok=True)
        (folder / f"{DOMAIN}.one").write_text("{")
        (folder / f"{DOMAIN}.two").write_text('{"owner_tokens": "nonsense"}')
        (folder / f"{DOMAIN}.three").write_text('{"owner_tokens": {}}')
        (folder / f"{DOMAIN}.four").write_text('{"data": {}}')

    await hass.async_add_executor_job(leave)
    page = await submit(dialog, await dialog.begin("owner_api"), "EU_dead")
    assert_told(page, "owner_token_refused")


# Another token


async def open_page(dialog: Dialog, entry: ConfigEntry, how: str) -> Any:
    """The page for another token: from Home Assistant's request, or from the menu."""
    if how == "reconfigure":
        return await dialog.reconfigure(entry, "owner_token")
    entry.async_start_reauth(dialog.hass)
    await dialog.hass.async_block_till_done()
    (flow,) = dialog.hass.config_entries.flow.async_progress_by_handler(
        DOMAIN, match_context={"source": "reauth"}
    )
    return flow


SUCCESS: Final = {"reauth": "reauth_successful", "reconfigure": "token_replaced"}
HOW: Final = pytest.mark.parametrize("how", SUCCESS)


@HOW
async def test_new_token_replaces_a_dead_one(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry, how: str
) -> None:
    """And the entry runs again, without a question left open."""
    before = await kept(hass)
    world.authority.revoke(OWNER, OWNER_CLIENT)
    page = await open_page(dialog, owner, how)
    assert page["step_id"] == "owner_token"

    done = await submit(dialog, page, world.owner_token(OWNER))

    assert (done["type"], done["reason"]) == ("abort", SUCCESS[how])
    assert is_running(owner)
    after = await kept(hass)
    assert before is not None
    assert after is not None
    assert after.refresh_token != before.refresh_token
    await owner.runtime_data.account.async_refresh()
    assert owner.runtime_data.account.last_update_success
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_token_that_ends_while_running_is_asked_for(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry
) -> None:
    """By itself, as soon as Tesla says so."""
    world.authority.revoke(OWNER, OWNER_CLIENT)
    await owner.runtime_data.account.async_refresh()
    await hass.async_block_till_done()

    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert (flow["context"]["source"], flow["step_id"]) == ("reauth", "owner_token")
    done = await submit(dialog, flow, world.owner_token(OWNER))
    assert done["reason"] == "reauth_successful"
    assert is_running(owner)


@HOW
async def test_wrong_tokens_change_nothing_and_can_be_put_right(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry, how: str
) -> None:
    """Another account's, a dead one, and one on a day without answers."""
    before = await kept(hass)
    page = await open_page(dialog, owner, how)

    page = await submit(dialog, page, world.owner_token(LENDER))
    assert_told(page, "wrong_account")
    page = await submit(dialog, page, "EU_dead")
    assert_told(page, "owner_token_refused")
    world.faults.add(FaultRule(kind=FaultKind.STATUS, status=503, endpoint="oauth/token"))
    page = await submit(dialog, page, world.owner_token(OWNER))
    assert_told(page, "tesla_overloaded")
    assert await kept(hass) == before
    assert is_running(owner)

    done = await submit(dialog, page, world.owner_token(OWNER))
    assert done["reason"] == SUCCESS[how]


@HOW
async def test_token_that_cannot_be_written_is_not_used(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry, how: str
) -> None:
    """The entry goes on with its old one."""
    before = await kept(hass)
    page = await open_page(dialog, owner, how)
    with patch.object(vault, "_write", side_effect=OSError):
        page = await submit(dialog, page, world.owner_token(OWNER))

    assert_told(page, "vault_not_saved")
    assert await kept(hass) == before
    assert is_running(owner)
    done = await submit(dialog, page, world.owner_token(OWNER))
    assert done["reason"] == SUCCESS[how]


async def test_entry_that_cannot_be_stopped_keeps_its_token(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry
) -> None:
    """It would write it over the new one."""
    before = await kept(hass)
    page = await open_page(dialog, owner, "reconfigure")
    with patch.object(hass.config_entries, "async_unload", return_value=False):
        done = await submit(dialog, page, world.owner_token(OWNER))

    assert done["reason"] == "not_unloaded"
    for language in LANGUAGES:  # it is said in places that have nothing to do with logins
        words = texts(language)["config"]["abort"]["not_unloaded"]
        assert not any(word in words for word in ("login", "sign in", "Anmeldung", "melde"))
    assert await kept(hass) == before
    assert is_running(owner)


# The last resort


@pytest.fixture
def no_budget(world: World) -> None:
    """The Fleet API has enough of commands."""
    rule = FaultRule(kind=FaultKind.STATUS, status=402, endpoint="command/*", count=None)
    world.faults.add(rule)


async def press(hass: HomeAssistant, entry: ConfigEntry) -> Outcome:
    """Switch the old car's sentry mode on."""
    car = entry.runtime_data.cars[FALCON]
    await car.async_refresh()
    await hass.async_block_till_done()
    entity_id = er.async_get(hass).async_get_entity_id(
        "switch", DOMAIN, f"{OWNER}_{FALCON}_sentry_mode"
    )
    assert entity_id is not None
    await hass.services.async_call("switch", "turn_on", {"entity_id": entity_id}, blocking=True)
    outcome: Outcome = car.commander.last_outcome
    return outcome


@pytest.mark.usefixtures("no_budget")
async def test_command_that_the_fleet_api_turns_away_goes_by_the_owner_api(
    hass: HomeAssistant, dialog: Dialog, world: World, account: ConfigEntry
) -> None:
    """Once there is a token; not before, and not any more when it is removed."""
    world.cars[FALCON].wake_now()
    with pytest.raises(HomeAssistantError) as caught:
        await press(hass, account)
    assert caught.value.translation_key == "payment_required"
    assert not has_sentry_mode(world)

    page = await dialog.reconfigure(account, "last_resort")
    assert (page["type"], page["step_id"], page["errors"]) == ("form", "last_resort", None)
    done = await submit(dialog, page, world.owner_token(OWNER))
    assert (done["type"], done["reason"]) == ("abort", "token_replaced")
    assert is_running(account)

    outcome = await press(hass, account)
    assert (outcome.done, outcome.route) == (True, Route.OWNER)
    assert has_sentry_mode(world)
    assert world.ledger.of("owner/command/set_sentry_mode")

    done = await submit(dialog, await dialog.reconfigure(account, "last_resort"), "")
    assert done["reason"] == "token_removed"
    assert await kept(hass) is None
    assert is_running(account)
    with pytest.raises(HomeAssistantError):
        await press(hass, account)


async def test_token_of_a_set_up_that_failed_does_not_become_a_last_resort(
    hass: HomeAssistant, dialog: Dialog, world: World
) -> None:
    """Nobody asked for one, and whoever runs at the Fleet API needs the token no more."""
    world.owner_day = OwnerDay.CLOSED
    page = await submit(dialog, await dialog.begin("owner_api"), world.owner_token(OWNER))
    assert_told(page, "owner_api_closed")
    hass.config_entries.flow.async_abort(page["flow_id"])
    tokens = await kept(hass)
    assert tokens is not None

    account = await dialog.set_up()

    assert account.runtime_data.owner is None
    assert await kept(hass) is None
    assert tokens.refresh_token not in await on_disk(hass)
    page = await dialog.reconfigure(account, "holdings")
    assert shown(page, "last_resort") == "none"


@pytest.mark.parametrize("minor_version", [1, 2])
async def test_last_resort_of_an_older_entry_stays_on(
    hass: HomeAssistant, dialog: Dialog, world: World, account: ConfigEntry, minor_version: int
) -> None:
    """Such an entry did not say that it has one; one of today does."""
    page = await dialog.reconfigure(account, "last_resort")
    await submit(dialog, page, world.owner_token(OWNER))
    assert account.data["last_resort"] is True
    data = {name: value for name, value in account.data.items() if name != "last_resort"}
    hass.config_entries.async_update_entry(account, data=data, minor_version=minor_version)

    assert await hass.config_entries.async_reload(account.entry_id)

    is_older = minor_version == 1
    assert (account.runtime_data.owner is not None) is is_older
    assert account.data.get("last_resort", False) is is_older
    assert account.minor_version == 2
    assert (await kept(hass) is not None) is is_older


async def test_vault_that_cannot_be_read_is_no_matter_of_versions(
    hass: HomeAssistant, account: ConfigEntry
) -> None:
    """The set-up says what is wrong, and the version is looked at again afterwards."""
    hass.config_entries.async_update_entry(account, minor_version=1)
    with patch.object(Vault, "async_load", side_effect=VaultDamaged(Path("file"))):
        assert not await hass.config_entries.async_reload(account.entry_id)
    assert account.error_reason_translation_key == "vault_damaged"
    assert account.minor_version == 1


async def test_second_login_is_among_what_we_hold(
    dialog: Dialog, world: World, account: ConfigEntry
) -> None:
    """As long as there is one."""
    for token, word in ((world.owner_token(OWNER), "yes, as a last resort"), ("", "none")):
        await submit(dialog, await dialog.reconfigure(account, "last_resort"), token)
        page = await dialog.reconfigure(account, "holdings")
        assert shown(page, "last_resort").startswith(word)


async def test_last_resort_is_not_used_without_need(
    hass: HomeAssistant, dialog: Dialog, world: World, account: ConfigEntry
) -> None:
    """The Fleet API comes first."""
    await submit(dialog, await dialog.reconfigure(account, "last_resort"), world.owner_token(OWNER))
    world.cars[FALCON].wake_now()
    world.ledger.clear()

    assert (await press(hass, account)).route is Route.UNSIGNED
    assert not OWNER_HOSTS & set(world.ledger.hosts())


async def test_last_resort_can_be_replaced_and_removed(
    hass: HomeAssistant, dialog: Dialog, world: World, account: ConfigEntry
) -> None:
    """The login of the Fleet API stays what it is, and no used token is left on disk."""
    fleet = await (await async_open_vault(hass, OWNER)).tokens.load()
    found = []
    for _ in range(2):
        page = await dialog.reconfigure(account, "last_resort")
        assert (await submit(dialog, page, world.owner_token(OWNER)))["reason"] == "token_replaced"
        tokens = await kept(hass)
        assert tokens is not None
        found.append(tokens)
    assert found[0].refresh_token != found[1].refresh_token
    assert found[0].refresh_token not in await on_disk(hass)

    page = await dialog.reconfigure(account, "last_resort")
    assert (await submit(dialog, page, "  "))["reason"] == "token_removed"
    for tokens in found:
        for secret in (tokens.refresh_token, tokens.access_token, tokens.previous_refresh_token):
            assert secret
            assert secret not in await on_disk(hass)
    assert await (await async_open_vault(hass, OWNER)).tokens.load() == fleet
    assert is_running(account)


async def test_last_resort_is_for_the_cars_of_the_entry(
    hass: HomeAssistant, dialog: Dialog, world: World
) -> None:
    """An account that has none of them is of no use; one that shares one is."""
    guests = dict(world.guests)
    world.guests.clear()
    account = await dialog.set_up()
    page = await dialog.reconfigure(account, "last_resort")

    page = await submit(dialog, page, world.owner_token(LENDER))
    assert_told(page, "owner_token_of_other_cars")
    assert await kept(hass) is None

    world.guests.update(guests)
    await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    done = await submit(dialog, page, world.owner_token(LENDER))
    assert done["reason"] == "token_replaced"


@pytest.mark.parametrize(("day", "key"), BAD_DAYS.items())
async def test_last_resort_needs_a_good_day(
    hass: HomeAssistant, dialog: Dialog, world: World, account: ConfigEntry, day: OwnerDay, key: str
) -> None:
    """To see whose cars it is for."""
    world.owner_day = day
    page = await submit(
        dialog, await dialog.reconfigure(account, "last_resort"), world.owner_token(OWNER)
    )
    assert_told(page, key)
    assert await kept(hass) is None
    assert is_running(account)


async def test_token_that_is_refused_as_soon_as_it_is_made_is_no_reason_for_another(
    hass: HomeAssistant, dialog: Dialog, world: World, account: ConfigEntry
) -> None:
    """The owner API does not want the account, and is not asked on and on."""
    refusal = FaultRule(kind=FaultKind.STATUS, status=401, endpoint="owner/products", count=None)
    world.faults.add(refusal)
    page = await dialog.reconfigure(account, "last_resort")
    page = await submit(dialog, page, world.owner_token(OWNER))

    assert_told(page, "owner_api_closed")
    assert len(world.ledger.of("owner/products")) <= 2
    assert await kept(hass) is None


# What an entry of the owner API does not have


async def test_streaming_leads_to_the_fleet_api(hass: HomeAssistant, owner: ConfigEntry) -> None:
    """Its options say so at once, in words."""
    page = await hass.config_entries.options.async_init(owner.entry_id)

    assert (page["type"], page["reason"]) == ("abort", "needs_fleet_api")
    for language in LANGUAGES:
        assert "Fleet" in texts(language)["options"]["abort"]["needs_fleet_api"]


def test_every_page_fills_what_its_texts_name() -> None:
    """Pages and errors share the placeholders."""
    for language in LANGUAGES:
        steps = texts(language)["config"]["step"]
        for step in ("owner_api", "owner_token", "last_resort"):
            assert placeholders_in(steps[step]["description"]) <= set(NO_PLACEHOLDERS)
            assert set(steps[step]["data"]) == set(steps[step]["data_description"])
