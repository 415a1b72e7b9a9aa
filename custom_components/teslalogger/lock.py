"""Locks: the doors, and the charge cable in its port."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.lock import LockEntity, LockEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .entity import CarRow, async_add_cars
from .setting import SettingEntity

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .data import TeslaLoggerConfigEntry
    from .vehicle.signals import Value

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarLockDescription(LockEntityDescription, CarRow):
    """A lock: its signal, the value that means locked, and its commands.

    `lock_command` is None where the car locks by itself; `refusal` then names the message.
    """

    signal: str
    locked_value: Value
    lock_command: str | None
    unlock_command: str
    refusal: str = ""


LOCKS: Final = (
    CarLockDescription(
        key="doors",
        signal="locked",
        topics=("locked",),
        locked_value=True,
        commands=("door_lock", "door_unlock"),
        lock_command="door_lock",
        unlock_command="door_unlock",
    ),
    CarLockDescription(
        key="charge_cable",
        signal="charge_port_latch",
        topics=("charge_port_latch",),
        locked_value="engaged",
        commands=("charge_port_door_open",),
        lock_command=None,
        unlock_command="charge_port_door_open",
        refusal="charge_cable_locks_itself",
        # Open whenever nothing is plugged in, which is nothing for the house's locks to count.
        entity_category=EntityCategory.CONFIG,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the locks that the login allows."""
    async_add_cars(entry, async_add_entities, LOCKS, CarLock)


class CarLock(SettingEntity, LockEntity):
    """A lock that changes only after the car said so, and is being turned until then."""

    entity_description: CarLockDescription

    @property
    @override
    def is_locked(self) -> bool | None:
        """What the car told last, or None where it told nothing."""
        value = self._value(self.entity_description.signal)
        return None if value is None else value == self.entity_description.locked_value

    @property
    @override
    def is_locking(self) -> bool:
        """Whether a command to lock it is on its way."""
        return self._is_wanted(locked=True)

    @property
    @override
    def is_unlocking(self) -> bool:
        """Whether a command to unlock it is on its way."""
        return self._is_wanted(locked=False)

    def _is_wanted(self, *, locked: bool) -> bool:
        row = self.entity_description
        wanted = self.coordinator.commander.wanted(row.signal)
        return wanted is not None and (wanted == row.locked_value) is locked is not self.is_locked

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        """Lock it.

        Raises:
            ServiceValidationError: The car locks this one by itself.
            HomeAssistantError: It was not done, or nobody can tell.
        """
        if (command := self.entity_description.lock_command) is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key=self.entity_description.refusal
            )
        await self.coordinator.commander.async_send(command)

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        """Unlock it.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self.coordinator.commander.async_send(self.entity_description.unlock_command)
