"""Switches: what a car can be told to turn on and off, and tells back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .energy.switch import async_add_energy_switches
from .entity import CarRow, async_add_cars, once_seen
from .schedules.switch import async_add_scheduled_switches
from .setting import Order, SettingEntity, order
from .vehicle.signals.climate import DEFROSTING

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry
    from .vehicle.signals import Value

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarSwitchDescription(SwitchEntityDescription, CarRow):
    """A switch: the signal it shows, what counts as on, and what either side of it sends.

    `turn_on` is None where turning on needs what a switch cannot ask for; `refusal` then names
    the message that says where to do it. What only works while the climate runs (`needs_climate`)
    starts it.
    """

    signal: str
    is_on_fn: Callable[[Value], bool] = bool
    turn_on: Order | None
    turn_off: Order
    refusal: str = ""
    needs_climate: bool = False


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
        commands=tuple({one.command: None for one in (turn_on, turn_off) if one}),
        turn_on=turn_on,
        turn_off=turn_off,
        **more,
    )


def _auto_seat(side: str, position: int) -> CarSwitchDescription:
    key = f"auto_seat_climate_{side}"
    turn_on, turn_off = (
        order("remote_auto_seat_climate_request", auto_seat_position=position, auto_climate_on=on)
        for on in (True, False)
    )
    return _switch(
        key, turn_on, turn_off, has_fn=once_seen(key), entity_category=EntityCategory.CONFIG
    )


def _has_sentry(car: CarCoordinator) -> bool:
    """A car on guard has it; of one that is not, only an answer tells."""
    if car.value("sentry_mode") is True:
        return True
    return car.was_asked and car.value("sentry_mode_available") is not False


SWITCHES: Final = (
    _switch(
        "sentry_mode",
        order("set_sentry_mode", on=True),
        order("set_sentry_mode", on=False),
        has_fn=_has_sentry,
        decided_by=("sentry_mode_available", "sentry_mode"),
    ),
    _switch(
        "charging",
        order("charge_start"),
        order("charge_stop"),
        signal="charging_state",
        is_on_fn=lambda value: value in {"starting", "charging"},
    ),
    _switch(
        "climate",
        order("auto_conditioning_start"),
        order("auto_conditioning_stop"),
        signal="is_climate_on",
    ),
    _switch(
        "defrost",
        order("set_preconditioning_max", on=True),
        order("set_preconditioning_max", on=False),
        signal="defrost_mode",
        is_on_fn=lambda value: value in DEFROSTING,
    ),
    _switch(
        "steering_wheel_heater",
        order("remote_steering_wheel_heater_request", on=True),
        order("remote_steering_wheel_heater_request", on=False),
        has_fn=once_seen("steering_wheel_heater"),
        needs_climate=True,
    ),
    _switch(
        "auto_steering_wheel_heat",
        order("remote_auto_steering_wheel_heat_climate_request", on=True),
        order("remote_auto_steering_wheel_heat_climate_request", on=False),
        has_fn=once_seen("auto_steering_wheel_heat"),
        entity_category=EntityCategory.CONFIG,
    ),
    _auto_seat("left", 1),
    _auto_seat("right", 2),
    _switch(
        "bioweapon_mode",
        order("set_bioweapon_mode", on=True, manual_override=True),
        order("set_bioweapon_mode", on=False, manual_override=False),
        has_fn=once_seen("bioweapon_mode"),
        entity_registry_enabled_default=False,
    ),
    _switch(
        "guest_mode",
        order("guest_mode", enable=True),
        order("guest_mode", enable=False),
        has_fn=once_seen("guest_mode"),
        entity_category=EntityCategory.CONFIG,
    ),
    _switch(
        "valet_mode",
        None,
        order("set_valet_mode", on=False),
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
    async_add_scheduled_switches(entry, async_add_entities)
    async_add_energy_switches(entry, async_add_entities)


class CarSwitch(SettingEntity, SwitchEntity):
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
        row = self.entity_description
        if row.turn_on is None:
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key=row.refusal)
        if row.needs_climate and self._value("is_climate_on") is False:
            await self._async_order(order("auto_conditioning_start"), row.turn_on)
        else:
            await self._async_order(row.turn_on)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self._async_order(self.entity_description.turn_off)
