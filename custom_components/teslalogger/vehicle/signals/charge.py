"""Charging: cable, current, energy, and when it is to happen."""

from typing import Final

from .converters import (
    boolean,
    cable_connected,
    one_of,
    or_nothing,
    scaled,
    truth,
    when_null,
    within,
)
from .model import Kind, OnInvalid, Signal
from .rows import choice, flag, label, moment, named, quantity
from .times import epoch, minute_of_day, wall_clock_minute

_CLEAR: Final = OnInvalid.CLEAR
_PERCENT: Final = within(0, 100)
_CHARGING_STATES: Final = named(
    "Disconnected", "NoPower", "Starting", "Charging", "Complete", "Stopped", "Calibrating"
)
_IS_CONNECTED: Final = {name: name != "Disconnected" for name in _CHARGING_STATES}
_CABLES: Final = named("IEC", "SAE", "GB_AC", "GB_DC")
_FAST_CHARGERS: Final = {
    **named("Supercharger", "GB", "ACSingleWireCAN", "Combo", "MCSingleWireCAN", "Other"),
    "CHAdeMO": "chademo",
    "Tesla": "supercharger",  # as vehicle_data calls it
}
_LATCH_STATES: Final = named("Engaged", "Disengaged", "Blocking")
_SCHEDULED_MODES: Final = named("Off", "StartAt", "DepartBy")
_DAYS: Final = {"all_week": "all_week", "weekdays": "weekdays"}

CHARGE_SIGNALS: Final = (
    choice(
        "charging_state",
        _CHARGING_STATES,
        "charge_state.charging_state",
        "DetailedChargeState",
        prefix="DetailedChargeState",
    ),
    # A sleeping car streams no cable at all; its charging state knows whether there is one.
    flag(
        "charge_cable_connected",
        "charge_state.conn_charge_cable",
        "DetailedChargeState",
        convert=cable_connected,
        stream=truth(_IS_CONNECTED, "DetailedChargeState"),
    ),
    choice(
        "conn_charge_cable",
        _CABLES,
        "charge_state.conn_charge_cable",
        "ChargingCableType",
        prefix="CableType",
        on_invalid=_CLEAR,
    ),
    choice(
        "fast_charger_type",
        _FAST_CHARGERS,
        "charge_state.fast_charger_type",
        "FastChargerType",
        prefix="FastCharger",
        on_invalid=_CLEAR,
    ),
    label("fast_charger_brand", "charge_state.fast_charger_brand", on_invalid=_CLEAR),
    # Without a cable the stream calls it invalid, not false.
    flag(
        "fast_charger_present",
        "charge_state.fast_charger_present",
        "FastChargerPresent",
        on_invalid=_CLEAR,
    ),
    label("charger_internal_state", telemetry="ChargeState"),
    # Port
    flag("charge_port_door_open", "charge_state.charge_port_door_open", "ChargePortDoorOpen"),
    choice(
        "charge_port_latch",
        _LATCH_STATES,
        "charge_state.charge_port_latch",
        "ChargePortLatch",
        prefix="ChargePortLatch",
        # Awake, the car does not know; in the stream it only falls asleep.
        convert=or_nothing(one_of(_LATCH_STATES)),
    ),
    flag(
        "charge_port_cold_weather_mode",
        "charge_state.charge_port_cold_weather_mode",
        "ChargePortColdWeatherMode",
    ),
    label("charge_port_color", "charge_state.charge_port_color", on_invalid=_CLEAR),
    # What flows
    quantity("charger_power", "kW", "charge_state.charger_power"),
    quantity("ac_charging_power", "kW", telemetry="ACChargingPower", on_invalid=_CLEAR),
    quantity("dc_charging_power", "kW", telemetry="DCChargingPower", on_invalid=_CLEAR),
    quantity("charger_voltage", "V", "charge_state.charger_voltage", "ChargerVoltage"),
    quantity("charger_actual_current", "A", "charge_state.charger_actual_current", "ChargeAmps"),
    quantity("charger_pilot_current", "A", "charge_state.charger_pilot_current"),
    quantity(
        "charger_phases",
        None,
        "charge_state.charger_phases",
        "ChargerPhases",
        on_invalid=_CLEAR,
    ),
    quantity("charge_rate", "mph", "charge_state.charge_rate", "ChargeRateMilePerHour"),
    quantity(
        "charge_energy_added", "kWh", "charge_state.charge_energy_added", "DCChargingEnergyIn"
    ),
    quantity("ac_charging_energy", "kWh", telemetry="ACChargingEnergyIn"),
    quantity("charge_miles_added_rated", "mi", "charge_state.charge_miles_added_rated"),
    quantity("charge_miles_added_ideal", "mi", "charge_state.charge_miles_added_ideal"),
    quantity(
        "minutes_to_full_charge",
        "min",
        "charge_state.minutes_to_full_charge",
        "TimeToFullCharge",
        stream=scaled(60),
        on_invalid=_CLEAR,
    ),
    quantity(
        "hours_to_charge_termination",
        "h",
        telemetry="EstimatedHoursToChargeTermination",
        on_invalid=_CLEAR,
    ),
    # What is wanted
    quantity(
        "charge_limit_soc",
        "%",
        "charge_state.charge_limit_soc",
        "ChargeLimitSoc",
        convert=_PERCENT,
    ),
    *(
        quantity(key, "%", f"charge_state.{key}", convert=_PERCENT)
        for key in ("charge_limit_soc_min", "charge_limit_soc_max", "charge_limit_soc_std")
    ),
    quantity(
        "charge_current_request",
        "A",
        "charge_state.charge_current_request",
        "ChargeCurrentRequest",
    ),
    quantity(
        "charge_current_request_max",
        "A",
        "charge_state.charge_current_request_max",
        "ChargeCurrentRequestMax",
    ),
    Signal(
        key="charge_enable_request",
        kind=Kind.BOOL,
        path=("charge_state", "charge_enable_request"),
        telemetry="ChargeEnableRequest",
        convert=when_null(value=False, convert=boolean),
        stream=boolean,
    ),
    flag("user_charge_enable_request", "charge_state.user_charge_enable_request"),
    flag("trip_charging", "charge_state.trip_charging"),
    flag(
        "supercharger_session_trip_planner",
        "charge_state.supercharger_session_trip_planner",
        "SuperchargerSessionTripPlanner",
    ),
    flag("managed_charging_active", "charge_state.managed_charging_active"),
    flag("managed_charging_user_canceled", "charge_state.managed_charging_user_canceled"),
    moment(
        "managed_charging_start_time",
        "charge_state.managed_charging_start_time",
        epoch(),
        on_invalid=_CLEAR,
    ),
    # When
    choice(
        "scheduled_charging_mode",
        _SCHEDULED_MODES,
        "charge_state.scheduled_charging_mode",
        "ScheduledChargingMode",
        prefix="ScheduledChargingMode",
    ),
    flag(
        "scheduled_charging_pending",
        "charge_state.scheduled_charging_pending",
        "ScheduledChargingPending",
    ),
    moment(
        "scheduled_charging_start_time",
        "charge_state.scheduled_charging_start_time",
        epoch(),
        on_invalid=_CLEAR,
    ),
    quantity(
        "scheduled_charging_start_time_minutes",
        "min",
        "charge_state.scheduled_charging_start_time_minutes",
        "ScheduledChargingStartTime",
        convert=minute_of_day,
        stream=wall_clock_minute,
        on_invalid=_CLEAR,
    ),
    quantity(
        "scheduled_departure_time_minutes",
        "min",
        "charge_state.scheduled_departure_time_minutes",
        "ScheduledDepartureTime",
        convert=minute_of_day,
        stream=wall_clock_minute,
        on_invalid=_CLEAR,
    ),
    # Of the departure; the streamed field of the same name tells what is running now.
    flag("preconditioning_enabled", "charge_state.preconditioning_enabled"),
    flag("preconditioning_active", telemetry="PreconditioningEnabled"),
    choice("preconditioning_times", _DAYS, "charge_state.preconditioning_times"),
    flag("off_peak_charging_enabled", "charge_state.off_peak_charging_enabled"),
    choice("off_peak_charging_times", _DAYS, "charge_state.off_peak_charging_times"),
    quantity(
        "off_peak_hours_end_time",
        "min",
        "charge_state.off_peak_hours_end_time",
        convert=minute_of_day,
    ),
    # Giving power back
    choice(
        "powershare_status",
        named("Inactive", "Handshaking", "Init", "Enabled", "EnabledReconnectingSoon", "Stopped"),
        telemetry="PowershareStatus",
        prefix="PowershareState",
    ),
    choice(
        "powershare_type",
        named("None", "Load", "Home"),
        telemetry="PowershareType",
        prefix="PowershareTypeStatus",
    ),
    choice(
        "powershare_stop_reason",
        named("None", "SOCTooLow", "Retry", "Fault", "User", "Reconnecting", "Authentication"),
        telemetry="PowershareStopReason",
        prefix="PowershareStopReasonStatus",
    ),
    quantity("powershare_hours_left", "h", telemetry="PowershareHoursLeft", on_invalid=_CLEAR),
    quantity(
        "powershare_power", "kW", telemetry="PowershareInstantaneousPowerKW", on_invalid=_CLEAR
    ),
    choice(
        "power_transfer_status",
        named(
            "Standby",
            "Faulted",
            "EmergencyShutdown",
            "ExtEvseTestAllowed",
            "ExtPrechargeAllowed",
            "ChargeEnabling",
            "ChargeEnabled",
            "GracefulShutdown",
            "Blocked",
        ),
        telemetry="PowerTransferStatus",
        prefix="PowerTransferStatus",
    ),
)
