"""What the driver has the car look after."""

from typing import Final

from .converters import coded, either, one_of
from .model import OnInvalid
from .rows import choice, flag, named

# In the order of Tesla's numbers, from one; zero is Unknown.
_CRUISE_STATES: Final = named(
    "Off", "Standby", "On", "Standstill", "Override", "Fault", "PreFault", "PreCancel"
)

ASSISTANCE_SIGNALS: Final = (
    # CruiseState, of old firmware, old servers and replays; NOT_OFFERED tells the rest.
    choice(
        "autopilot_state",
        _CRUISE_STATES,
        telemetry="Deprecated_2",
        stream=either(
            one_of(_CRUISE_STATES, "CruiseState"),
            coded(dict(enumerate(_CRUISE_STATES.values(), start=1))),
        ),
        on_invalid=OnInvalid.CLEAR,
    ),
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
