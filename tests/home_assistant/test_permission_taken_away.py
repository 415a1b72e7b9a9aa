"""The permission taken away on Tesla's own pages: one prompt, few questions, nothing lost."""

from collections import Counter
from datetime import timedelta
import re
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.aiohttp_client import async_get_clientsession
import pytest

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.tesla.hosts import resolve
from custom_components.teslalogger.tesla.oauth import consent_revoke_url
from custom_components.teslalogger.vault import async_open_vault
from simulator.garage import JUNIPER, YUKI
from tests.simulator_fixtures import CLIENT_ID

from .dialog import OWNER_EMAIL, Dialog
from .live import OWNER, Live
from .test_owner_api import open_repairs, reauths

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from homeassistant.core import HomeAssistant

APPS: Final = "https://accounts.tesla.com/account-settings/security?tab=tpty-apps"
CREDENTIALS: Final = {"email": OWNER_EMAIL, "password": "any"}


async def post(hass: HomeAssistant, url: str, form: dict[str, str]) -> str:
    """Send a form as a browser does; the page that comes of it."""
    async with async_get_clientsession(hass).post(resolve(url), data=form) as answer:
        assert answer.status == 200
        return await answer.text()


async def remove_access(hass: HomeAssistant) -> None:
    """Account, Profile settings, Manage third-party apps, the application, Remove access."""
    page = await post(hass, APPS, CREDENTIALS)
    found = re.search(r'name=session value="([^"]+)"', page)
    assert found, page
    page = await post(hass, APPS, {"session": found[1], "client_id": CLIENT_ID})
    assert "can no longer reach your account" in page


async def revoke_consent(hass: HomeAssistant) -> None:
    """The page that Tesla's documentation links to."""
    url = consent_revoke_url(CLIENT_ID, "https://home.example.test")
    assert "Access revoked" in await post(hass, url, CREDENTIALS)


def kept(live: Live) -> dict[str, Any]:
    """Whatever must not be lost."""
    rows = er.async_entries_for_config_entry(er.async_get(live.hass), live.entry.entry_id)
    return {
        "entities": {(row.domain, row.unique_id): row.entity_id for row in rows},
        "options": dict(live.entry.options),
        "data": dict(live.entry.data),
        "states": {vin: car.value("odometer") for vin, car in live.entry.runtime_data.cars.items()},
    }


@pytest.mark.parametrize("take_away", [remove_access, revoke_consent])
async def test_one_prompt_and_a_quiet_day(
    dialog: Dialog, live: Live, take_away: Callable[[HomeAssistant], Awaitable[None]]
) -> None:
    """All is kept for the next login, which resumes at once."""
    for vin in (JUNIPER, YUKI):
        live.world.cars[vin].wake_now()
        await live.look_at(vin)
    key = (await async_open_vault(live.hass, OWNER)).key
    before = kept(live)
    assert before["states"][JUNIPER] is not None
    await take_away(live.hass)
    live.world.ledger.clear()

    await live.pass_time(timedelta(minutes=10))
    asked = Counter(one.endpoint for one in live.world.ledger.entries)
    live.world.ledger.clear()
    for _ in range(24 * 6):
        await live.pass_time(timedelta(minutes=10))

    assert reauths(live.hass) == 1
    assert not open_repairs(live.hass)
    assert live.entry.state is ConfigEntryState.LOADED
    assert kept(live) == before
    assert (await async_open_vault(live.hass, OWNER)).key is key
    assert live.state("sensor", JUNIPER, "battery_level").state == "unavailable"
    # Every car and the site, all at the same moment; after that nobody.
    assert asked["oauth/token"] == 1
    assert asked.total() <= len(live.world.cars) + len(live.world.sites) + 1
    with pytest.raises(HomeAssistantError) as caught:
        await live.car(JUNIPER).commander.async_send("set_sentry_mode", on=True)
    assert caught.value.translation_key == "login_required"
    assert not live.world.ledger.entries
    assert reauths(live.hass) == 1

    (flow,) = live.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    done = await dialog.sign_in(await dialog.answer(flow, {}))
    await live.hass.async_block_till_done(wait_background_tasks=True)

    assert done["reason"] == "reauth_successful"
    assert kept(live) == before
    opened = await async_open_vault(live.hass, OWNER)
    assert opened.key is key
    live.world.cars[JUNIPER].wake_now()
    await live.look_at(JUNIPER)
    assert live.state("sensor", JUNIPER, "battery_level").state != "unavailable"
    await live.press(JUNIPER)
    assert live.world.cars[JUNIPER].state.sentry_mode
    assert reauths(live.hass) == 0


async def test_restart_without_permission_keeps_everything_too(dialog: Dialog, live: Live) -> None:
    """The one prompt is there again, and nothing more is asked than the login needs."""
    entities = kept(live)["entities"]
    await remove_access(live.hass)
    live.world.authority.expire_access()
    await live.hass.config_entries.async_unload(live.entry.entry_id)
    await live.hass.async_block_till_done(wait_background_tasks=True)
    live.world.ledger.clear()

    await live.hass.config_entries.async_setup(live.entry.entry_id)
    for _ in range(24):
        await live.pass_time(timedelta(hours=1))

    assert live.entry.state is ConfigEntryState.SETUP_ERROR
    assert reauths(live.hass) == 1
    assert live.world.ledger.counts().total() <= 2
    rows = er.async_entries_for_config_entry(er.async_get(live.hass), live.entry.entry_id)
    assert {(row.domain, row.unique_id): row.entity_id for row in rows} == entities

    (flow,) = live.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    await dialog.sign_in(await dialog.answer(flow, {}))
    await live.hass.async_block_till_done(wait_background_tasks=True)
    assert live.entry.runtime_data.account.last_update_success
