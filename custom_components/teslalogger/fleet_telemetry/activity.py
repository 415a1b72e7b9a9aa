"""How much the values of an ordinary car move: the one table that a forecast is calibrated in.

The figures are estimates for one car; a forecast is as good as they are.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .field import Activity

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECOND: Final = 3600.0  # changes an hour of what is different each second


class Part(StrEnum):
    """The part of an hour in which a value moves at all."""

    ALL = "all"
    NAVIGATING = "navigating"
    PLAYING = "playing"
    SUPERCHARGING = "supercharging"


@dataclass(frozen=True, kw_only=True, slots=True)
class Motion:
    """How often a value changes: in an hour of each phase, and at each occasion."""

    driving: float = 0.0
    charging: float = 0.0
    parked: float = 0.0
    part: Part = Part.ALL
    trip: float = 0.0
    charge: float = 0.0
    month: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Travel:
    """How far a value moves, in its own unit, all ups and downs added: an hour of each phase."""

    driving: float = 0.0
    charging: float = 0.0
    parked: float = 0.0


MOTIONS: Final[Mapping[Activity, Motion]] = MappingProxyType(
    {
        Activity.CONSTANT: Motion(),
        Activity.SETTING: Motion(month=2),
        Activity.SELDOM: Motion(month=4),
        Activity.UPDATE: Motion(month=200),
        Activity.TRIP: Motion(trip=2),
        Activity.DOORS: Motion(trip=4),
        Activity.DRIVE_FAST: Motion(driving=_SECOND),
        Activity.DRIVE_SLOW: Motion(driving=240),
        Activity.DRIVE_EVENT: Motion(driving=30),
        Activity.LIGHTS: Motion(driving=120),
        Activity.ALWAYS_FAST: Motion(driving=_SECOND, charging=_SECOND, parked=_SECOND),
        Activity.DRIFT: Motion(driving=240, charging=120, parked=120),
        Activity.LEVEL: Motion(driving=240, charging=120, parked=2),
        Activity.CHARGE_FAST: Motion(charging=_SECOND, charge=2),
        Activity.SUPERCHARGE: Motion(charging=_SECOND, part=Part.SUPERCHARGING),
        Activity.CHARGE_SLOW: Motion(charging=120, charge=2),
        Activity.CHARGE_EVENT: Motion(charge=4),
        Activity.COMFORT: Motion(driving=4, trip=2),
        Activity.ROUTE: Motion(driving=240, part=Part.NAVIGATING),
        Activity.ROUTE_EVENT: Motion(driving=2, part=Part.NAVIGATING),
        Activity.TITLE: Motion(driving=18, part=Part.PLAYING),
        Activity.PLAYING: Motion(driving=_SECOND, part=Part.PLAYING),
    }
)

# A minimum delta saves only where a value moves in small steps.
_TRAVELS: Final = (
    ("VehicleSpeed", Travel(driving=2500)),
    ("Odometer", Travel(driving=22)),
    ("Location", Travel(driving=35_000)),
    ("GpsHeading", Travel(driving=9000)),
    ("GradeEstimatePercent", Travel(driving=1500)),
    ("LateralAcceleration LongitudinalAcceleration", Travel(driving=1500)),
    ("PedalPosition", Travel(driving=40_000)),
    ("CruiseSetSpeed", Travel(driving=60)),
    ("PackVoltage", Travel(driving=4500, charging=60, parked=20)),
    ("PackCurrent", Travel(driving=90_000, charging=120, parked=60)),
    ("Soc BatteryLevel BrickSocMinPercent", Travel(driving=13, charging=12, parked=0.2)),
    ("RatedRange EstBatteryRange IdealBatteryRange", Travel(driving=35, charging=30, parked=0.5)),
    ("EnergyRemaining", Travel(driving=9, charging=9, parked=0.2)),
    ("BrickVoltageMax BrickVoltageMin", Travel(driving=40, charging=0.3, parked=0.05)),
    ("ModuleTempMax ModuleTempMin", Travel(driving=6, charging=4, parked=1)),
    ("LifetimeEnergyUsed", Travel(driving=7)),
    ("LifetimeEnergyGainedRegen", Travel(driving=2)),
    ("MilesSinceReset SelfDrivingMilesSinceReset", Travel(driving=22)),
    ("ACChargingPower DCChargingPower", Travel(charging=60)),
    ("ChargerVoltage", Travel(charging=900)),
    ("ChargeAmps", Travel(charging=60)),
    ("ACChargingEnergyIn DCChargingEnergyIn", Travel(charging=10)),
    ("TimeToFullCharge EstimatedHoursToChargeTermination", Travel(charging=1.2)),
    ("ChargeRateMilePerHour", Travel(charging=20)),
    ("InsideTemp", Travel(driving=12, charging=4, parked=5)),
    ("OutsideTemp", Travel(driving=5, charging=1, parked=2)),
    ("MilesToArrival", Travel(driving=22)),
    ("MinutesToArrival", Travel(driving=80)),
    ("TpmsPressureFl TpmsPressureFr TpmsPressureRl TpmsPressureRr", Travel(driving=0.4)),
    ("IsolationResistance", Travel(driving=400, charging=100, parked=100)),
    ("GpsAccuracyMeters", Travel(driving=300, charging=10, parked=10)),
)

TRAVELS: Final[Mapping[str, Travel]] = MappingProxyType(
    {name: travel for names, travel in _TRAVELS for name in names.split()}
)
