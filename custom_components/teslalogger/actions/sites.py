"""SITE_ACTIONS: what an energy site can be asked and told beside its entities."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from custom_components.teslalogger.energy.coordinator import TARIFF
from custom_components.teslalogger.tesla.energy import HistoryKind, Period

from .model import Data, Field, Question, choice, local, moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custom_components.teslalogger.energy.coordinator import SiteCoordinator
    from custom_components.teslalogger.tesla.energy import EnergyApi

_CHARGING: Final = "charging"
# Tesla wants both ends of what wall connectors tell; no site is older.
_FIRST_SITES: Final = datetime(2012, 1, 1, tzinfo=UTC)
_LENGTHS: Final[Mapping[str, timedelta]] = {
    Period.DAY: timedelta(days=1),
    Period.WEEK: timedelta(days=7),
    Period.MONTH: timedelta(days=31),
    Period.YEAR: timedelta(days=366),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteAction(Question["EnergyApi", "SiteCoordinator"]):
    """A question about an energy site, or something to tell it."""


async def _history(api: EnergyApi, site: SiteCoordinator, data: Data) -> dict[str, Any]:
    period, zone = data["period"], site.value("installation_time_zone")
    start, end = local(data.get("start")), local(data.get("end"))
    time_zone = zone if isinstance(zone, str) else None
    if data["kind"] != _CHARGING:
        return await api.history(
            site.site_id,
            HistoryKind(data["kind"]),
            Period(period),
            start=start,
            end=end,
            time_zone=time_zone,
        )
    end = end or dt_util.utcnow()
    start = start or (end - _LENGTHS[period] if period in _LENGTHS else _FIRST_SITES)
    return await api.charge_history(site.site_id, start, end, time_zone=time_zone)


async def _set_tariff(_: EnergyApi, site: SiteCoordinator, data: Data) -> dict[str, Any]:
    """The response is what undoes it."""
    tariff = data["tariff"]
    for wrapping in ("tou_settings", TARIFF):  # as Tesla documents it, and as Tesla tells it
        tariff = tariff.get(wrapping, tariff)
    return {"previous": await site.async_set_tariff(tariff)}


SITE_ACTIONS: Final = (
    SiteAction(
        name="get_energy_history",
        endpoint="calendar_history",
        fields=(
            choice("kind", [*HistoryKind, _CHARGING], words="history_kind", default="energy"),
            choice("period", list(Period), words="history_period", default="day"),
            moment("start"),
            moment("end"),
        ),
        ask=_history,
    ),
    SiteAction(
        name="set_tariff",
        endpoint="time_of_use_settings",
        fields=(
            Field(
                name="tariff",
                selector={"object": None},
                check=vol.Schema({cv.string: object}),
                required=True,
            ),
        ),
        ask=_set_tariff,
        changes=True,
    ),
)
