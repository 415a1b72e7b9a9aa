"""Repairs of energy sites: of one that is silent for a day. They open and close by themselves."""

from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from custom_components.teslalogger.const import DOMAIN

if TYPE_CHECKING:
    from custom_components.teslalogger.data import TeslaLoggerConfigEntry

SITE_SILENT: Final = "site_silent"
SILENT_AFTER: Final = 24 * 3600.0
"""Seconds without a reading after which somebody should look at the site."""
SILENT_ANSWERS: Final = 5
"""In a row, so that nobody is bothered where only Home Assistant was away."""


def _issue_id(entry: TeslaLoggerConfigEntry, site_id: str) -> str:
    return f"{SITE_SILENT}_{entry.entry_id}_{site_id}"


@callback
def async_site_silent(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, site_id: str, site: str
) -> None:
    """Tesla has not reached the site for a day."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, site_id),
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=SITE_SILENT,
        translation_placeholders={"site": site},
    )


@callback
def async_clear_site_silent(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, site_id: str
) -> None:
    """Tesla reaches the site, or it is gone."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, site_id))
