"""The rows of the sensor platform, by subject."""

from .battery import BATTERY_SENSORS
from .body import BODY_SENSORS
from .charging import CHARGING_SENSORS
from .climate import CLIMATE_SENSORS
from .driving import DRIVING_SENSORS
from .model import UNITS, CarSensorDescription, SensorValue
from .powertrain import POWERTRAIN_SENSORS
from .system import SYSTEM_SENSORS

__all__ = [
    "BATTERY_SENSORS",
    "BODY_SENSORS",
    "CHARGING_SENSORS",
    "CLIMATE_SENSORS",
    "DRIVING_SENSORS",
    "POWERTRAIN_SENSORS",
    "SYSTEM_SENSORS",
    "UNITS",
    "CarSensorDescription",
    "SensorValue",
]
