"""What Tesla's app signs and no REST command does: fields that Tesla has not published."""

from typing import TYPE_CHECKING, Any, Final

from tesla_protocol.command.vcsec_pb2 import RKEAction_E
import voluptuous as vol

from custom_components.teslalogger.vehicle_command.domains import Domain

from .model import Command, Expectation, Repeat, RouteRule, becomes, becomes_parameter
from .parameters import MINUTES_OF_A_DAY, flag, integer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_DOORS: Final = ("front_driver", "front_passenger", "rear_driver", "rear_passenger")
_LEVELS: Final = ("off", "low", "medium", "high")
_MINUTES: Final = integer(0, MINUTES_OF_A_DAY)
_PERCENT: Final = integer(0, 100)


def _set(
    name: str,
    action: str,
    field: str,
    parameter: str,
    check: Any,
    convert: Callable[[Any], Any],
    signal: str | None,
    shown: Callable[[Any], Any],
) -> Command:
    """Sets one thing to a value; `signal` is the one that shows it afterwards, and how."""
    expects: Mapping[str, Expectation] = (
        {} if signal is None else {signal: lambda params: shown(params[parameter])}
    )
    return Command(
        name=name,
        message=lambda params: {action: {field: convert(params[parameter])}},
        schema=vol.Schema({vol.Required(parameter): check}),
        route=RouteRule.SIGNED_ONLY,
        expects=expects,
    )


def _switch(name: str, action: str, field: str) -> Command:
    return _set(name, action, field, "on", flag, int, None, bool)


def _number(name: str, action: str, field: str, check: Callable[[object], int]) -> Command:
    return _set(name, action, field, field, check, int, None, int)


def _choice(
    name: str,
    action: str,
    field: str,
    parameter: str,
    words: Sequence[str],
    *,
    first: int = 0,
    signal: str | None = None,
    shown: Callable[[Any], Any] = str,
) -> Command:
    """The words stand for Tesla's numbers, which begin with `first`."""
    numbers = {word: number for number, word in enumerate(words, first)}
    check = vol.In(list(words))
    return _set(name, action, field, parameter, check, numbers.__getitem__, signal, shown)


UNPUBLISHED_COMMANDS: Final = (
    Command(
        name="ping",
        message=lambda _: {"ping": {"ping_id": 1}},
        route=RouteRule.SIGNED_ONLY,
    ),
    Command(
        name="dashcam_save_clip",
        message=lambda _: {"dashcamSaveClipAction": {}},
        route=RouteRule.SIGNED_ONLY,
        repeat=Repeat.ACTION,
    ),
    # A Model X closes its doors and locks.
    Command(
        name="auto_secure_vehicle",
        domain=Domain.VEHICLE_SECURITY,
        message=lambda _: {"RKEAction": RKEAction_E.RKE_ACTION_AUTO_SECURE_VEHICLE},
        route=RouteRule.SIGNED_ONLY,
        expects={
            "locked": becomes(value=True),
            **{f"door_{door}": becomes(value=False) for door in _DOORS},
        },
    ),
    Command(
        name="set_sun_roof_level",
        message=lambda params: {
            "vehicleControlSunroofOpenCloseAction": {"absolute_level": params["percent"]}
        },
        schema=vol.Schema({vol.Required("percent"): _PERCENT}),
        route=RouteRule.SIGNED_ONLY,
        expects={"sun_roof_percent_open": becomes_parameter("percent")},
        changes=("sun_roof_state",),
    ),
    _switch("set_recirculation", "hvacRecirculationAction", "on"),
    _choice(
        "set_suspension_level",
        "setSuspensionLevelAction",
        "suspension_level",
        "level",
        ("entry", "low", "medium", "high", "very_high", "extract"),
        first=1,
    ),
    _choice(
        "set_outlets",
        "setOutletsOnOffAction",
        "outlet_request",
        "outlets",
        ("off", "cabin_and_bed", "cabin"),
    ),
    _number("set_outlet_timer", "setOutletTimerAction", "num_minutes", _MINUTES),
    _number("set_outlet_limit", "setOutletSocLimitAction", "percent", _PERCENT),
    _choice(
        "set_power_feed",
        "setPowerFeedOnOffAction",
        "power_feed_request",
        "feeds",
        ("off", "1", "2", "both"),
    ),
    _number("set_power_feed_timer", "setPowerFeedTimerAction", "num_minutes", _MINUTES),
    _number("set_power_feed_limit", "setPowerFeedSocLimitAction", "percent", _PERCENT),
    _switch("set_powershare_feature", "setPowershareFeatureAction", "powershare_feature_request"),
    _switch("set_powershare", "setPowershareRequestAction", "powershare_request"),
    _switch("set_tent_mode", "setTentModeRequestAction", "on"),
    _switch("set_trailer_light_test", "setTrailerLightTestStartStopAction", "start_stop"),
    _switch("set_bed_light_auto", "setTruckBedLightAutoStateAction", "power_state"),
    _switch("set_light_bar_middle", "setLightbarMiddleAction", "middle_light_request"),
    _switch("set_light_bar_ditch", "setLightbarDitchAction", "ditch_lights_request"),
    _choice(
        "set_front_zone_light",
        "setFrontZoneLightRequestAction",
        "zone_light_request",
        "level",
        _LEVELS,
    ),
    _choice(
        "set_rear_zone_light",
        "setRearZoneLightRequestAction",
        "zone_light_request",
        "level",
        _LEVELS,
    ),
    _choice(
        "set_temperature_unit",
        "setTemperatureUnitAction",
        "unit",
        "unit",
        ("fahrenheit", "celsius"),
        signal="gui_temperature_units",
    ),
    _choice(
        "set_distance_unit",
        "setDistanceUnitAction",
        "unit",
        "unit",
        ("mi", "km"),
        signal="gui_distance_units",
    ),
    _choice(
        "set_time_format",
        "setTimeDisplayFormatAction",
        "format",
        "hours",
        ("12", "24"),
        signal="gui_24_hour_time",
        shown=lambda hours: hours == "24",
    ),
    _choice(
        "set_tire_pressure_unit",
        "setTirePressureUnitAction",
        "unit",
        "unit",
        ("psi", "bar"),
        signal="gui_tirepressure_units",
    ),
    _choice(
        "set_energy_display",
        "setEnergyDisplayFormatAction",
        "format",
        "unit",
        ("percent", "distance"),
        signal="gui_charge_unit",
    ),
)
