"""Tariffs of energy sites as calendars."""

from typing import TYPE_CHECKING, Any

from homeassistant.const import STATE_OFF, Platform
from homeassistant.util import dt as dt_util
import pytest

from .energy_cloud import SITE_ID, FakeSite

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.energy.coordinator import SiteCoordinator

    from .cloud import FakeCloud
    from .running import Start


@pytest.fixture
def platforms() -> tuple[Platform, ...]:
    """The one that it is about."""
    return (Platform.CALENDAR,)


@pytest.fixture
async def site(cloud: FakeCloud, start: Start, hass: HomeAssistant) -> SiteCoordinator:
    """A house with a tariff, which has answered once."""
    cloud.sites[SITE_ID] = FakeSite()
    entry = await start()
    site: SiteCoordinator = entry.runtime_data.energy.by_id[SITE_ID]
    await site.async_refresh()
    await hass.async_block_till_done()
    return site


@pytest.mark.usefixtures("site")
async def test_tariff_is_a_calendar(hass: HomeAssistant) -> None:
    """In the site's own time."""
    now = hass.states.get("calendar.lighthouse_electricity_tariff")
    selling = hass.states.get("calendar.lighthouse_feed_in_tariff")
    assert now is not None
    assert selling is not None
    assert now.attributes["message"] == "Off peak: 0.28 EUR/kWh"
    assert selling.attributes["message"] == "Off peak: 0.08 EUR/kWh"

    answer = await hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": now.entity_id,
            "start_date_time": "2026-11-01T12:00:00+01:00",
            "end_date_time": "2026-11-02T12:00:00+01:00",
        },
        blocking=True,
        return_response=True,
    )

    assert answer is not None
    events: Any = answer[now.entity_id]
    assert [(event["start"][11:16], event["summary"]) for event in events["events"]] == [
        ("21:00", "Off peak: 0.28 EUR/kWh"),
        ("17:00", "On peak: 0.42 EUR/kWh"),
        ("21:00", "Off peak: 0.28 EUR/kWh"),
    ]


async def test_calendar_of_a_tariff_that_was_removed_is_empty(
    hass: HomeAssistant, site: SiteCoordinator, cloud: FakeCloud
) -> None:
    """Both are."""
    del cloud.sites[SITE_ID].info["tariff_content_v2"]

    await site.async_refresh()
    await hass.async_block_till_done()

    for name in ("electricity_tariff", "feed_in_tariff"):
        state = hass.states.get(f"calendar.lighthouse_{name}")
        assert state is not None
        assert state.state == STATE_OFF
        assert "message" not in state.attributes


async def test_calendar_without_tariff_is_empty(hass: HomeAssistant, site: SiteCoordinator) -> None:
    """As after a restart, until Tesla has told it."""
    site.buying = None
    calendar = hass.data["entity_components"]["calendar"].get_entity(
        "calendar.lighthouse_electricity_tariff"
    )

    assert calendar.event is None
    assert await calendar.async_get_events(hass, dt_util.now(), dt_util.now()) == []
