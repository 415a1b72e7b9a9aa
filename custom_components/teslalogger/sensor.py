"""Sensors: what a car tells as a number, a word or a time."""

from typing import TYPE_CHECKING, Final, override

from homeassistant.components.sensor import SensorEntity

from .energy.sensor import async_add_energy_sensors
from .entity import CarEntity, async_add_cars
from .sensors import (
    BATTERY_SENSORS,
    BODY_SENSORS,
    CHARGING_SENSORS,
    CLIMATE_SENSORS,
    DRIVING_SENSORS,
    POWERTRAIN_SENSORS,
    SYSTEM_SENSORS,
    CarSensorDescription,
    SensorValue,
)

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .data import TeslaLoggerConfigEntry

PARALLEL_UPDATES = 0

SENSORS: Final = (
    *SYSTEM_SENSORS,
    *BATTERY_SENSORS,
    *CHARGING_SENSORS,
    *CLIMATE_SENSORS,
    *DRIVING_SENSORS,
    *BODY_SENSORS,
    *POWERTRAIN_SENSORS,
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of every car."""
    async_add_cars(entry, async_add_entities, SENSORS, CarSensor)
    async_add_energy_sensors(entry, async_add_entities)


class CarSensor(CarEntity, SensorEntity):
    """One value."""

    entity_description: CarSensorDescription

    @property
    @override
    def available(self) -> bool:
        """What is known without asking the car is known while it never answered."""
        if self.entity_description.needs_car:
            return super().available
        return self.coordinator.last_update_success or self.coordinator.policy.is_streaming

    @property
    @override
    def native_value(self) -> SensorValue:
        """The last value."""
        return self.entity_description.value_fn(self.coordinator)
