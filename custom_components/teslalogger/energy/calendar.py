"""Calendars of energy sites: what electricity costs when, and what it brings."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEvent,
)
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from custom_components.teslalogger.energy_site import period_in_words

from .entity import EnergyEntity, SiteRow, async_add_sites

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry
    from custom_components.teslalogger.energy_site import Slot, Tariff

    from .coordinator import SiteCoordinator


@dataclass(frozen=True, kw_only=True)
class SiteCalendarDescription(CalendarEntityDescription, SiteRow):
    """A calendar, and its tariff."""

    tariff_fn: Callable[[SiteCoordinator], Tariff | None]


SITE_CALENDARS: Final = (
    SiteCalendarDescription(
        key="buy_tariff",
        topics=("buy_price", "tariff_period"),
        tariff_fn=lambda site: site.buying,
    ),
    SiteCalendarDescription(
        key="sell_tariff",
        topics=("sell_price", "tariff_period"),
        has_fn=lambda site: site.value("sell_price") is not None,
        tariff_fn=lambda site: site.selling,
    ),
)


@callback
def async_add_energy_calendars(
    entry: TeslaLoggerConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the calendars of every site that has a tariff."""
    async_add_sites(entry, async_add_entities, SITE_CALENDARS, SiteCalendar)


class SiteCalendar(EnergyEntity, CalendarEntity):
    """A tariff. It is changed as a whole: in Tesla's app, or by an action."""

    entity_description: SiteCalendarDescription

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """What applies now."""
        tariff = self._tariff
        slot = tariff and tariff.at(dt_util.now(self.coordinator.time_zone))
        return _event(slot, tariff) if tariff and slot else None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """What applies between two times."""
        tariff = self._tariff
        if tariff is None:
            return []
        start = start_date.astimezone(self.coordinator.time_zone)
        return [_event(slot, tariff) for slot in tariff.slots(start, end_date)]

    @property
    def _tariff(self) -> Tariff | None:
        return self.entity_description.tariff_fn(self.coordinator)


def _event(slot: Slot, tariff: Tariff) -> CalendarEvent:
    price = "" if slot.price is None else f": {slot.price:g} {tariff.currency}/kWh"
    return CalendarEvent(
        start=slot.start,
        end=slot.end,
        summary=f"{period_in_words(slot.period)}{price}",
        description=f"{tariff.name} ({slot.season})".strip(),
        uid=f"{slot.season}_{slot.period}_{slot.start.isoformat()}",
    )
