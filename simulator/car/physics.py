"""How a car changes by itself. Simple, deterministic, and the same for any length of steps."""

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

STEP: Final = 30.0
"""Seconds that are taken as one; longer stretches are cut up."""

HOUR: Final = 3600.0
VOLTAGE: Final = 230.0
PHASES: Final = 3
CHARGING_EFFICIENCY: Final = 0.92
CLIMATE_POWER: Final = 2.0
SLOWEST_DC: Final = 12.0
TOWN_SPEED: Final = 50.0
COUNTRY_SPEED: Final = 100.0
TOWN_KM: Final = 1.0
KM_PER_DEGREE: Final = 111.2
DRIFTING_SECONDS: Final = 3 * HOUR
"""How long a cabin takes to come near the temperature outside (time constant)."""
CONDITIONING_SECONDS: Final = 300.0


def advance(state: CarState, model: CarModel, seconds: float) -> None:
    """Let `seconds` pass."""
    _drive(state, model, seconds)
    _charge(state, model, seconds)
    _heat(state, seconds)


def soc(state: CarState, model: CarModel) -> float:
    """State of charge in percent."""
    return 100.0 * state.charge.energy / model.pack


def charging_state(state: CarState, model: CarModel) -> str:
    """As `charge_state.charging_state` names it."""
    charge = state.charge
    if charge.cable is None:
        return "Disconnected"
    if soc(state, model) >= charge.limit:
        return "Complete"
    return "Charging" if charge.wanted else "Stopped"


def charging_power(state: CarState, model: CarModel) -> float:
    """What the charger gives now, in kW."""
    if charging_state(state, model) != "Charging":
        return 0.0
    if state.charge.cable == "ac":
        return PHASES * VOLTAGE * state.charge.amps / 1000.0
    return max(SLOWEST_DC, model.dc_power * (1.0 - soc(state, model) / 100.0))


def _drive(state: CarState, model: CarModel, seconds: float) -> None:
    motion, trip = state.motion, state.motion.trip
    if trip is None:
        motion.speed = motion.power = 0.0
        return
    left = trip.length - trip.done
    near_an_end = trip.done < TOWN_KM or left < TOWN_KM
    motion.speed = TOWN_SPEED if near_an_end else COUNTRY_SPEED
    reach = state.charge.energy / model.consumption
    way = min(motion.speed * seconds / HOUR, left, reach)
    trip.done += way
    motion.odometer += way
    state.charge.energy = max(0.0, state.charge.energy - way * model.consumption)
    motion.power = motion.speed * model.consumption
    direction = math.radians(motion.heading)
    motion.latitude += way * math.cos(direction) / KM_PER_DEGREE
    motion.longitude += (
        way * math.sin(direction) / (KM_PER_DEGREE * math.cos(math.radians(motion.latitude)))
    )
    if way < seconds * motion.speed / HOUR:
        motion.trip = None
        motion.speed = motion.power = 0.0
        state.user_present = False


def _charge(state: CarState, model: CarModel, seconds: float) -> None:
    charge = state.charge
    charge.power = charging_power(state, model)
    room = max(0.0, model.pack * charge.limit / 100.0 - charge.energy)
    gained = min(charge.power * CHARGING_EFFICIENCY * seconds / HOUR, room)
    charge.energy += gained
    charge.added += gained
    if room == gained:
        charge.power = 0.0


def _heat(state: CarState, seconds: float) -> None:
    climate = state.climate
    target, constant = climate.outside, DRIFTING_SECONDS
    if climate.on:
        target, constant = climate.driver, CONDITIONING_SECONDS
        used = CLIMATE_POWER * seconds / HOUR
        if state.charge.cable is None:
            state.charge.energy = max(0.0, state.charge.energy - used)
    climate.inside += (target - climate.inside) * (1.0 - math.exp(-seconds / constant))
