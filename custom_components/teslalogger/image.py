"""Images: a drawing of the car, made here."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .drawing import draw, paint
from .entity import CarEntity, CarRow, async_add_cars
from .vehicle.vin import model_letter

if TYPE_CHECKING:
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry

# Nothing is sent from here.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarImageDescription(ImageEntityDescription, CarRow):
    """An image."""


IMAGES: Final = (
    CarImageDescription(
        key="drawing",
        topics=("exterior_color", "paint_color_override"),
        has_fn=lambda car: car.has_answered,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a drawing of every car."""
    async_add_cars(entry, async_add_entities, IMAGES, lambda car, row: CarDrawing(hass, car, row))


class CarDrawing(CarEntity, ImageEntity):
    """The car from the side, in its colour."""

    entity_description: CarImageDescription
    _attr_content_type = "image/svg+xml"

    def __init__(
        self, hass: HomeAssistant, coordinator: CarCoordinator, description: CarRow
    ) -> None:
        CarEntity.__init__(self, coordinator, description)
        ImageEntity.__init__(self, hass)
        self._drawing = self._draw()
        self._attr_image_last_updated = dt_util.utcnow()

    @override
    async def async_image(self) -> bytes:
        return self._drawing

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        drawing = self._draw()
        if drawing != self._drawing:
            self._drawing = drawing
            self._attr_image_last_updated = dt_util.utcnow()
        super()._handle_coordinator_update()

    def _draw(self) -> bytes:
        colour, exact = self._value("exterior_color"), self._value("paint_color_override")
        fill = paint(
            colour if isinstance(colour, str) else None,
            exact if isinstance(exact, str) else None,
        )
        return draw(model_letter(self.coordinator.vin), fill).encode()
