"""The user's own developer application at Tesla."""

from typing import TYPE_CHECKING, Final

from homeassistant.helpers.config_entry_oauth2_flow import AUTH_CALLBACK_PATH, MY_AUTH_CALLBACK_PATH
from homeassistant.helpers.network import NoURLAvailableError, get_url

from .flows.domains import suggested_domain
from .oauth_implementation import TeslaOAuth2Implementation

if TYPE_CHECKING:
    from homeassistant.components.application_credentials import ClientCredential
    from homeassistant.core import HomeAssistant

_PORTAL: Final = "https://developer.tesla.com/dashboard"
_DOCS: Final = "https://github.com/teslalogger/teslalogger-home-assistant/blob/main/docs/setup.md"
_UNKNOWN_DOMAIN: Final = "home.example.com"


async def async_get_auth_implementation(
    hass: HomeAssistant, auth_domain: str, credential: ClientCredential
) -> TeslaOAuth2Implementation:
    """The way to sign in with one application."""
    return TeslaOAuth2Implementation(hass, auth_domain, credential)


async def async_get_description_placeholders(hass: HomeAssistant) -> dict[str, str]:
    """What has to be typed into Tesla's developer portal."""
    return {
        "portal_url": _PORTAL,
        "docs_url": _DOCS,
        "redirect_url": _redirect_url(hass),
        "origin_url": f"https://{suggested_domain(hass) or _UNKNOWN_DOMAIN}",
    }


def _redirect_url(hass: HomeAssistant) -> str:
    """Where Tesla is to send the browser back to."""
    if "my" in hass.config.components:
        return MY_AUTH_CALLBACK_PATH
    try:
        base = get_url(hass, prefer_external=True)
    except NoURLAvailableError:
        base = f"https://{_UNKNOWN_DOMAIN}"
    return f"{base}{AUTH_CALLBACK_PATH}"
