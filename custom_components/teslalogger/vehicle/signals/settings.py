"""What people set: seats, steering wheel, sunroof, tonneau, volume, limits, and who has them."""

from typing import Final

from .converters import boolean, coded, number, one_of, text, within
from .model import Kind, OnInvalid, Signal

_SEAT_LEVELS: Final = {0: "off", 1: "low", 2: "medium", 3: "high"}
# Tesla's three steps of the steering wheel leave the number 2 out.
_WHEEL_LEVELS: Final = {0: "off", 1: "low", 3: "high"}
_SUN_ROOF_STATES: Final = {
    "open": "open",
    "closed": "closed",
    "vent": "vent",
    "moving": "moving",
}
_TONNEAU_POSITIONS: Final = {
    "Closed": "closed",
    "PartiallyOpen": "partially_open",
    "FullyOpen": "open",
}
_DISTANCE_UNITS: Final = {"km/hr": "km", "mi/hr": "mi"}


def _seat_level(key: str, telemetry: str | None = None) -> Signal:
    return Signal(
        key=key,
        kind=Kind.ENUM,
        path=("climate_state", key),
        telemetry=telemetry,
        convert=coded(_SEAT_LEVELS),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_SEAT_LEVELS.values()),
    )


def _flag(key: str, part: str, telemetry: str | None = None) -> Signal:
    return Signal(key=key, kind=Kind.BOOL, path=(part, key), telemetry=telemetry, convert=boolean)


def _number(
    key: str, path: tuple[str, ...], *, unit: str | None = None, telemetry: str | None = None
) -> Signal:
    return Signal(
        key=key, kind=Kind.NUMBER, path=path, telemetry=telemetry, unit=unit, convert=number
    )


SETTING_SIGNALS: Final = (
    _seat_level("seat_heater_left", "SeatHeaterLeft"),
    _seat_level("seat_heater_right", "SeatHeaterRight"),
    _seat_level("seat_heater_rear_left", "SeatHeaterRearLeft"),
    _seat_level("seat_heater_rear_center", "SeatHeaterRearCenter"),
    _seat_level("seat_heater_rear_right", "SeatHeaterRearRight"),
    _seat_level("seat_heater_third_row_left"),
    _seat_level("seat_heater_third_row_right"),
    _seat_level("seat_fan_front_left", "ClimateSeatCoolingFrontLeft"),
    _seat_level("seat_fan_front_right", "ClimateSeatCoolingFrontRight"),
    _flag("auto_seat_climate_left", "climate_state", "AutoSeatClimateLeft"),
    _flag("auto_seat_climate_right", "climate_state", "AutoSeatClimateRight"),
    Signal(
        key="steering_wheel_heat_level",
        kind=Kind.ENUM,
        path=("climate_state", "steering_wheel_heat_level"),
        telemetry="HvacSteeringWheelHeatLevel",
        convert=coded(_WHEEL_LEVELS),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_WHEEL_LEVELS.values()),
    ),
    Signal(
        key="sun_roof_state",
        kind=Kind.ENUM,
        path=("vehicle_state", "sun_roof_state"),
        convert=one_of(_SUN_ROOF_STATES),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_SUN_ROOF_STATES.values()),
    ),
    Signal(
        key="sun_roof_percent_open",
        kind=Kind.NUMBER,
        path=("vehicle_state", "sun_roof_percent_open"),
        unit="%",
        convert=within(0, 100),
        on_invalid=OnInvalid.CLEAR,
    ),
    Signal(
        key="tonneau_position",
        kind=Kind.ENUM,
        telemetry="TonneauPosition",
        convert=one_of(_TONNEAU_POSITIONS),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_TONNEAU_POSITIONS.values()),
    ),
    _number(
        "media_volume",
        ("vehicle_state", "media_info", "audio_volume"),
        telemetry="MediaAudioVolume",
    ),
    _number(
        "media_volume_max",
        ("vehicle_state", "media_info", "audio_volume_max"),
        telemetry="MediaAudioVolumeMax",
    ),
    _number(
        "media_volume_increment",
        ("vehicle_state", "media_info", "audio_volume_increment"),
        telemetry="MediaAudioVolumeIncrement",
    ),
    _number("speed_limit", ("vehicle_state", "speed_limit_mode", "current_limit_mph"), unit="mph"),
    _number("speed_limit_min", ("vehicle_state", "speed_limit_mode", "min_limit_mph"), unit="mph"),
    _number("speed_limit_max", ("vehicle_state", "speed_limit_mode", "max_limit_mph"), unit="mph"),
    _number("homelink_device_count", ("vehicle_state", "homelink_device_count")),
    _number("rear_seat_heaters", ("vehicle_config", "rear_seat_heaters")),
    Signal(
        key="third_row_seats",
        kind=Kind.TEXT,
        path=("vehicle_config", "third_row_seats"),
        convert=text,
    ),
    _number("sun_roof_installed", ("vehicle_config", "sun_roof_installed")),
    _flag("motorized_charge_port", "vehicle_config"),
    _flag("plg", "vehicle_config"),
    _flag("cop_user_set_temp_supported", "vehicle_config"),
    Signal(
        key="gui_distance_units",
        kind=Kind.ENUM,
        path=("gui_settings", "gui_distance_units"),
        convert=one_of(_DISTANCE_UNITS),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_DISTANCE_UNITS.values()),
    ),
)
