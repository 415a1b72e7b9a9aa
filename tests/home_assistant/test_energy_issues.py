"""A house that stays silent is a repair, until it speaks again."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.const import Platform
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.teslalogger.account import INTERVAL, MISSING_BEFORE_GONE
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.energy.issues import SILENT_ANSWERS
from custom_components.teslalogger.tesla import NotSent, SiteUnreachable
from simulator.garage import LIGHTHOUSE

from .energy_cloud import SITE_ID, FakeSite
from .running import pass_time

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from custom_components.teslalogger.energy.coordinator import SiteCoordinator

    from .cloud import FakeCloud
    from .live import Live
    from .running import Start

STUB: Final = {"grid_status": "Unknown"}
LONG: Final = timedelta(hours=25)


@pytest.fixture
def platforms() -> tuple[Platform, ...]:
    """One that asks for the site."""
    return (Platform.SENSOR,)


@pytest.fixture
def house(cloud: FakeCloud) -> FakeSite:
    """The account's house, beside its cars."""
    house = cloud.sites[SITE_ID] = FakeSite()
    return house


@pytest.fixture
async def home(house: FakeSite, start: Start, hass: HomeAssistant) -> MockConfigEntry:  # noqa: ARG001 - before the start
    """The account is loaded and the house has answered once."""
    entry = await start()
    await ask(hass, entry)
    return entry


async def ask(hass: HomeAssistant, entry: MockConfigEntry, times: int = 1) -> None:
    """Have all questions asked anew."""
    site: SiteCoordinator = entry.runtime_data.energy.by_id[SITE_ID]
    for _ in range(times):
        site._due = dict.fromkeys(site._due, 0.0)
        await site.async_refresh()
        await hass.async_block_till_done()


def silent(hass: HomeAssistant) -> list[str]:
    """The sites that have a repair, by name."""
    return [
        (issue.translation_placeholders or {})["site"]
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.translation_key == "site_silent"
    ]


@pytest.mark.parametrize("is_stub", [True, False])
async def test_silence_of_a_day_is_a_repair(
    hass: HomeAssistant,
    home: MockConfigEntry,
    house: FakeSite,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
    *,
    is_stub: bool,
) -> None:
    """Whether Tesla has words for it or an error; it closes when the house speaks again."""
    spoken = house.live
    house.live = STUB
    if not is_stub:
        cloud.failures["live_status"] = SiteUnreachable(status=500)
    freezer.tick(timedelta(hours=23))
    await ask(hass, home, SILENT_ANSWERS)
    assert silent(hass) == []

    freezer.tick(timedelta(hours=1))
    if not is_stub:
        cloud.failures["live_status"] = SiteUnreachable(status=500)
    await ask(hass, home)
    assert silent(hass) == ["Lighthouse"]
    await ask(hass, home)
    assert silent(hass) == ["Lighthouse"]

    cloud.failures.clear()
    house.live = spoken
    await ask(hass, home)
    assert silent(hass) == []


async def test_nobody_is_bothered_where_home_assistant_was_away(
    hass: HomeAssistant, home: MockConfigEntry, house: FakeSite, freezer: FrozenDateTimeFactory
) -> None:
    """A silent answer or two after a long pause prove nothing; more of them do."""
    assert await hass.config_entries.async_unload(home.entry_id)
    freezer.tick(LONG)
    house.live = STUB
    await hass.config_entries.async_setup(home.entry_id)
    await hass.async_block_till_done()

    await ask(hass, home, SILENT_ANSWERS - 1)
    assert silent(hass) == []
    await ask(hass, home)
    assert silent(hass) == ["Lighthouse"]


async def test_own_lost_connection_is_none_of_the_sites(
    hass: HomeAssistant, home: MockConfigEntry, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """Nothing was asked, so nothing was answered."""
    freezer.tick(LONG)
    cloud.failures["live_status"] = NotSent()

    await ask(hass, home, SILENT_ANSWERS + 1)

    assert silent(hass) == []


async def test_site_that_never_spoke_gets_a_day(
    hass: HomeAssistant, house: FakeSite, start: Start, freezer: FrozenDateTimeFactory
) -> None:
    """From the time that it is here."""
    house.live = STUB
    entry = await start()
    await ask(hass, entry, SILENT_ANSWERS)
    assert silent(hass) == []

    freezer.tick(LONG)
    await ask(hass, entry)
    assert silent(hass) == ["Lighthouse"]


async def test_site_that_leaves_takes_its_repair_with_it(
    hass: HomeAssistant,
    home: MockConfigEntry,
    house: FakeSite,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
) -> None:
    """So does the account."""
    house.live = STUB
    freezer.tick(LONG)
    await ask(hass, home, SILENT_ANSWERS)
    assert silent(hass) == ["Lighthouse"]

    cloud.sites.clear()
    for _ in range(MISSING_BEFORE_GONE):
        await pass_time(hass, freezer, INTERVAL)
    assert silent(hass) == []


async def test_account_that_leaves_takes_its_repairs_with_it(
    hass: HomeAssistant, home: MockConfigEntry, house: FakeSite, freezer: FrozenDateTimeFactory
) -> None:
    """Nothing is left to be mended."""
    house.live = STUB
    freezer.tick(LONG)
    await ask(hass, home, SILENT_ANSWERS)

    await hass.config_entries.async_remove(home.entry_id)

    assert silent(hass) == []


async def test_simulated_house_is_silent_for_a_day(live: Live) -> None:
    """Until its gateway is back."""
    await live.pass_time(timedelta(seconds=61))
    state = live.world.sites[LIGHTHOUSE].state
    state.reachable = False
    for _ in range(26):
        await live.pass_time(timedelta(hours=1))
    assert silent(live.hass) == ["Lighthouse"]

    state.reachable = True
    await live.pass_time(timedelta(seconds=61))
    assert silent(live.hass) == []
