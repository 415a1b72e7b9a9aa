"""In which units the car shows things to people. Tesla's values do not depend on it."""

from typing import Final

from .rows import choice, flag, named

DISPLAY_SIGNALS: Final = (
    flag("gui_24_hour_time", "gui_settings.gui_24_hour_time", "Setting24HourTime"),
    choice(
        "gui_temperature_units",
        {"C": "celsius", "F": "fahrenheit"} | named("Celsius", "Fahrenheit"),
        "gui_settings.gui_temperature_units",
        "SettingTemperatureUnit",
        prefix="TemperatureUnit",
    ),
    choice(
        "gui_tirepressure_units",
        named("Bar", "Psi"),
        "gui_settings.gui_tirepressure_units",
        "SettingTirePressureUnit",
        prefix="PressureUnit",
    ),
    choice(
        "gui_charge_rate_units",
        {"kW": "kw", "km/hr": "km", "mi/hr": "mi"},
        "gui_settings.gui_charge_rate_units",
    ),
    choice(
        "gui_charge_unit",
        named("Distance", "Percent"),
        telemetry="SettingChargeUnit",
        prefix="ChargeUnit",
    ),
    choice("gui_range_display", named("Rated", "Ideal"), "gui_settings.gui_range_display"),
    flag("show_range_units", "gui_settings.show_range_units"),
)
