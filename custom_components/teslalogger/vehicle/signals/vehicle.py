"""What the car is: its name, its build, its equipment."""

from typing import Final

from .rows import choice, flag, label, named, quantity

_CAR_TYPES: Final = {
    "models": "models",
    "models2": "models",
    "lychee": "models",
    "modelx": "modelx",
    "tamarind": "modelx",
    "model3": "model3",
    "modely": "modely",
    "cybertruck": "cybertruck",
    "cybercab": "cybercab",
    "semi": "semi",
    "SemiTruck": "semi",
    "SemiTruckV2": "semi_v2",
}

VEHICLE_SIGNALS: Final = (
    choice("availability", named("online", "asleep", "offline", "unknown"), "state"),
    label("vehicle_name", "vehicle_state.vehicle_name", "VehicleName"),
    quantity("api_version", None, "vehicle_state.api_version"),
    # Build
    choice("car_type", _CAR_TYPES, "vehicle_config.car_type", "CarType", prefix="CarType"),
    label("trim_badging", "vehicle_config.trim_badging", "Trim"),
    label("car_special_type", "vehicle_config.car_special_type"),
    label("exterior_color", "vehicle_config.exterior_color", "ExteriorColor"),
    label("paint_color_override", "vehicle_config.paint_color_override"),
    label("exterior_trim", "vehicle_config.exterior_trim"),
    label("interior_trim_type", "vehicle_config.interior_trim_type"),
    label("roof_color", "vehicle_config.roof_color", "RoofColor"),
    label("spoiler_type", "vehicle_config.spoiler_type"),
    label("wheel_type", "vehicle_config.wheel_type", "WheelType"),
    label("headlamp_type", "vehicle_config.headlamp_type"),
    label("efficiency_package", "vehicle_config.efficiency_package", "EfficiencyPackage"),
    label("performance_package", "vehicle_config.performance_package"),
    label("rear_drive_unit", "vehicle_config.rear_drive_unit"),
    label("driver_assist", "vehicle_config.driver_assist"),
    choice(
        "charge_port_type",
        named("US", "EU", "GB", "CCS"),
        "vehicle_config.charge_port_type",
        "ChargePort",
        prefix="ChargePort",
    ),
    flag("eu_vehicle", "vehicle_config.eu_vehicle", "EuropeVehicle"),
    flag("rhd", "vehicle_config.rhd", "RightHandDrive"),
    quantity("utc_offset", "s", "vehicle_config.utc_offset"),
    # Equipment
    flag("has_air_suspension", "vehicle_config.has_air_suspension"),
    flag("has_ludicrous_mode", "vehicle_config.has_ludicrous_mode"),
    flag("has_seat_cooling", "vehicle_config.has_seat_cooling"),
    flag("offroad_lightbar_present", telemetry="OffroadLightbarPresent"),
    flag("pws", "vehicle_config.pws"),
    flag("webcam_supported", "vehicle_config.webcam_supported"),
    flag("dashcam_clip_save_supported", "vehicle_config.dashcam_clip_save_supported"),
    flag("can_actuate_trunks", "vehicle_config.can_actuate_trunks"),
    flag("can_accept_navigation_requests", "vehicle_config.can_accept_navigation_requests"),
)
