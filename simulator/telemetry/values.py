"""Every field that a simulated car streams, and where it comes from.

Units and types: https://developer.tesla.com/docs/fleet-api/fleet-telemetry/available-data
"""

import math
from typing import TYPE_CHECKING, Any, Final

from simulator.car import physics
from simulator.car.route import KM_PER_MILE
from simulator.car.state import Motion
from simulator.telemetry.config import FIELDS
from simulator.telemetry.drivetrain import DRIVETRAIN, warmth
from simulator.telemetry.firmware import knows
from simulator.telemetry.pack import BRICKS, REGENERATED, SPREAD
from simulator.telemetry.rare import RARE
from simulator.telemetry.samples import DOORS, INTEGER, PLACE, REAL, TIME, TIRES, Sample, metres
from simulator.telemetry.source import Reader, Source, boolean, integer, real, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.telemetry.look import Look


SILENT_IN_SLEEP: Final = frozenset(
    {
        "ChargePortDoorOpen",
        "ChargePortLatch",
        "ChargingCableType",
        "DestinationName",
        "EstimatedHoursToChargeTermination",
        "FastChargerPresent",
        "FastChargerType",
        "Gear",
        "MilesToArrival",
        "MinutesToArrival",
        "TimeToFullCharge",
    }
)
"""Fields that turn invalid when the car goes to sleep."""

WARMER_TIRES: Final = 0.2
"""Bar that a long drive adds."""
SELF_DRIVEN: Final = 0.4
"""The part of its way that the car drives by itself."""
_PARKED: Final = Motion()
HOME: Final = (_PARKED.latitude, _PARKED.longitude)
NEAR_HOME: Final = 150.0
"""Metres."""

NEED_LOCATION: Final = frozenset({"DestinationLocation", "Location", "OriginLocation"})
"""Fields that only arrive with the scope vehicle_location."""


def read(look: Look, names: Iterable[str]) -> dict[str, Sample]:
    """What the car can tell of these fields; None as content where it has nothing to say."""
    return {
        name: Sample(kind=source.kind, content=source.read(look))
        for name in names
        if (source := SOURCES.get(name)) is not None
        and source.has(look.model)
        and knows(look.model, FIELDS[name])
    }


def _miles(kilometres: float) -> float:
    return kilometres / KM_PER_MILE


def _if_flowing(read: Reader) -> Reader:
    """Only while the car charges."""
    return lambda look: read(look) if look.charge["charging_state"] == "Charging" else None


def _charging_power(cable: str) -> Source:
    def power(look: Look) -> float:
        if look.state.charge.cable != cable:
            return 0.0
        return _power(look) * (_grid(look) if cable == "ac" else 1.0)

    return real(power)


def _energy_in(cable: str) -> Source:
    return real(lambda look: look.state.charge.added if look.state.charge.cable == cable else 0.0)


def _charger_voltage(look: Look) -> float:
    if _power(look) == 0.0 or look.state.charge.cable != "ac":
        return 0.0
    return physics.VOLTAGE * _grid(look)


def _grid(look: Look) -> float:
    """What the neighbours leave of the voltage, around 1."""
    return 1.0 + (1.2 * math.sin(look.now / 11.0) + 2.0 * math.sin(look.now / 97.0)) / 230.0


def _power(look: Look) -> float:
    return physics.charging_power(look.state, look.model)


def _gear(look: Look) -> str | None:
    return look.drive["shift_state"]  # type: ignore[no-any-return] # a letter or nothing


def _bms_state(look: Look) -> str:
    if look.state.motion.trip is not None:
        return "Drive"
    if _power(look) > 0.0:
        return "Charge"
    return "Support" if look.state.climate.on else "Standby"


def _display(look: Look) -> str:
    if look.state.motion.trip is not None:
        return "Driving"
    if look.state.user_present:
        return "On"
    return "Sentry" if look.state.sentry_mode else "Off"


def _doors(look: Look) -> frozenset[str]:
    state = look.state
    open_ones = state.open_doors | state.open_trunks
    return frozenset(name for name, code in _DOOR_CODES.items() if code in open_ones)


def _tires(warning: str) -> Source:
    return Source(
        kind=TIRES,
        read=lambda look: frozenset(
            name
            for name, wheel in _WHEELS.items()
            if look.vehicle[f"tpms_{warning}_warning_{wheel}"]
        ),
    )


def _place(look: Look) -> tuple[float, float]:
    motion = look.state.motion
    return round(motion.latitude, 6), round(motion.longitude, 6)


def _destination(look: Look) -> tuple[float, float] | None:
    latitude = look.drive.get("active_route_latitude")
    return None if latitude is None else (latitude, look.drive["active_route_longitude"])


def _window(code: str) -> Source:
    return Source(
        kind="window_state_value",
        read=lambda look: "Opened" if code in look.state.open_windows else "Closed",
    )


def _hvac_power(look: Look) -> str:
    if not look.state.climate.on:
        return "Off"
    return "On" if look.state.user_present else "Precondition"


def _seat(key: str) -> Source:
    return integer(lambda look: look.climate[key])


def _cooler(side: int) -> Source:
    return Source(
        kind=INTEGER,
        read=lambda look: look.state.climate.seat_coolers[side],
        has=lambda model: model.has_seat_cooling,
    )


def _pressure(wheel: str) -> Source:
    return real(lambda look: look.state.tires[wheel] + WARMER_TIRES * warmth(look))


def _tonneau(kind: str, read: Reader) -> Source:
    return Source(kind=kind, read=read, has=lambda model: model.has_tonneau)


def _of(part: str, key: str) -> Reader:
    """What vehicle_data says, in the same words; nothing where it leaves it out."""
    return lambda look: getattr(look, part).get(key)


def _without_stars(read: Reader) -> Reader:
    def plain(look: Look) -> Any:
        value = read(look)
        return None if value == "<invalid>" else value

    return plain


_DOOR_CODES: Final = {
    "DriverFront": "df",
    "DriverRear": "dr",
    "PassengerFront": "pf",
    "PassengerRear": "pr",
    "TrunkFront": "ft",
    "TrunkRear": "rt",
}
_WHEELS: Final = {
    "front_left": "fl",
    "front_right": "fr",
    "rear_left": "rl",
    "rear_right": "rr",
}
_CAR_TYPES: Final = {
    "modelx": "ModelX",
    "models2": "ModelS",
    "model3": "Model3",
    "modely": "ModelY",
    "cybertruck": "Cybertruck",
}
_KEEPER_MODES: Final = ("Off", "On", "Dog", "Party")

_DRIVING: Final = {
    "CruiseSetSpeed": real(
        lambda look: (
            _miles(look.state.motion.speed)
            if look.state.motion.speed >= physics.COUNTRY_SPEED
            else None
        )
    ),
    "DriveRail": boolean(lambda look: look.state.user_present),
    "Gear": Source(kind="shift_state_value", read=_gear),
    "SelfDrivingMilesSinceReset": real(
        lambda look: SELF_DRIVEN * _miles(look.state.motion.odometer) % 10_000.0
    ),
    "MilesSinceReset": real(lambda look: _miles(look.state.motion.odometer) % 10_000.0),
    "Odometer": real(lambda look: _miles(look.state.motion.odometer)),
    "VehicleSpeed": real(lambda look: _miles(look.state.motion.speed)),
}
_LOCATION: Final = {
    "DestinationLocation": Source(kind=PLACE, read=_destination),
    "DestinationName": text(_of("drive", "active_route_destination")),
    "ExpectedEnergyPercentAtTripArrival": integer(_of("drive", "active_route_energy_at_arrival")),
    "GpsHeading": real(lambda look: float(look.state.motion.heading)),
    "LocatedAtFavorite": boolean(lambda _: False),
    "LocatedAtHome": boolean(lambda look: metres(_place(look), HOME) < NEAR_HOME),
    "LocatedAtWork": boolean(lambda _: False),
    "GpsState": boolean(lambda _: True),
    "Location": Source(kind=PLACE, read=_place),
    "MilesToArrival": real(_of("drive", "active_route_miles_to_arrival")),
    "MinutesToArrival": real(_of("drive", "active_route_minutes_to_arrival")),
    "RouteTrafficMinutesDelay": real(_of("drive", "active_route_traffic_minutes_delay")),
}
_BATTERY: Final = {
    "BMSState": Source(kind="bms_state_value", read=_bms_state),
    "BatteryHeaterOn": boolean(lambda _: False),
    "BatteryLevel": real(lambda look: physics.soc(look.state, look.model), step=0.1),
    "BmsFullchargecomplete": boolean(lambda look: physics.soc(look.state, look.model) >= 100.0),  # noqa: PLR2004 - percent
    "BrickSocMinPercent": real(lambda look: physics.soc(look.state, look.model) - 0.4, step=0.1),
    "BrickVoltageMax": real(lambda look: look.pack.brick + SPREAD / 2, step=0.002),
    "BrickVoltageMin": real(lambda look: look.pack.brick - SPREAD / 2, step=0.002),
    "DCDCEnable": boolean(lambda _: True),
    "EnergyRemaining": real(lambda look: look.state.charge.energy, step=0.02),
    "EstBatteryRange": real(_of("charge", "est_battery_range")),
    "Hvil": Source(kind="hvil_status_value", read=lambda _: "OK"),
    "IdealBatteryRange": real(_of("charge", "ideal_battery_range")),
    "IsolationResistance": real(lambda _: 2_950.0),
    "LifetimeEnergyChargedKwh": real(
        lambda look: look.state.motion.odometer * look.model.consumption / 0.9, step=0.1
    ),
    "LifetimeEnergyGainedRegen": real(
        lambda look: look.state.motion.odometer * look.model.consumption * REGENERATED
    ),
    "LifetimeEnergyUsed": real(
        lambda look: look.state.motion.odometer * look.model.consumption * 1.08
    ),
    "LifetimeEnergyUsedDrive": real(
        lambda look: look.state.motion.odometer * look.model.consumption
    ),
    "ModuleTempMax": real(lambda look: look.pack.temperature + 0.5, step=0.5),
    "ModuleTempMin": real(lambda look: look.pack.temperature - 0.5, step=0.5),
    "NominalFullPackEnergyKwh": real(lambda look: look.model.pack),
    "NotEnoughPowerToHeat": boolean(lambda _: False),
    "NumBrickVoltageMax": integer(lambda _: BRICKS // 4),
    "NumBrickVoltageMin": integer(lambda _: BRICKS // 2),
    "NumModuleTempMax": integer(lambda _: 2),
    "NumModuleTempMin": integer(lambda _: 4),
    "PackCurrent": real(lambda look: look.pack.current, step=0.1),
    "PackVoltage": real(lambda look: look.pack.voltage, step=0.05),
    "RatedRange": real(_of("charge", "battery_range")),
    "Soc": real(lambda look: physics.soc(look.state, look.model), step=0.1),
}
_CHARGING: Final = {
    "ACChargingEnergyIn": _energy_in("ac"),
    "ACChargingPower": _charging_power("ac"),
    "ChargeAmps": real(_of("charge", "charger_actual_current")),
    "ChargeCurrentRequest": integer(_of("charge", "charge_current_request")),
    "ChargeCurrentRequestMax": integer(_of("charge", "charge_current_request_max")),
    "ChargeEnableRequest": boolean(_of("charge", "charge_enable_request")),
    "ChargeLimitSoc": integer(_of("charge", "charge_limit_soc")),
    "ChargePort": Source(kind="charge_port_value", read=_of("config", "charge_port_type")),
    "ChargePortColdWeatherMode": boolean(_of("charge", "charge_port_cold_weather_mode")),
    "ChargePortDoorOpen": boolean(_of("charge", "charge_port_door_open")),
    "ChargePortLatch": Source(
        kind="charge_port_latch_value", read=_of("charge", "charge_port_latch")
    ),
    "ChargeRateMilePerHour": real(lambda look: look.charge["charge_rate"] * _grid(look), step=0.1),
    "ChargeState": text(_of("charge", "charging_state")),
    "ChargerPhases": integer(_of("charge", "charger_phases")),
    "ChargerVoltage": real(_charger_voltage, step=0.1),
    "ChargingCableType": Source(
        kind="cable_type_value", read=_without_stars(_of("charge", "conn_charge_cable"))
    ),
    "DCChargingEnergyIn": _energy_in("dc"),
    "DCChargingPower": _charging_power("dc"),
    "DetailedChargeState": Source(
        kind="detailed_charge_state_value", read=_of("charge", "charging_state")
    ),
    "EstimatedHoursToChargeTermination": real(_if_flowing(_of("charge", "time_to_full_charge"))),
    "FastChargerPresent": boolean(_of("charge", "fast_charger_present")),
    "FastChargerType": Source(
        kind="fast_charger_value", read=_without_stars(_of("charge", "fast_charger_type"))
    ),
    "PreconditioningEnabled": boolean(_of("climate", "is_preconditioning")),
    "ScheduledChargingMode": Source(
        kind="scheduled_charging_mode_value", read=_of("charge", "scheduled_charging_mode")
    ),
    "ScheduledChargingPending": boolean(_of("charge", "scheduled_charging_pending")),
    "ScheduledDepartureTime": Source(
        kind=TIME, read=lambda look: look.state.charge.departure.get("departure_time")
    ),
    "SuperchargerSessionTripPlanner": boolean(_of("charge", "supercharger_session_trip_planner")),
    "TimeToFullCharge": real(_if_flowing(_of("charge", "time_to_full_charge"))),
}
_CLIMATE: Final = {
    "AutoSeatClimateLeft": boolean(_of("climate", "auto_seat_climate_left")),
    "AutoSeatClimateRight": boolean(_of("climate", "auto_seat_climate_right")),
    "CabinOverheatProtectionMode": Source(
        kind="cabin_overheat_protection_mode_value",
        read=_of("climate", "cabin_overheat_protection"),
    ),
    "CabinOverheatProtectionTemperatureLimit": Source(
        kind="cabin_overheat_protection_temperature_limit_value",
        read=_of("climate", "cop_activation_temperature"),
    ),
    "ClimateKeeperMode": Source(
        kind="climate_keeper_mode_value",
        read=lambda look: _KEEPER_MODES[look.state.climate.keeper],
    ),
    "ClimateSeatCoolingFrontLeft": _cooler(1),
    "ClimateSeatCoolingFrontRight": _cooler(2),
    "DefrostForPreconditioning": boolean(lambda look: look.state.climate.defrost),
    "DefrostMode": Source(
        kind="defrost_mode_value",
        read=lambda look: "Max" if look.state.climate.defrost else "Off",
    ),
    "HvacACEnabled": boolean(lambda look: look.state.climate.on),
    "HvacAutoMode": Source(kind="hvac_auto_mode_value", read=_of("climate", "hvac_auto_request")),
    "HvacFanSpeed": integer(_of("climate", "fan_status")),
    "HvacFanStatus": integer(_of("climate", "fan_status")),
    "HvacLeftTemperatureRequest": real(_of("climate", "driver_temp_setting")),
    "HvacPower": Source(kind="hvac_power_value", read=_hvac_power),
    "HvacRightTemperatureRequest": real(_of("climate", "passenger_temp_setting")),
    "HvacSteeringWheelHeatAuto": boolean(_of("climate", "auto_steering_wheel_heat")),
    "HvacSteeringWheelHeatLevel": Source(
        kind=INTEGER,
        read=_of("climate", "steering_wheel_heat_level"),
        has=lambda model: model.has_steering_wheel_levels,
    ),
    "InsideTemp": real(lambda look: look.state.climate.inside, step=0.1),
    "OutsideTemp": real(lambda look: look.state.climate.outside, step=0.5),
    "RearDefrostEnabled": boolean(_of("climate", "is_rear_defroster_on")),
    "SeatHeaterLeft": _seat("seat_heater_left"),
    "SeatHeaterRearCenter": _seat("seat_heater_rear_center"),
    "SeatHeaterRearLeft": _seat("seat_heater_rear_left"),
    "SeatHeaterRearRight": _seat("seat_heater_rear_right"),
    "SeatHeaterRight": _seat("seat_heater_right"),
    "WiperHeatEnabled": boolean(_of("climate", "wiper_blade_heater")),
}
_BODY: Final = {
    "CenterDisplay": Source(kind="display_state_value", read=_display),
    "DoorState": Source(kind=DOORS, read=_doors),
    "DriverSeatBelt": Source(
        kind="buckle_status_value",
        read=lambda look: "Latched" if look.state.motion.trip is not None else "Unlatched",
    ),
    "DriverSeatOccupied": boolean(_of("vehicle", "is_user_present")),
    "FdWindow": _window("fd"),
    "FpWindow": _window("fp"),
    "HomelinkDeviceCount": integer(_of("vehicle", "homelink_device_count")),
    "HomelinkNearby": boolean(_of("vehicle", "homelink_nearby")),
    "Locked": boolean(lambda look: look.state.locked),
    "RdWindow": _window("rd"),
    "RpWindow": _window("rp"),
    "SentryMode": Source(
        kind="sentry_mode_state_value",
        read=lambda look: "Armed" if look.state.sentry_mode else "Off",
    ),
    "TonneauOpenPercent": _tonneau(
        REAL, lambda look: {"closed": 0.0, "stopped": 50.0, "open": 100.0}[look.state.tonneau]
    ),
    "TonneauPosition": _tonneau(
        "tonneau_position_value",
        lambda look: {"closed": "Closed", "stopped": "PartiallyOpen", "open": "FullyOpen"}[
            look.state.tonneau
        ],
    ),
    "TonneauTentMode": _tonneau("tonneau_tent_mode_value", lambda _: "Inactive"),
    "TpmsHardWarnings": _tires("hard"),
    "TpmsPressureFl": _pressure("fl"),
    "TpmsPressureFr": _pressure("fr"),
    "TpmsPressureRl": _pressure("rl"),
    "TpmsPressureRr": _pressure("rr"),
    "TpmsSoftWarnings": _tires("soft"),
}
_SETTINGS: Final = {
    "AutomaticBlindSpotCamera": boolean(lambda _: True),
    "AutomaticEmergencyBrakingOff": boolean(lambda _: False),
    "BlindSpotCollisionWarningChime": boolean(lambda _: False),
    "CruiseFollowDistance": Source(kind="follow_distance_value", read=lambda _: "3"),
    "EfficiencyPackage": text(lambda look: look.model.efficiency_package),
    "EmergencyLaneDepartureAvoidance": boolean(lambda _: True),
    "ForwardCollisionWarning": Source(
        kind="forward_collision_sensitivity_value", read=lambda _: "Average"
    ),
    "LaneDepartureAvoidance": Source(kind="lane_assist_level_value", read=lambda _: "Warning"),
    "OffroadLightbarPresent": boolean(lambda _: False),
    "SpeedLimitWarning": Source(kind="speed_assist_level_value", read=lambda _: "Chime"),
    "WheelType": text(lambda look: look.model.wheels),
    "CarType": Source(kind="car_type_value", read=lambda look: _CAR_TYPES[look.model.car_type]),
    "CurrentLimitMph": real(lambda look: look.state.speed_limit_mph),
    "EuropeVehicle": boolean(lambda look: look.model.eu_vehicle),
    "ExteriorColor": text(lambda look: look.model.exterior_color),
    "GuestModeEnabled": boolean(lambda look: look.state.guest_mode),
    "PairedPhoneKeyAndKeyFobQty": integer(lambda look: look.keys),
    "PinToDriveEnabled": boolean(lambda look: look.state.pin_to_drive),
    "RemoteStartActive": boolean(lambda look: look.state.remote_start > 0.0),
    "RemoteStartEnabled": boolean(_of("vehicle", "remote_start_enabled")),
    "RightHandDrive": boolean(lambda look: look.model.right_hand_drive),
    "RoofColor": text(_of("config", "roof_color")),
    "ServiceMode": boolean(_of("vehicle", "service_mode")),
    "Setting24HourTime": boolean(_of("gui", "gui_24_hour_time")),
    "SettingChargeUnit": Source(kind="charge_unit_preference_value", read=lambda _: "Percent"),
    "SettingDistanceUnit": Source(
        kind="distance_unit_value",
        read=lambda look: "Kilometers" if look.model.eu_vehicle else "Miles",
    ),
    "SettingTemperatureUnit": Source(
        kind="temperature_unit_value",
        read=lambda look: "Celsius" if look.model.eu_vehicle else "Fahrenheit",
    ),
    "SettingTirePressureUnit": Source(
        kind="pressure_unit_value",
        read=lambda look: "Bar" if look.model.eu_vehicle else "Psi",
    ),
    "SpeedLimitMode": boolean(lambda look: look.state.speed_limit_active),
    "SunroofInstalled": Source(
        kind="sunroof_installed_state_value",
        read=lambda look: "Gen2Installed" if look.model.has_sun_roof else "NotInstalled",
    ),
    "Trim": text(lambda look: look.model.trim_badging),
    "ValetModeEnabled": boolean(lambda look: look.state.valet_mode),
    "VehicleName": text(lambda look: look.state.name),
    "Version": text(lambda look: look.model.firmware),
}
_SOFTWARE: Final = {
    "SoftwareUpdateAvailable": boolean(lambda look: look.state.update.status == "available"),
    "SoftwareUpdateDownloadPercentComplete": integer(lambda look: look.state.update.download),
    "SoftwareUpdateExpectedDurationMinutes": integer(lambda _: 25),
    "SoftwareUpdateInProgress": boolean(lambda look: look.state.update.status == "installing"),
    "SoftwareUpdateInstallationPercentComplete": integer(
        lambda look: look.state.update.installation
    ),
    "SoftwareUpdateVersion": text(lambda look: look.state.update.version),
}


def _media(key: str) -> Reader:
    return lambda look: look.vehicle["media_info"][key]


_MEDIA: Final = {
    "MediaAudioVolume": real(_media("audio_volume")),
    "MediaAudioVolumeIncrement": real(_media("audio_volume_increment"), step=1e-6),
    "MediaAudioVolumeMax": real(_media("audio_volume_max"), step=1e-6),
    "MediaNowPlayingAlbum": text(_media("now_playing_album")),
    "MediaNowPlayingArtist": text(_media("now_playing_artist")),
    "MediaNowPlayingDuration": integer(_media("now_playing_duration")),
    "MediaNowPlayingElapsed": integer(_media("now_playing_elapsed")),
    "MediaNowPlayingStation": text(_media("now_playing_station")),
    "MediaNowPlayingTitle": text(_media("now_playing_title")),
    "MediaPlaybackSource": text(_media("now_playing_source")),
    "MediaPlaybackStatus": Source(kind="media_status_value", read=_media("media_playback_status")),
}
SOURCES: Final = (
    _DRIVING
    | DRIVETRAIN
    | _LOCATION
    | _BATTERY
    | _CHARGING
    | _CLIMATE
    | _BODY
    | _SETTINGS
    | _SOFTWARE
    | _MEDIA
    | RARE
)
