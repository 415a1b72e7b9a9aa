"""Where the car is, where it goes, and where it came from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.device_tracker import TrackerEntity, TrackerEntityDescription

from .entity import CarEntity, CarRow, async_add_cars
from .tesla.scopes import Scope

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarTrackerDescription(TrackerEntityDescription, CarRow):
    """A place: the two signals that give it, and those that go with it as attributes."""

    latitude: str
    longitude: str
    attributes: tuple[str, ...] = ()


def _may_locate(car: CarCoordinator) -> bool:
    return Scope.VEHICLE_LOCATION in car.scopes


def _has_told_origin(car: CarCoordinator) -> bool:
    return _may_locate(car) and car.knows("origin_latitude")


TRACKERS: Final = (
    CarTrackerDescription(
        key="location",
        topics=("latitude", "longitude", "heading"),
        latitude="latitude",
        longitude="longitude",
        attributes=("heading",),
        has_fn=_may_locate,
    ),
    CarTrackerDescription(
        key="route",
        topics=("active_route_latitude", "active_route_longitude", "active_route_destination"),
        latitude="active_route_latitude",
        longitude="active_route_longitude",
        attributes=("active_route_destination",),
        has_fn=_may_locate,
    ),
    CarTrackerDescription(
        key="origin",
        topics=("origin_latitude", "origin_longitude"),
        latitude="origin_latitude",
        longitude="origin_longitude",
        has_fn=_has_told_origin,
        entity_registry_enabled_default=False,
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
    """A place that the car told; unknown while it has none to tell, as without a route."""

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
        """The heading in degrees clockwise from north; the name of the destination."""
        row = self.entity_description
        return {
            signal.removeprefix("active_route_"): self._value(signal) for signal in row.attributes
        }

    def _degrees(self, signal: str) -> float | None:
        value = self._value(signal)
        return float(value) if isinstance(value, int | float) else None
