"""What a move to the Fleet API leaves to the set-up, which repeats it until it is on disk.

Home Assistant writes entries and registries later than it changes them. Whatever of a move a crash
undoes is therefore done again, and nothing is deleted before the entry runs as what it is now.
"""

import logging
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .const import CONF_ACCOUNT_ID, CONF_LAST_RESORT, CONF_MOVED_FROM, DOMAIN
from .logins import is_of_owner_api
from .vault import async_delete_vault

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .data import TeslaLoggerConfigEntry
    from .vault import Vault

_LOGGER = logging.getLogger(__name__)


async def async_follow_account(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """Have the entities' unique ids begin with the account's, which may be another one by now."""
    account = entry.unique_id or entry.entry_id
    registry = er.async_get(hass)
    numbers = {
        number
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        for domain, number in device.identifiers
        if domain == DOMAIN
    }

    @callback
    def renamed(entity: er.RegistryEntry) -> dict[str, Any] | None:
        former, _, rest = entity.unique_id.partition("_")
        unique_id = f"{account}_{rest}"
        if (
            former == account
            or rest.partition("_")[0] not in numbers
            or registry.async_get_entity_id(entity.domain, DOMAIN, unique_id) is not None
        ):
            return None
        return {"new_unique_id": unique_id}

    await er.async_migrate_entries(hass, entry.entry_id, renamed)


async def async_drop_owner_login(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, vault: Vault
) -> None:
    """Delete a login of the owner API that nobody wants any more; the entry runs without it."""
    if is_of_owner_api(entry):
        return
    former = entry.data.get(CONF_MOVED_FROM)
    try:
        if vault.owner_tokens.tokens is not None and not entry.data.get(CONF_LAST_RESORT):
            await vault.owner_tokens.clear()
        if former is not None and not _has_entry(hass, former):
            await async_delete_vault(hass, former)
    except (HomeAssistantError, OSError) as err:
        _LOGGER.warning("The owner API's token is still on disk: %s", err)
        return
    if former is not None:
        data = {name: value for name, value in entry.data.items() if name != CONF_MOVED_FROM}
        hass.config_entries.async_update_entry(entry, data=data)


def _has_entry(hass: HomeAssistant, account_id: str) -> bool:
    return any(
        entry.data.get(CONF_ACCOUNT_ID) == account_id
        for entry in hass.config_entries.async_entries(DOMAIN)
    )
