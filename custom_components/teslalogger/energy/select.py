"""Selects of energy sites: what the battery does, and what may be sold."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import callback

from custom_components.teslalogger.energy_site import SITE_SIGNALS

from .entity import SiteRow, SiteSettingEntity, async_add_sites

if TYPE_CHECKING:
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry


@dataclass(frozen=True, kw_only=True)
class SiteSelectDescription(SelectEntityDescription, SiteRow):
    """A select; its key is the setting that it changes."""


SITE_SELECTS: Final = (
    SiteSelectDescription(
        key="operation_mode",
        options=list(SITE_SIGNALS["operation_mode"].options),
        components=("battery",),
        setting=True,
    ),
    SiteSelectDescription(
        key="export_rule",
        options=list(SITE_SIGNALS["export_rule"].options),
        components=("battery",),
        has_fn=lambda site: site.has("solar"),
        setting=True,
        entity_category=EntityCategory.CONFIG,
    ),
)


@callback
def async_add_energy_selects(
    entry: TeslaLoggerConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the selects that the login allows and the site has."""
    async_add_sites(entry, async_add_entities, SITE_SELECTS, SiteSelect)


class SiteSelect(SiteSettingEntity, SelectEntity):
    """A setting of several words."""

    entity_description: SiteSelectDescription

    @property
    @override
    def current_option(self) -> str | None:
        """The word, as far as is known."""
        value = self.shown
        return value if isinstance(value, str) else None

    @override
    async def async_select_option(self, option: str) -> None:
        """Change it.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self._async_set(option)
