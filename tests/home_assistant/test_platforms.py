"""Every entity of every platform, as Home Assistant shows it."""

from typing import TYPE_CHECKING

import pytest
from pytest_homeassistant_custom_component.common import snapshot_platform

from custom_components.teslalogger import PLATFORMS

if TYPE_CHECKING:
    from homeassistant.const import Platform
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import entity_registry as er
    from pytest_homeassistant_custom_component.common import MockConfigEntry
    from syrupy.assertion import SnapshotAssertion


@pytest.fixture(params=PLATFORMS)
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
