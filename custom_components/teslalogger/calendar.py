"""Calendars: what happens, or what something costs, and when."""

from typing import TYPE_CHECKING

from .energy.calendar import async_add_energy_calendars
from .schedules.calendar import async_add_schedule_calendars

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .data import TeslaLoggerConfigEntry

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the calendars."""
    async_add_schedule_calendars(entry, async_add_entities)
    async_add_energy_calendars(entry, async_add_entities)
