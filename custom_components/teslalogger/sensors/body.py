"""Body: tyres, lights, display, cameras, keys; and the Semi's own."""

from typing import Final

from custom_components.teslalogger.entity import once_seen

from .model import DIAGNOSTIC, METER, rare, shown

_CORNERS: Final = ("fl", "fr", "rl", "rr")
_SEMI_WHEELS: Final = tuple(
    f"re{axle}{side}{place}" for axle in (1, 2) for side in "lr" for place in (0, 1)
)

BODY_SENSORS: Final = (
    *(
        shown(f"tpms_pressure_{corner}", has_fn=once_seen(f"tpms_pressure_{corner}"), **DIAGNOSTIC)
        for corner in _CORNERS
    ),
    *(rare(f"tpms_last_seen_{corner}", **DIAGNOSTIC) for corner in _CORNERS),
    rare("tpms_recommended_front", **DIAGNOSTIC),
    rare("tpms_recommended_rear", **DIAGNOSTIC),
    rare("sentry_mode_state"),
    rare("dashcam_state"),
    rare("center_display_state"),
    rare("lights_turn_signal"),
    rare("tonneau_open_percent"),
    rare("sun_roof_percent_open"),
    rare("tonneau_tent_mode"),
    rare("guest_mode_mobile_access", **DIAGNOSTIC),
    rare("paired_keys", **DIAGNOSTIC),
    rare("homelink_device_count", **DIAGNOSTIC),
    # Semi
    *(rare(f"semi_tpms_pressure_{wheel}") for wheel in _SEMI_WHEELS),
    rare("semi_passenger_seat"),
    rare("semi_tractor_park_brake"),
    rare("semi_trailer_park_brake"),
    rare("semi_lifetime_energy_used_drive", **METER),
    rare("semi_cruise_speed_limit"),
    rare("semi_vehicle_mass"),
)
