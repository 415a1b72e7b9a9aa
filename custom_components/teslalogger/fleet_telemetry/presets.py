"""Which fields are streamed how often: four choices to begin with.

A preset is a short list of lines, each of which says what deviates from the table of fields.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .fields import OFFERED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldChoice:
    """How one field is streamed.

    At most every `interval` seconds and if it has changed by `minimum_delta` (the field's unit,
    metres for a position); unchanged after `resend` seconds; with the fields of `include`.
    """

    interval: int
    minimum_delta: float | None = None
    resend: int | None = None
    include: tuple[str, ...] = ()


type Choice = Mapping[str, FieldChoice]


class Preset(StrEnum):
    """What somebody streams for."""

    ECONOMY = "economy"  # everyday entities, for cents
    BALANCED = "balanced"  # all that is on a dashboard, within a minute
    LIVE = "live"  # everything that can be watched, as it happens
    LOGGER = "logger"  # what a log of drives and charges is computed from


@dataclass(frozen=True, slots=True)
class _Line:
    """Fields by name; None is what the table of fields has, `resend` that or nothing."""

    names: str
    interval: int | None = None
    delta: float | None = None
    resend: bool = False


_WINDOWS: Final = "FdWindow FpWindow RdWindow RpWindow"
_SEATS: Final = (
    "SeatHeaterLeft SeatHeaterRight SeatHeaterRearLeft SeatHeaterRearRight SeatHeaterRearCenter"
    " ClimateSeatCoolingFrontLeft ClimateSeatCoolingFrontRight HvacSteeringWheelHeatLevel"
)
_PRESSURES: Final = "TpmsPressureFl TpmsPressureFr TpmsPressureRl TpmsPressureRr"
_UPDATES: Final = (
    "SoftwareUpdateDownloadPercentComplete SoftwareUpdateInstallationPercentComplete"
    " SoftwareUpdateScheduledStartTime SoftwareUpdateVersion SoftwareUpdateAvailable"
    " SoftwareUpdateInProgress"
)
_MILES: Final = "MilesSinceReset SelfDrivingMilesSinceReset"

_ECONOMY: Final = (
    _Line("DetailedChargeState Locked", 1, resend=True),
    _Line("DoorState Gear SentryMode", 1),
    _Line(_WINDOWS, 1),
    _Line("Soc BatteryLevel", 60, 1),
    _Line("RatedRange", 120, 3),
    _Line("ChargeLimitSoc ChargeCurrentRequest ChargeCurrentRequestMax"),
    _Line("ACChargingPower DCChargingPower", 60, 0.5),
    _Line("ACChargingEnergyIn DCChargingEnergyIn", 300, 0.5),
    _Line("TimeToFullCharge", 300, 0.1),
    _Line("ChargePortDoorOpen ChargePortLatch ChargingCableType FastChargerPresent"),
    _Line("ScheduledChargingMode ScheduledChargingStartTime ScheduledDepartureTime"),
    _Line("InsideTemp OutsideTemp", 300, 1),
    _Line("HvacPower ClimateKeeperMode DefrostMode"),
    _Line("HvacLeftTemperatureRequest HvacRightTemperatureRequest"),
    _Line(_SEATS),
    _Line("CabinOverheatProtectionMode CabinOverheatProtectionTemperatureLimit"),
    _Line("Location", 30, 50),
    _Line("LocatedAtHome"),
    _Line("Odometer", 300, 1),
    _Line(_PRESSURES, 600, 0.1),
    _Line("TpmsHardWarnings TpmsSoftWarnings"),
    _Line("Version VehicleName"),
    _Line(_UPDATES),
    _Line("DriverSeatOccupied RemoteStartEnabled ValetModeEnabled ServiceMode"),
)

_BALANCED: Final = (
    *_ECONOMY,
    _Line("DoorState Gear SentryMode", 1, resend=True),
    _Line("VehicleSpeed", 10, 2),
    _Line("Location", 10, 20),
    _Line("GpsHeading", 30, 15),
    _Line("Odometer", 60, 0.5),
    _Line("Soc BatteryLevel", 30, 0.5),
    _Line("RatedRange EstBatteryRange IdealBatteryRange", 60, 1),
    _Line("EnergyRemaining", 60, 0.5),
    _Line("ACChargingPower DCChargingPower ChargeAmps", 30, 0.5),
    _Line("ChargerVoltage", 60, 2),
    _Line("ChargerPhases FastChargerType ChargeEnableRequest ChargeRateMilePerHour"),
    _Line("ACChargingEnergyIn DCChargingEnergyIn", 60, 0.1),
    _Line("TimeToFullCharge EstimatedHoursToChargeTermination", 120, 0.05),
    _Line("BMSState PreconditioningEnabled BatteryHeaterOn NotEnoughPowerToHeat"),
    _Line("ModuleTempMax ModuleTempMin", 120, 1),
    _Line("InsideTemp OutsideTemp", 120),
    _Line("HvacACEnabled HvacAutoMode HvacFanStatus RearDefrostEnabled AutoSeatClimateLeft"),
    _Line("AutoSeatClimateRight HvacSteeringWheelHeatAuto DefrostForPreconditioning"),
    _Line("DestinationName DestinationLocation"),
    _Line("MilesToArrival MinutesToArrival", 60, 1),
    _Line("ExpectedEnergyPercentAtTripArrival RouteTrafficMinutesDelay"),
    _Line("LocatedAtWork LocatedAtFavorite HomelinkNearby"),
    _Line("MediaPlaybackStatus MediaPlaybackSource MediaNowPlayingTitle MediaNowPlayingArtist"),
    _Line("MediaAudioVolume MediaAudioVolumeMax"),
    _Line("CenterDisplay DriverSeatBelt GuestModeEnabled PinToDriveEnabled SpeedLimitMode"),
    _Line("PowershareStatus PowershareInstantaneousPowerKW PowershareHoursLeft"),
    _Line("TonneauPosition TonneauOpenPercent"),
    _Line(_PRESSURES, 300),
    _Line(_MILES),
)

# All day long, or of no use as it happens.
_LIVE_WITHOUT: Final = {
    "MediaNowPlayingElapsed",
    "TpmsLastSeenPressureTimeFl",
    "TpmsLastSeenPressureTimeFr",
    "TpmsLastSeenPressureTimeRl",
    "TpmsLastSeenPressureTimeRr",
}
_LIVE: Final = (
    _Line(" ".join(name for name in OFFERED if name not in _LIVE_WITHOUT), resend=True),
    _Line("VehicleSpeed", 1, 1),
    _Line("Location", 2, 5),
    _Line("GpsHeading", 5, 5),
    _Line("PackVoltage", 10, 2),
    _Line("PackCurrent", 5, 2),
    _Line("ACChargingPower DCChargingPower ChargeAmps", 5, 0.1),
    _Line("ChargerVoltage", 15),
    _Line("Soc BatteryLevel", 15, 0.1),
    _Line("IsolationResistance", 300, 100),
    _Line("GpsAccuracyMeters", 60, 5),
    _Line("InsideTemp OutsideTemp"),
    _Line("LightsHighBeams LightsTurnSignal"),
)

_LOGGER: Final = (
    _Line("Gear DetailedChargeState Locked", 1, resend=True),
    _Line("VehicleSpeed", 1, 1),
    _Line("Location", 1, 5),
    _Line("GpsHeading", 5, 5),
    _Line("PackVoltage", 2, 1),
    _Line("PackCurrent", 1, 1),
    _Line("GradeEstimatePercent", 5, 0.5),
    _Line("Odometer", 10),
    _Line("Soc BatteryLevel", 10, 0.1),
    _Line("EnergyRemaining", 10, 0.05),
    _Line("RatedRange EstBatteryRange IdealBatteryRange", 30, 0.3),
    _Line("LifetimeEnergyUsed LifetimeEnergyGainedRegen", 60, 0.1),
    _Line("ACChargingPower DCChargingPower", 5, 0.1),
    _Line("ACChargingEnergyIn DCChargingEnergyIn", 15),
    _Line("ChargerVoltage", 15),
    _Line("ChargeAmps", 10, 0.5),
    _Line("ChargerPhases ChargeLimitSoc FastChargerPresent FastChargerType ChargingCableType"),
    _Line("ChargePortDoorOpen BatteryHeaterOn PreconditioningEnabled"),
    _Line("InsideTemp OutsideTemp", 60),
    _Line("ModuleTempMax ModuleTempMin", 60),
    _Line("HvacPower ClimateKeeperMode"),
    _Line("CruiseSetSpeed", 5, 1),
    _Line("DriverSeatOccupied SentryMode DoorState DestinationName LocatedAtHome LocatedAtWork"),
    _Line(_PRESSURES, 300),
    _Line("Version CarType"),
    _Line("LifetimeEnergyChargedKwh LifetimeDcChargeEnergyKwh NominalFullPackEnergyKwh"),
    _Line(_MILES),
)


def suggested(name: str) -> FieldChoice:
    """What suits most who want this field. Raises KeyError for what is not offered."""
    field = OFFERED[name]
    return FieldChoice(interval=field.interval, minimum_delta=field.delta, resend=field.resend)


def _chosen(lines: Iterable[_Line]) -> Choice:
    """The last line that names a field decides about it."""
    choice: dict[str, FieldChoice] = {}
    for line in lines:
        for name in line.names.split():
            usual = suggested(name)
            choice[name] = FieldChoice(
                interval=usual.interval if line.interval is None else line.interval,
                minimum_delta=usual.minimum_delta if line.delta is None else line.delta,
                resend=usual.resend if line.resend else None,
            )
    return MappingProxyType(choice)


PRESETS: Final[Mapping[Preset, Choice]] = MappingProxyType(
    {
        Preset.ECONOMY: _chosen(_ECONOMY),
        Preset.BALANCED: _chosen(_BALANCED),
        Preset.LIVE: _chosen(_LIVE),
        Preset.LOGGER: _chosen(_LOGGER),
    }
)
"""What each preset streams; single fields may be changed before a configuration is built."""
