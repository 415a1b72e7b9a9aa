"""Where the car is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.device_tracker import TrackerEntity, TrackerEntityDescription

from .entity import CarEntity, CarRow, async_add_cars
from .tesla.scopes import Scope

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .data import TeslaLoggerConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarTrackerDescription(TrackerEntityDescription, CarRow):
    """A place: the two signals that give it, and the direction."""

    latitude: str
    longitude: str
    heading: str


TRACKERS: Final = (
    CarTrackerDescription(
        key="location",
        topics=("latitude", "longitude", "heading"),
        latitude="latitude",
        longitude="longitude",
        heading="heading",
        has_fn=lambda car: Scope.VEHICLE_LOCATION in car.scopes,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the trackers where the login allows locations."""
    async_add_cars(entry, async_add_entities, TRACKERS, CarTracker)


class CarTracker(CarEntity, TrackerEntity):
    """The last place that the car told."""

    entity_description: CarTrackerDescription

    @property
    @override
    def latitude(self) -> float | None:
        """Degrees north."""
        return self._degrees(self.entity_description.latitude)

    @property
    @override
    def longitude(self) -> float | None:
        """Degrees east."""
        return self._degrees(self.entity_description.longitude)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """The direction, in degrees clockwise from north."""
        return {"heading": self._degrees(self.entity_description.heading)}

    def _degrees(self, signal: str) -> float | None:
        value = self._value(signal)
        return float(value) if isinstance(value, int | float) else None
