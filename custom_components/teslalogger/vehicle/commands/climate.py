"""Climate and seats."""

from typing import TYPE_CHECKING, Final

import voluptuous as vol

from .model import Command, Expectation, Fields, Params, becomes, becomes_parameter
from .parameters import flag, integer, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custom_components.teslalogger.vehicle.signals import Value

# What the car shows as LO and HI lies at the ends of this range (°C).
_TEMPERATURE: Final = number(15, 28)
_HEATER_LEVELS: Final = (
    "SEAT_HEATER_OFF",
    "SEAT_HEATER_LOW",
    "SEAT_HEATER_MED",
    "SEAT_HEATER_HIGH",
)
_SEATS: Final = (
    "CAR_SEAT_FRONT_LEFT",
    "CAR_SEAT_FRONT_RIGHT",
    "CAR_SEAT_REAR_LEFT",
    "CAR_SEAT_REAR_LEFT_BACK",
    "CAR_SEAT_REAR_CENTER",
    "CAR_SEAT_REAR_RIGHT",
    "CAR_SEAT_REAR_RIGHT_BACK",
    "CAR_SEAT_THIRD_ROW_LEFT",
    "CAR_SEAT_THIRD_ROW_RIGHT",
)
_FRONT_SEAT: Final = vol.In([1, 2])
_KEEPER_MODES: Final = ("off", "keep", "dog", "camp")
_OVERHEAT_TEMPERATURES: Final = ("low", "medium", "high")
_LEVELS: Final = ("off", "low", "medium", "high")
# The signals of the seats that tell their heater; the others are parts of these.
_SEAT_SIGNALS: Final = {
    0: "seat_heater_left",
    1: "seat_heater_right",
    2: "seat_heater_rear_left",
    4: "seat_heater_rear_center",
    5: "seat_heater_rear_right",
    7: "seat_heater_third_row_left",
    8: "seat_heater_third_row_right",
}
_FRONT_SEATS: Final = {1: "left", 2: "right"}
_FAN_SIGNALS: Final = {seat: f"seat_fan_front_{side}" for seat, side in _FRONT_SEATS.items()}
# REST's levels of the steering wheel; the message counts on from "unknown".
_WHEEL_LEVELS: Final = {0: "off", 1: "low", 3: "high"}
_WHEEL_MESSAGES: Final = {0: 1, 1: 2, 3: 3}
# Tesla's enumerations of these two begin with "unknown", the REST numbers with "off" and "low".
_AFTER_UNKNOWN: Final = 1


def _temperatures(params: Params) -> Fields:
    fields: Fields = {"level": {"TEMP_MAX": {}}}
    if "driver_temp" in params:
        fields["driver_temp_celsius"] = params["driver_temp"]
    if "passenger_temp" in params:
        fields["passenger_temp_celsius"] = params["passenger_temp"]
    return {"hvacTemperatureAdjustmentAction": fields}


def _seat_heater(params: Params) -> Fields:
    action: Fields = {_HEATER_LEVELS[params["level"]]: {}, _SEATS[params["seat_position"]]: {}}
    return {"hvacSeatHeaterActions": {"hvacSeatHeaterAction": [action]}}


def _seat_cooler(params: Params) -> Fields:
    action = {
        "seat_cooler_level": params["seat_cooler_level"] + _AFTER_UNKNOWN,
        "seat_position": params["seat_position"],
    }
    return {"hvacSeatCoolerActions": {"hvacSeatCoolerAction": [action]}}


def _auto_seat(params: Params) -> Fields:
    seat = {"on": params["auto_climate_on"], "seat_position": params["auto_seat_position"]}
    return {"autoSeatClimateAction": {"carseat": [seat]}}


def _of_seats(
    signals: Mapping[int, str], seat_parameter: str, value: Expectation
) -> dict[str, Expectation]:
    """The signal of the seat that was meant becomes the value; the others do not change."""

    def of_seat(seat: int) -> Expectation:
        return lambda params: value(params) if params[seat_parameter] == seat else None

    return {signal: of_seat(seat) for seat, signal in signals.items()}


def _cabin_overheat(params: Params) -> str:
    if not params["on"]:
        return "off"
    return "fan_only" if params["fan_only"] else "on"


# What does not run cannot end with the climate.
_RESTING: Final[Mapping[str, frozenset[Value]]] = {
    **dict.fromkeys(("bioweapon_mode", "steering_wheel_heater"), frozenset({False})),
    **dict.fromkeys(
        ("steering_wheel_heat_level", *_SEAT_SIGNALS.values(), *_FAN_SIGNALS.values()),
        frozenset({"off"}),
    ),
}

CLIMATE_COMMANDS: Final = (
    Command(
        name="auto_conditioning_start",
        message=lambda _: {"hvacAutoAction": {"power_on": True}},
        expects={"is_climate_on": becomes(value=True)},
    ),
    Command(
        name="auto_conditioning_stop",
        message=lambda _: {"hvacAutoAction": {"power_on": False}},
        # What only runs with the climate ends with it. Of that, every car has these modes; nothing
        # is foretold of the rest, for that would give a car what it has not.
        expects={
            "is_climate_on": becomes(value=False),
            "climate_keeper_mode": becomes("off"),
            "defrost_mode": becomes("off"),
        },
        changes=(
            "bioweapon_mode",
            "steering_wheel_heater",
            "steering_wheel_heat_level",
            *_SEAT_SIGNALS.values(),
            *_FAN_SIGNALS.values(),
        ),
        stays=_RESTING,
    ),
    Command(
        name="set_temps",
        message=_temperatures,
        schema=vol.Schema(
            vol.All(
                {
                    vol.Optional("driver_temp"): _TEMPERATURE,
                    vol.Optional("passenger_temp"): _TEMPERATURE,
                },
                vol.Length(min=1),
            )
        ),
        expects={
            "driver_temp_setting": becomes_parameter("driver_temp"),
            "passenger_temp_setting": becomes_parameter("passenger_temp"),
        },
    ),
    Command(
        name="set_preconditioning_max",
        message=lambda params: {
            "hvacSetPreconditioningMaxAction": {
                "on": params["on"],
                "manual_override": params["manual_override"],
            }
        },
        schema=vol.Schema(
            {vol.Required("on"): flag, vol.Optional("manual_override", default=False): flag}
        ),
        expects={
            "defrost_mode": lambda params: "max" if params["on"] else "off",
            "is_climate_on": lambda params: True if params["on"] else None,
        },
    ),
    Command(
        name="set_bioweapon_mode",
        message=lambda params: {
            "hvacBioweaponModeAction": {
                "on": params["on"],
                "manual_override": params["manual_override"],
            }
        },
        schema=vol.Schema({vol.Required("on"): flag, vol.Required("manual_override"): flag}),
        expects={
            "bioweapon_mode": becomes_parameter("on"),
            "is_climate_on": lambda params: True if params["on"] else None,
        },
    ),
    Command(
        name="set_cabin_overheat_protection",
        message=lambda params: {
            "setCabinOverheatProtectionAction": {
                "on": params["on"],
                "fan_only": params["fan_only"],
            }
        },
        schema=vol.Schema(
            {vol.Required("on"): flag, vol.Optional("fan_only", default=False): flag}
        ),
        expects={"cabin_overheat_protection": _cabin_overheat},
    ),
    Command(
        name="set_cop_temp",
        message=lambda params: {
            "setCopTempAction": {"copActivationTemp": params["cop_temp"] + _AFTER_UNKNOWN}
        },
        schema=vol.Schema({vol.Required("cop_temp"): integer(0, 2)}),
        expects={
            "cop_activation_temperature": lambda params: _OVERHEAT_TEMPERATURES[params["cop_temp"]]
        },
    ),
    Command(
        name="set_climate_keeper_mode",
        message=lambda params: {
            "hvacClimateKeeperAction": {
                "ClimateKeeperAction": params["climate_keeper_mode"],
                "manual_override": params["manual_override"],
            }
        },
        schema=vol.Schema(
            {
                vol.Required("climate_keeper_mode"): integer(0, 3),
                vol.Optional("manual_override", default=False): flag,
            }
        ),
        expects={
            "climate_keeper_mode": lambda params: _KEEPER_MODES[params["climate_keeper_mode"]],
            "is_climate_on": lambda params: True if params["climate_keeper_mode"] else None,
        },
    ),
    Command(
        name="remote_seat_heater_request",
        message=_seat_heater,
        # The unsigned form has known the seat under both names.
        rest=lambda params: {**params, "heater": params["seat_position"]},
        schema=vol.Schema(
            {
                vol.Required("seat_position"): integer(0, len(_SEATS) - 1),
                vol.Required("level"): integer(0, len(_HEATER_LEVELS) - 1),
            }
        ),
        expects=_of_seats(_SEAT_SIGNALS, "seat_position", lambda params: _LEVELS[params["level"]]),
    ),
    Command(
        name="remote_seat_cooler_request",
        message=_seat_cooler,
        schema=vol.Schema(
            {
                vol.Required("seat_position"): _FRONT_SEAT,
                vol.Required("seat_cooler_level"): integer(0, 3),
            }
        ),
        expects=_of_seats(
            _FAN_SIGNALS, "seat_position", lambda params: _LEVELS[params["seat_cooler_level"]]
        ),
    ),
    Command(
        name="remote_auto_seat_climate_request",
        message=_auto_seat,
        schema=vol.Schema(
            {
                vol.Required("auto_seat_position"): _FRONT_SEAT,
                vol.Required("auto_climate_on"): flag,
            }
        ),
        expects=_of_seats(
            {seat: f"auto_seat_climate_{side}" for seat, side in _FRONT_SEATS.items()},
            "auto_seat_position",
            becomes_parameter("auto_climate_on"),
        ),
    ),
    Command(
        name="remote_steering_wheel_heater_request",
        message=lambda params: {"hvacSteeringWheelHeaterAction": {"power_on": params["on"]}},
        schema=vol.Schema({vol.Required("on"): flag}),
        expects={"steering_wheel_heater": becomes_parameter("on")},
        changes=("steering_wheel_heat_level",),
    ),
    # Tesla's app signs these two; Tesla's proxy does not know them.
    Command(
        name="remote_steering_wheel_heat_level_request",
        message=lambda params: {
            "stwHeatLevelAction": {"stw_heat_level": _WHEEL_MESSAGES[params["level"]]}
        },
        schema=vol.Schema(
            {vol.Required("level"): vol.All(integer(0, 3), vol.In(list(_WHEEL_LEVELS)))}
        ),
        expects={
            "steering_wheel_heat_level": lambda params: _WHEEL_LEVELS[params["level"]],
            "steering_wheel_heater": lambda params: params["level"] > 0,
        },
    ),
    Command(
        name="remote_auto_steering_wheel_heat_climate_request",
        message=lambda params: {"autoStwHeatAction": {"on": params["on"]}},
        schema=vol.Schema({vol.Required("on"): flag}),
        expects={"auto_steering_wheel_heat": becomes_parameter("on")},
    ),
)
