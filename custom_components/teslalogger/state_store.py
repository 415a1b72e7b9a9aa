"""The last known state of an entry's cars, kept over restarts."""

from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from .const import DOMAIN
from .vehicle.state import VehicleState

_VERSION: Final = 1
_DELAY: Final = 60  # seconds; a driving car tells something new all the time


class StateStore:
    """One file per entry: {VIN: state}. Private, because it holds places."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._store: Store[dict[str, Any]] = Store(
            hass, _VERSION, f"{DOMAIN}.{entry_id}.state", private=True, atomic_writes=True
        )
        self._states: dict[str, VehicleState] = {}
        self._is_open = True

    async def async_load(self) -> None:
        """Read the file, if there is one."""
        stored = await self._store.async_load() or {}
        self._states = {
            vin: VehicleState.from_dict(state)
            for vin, state in stored.items()
            if isinstance(state, dict)
        }

    def state(self, vin: str) -> VehicleState:
        """The state of this car, empty for one that is new. It is kept from now on."""
        return self._states.setdefault(vin, VehicleState())

    @callback
    def async_changed(self) -> None:
        """Write soon; several changes are one write."""
        if self._is_open:
            self._store.async_delay_save(self._as_dict, _DELAY)

    async def async_save(self) -> None:
        """Write now."""
        await self._store.async_save(self._as_dict())

    async def async_close(self) -> None:
        """Write now, and never again: whoever is loaded next has a store of its own."""
        self._is_open = False
        await self.async_save()

    @callback
    def async_forget(self, vin: str) -> None:
        """Drop a car that is gone."""
        if self._states.pop(vin, None) is not None:
            self.async_changed()

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()

    def _as_dict(self) -> dict[str, Any]:
        return {vin: state.to_dict() for vin, state in self._states.items()}
