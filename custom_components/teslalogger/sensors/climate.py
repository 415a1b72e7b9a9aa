"""Climate: temperatures and what the car does about them."""

from typing import Final

from .model import DIAGNOSTIC, rare, shown

CLIMATE_SENSORS: Final = (
    shown("inside_temp"),
    shown("outside_temp"),
    shown("driver_temp_setting", **DIAGNOSTIC, enabled=False),
    shown("passenger_temp_setting", **DIAGNOSTIC, enabled=False),
    shown("climate_keeper_mode", enabled=False),
    shown("defrost_mode", enabled=False),
    shown("cabin_overheat_protection", enabled=False),
    shown("cop_activation_temperature", enabled=False),
    rare("hvac_power"),
    rare("fan_status"),
    rare("hvac_fan_speed"),
)
