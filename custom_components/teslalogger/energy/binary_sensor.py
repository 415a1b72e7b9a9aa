"""Binary sensors of energy sites and wall connectors."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import callback

from .entity import (
    ConnectorRow,
    EnergyEntity,
    EnergyRow,
    SiteRow,
    async_add_connectors,
    async_add_sites,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry
    from custom_components.teslalogger.energy_site import Value

# W; what a full battery takes and gives to stay full is no charging
_CHARGING_FROM: Final = 100
_NO_CAR: Final = frozenset({"booting", "disconnected"})


@dataclass(frozen=True, kw_only=True)
class EnergyBinarySensorDescription(BinarySensorEntityDescription, EnergyRow):
    """A binary sensor, and what counts as on."""

    is_on_fn: Callable[[Value], bool] = bool


@dataclass(frozen=True, kw_only=True)
class SiteBinarySensorDescription(EnergyBinarySensorDescription, SiteRow):
    """A binary sensor of a site."""


@dataclass(frozen=True, kw_only=True)
class ConnectorBinarySensorDescription(EnergyBinarySensorDescription, ConnectorRow):
    """A binary sensor of a wall connector."""


def _is_charging(power: Value) -> bool:
    return isinstance(power, int | float) and power < -_CHARGING_FROM


SITE_BINARY_SENSORS: Final = (
    SiteBinarySensorDescription(key="grid_status", device_class=BinarySensorDeviceClass.POWER),
    SiteBinarySensorDescription(
        key="battery_charging",
        topics=("battery_power",),
        is_on_fn=_is_charging,
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        components=("battery",),
    ),
    SiteBinarySensorDescription(key="storm_mode_active", components=("battery",)),
    SiteBinarySensorDescription(key="grid_services_active", components=("battery",)),
    SiteBinarySensorDescription(
        key="backup_capable",
        components=("battery",),
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    SiteBinarySensorDescription(
        key="grid_services_enabled",
        components=("battery",),
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    SiteBinarySensorDescription(
        key="reachable",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
)

CONNECTOR_BINARY_SENSORS: Final = (
    ConnectorBinarySensorDescription(
        key="wall_connector_connected",
        topics=("wall_connector_state",),
        is_on_fn=lambda state: state not in _NO_CAR,
        device_class=BinarySensorDeviceClass.PLUG,
    ),
)


@callback
def async_add_energy_binary_sensors(
    entry: TeslaLoggerConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the binary sensors of every site and wall connector."""
    async_add_sites(entry, async_add_entities, SITE_BINARY_SENSORS, EnergyBinarySensor)
    async_add_connectors(entry, async_add_entities, CONNECTOR_BINARY_SENSORS, EnergyBinarySensor)


class EnergyBinarySensor(EnergyEntity, BinarySensorEntity):
    """One yes or no."""

    entity_description: EnergyBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """The last value, or None where nothing was told."""
        value = self.told(self.signal)
        return None if value is None else self.entity_description.is_on_fn(value)
