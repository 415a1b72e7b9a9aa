"""Locks, closures, lights, drive: commands that move or show something."""

from typing import Final

from tesla_protocol.command.vcsec_pb2 import ClosureMoveType_E, RKEAction_E
import voluptuous as vol

from custom_components.teslalogger.vehicle.errors import InvalidParameter
from custom_components.teslalogger.vehicle_command.domains import Domain

from .model import (
    CHARGING_COMMAND,
    Command,
    Expectation,
    Fields,
    Params,
    Repeat,
    RouteRule,
    becomes,
)
from .parameters import flag, integer, number, text

_LATITUDE: Final = number(-90, 90)
_LONGITUDE: Final = number(-180, 180)
_TRUNKS: Final = {"front": "frontTrunk", "rear": "rearTrunk"}
_WINDOWS: Final = ("front_driver", "front_passenger", "rear_driver", "rear_passenger")
_SUN_ROOF_STATES: Final = {"vent": "vent", "close": "closed"}


def _trunk(params: Params) -> Fields:
    closure = _TRUNKS[params["which_trunk"]]
    return {"closureMoveRequest": {closure: ClosureMoveType_E.CLOSURE_MOVE_TYPE_MOVE}}


def _closure(
    name: str,
    closure: str,
    move: ClosureMoveType_E,
    repeat: Repeat = Repeat.STATE,
    *,
    route: RouteRule = RouteRule.ANY,
    **expects: Expectation,
) -> Command:
    return Command(
        name=name,
        domain=Domain.VEHICLE_SECURITY,
        message=lambda _: {"closureMoveRequest": {closure: move}},
        repeat=repeat,
        route=route,
        expects=expects,
    )


def _remote_key(name: str, action: RKEAction_E, *, locked: bool) -> Command:
    return Command(
        name=name,
        domain=Domain.VEHICLE_SECURITY,
        message=lambda _: {"RKEAction": action},
        expects={"locked": becomes(locked)},
    )


def _sun_roof(params: Params) -> Fields:
    if params["state"] == "stop":
        raise InvalidParameter(command="sun_roof_control", parameter="state")
    return {"vehicleControlSunroofOpenCloseAction": {params["state"]: {}}}


BODY_COMMANDS: Final = (
    Command(
        name="wake_up",
        message=None,
        rest=None,
        scopes=CHARGING_COMMAND,
        route=RouteRule.WAKE,
        expects={"availability": becomes("online")},
    ),
    _remote_key("door_lock", RKEAction_E.RKE_ACTION_LOCK, locked=True),
    _remote_key("door_unlock", RKEAction_E.RKE_ACTION_UNLOCK, locked=False),
    Command(
        name="remote_start_drive",
        domain=Domain.VEHICLE_SECURITY,
        message=lambda _: {"RKEAction": RKEAction_E.RKE_ACTION_REMOTE_DRIVE},
        repeat=Repeat.ACTION,
        expects={"remote_start": becomes(value=True)},
    ),
    Command(
        name="actuate_trunk",
        domain=Domain.VEHICLE_SECURITY,
        message=_trunk,
        schema=vol.Schema({vol.Required("which_trunk"): vol.In(list(_TRUNKS))}),
        repeat=Repeat.TOGGLE,
        # Nothing closes the front one from afar; what the rear one does depends on where it is.
        expects={"front_trunk": lambda params: True if params["which_trunk"] == "front" else None},
        changes=("rear_trunk",),
    ),
    # The REST API only knows the toggle.
    _closure(
        "open_trunk",
        "rearTrunk",
        ClosureMoveType_E.CLOSURE_MOVE_TYPE_OPEN,
        route=RouteRule.SIGNED_ONLY,
        rear_trunk=becomes(value=True),
    ),
    _closure(
        "close_trunk",
        "rearTrunk",
        ClosureMoveType_E.CLOSURE_MOVE_TYPE_CLOSE,
        route=RouteRule.SIGNED_ONLY,
        rear_trunk=becomes(value=False),
    ),
    _closure(
        "open_tonneau",
        "tonneau",
        ClosureMoveType_E.CLOSURE_MOVE_TYPE_OPEN,
        tonneau_position=becomes("open"),
    ),
    _closure(
        "close_tonneau",
        "tonneau",
        ClosureMoveType_E.CLOSURE_MOVE_TYPE_CLOSE,
        tonneau_position=becomes("closed"),
    ),
    _closure("stop_tonneau", "tonneau", ClosureMoveType_E.CLOSURE_MOVE_TYPE_STOP, Repeat.ACTION),
    Command(
        name="window_control",
        message=lambda params: {"vehicleControlWindowAction": {params["command"]: {}}},
        # Only the unsigned form has a position, and only of who closes windows it has to be near.
        placed_when=lambda params: params.get("command") == "close",
        schema=vol.Schema(
            {
                vol.Required("command"): vol.In(["vent", "close"]),
                vol.Optional("lat", default=0): _LATITUDE,
                vol.Optional("lon", default=0): _LONGITUDE,
            }
        ),
        expects={
            f"window_{window}": lambda params: params["command"] == "vent" for window in _WINDOWS
        },
    ),
    Command(
        name="sun_roof_control",
        message=_sun_roof,
        # Only the unsigned form knows "stop"; no car with a sunroof takes another one.
        schema=vol.Schema({vol.Required("state"): vol.In(["vent", "close", "stop"])}),
        expects={"sun_roof_state": lambda params: _SUN_ROOF_STATES.get(params["state"])},
        changes=("sun_roof_percent_open",),
    ),
    Command(
        name="flash_lights",
        message=lambda _: {"vehicleControlFlashLightsAction": {}},
        repeat=Repeat.ACTION,
    ),
    Command(
        name="honk_horn",
        message=lambda _: {"vehicleControlHonkHornAction": {}},
        repeat=Repeat.ACTION,
    ),
    Command(
        name="remote_boombox",
        message=lambda params: {"boomboxAction": {"sound": params["sound"]}},
        # 0 is a random one, 2000 the sound by which a parked car is found.
        schema=vol.Schema({vol.Optional("sound", default=2000): integer(0, 2**31)}),
        repeat=Repeat.ACTION,
    ),
    Command(
        name="trigger_homelink",
        message=lambda params: {
            "vehicleControlTriggerHomelinkAction": {
                "location": {"latitude": params["lat"], "longitude": params["lon"]}
            }
        },
        schema=vol.Schema({vol.Required("lat"): _LATITUDE, vol.Required("lon"): _LONGITUDE}),
        repeat=Repeat.TOGGLE,
    ),
    Command(
        name="set_vehicle_name",
        message=lambda params: {"setVehicleNameAction": {"vehicleName": params["vehicle_name"]}},
        schema=vol.Schema({vol.Required("vehicle_name"): text()}),
        route=RouteRule.SIGNED_ONLY,
        expects={"vehicle_name": lambda params: str(params["vehicle_name"])},
    ),
    Command(
        name="schedule_software_update",
        message=lambda params: {
            "vehicleControlScheduleSoftwareUpdateAction": {"offset_sec": params["offset_sec"]}
        },
        schema=vol.Schema({vol.Required("offset_sec"): integer(0, 7 * 24 * 3600)}),
        repeat=Repeat.ACTION,
        changes=("software_update_status",),
    ),
    Command(
        name="cancel_software_update",
        message=lambda _: {"vehicleControlCancelSoftwareUpdateAction": {}},
        changes=("software_update_status",),
    ),
    Command(
        name="set_low_power_mode",
        message=lambda params: {"setLowPowerModeAction": {"low_power_mode": params["enable"]}},
        schema=vol.Schema({vol.Required("enable"): flag}),
    ),
    Command(
        name="keep_accessory_power_mode",
        message=lambda params: {
            "setKeepAccessoryPowerModeAction": {"keep_accessory_power_mode": params["enable"]}
        },
        schema=vol.Schema({vol.Required("enable"): flag}),
    ),
)
