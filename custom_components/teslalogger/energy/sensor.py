"""Sensors of energy sites and wall connectors."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfEnergy, UnitOfPower, UnitOfRatio
from homeassistant.core import callback

from custom_components.teslalogger.energy_site import (
    DAY_ENERGIES,
    DAY_START,
    LIFETIME,
    LIFETIME_PREFIX,
    SITE_SIGNALS,
    period_in_words,
)
from custom_components.teslalogger.tesla.redact import short_vin

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

type SensorValue = str | int | float | None


def _latest(entity: EnergyEntity) -> SensorValue:
    return entity.told(entity.signal)


def _period(entity: EnergyEntity) -> SensorValue:
    period = entity.told(entity.signal)
    return period_in_words(period) if isinstance(period, str) else period


@dataclass(frozen=True, kw_only=True)
class EnergySensorDescription(SensorEntityDescription, EnergyRow):
    """A sensor: how its value is read, its unit where the site decides, since when it counts."""

    value_fn: Callable[[EnergyEntity], SensorValue] = _latest
    unit_fn: Callable[[EnergyEntity], str | None] | None = None
    since: str | None = None


@dataclass(frozen=True, kw_only=True)
class SiteSensorDescription(EnergySensorDescription, SiteRow):
    """A sensor of a site."""


@dataclass(frozen=True, kw_only=True)
class ConnectorSensorDescription(EnergySensorDescription, ConnectorRow):
    """A sensor of a wall connector."""


def _in(unit: str, shown: str, device_class: SensorDeviceClass, digits: int) -> dict[str, Any]:
    return {
        "native_unit_of_measurement": unit,
        "suggested_unit_of_measurement": shown,
        "suggested_display_precision": digits,
        "device_class": device_class,
        "state_class": SensorStateClass.MEASUREMENT,
    }


_POWER: Final = _in(UnitOfPower.WATT, UnitOfPower.KILO_WATT, SensorDeviceClass.POWER, 2)
_STORED: Final = _in(
    UnitOfEnergy.WATT_HOUR, UnitOfEnergy.KILO_WATT_HOUR, SensorDeviceClass.ENERGY_STORAGE, 1
)
# A sum that Tesla corrects, also downwards: what follows each change is right in the end.
_COUNTED: Final = _in(
    UnitOfEnergy.WATT_HOUR, UnitOfEnergy.KILO_WATT_HOUR, SensorDeviceClass.ENERGY, 2
) | {"state_class": SensorStateClass.TOTAL}
_BATTERY: Final[dict[str, Any]] = {"components": ("battery",)}
_SOLAR: Final[dict[str, Any]] = {"components": ("solar",)}
_DIAGNOSTIC: Final[dict[str, Any]] = {"entity_category": EntityCategory.DIAGNOSTIC}
_OFF: Final[dict[str, Any]] = {"entity_registry_enabled_default": False}
_PERCENT: Final[dict[str, Any]] = {
    "native_unit_of_measurement": UnitOfRatio.PERCENTAGE,
    "suggested_display_precision": 0,
}


def _above_zero(key: str, signal: str, *, sign: int, **more: Any) -> SiteSensorDescription:
    """One direction of a power that has two."""

    def value(entity: EnergyEntity) -> SensorValue:
        power = entity.told(signal)
        return max(0, sign * power) if isinstance(power, int | float) else None

    return SiteSensorDescription(
        key=key, topics=(signal,), value_fn=value, **_POWER, **_OFF, **more
    )


def _price(key: str, **more: Any) -> SiteSensorDescription:
    def unit(entity: EnergyEntity) -> str | None:
        currency = entity.told("tariff_currency")
        return f"{currency}/{UnitOfEnergy.KILO_WATT_HOUR}" if currency else None

    return SiteSensorDescription(
        key=key,
        topics=(key, "tariff_currency"),
        unit_fn=unit,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=3,
        has_fn=lambda site: site.value(key) is not None,
        **more,
    )


# What the day's energies need is on from the start; the finer division is not.
_SHOWN: Final = frozenset(
    {
        "grid_energy_imported",
        "total_home_usage",
        "total_battery_charge",
        "total_battery_discharge",
        "total_solar_generation",
        "total_grid_energy_exported",
    }
)


def _needs(key: str) -> tuple[str, ...]:
    """The components without which there is no such energy."""
    if "battery" in key:
        return ("battery",)
    return ("solar",) if "solar" in key else ("battery", "solar")


def _energy(key: str, signal: str, **more: Any) -> SiteSensorDescription:
    return SiteSensorDescription(
        key=key,
        components=_needs(signal),
        entity_registry_enabled_default=signal in _SHOWN,
        **_COUNTED,
        **more,
    )


SITE_SENSORS: Final = (
    # Power, with the sign that the energy dashboard wants
    SiteSensorDescription(key="solar_power", **_POWER, **_SOLAR),
    SiteSensorDescription(key="battery_power", **_POWER, **_BATTERY),
    SiteSensorDescription(key="grid_power", **_POWER),
    SiteSensorDescription(key="load_power", **_POWER),
    SiteSensorDescription(key="grid_services_power", **_POWER, **_OFF),
    SiteSensorDescription(key="generator_power", **_POWER, **_OFF),
    _above_zero("battery_charge_power", "battery_power", sign=-1, **_BATTERY),
    _above_zero("battery_discharge_power", "battery_power", sign=1, **_BATTERY),
    _above_zero("grid_import_power", "grid_power", sign=1),
    _above_zero("grid_export_power", "grid_power", sign=-1),
    # Battery
    SiteSensorDescription(
        key="percentage_charged",
        device_class=SensorDeviceClass.BATTERY,
        state_class=SensorStateClass.MEASUREMENT,
        **_PERCENT,
        **_BATTERY,
    ),
    SiteSensorDescription(key="energy_left", **_STORED, **_BATTERY),
    SiteSensorDescription(key="total_pack_energy", **_STORED, **_BATTERY, **_OFF),
    SiteSensorDescription(
        key="vpp_backup_reserve_percent", **_PERCENT, **_BATTERY, **_DIAGNOSTIC, **_OFF
    ),
    # Grid
    SiteSensorDescription(
        key="island_status",
        device_class=SensorDeviceClass.ENUM,
        options=list(SITE_SIGNALS["island_status"].options),
    ),
    # Energy
    *(_energy(key, key, topics=(key, DAY_START), since=DAY_START) for key in DAY_ENERGIES),
    *(_energy(LIFETIME_PREFIX + key, key) for key in LIFETIME),
    # Tariff
    _price("buy_price"),
    _price("sell_price"),
    SiteSensorDescription(key="tariff_period", value_fn=_period),
    SiteSensorDescription(key="tariff_name", **_DIAGNOSTIC, **_OFF),
    # The equipment
    SiteSensorDescription(key="version", **_DIAGNOSTIC),
    SiteSensorDescription(key="battery_count", **_BATTERY, **_DIAGNOSTIC, **_OFF),
    SiteSensorDescription(
        key="nameplate_power", **_POWER | {"state_class": None}, **_BATTERY, **_DIAGNOSTIC, **_OFF
    ),
    SiteSensorDescription(
        key="nameplate_energy",
        **_STORED | {"state_class": None},
        **_BATTERY,
        **_DIAGNOSTIC,
        **_OFF,
    ),
)


def _car_at(entity: EnergyEntity) -> SensorValue:
    """The name of a car of this account, else the end of its VIN."""
    vin = entity.told("wall_connector_vin")
    if not isinstance(vin, str):
        return None
    car = entity.coordinator.config_entry.runtime_data.cars.get(vin)
    return car.title if car else short_vin(vin)


CONNECTOR_SENSORS: Final = (
    ConnectorSensorDescription(
        key="wall_connector_state",
        device_class=SensorDeviceClass.ENUM,
        options=list(SITE_SIGNALS["wall_connector_state"].options),
    ),
    ConnectorSensorDescription(key="wall_connector_power", **_POWER),
    ConnectorSensorDescription(
        key="wall_connector_vehicle", topics=("wall_connector_vin",), value_fn=_car_at
    ),
    ConnectorSensorDescription(key="wall_connector_fault_state", **_DIAGNOSTIC, **_OFF),
)


@callback
def async_add_energy_sensors(
    entry: TeslaLoggerConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of every site and wall connector."""
    async_add_sites(entry, async_add_entities, SITE_SENSORS, EnergySensor)
    async_add_connectors(entry, async_add_entities, CONNECTOR_SENSORS, EnergySensor)


class EnergySensor(EnergyEntity, SensorEntity):
    """One value."""

    entity_description: EnergySensorDescription

    @property
    @override
    def native_value(self) -> SensorValue:
        """The last value."""
        return self.entity_description.value_fn(self)

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """The description's unit, or the one of the site's tariff."""
        if self.entity_description.unit_fn is not None:
            return self.entity_description.unit_fn(self)
        return super().native_unit_of_measurement

    @property
    @override
    def last_reset(self) -> datetime | None:
        """The midnight since which a day's energy counts."""
        since = self.entity_description.since and self.told(self.entity_description.since)
        return datetime.fromisoformat(since) if isinstance(since, str) else None
