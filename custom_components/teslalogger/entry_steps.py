"""What all dialogs about an entry that is there already have in common."""

from abc import ABC
from typing import TYPE_CHECKING

from homeassistant.config_entries import SOURCE_REAUTH, OperationNotAllowed
from homeassistant.helpers.config_entry_oauth2_flow import AbstractOAuth2FlowHandler

if TYPE_CHECKING:
    from .data import TeslaLoggerConfigEntry


class EntrySteps(AbstractOAuth2FlowHandler, ABC):
    """The entry, and how to get it out of the way of a change."""

    @property
    def _entry(self) -> TeslaLoggerConfigEntry:
        """The entry that the dialog is about; only where it was opened for one."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        return self._get_reconfigure_entry()

    async def _async_unload(self, entry: TeslaLoggerConfigEntry) -> bool:
        """Unload it, so that it cannot write what it knew; whether that succeeded."""
        async with entry.setup_lock:
            pass  # while it is being set up it cannot be unloaded
        try:
            return await self.hass.config_entries.async_unload(entry.entry_id)
        except OperationNotAllowed:
            return False
