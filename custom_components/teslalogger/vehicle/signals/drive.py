"""Driving: where the car is, how it moves, and what the driver does."""

from typing import Final

from .compounds import latitude, longitude
from .converters import number, numbered, one_of, when_null, within
from .model import Kind, OnInvalid, Signal
from .rows import flag, moment, named, quantity
from .times import epoch

_CLEAR: Final = OnInvalid.CLEAR
_GEARS: Final = named("P", "R", "N", "D")

DRIVE_SIGNALS: Final = (
    # Position
    quantity(
        "latitude",
        "°",
        "drive_state.latitude",
        "Location",
        part="latitude",
        convert=within(-90, 90),
        stream=latitude,
    ),
    quantity(
        "longitude",
        "°",
        "drive_state.longitude",
        "Location",
        part="longitude",
        convert=within(-180, 180),
        stream=longitude,
    ),
    quantity("heading", "°", "drive_state.heading", "GpsHeading", convert=within(0, 360)),
    moment("gps_as_of", "drive_state.gps_as_of", epoch()),
    flag("gps_state", telemetry="GpsState"),
    quantity("gps_accuracy", "m", telemetry="GpsAccuracyMeters"),
    # Motion. A parked car has neither speed nor gear for Tesla: null is standing still, in park.
    Signal(
        key="speed",
        kind=Kind.NUMBER,
        path=("drive_state", "speed"),
        telemetry="VehicleSpeed",
        unit="mph",
        convert=when_null(0, number),
    ),
    Signal(
        key="shift_state",
        kind=Kind.ENUM,
        path=("drive_state", "shift_state"),
        telemetry="Gear",
        convert=when_null("p", one_of(_GEARS, "ShiftState")),
        options=tuple(_GEARS.values()),
    ),
    quantity("power", "kW", "drive_state.power", on_invalid=_CLEAR),
    quantity("odometer", "mi", "vehicle_state.odometer", "Odometer"),
    quantity("lateral_acceleration", "m/s²", telemetry="LateralAcceleration"),
    quantity("longitudinal_acceleration", "m/s²", telemetry="LongitudinalAcceleration"),
    quantity("grade_estimate", "%", telemetry="GradeEstimatePercent"),
    quantity("rolling_resistance_coefficient", None, telemetry="RollingResistanceCoefficient"),
    # Driver
    flag("drive_rail", telemetry="DriveRail"),
    flag("brake_pedal", telemetry="BrakePedal"),
    # Tesla's text says pressure, its other users show percent.
    quantity("brake_pedal_position", None, telemetry="BrakePedalPos"),
    quantity("pedal_position", "%", telemetry="PedalPosition", convert=within(0, 100)),
    quantity("cruise_set_speed", "mph", telemetry="CruiseSetSpeed", on_invalid=_CLEAR),
    quantity(
        "cruise_follow_distance",
        None,
        telemetry="CruiseFollowDistance",
        convert=numbered({str(step): step for step in range(1, 8)}, "FollowDistance"),
    ),
    quantity("miles_since_reset", "mi", telemetry="MilesSinceReset"),
    quantity("self_driving_miles_since_reset", "mi", telemetry="SelfDrivingMilesSinceReset"),
)
