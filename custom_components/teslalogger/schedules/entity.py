"""Charging at a time and departure by a time, as cars have them without schedules by place."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, override

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er

from custom_components.teslalogger.setting import Order, SettingEntity, order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custom_components.teslalogger.coordinator import CarCoordinator
    from custom_components.teslalogger.vehicle.signals import Value

MODE: Final = "scheduled_charging_mode"
OFF: Final = "off"
_BY_PLACE: Final = "charge_schedules"


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a car is to do at a time: the command sets all of it at once.

    `times` are the parameters that take minutes after midnight, the one that has to be there
    first, with their signals. `habits` are what can be on, on every day or on weekdays.
    """

    mode: str
    command: str
    times: Mapping[str, str]
    habits: tuple[str, ...] = ()

    @property
    def time(self) -> str:
        """The parameter without which there is no plan."""
        return next(iter(self.times))

    @property
    def signals(self) -> tuple[str, ...]:
        """What the car tells of it."""
        habits = (f"{habit}_{what}" for habit in self.habits for what in ("enabled", "times"))
        return (*self.times.values(), *habits)

    def params(self, car: CarCoordinator) -> dict[str, Value]:
        """The plan that the car has, as the command's parameters."""
        params: dict[str, Value] = {"enable": True}
        for parameter, signal in self.times.items():
            if (minutes := car.value(signal)) is not None:
                params[parameter] = minutes
        for habit in self.habits:
            is_on = car.value(f"{habit}_enabled") is True
            params[f"{habit}_enabled"] = is_on
            params[f"{habit}_weekdays_only"] = is_on and car.value(f"{habit}_times") == "weekdays"
        return params

    def order(self, params: Mapping[str, Value]) -> Order:
        """The command that makes it so."""
        return order(self.command, **params)

    def told(self, params: Mapping[str, Value]) -> dict[str, Value]:
        """What the car tells once it is so."""
        times = {signal: params[name] for name, signal in self.times.items() if name in params}
        return {MODE: self.mode, **times}


CHARGING: Final = Plan(
    mode="start_at",
    command="set_scheduled_charging",
    times={"time": "scheduled_charging_start_time_minutes"},
)
DEPARTURE: Final = Plan(
    mode="depart_by",
    command="set_scheduled_departure",
    times={
        "departure_time": "scheduled_departure_time_minutes",
        "end_off_peak_time": "off_peak_hours_end_time",
    },
    habits=("preconditioning", "off_peak_charging"),
)


def has_plan(car: CarCoordinator, signal: str) -> bool:
    """Whether the car tells this time, and has no schedules by place instead."""
    return car.was_asked and car.knows(signal) and not car.knows(_BY_PLACE)


class ScheduledEntity(SettingEntity):
    """Something of such a plan. It goes when the car turns out to have schedules by place."""

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        registry = er.async_get(self.hass)
        if not self.coordinator.knows(_BY_PLACE):
            super()._handle_coordinator_update()
        elif self.entity_id in registry.entities:
            registry.async_remove(self.entity_id)
