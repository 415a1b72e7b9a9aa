"""What this integration holds of an account, and how to take it back."""

from abc import ABC
import hashlib
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState, ConfigFlowResult
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from custom_components.teslalogger import issues
from custom_components.teslalogger.commander import KeyStatus
from custom_components.teslalogger.const import CONF_ACCOUNT_ID, CONF_LAST_RESORT, DOMAIN
from custom_components.teslalogger.logins import is_of_owner_api
from custom_components.teslalogger.streaming.file import TelemetryFile
from custom_components.teslalogger.taking_back import async_delete_secrets, async_take_back_streams
from custom_components.teslalogger.tesla.redact import short_vin
from custom_components.teslalogger.tesla.scopes import Scope
from custom_components.teslalogger.vault import async_open_vault

from .entry import EntrySteps
from .errors import form_error
from .forms import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry
    from custom_components.teslalogger.vault import Vault

_NONE: Final = "-"


class HoldingSteps(EntrySteps, ABC):
    """One page that shows it, one that asks once more, and one that says what is left to do."""

    async def async_step_holdings(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show everything that is held."""
        entry = self._entry
        try:
            vault = await async_open_vault(self.hass, entry.data[CONF_ACCOUNT_ID])
        except HomeAssistantError as err:
            reason = form_error(err)
            return self.async_abort(reason=reason.key, description_placeholders=reason.placeholders)
        if is_of_owner_api(entry):
            return self.async_show_menu(step_id="holdings_owner", menu_options=["take_back_owner"])
        words = await self._async_words()
        last_resort = "on" if entry.data.get(CONF_LAST_RESORT) else "off"
        return self.async_show_menu(
            step_id="holdings",
            menu_options=["take_back"],
            description_placeholders={
                "scopes": ", ".join(map(words, _scopes(entry))) or _NONE,
                "last_resort": words(f"last_resort.options.{last_resort}"),
                "key": _fingerprint(vault) or _NONE,
                "paired": _names(entry, _has_key(entry)) or _NONE,
                "streams": _names(entry, await self._async_streams(entry)) or _NONE,
                "url": issues.APPS_URL,
            },
        )

    async def async_step_holdings_owner(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """The same for an entry of the owner API, which has a login and no more."""
        return await self.async_step_holdings(user_input)

    async def async_step_take_back_owner(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """The same for an entry of the owner API."""
        return await self.async_step_take_back(user_input)

    async def async_step_take_back(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Delete what can be deleted from here, once that is confirmed."""
        entry = self._entry
        of_owner_api = is_of_owner_api(entry)
        if user_input is None:
            return self.async_show_form(
                step_id="take_back_owner" if of_owner_api else "take_back",
                data_schema=vol.Schema({}),
            )
        if not await self._async_unload(entry):
            return self.async_abort(reason="not_stopped")
        left = await async_take_back_streams(self.hass, entry)
        await async_delete_secrets(self.hass, entry)
        await self.hass.config_entries.async_set_disabled_by(
            entry.entry_id, ConfigEntryDisabler.USER
        )
        issues.async_clear_all(self.hass, entry)
        if of_owner_api:
            return self.async_abort(reason="taken_back_owner")
        return self.async_abort(
            reason="taken_back_but_streams" if left else "taken_back",
            description_placeholders={
                "cars": ", ".join(map(short_vin, left)) or _NONE,
                "url": issues.APPS_URL,
            },
        )

    async def _async_words(self) -> Callable[[str], str]:
        """The words for a selector's option, in the language of the house."""
        words = await async_get_translations(
            self.hass, self.hass.config.language, "selector", {DOMAIN}
        )
        return lambda key: words[f"component.{DOMAIN}.selector.{key}"]

    async def _async_streams(self, entry: TeslaLoggerConfigEntry) -> Iterable[str]:
        """The VINs of the cars that were told to stream to us."""
        file = TelemetryFile(self.hass, entry.entry_id)
        await file.async_load()
        return file.given


def _scopes(entry: TeslaLoggerConfigEntry) -> list[str]:
    """The options that have the words for what the login allows, as far as that is known."""
    if entry.state is not ConfigEntryState.LOADED:
        return []
    return [f"scope.options.{one}" for one in Scope if one in entry.runtime_data.scopes]


def _fingerprint(vault: Vault) -> str | None:
    """The beginning of the public key's SHA-256; nothing that would help a thief."""
    if vault.key is None:
        return None
    return hashlib.sha256(vault.key.public_point).hexdigest()[:16]


def _has_key(entry: TeslaLoggerConfigEntry) -> Iterable[str]:
    if entry.state is not ConfigEntryState.LOADED:
        return ()
    cars = entry.runtime_data.cars.values()
    return [car.vin for car in cars if car.commander.key_status is KeyStatus.PAIRED]


def _names(entry: TeslaLoggerConfigEntry, vins: Iterable[str]) -> str:
    cars = entry.runtime_data.cars if entry.state is ConfigEntryState.LOADED else {}
    return ", ".join(plain(cars[vin].title) if vin in cars else short_vin(vin) for vin in vins)
