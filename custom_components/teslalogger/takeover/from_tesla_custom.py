"""What we have instead of the entities of tesla_custom, a custom integration."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .model import Counterparts

CARS: Final[Counterparts] = {
    "binary_sensor": {
        "parking_brake": "sensor.shift_state",
        "online": "sensor.availability",
        "asleep": "sensor.availability",
        "charger": "sensor.charging_state",
        "charging": "sensor.charging_state",
        "doors": None,
        "windows": None,
        "scheduled_charging": "sensor.scheduled_charging_mode",
        "scheduled_departure": "sensor.scheduled_charging_mode",
        "user_present": "is_user_present",
    },
    "button": {
        "horn": "honk_horn",
        "flash_lights": "flash_lights",
        "wake_up": "wake",
        "force_data_update": "refresh",
        "homelink": "homelink",
        "remote_start": "remote_start",
        "emissions_test": "boombox",
    },
    "climate": {
        "hvac_climate_system": "cabin",
    },
    "cover": {
        "charger_door": "charge_port",
        "frunk": "front_trunk",
        "trunk": "rear_trunk",
        "windows": "windows",
        "sunroof": "sun_roof",
    },
    "device_tracker": {
        "location_tracker": "location",
        "destination_location_tracker": "route",
    },
    "lock": {
        "doors": "doors",
        "charge_port_latch": "charge_cable",
    },
    "number": {
        "charge_limit": "charge_limit",
        "charging_amps": "charge_current",
    },
    "select": {
        "heated_seat_left": "seat_heater_left",
        "heated_seat_right": "seat_heater_right",
        "heated_seat_rear_left": "seat_heater_rear_left",
        "heated_seat_rear_center": "seat_heater_rear_center",
        "heated_seat_rear_right": "seat_heater_rear_right",
        "heated_seat_third_row_left": "seat_heater_third_row_left",
        "heated_seat_third_row_right": "seat_heater_third_row_right",
        "heated_steering_wheel": "steering_wheel_heat_level",
        "cabin_overheat_protection": "cabin_overheat_protection",
    },
    "sensor": {
        "battery": "usable_battery_level",
        "charging_rate": "charge_rate",
        "energy_added": "charge_energy_added",
        "charger_power": "charger_power",
        "odometer": "odometer",
        "shift_state": "shift_state",
        "range": "battery_range",
        "temperature_outside": "outside_temp",
        "temperature_inside": "inside_temp",
        "time_charge_complete": "minutes_to_full_charge",
        "tpms_front_left": "tpms_pressure_fl",
        "tpms_front_right": "tpms_pressure_fr",
        "tpms_rear_left": "tpms_pressure_rl",
        "tpms_rear_right": "tpms_pressure_rr",
        "arrival_time": "arrival_time",
        "distance_to_arrival": "active_route_miles_to_arrival",
        "data_last_update_time": "last_update",
        "polling_interval": None,
    },
    "switch": {
        "heated_steering": "steering_wheel_heater",
        "sentry_mode": "sentry_mode",
        "polling": None,
        "charger": "charging",
        "valet_mode": "valet_mode",
    },
    "text": {
        "teslamate_id": None,
    },
    "update": {
        "software_update": "software",
    },
}

SITES: Final[Counterparts] = {
    "binary_sensor": {
        "battery_charging": "battery_charging",
        "grid_status": "grid_status",
    },
    "number": {
        "backup_reserve": "backup_reserve_percent",
    },
    "select": {
        "operation_mode": "operation_mode",
        "powerwall_mode": None,
        "grid_charging": "switch.grid_charging",
        "energy_exports": "export_rule",
    },
    "sensor": {
        "solar_power": "solar_power",
        "grid_power": "grid_power",
        "load_power": "load_power",
        "battery_power": "battery_power",
        "battery": "percentage_charged",
        "battery_remaining": "energy_left",
        "backup_reserve": "number.backup_reserve_percent",
    },
}
