"""Setting up an account: the login here, what follows from it in key_steps."""

import logging
from typing import TYPE_CHECKING, Any, Final, cast, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlowResult,
)
from homeassistant.core import DOMAIN as HOME_ASSISTANT, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from yarl import URL

from .const import (
    CONF_ACCOUNT_ID,
    CONF_AUTH_IMPLEMENTATION,
    CONF_DOMAIN,
    CONF_KEY_HOSTING,
    CONF_REGION,
    DOMAIN,
)
from .flows.errors import form_error
from .flows.holdings import HoldingSteps
from .flows.move import MoveSteps
from .flows.owner import OwnerSteps
from .flows.streaming import StreamingFlow
from .flows.take_over import TakeOverSteps
from .logins import is_of_owner_api
from .tesla.claims import Claims, read_claims
from .tesla.errors import MalformedToken, TeslaError
from .tesla.fleet import FleetClient
from .tesla.hosts import Region
from .tesla.oauth import OAuthClient, consent_revoke_url
from .tesla.scopes import Scope
from .tesla.tokens import TokenKeeper, Tokens
from .vault import async_open_vault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.helpers.config_entry_oauth2_flow import LocalOAuth2Implementation

    from .data import TeslaLoggerConfigEntry

_LOGGER = logging.getLogger(__name__)

_TOLD_REFUSALS: Final = frozenset({"client_rejected", "invalid_auth_code", "invalid_redirect_url"})


class TeslaLoggerFlow(MoveSteps, OwnerSteps, HoldingSteps, TakeOverSteps, domain=DOMAIN):
    """Sets up an account of Tesla's, signs it in again, and moves it to another domain.

    What must not be lost when the dialog is closed (login, key) is in the account's vault as soon
    as it is there, so that the next attempt goes on with it.
    """

    DOMAIN = DOMAIN
    VERSION = 1
    MINOR_VERSION = 2

    _keeper: TokenKeeper

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> StreamingFlow:
        """What a running account can be told besides: streaming."""
        return StreamingFlow()

    @property
    @override
    def logger(self) -> logging.Logger:
        return _LOGGER

    # Setting up

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask by which API."""
        return self.async_show_menu(step_id="user", menu_options=["fleet_api", "owner_api"])

    async def async_step_fleet_api(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Sign in with the user's developer application."""
        return await self.async_step_pick_implementation()

    # Signing in

    @override
    async def async_step_creation(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Get the tokens; where the user can do something about a refusal, say what."""
        try:
            return await super().async_step_creation(user_input)
        except TeslaError as err:
            _LOGGER.debug("No tokens for the code: %s", err)
            is_told = err.translation_key in _TOLD_REFUSALS
            return self.async_abort(reason=err.translation_key if is_told else "oauth_failed")

    @override
    async def async_oauth_create_entry(self, data: dict[str, Any]) -> ConfigFlowResult:
        """Go on with a login, of a new account or of the entry's own."""
        implementation, token = data[CONF_AUTH_IMPLEMENTATION], data["token"]
        try:
            claims = read_claims(token["access_token"])
            if (scope := _missing_scope(claims, token)) is not None:
                return self._abort_without(scope)
            tokens = Tokens.from_dict(token)
        except MalformedToken:
            return self.async_abort(reason=MalformedToken.translation_key)
        if self._is_moving:
            return await self._async_take_login(claims, tokens)
        await self.async_set_unique_id(claims.account_id, raise_on_progress=False)
        if self.source in {SOURCE_REAUTH, SOURCE_RECONFIGURE}:
            self._abort_if_unique_id_mismatch(reason="wrong_account")
            return await self._async_replace_login(implementation, tokens)
        self._abort_if_unique_id_configured()
        # A second dialog for the same account would use the same vault.
        await self.async_set_unique_id(claims.account_id)
        return await self._async_take_login(claims, tokens)

    async def _async_take_login(self, claims: Claims, tokens: Tokens) -> ConfigFlowResult:
        """Keep a login that is new here, and go on with it."""
        if self._is_moving and self._is_anothers(claims.account_id):
            return self.async_abort(reason="already_configured")
        self._account_id = claims.account_id
        # So that nobody deletes the vault as one of a set-up that was broken off.
        await self.async_set_unique_id(claims.account_id, raise_on_progress=False)
        try:
            self._vault = await async_open_vault(self.hass, claims.account_id)
            await self._vault.tokens.save(tokens)
        except HomeAssistantError as err:
            return self._abort_for(err)
        self._region = claims.region
        self._connect()
        return await self.async_step_domain()

    def _is_anothers(self, account_id: str) -> bool:
        """Whether another entry has this account."""
        entry = self.hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, account_id)
        return entry is not None and entry.entry_id != self._entry.entry_id

    async def async_step_reauth(self, _entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """The login has ended."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say so before Tesla's page opens."""
        if is_of_owner_api(self._entry):
            return await self.async_step_owner_token()
        if user_input is None:
            return self.async_show_form(step_id="reauth_confirm")
        return await self._async_sign_in(self._entry)

    async def _async_sign_in(self, entry: TeslaLoggerConfigEntry) -> ConfigFlowResult:
        page = await self.async_step_pick_implementation(
            {"implementation": entry.data[CONF_AUTH_IMPLEMENTATION]}
        )
        return self._ask_for_application(page, "application_gone")

    async def _async_replace_login(self, implementation: str, tokens: Tokens) -> ConfigFlowResult:
        """Give the entry its new login; it is unloaded, so that it cannot write its old one."""
        entry = self._entry
        if not await self._async_unload(entry):
            return self.async_abort(reason="not_unloaded")
        try:
            vault = await async_open_vault(self.hass, entry.data[CONF_ACCOUNT_ID])
            await vault.tokens.save(tokens)
        except HomeAssistantError as err:
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
            return self._abort_for(err)
        return self.async_update_reload_and_abort(
            entry, data_updates={CONF_AUTH_IMPLEMENTATION: implementation}
        )

    def _connect(self) -> None:
        """Ask Tesla from now on with the login in the vault."""
        session = async_get_clientsession(self.hass)
        application = cast("LocalOAuth2Implementation", self.flow_impl)
        region = self._region or Region.NA
        self._keeper = TokenKeeper(
            store=self._vault.tokens,
            oauth=OAuthClient(session, client_id=application.client_id, region=region),
        )
        self._client = FleetClient(
            session, tokens=self._keeper, region=region, on_region=self._async_note_region
        )

    async def _async_note_region(self, region: Region) -> None:
        self._region = region

    @override
    async def _async_finish(self) -> ConfigFlowResult:
        if self._changes_entry:
            return self.async_abort(
                reason="reconfigure_successful", translation_domain=HOME_ASSISTANT
            )
        title = await self._async_account_name()
        # The entry's keeper must find what a renewal in flight brings.
        await self._keeper.settle()
        if self._is_moving:
            return await self._async_move(title)
        return self.async_create_entry(
            title=title,
            data=self._entry_data,
        )

    async def _async_account_name(self) -> str:
        try:
            return await self._client.user_name() or "Tesla"
        except TeslaError as err:
            _LOGGER.debug("Tesla does not tell whose account it is: %s", err)
            return "Tesla"

    # Changing an entry

    async def async_step_reconfigure(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what is to be changed."""
        entry = self._entry
        if is_of_owner_api(entry):
            return await self.async_step_reconfigure_owner()
        self._account_id = entry.data[CONF_ACCOUNT_ID]
        self._domain = entry.data[CONF_DOMAIN]
        self._hosting = entry.data[CONF_KEY_HOSTING]
        self._region = Region(entry.data[CONF_REGION])
        try:
            self._vault = await async_open_vault(self.hass, self._account_id)
        except HomeAssistantError as err:
            return self._abort_for(err)
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=[
                "virtual_key",
                "domain",
                "sign_in",
                "last_resort",
                "take_over",
                "holdings",
            ],
        )

    async def async_step_reconfigure_owner(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """The same for an entry of the owner API."""
        return self.async_show_menu(
            step_id="reconfigure_owner",
            menu_options=["move_to_fleet", "owner_token", "take_over", "holdings"],
        )

    async def async_step_sign_in(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Sign in again, for example to allow more."""
        return await self._async_sign_in(self._entry)

    # Answers

    def _abort_for(self, error: HomeAssistantError) -> ConfigFlowResult:
        reason = form_error(error)
        return self.async_abort(reason=reason.key, description_placeholders=reason.placeholders)

    def _abort_without(self, scope: Scope) -> ConfigFlowResult:
        application = cast("LocalOAuth2Implementation", self.flow_impl)
        home = URL(self.external_data["state"]["redirect_uri"]).origin()
        url = consent_revoke_url(application.client_id, str(home))
        return self.async_abort(
            reason="missing_scope", description_placeholders={"scope": scope, "url": url}
        )


def _missing_scope(claims: Claims, token: Mapping[str, Any]) -> Scope | None:
    """What the login has to allow and does not."""
    if Scope.VEHICLE_DEVICE_DATA not in claims.scopes:
        return Scope.VEHICLE_DEVICE_DATA
    return None if token.get("refresh_token") else Scope.OFFLINE_ACCESS
