"""Taking back what was given to this integration, from Tesla and from the disk."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from homeassistant.exceptions import HomeAssistantError

from .const import CONF_ACCOUNT_ID, DOMAIN
from .energy.account import SITES
from .energy_site.state import SiteState
from .logins import async_ask_owner_api_again, async_fleet_tokens, fleet_client, is_of_owner_api
from .state_store import StateStore
from .streaming.entry import async_delete_streamed
from .streaming.file import TelemetryFile, async_take_back
from .streaming.identity import async_delete_identity
from .tesla.errors import TeslaError
from .vault import async_delete_other_vaults, async_delete_vault, async_open_vault
from .vehicle.state import VehicleState

if TYPE_CHECKING:
    from collections.abc import Collection

    from homeassistant.core import HomeAssistant

    from .data import TeslaLoggerConfigEntry

PATIENCE: Final = 10.0
"""Seconds that Tesla gets for each of its answers and renewals together."""


async def async_take_back_streams(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry
) -> Collection[str]:
    """Have the cars of an unloaded entry stream to us no more; gives those that still will."""
    file = TelemetryFile(hass, entry.entry_id)
    await file.async_load()
    left = dict(file.given)
    if not left or is_of_owner_api(entry):
        return left.keys()
    with suppress(TimeoutError, HomeAssistantError, ValueError):
        async with asyncio.timeout(PATIENCE):
            vault = await async_open_vault(hass, entry.data[CONF_ACCOUNT_ID])
            keeper = await async_fleet_tokens(hass, entry, vault)
            client = fleet_client(hass, entry, keeper)
            for vin, given in file.given.items():
                with suppress(TeslaError):
                    await async_take_back(client, vin, given)
                    del left[vin], file.dossiers[vin]
    await file.async_save()
    return left.keys()


async def async_delete_secrets(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """Delete the entry's tokens, key and sessions; with the last key, what cars trust.

    With them go those of set-ups that were broken off, unless their dialog is still open.
    """
    await async_delete_vault(hass, entry.data[CONF_ACCOUNT_ID])
    async_ask_owner_api_again(hass, entry.data[CONF_ACCOUNT_ID])
    others = [one for one in hass.config_entries.async_entries(DOMAIN) if one is not entry]
    dialogs = hass.config_entries.flow.async_progress_by_handler(DOMAIN, include_uninitialized=True)
    in_use = {one.data[CONF_ACCOUNT_ID] for one in others}
    in_use |= {one["context"].get("unique_id") or "" for one in dialogs}
    await async_delete_other_vaults(hass, in_use - {entry.data[CONF_ACCOUNT_ID]})
    if not any([await _async_has_key(hass, one) for one in others]):
        await async_delete_identity(hass)


async def _async_has_key(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> bool:
    """Whether an entry could have told cars whom to trust; one that cannot be read may have."""
    try:
        return (await async_open_vault(hass, entry.data[CONF_ACCOUNT_ID])).key is not None
    except HomeAssistantError:
        return True


async def async_delete_states(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """Delete what is known of the entry's cars and sites."""
    await StateStore(hass, entry.entry_id, VehicleState).async_remove()
    await StateStore(hass, entry.entry_id, SiteState, name=SITES).async_remove()
    await async_delete_streamed(hass, entry.entry_id)
