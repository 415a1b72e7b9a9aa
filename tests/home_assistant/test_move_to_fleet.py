"""Moving an entry from the owner API to the Fleet API: whatever people made of it stays theirs."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigFlow
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import mock_config_flow
from pytest_homeassistant_custom_component.components.recorder.common import do_adhoc_statistics

from custom_components.teslalogger import vault
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.takeover import Source, TakeOverFile
from custom_components.teslalogger.tesla import Scope
from custom_components.teslalogger.vault import VaultNotSaved, async_open_vault
from custom_components.teslalogger.vehicle.outcome import Route
from simulator.cloud.faults import FaultKind, FaultRule
from simulator.cloud.grants import OWNER_CLIENT
from simulator.cloud.owner_days import OwnerDay
from simulator.garage import FALCON, JUNIPER, LENDER, OWNER
from tests.simulator_fixtures import DOMAIN as HOST

from . import tesla_custom
from .dialog import (
    CHECK,
    DOMAIN_PAGE,
    EXTERNAL_PAGE,
    FINISH,
    LENDER_EMAIL,
    OWNER_EMAIL,
    Dialog,
    shown,
)
from .taking_over import (
    House,
    assert_as_before,
    assert_history_kept,
    live_in,
    look,
    mock_recorder_before_hass,  # noqa: F401 - a fixture
    persistent_database,  # noqa: F401 - a fixture
    take,
    undo,
)
from .test_config_flow_entry import add_application, remove_application
from .test_owner_flow import OWNER_HOSTS, kept, on_disk
from .test_translations import LANGUAGES, placeholders_in, texts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from homeassistant.config_entries import ConfigFlowResult
    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.vehicle.outcome import Outcome
    from simulator.world import World

    from .dialog import WebHost

pytestmark = pytest.mark.usefixtures("recorder_mock")

type GoOn = Callable[[Dialog, ConfigEntry], Awaitable[Any]]

MINE: Final = "My old cars"


@pytest.fixture
def world(world: World) -> World:
    """One car of each kind, and nobody's guests."""
    for vin in {*world.cars} - {FALCON, JUNIPER}:
        del world.cars[vin]
        world.preapproved.discard(vin)
    world.guests.clear()
    return world


@pytest.fixture
async def owner(hass: HomeAssistant, dialog: Dialog, world: World) -> ConfigEntry:
    """An entry of the owner API that somebody has lived with: names, places, habits, history."""
    entry = await dialog.set_up_owner()
    for vin, car in world.cars.items():
        car.wake_now()
        await entry.runtime_data.cars[vin].async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    await live_in(hass, entry)
    er.async_get(hass).async_update_entity(
        entity_id(hass, "sensor", FALCON, "odometer"), disabled_by=er.RegistryEntryDisabler.USER
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


def entity_id(hass: HomeAssistant, platform: str, vin: str, key: str, account: str = OWNER) -> str:
    """What the user calls an entity."""
    found = er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{account}_{vin}_{key}")
    assert found is not None
    return found


async def press(
    hass: HomeAssistant, entry: ConfigEntry, vin: str, service: str = "turn_on"
) -> Outcome:
    """Switch a car's sentry mode."""
    target = {"entity_id": entity_id(hass, "switch", vin, "sentry_mode", entry.unique_id or "")}
    await hass.services.async_call("switch", service, target, blocking=True)
    outcome: Outcome = entry.runtime_data.cars[vin].commander.last_outcome
    return outcome


def issues_of(hass: HomeAssistant) -> list[str | None]:
    """What is to be mended."""
    found = ir.async_get(hass).issues.items()
    return [issue.translation_key for (domain, _), issue in found if domain == DOMAIN]


def is_running(entry: ConfigEntry) -> bool:
    """Whether the entry is set up."""
    return entry.state is ConfigEntryState.LOADED


async def to_login(dialog: Dialog, entry: ConfigEntry) -> ConfigFlowResult:
    """Reconfigure, Tesla Fleet API."""
    return await dialog.reconfigure(entry, "move_to_fleet")


async def to_domain(
    dialog: Dialog, entry: ConfigEntry, email: str = OWNER_EMAIL
) -> ConfigFlowResult:
    """On to the page that asks for the domain."""
    return await dialog.sign_in(await to_login(dialog, entry), email=email)


async def to_virtual_key(dialog: Dialog, entry: ConfigEntry) -> ConfigFlowResult:
    """On to the page about the virtual key."""
    return await dialog.answer(await to_domain(dialog, entry), DOMAIN_PAGE)


async def finish(dialog: Dialog, page: Any) -> ConfigFlowResult:
    """Confirm the last page."""
    assert page["step_id"] in {"virtual_key", "no_cars"}
    done = await dialog.answer(page, FINISH)
    await dialog.hass.async_block_till_done(wait_background_tasks=True)
    return done


async def move(dialog: Dialog, entry: ConfigEntry) -> None:
    """Walk the whole way."""
    done = await finish(dialog, await to_virtual_key(dialog, entry))
    assert (done["type"], done["reason"]) == ("abort", "moved_to_fleet")
    assert shown(done, "name") == entry.title
    assert is_running(entry)


def facts(entry: ConfigEntry) -> Mapping[str, Any]:
    """All that Home Assistant stores of an entry, but when."""
    return {name: value for name, value in entry.as_dict().items() if name != "modified_at"}


def assert_same(before: House, after: House, *, former: str = OWNER, now: str = OWNER) -> None:
    """Every device and entity is what it was, down to the habits; others may have come."""
    for device, was in before.devices.items():
        assert after.devices[device] == was
    for entity, was in before.entities.items():
        unique_id = was["unique_id"].replace(former, now)
        assert after.entities[entity] == {**was, "unique_id": unique_id}
    assert_history_kept(before, after)


async def compile_statistics(hass: HomeAssistant) -> datetime:
    """Have the recorder do what it does every five minutes; gives their beginning."""
    await get_instance(hass).async_block_till_done()
    now = dt_util.utcnow()
    start = now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)
    do_adhoc_statistics(hass, start=start)
    done = hass.loop.create_future()
    get_instance(hass).queue_task(SynchronizeTask(done))
    await done
    return start


# All the way


async def test_everything_stays_but_the_api(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry
) -> None:
    """Entry, devices, entities and history; commands take the ways of the Fleet API."""
    tokens = await kept(hass)
    assert tokens is not None
    assert (await press(hass, owner, FALCON)).route is Route.OWNER
    with pytest.raises(HomeAssistantError):
        await press(hass, owner, JUNIPER)
    assert issues_of(hass) == ["owner_api_cannot_sign"]
    assert (await press(hass, owner, FALCON, "turn_off")).route is Route.OWNER
    before, entry_id = await look(hass), owner.entry_id

    await move(dialog, owner)

    assert hass.config_entries.async_entries(DOMAIN) == [owner]
    assert (owner.entry_id, owner.unique_id, owner.title) == (entry_id, OWNER, OWNER_EMAIL)
    assert owner.data == {
        "auth_implementation": "teslalogger",
        "domain": HOST,
        "region": "eu",
        "key_hosting": "home_assistant",
        "account_id": OWNER,
    }
    assert_same(before, await look(hass))
    assert not issues_of(hass)
    assert await kept(hass) is None
    for secret in (tokens.refresh_token, tokens.access_token, tokens.previous_refresh_token):
        assert secret
        assert secret not in await on_disk(hass)

    world.ledger.clear()
    assert (await press(hass, owner, FALCON)).route is Route.UNSIGNED
    assert (await press(hass, owner, JUNIPER)).route is Route.SIGNED
    assert world.cars[FALCON].state.sentry_mode
    assert world.cars[JUNIPER].state.sentry_mode
    assert world.ledger.of("command/set_sentry_mode")
    assert world.ledger.of("signed_command")
    assert not OWNER_HOSTS & set(world.ledger.hosts())


async def test_history_goes_on_under_the_same_ids(
    hass: HomeAssistant, dialog: Dialog, owner: ConfigEntry
) -> None:
    """What the recorder writes afterwards follows what it wrote before."""
    switch = entity_id(hass, "switch", FALCON, "sentry_mode")
    battery = entity_id(hass, "sensor", FALCON, "battery_level")
    before = await look(hass)

    await move(dialog, owner)
    await press(hass, owner, FALCON)
    await owner.runtime_data.cars[FALCON].async_refresh()
    started = await compile_statistics(hass)
    after = await look(hass)

    states, former = after.states[switch], before.states[switch]
    assert states[: len(former)] == former
    assert states[-1] == "on"
    assert after.statistics[battery][0] == before.statistics[battery][0]
    assert {name for name in after.statistics if name.endswith("_2")} == set()
    rows = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        started - timedelta(seconds=1),
        None,
        {battery},
        "5minute",
        None,
        {"mean"},
    )
    assert rows[battery]
    assert_history_kept(before, after)


async def test_name_that_the_user_gave_stays(
    hass: HomeAssistant, dialog: Dialog, owner: ConfigEntry
) -> None:
    """Only the one that it had by itself is replaced."""
    hass.config_entries.async_update_entry(owner, title=MINE, options={"some": "choice"})
    await hass.async_block_till_done(wait_background_tasks=True)

    await move(dialog, owner)

    assert owner.title == MINE
    assert owner.options == {"some": "choice"}


async def test_moved_entry_is_what_a_new_one_would_be(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry
) -> None:
    """It starts again with its own login, which can be replaced, and has all the menus."""
    await move(dialog, owner)
    hass.data[vault._VAULTS].clear()
    assert await hass.config_entries.async_reload(owner.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert is_running(owner)
    menu = await dialog.open_menu(owner)
    assert "virtual_key" in menu["menu_options"]
    hass.config_entries.flow.async_abort(menu["flow_id"])
    options = await hass.config_entries.options.async_init(owner.entry_id)
    assert options["type"] == "menu"

    world.authority.sign_out(OWNER)
    done = await dialog.sign_in(await dialog.reauthenticate(owner))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert done["reason"] == "reauth_successful"
    assert is_running(owner)


@pytest.mark.parametrize("day", [OwnerDay.CLOSED, OwnerDay.GONE, None])
async def test_entry_that_cannot_run_any_more_is_moved_too(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry, day: OwnerDay | None
) -> None:
    """For whom it is made: the owner API closed, or its token dead; no question is left open."""
    before = await look(hass)
    if day is None:
        world.authority.revoke(OWNER, OWNER_CLIENT)
        world.clock.advance(9 * 3600.0)
    else:
        world.owner_day = day
    await owner.runtime_data.account.async_refresh()
    await hass.config_entries.async_reload(owner.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not is_running(owner)
    if day is None:
        assert hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    else:
        assert issues_of(hass) == ["owner_api_closed"]

    await move(dialog, owner)

    assert_same(before, await look(hass))
    assert not issues_of(hass)
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    world.cars[JUNIPER].wake_now()
    assert (await press(hass, owner, JUNIPER)).route is Route.SIGNED


async def test_key_can_be_served_elsewhere(
    dialog: Dialog, world: World, owner: ConfigEntry, web_host: WebHost
) -> None:
    """As in a new set-up."""
    world.internet[HOST] = web_host.url
    page = await dialog.answer(await to_domain(dialog, owner), EXTERNAL_PAGE)
    web_host.content = shown(page, "pem")
    done = await finish(dialog, await dialog.answer(page, CHECK))

    assert done["reason"] == "moved_to_fleet"
    assert owner.data["key_hosting"] == "external"


# Another account


async def test_account_with_another_id_takes_everything_over(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry
) -> None:
    """Unique ids follow, and whatever hangs on the entities stays."""
    tokens = await kept(hass)
    assert tokens is not None
    world.guests = {FALCON: {LENDER}, JUNIPER: {LENDER}}
    registry = er.async_get(hass)
    odd = registry.async_get_or_create("sensor", DOMAIN, "of_no_account", config_entry=owner)
    before = await look(hass)

    page = await dialog.answer(await to_domain(dialog, owner, LENDER_EMAIL), DOMAIN_PAGE)
    done = await finish(dialog, page)

    assert done["reason"] == "moved_to_fleet"
    assert is_running(owner)
    assert owner.unique_id == owner.data["account_id"] == LENDER
    after = await look(hass)
    assert_same(before, after, now=LENDER)
    assert not [one for one in after.entities.values() if one["unique_id"].startswith(OWNER)]
    assert after.entities[odd.id]["unique_id"] == "of_no_account"
    for secret in (tokens.refresh_token, tokens.access_token, OWNER):
        assert secret not in await on_disk(hass)
    assert (await press(hass, owner, FALCON)).route is Route.UNSIGNED
    assert (await press(hass, owner, JUNIPER)).route is Route.SIGNED


@pytest.mark.parametrize("email", [OWNER_EMAIL, LENDER_EMAIL])
async def test_owner_token_is_kept_until_the_entry_runs(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry, email: str
) -> None:
    """A crash before the entry is on disk leaves one of the owner API, which needs it."""
    tokens = await kept(hass)
    assert tokens is not None
    world.guests = {FALCON: {LENDER}, JUNIPER: {LENDER}}
    page = await dialog.answer(await to_domain(dialog, owner, email), DOMAIN_PAGE)
    world.faults.add(FaultRule(kind=FaultKind.STATUS, status=503, endpoint="products", skip=0))
    done = await finish(dialog, page)

    assert done["reason"] == "moved_to_fleet"
    assert owner.state is ConfigEntryState.SETUP_RETRY
    assert tokens.refresh_token in await on_disk(hass)

    assert await hass.config_entries.async_reload(owner.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert tokens.refresh_token not in await on_disk(hass)
    assert "moved_from" not in owner.data


async def test_account_that_has_an_entry_again_keeps_its_vault(
    hass: HomeAssistant, dialog: Dialog, owner: ConfigEntry
) -> None:
    """The former login is deleted only where it is nobody's."""
    await move(dialog, owner)
    former = await dialog.set_up_owner(LENDER)
    data = {**owner.data, "moved_from": LENDER}
    hass.config_entries.async_update_entry(owner, data=data)

    assert await hass.config_entries.async_reload(owner.entry_id)

    assert "moved_from" not in owner.data
    assert await hass.config_entries.async_reload(former.entry_id)


async def test_crash_after_the_move_makes_no_entity_anew(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry
) -> None:
    """The entry is on disk some seconds before the unique ids are."""
    world.guests = {FALCON: {LENDER}, JUNIPER: {LENDER}}
    before = await look(hass)
    page = await dialog.answer(await to_domain(dialog, owner, LENDER_EMAIL), DOMAIN_PAGE)
    await finish(dialog, page)
    # What the disk knows after the crash.
    await hass.config_entries.async_unload(owner.entry_id)
    registry = er.async_get(hass)
    for entity_id, was in before.entities.items():
        now = registry.async_get(before.entities[entity_id]["entity_id"])
        assert now is not None
        registry.async_update_entity(now.entity_id, new_unique_id=was["unique_id"])
    count = len(registry.entities)

    assert await hass.config_entries.async_setup(owner.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert_same(before, await look(hass), now=LENDER)
    assert len(registry.entities) == count


async def test_what_was_taken_over_is_given_back_under_the_other_id(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry
) -> None:
    """What was taken before the move is given back as it was, also if it is interrupted."""
    world.guests = {FALCON: {LENDER}, JUNIPER: {LENDER}}
    with mock_config_flow(tesla_custom.DOMAIN, ConfigFlow):
        await live_in(hass, await tesla_custom.start(hass, FALCON, JUNIPER))
        before = await look(hass)
        plan = await take(hass, owner, Source.TESLA_CUSTOM)
        page = await dialog.answer(await to_domain(dialog, owner, LENDER_EMAIL), DOMAIN_PAGE)
        assert (await finish(dialog, page))["reason"] == "moved_to_fleet"
        taken = {move.theirs.id for move in plan.moves}
        registry = er.async_get(hass)
        assert {
            entity.id
            for entity in er.async_entries_for_config_entry(registry, owner.entry_id)
            if entity.id in taken and entity.unique_id.startswith(LENDER)
        } == taken

        killed = patch.object(TakeOverFile, "async_pop", side_effect=KeyboardInterrupt)
        with killed, pytest.raises(KeyboardInterrupt):
            await undo(hass, owner)
        await undo(hass, owner)

        after = await look(hass)
    assert len(taken) > 40
    assert_same(before, after, now=LENDER)
    assert not [one for one in after.entities.values() if one["unique_id"].startswith(OWNER)]


async def test_cars_that_stay_behind_are_named_first(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry
) -> None:
    """Whoever goes on has the others, with everything; the missing ones are there for now."""
    world.guests = {FALCON: {LENDER}}
    before = await look(hass)

    page = await dialog.answer(await to_domain(dialog, owner, LENDER_EMAIL), DOMAIN_PAGE)
    assert (page["type"], page["step_id"]) == ("form", "without_cars")
    assert shown(page, "cars") == "My car (…012346)"
    assert not page["errors"]
    assert owner.data["api"] == "owner"

    done = await finish(dialog, await dialog.answer(page, {}))
    assert done["reason"] == "moved_to_fleet"
    assert list(owner.runtime_data.cars) == [FALCON]
    assert_same(before, await look(hass), now=LENDER)
    assert (await press(hass, owner, FALCON)).route is Route.UNSIGNED


async def test_account_that_has_an_entry_is_not_taken_twice(
    hass: HomeAssistant, dialog: Dialog, owner: ConfigEntry
) -> None:
    """Both entries stay what they are."""
    page = await dialog.sign_in(await dialog.begin(), email=LENDER_EMAIL)
    other = await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))
    login = await (await async_open_vault(hass, LENDER)).tokens.load()
    before, former = await look(hass), facts(owner)

    done = await to_domain(dialog, owner, LENDER_EMAIL)

    assert (done["type"], done["reason"]) == ("abort", "already_configured")
    assert await (await async_open_vault(hass, LENDER)).tokens.load() == login
    assert is_running(other)
    assert facts(owner) == former
    assert_as_before(before, await look(hass))
    assert (await press(hass, owner, FALCON)).route is Route.OWNER


# Breaking off


async def to_missing_cars(dialog: Dialog, entry: ConfigEntry) -> ConfigFlowResult:
    """On to the page that names the cars which the account does not have."""
    page = await dialog.answer(await to_domain(dialog, entry, LENDER_EMAIL), DOMAIN_PAGE)
    assert page["step_id"] == "without_cars"
    return page


async def to_external_key(dialog: Dialog, entry: ConfigEntry) -> ConfigFlowResult:
    """On to the page that shows the key."""
    page = await dialog.answer(await to_domain(dialog, entry), EXTERNAL_PAGE)
    assert page["step_id"] == "external_key"
    return page


async def to_wrong_domain(dialog: Dialog, entry: ConfigEntry) -> ConfigFlowResult:
    """On to a domain that Tesla does not take."""
    page = await to_domain(dialog, entry)
    page = await dialog.answer(page, {**DOMAIN_PAGE, "domain": "wrong.example.test"})
    assert page["errors"]
    return page


PAGES: Final[Mapping[str, GoOn]] = {
    "menu": Dialog.open_menu,
    "login": to_login,
    "domain": to_domain,
    "wrong_domain": to_wrong_domain,
    "external_key": to_external_key,
    "without_cars": to_missing_cars,
    "virtual_key": to_virtual_key,
}


@pytest.mark.parametrize("go_on", PAGES.values(), ids=PAGES)
async def test_closing_the_dialog_leaves_the_entry_as_it_was(
    hass: HomeAssistant, dialog: Dialog, owner: ConfigEntry, go_on: GoOn
) -> None:
    """On every page; it works on, also after a restart, and can be moved later."""
    before, former, tokens = await look(hass), facts(owner), await kept(hass)

    page = await go_on(dialog, owner)
    hass.config_entries.flow.async_abort(page["flow_id"])

    assert_as_before(before, await look(hass))
    assert facts(owner) == former
    assert await kept(hass) == tokens
    assert (await press(hass, owner, FALCON)).route is Route.OWNER
    hass.data[vault._VAULTS].clear()
    assert await hass.config_entries.async_reload(owner.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert owner.runtime_data.fleet is None
    assert (await press(hass, owner, FALCON, "turn_off")).route is Route.OWNER
    assert_same(before, await look(hass))

    await move(dialog, owner)


async def test_next_attempt_goes_on_with_the_key(
    hass: HomeAssistant, dialog: Dialog, world: World, owner: ConfigEntry
) -> None:
    """Cars may have it already."""
    page = await to_virtual_key(dialog, owner)
    (registered,) = {known.public_key for known in world.registrations}
    hass.config_entries.flow.async_abort(page["flow_id"])

    await move(dialog, owner)

    assert {known.public_key for known in world.registrations} == {registered}
    assert (await press(hass, owner, JUNIPER)).route is Route.SIGNED


@pytest.mark.parametrize(
    ("refused", "allow", "reason"),
    [
        (frozenset({Scope.VEHICLE_DEVICE_DATA}), True, "missing_scope"),
        (frozenset(), False, "user_rejected_authorize"),
    ],
)
async def test_login_that_is_refused_leaves_the_entry_as_it_was(
    hass: HomeAssistant,
    dialog: Dialog,
    owner: ConfigEntry,
    *,
    refused: frozenset[Scope],
    allow: bool,
    reason: str,
) -> None:
    """In part or at all."""
    before, former = await look(hass), facts(owner)

    page = await to_login(dialog, owner)
    done = await dialog.sign_in(page, refused=refused, allow=allow)

    assert (done["type"], done["reason"]) == ("abort", reason)
    assert facts(owner) == former
    assert_as_before(before, await look(hass))
    assert (await press(hass, owner, FALCON)).route is Route.OWNER


async def test_application_that_is_missing_is_asked_for_before(
    hass: HomeAssistant, dialog: Dialog, owner: ConfigEntry
) -> None:
    """With the page for it; afterwards the way is open."""
    former = facts(owner)
    await remove_application(hass)

    done = await to_login(dialog, owner)

    assert (done["type"], done["reason"]) == ("abort", "application_first")
    for language in LANGUAGES:
        text = texts(language)["config"]["abort"]["application_first"]
        assert placeholders_in(text) <= set(done["description_placeholders"] or ())
    assert facts(owner) == former
    assert (await press(hass, owner, FALCON)).route is Route.OWNER
    await add_application(hass)
    await move(dialog, owner)


async def test_list_of_cars_that_does_not_come_can_be_asked_for_again(
    dialog: Dialog, world: World, owner: ConfigEntry
) -> None:
    """In the same dialog: nobody knows whether all cars are there."""
    page = await to_domain(dialog, owner)
    world.faults.add(FaultRule(kind=FaultKind.STATUS, status=503, endpoint="products"))
    page = await dialog.answer(page, DOMAIN_PAGE)
    assert (page["step_id"], page["errors"]) == ("domain", {"base": "tesla_overloaded"})
    assert owner.data["api"] == "owner"

    done = await finish(dialog, await dialog.answer(page, DOMAIN_PAGE))
    assert done["reason"] == "moved_to_fleet"


async def test_vault_that_cannot_be_written_stops_it_at_the_login(
    hass: HomeAssistant, dialog: Dialog, owner: ConfigEntry
) -> None:
    """Before anything is used that could be lost."""
    former, tokens = facts(owner), await kept(hass)
    page = await to_login(dialog, owner)
    with patch.object(vault, "_write", side_effect=OSError):
        done = await dialog.sign_in(page)

    assert done["reason"] == "vault_not_saved"
    assert facts(owner) == former
    assert await kept(hass) == tokens
    await move(dialog, owner)


async def test_entry_that_cannot_be_stopped_is_not_moved(
    hass: HomeAssistant, dialog: Dialog, owner: ConfigEntry
) -> None:
    """It would go on writing as what it was."""
    before, former, tokens = await look(hass), facts(owner), await kept(hass)
    page = await to_virtual_key(dialog, owner)
    with patch.object(hass.config_entries, "async_unload", return_value=False):
        done = await finish(dialog, page)

    assert done["reason"] == "not_unloaded"
    assert facts(owner) == former
    assert await kept(hass) == tokens
    assert_as_before(before, await look(hass))
    assert (await press(hass, owner, FALCON)).route is Route.OWNER


@pytest.mark.parametrize("email", [OWNER_EMAIL, LENDER_EMAIL])
async def test_token_that_cannot_be_deleted_is_told(
    hass: HomeAssistant,
    dialog: Dialog,
    world: World,
    owner: ConfigEntry,
    caplog: pytest.LogCaptureFixture,
    email: str,
) -> None:
    """The entry is moved all the same."""
    world.guests = {FALCON: {LENDER}, JUNIPER: {LENDER}}
    page = await dialog.answer(await to_domain(dialog, owner, email), DOMAIN_PAGE)
    file = (await async_open_vault(hass, OWNER))._path
    with (
        patch.object(vault._KeptTokens, "clear", side_effect=VaultNotSaved(file)),
        patch.object(vault.Path, "unlink", side_effect=PermissionError),
    ):
        done = await finish(dialog, page)

    assert done["reason"] == "moved_to_fleet"
    assert is_running(owner)
    assert "The owner API's token is still on disk" in caplog.text
