"""Sensors: what a car tells as a number, a word or a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
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
    UnitOfPower,
    UnitOfPressure,
    UnitOfRatio,
    UnitOfSpeed,
    UnitOfTemperature,
    UnitOfTime,
)

from .coordinator import CarCoordinator, KeyStatus, Topic
from .entity import CarEntity, CarRow, async_add_cars, once_seen
from .vehicle.outcome import Route
from .vehicle.signals import SIGNALS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .data import TeslaLoggerConfigEntry

PARALLEL_UPDATES = 0

type SensorValue = str | int | float | datetime | None

# Tesla's unit -> Home Assistant's, and the device class that goes without saying.
UNITS: Final[dict[str, tuple[str, SensorDeviceClass | None]]] = {
    "%": (UnitOfRatio.PERCENTAGE, None),
    "mi": (UnitOfLength.MILES, SensorDeviceClass.DISTANCE),
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
}


@dataclass(frozen=True, kw_only=True)
class CarSensorDescription(SensorEntityDescription, CarRow):
    """A sensor: how its value is read, and whether it has one before the car ever answered."""

    value_fn: Callable[[CarCoordinator], SensorValue]
    needs_car: bool = True


def _signal(key: str, *, enabled: bool = True, **more: Any) -> CarSensorDescription:
    """The row of a signal: unit, device class and options follow from the signal's own row."""
    signal = SIGNALS[key]
    if signal.kind is Kind.ENUM:
        more |= {"device_class": SensorDeviceClass.ENUM, "options": list(signal.options)}
    elif signal.unit is not None:
        unit, device_class = UNITS[signal.unit]
        more = {
            "native_unit_of_measurement": unit,
            "device_class": device_class,
            "state_class": SensorStateClass.MEASUREMENT,
        } | more
    return CarSensorDescription(
        key=key,
        topics=(key,),
        value_fn=lambda car: car.value(key),
        entity_registry_enabled_default=enabled,
        **more,
    )


def _account(
    key: str, topic: Topic, value_fn: Callable[[CarCoordinator], SensorValue], **more: Any
) -> CarSensorDescription:
    """The row of something that is known about a car without asking it."""
    return CarSensorDescription(
        key=key,
        topics=(topic,),
        value_fn=value_fn,
        needs_car=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        **more,
    )


def _enum(options: type[KeyStatus | Route]) -> dict[str, Any]:
    return {"device_class": SensorDeviceClass.ENUM, "options": [option.value for option in options]}


_BATTERY: Final[dict[str, Any]] = {"device_class": SensorDeviceClass.BATTERY}
_WHOLE: Final[dict[str, Any]] = {"suggested_display_precision": 0}
_DIAGNOSTIC: Final[dict[str, Any]] = {"entity_category": EntityCategory.DIAGNOSTIC}

SENSORS: Final = (
    CarSensorDescription(
        key="availability",
        topics=("availability",),
        value_fn=lambda car: None if (now := car.value("availability")) == "unknown" else now,
        needs_car=False,
        device_class=SensorDeviceClass.ENUM,
        options=[name for name in SIGNALS["availability"].options if name != "unknown"],
    ),
    # Battery
    _signal("battery_level", **_BATTERY, **_WHOLE),
    _signal("usable_battery_level", **_BATTERY, **_WHOLE, enabled=False),
    _signal("battery_range", **_WHOLE),
    _signal("est_battery_range", **_WHOLE, enabled=False),
    _signal("ideal_battery_range", **_WHOLE, enabled=False),
    # Charging
    _signal("charging_state"),
    _signal("charge_limit_soc", **_WHOLE),
    _signal("charge_energy_added", state_class=SensorStateClass.TOTAL_INCREASING),
    _signal("charge_miles_added_rated", **_WHOLE, enabled=False),
    _signal("charger_power"),
    _signal("charger_voltage"),
    _signal("charger_actual_current"),
    _signal("charge_current_request", enabled=False),
    _signal("charge_current_request_max", **_DIAGNOSTIC, enabled=False),
    _signal("charger_phases", **_DIAGNOSTIC, enabled=False),
    _signal("charge_rate"),
    _signal("minutes_to_full_charge"),
    _signal("conn_charge_cable", **_DIAGNOSTIC, enabled=False),
    _signal("fast_charger_type", **_DIAGNOSTIC, enabled=False),
    _signal("scheduled_charging_mode", enabled=False),
    # Driving
    _signal("odometer", state_class=SensorStateClass.TOTAL_INCREASING, **_WHOLE),
    _signal("shift_state"),
    _signal("speed", **_WHOLE),
    _signal("power", enabled=False),
    _signal("heading", state_class=None, enabled=False),
    # Climate
    _signal("inside_temp"),
    _signal("outside_temp"),
    _signal("driver_temp_setting", enabled=False),
    _signal("passenger_temp_setting", enabled=False),
    _signal("climate_keeper_mode", enabled=False),
    _signal("defrost_mode", enabled=False),
    _signal("cabin_overheat_protection", enabled=False),
    _signal("cop_activation_temperature", enabled=False),
    # Tyres
    _signal("tpms_pressure_fl", has_fn=once_seen("tpms_pressure_fl")),
    _signal("tpms_pressure_fr", has_fn=once_seen("tpms_pressure_fr")),
    _signal("tpms_pressure_rl", has_fn=once_seen("tpms_pressure_rl")),
    _signal("tpms_pressure_rr", has_fn=once_seen("tpms_pressure_rr")),
    # The car itself
    _signal("dashcam_state", enabled=False),
    CarSensorDescription(
        key="car_version",
        topics=("car_version",),
        value_fn=lambda car: car.software_version,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    CarSensorDescription(
        key="last_update",
        topics=(Topic.LAST_UPDATE,),
        value_fn=lambda car: car.last_update,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    _account("key_status", Topic.KEY, lambda car: car.key_status, **_enum(KeyStatus)),
    _account("command_route", Topic.ROUTE, lambda car: car.route, **_enum(Route)),
    _account(
        "access_type",
        Topic.PRODUCT,
        lambda car: car.access_type,
        device_class=SensorDeviceClass.ENUM,
        options=["owner", "driver"],
        entity_registry_enabled_default=False,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of every car."""
    async_add_cars(entry, async_add_entities, SENSORS, CarSensor)


class CarSensor(CarEntity, SensorEntity):
    """One value."""

    entity_description: CarSensorDescription

    @property
    @override
    def available(self) -> bool:
        """What is known without asking the car is known while it never answered."""
        if self.entity_description.needs_car:
            return super().available
        return self.coordinator.last_update_success

    @property
    @override
    def native_value(self) -> SensorValue:
        """The last value."""
        return self.entity_description.value_fn(self.coordinator)
