"""Events: what happens in a moment, seen in how the signals change."""

from dataclasses import dataclass, replace
import time
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .entity import CarEntity, CarRow, async_add_cars, once_seen
from .vehicle.outcome import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry
    from .vehicle.alerts import Alert
    from .vehicle.outcome import Outcome
    from .vehicle.signals import Value

# Nothing is sent from here.
PARALLEL_UPDATES = 0

_CHARGING_STATE: Final = "charging_state"
_CHARGING: Final = frozenset({"charging", "starting"})
_PRESENT: Final = "is_user_present"
# Seconds that two parts of one answer may be apart.
_SAME_TIME: Final = 60.0
_OPENINGS: Final = (
    "door_front_driver",
    "door_front_passenger",
    "door_rear_driver",
    "door_rear_passenger",
    "front_trunk",
    "rear_trunk",
)
ALERT: Final = "alert"
_AVAILABLE: Final = "software_update_available"
_VERSION: Final = "software_update_version"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a car told before and tells now; of a signal told for the first time there is no before.

    `outcome` is that of the newest command, if it is new; `alerts` are those that are.
    """

    car: CarCoordinator
    before: Mapping[str, Value]
    now: Mapping[str, Value]
    outcome: Outcome | None = None
    alerts: Sequence[Alert] = ()

    def turned_on(self, signal: str) -> bool:
        """Whether it was off and is on."""
        return self.before.get(signal) is False and self.now.get(signal) is True


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """A moment: of which type it is, and what is worth knowing about it."""

    type: str
    facts: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class CarEventDescription(EventEntityDescription, CarRow):
    """Events of a subject: `see` finds them in a change of the row's topics."""

    see: Callable[[Change], Iterator[Happening]]


def _charging(change: Change) -> Iterator[Happening]:
    before, now = change.before.get(_CHARGING_STATE), change.now.get(_CHARGING_STATE)
    if before is None or now is None:
        return
    facts = {
        name: change.car.value(name)
        for name in ("battery_level", "charge_limit_soc", "charge_energy_added")
    }
    if before not in _CHARGING and now in _CHARGING:
        yield Happening(type="started", facts=facts)
    elif before in _CHARGING and now not in _CHARGING:
        is_complete = now == "complete"
        yield Happening(
            type="complete" if is_complete else "stopped",
            facts=facts if is_complete else facts | {"reason": now},
        )


def _openings(change: Change) -> Iterator[Happening]:
    if change.now.get(_PRESENT) is not False:
        return
    for opening in _OPENINGS:
        if change.turned_on(opening) and _is_known_who_is_in(change.car, opening):
            yield Happening(
                type="opened", facts={"opening": opening, "locked": change.car.value("locked")}
            )


def _is_known_who_is_in(car: CarCoordinator, opening: str) -> bool:
    """Whether the car tells by itself who is, or told it when that opened: hours ago is no news."""
    present, opened = car.data.get(_PRESENT), car.data.get(opening)
    is_of_then = present and opened and present.moment >= opened.moment - _SAME_TIME
    return car.policy.hears(_PRESENT) or bool(is_of_then)


def _software(change: Change) -> Iterator[Happening]:
    if not change.now.get(_AVAILABLE):
        return
    version, before = change.now.get(_VERSION), change.before.get(_VERSION)
    is_another = before is not None and version not in {None, before}
    if change.turned_on(_AVAILABLE) or (change.before.get(_AVAILABLE) and is_another):
        yield Happening(type="available", facts={"version": version})


def _commands(change: Change) -> Iterator[Happening]:
    outcome = change.outcome
    if outcome is not None and outcome.result is Result.REFUSED:
        yield Happening(
            type="refused", facts={"command": outcome.command, "reason": outcome.reason}
        )


def _alerts(change: Change) -> Iterator[Happening]:
    for alert in change.alerts:
        yield Happening(
            type="raised" if alert.is_for_driver else "raised_for_service",
            facts={
                "alert": alert.name,
                "text": alert.text,
                "audiences": sorted(alert.audiences),
                "since": dt_util.utc_from_timestamp(alert.started_at).isoformat(),
            },
        )


EVENTS: Final = (
    CarEventDescription(
        key="charging",
        topics=(_CHARGING_STATE,),
        event_types=["started", "stopped", "complete"],
        see=_charging,
        has_fn=once_seen(_CHARGING_STATE),
    ),
    CarEventDescription(
        key="opened_while_away",
        topics=(*_OPENINGS, _PRESENT),
        event_types=["opened"],
        see=_openings,
        has_fn=once_seen(_PRESENT),
    ),
    CarEventDescription(
        key="software_update",
        topics=(_AVAILABLE, _VERSION),
        event_types=["available"],
        see=_software,
        has_fn=once_seen(_AVAILABLE),
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    CarEventDescription(
        key=ALERT,
        event_types=["raised", "raised_for_service"],
        see=_alerts,
        has_fn=lambda car: car.has_answered,
    ),
    CarEventDescription(
        key="command",
        event_types=["refused"],
        see=_commands,
        has_fn=lambda car: car.has_answered,
        entity_registry_enabled_default=False,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the events of what the cars tell."""
    start = time.time()

    def build(car: CarCoordinator, row: CarEventDescription) -> CarEvent:
        return (AlertEvent if row.key == ALERT else CarEvent)(car, row, since=start)

    async_add_cars(entry, async_add_entities, EVENTS, build)


class CarEvent(CarEntity, EventEntity):
    """Moments of a subject.

    What a signal tells for the first time since the start (`since`, seconds since 1970) is no
    change: nobody knows when the car became so.
    """

    entity_description: CarEventDescription

    def __init__(
        self, coordinator: CarCoordinator, description: CarEventDescription, *, since: float
    ) -> None:
        super().__init__(coordinator, description)
        self._topics = frozenset()  # it is written when something happens, not when it is told
        self._since = since
        self._before: dict[str, Value] = {}
        self._last_outcome = coordinator.commander.last_outcome

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self._before = self._told()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        has_come_or_gone, has_happened = self._has_come_or_gone(), False
        for happening in self.entity_description.see(self._change()):
            has_happened = True
            self._trigger_event(happening.type, happening.facts)
            self.async_write_ha_state()
        if has_come_or_gone and not has_happened:
            self.async_write_ha_state()

    def _change(self) -> Change:
        """What is new since this was asked last."""
        now, outcome = self._told(), self.coordinator.commander.last_outcome
        change = Change(
            car=self.coordinator,
            before=self._before,
            now=now,
            outcome=None if outcome is self._last_outcome else outcome,
        )
        self._before, self._last_outcome = now, outcome
        return change

    def _told(self) -> dict[str, Value]:
        """What the car has told since the start."""
        readings = {
            topic: self.coordinator.data.get(topic) for topic in self.entity_description.topics
        }
        return {
            topic: reading.value
            for topic, reading in readings.items()
            if reading is not None and reading.received >= self._since
        }


class AlertEvent(CarEvent):
    """Alerts of a car. Each is raised once, also over restarts, however often it is told."""

    @override
    def _change(self) -> Change:
        alerts, known = self.coordinator.alerts, self.coordinator.data.alerts
        news = () if alerts is None else known.news(alerts, time.time())
        return replace(super()._change(), alerts=news)
