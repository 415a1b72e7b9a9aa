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

from .energy.binary_sensor import async_add_energy_binary_sensors
from .entity import CarEntity, CarRow, async_add_cars, once_seen
from .topics import Topic

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry
    from .vehicle.signals import Value

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarBinarySensorDescription(BinarySensorEntityDescription, CarRow):
    """A binary sensor; its key is the signal it shows, and `is_on_fn` what counts as on.

    `known_fn` is what is known about the car without its telling; then there is no signal.
    """

    is_on_fn: Callable[[Value], bool] = bool
    known_fn: Callable[[CarCoordinator], bool] | None = None


def _rare(
    key: str,
    device_class: BinarySensorDeviceClass | None = None,
    category: EntityCategory | None = None,
) -> CarBinarySensorDescription:
    """What few cars tell or few people want waits to be switched on."""
    return _flag(key, device_class, enabled=False, optional=True, category=category)


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


_DIAGNOSTIC: Final = EntityCategory.DIAGNOSTIC
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
    # Details of what the covers show.
    _flag("window_front_driver", BinarySensorDeviceClass.WINDOW, category=_DIAGNOSTIC),
    _flag("window_front_passenger", BinarySensorDeviceClass.WINDOW, category=_DIAGNOSTIC),
    *(
        _flag(
            f"window_rear_{side}",
            BinarySensorDeviceClass.WINDOW,
            optional=True,
            category=_DIAGNOSTIC,
        )
        for side in ("driver", "passenger")
    ),
    _flag("front_trunk", BinarySensorDeviceClass.OPENING, category=_DIAGNOSTIC),
    _flag("rear_trunk", BinarySensorDeviceClass.OPENING, category=_DIAGNOSTIC),
    _flag("charge_port_door_open", BinarySensorDeviceClass.OPENING, category=_DIAGNOSTIC),
    # Charging
    _flag("charge_cable_connected", BinarySensorDeviceClass.PLUG),
    _flag("fast_charger_present", enabled=False),
    _flag(
        "battery_heater_on",
        BinarySensorDeviceClass.RUNNING,
        optional=True,
        category=_DIAGNOSTIC,
    ),
    _flag("scheduled_charging_pending", enabled=False),
    _flag("preconditioning_enabled", enabled=False),
    _flag("trip_charging", enabled=False),
    _rare("preconditioning_active", BinarySensorDeviceClass.RUNNING),
    _rare("charge_enable_request"),
    _rare("charge_port_cold_weather_mode"),
    _rare("off_peak_charging_enabled"),
    _rare("managed_charging_active"),
    _rare("supercharger_session_trip_planner"),
    _rare("not_enough_power_to_heat", BinarySensorDeviceClass.PROBLEM),
    _rare("bms_full_charge_complete"),
    _rare("dc_dc_enable", BinarySensorDeviceClass.RUNNING, _DIAGNOSTIC),
    # People
    _flag("is_user_present", BinarySensorDeviceClass.OCCUPANCY),
    _rare("driver_seat_occupied", BinarySensorDeviceClass.OCCUPANCY),
    _rare("driver_seat_belt"),
    _rare("passenger_seat_belt"),
    _flag("located_at_home", BinarySensorDeviceClass.PRESENCE, optional=True),
    _flag("located_at_work", BinarySensorDeviceClass.PRESENCE, optional=True),
    _rare("located_at_favorite", BinarySensorDeviceClass.PRESENCE),
    _rare("homelink_nearby"),
    # Driving
    _rare("drive_rail", BinarySensorDeviceClass.POWER),
    _rare("brake_pedal"),
    _rare("gps_state", BinarySensorDeviceClass.CONNECTIVITY, _DIAGNOSTIC),
    _rare("remote_start", BinarySensorDeviceClass.RUNNING),
    _rare("remote_start_enabled", None, _DIAGNOSTIC),
    _rare("speed_limit_active"),
    _rare("pin_to_drive_enabled", None, _DIAGNOSTIC),
    # What the driver has the car look after
    _rare("automatic_blind_spot_camera", None, _DIAGNOSTIC),
    _rare("blind_spot_collision_warning_chime", None, _DIAGNOSTIC),
    _rare("emergency_lane_departure_avoidance", None, _DIAGNOSTIC),
    _rare("automatic_emergency_braking_off", None, _DIAGNOSTIC),
    # Lights and sockets
    _rare("lights_hazards_active", BinarySensorDeviceClass.LIGHT),
    _rare("lights_high_beams", BinarySensorDeviceClass.LIGHT),
    _rare("accessory_rail", BinarySensorDeviceClass.POWER),
    _rare("cabin_12v_port_keep_on", BinarySensorDeviceClass.POWER),
    _rare("cabin_48v_port_keep_on", BinarySensorDeviceClass.POWER),
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
    _rare("hvac_ac_enabled", BinarySensorDeviceClass.RUNNING),
    replace(_rare("hvac_auto_mode"), is_on_fn=lambda value: value == "on"),
    _rare("defrost_for_preconditioning", BinarySensorDeviceClass.RUNNING),
    _rare("rear_display_hvac_enabled"),
    _rare("seat_vent_enabled"),
    # The car itself
    _rare("offroad_lightbar_present", None, _DIAGNOSTIC),
    _rare("eu_vehicle", None, _DIAGNOSTIC),
    _rare("rhd", None, _DIAGNOSTIC),
    _rare("software_update_available", BinarySensorDeviceClass.UPDATE, _DIAGNOSTIC),
    _rare("software_update_in_progress", BinarySensorDeviceClass.RUNNING, _DIAGNOSTIC),
    CarBinarySensorDescription(
        key="streaming",
        topics=(Topic.STREAM,),
        known_fn=lambda car: car.policy.is_streaming,
        has_fn=lambda car: car.wants_stream,
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=_DIAGNOSTIC,
    ),
    # Trouble
    replace(
        _rare("hvil", BinarySensorDeviceClass.PROBLEM, _DIAGNOSTIC),
        is_on_fn=lambda value: value == "fault",
    ),
    *(
        _flag(
            f"tpms_soft_warning_{corner}",
            BinarySensorDeviceClass.PROBLEM,
            optional=True,
            category=_DIAGNOSTIC,
        )
        for corner in _CORNERS
    ),
    *(
        _flag(
            f"tpms_hard_warning_{corner}",
            BinarySensorDeviceClass.PROBLEM,
            enabled=False,
            optional=True,
            category=_DIAGNOSTIC,
        )
        for corner in _CORNERS
    ),
    _rare("service_mode", None, _DIAGNOSTIC),
    _rare("service_mode_plus", None, _DIAGNOSTIC),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of every car."""
    async_add_cars(entry, async_add_entities, BINARY_SENSORS, CarBinarySensor)
    async_add_energy_binary_sensors(entry, async_add_entities)


class CarBinarySensor(CarEntity, BinarySensorEntity):
    """One yes or no."""

    entity_description: CarBinarySensorDescription

    @property
    @override
    def available(self) -> bool:
        """What is known without the car's telling is known before it ever told anything."""
        return self.entity_description.known_fn is not None or super().available

    @property
    @override
    def is_on(self) -> bool | None:
        """The last value, or None where the car told nothing."""
        if self.entity_description.known_fn is not None:
            return self.entity_description.known_fn(self.coordinator)
        value = self._value(self.entity_description.key)
        return None if value is None else self.entity_description.is_on_fn(value)
