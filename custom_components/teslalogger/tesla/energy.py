"""Tesla's energy sites: Powerwalls, solar roofs and wall connectors.

Objects are Tesla's own, in Tesla's names; only what holds them is checked.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from . import reading
from .query import query

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .models import SettingAnswer


class Period(StrEnum):
    """How much of the past a history is about, and with it how coarse it is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    LIFETIME = "lifetime"


class HistoryKind(StrEnum):
    """What a site's calendar tells of: what was counted, or when the grid was away."""

    ENERGY = "energy"
    BACKUP = "backup"


class Ask(Protocol):
    """Asks Tesla once; raises a TeslaError."""

    async def __call__(
        self, name: str, *, item: str = "", query: str = "", body: Mapping[str, Any] | None = None
    ) -> Any:
        """The `response` of the endpoint of this name."""
        ...


class EnergyApi:
    """The questions to and orders for a site; every method raises a TeslaError."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def live_status(self, site_id: str) -> dict[str, Any]:
        """Power, charge and grid of now; Tesla refreshes it once a minute."""
        return reading.mapping(await self._ask("live_status", item=site_id))

    async def site_info(self, site_id: str) -> dict[str, Any]:
        """Settings, components and tariff."""
        return reading.mapping(await self._ask("site_info", item=site_id))

    async def energy_history(self, site_id: str, period: Period) -> dict[str, Any]:
        """Energies in Wh under `time_series`, up to now."""
        return await self.history(site_id, HistoryKind.ENERGY, period)

    async def history(
        self,
        site_id: str,
        kind: HistoryKind,
        period: Period,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        time_zone: str | None = None,
    ) -> dict[str, Any]:
        """Energies in Wh under `time_series`, or outages in seconds under `events`."""
        asked = query(kind=kind, period=period, **_span(start, end), time_zone=time_zone)
        return reading.mapping(await self._ask("calendar_history", item=site_id, query=asked))

    async def charge_history(
        self, site_id: str, start: datetime, end: datetime, *, time_zone: str | None = None
    ) -> dict[str, Any]:
        """What cars charged at the site's wall connectors, in Wh under `charge_history`."""
        asked = query(kind="charge", **_span(start, end), time_zone=time_zone)
        return reading.mapping(await self._ask("charge_history", item=site_id, query=asked))

    async def set(self, site_id: str, endpoint: str, body: Mapping[str, Any]) -> SettingAnswer:
        """Change a setting of the site."""
        return reading.setting_answer(await self._ask(endpoint, item=site_id, body=body))


def _span(start: datetime | None, end: datetime | None) -> dict[str, str | None]:
    return {
        "start_date": start.isoformat() if start else None,
        "end_date": end.isoformat() if end else None,
    }
