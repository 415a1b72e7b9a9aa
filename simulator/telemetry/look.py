"""A car seen by its own streaming program."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.car import data
from simulator.telemetry.pack import Pack, pack_of

if TYPE_CHECKING:
    from simulator.car.model import CarModel
    from simulator.car.state import CarState
    from simulator.vehicle import Vehicle


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A moment of a car; the dictionaries are parts of its vehicle_data."""

    state: CarState
    model: CarModel
    now: float
    keys: int
    pack: Pack = field(init=False)
    charge: dict[str, Any] = field(init=False)
    climate: dict[str, Any] = field(init=False)
    drive: dict[str, Any] = field(init=False)
    gui: dict[str, Any] = field(init=False)
    config: dict[str, Any] = field(init=False)
    vehicle: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pack", pack_of(self.state, self.model))
        parts = data.parts(
            self.state, self.model, now=self.now, asked=set(_PARTS.values()), location=True
        )
        for name, part in _PARTS.items():
            object.__setattr__(self, name, parts[part])


_PARTS = {
    "charge": "charge_state",
    "climate": "climate_state",
    "drive": "drive_state",
    "gui": "gui_settings",
    "config": "vehicle_config",
    "vehicle": "vehicle_state",
}


def look_at(car: Vehicle, now: float) -> Look:
    """The car as it is now."""
    return Look(
        state=car.state,
        model=car.model,
        now=now,
        keys=int(car.fleet_info()["total_number_of_keys"]),
    )
