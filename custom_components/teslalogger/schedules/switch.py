"""Switches for charging at a time and departure by a time."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.restore_state import RestoredExtraData, RestoreEntity

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.entity import CarRow, async_add_cars
from custom_components.teslalogger.fresh import async_need_schedules

from .entity import CHARGING, DEPARTURE, MODE, OFF, Plan, ScheduledEntity, has_plan

if TYPE_CHECKING:
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from custom_components.teslalogger.coordinator import CarCoordinator
    from custom_components.teslalogger.data import TeslaLoggerConfigEntry
    from custom_components.teslalogger.vehicle.signals import Value

_PLAN: Final = "plan"


@dataclass(frozen=True, kw_only=True)
class ScheduledSwitchDescription(SwitchEntityDescription, CarRow):
    """A switch, and the plan that it turns on and off."""

    plan: Plan


def _row(key: str, plan: Plan) -> ScheduledSwitchDescription:
    signal = plan.times[plan.time]
    return ScheduledSwitchDescription(
        key=key,
        plan=plan,
        topics=(MODE,),
        commands=(plan.command,),
        has_fn=lambda car: has_plan(car, signal),
        entity_category=EntityCategory.CONFIG,
    )


SCHEDULED_SWITCHES: Final = (
    _row("scheduled_charging", CHARGING),
    _row("scheduled_departure", DEPARTURE),
)


@callback
def async_add_scheduled_switches(
    entry: TeslaLoggerConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the switches of the cars that have no schedules by place."""
    async_add_cars(entry, async_add_entities, SCHEDULED_SWITCHES, ScheduledSwitch)


class ScheduledSwitch(ScheduledEntity, SwitchEntity, RestoreEntity):
    """A plan, on or off. A car forgets a plan that is off, so what it was is kept here."""

    entity_description: ScheduledSwitchDescription

    def __init__(
        self, coordinator: CarCoordinator, description: ScheduledSwitchDescription
    ) -> None:
        super().__init__(coordinator, description)
        self._kept: dict[str, Value] = {}

    @override
    async def async_added_to_hass(self) -> None:
        stored = await self.async_get_last_extra_data()
        kept = stored.as_dict().get(_PLAN) if stored else None
        self._kept = kept if isinstance(kept, dict) else {}
        self._keep()
        await super().async_added_to_hass()

    @property
    @override
    def extra_restore_state_data(self) -> RestoredExtraData:
        """The plan as it was last."""
        return RestoredExtraData({_PLAN: self._kept})

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        self._keep()
        super()._handle_coordinator_update()

    @property
    @override
    def is_on(self) -> bool | None:
        """What is wanted, else what the car told last."""
        mode = self._shown(MODE)
        return None if mode is None else mode == self.entity_description.plan.mode

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Turn it on, as it was.

        Raises:
            ServiceValidationError: The car has no such time.
            HomeAssistantError: It was not done, or nobody can tell.
        """
        plan = self.entity_description.plan
        await async_need_schedules(self.coordinator, (MODE, *plan.signals))
        params = self._kept or plan.params(self.coordinator)
        if plan.time not in params:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="scheduled_time_unknown",
                translation_placeholders={"car": self.coordinator.title},
            )
        await self._async_set(params, plan.told(params))

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self._async_set({"enable": False}, {MODE: OFF})

    async def _async_set(self, params: dict[str, Value], told: dict[str, Value]) -> None:
        with self.coordinator.commander.wanting(told):
            await self._async_order(self.entity_description.plan.order(params))
        self.coordinator.commander.async_conclude(told)

    def _keep(self) -> None:
        plan = self.entity_description.plan
        if self._value(MODE) == plan.mode:
            params = plan.params(self.coordinator)
            self._kept = params if plan.time in params else self._kept
