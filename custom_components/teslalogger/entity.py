"""What every entity of a car has in common."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.core import callback
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity, DataUpdateCoordinator

from .coordinator import CarCoordinator
from .topics import Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from homeassistant.helpers.device_registry import DeviceInfo
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .data import TeslaLoggerConfigEntry
    from .vehicle.signals import Value


# What a car tells for the first time may be a thing that it turns out to have.
_NEWS: Final = frozenset({Topic.NEW_SIGNAL})


def always(_: CarCoordinator) -> bool:
    """Every car has it."""
    return True


def once_seen(*signals: str) -> Callable[[CarCoordinator], bool]:
    """Only some cars have it: those that have told more than null of one of these."""
    return lambda car: any(car.data.has_told(signal) for signal in signals)


@dataclass(frozen=True, kw_only=True)
class CarRow(EntityDescription):
    """What a row of a platform's table says besides Home Assistant's own description.

    `key` is also the key of name and icon. `topics` are the signals, or other things a coordinator
    tells, that the entity shows. It exists where the login allows one of `commands` (if there are
    any) and `has_fn` holds for the car; without them one that is `readable` only has no controls.
    `decided_by` are the signals whose value, and not only their being told, `has_fn` looks at.
    """

    topics: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    readable: bool = False
    has_fn: Callable[[CarCoordinator], bool] = always
    decided_by: tuple[str, ...] = ()


class CarEntity(CoordinatorEntity[CarCoordinator]):
    """One thing of one car. Its state is written only when one of its topics changed."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: CarCoordinator, description: CarRow) -> None:
        super().__init__(coordinator)
        self.entity_description = description
        self._topics = frozenset(description.topics)
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{coordinator.account_id}_{coordinator.vin}_{description.key}"
        self._was_available = False

    @property
    @override
    def device_info(self) -> DeviceInfo:
        """The car as it is known when the entity is added, not when it was made."""
        return self.coordinator.device_info

    @property
    @override
    def available(self) -> bool:
        """A sleeping car keeps its last values; one that never told any has none to show."""
        is_heard = super().available or self.coordinator.policy.is_streaming
        return is_heard and self.coordinator.has_answered

    @override
    async def async_added_to_hass(self) -> None:
        self.coordinator_context = self._topics or None
        await super().async_added_to_hass()
        self._was_available = self.available

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        if self._has_come_or_gone() or self.coordinator.concerns(self._topics):
            self.async_write_ha_state()

    def _has_come_or_gone(self) -> bool:
        """Whether it became available, or ceased to be, since this was asked last."""
        was_available, self._was_available = self._was_available, self.available
        return was_available != self._was_available

    def _value(self, signal: str) -> Value:
        return self.coordinator.value(signal)


@callback
def async_add_what_exists[RowT](
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    coordinator: DataUpdateCoordinator[Any],
    rows: Iterable[RowT],
    *,
    exists: Callable[[RowT], bool],
    build: Callable[[RowT], Entity],
    decided_by: Iterable[str] = (),
) -> None:
    """Add the entities whose thing is there, and the others when it turns out to be.

    That can be when something is told for the first time, or when one of `decided_by` changes.
    """
    waiting = list(rows)

    @callback
    def add() -> None:
        ready = [row for row in waiting if exists(row)]
        if ready:
            waiting[:] = [row for row in waiting if row not in ready]
            async_add_entities(map(build, ready))

    add()
    if waiting:
        entry.async_on_unload(coordinator.async_add_listener(add, _NEWS.union(decided_by)))


def async_add_cars[RowT: CarRow](
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    rows: Iterable[RowT],
    build: Callable[[CarCoordinator, RowT], Entity],
) -> None:
    """Add the entities of every car: those there are, and later what a car turns out to have."""
    rows = tuple(rows)

    @callback
    def add_car(car: CarCoordinator) -> None:
        allowed = [row for row in rows if row.readable or car.allows(row.commands)]
        async_add_what_exists(
            entry,
            async_add_entities,
            car,
            allowed,
            exists=lambda row: row.has_fn(car),
            build=lambda row: build(car, row),
            decided_by=(signal for row in allowed for signal in row.decided_by),
        )

    for car in entry.runtime_data.cars.values():
        add_car(car)
    entry.async_on_unload(entry.runtime_data.async_on_new_car(add_car))
