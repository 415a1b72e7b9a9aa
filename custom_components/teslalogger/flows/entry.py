"""What all dialogs about an entry that is there already have in common."""

from abc import ABC
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import SOURCE_REAUTH, OperationNotAllowed
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.config_entry_oauth2_flow import AbstractOAuth2FlowHandler

from custom_components.teslalogger.const import DOMAIN

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigFlowResult

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry

_CREDENTIALS_URL: Final = "/config/application_credentials"


class EntrySteps(AbstractOAuth2FlowHandler, ABC):
    """The entry, and how to get it out of the way of a change."""

    @property
    def _entry(self) -> TeslaLoggerConfigEntry:
        """The entry that the dialog is about; only where it was opened for one."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        return self._get_reconfigure_entry()

    def _cars_of(self, entry: TeslaLoggerConfigEntry) -> dict[str, str]:
        """What the entry has, loaded or not: names by VIN."""
        devices = dr.async_entries_for_config_entry(dr.async_get(self.hass), entry.entry_id)
        return {
            identifier: device.name_by_user or device.name or ""
            for device in devices
            for domain, identifier in device.identifiers
            if domain == DOMAIN
        }

    def _ask_for_application(self, page: ConfigFlowResult, reason: str) -> ConfigFlowResult:
        """The page, or where there is no application to sign in with, a way to enter one.

        At `missing_credentials` the frontend would ask for them, and then begin a new set-up.
        """
        if page.get("reason") != "missing_credentials":
            return page
        return self.async_abort(reason=reason, description_placeholders={"url": _CREDENTIALS_URL})

    async def _async_unload(self, entry: TeslaLoggerConfigEntry) -> bool:
        """Unload it, so that it cannot write what it knew; whether that succeeded."""
        async with entry.setup_lock:
            pass  # while it is being set up it cannot be unloaded
        try:
            return await self.hass.config_entries.async_unload(entry.entry_id)
        except OperationNotAllowed:
            return False
