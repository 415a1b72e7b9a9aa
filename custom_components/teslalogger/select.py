"""Selects: levels and modes of which a car has a few."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory

from .energy.select import async_add_energy_selects
from .entity import CarRow, async_add_cars, once_seen
from .setting import Order, SettingEntity, order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0

OFF: Final = "off"
FAN_ONLY: Final = "fan_only"
_LEVELS: Final = {OFF: 0, "low": 1, "medium": 2, "high": 3}
_WHEEL_LEVELS: Final = {OFF: 0, "low": 1, "high": 3}


@dataclass(frozen=True, kw_only=True)
class CarSelectDescription(SelectEntityDescription, CarRow):
    """A select: its signal, and the command of each option.

    What only works while the climate runs (`needs_climate`) starts it. `without_fn` names an option
    that this car does not have.
    """

    signal: str
    orders: Mapping[str, Order]
    needs_climate: bool = False
    without_fn: Callable[[CarCoordinator], str | None] = lambda _: None


def _select(
    signal: str, orders: Mapping[str, Order], *more_topics: str, key: str | None = None, **more: Any
) -> CarSelectDescription:
    more.setdefault("has_fn", once_seen(signal))
    return CarSelectDescription(
        key=key or signal,
        signal=signal,
        topics=(signal, *more_topics),
        commands=tuple({one.command: None for one in orders.values()}),
        orders=orders,
        options=list(orders),
        **more,
    )


def _seat_heater(
    seat: str,
    position: int,
    has_fn: Callable[[CarCoordinator], bool] | None = None,
    *decided_by: str,
) -> CarSelectDescription:
    """A seat behind the front ones is there only if the car's configuration says so."""
    signal = f"seat_heater_{seat}"
    is_there = once_seen(signal)
    return _select(
        signal,
        {
            name: order("remote_seat_heater_request", seat_position=position, level=level)
            for name, level in _LEVELS.items()
        },
        has_fn=(lambda car: has_fn(car) and is_there(car)) if has_fn else is_there,
        decided_by=decided_by,
        needs_climate=True,
        entity_registry_enabled_default=has_fn is None,
    )


def _seat_cooler(side: str, position: int) -> CarSelectDescription:
    return _select(
        f"seat_fan_front_{side}",
        {
            name: order(
                "remote_seat_cooler_request", seat_position=position, seat_cooler_level=level
            )
            for name, level in _LEVELS.items()
        },
        key=f"seat_cooler_{side}",
        has_fn=lambda car: (
            car.value("has_seat_cooling") is True and car.knows(f"seat_fan_front_{side}")
        ),
        decided_by=("has_seat_cooling",),
        needs_climate=True,
    )


def _has_rear_heaters(car: CarCoordinator) -> bool:
    return bool(car.value("rear_seat_heaters"))


def _has_third_row(car: CarCoordinator) -> bool:
    return car.value("third_row_seats") not in {None, "None"}


def _has_no_fan(car: CarCoordinator) -> str | None:
    has_fan = car.value("supports_fan_only_cabin_overheat_protection")
    return FAN_ONLY if has_fan is False else None


SELECTS: Final = (
    _seat_heater("left", 0),
    _seat_heater("right", 1),
    _seat_heater("rear_left", 2, _has_rear_heaters, "rear_seat_heaters"),
    _seat_heater("rear_center", 4, _has_rear_heaters, "rear_seat_heaters"),
    _seat_heater("rear_right", 5, _has_rear_heaters, "rear_seat_heaters"),
    _seat_heater("third_row_left", 7, _has_third_row, "third_row_seats"),
    _seat_heater("third_row_right", 8, _has_third_row, "third_row_seats"),
    _seat_cooler("left", 1),
    _seat_cooler("right", 2),
    _select(
        "steering_wheel_heat_level",
        {
            name: order("remote_steering_wheel_heat_level_request", level=level)
            for name, level in _WHEEL_LEVELS.items()
        },
        needs_climate=True,
    ),
    _select(
        "cabin_overheat_protection",
        {
            OFF: order("set_cabin_overheat_protection", on=False, fan_only=False),
            FAN_ONLY: order("set_cabin_overheat_protection", on=True, fan_only=True),
            "on": order("set_cabin_overheat_protection", on=True, fan_only=False),
        },
        "supports_fan_only_cabin_overheat_protection",
        without_fn=_has_no_fan,
        entity_category=EntityCategory.CONFIG,
    ),
    _select(
        "cop_activation_temperature",
        {
            name: order("set_cop_temp", cop_temp=number)
            for number, name in enumerate(("low", "medium", "high"))
        },
        has_fn=lambda car: (
            car.value("cop_user_set_temp_supported") is True
            and car.knows("cop_activation_temperature")
        ),
        decided_by=("cop_user_set_temp_supported",),
        entity_category=EntityCategory.CONFIG,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects that the login allows and the car has."""
    async_add_cars(entry, async_add_entities, SELECTS, CarSelect)
    async_add_energy_selects(entry, async_add_entities)


class CarSelect(SettingEntity, SelectEntity):
    """A select that stays where people put it while its command is on its way."""

    entity_description: CarSelectDescription

    @property
    @override
    def options(self) -> list[str]:
        """All that this car has."""
        missing = self.entity_description.without_fn(self.coordinator)
        return [option for option in self.entity_description.orders if option != missing]

    @property
    @override
    def current_option(self) -> str | None:
        """What is wanted while the command is on its way, else what the car told last."""
        value = self._shown(self.entity_description.signal)
        return value if isinstance(value, str) else None

    @override
    async def async_select_option(self, option: str) -> None:
        """Select it; of many options in a short time the newest is sent.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        row = self.entity_description
        orders = [row.orders[option]]
        # What is wanted does not count here: a command that only waits may never be sent.
        if row.needs_climate and self._value("is_climate_on") is False:
            if option != OFF:
                orders.insert(0, order("auto_conditioning_start"))
            elif self.current_option == OFF:
                return  # it is off with the climate, and the car would only refuse
        await self._async_order_newest(*orders)
