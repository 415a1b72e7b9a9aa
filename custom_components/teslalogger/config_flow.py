"""Setting up an account: login, domain, public key, registration, virtual key."""

from contextlib import suppress
import logging
from typing import TYPE_CHECKING, Any, Final, cast, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntryState,
    ConfigFlowResult,
    OperationNotAllowed,
)
from homeassistant.core import DOMAIN as HOME_ASSISTANT, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.config_entry_oauth2_flow import (
    AbstractOAuth2FlowHandler,
    LocalOAuth2Implementation,
    async_get_config_entry_implementation,
)
from yarl import URL

from .const import (
    CONF_ACCOUNT_ID,
    CONF_AUTH_IMPLEMENTATION,
    CONF_DOMAIN,
    CONF_KEY_HOSTING,
    CONF_REGION,
    DOMAIN,
    HOSTED_BY_HOME_ASSISTANT,
    HOSTED_EXTERNALLY,
)
from .domains import DOMAIN_IN_USE, DomainRefused, read_domain, suggested_domain
from .flow_forms import (
    CONF_NEXT,
    CONF_UNSEEN,
    NEXT_CHANGE_DOMAIN,
    NEXT_CHECK,
    NEXT_FINISH,
    NEXT_UNSEEN,
    async_key_table,
    domain_form,
    external_key_form,
    virtual_key_form,
)
from .pairing import KeyCheck, async_check_keys, pairing_url
from .public_key_view import async_serve_public_key
from .registration import async_register
from .set_up_errors import NO_PLACEHOLDERS, SET_UP_ERRORS, FormError, SetUpError, form_error
from .tesla.claims import Claims, read_claims
from .tesla.errors import MalformedToken, TeslaError
from .tesla.fleet import FleetClient
from .tesla.hosts import Region
from .tesla.oauth import OAuthClient, consent_revoke_url
from .tesla.public_key import WELL_KNOWN_PATH, PublicKeyProblem, fetch_public_key
from .tesla.scopes import Scope
from .tesla.tokens import TokenKeeper, Tokens
from .vault import Vault, async_open_vault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import voluptuous as vol

    from .data import TeslaLoggerConfigEntry

_LOGGER = logging.getLogger(__name__)

_TOLD_REFUSALS: Final = frozenset({"client_rejected", "invalid_auth_code", "invalid_redirect_url"})


class TeslaLoggerFlow(AbstractOAuth2FlowHandler, domain=DOMAIN):
    """Sets up an account of Tesla's, signs it in again, and moves it to another domain.

    What must not be lost when the dialog is closed (login, key) is in the account's vault as soon
    as it is there, so that the next attempt goes on with it.
    """

    DOMAIN = DOMAIN
    VERSION = 1

    _vault: Vault
    _keeper: TokenKeeper
    _client: FleetClient

    def __init__(self) -> None:
        super().__init__()
        self._account_id = ""
        self._region: Region | None = None
        self._domain = ""
        self._hosting = HOSTED_BY_HOME_ASSISTANT
        self._may_be_unseen = False
        self._stop_serving: Callable[[], None] | None = None

    @property
    @override
    def logger(self) -> logging.Logger:
        return _LOGGER

    @callback
    @override
    def async_remove(self) -> None:
        self._serve(None)

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
        await self.async_set_unique_id(claims.account_id, raise_on_progress=False)
        if self.source in {SOURCE_REAUTH, SOURCE_RECONFIGURE}:
            self._abort_if_unique_id_mismatch(reason="wrong_account")
            return await self._async_replace_login(implementation, tokens)
        self._abort_if_unique_id_configured()
        # A second dialog for the same account would use the same vault.
        await self.async_set_unique_id(claims.account_id)
        self._account_id = claims.account_id
        try:
            self._vault = await async_open_vault(self.hass, claims.account_id)
            await self._vault.tokens.save(tokens)
        except HomeAssistantError as err:
            return self._abort_for(err)
        self._region = claims.region
        self._connect()
        return await self.async_step_domain()

    async def async_step_reauth(self, _entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """The login has ended."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say so before Tesla's page opens."""
        if user_input is None:
            return self.async_show_form(step_id="reauth_confirm")
        return await self._async_sign_in(self._get_reauth_entry())

    async def _async_sign_in(self, entry: TeslaLoggerConfigEntry) -> ConfigFlowResult:
        return await self.async_step_pick_implementation(
            {"implementation": entry.data[CONF_AUTH_IMPLEMENTATION]}
        )

    async def _async_replace_login(self, implementation: str, tokens: Tokens) -> ConfigFlowResult:
        """Give the entry its new login; it is unloaded, so that it cannot write its old one."""
        entry: TeslaLoggerConfigEntry = (
            self._get_reauth_entry()
            if self.source == SOURCE_REAUTH
            else self._get_reconfigure_entry()
        )
        async with entry.setup_lock:
            pass  # while it is being set up it cannot be unloaded
        try:
            is_unloaded = await self.hass.config_entries.async_unload(entry.entry_id)
        except OperationNotAllowed:
            is_unloaded = False
        if not is_unloaded:
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

    # Domain, public key, registration

    async def async_step_domain(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the domain and who serves the key there."""
        error = None
        if user_input is not None:
            try:
                await self._async_take_domain(user_input)
                if self._hosting == HOSTED_BY_HOME_ASSISTANT:
                    await self._async_register(unseen=user_input.get(CONF_UNSEEN, False))
            except SET_UP_ERRORS as err:
                error = self._refused(err)
            else:
                if self._hosting == HOSTED_EXTERNALLY:
                    return await self.async_step_external_key()
                return await self._async_registered()
        values = user_input or {
            CONF_DOMAIN: self._domain or suggested_domain(self.hass),
            CONF_KEY_HOSTING: self._hosting,
        }
        form = domain_form(may_be_unseen=self._may_be_unseen)
        return self._show("domain", self.add_suggested_values_to_schema(form, values), error)

    async def async_step_external_key(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the key that the user has to publish."""
        error = None
        if user_input is not None:
            if user_input[CONF_NEXT] == NEXT_CHANGE_DOMAIN:
                return await self.async_step_domain()
            try:
                await self._async_register(unseen=user_input[CONF_NEXT] == NEXT_UNSEEN)
            except SET_UP_ERRORS as err:
                error = self._refused(err)
            else:
                return await self._async_registered()
        form = external_key_form(may_be_unseen=self._may_be_unseen)
        key = await self._vault.async_make_key()
        return self._show("external_key", form, error, pem=key.public_pem().decode().strip())

    def _refused(self, error: SetUpError) -> FormError:
        """What is wrong. Where the key was not seen, it may be the own network that hides it."""
        self._may_be_unseen |= isinstance(error, PublicKeyProblem)
        return form_error(error)

    async def _async_take_domain(self, user_input: Mapping[str, Any]) -> None:
        """Use this domain from now on; raises a SetUpError."""
        domain = read_domain(user_input[CONF_DOMAIN])
        if any(
            entry.data[CONF_DOMAIN] == domain and entry.data[CONF_ACCOUNT_ID] != self._account_id
            for entry in self._async_current_entries(include_ignore=False)
        ):
            raise DomainRefused(DOMAIN_IN_USE)
        self._domain, self._hosting = domain, user_input[CONF_KEY_HOSTING]
        key = await self._vault.async_make_key()
        self._serve(key.public_pem() if self._hosting == HOSTED_BY_HOME_ASSISTANT else None)

    async def _async_register(self, *, unseen: bool) -> None:
        """See the key as the world does, then have Tesla register it; raises a SetUpError.

        With `unseen` only Tesla looks: from inside, a network may not lead to its own address.
        """
        session = async_get_clientsession(self.hass)
        application = await self._async_application()
        key = await self._vault.async_make_key()
        if not unseen:
            await fetch_public_key(session, self._domain, expected=key.public_pem())
        oauth = OAuthClient(
            session,
            client_id=application.client_id,
            client_secret=application.client_secret or None,
        )
        await async_register(session, oauth, domain=self._domain, key=key, region=self._region)
        if self._region is None:
            # Tesla tells it only to registered applications.
            self._region = await self._client.user_region()

    async def _async_application(self) -> LocalOAuth2Implementation:
        """The developer application; raises HomeAssistantError if it was removed."""
        if self.source == SOURCE_RECONFIGURE:
            return cast(
                "LocalOAuth2Implementation",
                await async_get_config_entry_implementation(
                    self.hass, self._get_reconfigure_entry()
                ),
            )
        return cast("LocalOAuth2Implementation", self.flow_impl)

    async def _async_registered(self) -> ConfigFlowResult:
        if self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
            self.hass.config_entries.async_update_entry(
                entry,
                data={
                    **entry.data,
                    CONF_DOMAIN: self._domain,
                    CONF_KEY_HOSTING: self._hosting,
                },
            )
            with suppress(OperationNotAllowed):
                await self.hass.config_entries.async_reload(entry.entry_id)
        return await self.async_step_virtual_key()

    @callback
    def _serve(self, pem: bytes | None) -> None:
        """Serve this key at the domain while the dialog is open, or none."""
        if self._stop_serving is not None:
            self._stop_serving()
            self._stop_serving = None
        if pem is not None:
            self._stop_serving = async_serve_public_key(self.hass, self._domain, pem)

    # Virtual key

    async def async_step_virtual_key(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the way to the virtual key, and which cars have it."""
        if user_input is not None and user_input[CONF_NEXT] == NEXT_FINISH:
            return await self._async_finish()
        check, error = await self._async_check_keys()
        url = pairing_url(self._domain)
        is_done = error is None and check.is_settled
        return self._show(
            "no_cars" if error is None and not check.cars else "virtual_key",
            virtual_key_form(url, next_step=NEXT_FINISH if is_done else NEXT_CHECK),
            error,
            pairing_url=url,
            cars=await async_key_table(self.hass, check.cars),
        )

    async def async_step_no_cars(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """The same for an account without cars."""
        return await self.async_step_virtual_key(user_input)

    async def _async_check_keys(self) -> tuple[KeyCheck, FormError | None]:
        if self.source != SOURCE_RECONFIGURE:
            check = await async_check_keys(self._client, self._vault)
        else:
            entry: TeslaLoggerConfigEntry = self._get_reconfigure_entry()
            if entry.state is not ConfigEntryState.LOADED:
                # A client beside the entry's own would use up the entry's refresh token.
                return KeyCheck(), FormError(key="not_loaded")
            check = await async_check_keys(entry.runtime_data.client, self._vault)
            if check.fleet_status is not None:
                for car in entry.runtime_data.cars.values():
                    car.async_note_fleet_status(check.fleet_status)
        return check, None if check.error is None else form_error(check.error)

    async def _async_finish(self) -> ConfigFlowResult:
        if self.source == SOURCE_RECONFIGURE:
            return self.async_abort(
                reason="reconfigure_successful", translation_domain=HOME_ASSISTANT
            )
        title = await self._async_account_name()
        # The entry's keeper must find what a renewal in flight brings.
        await self._keeper.settle()
        return self.async_create_entry(
            title=title,
            data={
                CONF_AUTH_IMPLEMENTATION: self.flow_impl.domain,
                CONF_DOMAIN: self._domain,
                CONF_REGION: (self._region or Region.NA).value,
                CONF_KEY_HOSTING: self._hosting,
                CONF_ACCOUNT_ID: self._account_id,
            },
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
        entry = self._get_reconfigure_entry()
        self._account_id = entry.data[CONF_ACCOUNT_ID]
        self._domain = entry.data[CONF_DOMAIN]
        self._hosting = entry.data[CONF_KEY_HOSTING]
        self._region = Region(entry.data[CONF_REGION])
        try:
            self._vault = await async_open_vault(self.hass, self._account_id)
        except HomeAssistantError as err:
            return self._abort_for(err)
        return self.async_show_menu(
            step_id="reconfigure", menu_options=["virtual_key", "domain", "sign_in"]
        )

    async def async_step_sign_in(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Sign in again, for example to allow more."""
        return await self._async_sign_in(self._get_reconfigure_entry())

    # Answers

    def _show(
        self, step_id: str, schema: vol.Schema, error: FormError | None, **placeholders: str
    ) -> ConfigFlowResult:
        """A form in which every placeholder of every error has a value."""
        return self.async_show_form(
            step_id=step_id,
            data_schema=schema,
            errors={error.at: error.key} if error else None,
            description_placeholders={
                **NO_PLACEHOLDERS,
                **(error.placeholders if error else {}),
                "url": f"https://{self._domain}{WELL_KNOWN_PATH}",
                **placeholders,
            },
        )

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
