"""Signing in to Tesla with the user's own developer application."""

from typing import TYPE_CHECKING, Any, override

from homeassistant.exceptions import OAuth2TokenRequestConnectionError
from homeassistant.helpers.config_entry_oauth2_flow import LocalOAuth2ImplementationWithPkce

from .tesla.hosts import Region, hosts, resolve
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
        """Exchange the code for tokens; the audience is the region that the code names.

        Raises:
            OAuth2TokenRequestError: Tesla refuses, for example because the secret is wrong.
            OAuth2TokenRequestConnectionError: No answer, or one that is of no use.
        """
        code: str = external_data["code"]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": external_data["state"]["redirect_uri"],
            "audience": hosts(_region_of(code)).fleet_url,
            **self.extra_token_resolve_data,
        }
        try:
            answer = await self._token_request(form)
            # Home Assistant would write an answer without these into its log, tokens and all.
            answer["expires_in"] = int(answer["expires_in"])
            answer["access_token"] = str(answer["access_token"])
        except (KeyError, TypeError, ValueError) as err:
            raise OAuth2TokenRequestConnectionError(domain=self.service_domain) from err
        return answer


def _region_of(code: str) -> Region:
    """Tesla's codes begin with their region."""
    prefix = code.partition("_")[0].lower()
    return Region(prefix) if prefix in Region else Region.NA
