"""What a signed message asks for, in the words of the REST API."""

from typing import TYPE_CHECKING, Any, Final

from tesla_protocol.command.car_server_pb2 import Action, VehicleAction
from tesla_protocol.command.vcsec_pb2 import UnsignedMessage

from simulator.car.state import DAYS, SEATS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from google.protobuf.message import Message

type Asked = tuple[str, dict[str, Any]]

_SEAT_FIELDS: Final = tuple(f"CAR_SEAT_{seat.upper()}" for seat in SEATS)
_LEVEL_FIELDS: Final = ("SEAT_HEATER_OFF", "SEAT_HEATER_LOW", "SEAT_HEATER_MED", "SEAT_HEATER_HIGH")
# The message's Off, Low and High are REST's 0, 1 and 3.
_WHEEL_LEVELS: Final = {1: 0, 2: 1, 3: 3}
_TRUNK_MOVES: Final = {"rearTrunk": "rear", "frontTrunk": "front"}
_OFF_ON: Final = {0: False, 1: True}
_LIGHT_LEVELS: Final = {0: "off", 1: "low", 2: "medium", 3: "high"}
_MOVE, _STOP, _OPEN, _CLOSE = 1, 2, 3, 4
_LOCKS: Final = {
    0: "door_unlock",
    1: "door_lock",
    20: "remote_start_drive",
    29: "auto_secure_vehicle",
}


class Undecodable(Exception):
    """This car does not know such a command."""


def infotainment(payload: bytes) -> Asked:
    """The command in a CarServer.Action; raises Undecodable or protobuf's DecodeError."""
    action = Action.FromString(payload)
    if action.WhichOneof("action_msg") != "vehicleAction":
        raise Undecodable
    vehicle_action: VehicleAction = action.vehicleAction
    field = vehicle_action.WhichOneof("vehicle_action_msg")
    if field is None or field not in _ACTIONS:
        raise Undecodable
    return _ACTIONS[field](getattr(vehicle_action, field))


def vehicle_security(payload: bytes) -> Asked:
    """The command in a VCSEC.UnsignedMessage; raises Undecodable or protobuf's DecodeError."""
    message = UnsignedMessage.FromString(payload)
    match message.WhichOneof("sub_message"):
        case "RKEAction":
            name = _LOCKS.get(message.RKEAction)
            if name is None:
                raise Undecodable
            return name, {}
        case "closureMoveRequest":
            return _closure(message.closureMoveRequest)
        case _:
            raise Undecodable


def _closure(request: Message) -> Asked:
    moves = request.ListFields()
    if len(moves) != 1:
        raise Undecodable
    (descriptor, move), name = moves[0], moves[0][0].name
    if name in _TRUNK_MOVES and move == _MOVE:
        return "actuate_trunk", {"which_trunk": _TRUNK_MOVES[name]}
    asked = {
        ("rearTrunk", _OPEN): "open_trunk",
        ("rearTrunk", _CLOSE): "close_trunk",
        ("tonneau", _OPEN): "open_tonneau",
        ("tonneau", _CLOSE): "close_tonneau",
        ("tonneau", _STOP): "stop_tonneau",
        ("chargePort", _OPEN): "charge_port_door_open",
        ("chargePort", _CLOSE): "charge_port_door_close",
    }.get((descriptor.name, move))
    if asked is None:
        raise Undecodable
    return asked, {}


def _plain(name: str) -> Callable[[Any], Asked]:
    return lambda _: (name, {})


def _fields(name: str, **parameters: str) -> Callable[[Any], Asked]:
    """Parameters that are fields of the message under another name."""
    return lambda message: (
        name,
        {parameter: getattr(message, field) for parameter, field in parameters.items()},
    )


def _either(field: str, if_on: str, if_off: str, **parameters: str) -> Callable[[Any], Asked]:
    def asked(message: Any) -> Asked:
        name = if_on if getattr(message, field) else if_off
        return name, {key: getattr(message, value) for key, value in parameters.items()}

    return asked


def _one_of(oneof: str, **names: Asked) -> Callable[[Any], Asked]:
    def asked(message: Any) -> Asked:
        chosen = message.WhichOneof(oneof)
        if chosen not in names:
            raise Undecodable
        name, params = names[chosen]
        return name, dict(params)

    return asked


def _volume(message: Any) -> Asked:
    if message.WhichOneof("media_volume") == "volume_absolute_float":
        return "adjust_volume", {"volume": message.volume_absolute_float}
    return ("media_volume_up" if message.volume_delta > 0 else "media_volume_down"), {}


def _temperatures(message: Any) -> Asked:
    return "set_temps", {
        "driver_temp": message.driver_temp_celsius,
        "passenger_temp": message.passenger_temp_celsius,
    }


def _seat_heater(message: Any) -> Asked:
    only = _single(message.hvacSeatHeaterAction)
    seat, level = only.WhichOneof("seat_position"), only.WhichOneof("seat_heater_level")
    if seat not in _SEAT_FIELDS or level not in _LEVEL_FIELDS:
        raise Undecodable
    return "remote_seat_heater_request", {
        "seat_position": _SEAT_FIELDS.index(seat),
        "level": _LEVEL_FIELDS.index(level),
    }


def _seat_cooler(message: Any) -> Asked:
    only = _single(message.hvacSeatCoolerAction)
    # The enum begins with "unknown", so what the documentation calls 0 is 1 here.
    return "remote_seat_cooler_request", {
        "seat_position": only.seat_position,
        "seat_cooler_level": only.seat_cooler_level - 1,
    }


def _auto_seat(message: Any) -> Asked:
    only = _single(message.carseat)
    return "remote_auto_seat_climate_request", {
        "auto_seat_position": only.seat_position,
        "auto_climate_on": only.on,
    }


def _single(repeated: Any) -> Any:
    if len(repeated) != 1:
        raise Undecodable
    return repeated[0]


def _steering_wheel_level(message: Any) -> Asked:
    if message.stw_heat_level not in _WHEEL_LEVELS:
        raise Undecodable
    return "remote_steering_wheel_heat_level_request", {
        "level": _WHEEL_LEVELS[message.stw_heat_level]
    }


def _overheat_level(message: Any) -> Asked:
    return "set_cop_temp", {"cop_temp": message.copActivationTemp - 1}


def _scheduled_departure(message: Any) -> Asked:
    params: dict[str, Any] = {"enable": message.enabled}
    if message.enabled:
        params["departure_time"] = message.departure_time
        params["end_off_peak_time"] = message.off_peak_hours_end_time
        for prefix, field in (
            ("preconditioning", "preconditioning_times"),
            ("off_peak_charging", "off_peak_charging_times"),
        ):
            days = getattr(message, field).WhichOneof("times")
            params[f"{prefix}_enabled"] = days is not None
            params[f"{prefix}_weekdays_only"] = days == "weekdays"
    return "set_scheduled_departure", params


def _days(mask: int) -> str:
    return ",".join(day for bit, day in enumerate(DAYS) if mask & 1 << bit)


def _named(message: Any) -> dict[str, Any]:
    """The name that people gave a schedule, if they did."""
    return {"name": message.name} if message.name else {}


def _charge_schedule(message: Any) -> Asked:
    return "add_charge_schedule", {
        **_named(message),
        "id": message.id,
        "lat": message.latitude,
        "lon": message.longitude,
        "start_enabled": message.start_enabled,
        "start_time": message.start_time,
        "end_enabled": message.end_enabled,
        "end_time": message.end_time,
        "days_of_week": _days(message.days_of_week),
        "enabled": message.enabled,
        "one_time": message.one_time,
    }


def _precondition_schedule(message: Any) -> Asked:
    return "add_precondition_schedule", {
        **_named(message),
        "id": message.id,
        "lat": message.latitude,
        "lon": message.longitude,
        "precondition_time": message.precondition_time,
        "days_of_week": _days(message.days_of_week),
        "enabled": message.enabled,
        "one_time": message.one_time,
    }


def _parental_setting(message: Any) -> Asked:
    field = message.DESCRIPTOR.fields_by_name["setting"]
    return "parental_controls_enable_setting", {
        "setting": field.enum_type.values_by_number[message.setting].name,
        "enable": message.enable,
    }


def _sun_roof(message: Any) -> Asked:
    match message.WhichOneof("action"), message.WhichOneof("sunroof_level"):
        case "vent" | "close" as state, None:
            return "sun_roof_control", {"state": state}
        case None, "absolute_level":
            return "set_sun_roof_level", {"percent": message.absolute_level}
        case _:
            raise Undecodable


def _word(
    name: str, parameter: str, field: str, words: Mapping[int, Any]
) -> Callable[[Any], Asked]:
    """A parameter whose values are numbers in the message."""

    def asked(message: Any) -> Asked:
        number = int(getattr(message, field))
        if number not in words:
            raise Undecodable
        return name, {parameter: words[number]}

    return asked


def _homelink(message: Any) -> Asked:
    return "trigger_homelink", {
        "lat": message.location.latitude,
        "lon": message.location.longitude,
    }


def _pin(name: str) -> Callable[[Any], Asked]:
    """A switch whose PIN is only there when it was given."""
    return lambda message: (
        name,
        {"on": message.on} | ({"password": message.password} if message.password else {}),
    )


_ACTIONS: Final[Mapping[str, Callable[[Any], Asked]]] = {
    "mediaUpdateVolume": _volume,
    "mediaNextFavorite": _plain("media_next_fav"),
    "mediaPreviousFavorite": _plain("media_prev_fav"),
    "mediaNextTrack": _plain("media_next_track"),
    "mediaPreviousTrack": _plain("media_prev_track"),
    "mediaPlayAction": _plain("media_toggle_playback"),
    "hvacAutoAction": _either("power_on", "auto_conditioning_start", "auto_conditioning_stop"),
    "hvacSeatCoolerActions": _seat_cooler,
    "hvacSeatHeaterActions": _seat_heater,
    "autoSeatClimateAction": _auto_seat,
    "hvacSteeringWheelHeaterAction": _fields("remote_steering_wheel_heater_request", on="power_on"),
    "stwHeatLevelAction": _steering_wheel_level,
    "autoStwHeatAction": _fields("remote_auto_steering_wheel_heat_climate_request", on="on"),
    "hvacBioweaponModeAction": _fields(
        "set_bioweapon_mode", on="on", manual_override="manual_override"
    ),
    "setCabinOverheatProtectionAction": _fields(
        "set_cabin_overheat_protection", on="on", fan_only="fan_only"
    ),
    "hvacClimateKeeperAction": _fields(
        "set_climate_keeper_mode",
        climate_keeper_mode="ClimateKeeperAction",
        manual_override="manual_override",
    ),
    "setCopTempAction": _overheat_level,
    "hvacSetPreconditioningMaxAction": _fields(
        "set_preconditioning_max", on="on", manual_override="manual_override"
    ),
    "hvacTemperatureAdjustmentAction": _temperatures,
    "chargePortDoorClose": _plain("charge_port_door_close"),
    "chargePortDoorOpen": _plain("charge_port_door_open"),
    "vehicleControlFlashLightsAction": _plain("flash_lights"),
    "vehicleControlHonkHornAction": _plain("honk_horn"),
    "setKeepAccessoryPowerModeAction": _fields(
        "keep_accessory_power_mode", enable="keep_accessory_power_mode"
    ),
    "setLowPowerModeAction": _fields("set_low_power_mode", enable="low_power_mode"),
    "chargingStartStopAction": _one_of(
        "charging_action",
        start=("charge_start", {}),
        stop=("charge_stop", {}),
        start_standard=("charge_standard", {}),
        start_max_range=("charge_max_range", {}),
    ),
    "setChargingAmpsAction": _fields("set_charging_amps", charging_amps="charging_amps"),
    "chargingSetLimitAction": _fields("set_charge_limit", percent="percent"),
    "scheduledChargingAction": _fields(
        "set_scheduled_charging", enable="enabled", time="charging_time"
    ),
    "scheduledDepartureAction": _scheduled_departure,
    "addChargeScheduleAction": _charge_schedule,
    "addPreconditionScheduleAction": _precondition_schedule,
    "removeChargeScheduleAction": _fields("remove_charge_schedule", id="id"),
    "removePreconditionScheduleAction": _fields("remove_precondition_schedule", id="id"),
    "vehicleControlSetSentryModeAction": _fields("set_sentry_mode", on="on"),
    "vehicleControlSetValetModeAction": _pin("set_valet_mode"),
    "vehicleControlResetValetPinAction": _plain("reset_valet_pin"),
    "vehicleControlSetPinToDriveAction": _pin("set_pin_to_drive"),
    "vehicleControlResetPinToDriveAction": _plain("reset_pin_to_drive_pin"),
    "vehicleControlResetPinToDriveAdminAction": _plain("clear_pin_to_drive_admin"),
    "eraseUserDataAction": _plain("erase_user_data"),
    "guestModeAction": _fields("guest_mode", enable="GuestModeActive"),
    "setVehicleNameAction": _fields("set_vehicle_name", vehicle_name="vehicleName"),
    "drivingSpeedLimitAction": _either(
        "activate", "speed_limit_activate", "speed_limit_deactivate", pin="pin"
    ),
    "drivingSetSpeedLimitAction": _fields("speed_limit_set_limit", limit_mph="limit_mph"),
    "drivingClearSpeedLimitPinAction": _fields("speed_limit_clear_pin", pin="pin"),
    "drivingClearSpeedLimitPinAdminAction": _plain("speed_limit_clear_pin_admin"),
    "parentalControlsAction": _either(
        "activate", "parental_controls_activate", "parental_controls_deactivate", pin="pin"
    ),
    "parentalControlsEnableSettingsAction": _parental_setting,
    "parentalControlsSetSpeedLimitAction": _fields(
        "parental_controls_set_speed_limit", limit_mph="limit_mph"
    ),
    "parentalControlsClearPinAction": _fields("parental_controls_clear_pin", pin="pin"),
    "parentalControlsClearPinAdminAction": _plain("parental_controls_clear_pin_admin"),
    "vehicleControlTriggerHomelinkAction": _homelink,
    "vehicleControlScheduleSoftwareUpdateAction": _fields(
        "schedule_software_update", offset_sec="offset_sec"
    ),
    "vehicleControlCancelSoftwareUpdateAction": _plain("cancel_software_update"),
    "vehicleControlWindowAction": _one_of(
        "action",
        vent=("window_control", {"command": "vent"}),
        close=("window_control", {"command": "close"}),
    ),
    "vehicleControlSunroofOpenCloseAction": _sun_roof,
    "navigationGpsRequest": _fields("navigation_gps_request", lat="lat", lon="lon", order="order"),
    "navigationSuperchargerRequest": _fields(
        "navigation_sc_request", id="id", order="remote_nav_trip_order"
    ),
    "navigationWaypointsRequest": _fields("navigation_waypoints_request", waypoints="waypoints"),
    "boomboxAction": _fields("remote_boombox", sound="sound"),
    "batchRemoveChargeSchedulesAction": _fields(
        "batch_remove_charge_schedules", home="home", work="work", other="other"
    ),
    "batchRemovePreconditionSchedulesAction": _fields(
        "batch_remove_precondition_schedules", home="home", work="work", other="other"
    ),
    "ping": _plain("ping"),
    "dashcamSaveClipAction": _plain("dashcam_save_clip"),
    "navigationGpsDestinationRequest": _fields(
        "navigation_gps_destination_request",
        lat="lat",
        lon="lon",
        destination="destination",
        order="order",
    ),
    "hvacRecirculationAction": _fields("set_recirculation", on="on"),
    "setTentModeRequestAction": _fields("set_tent_mode", on="on"),
    "setTrailerLightTestStartStopAction": _fields("set_trailer_light_test", on="start_stop"),
    "setTruckBedLightAutoStateAction": _fields("set_bed_light_auto", on="power_state"),
    "setLightbarMiddleAction": _fields("set_light_bar_middle", on="middle_light_request"),
    "setLightbarDitchAction": _fields("set_light_bar_ditch", on="ditch_lights_request"),
    "setPowershareFeatureAction": _word(
        "set_powershare_feature", "on", "powershare_feature_request", _OFF_ON
    ),
    "setPowershareRequestAction": _word("set_powershare", "on", "powershare_request", _OFF_ON),
    "setOutletTimerAction": _fields("set_outlet_timer", num_minutes="num_minutes"),
    "setOutletSocLimitAction": _fields("set_outlet_limit", percent="percent"),
    "setPowerFeedTimerAction": _fields("set_power_feed_timer", num_minutes="num_minutes"),
    "setPowerFeedSocLimitAction": _fields("set_power_feed_limit", percent="percent"),
    "setOutletsOnOffAction": _word(
        "set_outlets", "outlets", "outlet_request", {0: "off", 1: "cabin_and_bed", 2: "cabin"}
    ),
    "setPowerFeedOnOffAction": _word(
        "set_power_feed", "feeds", "power_feed_request", {0: "off", 1: "1", 2: "2", 3: "both"}
    ),
    "setFrontZoneLightRequestAction": _word(
        "set_front_zone_light", "level", "zone_light_request", _LIGHT_LEVELS
    ),
    "setRearZoneLightRequestAction": _word(
        "set_rear_zone_light", "level", "zone_light_request", _LIGHT_LEVELS
    ),
    "setSuspensionLevelAction": _word(
        "set_suspension_level",
        "level",
        "suspension_level",
        {1: "entry", 2: "low", 3: "medium", 4: "high", 5: "very_high", 6: "extract"},
    ),
    "setTemperatureUnitAction": _word(
        "set_temperature_unit", "unit", "unit", {0: "fahrenheit", 1: "celsius"}
    ),
    "setDistanceUnitAction": _word("set_distance_unit", "unit", "unit", {0: "mi", 1: "km"}),
    "setTimeDisplayFormatAction": _word("set_time_format", "hours", "format", {0: "12", 1: "24"}),
    "setTirePressureUnitAction": _word(
        "set_tire_pressure_unit", "unit", "unit", {0: "psi", 1: "bar"}
    ),
    "setEnergyDisplayFormatAction": _word(
        "set_energy_display", "unit", "format", {0: "percent", 1: "distance"}
    ),
}
