"""What a row of the sensor platform says, and the short forms of most rows."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    DEGREE,
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfLength,
    UnitOfMass,
    UnitOfPower,
    UnitOfPressure,
    UnitOfRatio,
    UnitOfSpeed,
    UnitOfTemperature,
    UnitOfTime,
)
import homeassistant.util.dt as dt_util

from custom_components.teslalogger.entity import CarRow, once_seen
from custom_components.teslalogger.vehicle.signals import SIGNALS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from custom_components.teslalogger.coordinator import CarCoordinator
    from custom_components.teslalogger.vehicle.signals import Value
    from custom_components.teslalogger.vehicle.state import Reading

type SensorValue = str | int | float | datetime | None

# Tesla's unit -> Home Assistant's, and the device class that goes without saying.
UNITS: Final[dict[str, tuple[str, SensorDeviceClass | None]]] = {
    "%": (UnitOfRatio.PERCENTAGE, None),
    "mi": (UnitOfLength.MILES, SensorDeviceClass.DISTANCE),
    "m": (UnitOfLength.METERS, SensorDeviceClass.DISTANCE),
    "mph": (UnitOfSpeed.MILES_PER_HOUR, SensorDeviceClass.SPEED),
    "°": (DEGREE, None),
    "°C": (UnitOfTemperature.CELSIUS, SensorDeviceClass.TEMPERATURE),
    "bar": (UnitOfPressure.BAR, SensorDeviceClass.PRESSURE),
    "kW": (UnitOfPower.KILO_WATT, SensorDeviceClass.POWER),
    "kWh": (UnitOfEnergy.KILO_WATT_HOUR, SensorDeviceClass.ENERGY),
    "V": (UnitOfElectricPotential.VOLT, SensorDeviceClass.VOLTAGE),
    "A": (UnitOfElectricCurrent.AMPERE, SensorDeviceClass.CURRENT),
    "h": (UnitOfTime.HOURS, SensorDeviceClass.DURATION),
    "min": (UnitOfTime.MINUTES, SensorDeviceClass.DURATION),
    "s": (UnitOfTime.SECONDS, SensorDeviceClass.DURATION),
    "ms": (UnitOfTime.MILLISECONDS, SensorDeviceClass.DURATION),
    "kg": (UnitOfMass.KILOGRAMS, SensorDeviceClass.WEIGHT),
    # Home Assistant has no class for these.
    "kΩ": ("kΩ", None),
    "m/s²": ("m/s²", None),
    "Nm": ("Nm", None),
    "rad/s": ("rad/s", None),
}
# Digits behind the point: the stream brings all that a float has.
_PRECISION: Final = {
    "%": 0,
    "mi": 1,
    "mph": 0,
    "bar": 2,
    "°C": 1,
    "V": 1,
    "A": 1,
    "kW": 1,
    "kWh": 2,
    "h": 1,
    "min": 0,
    "m": 0,
    "kg": 0,
    "kΩ": 0,
    "m/s²": 2,
    "Nm": 0,
    "rad/s": 1,
}

BATTERY: Final[dict[str, Any]] = {"device_class": SensorDeviceClass.BATTERY}
DIAGNOSTIC: Final[dict[str, Any]] = {"entity_category": EntityCategory.DIAGNOSTIC}
METER: Final[dict[str, Any]] = {"state_class": SensorStateClass.TOTAL_INCREASING}
STORED: Final[dict[str, Any]] = {"device_class": SensorDeviceClass.ENERGY_STORAGE}
WHOLE: Final[dict[str, Any]] = {"suggested_display_precision": 0}


@dataclass(frozen=True, kw_only=True)
class CarSensorDescription(SensorEntityDescription, CarRow):
    """A sensor: how its value is read, and whether it has one before the car ever answered."""

    value_fn: Callable[[CarCoordinator], SensorValue]
    needs_car: bool = True


def shown(key: str, *, enabled: bool = True, **more: Any) -> CarSensorDescription:
    """The row of a signal: unit, device class and options follow from the signal's own row."""
    signal = SIGNALS[key]
    match signal.kind:
        case Kind.ENUM:
            more |= {"device_class": SensorDeviceClass.ENUM, "options": list(signal.options)}
        case Kind.TIME:
            more |= {"device_class": SensorDeviceClass.TIMESTAMP}
            more = {"value_fn": lambda car: moment_of(car.value(key))} | more
        case Kind.NUMBER:
            unit, device_class = UNITS[signal.unit] if signal.unit else (None, None)
            more = {
                "native_unit_of_measurement": unit,
                "device_class": device_class,
                "state_class": SensorStateClass.MEASUREMENT,
            } | more
        case Kind.TEXT | Kind.BOOL:
            pass
    row: dict[str, Any] = {
        "key": key,
        "topics": (key,),
        "value_fn": lambda car: car.value(key),
        "entity_registry_enabled_default": enabled,
    } | more
    return CarSensorDescription(**row)


def rare(key: str, **more: Any) -> CarSensorDescription:
    """The row of a signal that few cars tell or few people want; it waits to be switched on."""
    if (unit := SIGNALS[key].unit) in _PRECISION:
        more = {"suggested_display_precision": _PRECISION[unit]} | more
    return shown(key, enabled=False, has_fn=once_seen(key), **more)


def after(reading: Reading) -> datetime | None:
    """The end of the minutes that a reading tells, to the minute."""
    if isinstance(reading.value, str | bool) or reading.value is None:
        return None
    end = datetime.fromtimestamp(reading.moment + reading.value * 60 + 30, UTC)
    return end.replace(second=0, microsecond=0)


def moment_of(value: Value) -> datetime | None:
    """A signal's point in time; a wall clock is taken to be that of the home."""
    if isinstance(value, str):
        clock = dt_util.parse_datetime(value)
        return clock and clock.replace(tzinfo=dt_util.get_default_time_zone())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return datetime.fromtimestamp(value, UTC)
