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
    """The part of the drive, or of the charging, in which a value moves at all."""

    ALL = "all"
    ROLLING = "rolling"
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
    """How far a value moves, in its own unit: in an hour of each phase.

    Most move one way for a while. With a `swing` a value goes back and forth, and its figures are
    all ups and downs added: it is as likely where it was told as elsewhere once an interval is
    over, and a delta beyond the swing is never reached.
    """

    driving: float = 0.0
    charging: float = 0.0
    parked: float = 0.0
    swing: float | None = None


MOTIONS: Final[Mapping[Activity, Motion]] = MappingProxyType(
    {
        Activity.CONSTANT: Motion(),
        Activity.SETTING: Motion(month=2),
        Activity.SELDOM: Motion(month=4),
        Activity.UPDATE: Motion(month=40),
        Activity.TRIP: Motion(trip=2),
        Activity.DOORS: Motion(trip=4),
        Activity.DRIVE_FAST: Motion(driving=_SECOND, part=Part.ROLLING),
        Activity.DRIVE_SLOW: Motion(driving=240, part=Part.ROLLING),
        Activity.DRIVE_EVENT: Motion(driving=30),
        Activity.LIGHTS: Motion(driving=70),
        Activity.ALWAYS_FAST: Motion(
            driving=_SECOND, charging=_SECOND, parked=_SECOND, part=Part.ROLLING
        ),
        Activity.DRIFT: Motion(driving=240, charging=120, parked=120),
        Activity.LEVEL: Motion(driving=240, charging=120, parked=2),
        Activity.CHARGE_FAST: Motion(charging=_SECOND, charge=2),
        Activity.SUPERCHARGE: Motion(charging=_SECOND, part=Part.SUPERCHARGING),
        Activity.CHARGE_SLOW: Motion(charging=120, charge=2),
        Activity.CHARGE_EVENT: Motion(charge=4),
        Activity.COMFORT: Motion(trip=0.1),
        Activity.ROUTE: Motion(driving=240, part=Part.NAVIGATING),
        Activity.ROUTE_EVENT: Motion(driving=2, part=Part.NAVIGATING),
        Activity.TITLE: Motion(driving=18, part=Part.PLAYING),
        Activity.PLAYING: Motion(driving=_SECOND, part=Part.PLAYING),
    }
)

# A minimum delta saves only where a value moves in small steps. What moves by fits and starts, as a
# speed or a heading does, counts less than its whole way: much of it is done within one interval.
_TRAVELS: Final = (
    ("VehicleSpeed", Travel(driving=1000, swing=80)),
    ("Odometer", Travel(driving=22.4)),
    ("Location", Travel(driving=36_000)),
    ("GpsHeading", Travel(driving=800, swing=360)),
    ("GradeEstimatePercent", Travel(driving=280, swing=8)),
    ("LateralAcceleration", Travel(driving=95, swing=10)),
    ("LongitudinalAcceleration", Travel(driving=480, swing=6)),
    ("PedalPosition", Travel(driving=23_000, swing=100)),
    ("CruiseSetSpeed", Travel(driving=20)),
    ("PackVoltage", Travel(driving=2300, charging=10, parked=3, swing=40)),
    ("PackCurrent", Travel(driving=52_000, charging=17, parked=44, swing=600)),
    ("Soc BatteryLevel BrickSocMinPercent", Travel(driving=10, charging=13, parked=0.2)),
    ("EstBatteryRange", Travel(driving=30, charging=38, parked=0.6)),
    ("RatedRange IdealBatteryRange", Travel(driving=33, charging=42, parked=0.6)),
    ("EnergyRemaining", Travel(driving=8, charging=10, parked=0.2)),
    ("BrickVoltageMax BrickVoltageMin", Travel(driving=33, charging=0.1, parked=0.03)),
    ("ModuleTempMax ModuleTempMin", Travel(driving=8, charging=1, parked=8)),
    ("LifetimeEnergyUsed", Travel(driving=6.5)),
    ("LifetimeEnergyGainedRegen", Travel(driving=1.1)),
    ("MilesSinceReset", Travel(driving=22.4)),
    ("SelfDrivingMilesSinceReset", Travel(driving=9)),
    ("ACChargingPower", Travel(charging=3, swing=0.3)),
    ("DCChargingPower", Travel(charging=50)),
    ("ChargerVoltage", Travel(charging=250, swing=8)),
    ("ChargeAmps", Travel(charging=20, swing=0.05)),
    ("ACChargingEnergyIn DCChargingEnergyIn", Travel(charging=10)),
    ("TimeToFullCharge EstimatedHoursToChargeTermination", Travel(charging=1)),
    ("ChargeRateMilePerHour", Travel(charging=70, swing=2)),
    ("InsideTemp", Travel(driving=4.5, charging=1, parked=3)),
    ("OutsideTemp", Travel(driving=1, charging=1, parked=1)),
    ("MilesToArrival", Travel(driving=22)),
    ("MinutesToArrival", Travel(driving=60)),
    ("TpmsPressureFl TpmsPressureFr TpmsPressureRl TpmsPressureRr", Travel(driving=0.3)),
    ("IsolationResistance", Travel(driving=400, charging=100, parked=100, swing=500)),
    ("GpsAccuracyMeters", Travel(driving=90, charging=5, parked=5, swing=4)),
)

TRAVELS: Final[Mapping[str, Travel]] = MappingProxyType(
    {name: travel for names, travel in _TRAVELS for name in names.split()}
)
