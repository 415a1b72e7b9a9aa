"""The set-up's pages about the key: its domain, its registration, and which cars have it."""

from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntryState,
    ConfigFlowResult,
    OperationNotAllowed,
)
from homeassistant.core import callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.config_entry_oauth2_flow import (
    LocalOAuth2Implementation,
    async_get_config_entry_implementation,
)

from custom_components.teslalogger.const import (
    CONF_ACCOUNT_ID,
    CONF_AUTH_IMPLEMENTATION,
    CONF_DOMAIN,
    CONF_KEY_HOSTING,
    CONF_REGION,
    HOSTED_BY_HOME_ASSISTANT,
    HOSTED_EXTERNALLY,
)
from custom_components.teslalogger.pairing import KeyCheck, async_check_keys, pairing_url
from custom_components.teslalogger.public_key_view import async_serve_public_key
from custom_components.teslalogger.tesla.hosts import Region
from custom_components.teslalogger.tesla.oauth import OAuthClient
from custom_components.teslalogger.tesla.public_key import (
    WELL_KNOWN_PATH,
    PublicKeyProblem,
    fetch_public_key,
)

from .domains import DOMAIN_IN_USE, DomainRefused, read_domain, suggested_domain
from .entry import EntrySteps
from .errors import NO_PLACEHOLDERS, SET_UP_ERRORS, FormError, SetUpError, form_error
from .forms import (
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
from .registration import async_register

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import voluptuous as vol

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry
    from custom_components.teslalogger.tesla.fleet import FleetClient
    from custom_components.teslalogger.vault import Vault


class KeySteps(EntrySteps, ABC):
    """From the domain to the virtual key, for a new account and for a change of an entry's.

    Whoever begins with `async_step_domain` or `async_step_virtual_key` has filled in the vault, and
    where it is new the client.
    """

    _vault: Vault
    _client: FleetClient

    def __init__(self) -> None:
        super().__init__()
        self._account_id = ""
        self._region: Region | None = None
        self._domain = ""
        self._hosting = HOSTED_BY_HOME_ASSISTANT
        self._may_be_unseen = False
        self._stop_serving: Callable[[], None] | None = None

    @callback
    @override
    def async_remove(self) -> None:
        self._serve(None)

    @property
    def _entry_data(self) -> dict[str, Any]:
        """What an entry of the Fleet API holds."""
        return {
            CONF_AUTH_IMPLEMENTATION: self.flow_impl.domain,
            CONF_DOMAIN: self._domain,
            CONF_REGION: (self._region or Region.NA).value,
            CONF_KEY_HOSTING: self._hosting,
            CONF_ACCOUNT_ID: self._account_id,
        }

    @property
    def _changes_entry(self) -> bool:
        """Whether the entry has all this already, and something of it is changed."""
        return self.source == SOURCE_RECONFIGURE

    @abstractmethod
    async def _async_finish(self) -> ConfigFlowResult:
        """End the dialog."""

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
            entry.data.get(CONF_DOMAIN) == domain
            and entry.data[CONF_ACCOUNT_ID] != self._account_id
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
        if self._changes_entry:
            return cast(
                "LocalOAuth2Implementation",
                await async_get_config_entry_implementation(
                    self.hass, self._get_reconfigure_entry()
                ),
            )
        return cast("LocalOAuth2Implementation", self.flow_impl)

    async def _async_registered(self) -> ConfigFlowResult:
        if self._changes_entry:
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
        """Show the way to the virtual key, and which cars have it; without one, make it first."""
        if self._vault.key is None:
            return await self.async_step_domain()
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
        if not self._changes_entry:
            check = await async_check_keys(self._client, self._vault)
        else:
            entry: TeslaLoggerConfigEntry = self._get_reconfigure_entry()
            if entry.state is not ConfigEntryState.LOADED:
                # A client beside the entry's own would use up the entry's refresh token.
                return KeyCheck(), FormError(key="not_loaded")
            check = await async_check_keys(entry.runtime_data.require_fleet(), self._vault)
            if check.fleet_status is not None:
                for car in entry.runtime_data.cars.values():
                    car.commander.async_note_fleet_status(check.fleet_status)
        return check, None if check.error is None else form_error(check.error)

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
