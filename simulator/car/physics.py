"""How a car changes by itself. Simple, deterministic, and hardly different for other steps."""

from itertools import accumulate, pairwise
import math
from typing import TYPE_CHECKING, Final

from simulator.car.state import Trip

if TYPE_CHECKING:
    from simulator.car.model import CarModel
    from simulator.car.road import Moment, Road
    from simulator.car.state import CarState

STEP: Final = 30.0
"""Seconds that are taken as one; longer stretches are cut up."""

BEND: Final = 1.0
"""The same where the road bends."""

HOUR: Final = 3600.0
VOLTAGE: Final = 230.0
PHASES: Final = 3
CHARGING_EFFICIENCY: Final = 0.92
CLIMATE_POWER: Final = 2.0
SLOWEST_DC: Final = 12.0
TOWN_SPEED: Final = 50.0
COUNTRY_SPEED: Final = 100.0
TOWN_KM: Final = 1.0
MASS: Final = 2.0
"""Of a car with somebody in it, in tonnes."""
GRAVITY: Final = 9.81
KM_PER_DEGREE: Final = 111.2
DRIFTING_SECONDS: Final = 3 * HOUR
"""How long a cabin takes to come near the temperature outside (time constant)."""
CONDITIONING_SECONDS: Final = 300.0


def advance(state: CarState, model: CarModel, seconds: float) -> None:
    """Let `seconds` pass."""
    state.tires_silent = 0.0 if state.motion.trip else state.tires_silent + seconds
    _drive(state, model, seconds)
    _charge(state, model, seconds)
    _heat(state, seconds)
    _count_down(state, seconds)


def depart(state: CarState, length: float, road: Road | None = None) -> None:
    """Drive off for `length` km, on a `road` if there is one: doors closed, cable out."""
    state.charge.cable = None
    state.charge.port_open = False
    state.open_doors.clear()
    state.open_trunks.clear()
    state.locked = True
    state.sentry_mode = False
    state.user_present = True
    state.remote_start = 0.0
    state.motion.trip = Trip(length=length, road=road)


def soc(state: CarState, model: CarModel) -> float:
    """State of charge in percent."""
    return 100.0 * state.charge.energy / model.pack


def charging_state(state: CarState, model: CarModel) -> str:
    """As `charge_state.charging_state` names it."""
    charge = state.charge
    if charge.cable is None:
        return "Disconnected"
    if charge.energy >= _full(state, model):
        return "Complete"
    return "Charging" if charge.wanted and charge.managed_in is None else "Stopped"


def charging_power(state: CarState, model: CarModel) -> float:
    """What the charger gives now, in kW."""
    if charging_state(state, model) != "Charging":
        return 0.0
    if state.charge.cable == "ac":
        return PHASES * VOLTAGE * state.charge.amps / 1000.0
    return max(SLOWEST_DC, model.dc_power * (1.0 - soc(state, model) / 100.0))


def _full(state: CarState, model: CarModel) -> float:
    """What the battery holds at the limit, in kWh."""
    return model.pack * state.charge.limit / 100.0


def _phases(length: float) -> tuple[tuple[float, float], ...]:
    """Speed and seconds of each part of a trip: town, country, town."""
    town = min(TOWN_KM, length / 2.0)
    return (
        (TOWN_SPEED, town / TOWN_SPEED * HOUR),
        (COUNTRY_SPEED, (length - 2.0 * town) / COUNTRY_SPEED * HOUR),
        (TOWN_SPEED, town / TOWN_SPEED * HOUR),
    )


def _covered(trip: Trip) -> tuple[float, float]:
    """How far the car has come in km, and how fast it is."""
    if trip.road is not None:
        return trip.road.covered(trip.seconds), trip.moment.speed
    phases = _phases(trip.length)
    bounds = pairwise(accumulate((duration for _, duration in phases), initial=0.0))
    way = current = 0.0
    for (speed, _), (start, end) in zip(phases, bounds, strict=True):
        way += speed * max(0.0, min(trip.seconds, end) - start) / HOUR
        if start <= trip.seconds < end:
            current = speed
    return way, current


def _has_arrived(trip: Trip, speed: float) -> bool:
    """On a road there are lights to stop at; else the end is the only place to stand."""
    return speed == 0.0 if trip.road is None else trip.seconds >= trip.road.duration


def _power(moment: Moment, speed: float, model: CarModel) -> float:
    """What the motors take in kW, or give back: to roll, to get faster and to climb."""
    force = MASS * (moment.acceleration + GRAVITY * moment.slope / 100.0)
    return speed * model.consumption + force * speed / 3.6


def _drive(state: CarState, model: CarModel, seconds: float) -> None:
    trip = state.motion.trip
    if trip is None:
        return
    # A road has another direction every second; else any step is as good.
    step = seconds if trip.road is None else BEND
    while seconds > 0.0 and state.motion.trip is not None:
        _roll(state, model, trip, min(step, seconds))
        seconds -= step


def _roll(state: CarState, model: CarModel, trip: Trip, seconds: float) -> None:
    motion = state.motion
    heading = float(motion.heading) if trip.road is None else trip.moment.heading
    before, _ = _covered(trip)
    trip.seconds += seconds
    after, motion.speed = _covered(trip)
    reach = state.charge.energy / model.consumption
    way = min(after - before, reach)
    motion.odometer += way
    motion.power = _power(trip.moment, motion.speed, model)
    motion.heading = round(heading) % 360
    state.charge.energy = max(0.0, state.charge.energy - way * model.consumption)
    direction = math.radians(heading)
    motion.latitude += way * math.cos(direction) / KM_PER_DEGREE
    motion.longitude += (
        way * math.sin(direction) / (KM_PER_DEGREE * math.cos(math.radians(motion.latitude)))
    )
    if _has_arrived(trip, motion.speed) or way == reach:
        motion.stop()
        state.user_present = False


def _charge(state: CarState, model: CarModel, seconds: float) -> None:
    charge, full = state.charge, _full(state, model)
    before = charge.energy
    gained = charging_power(state, model) * CHARGING_EFFICIENCY * seconds / HOUR
    if charge.cable == "dc":
        # The power falls while the battery fills, to where it does not fall any more.
        rate = model.dc_power * CHARGING_EFFICIENCY / (model.pack * HOUR)
        tapering = (model.pack - before) * (1.0 - math.exp(-rate * seconds))
        slowest = SLOWEST_DC * CHARGING_EFFICIENCY * seconds / HOUR
        gained = min(gained, max(tapering, slowest))
    charge.energy = max(before, min(before + gained, full))
    charge.added += charge.energy - before


def _heat(state: CarState, seconds: float) -> None:
    climate = state.climate
    target, constant = climate.outside, DRIFTING_SECONDS
    if climate.on:
        target, constant = climate.driver, CONDITIONING_SECONDS
        if state.charge.cable is None:
            used = CLIMATE_POWER * seconds / HOUR
            state.charge.energy = max(0.0, state.charge.energy - used)
    climate.inside += (target - climate.inside) * (1.0 - math.exp(-seconds / constant))


def _count_down(state: CarState, seconds: float) -> None:
    state.remote_start = max(0.0, state.remote_start - seconds)
    managed = state.charge.managed_in
    if managed is not None:
        state.charge.managed_in = managed - seconds if managed > seconds else None
    if state.update_in is not None:
        state.update_in -= seconds
        if state.update_in <= 0.0:
            state.update_in = None
            if state.update.status == "available":
                state.update.status = "installing"
