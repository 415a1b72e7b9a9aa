"""Where a car is, for commands that want to know."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .coordinator import CarCoordinator
    from .vehicle.signals import Value


def whereabouts(car: CarCoordinator) -> dict[str, Value]:
    """Where the car is as far as it has told, else the home; in Tesla's words."""
    latitude, longitude = car.value("latitude"), car.value("longitude")
    if latitude is None or longitude is None:
        latitude, longitude = car.hass.config.latitude, car.hass.config.longitude
    return {"lat": latitude, "lon": longitude}
