"""How the set-up tells what went wrong: errors of forms, each with its own text."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from homeassistant.exceptions import (
    HomeAssistantError,
    ImplementationUnavailableError,
    UnknownImplementationError,
)

from custom_components.teslalogger.const import CONF_DOMAIN
from custom_components.teslalogger.tesla.errors import (
    InService,
    LocationNotGranted,
    MobileAccessDisabled,
    SigningRequired,
    SigningUnsupported,
    SiteUnreachable,
    TeslaError,
    UnsupportedVehicle,
    VehicleMalfunction,
    VehicleTimeout,
    VehicleUnavailable,
)

from .domains import DomainRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

type SetUpError = TeslaError | HomeAssistantError | DomainRefused

SET_UP_ERRORS: Final = (TeslaError, HomeAssistantError, DomainRefused)

# The set-up asks no car and no site, so there are no texts for what only they can cause.
_OF_CARS_AND_SITES: Final = (
    InService,
    LocationNotGranted,
    MobileAccessDisabled,
    SigningRequired,
    SigningUnsupported,
    SiteUnreachable,
    UnsupportedVehicle,
    VehicleMalfunction,
    VehicleTimeout,
    VehicleUnavailable,
)

NO_PLACEHOLDERS: Final = dict.fromkeys(
    ("file", "region", "retry_after", "scopes", "status", "text", "txid", "url"), "-"
)
"""Every placeholder that an error's text may have; a form must fill them all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormError:
    """An error under a form or one of its fields."""

    key: str
    at: str = "base"
    placeholders: Mapping[str, str] = field(default_factory=dict)


def form_error(error: SetUpError) -> FormError:
    """What a form says about the error."""
    match error:
        case DomainRefused():
            return FormError(key=error.translation_key, at=CONF_DOMAIN)
        case TeslaError():
            key = TeslaError.translation_key
            if not isinstance(error, _OF_CARS_AND_SITES):
                key = error.translation_key
            return FormError(key=key, placeholders=error.placeholders)
        case ImplementationUnavailableError() | UnknownImplementationError():
            return FormError(key="application_missing")
        case _:
            return FormError(
                key=error.translation_key or "unknown",
                placeholders=error.translation_placeholders or {},
            )
