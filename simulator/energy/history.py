"""What the histories tell: rows of five minutes, days, months or years, outages, and charges.

Source: https://developer.tesla.com/docs/fleet-api/endpoints/energy#calendar_history
"""

from datetime import datetime, timedelta
import math
from typing import TYPE_CHECKING, Any, Final

from simulator.energy.data import CONNECTOR
from simulator.energy.state import Energies, SiteState, no_energies

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo

    from simulator.energy.state import Span

type Between = tuple[float, float]
"""Seconds since 1970; the end is not in it."""
type Rows = dict[datetime, Energies]

ALWAYS: Final[Between] = (-math.inf, math.inf)
COUNTED: Final = (
    "solar_energy_exported",
    "generator_energy_exported",
    "grid_energy_imported",
    "grid_services_energy_imported",
    "grid_services_energy_exported",
    "grid_energy_exported_from_solar",
    "grid_energy_exported_from_generator",
    "grid_energy_exported_from_battery",
    "battery_energy_exported",
    "battery_energy_imported_from_grid",
    "battery_energy_imported_from_solar",
    "battery_energy_imported_from_generator",
    "consumer_energy_imported_from_grid",
    "consumer_energy_imported_from_solar",
    "consumer_energy_imported_from_battery",
    "consumer_energy_imported_from_generator",
)


def energy_history(
    state: SiteState, period: str, now: datetime, span: Between = ALWAYS
) -> dict[str, Any]:
    """The rows up to now, in the site's own time."""
    return {
        "period": period,
        "installation_time_zone": str(now.tzinfo),
        "time_series": [
            {"timestamp": moment.isoformat(), **{name: energies[name] for name in COUNTED}}
            for moment, energies in sorted(PERIODS[period](state, now).items())
            if _is_in(moment.timestamp(), span)
        ],
    }


def backup_history(state: SiteState, now: datetime, span: Between) -> dict[str, Any]:
    """The outages, the newest first."""
    outages = _in(state.outages, span)[::-1]
    return {
        "events": [
            {
                "timestamp": datetime.fromtimestamp(outage.start, now.tzinfo).isoformat(),
                "duration": round(outage.seconds),
            }
            for outage in outages
        ],
        "total_events": len(outages),
    }


def charge_history(state: SiteState, span: Between) -> dict[str, Any]:
    """What cars charged at the wall connector."""
    return {
        "charge_history": [
            {
                "charge_start_time": {"seconds": round(charge.start)},
                "charge_duration": {"seconds": round(charge.seconds)},
                "energy_added_wh": round(charge.energy),
                "din": CONNECTOR,
                "vin": charge.vin,
            }
            for charge in _in(state.charges, span)
        ]
    }


def _in(spans: list[Span], between: Between) -> list[Span]:
    return [span for span in spans if _is_in(span.start, between)]


def _is_in(moment: float, between: Between) -> bool:
    return between[0] <= moment < between[1]


def _of_today(state: SiteState, now: datetime) -> Rows:
    return {
        datetime.fromtimestamp(start, now.tzinfo): energies
        for start, energies in state.today.items()
    }


def _days_back(days: int) -> Callable[[SiteState, datetime], Rows]:
    def rows(state: SiteState, now: datetime) -> Rows:
        first = now.date() - timedelta(days=days - 1)
        return {
            _midnight(datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)): energies
            for day, energies in state.days.items()
            if day >= first
        }

    return rows


def _months(state: SiteState, now: datetime) -> Rows:
    rows: Rows = {}
    for day, energies in state.days.items():
        if day.year == now.year:
            _add(rows, datetime(day.year, day.month, 1, tzinfo=now.tzinfo), energies)
    return rows


def _years(state: SiteState, now: datetime) -> Rows:
    rows: Rows = {}
    for year, energies in state.earlier.items():
        _add(rows, _new_year(year, now.tzinfo), energies)
    for day, energies in state.days.items():
        _add(rows, _new_year(day.year, now.tzinfo), energies)
    return rows


def _add(rows: Rows, moment: datetime, energies: Mapping[str, float]) -> None:
    row = rows.setdefault(moment, no_energies())
    for name, energy in energies.items():
        row[name] += energy


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _new_year(year: int, zone: tzinfo | None) -> datetime:
    return datetime(year, 1, 1, tzinfo=zone)


PERIODS: Final[Mapping[str, Callable[[SiteState, datetime], Rows]]] = {
    "day": _of_today,
    "week": _days_back(7),
    "month": _days_back(31),
    "year": _months,
    "lifetime": _years,
}
