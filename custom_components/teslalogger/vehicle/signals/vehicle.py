"""Body, security and identity: what `vehicle_state`, `vehicle_config` and the top level tell."""

from typing import Final

from .converters import boolean, guest_mode, number, one_of, text
from .model import Converter, Kind, OnInvalid, Signal

_AVAILABILITIES: Final = {
    "online": "online",
    "asleep": "asleep",
    "offline": "offline",
    "unknown": "unknown",
}
_DASHCAM_STATES: Final = {
    "Recording": "recording",
    "Available": "available",
    "Unavailable": "unavailable",
    "Saving": "saving",
}


def _flag(
    key: str,
    *,
    name: str | None = None,
    telemetry: str | None = None,
    convert: Converter = boolean,
) -> Signal:
    return Signal(
        key=key,
        kind=Kind.BOOL,
        path=("vehicle_state", name or key),
        telemetry=telemetry,
        convert=convert,
    )


def _config(key: str) -> Signal:
    return Signal(key=key, kind=Kind.BOOL, path=("vehicle_config", key), convert=boolean)


def _tyre(corner: str) -> tuple[Signal, ...]:
    return (
        Signal(
            key=f"tpms_pressure_{corner}",
            kind=Kind.NUMBER,
            path=("vehicle_state", f"tpms_pressure_{corner}"),
            telemetry=f"TpmsPressure{corner.capitalize()}",
            unit="bar",
            convert=number,
        ),
        _flag(f"tpms_soft_warning_{corner}"),
        _flag(f"tpms_hard_warning_{corner}"),
    )


VEHICLE_SIGNALS: Final = (
    Signal(
        key="availability",
        kind=Kind.ENUM,
        path=("state",),
        convert=one_of(_AVAILABILITIES),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_AVAILABILITIES.values()),
    ),
    Signal(
        key="odometer",
        kind=Kind.NUMBER,
        path=("vehicle_state", "odometer"),
        telemetry="Odometer",
        unit="mi",
        convert=number,
    ),
    _flag("locked", telemetry="Locked"),
    _flag("sentry_mode"),
    _flag("sentry_mode_available"),
    _flag("valet_mode", telemetry="ValetModeEnabled"),
    _flag("valet_pin_needed"),
    _flag("guest_mode", telemetry="GuestModeEnabled", convert=guest_mode),
    _flag("service_mode", telemetry="ServiceMode"),
    _flag("is_user_present"),
    _flag("homelink_nearby", telemetry="HomelinkNearby"),
    _flag("door_front_driver", name="df"),
    _flag("door_rear_driver", name="dr"),
    _flag("door_front_passenger", name="pf"),
    _flag("door_rear_passenger", name="pr"),
    _flag("front_trunk", name="ft"),
    _flag("rear_trunk", name="rt"),
    _flag("window_front_driver", name="fd_window"),
    _flag("window_front_passenger", name="fp_window"),
    _flag("window_rear_driver", name="rd_window"),
    _flag("window_rear_passenger", name="rp_window"),
    Signal(
        key="dashcam_state",
        kind=Kind.ENUM,
        path=("vehicle_state", "dashcam_state"),
        convert=one_of(_DASHCAM_STATES),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_DASHCAM_STATES.values()),
    ),
    *_tyre("fl"),
    *_tyre("fr"),
    *_tyre("rl"),
    *_tyre("rr"),
    Signal(
        key="car_version",
        kind=Kind.TEXT,
        path=("vehicle_state", "car_version"),
        telemetry="Version",
        convert=text,
    ),
    Signal(
        key="vehicle_name",
        kind=Kind.TEXT,
        path=("vehicle_state", "vehicle_name"),
        telemetry="VehicleName",
        convert=text,
    ),
    Signal(
        key="car_type",
        kind=Kind.TEXT,
        path=("vehicle_config", "car_type"),
        convert=text,
    ),
    _config("has_seat_cooling"),
    _config("rhd"),
)
