"""Buttons: what a car does at once and has no state of."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .entity import CarEntity, CarRow, async_add_cars
from .setting import Order, order

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0

_DOORS: Final = "homelink_device_count"


@dataclass(frozen=True, kw_only=True)
class CarButtonDescription(ButtonEntityDescription, CarRow):
    """A button: what it sends, given the car; `then_ask` has the car tell everything afterwards."""

    order_fn: Callable[[CarCoordinator], Order]
    then_ask: bool = False


def _button(
    key: str,
    command: str,
    order_fn: Callable[[CarCoordinator], Order] | None = None,
    **more: Any,
) -> CarButtonDescription:
    return CarButtonDescription(
        key=key, commands=(command,), order_fn=order_fn or (lambda _: order(command)), **more
    )


def _homelink(car: CarCoordinator) -> Order:
    """The command with the place of the car, by which it knows which door is meant.

    Raises:
        ServiceValidationError: Nobody knows where the car is.
    """
    latitude, longitude = car.value("latitude"), car.value("longitude")
    if latitude is None or longitude is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="position_unknown",
            translation_placeholders={"car": car.title},
        )
    return order("trigger_homelink", lat=latitude, lon=longitude)


BUTTONS: Final = (
    _button("wake", "wake_up"),
    _button(
        "refresh",
        "wake_up",
        then_ask=True,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    ),
    _button("flash_lights", "flash_lights"),
    _button("honk_horn", "honk_horn"),
    _button("remote_start", "remote_start_drive"),
    _button(
        "homelink",
        "trigger_homelink",
        _homelink,
        has_fn=lambda car: bool(car.value(_DOORS)),
        decided_by=(_DOORS,),
    ),
    _button(
        "boombox",
        "remote_boombox",
        lambda _: order("remote_boombox", sound=0),
        entity_registry_enabled_default=False,
    ),
    _button(
        "locate",
        "remote_boombox",
        lambda _: order("remote_boombox", sound=2000),
        entity_registry_enabled_default=False,
    ),
)


@dataclass(frozen=True, kw_only=True)
class HelpButtonDescription(ButtonEntityDescription, CarRow):
    """A button that sends nothing to the car."""

    help_fn: Callable[[CarCoordinator], None]


HELPS: Final = (
    HelpButtonDescription(
        key="virtual_key",
        has_fn=lambda car: car.commander.may_need_key,
        help_fn=lambda car: car.commander.async_show_key(),
        entity_category=EntityCategory.CONFIG,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons that the login allows and the car has."""
    async_add_cars(entry, async_add_entities, BUTTONS, CarButton)
    async_add_cars(entry, async_add_entities, HELPS, HelpButton)


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
            ServiceValidationError: Something that the command needs is not known.
            HomeAssistantError: It was not done, or nobody can tell.
        """
        row = self.entity_description
        one = row.order_fn(self.coordinator)
        await self.coordinator.commander.async_send(one.command, **one.params)
        if row.then_ask:
            await self.coordinator.async_refresh()


class HelpButton(CarEntity, ButtonEntity):
    """One press, and a repair shows what to do."""

    entity_description: HelpButtonDescription

    @property
    @override
    def available(self) -> bool:
        """Whatever is known of the car."""
        return True

    @override
    async def async_press(self) -> None:
        """Open the repair."""
        self.entity_description.help_fn(self.coordinator)
