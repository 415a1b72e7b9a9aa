"""Energy sites as the integration's running side sees them: an EnergyApi without a network."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from custom_components.teslalogger.tesla import (
    EnergyProduct,
    HistoryKind,
    NotFound,
    Period,
    SettingAnswer,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

SITE_ID: Final = "1234567890123"
DIN: Final = "1529455-02-D--PGT21234012345"
OTHER_DIN: Final = "1529455-02-D--PGT21234099999"

_HOURS: Final = {
    "ON_PEAK": {"periods": [{"toDayOfWeek": 6, "fromHour": 17, "toHour": 21}]},
    "OFF_PEAK": {"periods": [{"toDayOfWeek": 6, "fromHour": 21, "toHour": 17}]},
}
TARIFF: Final[dict[str, Any]] = {
    "name": "Flex",
    "currency": "EUR",
    "energy_charges": {"ALL": {"rates": {"ON_PEAK": 0.42, "OFF_PEAK": 0.28}}},
    "seasons": {"Year": {"tou_periods": _HOURS}},
    "sell_tariff": {
        "energy_charges": {"ALL": {"rates": {"ALL": 0.08}}},
        "seasons": {"Year": {"tou_periods": _HOURS}},
    },
}


def _live() -> dict[str, Any]:
    return {
        "solar_power": 3200,
        "energy_left": 18000.5,
        "total_pack_energy": 27000,
        "percentage_charged": 66.67,
        "backup_capable": True,
        "battery_power": -1500,
        "load_power": 900,
        "grid_status": "Active",
        "grid_services_active": False,
        "grid_power": -800,
        "grid_services_power": 0,
        "generator_power": 0,
        "island_status": "on_grid",
        "storm_mode_active": False,
        "wall_connectors": [
            {
                "din": DIN,
                "wall_connector_state": 2,
                "wall_connector_fault_state": 2,
                "wall_connector_power": 0,
            }
        ],
    }


def _info() -> dict[str, Any]:
    return {
        "backup_reserve_percent": 20,
        "off_grid_vehicle_charging_reserve_percent": 50,
        "vpp_backup_reserve_percent": 0,
        "default_real_mode": "self_consumption",
        "user_settings": {"storm_mode_enabled": True},
        "components": {
            "solar": True,
            "battery": True,
            "storm_mode_capable": True,
            "off_grid_vehicle_charging_reserve_supported": True,
            "grid_services_enabled": False,
            "customer_preferred_export_rule": "pv_only",
            "disallow_charge_from_grid_with_solar_installed": True,
            "wall_connectors": [
                {
                    "din": DIN,
                    "part_name": "Gen 3 Wall Connector",
                    "serial_number": "PGT21234012345",
                }
            ],
        },
        "version": "26.34.1 c1d2e3f4",
        "battery_count": 2,
        "nameplate_power": 10000,
        "nameplate_energy": 27000,
        "installation_time_zone": "Europe/Berlin",
        "tariff_content_v2": TARIFF,
    }


def _day() -> dict[str, Any]:
    energies = {
        "solar_energy_exported": 9000,
        "generator_energy_exported": 0,
        "grid_energy_imported": 1200,
        "grid_services_energy_imported": 0,
        "grid_services_energy_exported": 0,
        "grid_energy_exported_from_solar": 2500,
        "grid_energy_exported_from_generator": 0,
        "grid_energy_exported_from_battery": 0,
        "battery_energy_exported": 3000,
        "battery_energy_imported_from_grid": 0,
        "battery_energy_imported_from_solar": 4000,
        "battery_energy_imported_from_generator": 0,
        "consumer_energy_imported_from_grid": 1200,
        "consumer_energy_imported_from_solar": 2500,
        "consumer_energy_imported_from_battery": 3000,
        "consumer_energy_imported_from_generator": 0,
    }
    return {"time_series": [{"timestamp": "2026-11-01T12:55:00+01:00", **energies}]}


def _lifetime() -> dict[str, Any]:
    (row,) = _day()["time_series"]
    old = {"timestamp": "2025-01-01T00:00:00+01:00", "grid_energy_imported": 2_000_000}
    return {"time_series": [old, {**row, "timestamp": "2026-01-01T00:00:00+01:00"}]}


def _components() -> dict[str, Any]:
    return {"battery": True, "solar": True, "wall_connectors": [{"din": DIN}]}


@dataclass(kw_only=True, slots=True)
class FakeSite:
    """A site as Tesla's cloud shows it; what it is told to set is kept in `settings`."""

    name: str = "Lighthouse"
    components: dict[str, Any] = field(default_factory=_components)
    live: dict[str, Any] = field(default_factory=_live)
    info: dict[str, Any] = field(default_factory=_info)
    day: dict[str, Any] = field(default_factory=_day)
    lifetime: dict[str, Any] = field(default_factory=_lifetime)
    answer: SettingAnswer = field(default_factory=lambda: SettingAnswer(done=True, reason=""))
    settings: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    questions: list[tuple[object, ...]] = field(default_factory=list)

    @property
    def product(self) -> EnergyProduct:
        """Its line in the product list."""
        raw = {"energy_site_id": int(SITE_ID), "components": self.components}
        return EnergyProduct(site_id=SITE_ID, name=self.name, raw=raw)


class FakeEnergy:
    """Stands for EnergyApi; `ask` counts the request, and fails where it should."""

    def __init__(self, sites: dict[str, FakeSite], ask: Callable[[str], None]) -> None:
        self._sites = sites
        self._ask = ask

    def _site(self, endpoint: str, site_id: str) -> FakeSite:
        self._ask(endpoint)
        if site_id not in self._sites:
            raise NotFound(status=404)
        return self._sites[site_id]

    async def live_status(self, site_id: str) -> dict[str, Any]:
        """What flows."""
        return self._site("live_status", site_id).live

    async def site_info(self, site_id: str) -> dict[str, Any]:
        """Settings and components."""
        return self._site("site_info", site_id).info

    async def energy_history(self, site_id: str, period: Period) -> dict[str, Any]:
        """What was counted."""
        site = self._site("calendar_history", site_id)
        return site.day if period is Period.DAY else site.lifetime

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
        """What was counted, or that nothing failed."""
        site = self._site("calendar_history", site_id)
        site.questions.append((kind, period, start, end, time_zone))
        return {"events": []} if kind is HistoryKind.BACKUP else site.day

    async def charge_history(
        self, site_id: str, start: datetime, end: datetime, *, time_zone: str | None = None
    ) -> dict[str, Any]:
        """That nobody charged."""
        site = self._site("charge_history", site_id)
        site.questions.append((start, end, time_zone))
        return {"charge_history": []}

    async def set(self, site_id: str, endpoint: str, body: Mapping[str, Any]) -> SettingAnswer:
        """Take note of it; the settings told stay the old ones."""
        site = self._site(endpoint, site_id)
        site.settings.append((endpoint, body))
        return site.answer
