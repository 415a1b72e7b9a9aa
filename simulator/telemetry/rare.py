"""What newer cars can tell and an ordinary one hardly ever changes."""

from typing import Final

from simulator.telemetry.samples import PLACE, TIME
from simulator.telemetry.source import Source, boolean, integer, real

DC_SHARE: Final = 0.1
"""The part of its energy that the car got from fast chargers."""

RARE: Final = {
    "AccessoryRail": boolean(lambda look: look.state.user_present),
    "AutomaticEmergencyBrakingState": Source(
        kind="automatic_emergency_braking_state_value", read=lambda _: "Enabled"
    ),
    "Cabin12vPortKeepOn": Source(
        kind="cabin_port_keep_on_value",
        read=lambda look: "On" if look.state.accessory_power else "Off",
    ),
    "GuestModeMobileAccessState": Source(
        kind="guest_mode_mobile_access_value", read=lambda _: "Init"
    ),
    "LifetimeDcChargeEnergyKwh": real(
        lambda look: look.state.motion.odometer * look.model.consumption * DC_SHARE, step=0.1
    ),
    "MaxSpeedToReachDestinationMph": real(lambda _: None),
    "OriginLocation": Source(kind=PLACE, read=lambda _: None),
    "PowershareHoursLeft": integer(lambda _: 0),
    "PowershareInstantaneousPowerKW": real(lambda _: 0.0),
    "PowershareStatus": Source(kind="powershare_state_value", read=lambda _: "Inactive"),
    "PowershareStopReason": Source(kind="powershare_stop_reason_value", read=lambda _: "None"),
    "PowershareType": Source(kind="powershare_type_value", read=lambda _: "None"),
    "RearDisplayHvacEnabled": boolean(lambda _: True),
    "ScheduledChargingStartTime": Source(kind=TIME, read=lambda look: look.state.charge.scheduled),
    "SeatVentEnabled": boolean(lambda look: any(look.state.climate.seat_coolers.values())),
    "SoftwareUpdateScheduledStartTime": Source(kind=TIME, read=lambda _: None),
}
