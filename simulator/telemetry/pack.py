"""The battery from inside: plausible voltages, currents and temperatures for a car's state."""

from dataclasses import dataclass
import math
from typing import TYPE_CHECKING, Final

from simulator.car import physics

if TYPE_CHECKING:
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

BRICKS: Final = 96
EMPTY_VOLTAGE: Final = 3.35
VOLTS_PER_PERCENT: Final = 0.0075
RESISTANCE: Final = 0.06
"""Of the whole pack, in ohm."""
AWAKE_POWER: Final = 0.25
"""What the computers take while the car is awake, in kW."""
SPREAD: Final = 0.004
"""Volts between the best and the worst brick."""
WARMED_UP: Final = 5.0
"""Degrees that a long drive adds."""
WARMING_SECONDS: Final = 1_200.0
REGENERATED: Final = 0.18
"""The part of what a drive takes that braking brings back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pack:
    """Volts, amperes (negative while the car takes something out), kW and °C."""

    voltage: float
    current: float
    power: float
    brick: float
    temperature: float


def pack_of(state: CarState, model: CarModel) -> Pack:
    """The pack as it is now."""
    charging = physics.charging_power(state, model) * physics.CHARGING_EFFICIENCY
    climate = physics.CLIMATE_POWER if state.climate.on else 0.0
    power = charging - state.motion.power - climate - AWAKE_POWER
    brick = EMPTY_VOLTAGE + VOLTS_PER_PERCENT * physics.soc(state, model)
    current = power * 1000.0 / (brick * BRICKS)
    trip = state.motion.trip
    driven = 0.0 if trip is None else WARMED_UP * (1.0 - math.exp(-trip.seconds / WARMING_SECONDS))
    warmth = driven + 12.0 * charging / model.dc_power
    return Pack(
        voltage=brick * BRICKS + current * RESISTANCE,
        current=current,
        power=power,
        brick=brick + current * RESISTANCE / BRICKS,
        temperature=state.climate.outside + 8.0 + warmth,
    )
