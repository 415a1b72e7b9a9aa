"""What motors, pedals and the road under a simulated car say."""

import math
from typing import TYPE_CHECKING, Final

from simulator.car.road import Moment
from simulator.telemetry.source import Reader, Source, boolean, real

if TYPE_CHECKING:
    from simulator.telemetry.look import Look

WHEEL: Final = 0.35
"""The radius of a wheel, in metres."""
BRAKING: Final = 0.8
"""m/s² of slowing down that the motors do without the brakes."""
WARM: Final = 1_200.0
"""Seconds that motors and tires take to warm up (time constant)."""
PLUS_MINUS: Final = 1.4
"""Metres that satellites leave uncertain, on average."""
REAR_SHARE: Final = 0.6
"""How much of the power the rear motor gives."""


def warmth(look: Look) -> float:
    """From 0 as a drive begins towards 1."""
    trip = look.state.motion.trip
    return 0.0 if trip is None else 1.0 - math.exp(-trip.seconds / WARM)


def _moment(look: Look) -> Moment:
    trip = look.state.motion.trip
    return Moment() if trip is None else trip.moment


def _drives(look: Look) -> bool:
    return look.state.motion.trip is not None


def _metres_a_second(look: Look) -> float:
    return look.state.motion.speed / 3.6


def _torque(look: Look) -> float:
    """Of both axles, in Nm."""
    speed = _metres_a_second(look)
    return 1000.0 * look.state.motion.power / speed * WHEEL if speed > 1.0 else 0.0


def _amperes(look: Look) -> float:
    return 1000.0 * look.state.motion.power / look.pack.voltage


def _bend(look: Look) -> float:
    """What the bend of this second pulls to the side, in m/s²."""
    trip = look.state.motion.trip
    if trip is None or trip.road is None:
        return 0.0
    before = trip.road.moment(max(0.0, trip.seconds - 1.0)).heading
    turned = (_moment(look).heading - before + 180.0) % 360.0 - 180.0
    return math.radians(turned) * _metres_a_second(look)


_INVERTER: Final = Source(
    kind="drive_inverter_state_value",
    read=lambda look: "Enable" if _drives(look) else "Standby",
)


def _heat(degrees: float) -> Source:
    """In whole degrees, so warm at the end of a long drive."""

    def read(look: Look) -> float:
        swing = 0.04 * abs(look.state.motion.power)
        return look.state.climate.outside + 6.0 + degrees * warmth(look) + swing

    return real(read, step=1.0)


def _share(read: Reader, share: float, *, step: float) -> Source:
    return real(lambda look: share * read(look), step=step)


def _accuracy(look: Look) -> float:
    """Worse between houses, where a car is slow."""
    speed = look.state.motion.speed
    return PLUS_MINUS + (2.0 / (1.0 + speed / 20.0) if _drives(look) else 0.0)


DRIVETRAIN: Final = {
    "BrakePedal": boolean(
        lambda look: look.state.motion.speed == 0.0 or _moment(look).acceleration < -BRAKING
    ),
    "BrakePedalPos": real(
        lambda look: max(0.0, -BRAKING - _moment(look).acceleration) * 12.0, step=0.1
    ),
    "DiAxleSpeedF": real(lambda look: _metres_a_second(look) / WHEEL, step=0.1),
    "DiAxleSpeedR": real(lambda look: _metres_a_second(look) / WHEEL, step=0.1),
    "DiHeatsinkTF": _heat(22.0),
    "DiHeatsinkTR": _heat(25.0),
    "DiInverterTF": _heat(24.0),
    "DiInverterTR": _heat(28.0),
    "DiMotorCurrentF": _share(_amperes, 1.0 - REAR_SHARE, step=0.5),
    "DiMotorCurrentR": _share(_amperes, REAR_SHARE, step=0.5),
    "DiSlaveTorqueCmd": _share(_torque, 1.0 - REAR_SHARE, step=1.0),
    "DiStateF": _INVERTER,
    "DiStateR": _INVERTER,
    "DiStatorTempF": _heat(35.0),
    "DiStatorTempR": _heat(45.0),
    "DiTorqueActualF": _share(_torque, 1.0 - REAR_SHARE, step=1.0),
    "DiTorqueActualR": _share(_torque, REAR_SHARE, step=1.0),
    "DiTorquemotor": _share(_torque, REAR_SHARE, step=1.0),
    "DiVBatF": real(lambda look: look.pack.voltage - 0.5, step=0.5),
    "DiVBatR": real(lambda look: look.pack.voltage, step=0.5),
    "GpsAccuracyMeters": real(_accuracy, step=0.5),
    "GradeEstimatePercent": real(lambda look: _moment(look).slope, step=0.1),
    "LateralAcceleration": real(_bend, step=0.05),
    "LightsHazardsActive": boolean(lambda _: False),
    "LightsHighBeams": boolean(lambda look: look.state.motion.speed > 95.0),  # noqa: PLR2004 - km/h, out of town
    "LightsTurnSignal": Source(
        kind="turn_signal_state_value", read=lambda look: _moment(look).blinker
    ),
    "LongitudinalAcceleration": real(lambda look: _moment(look).acceleration, step=0.05),
    "PassengerSeatBelt": Source(kind="buckle_status_value", read=lambda _: "Unlatched"),
    "PedalPosition": real(
        lambda look: max(0.0, min(100.0, 1.6 * look.state.motion.power)), step=0.4
    ),
}
"""Cars with a motor at each axle are the only ones that there are."""
