"""A site at one moment. Powers in W, energies in Wh, shares in percent."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from simulator.energy.tariff import STANDARD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

type Energies = defaultdict[str, float]

MODES: Final = ("autonomous", "self_consumption", "backup")
EXPORT_RULES: Final = ("pv_only", "battery_ok", "never")


def no_energies() -> Energies:
    """Counters at zero."""
    return defaultdict(float)


@dataclass(kw_only=True, slots=True)
class Settings:
    """What the owner has set."""

    mode: str = "self_consumption"
    reserve: int = 20
    off_grid_reserve: int = 50
    storm_watch: bool = True
    grid_charging: bool = False
    export_rule: str = "pv_only"
    tariff: Mapping[str, Any] = field(default_factory=lambda: STANDARD)


@dataclass(kw_only=True, slots=True)
class Flow:
    """Where power goes. Sources have given what is in here, and sinks have taken it."""

    solar_to_home: float = 0.0
    solar_to_battery: float = 0.0
    solar_to_grid: float = 0.0
    battery_to_home: float = 0.0
    battery_to_grid: float = 0.0
    grid_to_home: float = 0.0
    grid_to_battery: float = 0.0

    @property
    def solar(self) -> float:
        """What the roof gives."""
        return self.solar_to_home + self.solar_to_battery + self.solar_to_grid

    @property
    def battery(self) -> float:
        """What the Powerwalls give; below 0 they are charged."""
        return (
            self.battery_to_home
            + self.battery_to_grid
            - self.solar_to_battery
            - self.grid_to_battery
        )

    @property
    def grid(self) -> float:
        """What comes from the grid; below 0 it is fed."""
        return self.grid_to_home + self.grid_to_battery - self.solar_to_grid - self.battery_to_grid

    @property
    def home(self) -> float:
        """What the house takes, wall connector included."""
        return self.solar_to_home + self.battery_to_home + self.grid_to_home


@dataclass(kw_only=True, slots=True)
class Connector:
    """The wall connector; `vin` is of the car that is plugged in."""

    vin: str | None = None
    charging: bool = False
    fault: int = 0


@dataclass(kw_only=True, slots=True)
class Span:
    """An outage, or what a car charged at the wall connector. Times in seconds since 1970."""

    start: float
    seconds: float = 0.0
    energy: float = 0.0
    vin: str | None = None


@dataclass(kw_only=True, slots=True)
class SiteState:
    """Everything that changes.

    `reachable` is whether the gateway talks to Tesla; `given_up` sites are those that Tesla's
    servers still list and have no data of.
    """

    energy: float
    settings: Settings = field(default_factory=Settings)
    connector: Connector = field(default_factory=Connector)
    flow: Flow = field(default_factory=Flow)
    grid_up: bool = True
    storm: bool = False
    reachable: bool = True
    given_up: bool = False
    today: dict[int, Energies] = field(default_factory=dict)
    days: dict[date, Energies] = field(default_factory=dict)
    earlier: dict[int, Energies] = field(default_factory=dict)
    outages: list[Span] = field(default_factory=list)
    charges: list[Span] = field(default_factory=list)
