"""Texts: where to go."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.text import TextEntity, TextEntityDescription
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .entity import CarEntity, CarRow, async_add_cars

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarTextDescription(TextEntityDescription, CarRow):
    """A text: its signal; the first of `commands` with the parameter that takes it."""

    signal: str
    parameter: str


def _navigates(car: CarCoordinator) -> bool:
    return car.was_asked and car.value("can_accept_navigation_requests") is not False


TEXTS: Final = (
    CarTextDescription(
        key="destination",
        signal="active_route_destination",
        topics=("active_route_destination",),
        commands=("navigation_request",),
        parameter="destination",
        native_max=255,
        has_fn=_navigates,
        decided_by=("can_accept_navigation_requests",),
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the texts that the login allows."""
    async_add_cars(entry, async_add_entities, TEXTS, CarText)


class CarText(CarEntity, TextEntity):
    """Sends an address. What it shows is what the car made of it: the place that it goes to."""

    entity_description: CarTextDescription

    @property
    @override
    def native_value(self) -> str:
        """The car's own word; empty without a route, so that there is nothing to delete first."""
        value = self._value(self.entity_description.signal)
        return value if isinstance(value, str) else ""

    @override
    async def async_set_value(self, value: str) -> None:
        """Send it.

        Raises:
            ServiceValidationError: It is empty.
            HomeAssistantError: It was not done, or nobody can tell.
        """
        if not value.strip():
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="destination_missing"
            )
        row = self.entity_description
        await self.coordinator.commander.async_send(row.commands[0], **{row.parameter: value})
