"""Signing in to Tesla with the user's own developer application."""

from typing import TYPE_CHECKING, Any, override

from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.config_entry_oauth2_flow import LocalOAuth2ImplementationWithPkce

from .tesla.hosts import Region, hosts, resolve
from .tesla.oauth import OAuthClient
from .tesla.scopes import Scope

if TYPE_CHECKING:
    from homeassistant.components.application_credentials import ClientCredential
    from homeassistant.core import HomeAssistant


class TeslaOAuth2Implementation(LocalOAuth2ImplementationWithPkce):
    """Tesla's authorization code flow with PKCE.

    Source: https://developer.tesla.com/docs/fleet-api/authentication/third-party-tokens
    """

    def __init__(self, hass: HomeAssistant, auth_domain: str, credential: ClientCredential) -> None:
        # Everywhere but in China, people log in at the same place.
        world = hosts(Region.NA)
        super().__init__(
            hass,
            auth_domain,
            credential.client_id,
            resolve(world.authorize_url),
            resolve(world.token_url),
            credential.client_secret,
        )
        self._name = credential.name

    @property
    @override
    def name(self) -> str:
        """The name by which the user knows the application."""
        return self._name or self.client_id

    @property
    @override
    def extra_authorize_data(self) -> dict[str, Any]:
        """Ask for every scope, once more for those refused before, and for the account."""
        return {
            "scope": " ".join(Scope),
            "prompt": "login",
            "prompt_missing_scopes": "true",
            **super().extra_authorize_data,
        }

    @override
    async def async_resolve_external_data(self, external_data: Any) -> dict[str, Any]:
        """Exchange the code for tokens; raises a TeslaError that says why Tesla gives none."""
        client = OAuthClient(
            async_get_clientsession(self.hass),
            client_id=self.client_id,
            client_secret=self.client_secret or None,
        )
        return await client.exchange(
            external_data["code"],
            redirect_uri=external_data["state"]["redirect_uri"],
            verifier=self.code_verifier,
        )
