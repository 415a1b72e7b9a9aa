"""Switches: what a car can be told to turn on and off, and tells back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .entity import CarEntity, CarRow, async_add_cars, once_seen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry
    from .vehicle.signals import Value

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class Order:
    """A command with its parameters."""

    command: str
    params: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class CarSwitchDescription(SwitchEntityDescription, CarRow):
    """A switch: the signal it shows, what counts as on, and what either side of it sends.

    `turn_on` is None where turning on needs what a switch cannot ask for; `refusal` then names
    the message that says where to do it.
    """

    signal: str
    is_on_fn: Callable[[Value], bool] = bool
    turn_on: Order | None
    turn_off: Order
    refusal: str = ""


def _switch(
    key: str,
    turn_on: Order | None,
    turn_off: Order,
    *,
    signal: str | None = None,
    has_fn: Callable[[CarCoordinator], bool] | None = None,
    **more: Any,
) -> CarSwitchDescription:
    signal = signal or key
    if has_fn is not None:
        more["has_fn"] = has_fn
    return CarSwitchDescription(
        key=key,
        signal=signal,
        topics=(signal,),
        commands=tuple({order.command: None for order in (turn_on, turn_off) if order}),
        turn_on=turn_on,
        turn_off=turn_off,
        **more,
    )


def _order(command: str, **params: Any) -> Order:
    return Order(command=command, params=params)


SWITCHES: Final = (
    _switch(
        "sentry_mode",
        _order("set_sentry_mode", on=True),
        _order("set_sentry_mode", on=False),
        has_fn=lambda car: car.value("sentry_mode_available") is not False,
    ),
    _switch(
        "charging",
        _order("charge_start"),
        _order("charge_stop"),
        signal="charging_state",
        is_on_fn=lambda value: value in {"starting", "charging"},
    ),
    _switch(
        "climate",
        _order("auto_conditioning_start"),
        _order("auto_conditioning_stop"),
        signal="is_climate_on",
    ),
    _switch(
        "defrost",
        _order("set_preconditioning_max", on=True),
        _order("set_preconditioning_max", on=False),
        signal="defrost_mode",
        is_on_fn=lambda value: value != "off",
    ),
    _switch(
        "steering_wheel_heater",
        _order("remote_steering_wheel_heater_request", on=True),
        _order("remote_steering_wheel_heater_request", on=False),
        has_fn=once_seen("steering_wheel_heater"),
    ),
    _switch(
        "bioweapon_mode",
        _order("set_bioweapon_mode", on=True, manual_override=True),
        _order("set_bioweapon_mode", on=False, manual_override=False),
        has_fn=once_seen("bioweapon_mode"),
        entity_registry_enabled_default=False,
    ),
    _switch(
        "guest_mode",
        _order("guest_mode", enable=True),
        _order("guest_mode", enable=False),
        has_fn=once_seen("guest_mode"),
        entity_category=EntityCategory.CONFIG,
    ),
    _switch(
        "valet_mode",
        None,
        _order("set_valet_mode", on=False),
        refusal="valet_mode_needs_pin",
        entity_category=EntityCategory.CONFIG,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches that the login allows and the car has."""
    async_add_cars(entry, async_add_entities, SWITCHES, CarSwitch)


class CarSwitch(CarEntity, SwitchEntity):
    """A switch that moves only after the car said so."""

    entity_description: CarSwitchDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """What the car told last, or None where it told nothing."""
        value = self._value(self.entity_description.signal)
        return None if value is None else self.entity_description.is_on_fn(value)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Turn it on.

        Raises:
            ServiceValidationError: Turning on needs something that a switch cannot ask for.
            HomeAssistantError: It was not done, or nobody can tell.
        """
        if (order := self.entity_description.turn_on) is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key=self.entity_description.refusal
            )
        await self.coordinator.async_send(order.command, **order.params)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        order = self.entity_description.turn_off
        await self.coordinator.async_send(order.command, **order.params)
