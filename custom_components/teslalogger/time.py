"""Times of day: of scheduled charging and departure, for cars without schedules by place."""

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.time import TimeEntity, TimeEntityDescription
from homeassistant.const import EntityCategory

from .entity import CarRow, async_add_cars
from .setting import Order, SettingEntity, order

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry
    from .vehicle.signals import Value

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0

_CHARGING: Final = "scheduled_charging_start_time_minutes"
_DEPARTURE: Final = "scheduled_departure_time_minutes"
_OFF_PEAK_END: Final = "off_peak_hours_end_time"
_MODE: Final = "scheduled_charging_mode"
_HOUR: Final = 60
_DAY: Final = 24 * _HOUR


@dataclass(frozen=True, kw_only=True)
class CarTimeDescription(TimeEntityDescription, CarRow):
    """A time: its signal in minutes after midnight, the command that sets it, and what follows."""

    signal: str
    order_fn: Callable[[CarCoordinator, int], Order]
    mode: str


def _charging(_: CarCoordinator, minutes: int) -> Order:
    return order("set_scheduled_charging", enable=True, time=minutes)


def _departure(car: CarCoordinator, minutes: int) -> Order:
    return order("set_scheduled_departure", **_plan(car) | {"departure_time": minutes})


def _off_peak_end(car: CarCoordinator, minutes: int) -> Order:
    return order("set_scheduled_departure", **_plan(car) | {"end_off_peak_time": minutes})


def _plan(car: CarCoordinator) -> dict[str, Value]:
    """The plan that the car has: the command sets all of it at once."""
    plan: dict[str, Value] = {"enable": True}
    for signal, parameter in ((_DEPARTURE, "departure_time"), (_OFF_PEAK_END, "end_off_peak_time")):
        if (minutes := car.value(signal)) is not None:
            plan[parameter] = minutes
    for what in ("preconditioning", "off_peak_charging"):
        is_on = car.value(f"{what}_enabled") is True
        plan[f"{what}_enabled"] = is_on
        plan[f"{what}_weekdays_only"] = is_on and car.value(f"{what}_times") == "weekdays"
    return plan


def _row(
    key: str,
    signal: str,
    command: str,
    order_fn: Callable[[CarCoordinator, int], Order],
    mode: str,
) -> CarTimeDescription:
    return CarTimeDescription(
        key=key,
        signal=signal,
        topics=(signal,),
        commands=(command,),
        order_fn=order_fn,
        mode=mode,
        has_fn=lambda car: car.knows(signal) and not car.knows("charge_schedules"),
        entity_category=EntityCategory.CONFIG,
    )


TIMES: Final = (
    _row("scheduled_charging", _CHARGING, "set_scheduled_charging", _charging, "start_at"),
    _row("scheduled_departure", _DEPARTURE, "set_scheduled_departure", _departure, "depart_by"),
    _row("off_peak_end", _OFF_PEAK_END, "set_scheduled_departure", _off_peak_end, "depart_by"),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the times of the cars that have no schedules by place."""
    async_add_cars(entry, async_add_entities, TIMES, CarTime)


class CarTime(SettingEntity, TimeEntity):
    """A time by the car's wall clock. Setting it also switches on what happens then."""

    entity_description: CarTimeDescription

    @property
    @override
    def native_value(self) -> time | None:
        """The time; midnight is 0:00 also where the car says 24:00."""
        minutes = self._shown(self.entity_description.signal)
        if not isinstance(minutes, int | float):
            return None
        hours, minutes = divmod(int(minutes) % _DAY, _HOUR)
        return time(hours, minutes)

    @override
    async def async_set_value(self, value: time) -> None:
        """Set it.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        row = self.entity_description
        minutes = value.hour * _HOUR + value.minute
        told: dict[str, Value] = {row.signal: minutes, _MODE: row.mode}
        with self.coordinator.wanting(told):
            await self._async_order(row.order_fn(self.coordinator, minutes))
        self.coordinator.async_conclude(told)
