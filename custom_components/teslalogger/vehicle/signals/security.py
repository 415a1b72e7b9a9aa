"""Who may do what with the car, and who sits in it."""

from typing import Final

from .converters import guest_mode, truth
from .rows import choice, flag, named, quantity

_SENTRY: Final = named("Off", "Idle", "Armed", "Aware", "Panic", "Quiet")
_SENTRY_PREFIX: Final = "SentryModeState"
_BUCKLE: Final = truth({"Latched": True, "Unlatched": False, "Faulted": None}, "BuckleStatus")
_GUEST_ACCESS: Final = named(
    "Init",
    "NotAuthenticated",
    "Authenticated",
    "AbortedDriving",
    "AbortedUsingRemoteStart",
    "AbortedUsingBLEKeys",
    "AbortedValetMode",
    "AbortedGuestModeOff",
    "AbortedDriveAuthTimeExceeded",
    "AbortedNoDataReceived",
    "RequestingFromMothership",
    "RequestingFromAuthD",
    "AbortedFetchFailed",
    "AbortedBadDataReceived",
    "ShowingQRCode",
    "SwipedAway",
    "DismissedQRCodeExpired",
    "SucceededPairedNewBLEKey",
)

SECURITY_SIGNALS: Final = (
    flag("locked", "vehicle_state.locked", "Locked"),
    flag(
        "sentry_mode",
        "vehicle_state.sentry_mode",
        "SentryMode",
        stream=truth({name: name != "Off" for name in _SENTRY}, _SENTRY_PREFIX),
    ),
    choice("sentry_mode_state", _SENTRY, telemetry="SentryMode", prefix=_SENTRY_PREFIX),
    flag("sentry_mode_available", "vehicle_state.sentry_mode_available"),
    # Modes
    flag("valet_mode", "vehicle_state.valet_mode", "ValetModeEnabled"),
    flag("valet_pin_needed", "vehicle_state.valet_pin_needed"),
    # The path is that of Tesla's protobuf (VehicleState.GuestMode): no published answer of
    # vehicle_data shows where, or whether, a poll tells it. The streamed field is documented.
    flag("guest_mode", "vehicle_state.guest_mode", "GuestModeEnabled", convert=guest_mode),
    choice(
        "guest_mode_mobile_access",
        _GUEST_ACCESS,
        telemetry="GuestModeMobileAccessState",
        prefix="GuestModeMobileAccess",
    ),
    flag("pin_to_drive_enabled", telemetry="PinToDriveEnabled"),
    flag("speed_limit_active", "vehicle_state.speed_limit_mode.active", "SpeedLimitMode"),
    flag("speed_limit_pin_set", "vehicle_state.speed_limit_mode.pin_code_set"),
    flag("service_mode", "vehicle_state.service_mode", "ServiceMode"),
    flag("service_mode_plus", "vehicle_state.service_mode_plus"),
    # Keys
    quantity("paired_keys", None, telemetry="PairedPhoneKeyAndKeyFobQty"),
    flag("remote_start", "vehicle_state.remote_start", "RemoteStartActive"),
    flag("remote_start_enabled", "vehicle_state.remote_start_enabled", "RemoteStartEnabled"),
    flag("remote_start_supported", "vehicle_state.remote_start_supported"),
    flag("summon_standby_mode_enabled", "vehicle_state.summon_standby_mode_enabled"),
    flag("smart_summon_available", "vehicle_state.smart_summon_available"),
    # People
    # Tesla explains the field as: user present.
    flag("is_user_present", "vehicle_state.is_user_present", "DriverSeatOccupied"),
    flag("driver_seat_occupied", telemetry="DriverSeatOccupied"),
    flag("driver_seat_belt", telemetry="DriverSeatBelt", convert=_BUCKLE),
    # Tesla: wrongly tells of the belt in the middle of the second row.
    flag("passenger_seat_belt", telemetry="PassengerSeatBelt", convert=_BUCKLE),
)
