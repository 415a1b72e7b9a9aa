"""The set-up's pages about the owner API: a login of its own, or a last resort beside another."""

from abc import ABC
from dataclasses import dataclass, field, replace
import time
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import SOURCE_REAUTH, ConfigFlowResult
from homeassistant.core import DOMAIN as HOME_ASSISTANT
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from custom_components.teslalogger.const import (
    API_OWNER,
    CONF_ACCOUNT_ID,
    CONF_API,
    CONF_LAST_RESORT,
    CONF_REGION,
    OWNER_TITLE,
)
from custom_components.teslalogger.logins import (
    async_ask_owner_api_again,
    is_of_owner_api,
    owner_tokens,
)
from custom_components.teslalogger.tesla.claims import Claims, read_claims
from custom_components.teslalogger.tesla.errors import LoginRequired, TeslaError
from custom_components.teslalogger.tesla.hosts import Region
from custom_components.teslalogger.tesla.owner import OwnerClient, OwnerLogin
from custom_components.teslalogger.vault import async_find_owner_tokens, async_open_vault

from .entry import EntrySteps
from .errors import NO_PLACEHOLDERS, SET_UP_ERRORS, FormError, form_error

if TYPE_CHECKING:
    from collections.abc import Collection

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry
    from custom_components.teslalogger.tesla.client import AccessTokens
    from custom_components.teslalogger.tesla.tokens import Tokens

CONF_CHINA: Final = "china"
CONF_TOKEN: Final = "refresh_token"  # noqa: S105 - a name
_PASSWORD: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_NEW_FORM: Final = vol.Schema(
    {
        vol.Required(CONF_TOKEN): _PASSWORD,
        vol.Required(CONF_CHINA, default=False): BooleanSelector(),
    }
)
_FORM: Final = vol.Schema({vol.Required(CONF_TOKEN): _PASSWORD})
_OPTIONAL_FORM: Final = vol.Schema({vol.Optional(CONF_TOKEN): _PASSWORD})


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An access token that was made a moment ago: if it is refused, another one will be."""

    token: str = field(repr=False)

    async def access_token(self) -> str:
        return self.token

    async def renew(self, rejected: str) -> str:
        return rejected


class _Refused(TeslaError):
    """The token is good, and not for this."""


class OwnerSteps(EntrySteps, ABC):
    """A refresh token that the user brings; how to come by one is not for us to say."""

    # A new account

    async def async_step_owner_api(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the token of an account that has nothing else."""
        error = None
        if user_input is not None:
            try:
                place = Region.CN if user_input[CONF_CHINA] else Region.NA
                return await self._async_create(user_input[CONF_TOKEN], place)
            except AbortFlow:
                raise  # it is an error of Home Assistant's too
            except SET_UP_ERRORS as err:
                error = form_error(err)
        form = self.add_suggested_values_to_schema(
            _NEW_FORM, {CONF_CHINA: (user_input or {}).get(CONF_CHINA, False)}
        )
        return self._show_token("owner_api", form, error)

    async def _async_create(self, token: str, place: Region) -> ConfigFlowResult:
        """Make the entry, if the account is served; raises a SetUpError.

        Everywhere but in China, people log in at the same `place`.
        """
        try:
            tokens, claims = await self._async_use(token, place)
        except _Refused:
            # A set-up that was broken off may have used it.
            kept = await async_find_owner_tokens(self.hass, token.strip())
            if kept is None:
                raise
            tokens, claims = kept, read_claims(kept.access_token)
        await self.async_set_unique_id(claims.account_id, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        vault = await async_open_vault(self.hass, claims.account_id)
        await vault.owner_tokens.save(tokens)
        region = place if place is Region.CN else claims.region or Region.NA
        keeper = owner_tokens(self.hass, vault, region)
        await self._async_cars(keeper, region)
        async_ask_owner_api_again(self.hass, claims.account_id)
        # The entry's keeper must find what a renewal in flight brings.
        await keeper.settle()
        return self.async_create_entry(
            title=OWNER_TITLE,
            data={
                CONF_API: API_OWNER,
                CONF_ACCOUNT_ID: claims.account_id,
                CONF_REGION: region.value,
            },
        )

    # A new token

    async def async_step_owner_token(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Replace the token of an entry that needs one; add, replace or remove another's."""
        entry = self._entry
        if is_of_owner_api(entry):
            step_id, form = "owner_token", _FORM
        else:
            step_id, form = "last_resort", _OPTIONAL_FORM
        error = None
        if user_input is not None:
            try:
                return await self._async_replace(entry, user_input.get(CONF_TOKEN, ""))
            except SET_UP_ERRORS as err:
                error = form_error(err)
        return self._show_token(step_id, form, error)

    async def async_step_last_resort(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """The same for an entry of the Fleet API."""
        return await self.async_step_owner_token(user_input)

    async def _async_replace(self, entry: TeslaLoggerConfigEntry, token: str) -> ConfigFlowResult:
        """Give the entry another token, or none; raises a SetUpError."""
        tokens = await self._async_tokens_for(entry, token) if token.strip() else None
        if not await self._async_unload(entry):
            return self.async_abort(reason="not_unloaded")
        try:
            vault = await async_open_vault(self.hass, entry.data[CONF_ACCOUNT_ID])
            if tokens is None:
                await vault.owner_tokens.clear()
            else:
                await vault.owner_tokens.save(tokens)
                async_ask_owner_api_again(self.hass, entry.data[CONF_ACCOUNT_ID])
        except HomeAssistantError:
            # A reload would end the dialog in which it can be tried again.
            self.hass.async_create_task(self.hass.config_entries.async_setup(entry.entry_id))
            raise
        if not is_of_owner_api(entry):
            data = {**entry.data, CONF_LAST_RESORT: tokens is not None}
            self.hass.config_entries.async_update_entry(entry, data=data)
        self.hass.config_entries.async_schedule_reload(entry.entry_id)
        if self.source == SOURCE_REAUTH:
            return self.async_abort(reason="reauth_successful", translation_domain=HOME_ASSISTANT)
        return self.async_abort(reason="token_removed" if tokens is None else "token_replaced")

    async def _async_tokens_for(self, entry: TeslaLoggerConfigEntry, token: str) -> Tokens:
        """Tokens of the entry's own account, or at least of one that has a car of it."""
        tokens, claims = await self._async_use(token, Region(entry.data[CONF_REGION]))
        if is_of_owner_api(entry):
            if claims.account_id != entry.data[CONF_ACCOUNT_ID]:
                raise _Refused(translation_key="wrong_account")
            return tokens
        fresh = _Fresh(tokens.access_token)
        cars = await self._async_cars(fresh, Region(entry.data[CONF_REGION]))
        if self._cars_of(entry).keys().isdisjoint(cars):
            raise _Refused(translation_key="owner_token_of_other_cars")
        return tokens

    # Tesla

    async def _async_use(self, token: str, region: Region) -> tuple[Tokens, Claims]:
        """What a refresh token is changed into, and whose it is; raises a TeslaError."""
        login = OwnerLogin(async_get_clientsession(self.hass), region=region)
        used = token.strip()
        try:
            tokens = await login.refresh(used)
        except LoginRequired as err:
            raise _Refused(err.text, translation_key="owner_token_refused") from err
        claims = read_claims(tokens.access_token)
        return replace(tokens, previous_refresh_token=used, superseded_at=time.time()), claims

    async def _async_cars(self, tokens: AccessTokens, region: Region) -> Collection[str]:
        """The VINs of the account's cars; raises a TeslaError if it is not served."""
        client = OwnerClient(async_get_clientsession(self.hass), tokens=tokens, region=region)
        return [car.vin for car in (await client.products()).cars]

    def _show_token(
        self, step_id: str, form: vol.Schema, error: FormError | None
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=form,
            errors={error.at: error.key} if error else None,
            description_placeholders={**NO_PLACEHOLDERS, **(error.placeholders if error else {})},
        )
