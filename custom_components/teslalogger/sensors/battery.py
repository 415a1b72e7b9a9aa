"""Battery: how full, how far, and how it is doing."""

from typing import TYPE_CHECKING, Final

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import UnitOfElectricPotential, UnitOfPower

from custom_components.teslalogger.entity import once_seen

from .model import BATTERY, DIAGNOSTIC, METER, STORED, WHOLE, CarSensorDescription, rare, shown

if TYPE_CHECKING:
    from custom_components.teslalogger.coordinator import CarCoordinator

_CELL: Final = DIAGNOSTIC | {"suggested_display_precision": 3}
_NUMBER: Final = DIAGNOSTIC | {"state_class": None}

_PACK: Final = ("pack_voltage", "pack_current")
_BRICKS: Final = ("brick_voltage_max", "brick_voltage_min")


def pack_power(car: CarCoordinator) -> float | None:
    """What goes into the battery, in kW; negative is what it gives."""
    voltage, current = _numbers(car, *_PACK)
    return None if voltage is None or current is None else round(voltage * current / 1000, 3)


def brick_voltage_spread(car: CarCoordinator) -> float | None:
    """By how much the group of cells with the highest voltage exceeds that with the lowest."""
    highest, lowest = _numbers(car, *_BRICKS)
    return None if highest is None or lowest is None else round(highest - lowest, 4)


def _numbers(car: CarCoordinator, *signals: str) -> tuple[float | None, ...]:
    values = (car.value(signal) for signal in signals)
    return tuple(value if isinstance(value, int | float) else None for value in values)


def _all_seen(car: CarCoordinator, signals: tuple[str, ...]) -> bool:
    return all(car.data.has_told(signal) for signal in signals)


BATTERY_SENSORS: Final = (
    shown("battery_level", **BATTERY, **WHOLE),
    shown("usable_battery_level", **BATTERY, **WHOLE, enabled=False),
    shown("battery_range", **WHOLE),
    shown("est_battery_range", **WHOLE, enabled=False),
    shown("ideal_battery_range", **WHOLE, enabled=False),
    shown(
        "energy_remaining",
        **STORED,
        suggested_display_precision=2,
        has_fn=once_seen("energy_remaining"),
    ),
    rare("nominal_full_pack_energy", **STORED, **DIAGNOSTIC),
    rare("pack_voltage"),
    rare("pack_current"),
    CarSensorDescription(
        key="pack_power",
        topics=_PACK,
        value_fn=pack_power,
        has_fn=lambda car: _all_seen(car, _PACK),
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
    ),
    rare("bms_state", **DIAGNOSTIC),
    rare("isolation_resistance", **DIAGNOSTIC),
    rare("brick_voltage_max", **_CELL),
    rare("brick_voltage_max_number", **_NUMBER),
    rare("brick_voltage_min", **_CELL),
    rare("brick_voltage_min_number", **_NUMBER),
    CarSensorDescription(
        key="brick_voltage_spread",
        topics=_BRICKS,
        value_fn=brick_voltage_spread,
        has_fn=lambda car: _all_seen(car, _BRICKS),
        device_class=SensorDeviceClass.VOLTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricPotential.VOLT,
        entity_registry_enabled_default=False,
        **_CELL,
    ),
    rare("brick_soc_min", **DIAGNOSTIC),
    rare("module_temp_max", **DIAGNOSTIC),
    rare("module_temp_max_number", **_NUMBER),
    rare("module_temp_min", **DIAGNOSTIC),
    rare("module_temp_min_number", **_NUMBER),
    rare("lifetime_energy_used", **METER),
    rare("lifetime_energy_gained_regen", **METER),
    rare("lifetime_energy_charged", **METER),
    rare("lifetime_energy_charged_dc", **METER),
    rare("max_range_charge_counter", **DIAGNOSTIC),
)
