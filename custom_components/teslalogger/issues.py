"""Repairs: what only a person can mend. They open and close by themselves."""

import hashlib
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN

if TYPE_CHECKING:
    from .data import TeslaLoggerConfigEntry

KEY_NOT_PAIRED: Final = "key_not_paired"


def key_issue_id(entry: TeslaLoggerConfigEntry, vin: str) -> str:
    """The id of the car's issue: other accounts may share the car, and a VIN is private."""
    car = hashlib.sha256(vin.encode()).hexdigest()[:12]
    return f"{KEY_NOT_PAIRED}_{entry.entry_id}_{car}"


@callback
def async_key_not_paired(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, vin: str, car: str
) -> None:
    """The car refused a command because our key is not in it."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        key_issue_id(entry, vin),
        data={"entry_id": entry.entry_id},
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=KEY_NOT_PAIRED,
        translation_placeholders={"car": car},
    )


@callback
def async_clear_key_not_paired(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, vin: str
) -> None:
    """Our key is in the car, or is not needed there any more."""
    ir.async_delete_issue(hass, DOMAIN, key_issue_id(entry, vin))


def is_key_not_paired(hass: HomeAssistant, entry: TeslaLoggerConfigEntry, vin: str) -> bool:
    """Whether the issue is open."""
    return ir.async_get(hass).async_get_issue(DOMAIN, key_issue_id(entry, vin)) is not None


@callback
def async_clear_all(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """The entry is gone, and with it whatever was to be mended."""
    registry = ir.async_get(hass)
    for domain, issue_id in list(registry.issues):
        if domain == DOMAIN and entry.entry_id in issue_id:
            registry.async_delete(domain, issue_id)
