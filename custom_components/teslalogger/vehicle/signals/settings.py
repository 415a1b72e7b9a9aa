"""What people set: seats, steering wheel, sunroof, tonneau, volume, limits, and who has them."""

from typing import TYPE_CHECKING, Final

from .converters import coded, numbered, within
from .model import OnInvalid
from .rows import choice, flag, label, named, quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import Signal

_SEAT_LEVELS: Final = {0: "off", 1: "low", 2: "medium", 3: "high"}
# Tesla's three steps of the steering wheel leave the number 2 out.
_WHEEL_LEVELS: Final = {0: "off", 1: "low", 3: "high"}
_TONNEAU_POSITIONS: Final = named("Closed", "PartiallyOpen") | {"FullyOpen": "open"}
_DISTANCE_UNITS: Final = {"km/hr": "km", "mi/hr": "mi", "Kilometers": "km", "Miles": "mi"}
_SUN_ROOFS: Final = {"NotInstalled": 0, "Gen1Installed": 1, "Gen2Installed": 2}
_SPEED_LIMIT: Final = "vehicle_state.speed_limit_mode"
_MEDIA: Final = "vehicle_state.media_info"


def _level(key: str, levels: Mapping[int, str], telemetry: str | None = None) -> Signal:
    """Tesla counts the steps, in either source."""
    return choice(
        key,
        {word: word for word in levels.values()},
        f"climate_state.{key}",
        telemetry,
        convert=coded(levels),
        stream=coded(levels) if telemetry else None,
        on_invalid=OnInvalid.CLEAR,
    )


SETTING_SIGNALS: Final = (
    _level("seat_heater_left", _SEAT_LEVELS, "SeatHeaterLeft"),
    _level("seat_heater_right", _SEAT_LEVELS, "SeatHeaterRight"),
    _level("seat_heater_rear_left", _SEAT_LEVELS, "SeatHeaterRearLeft"),
    _level("seat_heater_rear_center", _SEAT_LEVELS, "SeatHeaterRearCenter"),
    _level("seat_heater_rear_right", _SEAT_LEVELS, "SeatHeaterRearRight"),
    _level("seat_heater_rear_left_back", _SEAT_LEVELS),
    _level("seat_heater_rear_right_back", _SEAT_LEVELS),
    _level("seat_heater_third_row_left", _SEAT_LEVELS),
    _level("seat_heater_third_row_right", _SEAT_LEVELS),
    _level("seat_fan_front_left", _SEAT_LEVELS, "ClimateSeatCoolingFrontLeft"),
    _level("seat_fan_front_right", _SEAT_LEVELS, "ClimateSeatCoolingFrontRight"),
    flag("auto_seat_climate_left", "climate_state.auto_seat_climate_left", "AutoSeatClimateLeft"),
    flag(
        "auto_seat_climate_right", "climate_state.auto_seat_climate_right", "AutoSeatClimateRight"
    ),
    _level("steering_wheel_heat_level", _WHEEL_LEVELS, "HvacSteeringWheelHeatLevel"),
    choice(
        "sun_roof_state",
        named("open", "closed", "vent", "moving"),
        "vehicle_state.sun_roof_state",
        on_invalid=OnInvalid.CLEAR,
    ),
    quantity(
        "sun_roof_percent_open",
        "%",
        "vehicle_state.sun_roof_percent_open",
        convert=within(0, 100),
        on_invalid=OnInvalid.CLEAR,
    ),
    choice(
        "tonneau_position",
        _TONNEAU_POSITIONS,
        telemetry="TonneauPosition",
        prefix="TonneauPositionState",
        on_invalid=OnInvalid.CLEAR,
    ),
    quantity("media_volume", None, f"{_MEDIA}.audio_volume", "MediaAudioVolume"),
    quantity("media_volume_max", None, f"{_MEDIA}.audio_volume_max", "MediaAudioVolumeMax"),
    quantity(
        "media_volume_increment",
        None,
        f"{_MEDIA}.audio_volume_increment",
        "MediaAudioVolumeIncrement",
    ),
    quantity("speed_limit", "mph", f"{_SPEED_LIMIT}.current_limit_mph", "CurrentLimitMph"),
    quantity("speed_limit_min", "mph", f"{_SPEED_LIMIT}.min_limit_mph"),
    quantity("speed_limit_max", "mph", f"{_SPEED_LIMIT}.max_limit_mph"),
    quantity(
        "homelink_device_count",
        None,
        "vehicle_state.homelink_device_count",
        "HomelinkDeviceCount",
    ),
    quantity("rear_seat_heaters", None, "vehicle_config.rear_seat_heaters", "RearSeatHeaters"),
    label("third_row_seats", "vehicle_config.third_row_seats"),
    quantity(
        "sun_roof_installed",
        None,
        "vehicle_config.sun_roof_installed",
        "SunroofInstalled",
        convert=numbered(_SUN_ROOFS, "SunroofInstalledState"),
    ),
    flag("motorized_charge_port", "vehicle_config.motorized_charge_port"),
    flag("plg", "vehicle_config.plg"),
    flag("cop_user_set_temp_supported", "vehicle_config.cop_user_set_temp_supported"),
    choice(
        "gui_distance_units",
        _DISTANCE_UNITS,
        "gui_settings.gui_distance_units",
        "SettingDistanceUnit",
        prefix="DistanceUnit",
        on_invalid=OnInvalid.CLEAR,
    ),
)
