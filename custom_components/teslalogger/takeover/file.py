"""What was taken over, on disk: it has to be given back one day."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from homeassistant.helpers.storage import Store

from custom_components.teslalogger.const import DOMAIN

from .model import Source
from .snapshot import DeviceSnapshot, EntitySnapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant

_VERSION: Final = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """One takeover: how everything was that it changed.

    `pairs` are theirs and ours; `entries` the config entries that it switched off.
    """

    source: Source
    pairs: tuple[tuple[EntitySnapshot, EntitySnapshot], ...]
    devices: tuple[DeviceSnapshot, ...]
    entries: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "source": self.source,
            "pairs": [[theirs.to_dict(), ours.to_dict()] for theirs, ours in self.pairs],
            "devices": [device.to_dict() for device in self.devices],
            "entries": list(self.entries),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError if it is not one."""
        return cls(
            source=Source(stored["source"]),
            pairs=tuple(
                (EntitySnapshot.from_dict(theirs), EntitySnapshot.from_dict(ours))
                for theirs, ours in stored["pairs"]
            ),
            devices=tuple(DeviceSnapshot.from_dict(device) for device in stored["devices"]),
            entries=tuple(stored["entries"]),
        )


class TakeOverFile:
    """The takeovers of an entry, the latest last."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self.taken: tuple[Taken, ...] = ()
        self._store: Store[dict[str, Any]] = Store(
            hass, _VERSION, f"{DOMAIN}.takeover.{entry_id}", private=True, atomic_writes=True
        )

    async def async_load(self) -> None:
        """Read the file, if there is one."""
        stored = await self._store.async_load() or {"taken": []}
        self.taken = tuple(Taken.from_dict(taken) for taken in stored["taken"])

    async def async_push(self, taken: Taken) -> None:
        """Add the latest; on disk when this returns."""
        await self._async_save((*self.taken, taken))

    async def async_pop(self) -> None:
        """Forget the latest."""
        await self._async_save(self.taken[:-1])

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()

    async def _async_save(self, taken: tuple[Taken, ...]) -> None:
        self.taken = taken
        if taken:
            await self._store.async_save({"taken": [one.to_dict() for one in taken]})
        else:
            await self.async_remove()
