"""How a site changes by itself: the sun shines, the house uses power, the battery balances."""

import math
from typing import TYPE_CHECKING, Final

from simulator.energy.state import Flow, SiteState

if TYPE_CHECKING:
    from datetime import datetime

STEP: Final = 300.0
"""Seconds that are taken as one, and after which Tesla begins a new row of a day's history."""

HOUR: Final = 3600.0
PEAK_SUN: Final = 4_500.0
SUNRISE: Final = 7.0
SUNSET: Final = 19.0
BASE_LOAD: Final = 900.0
EVENING_LOAD: Final = 2_200.0
EVENING: Final = (17.0, 22.0)
NIGHT: Final = (1.0, 5.0)
CONNECTOR_POWER: Final = 7_400.0
PACK: Final = 27_000.0
BATTERY_POWER: Final = 10_000.0
GRID_CHARGING_POWER: Final = 3_300.0


def advance(state: SiteState, now: datetime, seconds: float) -> dict[str, float]:
    """Let `seconds` pass from `now`, the local time; the energies that flowed, in Tesla's names."""
    state.flow = flow = flow_at(state, now, seconds)
    hours = seconds / HOUR
    state.energy = min(PACK, max(0.0, state.energy - flow.battery * hours))
    return {name: power * hours for name, power in _counted(flow).items() if power > 0.0}


def charge(state: SiteState) -> float:
    """State of charge in percent."""
    return 100.0 * state.energy / PACK


def storm_mode_active(state: SiteState) -> bool:
    """Whether the battery is being filled for a storm."""
    return state.storm and state.settings.storm_watch


def connector_power(state: SiteState) -> float:
    """What the car takes; away from the grid it waits when the battery is at its reserve."""
    connector = state.connector
    if connector.vin is None or not connector.charging or connector.fault:
        return 0.0
    if not state.grid_up and charge(state) <= state.settings.off_grid_reserve:
        return 0.0
    return CONNECTOR_POWER


def flow_at(state: SiteState, now: datetime, seconds: float) -> Flow:
    """Who gives power to whom for the next `seconds`."""
    hour = now.hour + now.minute / 60.0 + now.second / HOUR
    settings, per_hour = state.settings, HOUR / seconds
    flow = Flow()
    sun, load = _sun(hour), _load(hour) + connector_power(state)
    flow.solar_to_home = min(sun, load)
    surplus, lack = sun - flow.solar_to_home, load - flow.solar_to_home

    room = (PACK - state.energy) * per_hour
    flow.solar_to_battery = min(surplus, BATTERY_POWER, room)
    surplus -= flow.solar_to_battery

    kept = PACK * settings.reserve / 100.0 if state.grid_up else 0.0
    stored = max(0.0, state.energy - kept) * per_hour
    if _may_discharge(state, hour):
        flow.battery_to_home = min(lack, BATTERY_POWER, stored)
        lack -= flow.battery_to_home
        stored -= flow.battery_to_home
    if not state.grid_up:
        return flow  # the sun is throttled, and what nobody gives is not used

    flow.grid_to_home = lack
    if settings.export_rule != "never":
        flow.solar_to_grid = surplus
    if (
        settings.export_rule == "battery_ok"
        and settings.mode == "autonomous"
        and _in(EVENING, hour)
    ):
        flow.battery_to_grid = min(BATTERY_POWER - flow.battery_to_home, stored)
    if _charges_from_grid(state, hour):
        flow.grid_to_battery = min(GRID_CHARGING_POWER, room - flow.solar_to_battery)
    return flow


def _sun(hour: float) -> float:
    if not SUNRISE < hour < SUNSET:
        return 0.0
    return PEAK_SUN * math.sin(math.pi * (hour - SUNRISE) / (SUNSET - SUNRISE))


def _load(hour: float) -> float:
    return BASE_LOAD + (EVENING_LOAD if _in(EVENING, hour) else 0.0)


def _in(hours: tuple[float, float], hour: float) -> bool:
    return hours[0] <= hour < hours[1]


def _may_discharge(state: SiteState, hour: float) -> bool:
    if not state.grid_up:
        return True
    if storm_mode_active(state):
        return False
    mode = state.settings.mode
    return mode == "self_consumption" or (mode == "autonomous" and _in(EVENING, hour))


def _charges_from_grid(state: SiteState, hour: float) -> bool:
    if storm_mode_active(state):
        return True
    settings = state.settings
    if not settings.grid_charging:
        return False
    wanted = settings.mode == "backup" or (settings.mode == "autonomous" and _in(NIGHT, hour))
    return wanted or charge(state) < settings.reserve


def _counted(flow: Flow) -> dict[str, float]:
    return {
        "solar_energy_exported": flow.solar,
        "grid_energy_imported": flow.grid_to_home + flow.grid_to_battery,
        "grid_energy_exported_from_solar": flow.solar_to_grid,
        "grid_energy_exported_from_battery": flow.battery_to_grid,
        "battery_energy_exported": flow.battery_to_home + flow.battery_to_grid,
        "battery_energy_imported_from_grid": flow.grid_to_battery,
        "battery_energy_imported_from_solar": flow.solar_to_battery,
        "consumer_energy_imported_from_grid": flow.grid_to_home,
        "consumer_energy_imported_from_solar": flow.solar_to_home,
        "consumer_energy_imported_from_battery": flow.battery_to_home,
    }
