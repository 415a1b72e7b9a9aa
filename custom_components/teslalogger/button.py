"""Buttons: what a car does at once and has no state of."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription

from .entity import CarEntity, CarRow, async_add_cars

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .data import TeslaLoggerConfigEntry

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarButtonDescription(ButtonEntityDescription, CarRow):
    """A button; the first of `commands` is what it sends."""


def _button(key: str, command: str) -> CarButtonDescription:
    return CarButtonDescription(key=key, commands=(command,))


BUTTONS: Final = (
    _button("wake", "wake_up"),
    _button("flash_lights", "flash_lights"),
    _button("honk_horn", "honk_horn"),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons that the login allows."""
    async_add_cars(entry, async_add_entities, BUTTONS, CarButton)


class CarButton(CarEntity, ButtonEntity):
    """One press, one command."""

    entity_description: CarButtonDescription

    @property
    @override
    def available(self) -> bool:
        """Whatever is known of the car: waking one that never answered is what it is for."""
        return True

    @override
    async def async_press(self) -> None:
        """Send the command.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self.coordinator.async_send(self.entity_description.commands[0])
