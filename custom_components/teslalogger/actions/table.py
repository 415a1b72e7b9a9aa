"""ACTIONS: what a car can be told beside its entities, and which commands that makes."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import UnitOfSpeed
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.unit_conversion import SpeedConverter
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
import voluptuous as vol

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.vehicle.commands import COMMANDS
from custom_components.teslalogger.whereabouts import whereabouts

from .model import (
    KMH,
    MPH,
    PLACE,
    SPEED_UNIT,
    Action,
    Data,
    Field,
    Step,
    choice,
    coordinates,
    flag,
    number,
    pin,
    plain,
    text,
)
from .schedules import SCHEDULE_ACTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custom_components.teslalogger.coordinator import CarCoordinator

_REPLACE: Final = "replace"
_ORDERS: Final = {_REPLACE: 1, "first": 2, "last": 3}
_DESTINATIONS: Final = ("destination", "location", "supercharger", "waypoints")
# The others always replace what the car knows.
_ORDERED: Final = frozenset({"location", "supercharger"})
_MEDIA: Final = {
    "play_pause": "media_toggle_playback",
    "next_track": "media_next_track",
    "previous_track": "media_prev_track",
    "next_favorite": "media_next_fav",
    "previous_favorite": "media_prev_fav",
    "volume_up": "media_volume_up",
    "volume_down": "media_volume_down",
}
_SOUNDS: Final = {"locate": 2000, "random": 0}
_CHARGE_PRESETS: Final = {"standard": "charge_standard", "max_range": "charge_max_range"}
_POWER_MODES: Final = {
    "low_power": "set_low_power_mode",
    "accessory_power": "keep_accessory_power_mode",
}
_PARENTAL_SETTINGS: Final = {
    "speed_limit": "SpeedLimit",
    "acceleration": "Acceleration",
    "safety_features": "SafetyFeatures",
    "curfew": "Curfew",
    "browser": "BrowserBlocked",
    "theater": "TheaterBlocked",
    "arcade": "ArcadeBlocked",
}
# The widest that any of the units allows; what the car takes, its command knows.
_SPEED_LIMIT: Final = number("limit", 50, 200, step=0.5)


def _navigate(car: CarCoordinator, data: Data) -> Sequence[Step]:
    if len([name for name in _DESTINATIONS if name in data]) != 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="one_destination_needed"
        )
    if data["order"] != _REPLACE and not _ORDERED & set(data):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="order_not_possible"
        )
    order = {"order": _ORDERS[data["order"]]}
    if "location" in data:
        params = coordinates(data["location"]) | order
        return (Step(command="navigation_gps_request", params=params),)
    if "supercharger" in data:
        params = {"id": data["supercharger"]} | order
        return (Step(command="navigation_sc_request", params=params),)
    if "waypoints" in data:
        waypoints = ",".join(f"refId:{place.removeprefix('refId:')}" for place in data["waypoints"])
        return (Step(command="navigation_waypoints_request", params={"waypoints": waypoints}),)
    config = car.hass.config
    locale = {"locale": f"{config.language}-{config.country}"} if config.country else {}
    params = {"destination": data["destination"]} | locale
    return (Step(command="navigation_request", params=params),)


def _with_pin(data: Data) -> dict[str, Any]:
    return {"password": data["pin"]} if "pin" in data else {}


def _switch_with_pin(name: str, command: str) -> Action:
    return Action(
        name=name,
        fields=(flag("on", required=True, default=True), pin()),
        commands=(command,),
        steps=lambda _, data: (Step(command=command, params={"on": data["on"]} | _with_pin(data)),),
    )


def _clear_pin(name: str, with_pin: str, as_owner: str) -> Action:
    """With the PIN; without it, as the owner who has forgotten it."""
    return Action(
        name=name,
        fields=(pin(),),
        commands=(with_pin, as_owner),
        steps=lambda _, data: (
            (Step(command=with_pin, params={"pin": data["pin"]}),)
            if "pin" in data
            else (Step(command=as_owner),)
        ),
    )


def _miles(car: CarCoordinator, data: Data) -> float:
    """The limit in mph, whichever unit it was given in."""
    is_us = car.hass.config.units is US_CUSTOMARY_SYSTEM
    if data.get("unit", MPH if is_us else KMH) == MPH:
        return float(data["limit"])
    return round(
        SpeedConverter.convert(
            data["limit"], UnitOfSpeed.KILOMETERS_PER_HOUR, UnitOfSpeed.MILES_PER_HOUR
        ),
        1,
    )


def _limited_mode(name: str, command: str, set_limit: str) -> Action:
    """A mode with a PIN, and its speed limit; either can be left alone."""
    turns = {True: f"{command}_activate", False: f"{command}_deactivate"}

    def steps(car: CarCoordinator, data: Data) -> Sequence[Step]:
        if not {"on", "limit"} & set(data):
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="mode_or_limit_needed"
            )
        if "on" in data and "pin" not in data:
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="pin_needed")
        turn: list[Step] = []
        if "on" in data:
            turn = [Step(command=turns[data["on"]], params={"pin": data["pin"]})]
        limit: list[Step] = []
        if "limit" in data:
            limit = [Step(command=set_limit, params={"limit_mph": _miles(car, data)})]
        # An active limit cannot be changed: the new one comes before turning on, after turning off.
        return [*turn, *limit] if data.get("on") is False else [*limit, *turn]

    return Action(
        name=name,
        fields=(flag("on"), pin(), _SPEED_LIMIT, SPEED_UNIT),
        commands=(set_limit, *turns.values()),
        steps=steps,
    )


def _media(_: CarCoordinator, data: Data) -> Sequence[Step]:
    steps = [Step(command=_MEDIA[data["press"]])] if "press" in data else []
    if "volume" in data:
        steps.append(Step(command="adjust_volume", params={"volume": data["volume"]}))
    if not steps:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="press_or_volume_needed"
        )
    return steps


def _homelink(car: CarCoordinator, data: Data) -> Sequence[Step]:
    """At the place, else where the car is, else at home."""
    where = coordinates(data["location"]) if "location" in data else whereabouts(car)
    return (Step(command="trigger_homelink", params=where),)


def _erase(_: CarCoordinator, data: Data) -> Sequence[Step]:
    if not data["confirm"]:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="confirmation_needed"
        )
    return (Step(command="erase_user_data"),)


ACTIONS: Final = (
    Action(
        name="navigate",
        fields=(
            text("destination"),
            PLACE,
            number("supercharger", 0, 2**53),
            Field(
                name="waypoints",
                selector={"text": {"multiple": True}},
                check=vol.All(cv.ensure_list, [cv.string], vol.Length(min=1)),
            ),
            choice("order", list(_ORDERS), words="stop_order", default=_REPLACE),
        ),
        commands=(
            "navigation_request",
            "navigation_gps_request",
            "navigation_sc_request",
            "navigation_waypoints_request",
        ),
        steps=_navigate,
    ),
    *SCHEDULE_ACTIONS,
    Action(
        name="set_charge_preset",
        fields=(choice("preset", list(_CHARGE_PRESETS), words="charge_preset", required=True),),
        commands=tuple(_CHARGE_PRESETS.values()),
        steps=lambda _, data: (Step(command=_CHARGE_PRESETS[data["preset"]]),),
    ),
    plain("remote_start", "remote_start_drive"),
    _limited_mode("speed_limit", "speed_limit", "speed_limit_set_limit"),
    _clear_pin("clear_speed_limit_pin", "speed_limit_clear_pin", "speed_limit_clear_pin_admin"),
    _switch_with_pin("set_valet_mode", "set_valet_mode"),
    plain("reset_valet_pin", "reset_valet_pin"),
    _switch_with_pin("pin_to_drive", "set_pin_to_drive"),
    Action(
        name="clear_pin_to_drive",
        fields=(flag("as_owner", default=True),),
        commands=("clear_pin_to_drive_admin", "reset_pin_to_drive_pin"),
        steps=lambda _, data: (
            Step(
                command="clear_pin_to_drive_admin" if data["as_owner"] else "reset_pin_to_drive_pin"
            ),
        ),
    ),
    _limited_mode("parental_controls", "parental_controls", "parental_controls_set_speed_limit"),
    Action(
        name="set_parental_control",
        fields=(
            choice("setting", list(_PARENTAL_SETTINGS), words="parental_setting", required=True),
            flag("on", required=True, default=True),
        ),
        commands=("parental_controls_enable_setting",),
        steps=lambda _, data: (
            Step(
                command="parental_controls_enable_setting",
                params={"setting": _PARENTAL_SETTINGS[data["setting"]], "enable": data["on"]},
            ),
        ),
    ),
    _clear_pin(
        "clear_parental_pin", "parental_controls_clear_pin", "parental_controls_clear_pin_admin"
    ),
    Action(
        name="media",
        fields=(
            choice("press", list(_MEDIA), words="media_press"),
            number("volume", 0, 11, step=0.5),
        ),
        commands=(*_MEDIA.values(), "adjust_volume"),
        steps=_media,
    ),
    Action(
        name="schedule_software_update",
        fields=(
            Field(
                name="delay",
                selector={"duration": {"enable_day": True}},
                check=cv.positive_time_period,
                required=True,
            ),
        ),
        commands=("schedule_software_update",),
        steps=lambda _, data: (
            Step(
                command="schedule_software_update",
                params={"offset_sec": int(data["delay"].total_seconds())},
            ),
        ),
    ),
    plain("cancel_software_update", "cancel_software_update"),
    Action(
        name="set_vehicle_name",
        fields=(text("name", required=True),),
        commands=("set_vehicle_name",),
        steps=lambda _, data: (
            Step(command="set_vehicle_name", params={"vehicle_name": data["name"]}),
        ),
    ),
    Action(
        name="set_power_mode",
        fields=(
            choice("mode", list(_POWER_MODES), words="power_mode", required=True),
            flag("on", required=True, default=True),
        ),
        commands=tuple(_POWER_MODES.values()),
        steps=lambda _, data: (
            Step(command=_POWER_MODES[data["mode"]], params={"enable": data["on"]}),
        ),
    ),
    Action(
        name="trigger_homelink",
        fields=(PLACE,),
        commands=("trigger_homelink",),
        steps=_homelink,
    ),
    Action(
        name="boombox",
        fields=(choice("sound", list(_SOUNDS), words="boombox_sound", default="locate"),),
        commands=("remote_boombox",),
        steps=lambda _, data: (
            Step(command="remote_boombox", params={"sound": _SOUNDS[data["sound"]]}),
        ),
    ),
    Action(
        name="erase_user_data",
        fields=(flag("confirm", required=True),),
        commands=("erase_user_data",),
        steps=_erase,
    ),
    Action(
        name="send_command",
        fields=(
            Field(
                name="command",
                selector={"select": {"options": sorted(COMMANDS), "custom_value": True}},
                check=cv.string,
                required=True,
            ),
            Field(
                name="parameters",
                selector={"object": None},
                check=vol.Schema({cv.string: object}),
                secret=True,  # one of them can be a PIN
            ),
        ),
        commands=None,
        steps=lambda _, data: (Step(command=data["command"], params=data.get("parameters", {})),),
    ),
)
