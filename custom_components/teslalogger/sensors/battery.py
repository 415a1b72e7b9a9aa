"""Battery: how full, how far, and how it is doing."""

from typing import Final

from .model import BATTERY, DIAGNOSTIC, METER, STORED, WHOLE, rare, shown

_CELL: Final = DIAGNOSTIC | {"suggested_display_precision": 3}
_NUMBER: Final = DIAGNOSTIC | {"state_class": None}

BATTERY_SENSORS: Final = (
    shown("battery_level", **BATTERY, **WHOLE),
    shown("usable_battery_level", **BATTERY, **WHOLE, enabled=False),
    shown("battery_range", **WHOLE),
    shown("est_battery_range", **WHOLE, enabled=False),
    shown("ideal_battery_range", **WHOLE, enabled=False),
    rare("energy_remaining", **STORED),
    rare("nominal_full_pack_energy", **STORED, **DIAGNOSTIC),
    rare("pack_voltage"),
    rare("pack_current"),
    rare("bms_state", **DIAGNOSTIC),
    rare("isolation_resistance", **DIAGNOSTIC),
    rare("brick_voltage_max", **_CELL),
    rare("brick_voltage_max_number", **_NUMBER),
    rare("brick_voltage_min", **_CELL),
    rare("brick_voltage_min_number", **_NUMBER),
    rare("brick_soc_min", **DIAGNOSTIC),
    rare("module_temp_max", **DIAGNOSTIC),
    rare("module_temp_max_number", **_NUMBER),
    rare("module_temp_min", **DIAGNOSTIC),
    rare("module_temp_min_number", **_NUMBER),
    rare("lifetime_energy_used", **METER),
    rare("lifetime_energy_gained_regen", **METER),
    rare("lifetime_energy_charged", **METER),
    rare("lifetime_energy_charged_dc", **METER),
    rare("max_range_charge_counter", **DIAGNOSTIC),
)
