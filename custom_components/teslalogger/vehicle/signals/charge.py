"""Battery and charging: what `charge_state` tells."""

from typing import Final

from .converters import boolean, cable_connected, number, one_of, text, when_null, within
from .model import Kind, OnInvalid, Signal

_CHARGING_STATES: Final = {
    "Disconnected": "disconnected",
    "NoPower": "no_power",
    "Starting": "starting",
    "Charging": "charging",
    "Complete": "complete",
    "Stopped": "stopped",
    "Calibrating": "calibrating",
}
_LATCH_STATES: Final = {
    "Engaged": "engaged",
    "Disengaged": "disengaged",
    "Blocking": "blocking",
}
_SCHEDULED_CHARGING_MODES: Final = {"Off": "off", "StartAt": "start_at", "DepartBy": "depart_by"}


def _number(
    key: str,
    unit: str,
    *,
    name: str | None = None,
    telemetry: str | None = None,
    on_invalid: OnInvalid = OnInvalid.KEEP,
) -> Signal:
    return Signal(
        key=key,
        kind=Kind.NUMBER,
        path=("charge_state", name or key),
        telemetry=telemetry,
        unit=unit,
        convert=number,
        on_invalid=on_invalid,
    )


def _percent(key: str, telemetry: str | None = None) -> Signal:
    return Signal(
        key=key,
        kind=Kind.NUMBER,
        path=("charge_state", key),
        telemetry=telemetry,
        unit="%",
        convert=within(0, 100),
    )


def _flag(key: str, telemetry: str | None = None) -> Signal:
    return Signal(
        key=key,
        kind=Kind.BOOL,
        path=("charge_state", key),
        telemetry=telemetry,
        convert=boolean,
    )


CHARGE_SIGNALS: Final = (
    _percent("battery_level", "BatteryLevel"),
    _percent("usable_battery_level", "Soc"),
    _percent("charge_limit_soc", "ChargeLimitSoc"),
    _percent("charge_limit_soc_min"),
    _percent("charge_limit_soc_max"),
    _percent("charge_limit_soc_std"),
    _number("battery_range", "mi", telemetry="RatedRange"),
    _number("ideal_battery_range", "mi", telemetry="IdealBatteryRange"),
    _number("est_battery_range", "mi", telemetry="EstBatteryRange"),
    _number("charge_energy_added", "kWh"),
    _number("charge_miles_added_rated", "mi"),
    _number("charger_power", "kW"),
    _number("charger_voltage", "V", telemetry="ChargerVoltage"),
    _number("charger_actual_current", "A", telemetry="ChargeAmps"),
    _number("charge_current_request", "A", telemetry="ChargeCurrentRequest"),
    _number("charge_current_request_max", "A", telemetry="ChargeCurrentRequestMax"),
    _number("charge_rate", "mph", telemetry="ChargeRateMilePerHour"),
    _number("time_to_full_charge", "h", telemetry="TimeToFullCharge", on_invalid=OnInvalid.CLEAR),
    _number("minutes_to_full_charge", "min", on_invalid=OnInvalid.CLEAR),
    Signal(
        key="charger_phases",
        kind=Kind.NUMBER,
        path=("charge_state", "charger_phases"),
        telemetry="ChargerPhases",
        convert=number,
        on_invalid=OnInvalid.CLEAR,
    ),
    Signal(
        key="charging_state",
        kind=Kind.ENUM,
        path=("charge_state", "charging_state"),
        convert=one_of(_CHARGING_STATES),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_CHARGING_STATES.values()),
    ),
    Signal(
        key="charge_port_latch",
        kind=Kind.ENUM,
        path=("charge_state", "charge_port_latch"),
        convert=one_of(_LATCH_STATES),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_LATCH_STATES.values()),
    ),
    Signal(
        key="scheduled_charging_mode",
        kind=Kind.ENUM,
        path=("charge_state", "scheduled_charging_mode"),
        convert=one_of(_SCHEDULED_CHARGING_MODES),
        on_invalid=OnInvalid.CLEAR,
        options=tuple(_SCHEDULED_CHARGING_MODES.values()),
    ),
    Signal(
        key="conn_charge_cable",
        kind=Kind.TEXT,
        path=("charge_state", "conn_charge_cable"),
        convert=text,
        on_invalid=OnInvalid.CLEAR,
    ),
    Signal(
        key="charge_cable_connected",
        kind=Kind.BOOL,
        path=("charge_state", "conn_charge_cable"),
        convert=cable_connected,
        on_invalid=OnInvalid.CLEAR,
    ),
    Signal(
        key="fast_charger_type",
        kind=Kind.TEXT,
        path=("charge_state", "fast_charger_type"),
        convert=text,
        on_invalid=OnInvalid.CLEAR,
    ),
    _flag("fast_charger_present", "FastChargerPresent"),
    _flag("charge_port_door_open", "ChargePortDoorOpen"),
    _flag("battery_heater_on", "BatteryHeaterOn"),
    _flag("scheduled_charging_pending", "ScheduledChargingPending"),
    _flag("preconditioning_enabled", "PreconditioningEnabled"),
    _flag("trip_charging"),
    Signal(
        key="charge_enable_request",
        kind=Kind.BOOL,
        path=("charge_state", "charge_enable_request"),
        telemetry="ChargeEnableRequest",
        convert=when_null(value=False, convert=boolean),
    ),
)
