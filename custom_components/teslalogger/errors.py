"""What Tesla's errors mean for an entry: only a login that has ended asks for a new one."""

from typing import Final

from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady, HomeAssistantError
from homeassistant.helpers.update_coordinator import UpdateFailed

from .const import DOMAIN
from .tesla.errors import LoginRequired, MalformedToken, TeslaError

# Only these are cured by a new login, and only by it.
_LOGIN_NEEDED: Final = (LoginRequired, MalformedToken)


def update_failed(error: TeslaError) -> ConfigEntryAuthFailed | UpdateFailed:
    """The error for an update without an answer."""
    return _translated(error, UpdateFailed)


def not_ready(error: TeslaError) -> ConfigEntryAuthFailed | ConfigEntryNotReady:
    """The error for a set-up that has to wait."""
    return _translated(error, ConfigEntryNotReady)


def request_failed(error: TeslaError) -> HomeAssistantError:
    """The error for a question that somebody asked."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=error.translation_key,
        translation_placeholders=error.placeholders,
    )


def needs_login(error: TeslaError) -> bool:
    """Whether only a new login helps."""
    return isinstance(error, _LOGIN_NEEDED)


def _translated[FailureT: (UpdateFailed, ConfigEntryNotReady)](
    error: TeslaError, otherwise: type[FailureT]
) -> ConfigEntryAuthFailed | FailureT:
    failure = ConfigEntryAuthFailed if needs_login(error) else otherwise
    return failure(
        translation_domain=DOMAIN,
        translation_key=error.translation_key,
        translation_placeholders=error.placeholders,
    )
