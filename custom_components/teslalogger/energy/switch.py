"""Switches of energy sites."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import callback

from .entity import SiteRow, SiteSettingEntity, async_add_sites

if TYPE_CHECKING:
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry


@dataclass(frozen=True, kw_only=True)
class SiteSwitchDescription(SwitchEntityDescription, SiteRow):
    """A switch; its key is the setting that it changes."""


SITE_SWITCHES: Final = (
    SiteSwitchDescription(
        key="storm_watch",
        components=("battery",),
        has_fn=lambda site: site.value("storm_mode_capable") is not False,
        setting=True,
        entity_category=EntityCategory.CONFIG,
    ),
    SiteSwitchDescription(
        key="grid_charging",
        components=("battery",),
        has_fn=lambda site: site.has("solar"),
        setting=True,
        entity_category=EntityCategory.CONFIG,
    ),
)


@callback
def async_add_energy_switches(
    entry: TeslaLoggerConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the switches that the login allows and the site has."""
    async_add_sites(entry, async_add_entities, SITE_SWITCHES, SiteSwitch)


class SiteSwitch(SiteSettingEntity, SwitchEntity):
    """A setting that is on or off."""

    entity_description: SiteSwitchDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on, as far as is known."""
        value = self.shown
        return None if value is None else bool(value)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Turn it on.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self._async_set(value=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self._async_set(value=False)
