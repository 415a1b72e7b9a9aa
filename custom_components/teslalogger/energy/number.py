"""Numbers of energy sites: what the battery is kept for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import EntityCategory, UnitOfRatio
from homeassistant.core import callback

from .entity import SiteRow, SiteSettingEntity, async_add_sites

if TYPE_CHECKING:
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry

    from .coordinator import SiteCoordinator


@dataclass(frozen=True, kw_only=True)
class SiteNumberDescription(NumberEntityDescription, SiteRow):
    """A number; its key is the setting that it changes."""


def _supports_vehicle_charging_reserve(site: SiteCoordinator) -> bool:
    return site.value("off_grid_vehicle_charging_reserve_supported") is not False


SITE_NUMBERS: Final = tuple(
    SiteNumberDescription(
        key=key,
        components=("battery",),
        has_fn=has_fn,
        setting=True,
        device_class=NumberDeviceClass.BATTERY,
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        native_min_value=0,
        native_max_value=100,
        native_step=1,
        mode=NumberMode.SLIDER,
    )
    for key, has_fn in (
        ("backup_reserve_percent", lambda _: True),
        ("off_grid_vehicle_charging_reserve_percent", _supports_vehicle_charging_reserve),
    )
)


@callback
def async_add_energy_numbers(
    entry: TeslaLoggerConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the numbers that the login allows and the site has."""
    async_add_sites(entry, async_add_entities, SITE_NUMBERS, SiteNumber)


class SiteNumber(SiteSettingEntity, NumberEntity):
    """A share of the battery, in percent."""

    entity_description: SiteNumberDescription

    @property
    @override
    def native_value(self) -> float | None:
        """The share, as far as is known."""
        value = self.shown
        return value if isinstance(value, int | float) else None

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Keep that much.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self._async_set(round(value))
