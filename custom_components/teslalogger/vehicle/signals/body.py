"""The body: doors, windows, lids, lights, display and sockets."""

from typing import TYPE_CHECKING, Final

from .compounds import opening
from .converters import coded, truth
from .rows import choice, flag, named, quantity

if TYPE_CHECKING:
    from .model import Signal

_WINDOW_STATES: Final = {"Closed": False, "PartiallyOpen": True, "Opened": True}
_OFF_ON: Final = {"Off": False, "On": True}
_DISPLAY_STATES: Final = named(
    "Off",
    "Dim",
    "Accessory",
    "On",
    "Driving",
    "Charging",
    "Lock",
    "Sentry",
    "Dog",
    "Entertainment",
)


def _opening(key: str, name: str, part: str) -> Signal:
    return flag(key, f"vehicle_state.{name}", "DoorState", part=part, stream=opening(part))


def _window(key: str, name: str) -> Signal:
    return flag(
        key,
        f"vehicle_state.{name}_window",
        f"{name.capitalize()}Window",
        stream=truth(_WINDOW_STATES, "WindowState"),
    )


BODY_SIGNALS: Final = (
    _opening("door_front_driver", "df", "DriverFront"),
    _opening("door_rear_driver", "dr", "DriverRear"),
    _opening("door_front_passenger", "pf", "PassengerFront"),
    _opening("door_rear_passenger", "pr", "PassengerRear"),
    _opening("front_trunk", "ft", "TrunkFront"),
    _opening("rear_trunk", "rt", "TrunkRear"),
    _window("window_front_driver", "fd"),
    _window("window_front_passenger", "fp"),
    _window("window_rear_driver", "rd"),
    _window("window_rear_passenger", "rp"),
    quantity("tonneau_open_percent", "%", telemetry="TonneauOpenPercent"),
    choice(
        "tonneau_tent_mode",
        named("Inactive", "Moving", "Failed", "Active"),
        telemetry="TonneauTentMode",
        prefix="TonneauTentModeState",
    ),
    flag("lights_hazards_active", telemetry="LightsHazardsActive"),
    flag("lights_high_beams", telemetry="LightsHighBeams"),
    choice(
        "lights_turn_signal",
        named("Off", "Left", "Right", "Both"),
        telemetry="LightsTurnSignal",
        prefix="TurnSignalState",
    ),
    # vehicle_data counts the same states from zero on.
    choice(
        "center_display_state",
        _DISPLAY_STATES,
        "vehicle_state.center_display_state",
        "CenterDisplay",
        prefix="DisplayState",
        convert=coded(dict(enumerate(_DISPLAY_STATES.values()))),
    ),
    flag("accessory_rail", telemetry="AccessoryRail"),
    *(
        flag(
            f"cabin_{volts}v_port_keep_on",
            telemetry=f"Cabin{volts}vPortKeepOn",
            convert=truth(_OFF_ON, "CabinPortKeepOnState"),
        )
        for volts in (12, 48)
    ),
    choice(
        "dashcam_state",
        named(
            *("Recording", "Available", "Unavailable", "Saving"),
            *("Saved", "Streaming", "NoSpace", "Paused"),
        ),
        "vehicle_state.dashcam_state",
    ),
    flag("dashcam_clip_save_available", "vehicle_state.dashcam_clip_save_available"),
    flag("webcam_available", "vehicle_state.webcam_available"),
    flag("homelink_nearby", "vehicle_state.homelink_nearby", "HomelinkNearby"),
)
