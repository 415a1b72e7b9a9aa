"""Calendars of a car's schedules: they show when it charges and warms up, and change it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.calendar import (
    EVENT_END,
    EVENT_LOCATION,
    EVENT_RRULE,
    EVENT_START,
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEntityFeature as Feature,
    CalendarEvent,
)
from homeassistant.components.zone import DOMAIN as ZONE
from homeassistant.const import ATTR_LATITUDE, ATTR_LONGITUDE
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from custom_components.teslalogger.actions.model import WEEKDAYS
from custom_components.teslalogger.entity import CarEntity, CarRow, async_add_cars, once_seen
from custom_components.teslalogger.fresh import async_look_at_schedules, async_need_schedules
from custom_components.teslalogger.outcomes import parameter_error
from custom_components.teslalogger.vehicle.commands.parameters import new_schedule_id
from custom_components.teslalogger.vehicle.schedule_rules import (
    OnlyTheSeries,
    ScheduleGone,
    ScheduleNotPossible,
    params_of,
    place_from,
    planned,
    rule_of,
)
from custom_components.teslalogger.vehicle.schedules import (
    Occurrence,
    Place,
    Schedule,
    clock_time,
    from_text,
    next_occurrence,
    occurrences,
    to_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry

_DAYS: Final = (WEEKDAYS[-1], *WEEKDAYS[:-1])  # Tesla's week begins on Sunday
_SCHEDULES: Final = "schedules"
_EVERYTHING: Final = Feature.CREATE_EVENT | Feature.DELETE_EVENT | Feature.UPDATE_EVENT


@dataclass(frozen=True, kw_only=True)
class CarCalendarDescription(CalendarEntityDescription, CarRow):
    """Schedules of a kind: the signal of that name, commands, and whether they have an end."""

    add: str
    remove: str
    has_end: bool


def _row(key: str, add: str, remove: str, *, has_end: bool) -> CarCalendarDescription:
    return CarCalendarDescription(
        key=key,
        topics=(key,),
        add=add,
        remove=remove,
        commands=(add, remove),
        readable=True,
        has_end=has_end,
        has_fn=once_seen(key),
    )


CALENDARS: Final = (
    _row("charge_schedules", "add_charge_schedule", "remove_charge_schedule", has_end=True),
    _row(
        "precondition_schedules",
        "add_precondition_schedule",
        "remove_precondition_schedule",
        has_end=False,
    ),
)


@callback
def async_add_schedule_calendars(
    entry: TeslaLoggerConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the calendars of the cars that have schedules."""
    async_add_cars(entry, async_add_entities, CALENDARS, CarCalendar)


class CarCalendar(CarEntity, CalendarEntity):
    """The schedules of a kind; those that are enabled are events. One without a place is at home.

    An event of a minute is a schedule with only a start, or only an end.
    """

    entity_description: CarCalendarDescription
    _unrecorded_attributes = frozenset({_SCHEDULES})

    @property
    @override
    def supported_features(self) -> Feature:
        """Everything, if the login allows it."""
        may_change = self.coordinator.allows(self.entity_description.commands)
        return _EVERYTHING if may_change else Feature(0)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """All schedules, also those that are not enabled and therefore no events."""
        return {_SCHEDULES: [self._facts(schedule) for schedule in self._schedules]}

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """What runs now or comes next."""
        occurrence = next_occurrence(self._schedules, dt_util.now())
        return None if occurrence is None else self._event(occurrence)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """All that touch a period, in order."""
        begin, end, now = dt_util.as_local(start_date), dt_util.as_local(end_date), dt_util.now()
        found = [
            occurrence
            for schedule in self._schedules
            for occurrence in occurrences(schedule, begin, end, now=now)
        ]
        return [self._event(one) for one in sorted(found, key=lambda one: one.begin)]

    @override
    async def async_create_event(self, **kwargs: Any) -> None:
        """Give the car a schedule.

        Raises:
            HomeAssistantError: It cannot have such a one, did not take it, or nobody can tell.
        """
        await self._async_add(new_schedule_id(), kwargs, None)

    @override
    async def async_update_event(
        self,
        uid: str,
        event: dict[str, Any],
        recurrence_id: str | None = None,
        recurrence_range: str | None = None,
    ) -> None:
        """Change a schedule.

        Raises:
            HomeAssistantError: It cannot be so, the car did not take it, or nobody can tell.
        """
        self._check_series(recurrence_id, recurrence_range)
        await async_need_schedules(self.coordinator, self._topics)
        schedule = self._meant(uid)
        await self._async_add(schedule.id, event, schedule)

    @override
    async def async_delete_event(
        self, uid: str, recurrence_id: str | None = None, recurrence_range: str | None = None
    ) -> None:
        """Take a schedule away from the car.

        Raises:
            HomeAssistantError: The car does not have it or did not let go, or nobody can tell.
        """
        self._check_series(recurrence_id, recurrence_range)
        schedule = self._meant(uid)
        is_known = await self._async_look()
        await self.coordinator.commander.async_send(self.entity_description.remove, id=schedule.id)
        if is_known:
            self._conclude(other for other in self._schedules if other.id != schedule.id)

    @property
    def _schedules(self) -> tuple[Schedule, ...]:
        return from_text(self._value(self.entity_description.key))

    def _check_series(self, recurrence_id: str | None, recurrence_range: str | None) -> None:
        if recurrence_id and not recurrence_range:
            raise parameter_error(OnlyTheSeries(), self.coordinator.title)

    def _meant(self, uid: str) -> Schedule:
        for schedule in self._schedules:
            if str(schedule.id) == uid:
                return schedule
        raise parameter_error(ScheduleGone(), self.coordinator.title)

    async def _async_add(
        self, identity: int, event: Mapping[str, Any], was: Schedule | None
    ) -> None:
        row = self.entity_description
        try:
            schedule = planned(
                identity,
                _local(event[EVENT_START]),
                _local(event[EVENT_END]),
                rule=event.get(EVENT_RRULE),
                place=self._place(event, was),
                now=dt_util.now(),
                has_end=row.has_end,
                was=was,
            )
        except ScheduleNotPossible as err:
            raise parameter_error(err, self.coordinator.title) from err
        is_known = await self._async_look()
        await self.coordinator.commander.async_send(
            row.add, **params_of(schedule, has_end=row.has_end)
        )
        if is_known:
            others = (other for other in self._schedules if other.id != identity)
            self._conclude((*others, schedule))

    async def _async_look(self) -> bool:
        """Whether all schedules are known as they are now: only then something follows for them."""
        return await async_look_at_schedules(self.coordinator, self._topics)

    def _conclude(self, schedules: Iterable[Schedule]) -> None:
        self.coordinator.commander.async_conclude({self.entity_description.key: to_text(schedules)})

    def _event(self, occurrence: Occurrence) -> CalendarEvent:
        schedule = occurrence.schedule
        rule = rule_of(schedule)
        return CalendarEvent(
            start=occurrence.begin,
            end=occurrence.end,
            summary=schedule.name or str(self.name),
            location=self._location(schedule.place),
            uid=str(schedule.id),
            rrule=rule,
            # By this, people are asked whether they mean one of many.
            recurrence_id=occurrence.begin.isoformat() if rule else None,
        )

    def _facts(self, schedule: Schedule) -> dict[str, Any]:
        return {
            "schedule_id": schedule.id,
            "enabled": schedule.enabled,
            "days": [day for number, day in enumerate(_DAYS) if schedule.days >> number & 1],
            "start": clock_time(schedule.start),
            "end": clock_time(schedule.end),
            "one_time": schedule.one_time,
            "name": schedule.name,
            "location": self._location(schedule.place),
        }

    def _place(self, event: Mapping[str, Any], was: Schedule | None) -> Place:
        text = event.get(EVENT_LOCATION)
        if was is not None and (text is None or text == self._location(was.place)):
            return was.place
        return place_from(text, self._home, self._zones)

    def _location(self, place: Place) -> str | None:
        """The name of the place, else its coordinates; none at home."""
        if place.is_near(self._home):
            return None
        for name, zone in self._zones.items():
            if place.is_near(zone):
                return name
        return f"{place.latitude:.5f}, {place.longitude:.5f}"

    @property
    def _home(self) -> Place:
        config = self.hass.config
        return Place(latitude=config.latitude, longitude=config.longitude)

    @property
    def _zones(self) -> dict[str, Place]:
        return {
            zone.name: Place(
                latitude=zone.attributes[ATTR_LATITUDE], longitude=zone.attributes[ATTR_LONGITUDE]
            )
            for zone in self.hass.states.async_all(ZONE)
        }


def _local(moment: date | datetime) -> date | datetime:
    return dt_util.as_local(moment) if isinstance(moment, datetime) else moment
