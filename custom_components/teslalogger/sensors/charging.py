"""Charging: what flows, until when, and giving power back."""

from typing import TYPE_CHECKING, Final

from homeassistant.components.sensor import SensorDeviceClass

from custom_components.teslalogger.entity import once_seen

from .model import DIAGNOSTIC, METER, WHOLE, CarSensorDescription, after, rare, shown

if TYPE_CHECKING:
    from datetime import datetime

    from custom_components.teslalogger.coordinator import CarCoordinator

_STREAMED_POWERS: Final = ("ac_charging_power", "dc_charging_power")
_CHARGING: Final = frozenset({"starting", "charging"})


def charger_power(car: CarCoordinator) -> float | None:
    """What a poll told of whatever charges, or the stream of alternating and direct current."""
    polled = car.data.get("charger_power")
    streamed = [reading for key in _STREAMED_POWERS if (reading := car.data.get(key))]
    newest = max((reading.moment for reading in streamed), default=None)
    if newest is None or (polled is not None and polled.moment >= newest):
        value = None if polled is None else polled.value
        return value if isinstance(value, int | float) else None
    return sum(float(reading.value) for reading in streamed if reading.value)


def charging_ends(car: CarCoordinator) -> datetime | None:
    """When the limit will be reached, by what the car told last; to the minute."""
    minutes = car.data.get("minutes_to_full_charge")
    if minutes is None or not minutes.value or car.value("charging_state") not in _CHARGING:
        return None
    return after(minutes)


CHARGING_SENSORS: Final = (
    shown("charging_state"),
    shown("charge_limit_soc", **WHOLE, **DIAGNOSTIC),
    shown("charge_energy_added", **METER),
    shown("charge_miles_added_rated", **WHOLE, enabled=False),
    rare("charge_miles_added_ideal"),
    shown("charger_power", topics=("charger_power", *_STREAMED_POWERS), value_fn=charger_power),
    rare("ac_charging_power"),
    rare("dc_charging_power"),
    rare("ac_charging_energy", **METER),
    shown("charger_voltage", **DIAGNOSTIC),
    shown("charger_actual_current", **DIAGNOSTIC),
    shown("charge_current_request", enabled=False),
    shown("charge_current_request_max", **DIAGNOSTIC, enabled=False),
    rare("charger_pilot_current", **DIAGNOSTIC),
    shown("charger_phases", **DIAGNOSTIC, enabled=False),
    shown("charge_rate", **DIAGNOSTIC),
    shown("minutes_to_full_charge", **DIAGNOSTIC),
    CarSensorDescription(
        key="charging_ends",
        topics=("minutes_to_full_charge", "charging_state"),
        value_fn=charging_ends,
        device_class=SensorDeviceClass.TIMESTAMP,
        has_fn=once_seen("minutes_to_full_charge"),
    ),
    rare("hours_to_charge_termination"),
    shown("conn_charge_cable", **DIAGNOSTIC, enabled=False),
    shown("fast_charger_type", **DIAGNOSTIC, enabled=False),
    rare("fast_charger_brand", **DIAGNOSTIC),
    rare("charge_port_type", **DIAGNOSTIC),
    rare("charge_port_color", **DIAGNOSTIC),
    rare("charger_internal_state", **DIAGNOSTIC),
    shown("scheduled_charging_mode", enabled=False),
    rare("scheduled_charging_start_time"),
    rare("managed_charging_start_time"),
    rare("powershare_status"),
    rare("powershare_type"),
    rare("powershare_stop_reason"),
    rare("powershare_hours_left"),
    rare("powershare_power"),
    rare("power_transfer_status", **DIAGNOSTIC),
)
