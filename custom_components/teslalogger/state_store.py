"""The last known states of an entry's cars or energy sites, kept over restarts."""

from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from .const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERSION: Final = 1
_DELAY: Final = 60  # seconds; a driving car tells something new all the time


class State(Protocol):
    """What can be kept; made without anything it is empty."""

    def __init__(self) -> None: ...

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        ...

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        ...


class StateStore[StateT: State]:
    """One file per entry: {VIN or site id: state}. Private, because it holds places."""

    def __init__(
        self, hass: HomeAssistant, entry_id: str, kind: type[StateT], *, name: str = "state"
    ) -> None:
        self._store: Store[dict[str, Any]] = Store(
            hass, _VERSION, f"{DOMAIN}.{entry_id}.{name}", private=True, atomic_writes=True
        )
        self._kind = kind
        self._states: dict[str, StateT] = {}
        self._is_open = True
        self._is_due = False

    async def async_load(self) -> None:
        """Read the file, if there is one."""
        stored = await self._store.async_load() or {}
        self._states = {
            owner: self._kind.from_dict(state)
            for owner, state in stored.items()
            if isinstance(state, dict)
        }

    def state(self, owner: str) -> StateT:
        """The state of this one, empty for one that is new. It is kept from now on."""
        return self._states.setdefault(owner, self._kind())

    @callback
    def async_changed(self) -> None:
        """Write soon; several changes are one write."""
        # Each further call would put the write off, for as long as a car streams.
        if self._is_open and not self._is_due:
            self._is_due = True
            self._store.async_delay_save(self._as_dict, _DELAY)

    async def async_save(self) -> None:
        """Write now."""
        await self._store.async_save(self._as_dict())

    async def async_close(self) -> None:
        """Write now, and never again: whoever is loaded next has a store of its own."""
        self._is_open = False
        await self.async_save()

    @callback
    def async_forget(self, owner: str) -> bool:
        """Drop what is kept of one that is gone; whether there was something."""
        if self._states.pop(owner, None) is None:
            return False
        self.async_changed()
        return True

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()

    def _as_dict(self) -> dict[str, Any]:
        self._is_due = False
        return {owner: state.to_dict() for owner, state in self._states.items()}
