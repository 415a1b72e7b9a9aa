"""Climate: what `climate_state` tells, and the stream of it."""

from typing import Final

from .converters import coded, positive, truth
from .rows import choice, flag, named, quantity

DEFROSTING: Final = frozenset({"normal", "max"})
"""The defrost modes that somebody wanted: the car clears its glass by itself in the other ones."""

_KEEPER_MODES: Final = {"off": "off", "on": "keep", "dog": "dog", "camp": "camp", "party": "camp"}
_DEFROST_CODES: Final = {0: "off", 1: "normal", 2: "max"}
_HVAC_POWER: Final = named("Off", "On", "Precondition", "OverheatProtect")
_HVAC_PREFIX: Final = "HvacPowerState"


def _hvac(*powers: str) -> dict[str, bool]:
    return {name: name in powers for name in _HVAC_POWER}


CLIMATE_SIGNALS: Final = (
    quantity("inside_temp", "°C", "climate_state.inside_temp", "InsideTemp"),
    quantity("outside_temp", "°C", "climate_state.outside_temp", "OutsideTemp"),
    # The stream names the sides of the car: see MIRRORED in the table.
    quantity(
        "driver_temp_setting",
        "°C",
        "climate_state.driver_temp_setting",
        "HvacLeftTemperatureRequest",
    ),
    quantity(
        "passenger_temp_setting",
        "°C",
        "climate_state.passenger_temp_setting",
        "HvacRightTemperatureRequest",
    ),
    quantity("min_avail_temp", "°C", "climate_state.min_avail_temp"),
    quantity("max_avail_temp", "°C", "climate_state.max_avail_temp"),
    # What runs
    choice("hvac_power", _HVAC_POWER, telemetry="HvacPower", prefix=_HVAC_PREFIX),
    flag(
        "is_climate_on",
        "climate_state.is_climate_on",
        "HvacPower",
        stream=truth(_hvac("On", "Precondition"), _HVAC_PREFIX),
    ),
    flag(
        "is_preconditioning",
        "climate_state.is_preconditioning",
        "HvacPower",
        stream=truth(_hvac("Precondition"), _HVAC_PREFIX),
    ),
    flag(
        "cabin_overheat_protection_actively_cooling",
        "climate_state.cabin_overheat_protection_actively_cooling",
        "HvacPower",
        stream=truth(_hvac("OverheatProtect"), _HVAC_PREFIX),
    ),
    flag("is_auto_conditioning_on", "climate_state.is_auto_conditioning_on"),
    choice(
        "hvac_auto_mode",
        named("On", "Override"),
        "climate_state.hvac_auto_request",
        "HvacAutoMode",
        prefix="HvacAutoModeState",
    ),
    flag("hvac_ac_enabled", telemetry="HvacACEnabled"),
    quantity("fan_status", None, "climate_state.fan_status", "HvacFanStatus"),
    quantity("hvac_fan_speed", None, telemetry="HvacFanSpeed"),
    flag("rear_display_hvac_enabled", telemetry="RearDisplayHvacEnabled"),
    flag("remote_heater_control_enabled", "climate_state.remote_heater_control_enabled"),
    flag("bioweapon_mode", "climate_state.bioweapon_mode"),
    choice(
        "climate_keeper_mode",
        _KEEPER_MODES,
        "climate_state.climate_keeper_mode",
        "ClimateKeeperMode",
        prefix="ClimateKeeperModeState",
    ),
    # Glass, mirrors, wipers
    choice(
        "defrost_mode",
        named("Off", "Normal", "Max", "AutoDefog"),
        "climate_state.defrost_mode",
        "DefrostMode",
        prefix="DefrostModeState",
        convert=coded(_DEFROST_CODES),
    ),
    flag("defrost_for_preconditioning", telemetry="DefrostForPreconditioning"),
    flag("is_front_defroster_on", "climate_state.is_front_defroster_on"),
    flag("is_rear_defroster_on", "climate_state.is_rear_defroster_on", "RearDefrostEnabled"),
    flag("side_mirror_heaters", "climate_state.side_mirror_heaters"),
    flag("wiper_blade_heater", "climate_state.wiper_blade_heater", "WiperHeatEnabled"),
    # Seats and wheel
    flag(
        "steering_wheel_heater",
        "climate_state.steering_wheel_heater",
        "HvacSteeringWheelHeatLevel",
        stream=positive,
    ),
    flag(
        "auto_steering_wheel_heat",
        "climate_state.auto_steering_wheel_heat",
        "HvacSteeringWheelHeatAuto",
    ),
    flag("seat_vent_enabled", telemetry="SeatVentEnabled"),
    # Against the sun
    choice(
        "cabin_overheat_protection",
        named("Off", "On", "FanOnly"),
        "climate_state.cabin_overheat_protection",
        "CabinOverheatProtectionMode",
        prefix="CabinOverheatProtectionModeState",
    ),
    choice(
        "cop_activation_temperature",
        named("Low", "Medium", "High"),
        "climate_state.cop_activation_temperature",
        "CabinOverheatProtectionTemperatureLimit",
        prefix="ClimateOverheatProtectionTempLimit",
    ),
    flag("allow_cabin_overheat_protection", "climate_state.allow_cabin_overheat_protection"),
    flag(
        "supports_fan_only_cabin_overheat_protection",
        "climate_state.supports_fan_only_cabin_overheat_protection",
    ),
)
