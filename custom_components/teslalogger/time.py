"""Times of day: of scheduled charging and departure, for cars without schedules by place."""

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.time import TimeEntity, TimeEntityDescription
from homeassistant.const import EntityCategory

from .entity import CarRow, async_add_cars
from .fresh import async_need_schedules
from .schedules.entity import CHARGING, DEPARTURE, MODE, Plan, ScheduledEntity, has_plan

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .data import TeslaLoggerConfigEntry
    from .vehicle.signals import Value

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0

_HOUR: Final = 60
_DAY: Final = 24 * _HOUR


@dataclass(frozen=True, kw_only=True)
class CarTimeDescription(TimeEntityDescription, CarRow):
    """A time: the plan that it is part of, and its parameter there."""

    plan: Plan
    parameter: str

    @property
    def signal(self) -> str:
        """The time in minutes after midnight."""
        return self.plan.times[self.parameter]


def _row(key: str, plan: Plan, parameter: str) -> CarTimeDescription:
    signal = plan.times[parameter]
    return CarTimeDescription(
        key=key,
        plan=plan,
        parameter=parameter,
        topics=(signal,),
        commands=(plan.command,),
        has_fn=lambda car: has_plan(car, signal),
        entity_category=EntityCategory.CONFIG,
    )


TIMES: Final = (
    _row("scheduled_charging", CHARGING, "time"),
    _row("scheduled_departure", DEPARTURE, "departure_time"),
    _row("off_peak_end", DEPARTURE, "end_off_peak_time"),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the times of the cars that have no schedules by place."""
    async_add_cars(entry, async_add_entities, TIMES, CarTime)


class CarTime(ScheduledEntity, TimeEntity):
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
        told: dict[str, Value] = {row.signal: minutes, MODE: row.plan.mode}
        rest = [signal for signal in row.plan.signals if signal != row.signal]
        with self.coordinator.commander.wanting(told):
            await async_need_schedules(self.coordinator, rest)
            params = row.plan.params(self.coordinator) | {row.parameter: minutes}
            await self._async_order(row.plan.order(params))
        self.coordinator.commander.async_conclude(told)
