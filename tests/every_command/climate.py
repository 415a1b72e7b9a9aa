"""The cabin: what switching on and off, the modes, the seats and the wheel come to."""

from typing import Final

from .case import Case

_ON: Final = {"climate.on": True}
_COOLED: Final = {"has_seat_cooling": True}
_WHEEL: Final = {"has_steering_wheel_levels": True}
_THIRD_ROW: Final = {"has_third_row": True}
_AIR: Final = (
    "fan_status",
    "hvac_auto_mode",
    "is_auto_conditioning_on",
    "is_preconditioning",
    "remote_heater_control_enabled",
)
_DEFROSTERS: Final = ("is_front_defroster_on", "is_rear_defroster_on", "side_mirror_heaters")
_LEVELS: Final = ("off", "low", "medium", "high")
_SEATS: Final = (
    ("front_left", "seat_heater_left"),
    ("front_right", "seat_heater_right"),
    ("rear_left", "seat_heater_rear_left"),
    ("rear_left_back", None),
    ("rear_center", "seat_heater_rear_center"),
    ("rear_right", "seat_heater_rear_right"),
    ("rear_right_back", None),
    ("third_row_left", "seat_heater_third_row_left"),
    ("third_row_right", "seat_heater_third_row_right"),
)
"""By Tesla's number: the seat, and the signal of its heater; the backs have none."""


def _seat_heater(number: int, level: int, before: int) -> Case:
    seat, signal = _SEATS[number]
    params = {"seat_position": number, "level": level}
    return Case(
        command="remote_seat_heater_request",
        params=params,
        unsigned={**params, "heater": number},
        model=_THIRD_ROW,
        before={**_ON, f"climate.seat_heaters.{seat}": before},
        after={f"climate.seat_heaters.{seat}": level},
        reads={signal: _LEVELS[level]} if signal else {},
    )


def _seat_cooler(seat: int, side: str, level: int, before: int) -> Case:
    return Case(
        command="remote_seat_cooler_request",
        params={"seat_position": seat, "seat_cooler_level": level},
        model=_COOLED,
        before={**_ON, "climate.seat_coolers": {1: before, 2: before}},
        after={f"climate.seat_coolers.{seat}": level},
        reads={f"seat_fan_front_{side}": _LEVELS[level]},
    )


def _keeper(number: int, mode: str) -> Case:
    return Case(
        command="set_climate_keeper_mode",
        params={"climate_keeper_mode": number, "manual_override": False},
        after={"climate.keeper": number, "climate.on": True},
        reads={"climate_keeper_mode": mode, "is_climate_on": True},
        moves=_AIR,
    )


def _overheat_temperature(number: int, name: str, before: int) -> Case:
    return Case(
        command="set_cop_temp",
        params={"cop_temp": number},
        before={"climate.overheat_level": before},
        after={"climate.overheat_level": number},
        reads={"cop_activation_temperature": name},
    )


CLIMATE: Final = (
    Case(
        command="auto_conditioning_start",
        after={"climate.on": True},
        reads={"is_climate_on": True},
        moves=_AIR,
    ),
    Case(
        command="auto_conditioning_stop",
        model=_COOLED | _WHEEL | _THIRD_ROW,
        before={
            "climate.on": True,
            "climate.keeper": 2,
            "climate.defrost": True,
            "climate.bioweapon": True,
            "climate.steering_wheel": True,
            "climate.seat_heaters": {seat: 3 for seat, _ in _SEATS},
            "climate.seat_coolers": {1: 1, 2: 2},
        },
        after={
            "climate.on": False,
            "climate.keeper": 0,
            "climate.defrost": False,
            "climate.bioweapon": False,
            "climate.steering_wheel": False,
            **{f"climate.seat_heaters.{seat}": 0 for seat, _ in _SEATS},
            "climate.seat_coolers.1": 0,
            "climate.seat_coolers.2": 0,
        },
        reads={
            "is_climate_on": False,
            "climate_keeper_mode": "off",
            "defrost_mode": "off",
            "bioweapon_mode": False,
            "steering_wheel_heater": False,
            "steering_wheel_heat_level": "off",
            **{signal: "off" for _, signal in _SEATS if signal},
            "seat_fan_front_left": "off",
            "seat_fan_front_right": "off",
        },
        moves=_AIR + _DEFROSTERS,
    ),
    Case(
        command="set_temps",
        params={"driver_temp": 22.5, "passenger_temp": 18},
        after={"climate.driver": 22.5, "climate.passenger": 18.0},
        reads={"driver_temp_setting": 22.5, "passenger_temp_setting": 18.0},
    ),
    Case(
        command="set_temps",
        params={"driver_temp": 20},
        signed={"driver_temp": 20, "passenger_temp": 0},
        after={"climate.driver": 20.0},
        reads={"driver_temp_setting": 20.0},
    ),
    Case(
        command="set_temps",
        params={"passenger_temp": 20},
        signed={"driver_temp": 0, "passenger_temp": 20},
        after={"climate.passenger": 20.0},
        reads={"passenger_temp_setting": 20.0},
    ),
    Case(
        command="set_preconditioning_max",
        params={"on": True, "manual_override": False},
        after={"climate.on": True, "climate.defrost": True},
        reads={"defrost_mode": "max", "is_climate_on": True},
        moves=_AIR + _DEFROSTERS,
    ),
    Case(
        command="set_preconditioning_max",
        params={"on": False, "manual_override": False},
        before={"climate.on": True, "climate.defrost": True},
        after={"climate.on": False, "climate.defrost": False},
        reads={"defrost_mode": "off", "is_climate_on": False},
        moves=_AIR + _DEFROSTERS,
    ),
    Case(
        command="set_bioweapon_mode",
        params={"on": True, "manual_override": True},
        after={"climate.on": True, "climate.bioweapon": True},
        reads={"bioweapon_mode": True, "is_climate_on": True},
        moves=_AIR,
    ),
    Case(
        command="set_bioweapon_mode",
        params={"on": False, "manual_override": False},
        before={"climate.on": True, "climate.bioweapon": True},
        after={"climate.bioweapon": False},
        reads={"bioweapon_mode": False},
    ),
    Case(
        command="set_cabin_overheat_protection",
        params={"on": True, "fan_only": False},
        after={"climate.overheat": True},
        reads={"cabin_overheat_protection": "on"},
    ),
    Case(
        command="set_cabin_overheat_protection",
        params={"on": True, "fan_only": True},
        after={"climate.overheat": True, "climate.overheat_fan_only": True},
        reads={"cabin_overheat_protection": "fan_only"},
    ),
    Case(
        command="set_cabin_overheat_protection",
        params={"on": False, "fan_only": False},
        before={"climate.overheat": True},
        after={"climate.overheat": False},
        reads={"cabin_overheat_protection": "off"},
    ),
    _overheat_temperature(0, "low", before=2),
    _overheat_temperature(1, "medium", before=2),
    _overheat_temperature(2, "high", before=0),
    _keeper(1, "keep"),
    _keeper(2, "dog"),
    _keeper(3, "camp"),
    Case(
        command="set_climate_keeper_mode",
        params={"climate_keeper_mode": 0, "manual_override": False},
        before={"climate.on": True, "climate.keeper": 2},
        after={"climate.keeper": 0},
        reads={"climate_keeper_mode": "off"},
    ),
    *(_seat_heater(number, level=3, before=0) for number in range(len(_SEATS))),
    _seat_heater(0, level=0, before=3),
    _seat_heater(1, level=1, before=3),
    _seat_heater(4, level=2, before=3),
    _seat_cooler(1, "left", level=3, before=0),
    _seat_cooler(2, "right", level=3, before=0),
    _seat_cooler(1, "left", level=0, before=3),
    _seat_cooler(2, "right", level=1, before=3),
    _seat_cooler(2, "right", level=2, before=3),
    Case(
        command="remote_auto_seat_climate_request",
        params={"auto_seat_position": 1, "auto_climate_on": False},
        after={"climate.auto_seats.1": False},
        reads={"auto_seat_climate_left": False},
    ),
    Case(
        command="remote_auto_seat_climate_request",
        params={"auto_seat_position": 2, "auto_climate_on": True},
        before={"climate.auto_seats": {1: False, 2: False}},
        after={"climate.auto_seats.2": True},
        reads={"auto_seat_climate_right": True},
    ),
    Case(
        command="remote_steering_wheel_heater_request",
        params={"on": True},
        before=_ON,
        after={"climate.steering_wheel": True},
        reads={"steering_wheel_heater": True},
        model={"has_steering_wheel_levels": False},
    ),
    Case(
        command="remote_steering_wheel_heater_request",
        params={"on": False},
        model=_WHEEL,
        before={**_ON, "climate.steering_wheel": True},
        after={"climate.steering_wheel": False},
        reads={"steering_wheel_heater": False, "steering_wheel_heat_level": "off"},
    ),
    Case(
        command="remote_steering_wheel_heat_level_request",
        params={"level": 3},
        model=_WHEEL,
        before={**_ON, "climate.steering_wheel_level": 1},
        after={"climate.steering_wheel": True, "climate.steering_wheel_level": 3},
        reads={"steering_wheel_heater": True, "steering_wheel_heat_level": "high"},
    ),
    Case(
        command="remote_steering_wheel_heat_level_request",
        params={"level": 1},
        model=_WHEEL,
        before=_ON,
        after={"climate.steering_wheel": True, "climate.steering_wheel_level": 1},
        reads={"steering_wheel_heater": True, "steering_wheel_heat_level": "low"},
    ),
    Case(
        command="remote_steering_wheel_heat_level_request",
        params={"level": 0},
        model=_WHEEL,
        before={**_ON, "climate.steering_wheel": True},
        after={"climate.steering_wheel": False},
        reads={"steering_wheel_heater": False, "steering_wheel_heat_level": "off"},
    ),
    Case(
        command="remote_auto_steering_wheel_heat_climate_request",
        params={"on": True},
        after={"climate.steering_wheel_auto": True},
        reads={"auto_steering_wheel_heat": True},
    ),
    Case(
        command="remote_auto_steering_wheel_heat_climate_request",
        params={"on": False},
        before={"climate.steering_wheel_auto": True},
        after={"climate.steering_wheel_auto": False},
        reads={"auto_steering_wheel_heat": False},
    ),
)
