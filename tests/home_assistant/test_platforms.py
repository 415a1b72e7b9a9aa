"""Every entity of every platform, as Home Assistant shows it."""

from typing import TYPE_CHECKING, Final

from homeassistant.const import Platform
import pytest
from pytest_homeassistant_custom_component.common import snapshot_platform

from custom_components.teslalogger import PLATFORMS

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import entity_registry as er
    from pytest_homeassistant_custom_component.common import MockConfigEntry
    from syrupy.assertion import SnapshotAssertion


# The cars of this cloud have no schedules and no player, and an image has a new token each time.
_ELSEWHERE: Final = {Platform.CALENDAR, Platform.IMAGE, Platform.MEDIA_PLAYER, Platform.TIME}


@pytest.fixture(params=[platform for platform in PLATFORMS if platform not in _ELSEWHERE])
def platforms(request: pytest.FixtureRequest) -> tuple[Platform, ...]:
    """One after the other."""
    return (request.param,)


@pytest.mark.usefixtures("everything_enabled")
async def test_entities(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """Names, classes, units, categories and values of every row, for every car."""
    await snapshot_platform(hass, entity_registry, snapshot, loaded.entry_id)
