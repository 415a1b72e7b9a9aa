"""Binary sensors: what a car tells as yes or no."""

from dataclasses import dataclass, replace
from operator import not_
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory

from .entity import CarEntity, CarRow, async_add_cars, once_seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .data import TeslaLoggerConfigEntry
    from .vehicle.signals import Value

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarBinarySensorDescription(BinarySensorEntityDescription, CarRow):
    """A binary sensor; its key is the signal it shows, and `is_on_fn` what counts as on."""

    is_on_fn: Callable[[Value], bool] = bool


def _flag(
    key: str,
    device_class: BinarySensorDeviceClass | None = None,
    *,
    enabled: bool = True,
    optional: bool = False,
    category: EntityCategory | None = None,
) -> CarBinarySensorDescription:
    row = CarBinarySensorDescription(
        key=key,
        topics=(key,),
        device_class=device_class,
        entity_registry_enabled_default=enabled,
        entity_category=category,
    )
    return replace(row, has_fn=once_seen(key)) if optional else row


_CORNERS: Final = ("fl", "fr", "rl", "rr")

BINARY_SENSORS: Final = (
    # Openings
    CarBinarySensorDescription(
        key="locked",
        topics=("locked",),
        device_class=BinarySensorDeviceClass.LOCK,
        is_on_fn=not_,
        # For logins that do not allow the lock.
        has_fn=lambda car: not car.allows(("door_lock", "door_unlock")),
    ),
    _flag("door_front_driver", BinarySensorDeviceClass.DOOR),
    _flag("door_front_passenger", BinarySensorDeviceClass.DOOR),
    _flag("door_rear_driver", BinarySensorDeviceClass.DOOR),
    _flag("door_rear_passenger", BinarySensorDeviceClass.DOOR),
    _flag("window_front_driver", BinarySensorDeviceClass.WINDOW),
    _flag("window_front_passenger", BinarySensorDeviceClass.WINDOW),
    _flag("window_rear_driver", BinarySensorDeviceClass.WINDOW, optional=True),
    _flag("window_rear_passenger", BinarySensorDeviceClass.WINDOW, optional=True),
    _flag("front_trunk", BinarySensorDeviceClass.OPENING),
    _flag("rear_trunk", BinarySensorDeviceClass.OPENING),
    _flag("charge_port_door_open", BinarySensorDeviceClass.OPENING),
    # Charging
    _flag("charge_cable_connected", BinarySensorDeviceClass.PLUG),
    _flag("fast_charger_present", enabled=False),
    _flag("battery_heater_on", BinarySensorDeviceClass.RUNNING, enabled=False, optional=True),
    _flag("scheduled_charging_pending", enabled=False),
    _flag("preconditioning_enabled", enabled=False),
    _flag("trip_charging", enabled=False),
    # People
    _flag("is_user_present", BinarySensorDeviceClass.OCCUPANCY),
    _flag("homelink_nearby", enabled=False, optional=True),
    # Climate
    _flag("is_preconditioning", BinarySensorDeviceClass.RUNNING, enabled=False),
    _flag("is_front_defroster_on", BinarySensorDeviceClass.RUNNING, enabled=False),
    _flag("is_rear_defroster_on", BinarySensorDeviceClass.RUNNING, enabled=False),
    _flag("side_mirror_heaters", BinarySensorDeviceClass.RUNNING, enabled=False, optional=True),
    _flag("wiper_blade_heater", BinarySensorDeviceClass.RUNNING, enabled=False, optional=True),
    _flag("auto_steering_wheel_heat", enabled=False, optional=True),
    _flag(
        "cabin_overheat_protection_actively_cooling",
        BinarySensorDeviceClass.RUNNING,
        enabled=False,
        optional=True,
    ),
    # Trouble
    *(
        _flag(
            f"tpms_soft_warning_{corner}",
            BinarySensorDeviceClass.PROBLEM,
            optional=True,
            category=EntityCategory.DIAGNOSTIC,
        )
        for corner in _CORNERS
    ),
    *(
        _flag(
            f"tpms_hard_warning_{corner}",
            BinarySensorDeviceClass.PROBLEM,
            enabled=False,
            optional=True,
            category=EntityCategory.DIAGNOSTIC,
        )
        for corner in _CORNERS
    ),
    _flag("service_mode", enabled=False, optional=True, category=EntityCategory.DIAGNOSTIC),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of every car."""
    async_add_cars(entry, async_add_entities, BINARY_SENSORS, CarBinarySensor)


class CarBinarySensor(CarEntity, BinarySensorEntity):
    """One yes or no."""

    entity_description: CarBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """The last value, or None where the car told nothing."""
        value = self._value(self.entity_description.key)
        return None if value is None else self.entity_description.is_on_fn(value)
