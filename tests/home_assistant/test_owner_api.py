"""An account that lives on the owner API: its good days, its bad days, and no storm."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
import time
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import ConfigEntryState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.teslalogger import vault
from custom_components.teslalogger.account import MISSING_BEFORE_GONE
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.repairs import async_create_fix_flow
from custom_components.teslalogger.tesla import OwnerClient, TokenKeeper, Tokens
from simulator.cloud.faults import FaultKind, FaultRule
from simulator.cloud.grants import OWNER_CLIENT
from simulator.cloud.owner_days import OwnerDay
from simulator.garage import FALCON, JUNIPER

from .live import OWNER, Live

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

    from simulator.world import World

    from .dialog import Dialog

HOST: Final = "owner-api.teslamotors.com"
HOUR: Final = timedelta(hours=1)
CLOSED: Final = (
    OwnerDay.CLOSED,
    OwnerDay.READS_FORBIDDEN,
    OwnerDay.RENEWED_FORBIDDEN,
    OwnerDay.FLEET_ONLY,
    OwnerDay.GONE,
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What people are told on a day, and how often Tesla is asked in a week of it.

    `reading` is the key of set-ups and readings, `press` that of a command that is sent; where it
    may have been carried out nobody knows, and that is what is said.
    """

    reading: str
    press: str | None
    set_ups: int
    readings: int
    repairs: tuple[str, ...] = ()


# All cars once, then after an hour, two, four, eight, sixteen, and once a day.
_CLOSED: Final = Told(
    reading="owner_api_closed",
    press="owner_api_closed",
    set_ups=11,
    readings=6 + 11,
    repairs=("owner_api_closed",),
)
DAYS: Final = {
    OwnerDay.CLOSED: _CLOSED,
    OwnerDay.READS_FORBIDDEN: replace(_CLOSED, press=None),
    OwnerDay.RENEWED_FORBIDDEN: _CLOSED,
    OwnerDay.FLEET_ONLY: _CLOSED,
    OwnerDay.GONE: _CLOSED,
    # Each car keeps to Retry-After (15 min), and so does the list.
    OwnerDay.RATE_LIMITED: Told(
        reading="rate_limited", press="rate_limited", set_ups=672, readings=6 * 7 * 24 * 4
    ),
    # All cars once, then after five minutes, ten, and so on, and every six hours.
    OwnerDay.FAILING: Told(
        reading="tesla_overloaded", press="command_unknown", set_ups=36, readings=6 + 8 + 7 * 4
    ),
    OwnerDay.TIMING_OUT: Told(
        reading="tesla_answer_lost", press="command_unknown", set_ups=36, readings=6 + 8 + 7 * 4
    ),
    OwnerDay.LOCKED: Told(
        reading="account_locked", press="account_locked", set_ups=11, readings=6 + 11
    ),
}


def _now(clock: str) -> float:
    return float(getattr(time, clock)())


type StartOwner = Callable[..., Awaitable[Live]]


@pytest.fixture
async def start_owner(
    hass: HomeAssistant,
    world: World,
    simulator_url: str,  # noqa: ARG001 - the way to it
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> StartOwner:
    """Set an entry of the owner API up; it need not come about."""
    # Their defaults were taken before time stood still.
    for kind, clock in ((OwnerClient, "monotonic"), (TokenKeeper, "time")):
        defaults: dict[str, Any] = kind.__init__.__kwdefaults__ or {}
        monkeypatch.setitem(defaults, "clock", partial(_now, clock))

    async def start(
        state: ConfigEntryState = ConfigEntryState.LOADED, *, is_renewed: bool = False
    ) -> Live:
        answer = world.authority.owner_sign_in(OWNER, world.accounts[OWNER].region)
        opened = await vault.async_open_vault(hass, OWNER)
        await opened.owner_tokens.save(
            Tokens(
                access_token=answer["access_token"],
                refresh_token=answer["refresh_token"],
                expires_at=0.0 if is_renewed else world.clock.now() + answer["expires_in"],
            )
        )
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Tesla (owner API)",
            unique_id=OWNER,
            data={"api": "owner", "account_id": OWNER, "region": "eu"},
        )
        entry.add_to_hass(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert entry.state is state
        return Live(hass=hass, world=world, entry=entry, freezer=freezer)

    return start


@pytest.fixture
async def owner(start_owner: StartOwner) -> Live:
    """An entry of the owner API, on a good day; nothing was asked since."""
    live = await start_owner()
    for vin in (FALCON, JUNIPER):
        live.world.cars[vin].wake_now()
        await live.look_at(vin)
    live.world.ledger.clear()
    return live


def open_repairs(hass: HomeAssistant) -> list[str | None]:
    """What is to be mended."""
    return [
        issue.translation_key
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN
    ]


def reauths(hass: HomeAssistant) -> int:
    """How often a new login is asked for."""
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return sum(flow["context"]["source"] == "reauth" for flow in flows)


def asked(live: Live) -> Counter[str]:
    """What the owner host was asked, by endpoint."""
    return Counter(entry.endpoint for entry in live.world.ledger.entries if entry.host == HOST)


async def test_cars_are_read_and_commanded(owner: Live) -> None:
    """On the owner host alone, and nothing is billed."""
    level = owner.state("sensor", FALCON, "battery_level").state
    assert (
        float(level)
        == owner.world.cars[FALCON].vehicle_data({"charge_state"}, location=False)["charge_state"][
            "battery_level"
        ]
    )

    await owner.press(FALCON)

    assert owner.state("switch", FALCON, "sentry_mode").state == "on"
    outcome = owner.car(FALCON).commander.last_outcome
    assert outcome is not None
    assert (outcome.route, outcome.cost) == ("owner", 0.0)
    assert set(owner.world.ledger.hosts()) == {HOST}
    assert owner.world.ledger.cost == 0.0
    assert not open_repairs(owner.hass)


async def test_what_only_the_fleet_api_has_is_not_there(owner: Live) -> None:
    """No energy site, no key; and whoever asks for more is told what to do."""
    assert owner.world.sites
    assert not owner.entry.runtime_data.energy.by_id
    assert owner.car(FALCON).commander.key_status == "not_needed"
    assert owner.car(JUNIPER).commander.key_status is None
    with pytest.raises(HomeAssistantError) as caught:
        owner.entry.runtime_data.require_fleet()
    assert caught.value.translation_key == "needs_fleet_api"
    await owner.entry.runtime_data.account.async_ask_fleet_status()
    assert not owner.world.ledger.entries


async def test_car_that_signs_leads_to_the_fleet_api(owner: Live) -> None:
    """The press says so, one repair leads there, and the next press costs Tesla nothing."""
    for _ in range(3):
        with pytest.raises(HomeAssistantError) as caught:
            await owner.press(JUNIPER)
        assert caught.value.translation_key == "command_needs_fleet_api"
    assert asked(owner)["owner/command/set_sentry_mode"] == 1
    assert open_repairs(owner.hass) == ["owner_api_cannot_sign"]
    assert reauths(owner.hass) == 0


async def test_another_problem_is_shown_though_the_first_is_ignored(owner: Live) -> None:
    """They share one repair, and whoever ignored one may mind the other."""
    with pytest.raises(HomeAssistantError):
        await owner.press(JUNIPER)
    ((_, issue_id),) = [key for key in ir.async_get(owner.hass).issues if key[0] == DOMAIN]
    ir.async_ignore_issue(owner.hass, DOMAIN, issue_id, ignore=True)

    owner.world.owner_day = OwnerDay.CLOSED
    await owner.entry.runtime_data.account.async_refresh()

    issue = ir.async_get(owner.hass).async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert (issue.translation_key, issue.dismissed_version) == ("owner_api_closed", None)


@pytest.mark.parametrize("gone", [JUNIPER, FALCON])
async def test_car_that_leaves_takes_its_problem_along(owner: Live, gone: str) -> None:
    """And no other's."""
    with pytest.raises(HomeAssistantError):
        await owner.press(JUNIPER)
    del owner.world.cars[gone]

    for _ in range(MISSING_BEFORE_GONE):
        await owner.entry.runtime_data.account.async_refresh()
    await owner.hass.async_block_till_done(wait_background_tasks=True)

    assert open_repairs(owner.hass) == ([] if gone == JUNIPER else ["owner_api_cannot_sign"])


async def test_host_that_refuses_a_good_login_asks_for_no_other(owner: Live) -> None:
    """The token has just been renewed, so it is not the login that has ended."""
    refusal = FaultRule(
        kind=FaultKind.STATUS,
        status=401,
        body={"error": "login_required"},
        endpoint="owner/*",
        count=None,
    )
    owner.world.faults.add(refusal)

    for _ in range(3):
        await owner.entry.runtime_data.account.async_refresh()
    await owner.hass.async_block_till_done()

    assert reauths(owner.hass) == 0
    assert open_repairs(owner.hass) == ["owner_api_closed"]


@pytest.mark.parametrize(("day", "told"), DAYS.items())
async def test_a_week_of_set_ups(
    start_owner: StartOwner, world: World, day: OwnerDay, told: Told
) -> None:
    """Each day has its words, one repair at most, no login, and hardly a question."""
    world.owner_day = day
    live = await start_owner(ConfigEntryState.SETUP_RETRY, is_renewed=True)
    for _ in range(7 * 24 * 6):
        await live.pass_time(timedelta(minutes=10))
    assert live.entry.error_reason_translation_key == told.reading
    assert open_repairs(live.hass) == list(told.repairs)
    assert reauths(live.hass) == 0
    assert asked(live).total() <= told.set_ups


@pytest.mark.parametrize("day", [OwnerDay.CLOSED, OwnerDay.FLEET_ONLY, OwnerDay.GONE])
async def test_closed_at_a_press(owner: Live, day: OwnerDay) -> None:
    """The repair is there at once, not only after the next reading."""
    owner.world.owner_day = day
    with pytest.raises(HomeAssistantError) as caught:
        await owner.press(FALCON)
    assert caught.value.translation_key == "owner_api_closed"
    assert open_repairs(owner.hass) == ["owner_api_closed"]
    assert reauths(owner.hass) == 0

    owner.world.owner_day = OwnerDay.GOOD
    await owner.entry.runtime_data.account.async_refresh()
    assert not open_repairs(owner.hass)


@pytest.mark.parametrize("day", CLOSED)
async def test_closed_while_running(owner: Live, day: OwnerDay) -> None:
    """A week: one repair, no login, some questions; it closes when the host opens again."""
    if day is OwnerDay.RENEWED_FORBIDDEN:
        await owner.pass_time(9 * HOUR)  # a token that is fresh from a login is good for eight
        owner.world.ledger.clear()
    owner.world.owner_day = day
    for _ in range(7 * 24 * 6):
        await owner.pass_time(timedelta(minutes=10))
    assert open_repairs(owner.hass) == ["owner_api_closed"]
    assert reauths(owner.hass) == 0
    # All cars once, then after an hour, two, four, eight, sixteen, and once a day.
    assert asked(owner).total() <= 6 + 11
    assert not asked(owner)["owner/wake_up"]

    owner.world.owner_day = OwnerDay.GOOD
    for _ in range(25 * 6):
        await owner.pass_time(timedelta(minutes=10))
    assert not open_repairs(owner.hass)
    assert owner.car(FALCON).last_update_success


@pytest.mark.parametrize(("day", "told"), DAYS.items())
async def test_a_week_of_readings_and_a_press(owner: Live, day: OwnerDay, told: Told) -> None:
    """Each day has its words, one repair at most, no login, and no storm."""
    falcon = owner.world.cars[FALCON]
    if day is OwnerDay.RENEWED_FORBIDDEN:
        await owner.pass_time(9 * HOUR)  # a token that is fresh from a login is good for eight
        falcon.wake_now()
        await owner.look_at(FALCON)
        owner.world.ledger.clear()
    owner.world.owner_day = day
    for _ in range(7 * 24 * 6):
        await owner.pass_time(timedelta(minutes=10))
    failure = owner.entry.runtime_data.account.last_exception
    assert isinstance(failure, HomeAssistantError)
    assert failure.translation_key == told.reading
    assert open_repairs(owner.hass) == list(told.repairs)
    assert reauths(owner.hass) == 0
    assert asked(owner).total() <= told.readings
    owner.world.ledger.clear()

    falcon.wake_now()
    key = await key_of_press(owner)

    assert key == told.press
    assert asked(owner) == Counter({"owner/command/honk_horn": 1})


async def key_of_press(owner: Live) -> str | None:
    """What somebody is told who presses; None if it is done."""
    try:
        await owner.car(FALCON).commander.async_send("honk_horn")
    except HomeAssistantError as err:
        return err.translation_key
    return None


def test_every_bad_day_is_in_the_table() -> None:
    """A new one needs its words and its ceiling."""
    assert {*DAYS, OwnerDay.GOOD, OwnerDay.SIGNING_REQUIRED} == set(OwnerDay)


async def test_good_week_is_no_storm_either(owner: Live) -> None:
    """Six cars that sleep most of the time."""
    for car in owner.world.cars.values():
        car.fall_asleep()
    await owner.pass_time(HOUR)
    owner.world.ledger.clear()
    for _ in range(7 * 24 * 12):
        await owner.pass_time(timedelta(minutes=5))
    requests = asked(owner)
    assert set(requests) <= {"owner/products", "owner/vehicle"}
    assert requests["owner/vehicle"] <= 6 * 7 * 24 * 12.2
    assert requests["owner/products"] <= 7 * 24 + 1


async def test_dead_token_asks_for_another_one_once(owner: Live) -> None:
    """And nothing else is asked."""
    owner.world.authority.revoke(OWNER, OWNER_CLIENT)
    for _ in range(24 * 6):
        await owner.pass_time(timedelta(minutes=10))
    assert reauths(owner.hass) == 1
    assert not open_repairs(owner.hass)
    tries = [entry for entry in owner.world.ledger.entries if entry.endpoint == "oauth/token"]
    assert len(tries) <= 2


async def test_new_token_is_tried_at_once(
    start_owner: StartOwner, world: World, dialog: Dialog
) -> None:
    """It is the cure, and the refusal was about the old one."""
    world.owner_day = OwnerDay.CLOSED
    live = await start_owner(ConfigEntryState.SETUP_RETRY, is_renewed=True)
    world.owner_day = OwnerDay.GOOD
    assert not await live.hass.config_entries.async_reload(live.entry.entry_id)

    page = await dialog.reconfigure(live.entry, "owner_token")
    done = await dialog.answer(page, {"refresh_token": world.owner_token(OWNER)})
    await live.hass.async_block_till_done(wait_background_tasks=True)

    assert done["reason"] == "token_replaced"
    assert live.entry.state is ConfigEntryState.LOADED
    assert not open_repairs(live.hass)


@pytest.mark.parametrize("is_removed", [True, False])
async def test_account_that_comes_back_is_asked_at_once(
    start_owner: StartOwner, world: World, dialog: Dialog, *, is_removed: bool
) -> None:
    """Removed and added again, or taken back and signed in again."""
    world.owner_day = OwnerDay.CLOSED
    live = await start_owner(ConfigEntryState.SETUP_RETRY, is_renewed=True)
    entries = live.hass.config_entries
    if is_removed:
        await entries.async_remove(live.entry.entry_id)
    else:
        page = await dialog.reconfigure(live.entry, "holdings")
        await dialog.answer(await dialog.answer(page, {"next_step_id": "take_back_owner"}), {})
    world.owner_day = OwnerDay.GOOD

    if is_removed:
        entry = await dialog.set_up_owner()
    else:
        entry = live.entry
        await entries.async_set_disabled_by(entry.entry_id, None)
        (page,) = entries.flow.async_progress_by_handler(DOMAIN)
        await dialog.answer(page, {"refresh_token": world.owner_token(OWNER)})
        await live.hass.async_block_till_done(wait_background_tasks=True)

    assert entry.state is ConfigEntryState.LOADED


async def test_question_of_the_dialog_counts_as_an_answer(
    hass: HomeAssistant, world: World, dialog: Dialog
) -> None:
    """Nobody who has just been served waits for what was refused before."""
    entry = await dialog.set_up_owner()
    world.owner_day = OwnerDay.CLOSED
    await entry.runtime_data.account.async_refresh()
    await hass.config_entries.async_unload(entry.entry_id)
    # As after a crash in the middle of a removal: the entry is gone, and nothing else.
    with patch("custom_components.teslalogger.async_remove_entry"):
        await hass.config_entries.async_remove(entry.entry_id)
    world.owner_day = OwnerDay.GOOD

    again = await dialog.set_up_owner()

    assert again.state is ConfigEntryState.LOADED


async def test_every_car_signs_one_day(owner: Live) -> None:
    """Even those that never did: one repair, and the press fails with the way on."""
    owner.world.owner_day = OwnerDay.SIGNING_REQUIRED
    with pytest.raises(HomeAssistantError) as caught:
        await owner.press(FALCON)
    assert caught.value.translation_key == "command_needs_fleet_api"
    assert open_repairs(owner.hass) == ["owner_api_cannot_sign"]


async def test_repair_opens_the_way_to_the_fleet_api(owner: Live) -> None:
    """The repair itself stays until that was gone."""
    assert await async_setup_component(owner.hass, REPAIRS, {})
    owner.world.owner_day = OwnerDay.CLOSED
    await owner.look_at(FALCON)
    await owner.pass_time(HOUR)
    ((_, issue_id),) = [key for key in ir.async_get(owner.hass).issues if key[0] == DOMAIN]

    flow: Any = await async_create_fix_flow(
        owner.hass, issue_id, {"entry_id": owner.entry.entry_id}
    )
    flow.hass, flow.context, flow.flow_id, flow.handler = owner.hass, {}, "fix", DOMAIN
    page = await flow.async_step_init()
    assert (page["type"], page["step_id"]) == ("form", "move")
    end = await flow.async_step_move({})
    assert (end["type"], end["reason"]) == ("abort", "go_on_there")
    (kind, flow_id) = end["next_flow"]
    menu = owner.hass.config_entries.flow.async_get(flow_id)
    assert (kind, menu["step_id"]) == ("config_flow", "reconfigure_owner")
    assert open_repairs(owner.hass) == ["owner_api_closed"]
