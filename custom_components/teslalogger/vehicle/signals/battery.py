"""The battery: how full it is, how far it goes, and what its cells and their keeper say."""

from typing import Final

from .converters import within
from .rows import choice, flag, named, quantity

_PERCENT: Final = within(0, 100)
_BMS_STATES: Final = named(
    "Standby", "Drive", "Support", "Charge", "FEIM", "ClearFault", "Fault", "Weld", "Test"
)

BATTERY_SIGNALS: Final = (
    quantity("battery_level", "%", "charge_state.battery_level", "BatteryLevel", convert=_PERCENT),
    quantity(
        "usable_battery_level", "%", "charge_state.usable_battery_level", "Soc", convert=_PERCENT
    ),
    quantity("battery_range", "mi", "charge_state.battery_range", "RatedRange"),
    quantity("ideal_battery_range", "mi", "charge_state.ideal_battery_range", "IdealBatteryRange"),
    quantity("est_battery_range", "mi", "charge_state.est_battery_range", "EstBatteryRange"),
    flag("battery_heater_on", "charge_state.battery_heater_on", "BatteryHeaterOn"),
    flag(
        "not_enough_power_to_heat", "charge_state.not_enough_power_to_heat", "NotEnoughPowerToHeat"
    ),
    quantity("max_range_charge_counter", None, "charge_state.max_range_charge_counter"),
    # The pack
    quantity("pack_voltage", "V", telemetry="PackVoltage"),
    quantity("pack_current", "A", telemetry="PackCurrent"),
    quantity("energy_remaining", "kWh", telemetry="EnergyRemaining"),
    quantity("nominal_full_pack_energy", "kWh", telemetry="NominalFullPackEnergyKwh"),
    quantity("isolation_resistance", "kΩ", telemetry="IsolationResistance"),
    choice("bms_state", _BMS_STATES, telemetry="BMSState", prefix="BMSState"),
    choice("hvil", named("Fault", "OK"), telemetry="Hvil", prefix="HvilStatus"),
    flag("bms_full_charge_complete", telemetry="BmsFullchargecomplete"),
    flag("dc_dc_enable", telemetry="DCDCEnable"),
    # Its cells, by the number of the group or module
    quantity("brick_voltage_max", "V", telemetry="BrickVoltageMax"),
    quantity("brick_voltage_max_number", None, telemetry="NumBrickVoltageMax"),
    quantity("brick_voltage_min", "V", telemetry="BrickVoltageMin"),
    quantity("brick_voltage_min_number", None, telemetry="NumBrickVoltageMin"),
    quantity("brick_soc_min", "%", telemetry="BrickSocMinPercent", convert=_PERCENT),
    quantity("module_temp_max", "°C", telemetry="ModuleTempMax"),
    quantity("module_temp_max_number", None, telemetry="NumModuleTempMax"),
    quantity("module_temp_min", "°C", telemetry="ModuleTempMin"),
    quantity("module_temp_min_number", None, telemetry="NumModuleTempMin"),
    # Of its whole life
    quantity("lifetime_energy_used", "kWh", telemetry="LifetimeEnergyUsed"),
    quantity("lifetime_energy_gained_regen", "kWh", telemetry="LifetimeEnergyGainedRegen"),
    quantity("lifetime_energy_charged", "kWh", telemetry="LifetimeEnergyChargedKwh"),
    quantity("lifetime_energy_charged_dc", "kWh", telemetry="LifetimeDcChargeEnergyKwh"),
)
