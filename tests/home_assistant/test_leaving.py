"""Taking everything back: at Tesla, on the disk, and with the entry; what is left is said."""

import asyncio
from dataclasses import dataclass
from hashlib import sha256
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState, OperationNotAllowed
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.json import json_dumps
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.teslalogger import taking_back, vault as vaults
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.streaming.identity import async_get_identity
from custom_components.teslalogger.tesla import Tokens
from custom_components.teslalogger.vault import async_open_vault
from simulator.cloud.faults import FaultKind, FaultRule
from simulator.garage import JUNIPER, YUKI

from .dialog import DOMAIN_PAGE, FINISH, LENDER_EMAIL, Dialog, shown
from .live import OWNER, Live
from .planted import Planted, names
from .test_owner_api import open_repairs, reauths, start_owner  # noqa: F401 - a fixture
from .test_telemetry import patience  # noqa: F401 - a fixture
from .test_telemetry_live import ABLE, Road, road  # noqa: F401 - a fixture
from .test_translations import LANGUAGES, texts

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
    from homeassistant.core import HomeAssistant

    from .test_owner_api import StartOwner

LENDER: Final = "22222222-bbbb-4bbb-8bbb-222222222222"
APPS: Final = "https://accounts.tesla.com/account-settings/security?tab=tpty-apps"
SECRETS: Final = {
    "access token",
    "refresh token",
    "refresh token before",
    "owner access token",
    "owner refresh token",
    "private key as PEM",
    "session",
    "authority's private key",
}


@dataclass(kw_only=True)
class Home:
    """A Home Assistant that streams, holds every secret there is, and is about to be left."""

    road: Road
    dialog: Dialog
    planted: Planted
    stored: dict[str, Any]
    """What Home Assistant's own Store would write to files."""

    @property
    def live(self) -> Live:
        """The account."""
        return self.road.live

    @property
    def hass(self) -> HomeAssistant:
        """Home Assistant."""
        return self.live.hass

    @property
    def entry(self) -> ConfigEntry:
        """The account's entry."""
        entry: ConfigEntry = self.live.entry
        return entry

    async def ask_for_deletion(self) -> ConfigFlowResult:
        """Go to the page that asks once more."""
        page = await self.dialog.reconfigure(self.entry, "holdings")
        return await self.dialog.answer(page, {"next_step_id": "take_back"})

    async def take_back(self) -> ConfigFlowResult:
        """Confirm it, too."""
        return await self.dialog.answer(await self.ask_for_deletion(), {})

    async def found(self) -> set[str]:
        """The secrets in any file below Home Assistant's folder, as it leaves them on the disk."""
        self.hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
        await self.hass.async_block_till_done(wait_background_tasks=True)
        content = await self.hass.async_add_executor_job(_everything, self.hass.config.config_dir)
        # Tests do not write these files.
        entries = [one.as_dict() for one in self.hass.config_entries.async_entries()]
        repairs = [one.to_json() for one in ir.async_get(self.hass).issues.values()]
        content += json_dumps([self.stored, entries, repairs])
        return {leak.partition(" in ")[0] for leak in names(self.planted.in_text(content, "file"))}

    async def files(self) -> set[str]:
        """The names of our files."""
        folder = Path(self.hass.config.path(STORAGE_DIR))
        ours = {name for name in self.stored if name.startswith(DOMAIN)}
        return ours | await self.hass.async_add_executor_job(_names_in, folder)

    def deletions(self) -> list[str]:
        """The cars whose configuration Tesla was asked to delete."""
        ledger = self.live.world.ledger
        return sorted(str(one.vin) for one in ledger.of("delete_fleet_telemetry_config"))

    def entities(self) -> dict[tuple[str, str], str]:
        """Entity ids by what stays the same."""
        registry = er.async_get(self.hass)
        rows = er.async_entries_for_config_entry(registry, self.entry.entry_id)
        return {(row.domain, row.unique_id): row.entity_id for row in rows}


def lost(vin: str) -> FaultRule:
    """Nobody hears Tesla's answers about a car's stream."""
    return FaultRule(kind=FaultKind.LOST, endpoint="*fleet_telemetry_config", vin=vin, count=None)


def _everything(folder: str) -> str:
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    # In JSON a line's end is an escape: each line of a PEM is looked for on its own.
    return "\n".join(path.read_bytes().decode(errors="replace") for path in files)


def _names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.glob(f"{DOMAIN}.*")}


def _read(path: str) -> Any:
    return json.loads(Path(path).read_text())


@pytest.fixture
async def repairs(hass: HomeAssistant) -> None:
    """Home Assistant's page about them; it has to be there before anybody connects."""
    assert await async_setup_component(hass, REPAIRS, {})


@pytest.fixture
async def home(
    repairs: None,  # noqa: ARG001 - before the dialog
    road: Road,  # noqa: F811 - the fixture
    dialog: Dialog,
    hass_storage: dict[str, Any],
) -> Home:
    """Cars stream, one has been commanded, the token was renewed, and there is a last resort."""
    live, planted = road.live, Planted()
    hass, world = live.hass, live.world
    opened = await async_open_vault(hass, OWNER)
    answer = world.authority.owner_sign_in(OWNER, world.accounts[OWNER].region)
    await opened.owner_tokens.save(
        Tokens(
            access_token=answer["access_token"],
            refresh_token=answer["refresh_token"],
            expires_at=world.clock.now() + answer["expires_in"],
        )
    )
    hass.config_entries.async_update_entry(
        live.entry, data={**live.entry.data, "last_resort": True}
    )
    await road.choose()
    await road.drive()
    await live.look_at(JUNIPER)
    await live.press(JUNIPER)
    world.authority.expire_access()
    await live.entry.runtime_data.account.async_refresh()
    assert live.entry.runtime_data.account.last_update_success
    world.ledger.clear()

    opened = await async_open_vault(hass, OWNER)
    tokens, owner_tokens = opened.tokens.tokens, opened.owner_tokens.tokens
    assert tokens is not None
    assert tokens.previous_refresh_token is not None
    assert owner_tokens is not None
    assert opened.key is not None
    planted.plant_key(opened.key)
    planted.plant("access token", tokens.access_token)
    planted.plant("refresh token", tokens.refresh_token)
    planted.plant("refresh token before", tokens.previous_refresh_token)
    planted.plant("owner access token", owner_tokens.access_token)
    planted.plant("owner refresh token", owner_tokens.refresh_token)
    kept = await hass.async_add_executor_job(
        _read, hass.config.path(STORAGE_DIR, f"{DOMAIN}.{OWNER.replace('-', '_')}")
    )
    planted.plant("session", *(one["epoch"] for one in kept["sessions"][JUNIPER].values()))
    authority = await async_get_identity(hass).async_authority()
    planted.plant("authority's private key", *authority.key.splitlines()[1:-1])
    home = Home(road=road, dialog=dialog, planted=planted, stored=hass_storage)
    assert await home.found() == SECRETS
    return home


# What is held


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Vehicle commands"), ("de", "Fahrzeugbefehle")]
)
async def test_permissions_are_shown_in_words(home: Home, language: str, word: str) -> None:
    """All of them, in both languages; Tesla's raw names would tell nobody anything."""
    home.hass.config.language = language
    page = await home.dialog.reconfigure(home.entry, "holdings")

    words = shown(page, "scopes").split(", ")
    assert len(words) == len(home.entry.runtime_data.scopes)
    assert word in words
    assert not [text for text in words if "_" in text]


async def test_page_shows_what_is_held(home: Home) -> None:
    """Permissions, key, cars with it, cars that stream, and the way to Tesla's own page."""
    (registration,) = home.live.world.registrations
    page = await home.dialog.reconfigure(home.entry, "holdings")

    assert page["menu_options"] == ["take_back"]
    assert {"Vehicle information", "Energy product commands"} < set(
        shown(page, "scopes").split(", ")
    )
    assert sha256(registration.public_key).hexdigest().startswith(shown(page, "key"))
    assert len(shown(page, "key")) == 16
    streaming = {"Juniper", "Yuki", "Anvil", "Guest S"}
    assert set(shown(page, "streams").split(", ")) == streaming
    assert set(shown(page, "paired").split(", ")) == streaming
    assert shown(page, "url") == APPS
    assert not names(home.planted.in_text(str(page), "page"))


async def test_page_shows_what_is_held_of_an_account_that_is_off(home: Home) -> None:
    """From the disk; of the rest nobody knows."""
    await home.hass.config_entries.async_set_disabled_by(
        home.entry.entry_id, ConfigEntryDisabler.USER
    )
    page = await home.dialog.reconfigure(home.entry, "holdings")

    assert set(shown(page, "streams").split(", ")) == {f"…{vin[-6:]}" for vin in ABLE}
    assert (shown(page, "scopes"), shown(page, "paired")) == ("-", "-")
    assert len(shown(page, "key")) == 16


# Taking it back


async def test_nothing_is_deleted_before_it_is_confirmed(home: Home) -> None:
    """The page asks once more."""
    page = await home.ask_for_deletion()

    assert (page["type"], page["step_id"]) == ("form", "take_back")
    assert home.entry.state is ConfigEntryState.LOADED
    assert not home.deletions()
    assert await home.found() == SECRETS


async def test_everything_is_taken_back(home: Home) -> None:
    """At Tesla and on the disk; entities stay, and the entry is switched off."""
    entities, states = home.entities(), f"{DOMAIN}.{home.entry.entry_id}.state"

    done = await home.take_back()

    assert (done["type"], done["reason"]) == ("abort", "taken_back")
    assert shown(done, "url") == APPS
    assert home.deletions() == sorted(ABLE)
    assert not any(home.road.claims(vin) for vin in ABLE)
    assert await home.found() == set()
    left = await home.files()
    assert f"{DOMAIN}.{OWNER.replace('-', '_')}" not in left
    assert f"{DOMAIN}.telemetry" not in left
    assert states in left
    assert home.entry.disabled_by is ConfigEntryDisabler.USER
    assert home.entry.state is ConfigEntryState.NOT_LOADED
    assert home.entities() == entities
    assert not open_repairs(home.hass)
    assert not reauths(home.hass)


async def test_cars_end_their_streams(home: Home) -> None:
    """They hear of it from Tesla."""
    await home.take_back()
    await home.road.drive(3600)

    assert not any(kept.connected for vin in ABLE if (kept := home.road.kept(vin)))


async def test_what_tesla_does_not_confirm_is_said(home: Home) -> None:
    """The secrets are deleted all the same."""
    home.live.world.faults.add(lost(YUKI))

    done = await home.take_back()

    assert done["reason"] == "taken_back_but_streams"
    assert shown(done, "cars") == f"…{YUKI[-6:]}"
    assert {vin for vin in ABLE if home.road.claims(vin)} <= {YUKI}
    assert await home.found() == set()
    assert home.entry.disabled_by is ConfigEntryDisabler.USER


async def test_tesla_that_does_not_answer_is_not_waited_for(home: Home) -> None:
    """Ten seconds for all of it, and all cars are named."""
    world = home.live.world
    world.faults.add(
        FaultRule(kind=FaultKind.DELAY, endpoint="fleet_telemetry_config", delay=3600.0, count=None)
    )
    page = await home.ask_for_deletion()
    began = asyncio.get_running_loop().time()

    task = asyncio.ensure_future(home.dialog.answer(page, {}))
    # It goes on for a hundred seconds at most, however long the disk takes.
    await home.road.patience.until(task.done)

    assert asyncio.get_running_loop().time() - began >= taking_back.PATIENCE
    done = task.result()
    assert done["reason"] == "taken_back_but_streams"
    assert set(shown(done, "cars").split(", ")) == {f"…{vin[-6:]}" for vin in ABLE}
    assert await home.found() == set()
    home.live.freezer.tick(3600)


async def test_permission_that_is_gone_does_not_keep_the_secrets(home: Home) -> None:
    """Tesla does not listen any more; the streams may go on, and that is said."""
    home.live.world.authority.sign_out(OWNER)

    done = await home.take_back()

    assert done["reason"] == "taken_back_but_streams"
    assert set(shown(done, "cars").split(", ")) == {f"…{vin[-6:]}" for vin in ABLE}
    assert await home.found() == set()


@pytest.mark.parametrize("outcome", [{"side_effect": OperationNotAllowed}, {"return_value": False}])
async def test_account_that_cannot_be_stopped_keeps_everything(
    home: Home, outcome: dict[str, Any]
) -> None:
    """It could write back what it knows."""
    page = await home.ask_for_deletion()
    with patch.object(home.hass.config_entries, "async_unload", **outcome):
        done = await home.dialog.answer(page, {})

    assert done["reason"] == "not_stopped"
    assert not home.deletions()
    assert await home.found() == SECRETS
    assert not home.entry.disabled_by


async def test_damaged_vault_is_not_shown_but_said(home: Home) -> None:
    """The file may hold the only copy of the key, so nobody touches it."""
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    vault = Path(home.hass.config.path(STORAGE_DIR, f"{DOMAIN}.{OWNER.replace('-', '_')}"))
    page = await home.dialog.open_menu(home.entry)
    home.hass.data[vaults._VAULTS].clear()
    await home.hass.async_add_executor_job(vault.write_text, "{")

    done = await home.dialog.answer(page, {"next_step_id": "holdings"})

    assert (done["type"], done["reason"]) == ("abort", "vault_damaged")
    assert shown(done, "file") == vault.name


# And back again


async def enable_again(home: Home) -> None:
    """Switch the account on, and sign in."""
    await home.hass.config_entries.async_set_disabled_by(home.entry.entry_id, None)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert home.entry.error_reason_translation_key == "login_required"
    assert reauths(home.hass) == 1
    (flow,) = home.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    done = await home.dialog.sign_in(await home.dialog.answer(flow, {}))
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert done["reason"] == "reauth_successful"
    assert home.entry.state is ConfigEntryState.LOADED


async def test_account_can_be_switched_on_again(home: Home) -> None:
    """After a login; a repair leads to a new key, and the old one is not taken for it."""
    entities, before, world = home.entities(), open_repairs(home.hass), home.live.world
    (old,) = world.registrations
    await home.take_back()
    await enable_again(home)

    assert home.entities() == entities
    assert set(open_repairs(home.hass)) == {"no_key", *before}
    assert home.live.car(JUNIPER).commander.key_status is None

    page = await fix(home.hass, "no_key")
    assert (page["type"], page["step_id"]) == ("form", "move")
    done = await confirm(home.hass, page)
    assert (done["type"], done["reason"]) == ("abort", "go_on_there")
    _, flow_id = done["next_flow"]
    dialog = home.hass.config_entries.flow.async_get(flow_id)
    assert dialog["step_id"] == "domain"
    page = await home.dialog.answer(dialog, DOMAIN_PAGE)
    assert page["step_id"] == "virtual_key"
    assert (await home.dialog.answer(page, FINISH))["reason"] == "reconfigure_successful"
    await home.hass.async_block_till_done(wait_background_tasks=True)

    assert "no_key" not in open_repairs(home.hass)
    (new,) = [one for one in world.registrations if one.region is old.region]
    assert new.public_key != old.public_key
    assert home.live.car(JUNIPER).commander.key_status == "not_paired"
    world.cars[JUNIPER].pair(new.public_key)
    await home.live.look_at(JUNIPER)
    await home.live.press(JUNIPER, service="turn_off")
    assert not world.cars[JUNIPER].state.sentry_mode
    assert home.live.car(JUNIPER).commander.key_status == "paired"


async def test_page_about_the_virtual_key_makes_one_first(home: Home) -> None:
    """There is nothing else that it could show."""
    await home.take_back()
    await enable_again(home)

    page = await home.dialog.reconfigure(home.entry, "virtual_key")

    assert page["step_id"] == "domain"


# Repairs


async def fix(hass: HomeAssistant, key: str) -> Any:
    """Press the button of a repair."""
    ((_, issue_id),) = [
        at for at, one in ir.async_get(hass).issues.items() if one.translation_key == key
    ]
    return await hass.data[REPAIRS]["flow_manager"].async_init(DOMAIN, data={"issue_id": issue_id})


async def confirm(hass: HomeAssistant, page: Any) -> Any:
    """Press Submit."""
    return await hass.data[REPAIRS]["flow_manager"].async_configure(page["flow_id"], {})


# Removing the entry


async def test_removal_takes_everything_back(home: Home) -> None:
    """States too; one repair says what is left, until a person closes it."""
    await home.hass.config_entries.async_remove(home.entry.entry_id)
    await home.hass.async_block_till_done()

    assert home.deletions() == sorted(ABLE)
    assert await home.found() == set()
    assert not await home.files()
    (issue,) = [one for one in ir.async_get(home.hass).issues.values() if one.domain == DOMAIN]
    assert issue.translation_key == "left_behind"
    assert issue.is_persistent
    assert (issue.translation_placeholders or {})["url"] == issue.learn_more_url == APPS

    page = await fix(home.hass, "left_behind")
    assert page["step_id"] == "confirm"
    assert page["description_placeholders"]["url"] == APPS
    assert open_repairs(home.hass) == ["left_behind"]
    assert (await confirm(home.hass, page))["type"] == "create_entry"
    assert not open_repairs(home.hass)


async def test_removal_names_the_cars_that_may_stream_on(home: Home) -> None:
    """And deletes the secrets all the same."""
    home.live.world.faults.add(lost(YUKI))

    await home.hass.config_entries.async_remove(home.entry.entry_id)
    await home.hass.async_block_till_done()

    assert not await home.files()
    assert open_repairs(home.hass) == ["left_behind_streams"]
    page = await fix(home.hass, "left_behind_streams")
    assert page["description_placeholders"]["cars"] == f"…{YUKI[-6:]}"
    assert YUKI not in str(page)
    await confirm(home.hass, page)
    assert not open_repairs(home.hass)


async def test_removal_after_taking_back_leaves_no_file(home: Home) -> None:
    """Nor is Tesla asked again."""
    await home.take_back()
    home.live.world.ledger.clear()

    await home.hass.config_entries.async_remove(home.entry.entry_id)
    await home.hass.async_block_till_done()

    assert not await home.files()
    assert not home.live.world.ledger.entries
    assert open_repairs(home.hass) == ["left_behind"]


# What several entries share


async def another_entry(home: Home, *, has_key: bool) -> MockConfigEntry:
    """Another account that is not running, with a key or (taken back before) without."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="lender@example.com",
        unique_id=LENDER,
        data={**home.entry.data, "account_id": LENDER, "domain": "lender.example.test"},
        disabled_by=ConfigEntryDisabler.USER,
    )
    entry.add_to_hass(home.hass)
    if has_key:
        await (await async_open_vault(home.hass, LENDER)).async_make_key()
    return entry


@pytest.mark.parametrize("is_removed", [True, False])
async def test_what_cars_trust_goes_with_the_last_key(home: Home, *, is_removed: bool) -> None:
    """Another account's cars trust the same authority; one without a key has no such cars."""
    other = await another_entry(home, has_key=True)

    if is_removed:
        await home.hass.config_entries.async_remove(home.entry.entry_id)
    else:
        await home.take_back()

    assert f"{DOMAIN}.telemetry" in await home.files()
    await home.hass.config_entries.async_remove(other.entry_id)
    assert f"{DOMAIN}.telemetry" not in await home.files()


async def test_what_cars_trust_is_not_kept_for_an_account_without_a_key(home: Home) -> None:
    """It was taken back before, or has none yet."""
    await another_entry(home, has_key=False)

    await home.take_back()

    assert f"{DOMAIN}.telemetry" not in await home.files()


async def test_what_cars_trust_is_kept_for_whoever_cannot_be_read(home: Home) -> None:
    """Its cars may stream."""
    other = await another_entry(home, has_key=False)
    vault = Path(home.hass.config.path(STORAGE_DIR, f"{DOMAIN}.{LENDER.replace('-', '_')}"))
    await home.hass.async_add_executor_job(vault.write_text, "{")

    await home.take_back()
    assert f"{DOMAIN}.telemetry" in await home.files()

    await home.hass.config_entries.async_remove(other.entry_id)
    assert f"{DOMAIN}.telemetry" not in await home.files()


# Set-ups that were broken off


async def break_off(dialog: Dialog) -> str:
    """Sign in to another account and close the dialog; gives the refresh token that was made."""
    page = await dialog.sign_in(await dialog.begin(), email=LENDER_EMAIL)
    tokens = (await async_open_vault(dialog.hass, LENDER)).tokens.tokens
    assert tokens is not None
    dialog.hass.config_entries.flow.async_abort(page["flow_id"])
    return tokens.refresh_token


@pytest.mark.parametrize("is_restarted", [True, False])
@pytest.mark.parametrize("is_removed", [True, False])
async def test_login_of_a_set_up_that_was_broken_off_goes_too(
    live: Live, dialog: Dialog, *, is_removed: bool, is_restarted: bool
) -> None:
    """It is nobody's; until then it waits for the next attempt."""
    hass, vault = live.hass, f"{DOMAIN}.{LENDER.replace('-', '_')}"
    folder = Path(hass.config.path(STORAGE_DIR))
    token = await break_off(dialog)
    assert vault in await hass.async_add_executor_job(_names_in, folder)
    if is_restarted:
        hass.data[vaults._VAULTS].pop(LENDER)

    if is_removed:
        await hass.config_entries.async_remove(live.entry.entry_id)
    else:
        page = await dialog.reconfigure(live.entry, "holdings")
        await dialog.answer(await dialog.answer(page, {"next_step_id": "take_back"}), {})
    await hass.async_block_till_done()

    assert vault not in await hass.async_add_executor_job(_names_in, folder)
    assert token not in await hass.async_add_executor_job(_everything, hass.config.config_dir)


async def test_login_of_an_open_dialog_stays(live: Live, dialog: Dialog) -> None:
    """Whoever removes one account may be about to set up another."""
    page = await dialog.sign_in(await dialog.begin(), email=LENDER_EMAIL)

    await live.hass.config_entries.async_remove(live.entry.entry_id)

    entry = await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))
    assert entry.state is ConfigEntryState.LOADED


async def test_login_of_an_entry_that_is_about_to_move_stays(live: Live, dialog: Dialog) -> None:
    """Also where its account at the Fleet API is another one than at the owner API."""
    live.world.guests = {vin: {LENDER} for vin in live.world.cars}
    await live.hass.config_entries.async_remove(live.entry.entry_id)
    moving = await dialog.set_up_owner()
    page = await dialog.sign_in(
        await dialog.reconfigure(moving, "move_to_fleet"), email=LENDER_EMAIL
    )
    other = MockConfigEntry(
        domain=DOMAIN, data={"account_id": "another"}, disabled_by=ConfigEntryDisabler.USER
    )
    other.add_to_hass(live.hass)

    await live.hass.config_entries.async_remove(other.entry_id)

    page = await dialog.answer(page, DOMAIN_PAGE)
    if page["step_id"] == "without_cars":
        page = await dialog.answer(page, {})
    done = await dialog.answer(page, FINISH)
    await live.hass.async_block_till_done(wait_background_tasks=True)
    assert done["reason"] == "moved_to_fleet"
    assert moving.data["account_id"] == LENDER


# Removals in which something fails


@pytest.mark.parametrize(
    "broken",
    ["async_undo_all", "async_take_back_streams", "async_delete_secrets", "async_delete_states"],
)
async def test_whatever_fails_does_not_keep_the_rest(
    home: Home, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    """The secrets go, streams end, and what is left is said."""
    with patch(f"custom_components.teslalogger.{broken}", side_effect=ValueError):
        await home.hass.config_entries.async_remove(home.entry.entry_id)
    await home.hass.async_block_till_done()

    assert "The account is removed, but" in caplog.text
    assert open_repairs(home.hass) == ["left_behind"]
    if broken != "async_take_back_streams":
        assert home.deletions() == sorted(ABLE)
    if broken != "async_delete_secrets":
        assert await home.found() == set()
    if broken != "async_delete_states":
        assert f"{DOMAIN}.{home.entry.entry_id}.state" not in await home.files()


# The owner API


async def test_owner_entry_is_taken_back(
    start_owner: StartOwner,  # noqa: F811 - the fixture
    dialog: Dialog,
) -> None:
    """It holds a token and no more; switched on again it asks for another one."""
    live = await start_owner()
    vault = f"{DOMAIN}.{OWNER.replace('-', '_')}"
    folder = Path(live.hass.config.path(STORAGE_DIR))
    page = await dialog.reconfigure(live.entry, "holdings")
    assert (page["step_id"], page["menu_options"]) == ("holdings_owner", ["take_back_owner"])
    live.world.ledger.clear()

    page = await dialog.answer(page, {"next_step_id": "take_back_owner"})
    assert page["step_id"] == "take_back_owner"
    done = await dialog.answer(page, {})

    assert done["reason"] == "taken_back_owner"
    assert not live.world.ledger.entries
    assert vault not in await live.hass.async_add_executor_job(_names_in, folder)
    await live.hass.config_entries.async_set_disabled_by(live.entry.entry_id, None)
    await live.hass.async_block_till_done()
    assert reauths(live.hass) == 1
    assert not live.world.ledger.entries


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_an_owner_entry_is_about_its_login(language: str) -> None:
    """It has no application, key or stream; and how the login ends is said each time."""
    words = texts(language)
    steps, password = words["config"]["step"], "passwor"
    leaving = (
        steps["holdings_owner"]["description"],
        steps["take_back_owner"]["description"],
        words["config"]["abort"]["taken_back_owner"],
        words["issues"]["left_behind_owner"]["fix_flow"]["step"]["confirm"]["description"],
    )
    assert all(password in text.lower() for text in leaving)
    assert not any("{url}" in text or "Locks" in text for text in leaving)


async def test_removed_owner_entry_leaves_its_login_at_tesla(
    start_owner: StartOwner,  # noqa: F811 - the fixture
    hass_storage: dict[str, Any],
) -> None:
    """There is no key, no stream, and no application with a permission; that is said."""
    live = await start_owner()
    folder = Path(live.hass.config.path(STORAGE_DIR))
    assert await live.hass.async_add_executor_job(_names_in, folder)

    await live.hass.config_entries.async_remove(live.entry.entry_id)
    await live.hass.async_block_till_done()

    assert open_repairs(live.hass) == ["left_behind_owner"]
    ((_, issue_id),) = [key for key in ir.async_get(live.hass).issues if key[0] == DOMAIN]
    issue = ir.async_get(live.hass).async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.learn_more_url is None
    assert not [name for name in hass_storage if name.startswith(DOMAIN)]
    assert not await live.hass.async_add_executor_job(_names_in, folder)
