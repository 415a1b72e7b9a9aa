"""Climate: what `climate_state` tells."""

from typing import Final

from .converters import boolean, coded, number, one_of
from .model import Kind, OnInvalid, Signal

_KEEPER_MODES: Final = {"off": "off", "on": "keep", "dog": "dog", "camp": "camp"}
_OVERHEAT_MODES: Final = {"Off": "off", "On": "on", "FanOnly": "fan_only"}
_OVERHEAT_TEMPERATURES: Final = {"Low": "low", "Medium": "medium", "High": "high"}
_DEFROST_MODES: Final = {0: "off", 1: "normal", 2: "max"}


def _flag(key: str, telemetry: str | None = None) -> Signal:
    return Signal(
        key=key,
        kind=Kind.BOOL,
        path=("climate_state", key),
        telemetry=telemetry,
        convert=boolean,
    )


def _celsius(key: str, telemetry: str | None = None) -> Signal:
    return Signal(
        key=key,
        kind=Kind.NUMBER,
        path=("climate_state", key),
        telemetry=telemetry,
        unit="°C",
        convert=number,
    )


CLIMATE_SIGNALS: Final = (
    _celsius("inside_temp", "InsideTemp"),
    _celsius("outside_temp", "OutsideTemp"),
    _celsius("driver_temp_setting", "HvacLeftTemperatureRequest"),
    _celsius("passenger_temp_setting", "HvacRightTemperatureRequest"),
    _celsius("min_avail_temp"),
    _celsius("max_avail_temp"),
    _flag("is_climate_on"),
    _flag("is_preconditioning"),
    _flag("is_front_defroster_on"),
    _flag("is_rear_defroster_on", "RearDefrostEnabled"),
    _flag("steering_wheel_heater"),
    _flag("auto_steering_wheel_heat", "HvacSteeringWheelHeatAuto"),
    _flag("battery_heater"),
    _flag("side_mirror_heaters"),
    _flag("wiper_blade_heater", "WiperHeatEnabled"),
    _flag("bioweapon_mode"),
    _flag("cabin_overheat_protection_actively_cooling"),
    _flag("supports_fan_only_cabin_overheat_protection"),
    Signal(
        key="cabin_overheat_protection",
        kind=Kind.ENUM,
        path=("climate_state", "cabin_overheat_protection"),
        convert=one_of(_OVERHEAT_MODES),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_OVERHEAT_MODES.values()),
    ),
    Signal(
        key="cop_activation_temperature",
        kind=Kind.ENUM,
        path=("climate_state", "cop_activation_temperature"),
        convert=one_of(_OVERHEAT_TEMPERATURES),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_OVERHEAT_TEMPERATURES.values()),
    ),
    Signal(
        key="climate_keeper_mode",
        kind=Kind.ENUM,
        path=("climate_state", "climate_keeper_mode"),
        convert=one_of(_KEEPER_MODES),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_KEEPER_MODES.values()),
    ),
    Signal(
        key="defrost_mode",
        kind=Kind.ENUM,
        path=("climate_state", "defrost_mode"),
        convert=coded(_DEFROST_MODES),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_DEFROST_MODES.values()),
    ),
)
