"""Tesla's energy sites: Powerwalls, solar roofs and wall connectors.

Objects are Tesla's own, in Tesla's names; only what holds them is checked.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from . import reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .models import SettingAnswer


class Period(StrEnum):
    """How much of the past a history is about, and with it how coarse it is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    LIFETIME = "lifetime"


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
        query = f"?kind=energy&period={period.value}"
        return reading.mapping(await self._ask("calendar_history", item=site_id, query=query))

    async def set(self, site_id: str, endpoint: str, body: Mapping[str, Any]) -> SettingAnswer:
        """Change a setting of the site."""
        return reading.setting_answer(await self._ask(endpoint, item=site_id, body=body))
