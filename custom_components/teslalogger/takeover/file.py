"""What was taken over, on disk: it has to be given back one day.

Home Assistant's Store is not used: it hides write errors, and nothing may be taken over of which
the disk does not know.
"""

from contextlib import suppress
from dataclasses import dataclass
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import save_json
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util.json import load_json_object

from custom_components.teslalogger.const import DOMAIN

from .model import NotOnDisk, Source
from .snapshot import DeviceSnapshot, EntitySnapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant

_LOGGER: Final = logging.getLogger(__name__)

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
    """The takeovers of an entry, the latest last.

    `given_back` are those of which the registries on disk may not know yet that they are undone.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self.taken: tuple[Taken, ...] = ()
        self.given_back: tuple[Taken, ...] = ()
        self._hass = hass
        self._path = Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.takeover.{entry_id}"))

    async def async_load(self) -> None:
        """Read the file, if there is one; one that cannot be read is as good as none."""
        try:
            stored = await self._hass.async_add_executor_job(load_json_object, self._path)
            self.taken, self.given_back = (
                tuple(Taken.from_dict(taken) for taken in stored.get(name, ()))  # type: ignore[union-attr, arg-type] # else it raises
                for name in ("taken", "given_back")
            )
        except (HomeAssistantError, KeyError, TypeError, ValueError) as err:
            _LOGGER.warning(
                "%s cannot be read, so what was taken over cannot be given back: %s",
                self._path.name,
                type(err).__name__,
            )

    async def async_push(self, taken: Taken) -> None:
        """Add the latest; on disk when this returns. Raises NotOnDisk."""
        await self._async_save((*self.taken, taken), ())

    async def async_pop(self, given_back: Taken, left: Taken | None) -> None:
        """The latest is given back, except for what is left of it. Raises NotOnDisk."""
        rest = self.taken[:-1] if left is None else (*self.taken[:-1], left)
        await self._async_save(rest, (*self.given_back, given_back))

    async def async_forget_given_back(self) -> None:
        """The registries know of it, on disk too. Raises NotOnDisk."""
        await self._async_save(self.taken, ())

    async def async_remove(self) -> None:
        """Delete the file."""
        with suppress(FileNotFoundError):
            await self._hass.async_add_executor_job(self._path.unlink)

    async def _async_save(self, taken: tuple[Taken, ...], given_back: tuple[Taken, ...]) -> None:
        try:
            if taken or given_back:
                content = {
                    "version": _VERSION,
                    "taken": [one.to_dict() for one in taken],
                    "given_back": [one.to_dict() for one in given_back],
                }
                await self._hass.async_add_executor_job(_write, self._path, content)
            else:
                await self.async_remove()
        except (HomeAssistantError, OSError) as err:
            _LOGGER.warning("%s could not be written: %s", self._path.name, err)
            raise NotOnDisk from err
        self.taken, self.given_back = taken, given_back


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    save_json(str(path), content, private=True, atomic_writes=True)
