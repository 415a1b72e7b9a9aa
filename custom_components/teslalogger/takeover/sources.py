"""What there is to take over."""

from functools import partial
from typing import TYPE_CHECKING

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import get_metadata
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.recorder import DATA_INSTANCE

from custom_components.teslalogger.const import DOMAIN

from .model import Source
from .plan import make_plan
from .statistics import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry

    from .model import Plan


async def async_plans(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> Mapping[Source, Plan]:
    """A plan for every source that has something of what the account has."""
    registry = er.async_get(hass)
    ours = er.async_entries_for_config_entry(registry, entry.entry_id)
    theirs: dict[Source, list[er.RegistryEntry]] = {source: [] for source in Source}
    for other in registry.entities.values():
        if other.platform in theirs and other.config_entry_id:
            theirs[Source(other.platform)].append(other)
    kinds = await _async_kinds(
        hass, {other.entity_id for entries in theirs.values() for other in entries}
    )
    numbers = {
        number
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        for domain, number in device.identifiers
        if domain == DOMAIN
    }
    plans = (make_plan(source, entries, ours, numbers, kinds) for source, entries in theirs.items())
    return {plan.source: plan for plan in plans if plan.moves or plan.kept}


async def _async_kinds(hass: HomeAssistant, entity_ids: set[str]) -> Mapping[str, Kind]:
    """The long-term statistics that there are."""
    if DATA_INSTANCE not in hass.data or not entity_ids:
        return {}
    found = await get_instance(hass).async_add_executor_job(
        partial(get_metadata, hass, statistic_ids=entity_ids)
    )
    return {
        entity_id: Kind(
            unit=kept["unit_of_measurement"],
            unit_class=kept["unit_class"],
            mean_type=kept["mean_type"],
            has_sum=kept["has_sum"],
        )
        for entity_id, (_, kept) in found.items()
    }
