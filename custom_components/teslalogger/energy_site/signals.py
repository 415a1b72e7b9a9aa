"""Everything that is read of an energy site: where Tesla tells it, and what it must look like.

Powers are in W, energies in Wh, shares in percent. `grid_power` above 0 is import, `battery_power`
above 0 is discharge, as Home Assistant's energy dashboard has it.

Source: https://developer.tesla.com/docs/fleet-api/endpoints/energy
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

type Value = str | int | float | bool | None


class Part(StrEnum):
    """Which answer of Tesla's a signal is in; HERE: concluded from others."""

    LIVE = "live_status"
    INFO = "site_info"
    DAY = "day"
    LIFETIME = "lifetime"
    CONNECTOR = "wall_connector"
    HERE = "here"


class Kind(StrEnum):
    """What a value must be; anything else counts as not told."""

    NUMBER = "number"
    FLAG = "flag"
    TEXT = "text"
    WORD = "word"  # one of the signal's words


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """One value of a site, or of a wall connector of it.

    Args:
        key: its name here.
        part: the answer that has it.
        path: the names that lead to it within the answer.
        kind: what it must be.
        words: Tesla's words, or numbers, and ours; for WORD, and for a FLAG told in words.
        negated: whether Tesla tells the opposite.
        absent: the value where Tesla leaves it out of a part that is there.
    """

    key: str
    part: Part
    path: tuple[str, ...] = ()
    kind: Kind = Kind.NUMBER
    words: Mapping[str | int, str | bool] = field(default_factory=dict, hash=False)
    negated: bool = False
    absent: Value = None

    @property
    def options(self) -> tuple[str, ...]:
        """Our words, each once."""
        return tuple(dict.fromkeys(str(word) for word in self.words.values()))


def _live(key: str, kind: Kind = Kind.NUMBER) -> Signal:
    return Signal(key=key, part=Part.LIVE, path=(key,), kind=kind)


def _info(key: str, *path: str, kind: Kind = Kind.NUMBER) -> Signal:
    return Signal(key=key, part=Part.INFO, path=path or (key,), kind=kind)


def _component(key: str, kind: Kind = Kind.FLAG) -> Signal:
    return _info(key, "components", key, kind=kind)


def _same(*words: str) -> dict[str | int, str | bool]:
    return {word: word for word in words}


HISTORY: Final = (
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
"""What Tesla counts, in Wh for every few minutes of a day or every year of a life."""

TOTALS: Final[Mapping[str, tuple[str, ...]]] = {
    "total_home_usage": (
        "consumer_energy_imported_from_grid",
        "consumer_energy_imported_from_solar",
        "consumer_energy_imported_from_battery",
        "consumer_energy_imported_from_generator",
    ),
    "total_battery_charge": (
        "battery_energy_imported_from_grid",
        "battery_energy_imported_from_solar",
        "battery_energy_imported_from_generator",
    ),
    "total_battery_discharge": ("battery_energy_exported",),
    "total_solar_generation": ("solar_energy_exported",),
    "total_grid_energy_exported": (
        "grid_energy_exported_from_solar",
        "grid_energy_exported_from_battery",
        "grid_energy_exported_from_generator",
    ),
}
"""What newer answers also tell as sums, and what they are the sums of."""

DAY_ENERGIES: Final = (*HISTORY, *TOTALS)

LIFETIME: Final = (
    "grid_energy_imported",
    "generator_energy_exported",
    *TOTALS,
)
"""What the energy dashboard counts for good."""

LIFETIME_PREFIX: Final = "lifetime_"

DAY_START: Final = "day_start"
"""The midnight since which a day's energies count, in ISO 8601."""

_CONNECTOR_STATES: Final[Mapping[str | int, str | bool]] = {
    0: "booting",
    1: "charging",
    2: "disconnected",
    4: "connected",
    5: "scheduled",
    6: "negotiating",
    7: "error",
    8: "charging_finished",
    9: "waiting_car",
    10: "charging_reduced",
}

_ROWS: Final = (
    # Power
    _live("solar_power"),
    _live("battery_power"),
    _live("grid_power"),
    _live("load_power"),
    _live("grid_services_power"),
    _live("generator_power"),
    # Battery
    _live("percentage_charged"),
    _live("energy_left"),
    _live("total_pack_energy"),
    # Grid
    Signal(
        key="island_status",
        part=Part.LIVE,
        path=("island_status",),
        kind=Kind.WORD,
        words=_same("on_grid", "off_grid", "off_grid_intentional", "off_grid_unintentional"),
    ),
    Signal(
        key="grid_status",
        part=Part.LIVE,
        path=("grid_status",),
        kind=Kind.FLAG,
        words={"Active": True, "Inactive": False},
    ),
    _live("backup_capable", Kind.FLAG),
    _live("grid_services_active", Kind.FLAG),
    _live("storm_mode_active", Kind.FLAG),
    # Settings
    _info("backup_reserve_percent"),
    _info("off_grid_vehicle_charging_reserve_percent"),
    _info("vpp_backup_reserve_percent"),
    Signal(
        key="operation_mode",
        part=Part.INFO,
        path=("default_real_mode",),
        kind=Kind.WORD,
        words=_same("autonomous", "self_consumption", "backup"),
    ),
    Signal(
        key="export_rule",
        part=Part.INFO,
        path=("components", "customer_preferred_export_rule"),
        kind=Kind.WORD,
        words=_same("pv_only", "battery_ok", "never"),
    ),
    Signal(
        key="grid_charging",
        part=Part.INFO,
        path=("components", "disallow_charge_from_grid_with_solar_installed"),
        kind=Kind.FLAG,
        negated=True,
        absent=True,
    ),
    _info("storm_watch", "user_settings", "storm_mode_enabled", kind=Kind.FLAG),
    # What the site consists of
    _component("solar"),
    _component("battery"),
    _component("storm_mode_capable"),
    _component("off_grid_vehicle_charging_reserve_supported"),
    _component("grid_services_enabled"),
    _component("non_export_configured"),
    _component("gateway", Kind.TEXT),
    _component("battery_type", Kind.TEXT),
    _info("version", kind=Kind.TEXT),
    _info("battery_count"),
    _info("nameplate_power"),
    _info("nameplate_energy"),
    _info("installation_time_zone", kind=Kind.TEXT),
    # Energy
    *(Signal(key=key, part=Part.DAY) for key in DAY_ENERGIES),
    Signal(key=DAY_START, part=Part.DAY, kind=Kind.TEXT),
    *(Signal(key=LIFETIME_PREFIX + key, part=Part.LIFETIME) for key in LIFETIME),
    # Whether Tesla can reach it
    Signal(key="reachable", part=Part.HERE, kind=Kind.FLAG),
    # Tariff, by the clock
    Signal(key="buy_price", part=Part.HERE),
    Signal(key="sell_price", part=Part.HERE),
    Signal(key="tariff_period", part=Part.HERE, kind=Kind.TEXT),
    Signal(key="tariff_name", part=Part.HERE, kind=Kind.TEXT),
    Signal(key="tariff_currency", part=Part.HERE, kind=Kind.TEXT),
    # Wall connectors
    Signal(
        key="wall_connector_state",
        part=Part.CONNECTOR,
        path=("wall_connector_state",),
        kind=Kind.WORD,
        words=_CONNECTOR_STATES,
    ),
    Signal(
        key="wall_connector_fault_state",
        part=Part.CONNECTOR,
        path=("wall_connector_fault_state",),
    ),
    Signal(key="wall_connector_power", part=Part.CONNECTOR, path=("wall_connector_power",)),
    Signal(key="wall_connector_vin", part=Part.CONNECTOR, path=("vin",), kind=Kind.TEXT),
)

SITE_SIGNALS: Final[Mapping[str, Signal]] = {row.key: row for row in _ROWS}


def of_part(part: Part) -> tuple[Signal, ...]:
    """The signals of one answer."""
    return tuple(signal for signal in _ROWS if signal.part is part)


def connector_key(din: str, signal: str) -> str:
    """Under which key the state holds a signal of a wall connector."""
    return f"{signal}@{din}"
