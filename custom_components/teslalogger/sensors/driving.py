"""Driving: motion, the driver's feet, and the route."""

from typing import TYPE_CHECKING, Final

from homeassistant.components.sensor import SensorDeviceClass

from custom_components.teslalogger.entity import once_seen

from .model import BATTERY, DIAGNOSTIC, METER, WHOLE, CarSensorDescription, after, rare, shown

if TYPE_CHECKING:
    from datetime import datetime

    from custom_components.teslalogger.coordinator import CarCoordinator

_PRECISE: Final = {"suggested_display_precision": 4}


def arrival(car: CarCoordinator) -> datetime | None:
    """When the car will be there, by what it told last; to the minute."""
    reading = car.data.get("active_route_minutes_to_arrival")
    return None if reading is None else after(reading)


DRIVING_SENSORS: Final = (
    shown("odometer", **METER, **WHOLE),
    shown("shift_state"),
    shown("speed", **WHOLE),
    shown("power", enabled=False),
    rare("heading", state_class=None),
    rare("gps_accuracy", **DIAGNOSTIC),
    rare("gps_as_of", **DIAGNOSTIC),
    # Route
    shown("active_route_destination"),
    shown("active_route_miles_to_arrival", suggested_display_precision=1),
    CarSensorDescription(
        key="arrival_time",
        topics=("active_route_minutes_to_arrival",),
        value_fn=arrival,
        device_class=SensorDeviceClass.TIMESTAMP,
    ),
    shown("active_route_minutes_to_arrival", **WHOLE, enabled=False),
    shown("active_route_traffic_minutes_delay", **WHOLE, enabled=False),
    shown("active_route_energy_at_arrival", **BATTERY, **WHOLE, enabled=False),
    rare("max_speed_to_reach_destination"),
    # Driver
    shown("autopilot_state", has_fn=once_seen("autopilot_state")),
    rare("cruise_set_speed"),
    rare("cruise_follow_distance"),
    rare("pedal_position"),
    rare("brake_pedal_position"),
    rare("lateral_acceleration"),
    rare("longitudinal_acceleration"),
    rare("grade_estimate", suggested_display_precision=1),
    rare("rolling_resistance_coefficient", **_PRECISE, **DIAGNOSTIC),
    rare("miles_since_reset", **METER),
    rare("self_driving_miles_since_reset", **METER),
    # What the driver has the car look after
    rare("forward_collision_warning", **DIAGNOSTIC),
    rare("lane_departure_avoidance", **DIAGNOSTIC),
    rare("speed_limit_warning", **DIAGNOSTIC),
    rare("automatic_emergency_braking_state", **DIAGNOSTIC),
)
