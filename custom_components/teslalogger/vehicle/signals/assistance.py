"""What the driver has the car look after."""

from typing import Final

from .rows import choice, flag, named

ASSISTANCE_SIGNALS: Final = (
    flag("automatic_blind_spot_camera", telemetry="AutomaticBlindSpotCamera"),
    flag("blind_spot_collision_warning_chime", telemetry="BlindSpotCollisionWarningChime"),
    flag("emergency_lane_departure_avoidance", telemetry="EmergencyLaneDepartureAvoidance"),
    flag("automatic_emergency_braking_off", telemetry="AutomaticEmergencyBrakingOff"),
    choice(
        "automatic_emergency_braking_state",
        named("Unavailable", "Standby", "Enabled", "Standstill"),
        telemetry="AutomaticEmergencyBrakingState",
        prefix="AutomaticEmergencyBrakingState",
    ),
    choice(
        "forward_collision_warning",
        named("Off", "Late", "Average", "Early"),
        telemetry="ForwardCollisionWarning",
        prefix="ForwardCollisionSensitivity",
    ),
    choice(
        "lane_departure_avoidance",
        named("None", "Warning", "Assist"),
        telemetry="LaneDepartureAvoidance",
        prefix="LaneAssistLevel",
    ),
    choice(
        "speed_limit_warning",
        named("None", "Display", "Chime"),
        telemetry="SpeedLimitWarning",
        prefix="SpeedAssistLevel",
    ),
)
