"""The car as a machine in a network: availability, software, build, keys, routes."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.sensor import SensorDeviceClass

from custom_components.teslalogger.commander import KeyStatus
from custom_components.teslalogger.streaming.status import StreamingStatus
from custom_components.teslalogger.topics import Topic
from custom_components.teslalogger.vehicle.outcome import Route
from custom_components.teslalogger.vehicle.signals import SIGNALS

from .model import DIAGNOSTIC, CarSensorDescription, SensorValue, rare

if TYPE_CHECKING:
    from collections.abc import Callable

    from custom_components.teslalogger.coordinator import CarCoordinator


def _account(
    key: str, topic: Topic, value_fn: Callable[[CarCoordinator], SensorValue], **more: Any
) -> CarSensorDescription:
    """The row of something that is known about a car without asking it."""
    return CarSensorDescription(
        key=key,
        topics=(topic,),
        value_fn=value_fn,
        needs_car=False,
        **DIAGNOSTIC,
        **more,
    )


def _enum(options: type[KeyStatus | Route | StreamingStatus]) -> dict[str, Any]:
    return {"device_class": SensorDeviceClass.ENUM, "options": [option.value for option in options]}


SYSTEM_SENSORS: Final = (
    CarSensorDescription(
        key="availability",
        topics=("availability",),
        value_fn=lambda car: None if (now := car.value("availability")) == "unknown" else now,
        needs_car=False,
        device_class=SensorDeviceClass.ENUM,
        options=[name for name in SIGNALS["availability"].options if name != "unknown"],
    ),
    CarSensorDescription(
        key="car_version",
        topics=("car_version",),
        value_fn=lambda car: car.software_version,
        **DIAGNOSTIC,
    ),
    rare("software_update_status", **DIAGNOSTIC),
    rare("software_update_duration", **DIAGNOSTIC),
    rare("software_update_scheduled_time", **DIAGNOSTIC),
    rare("trim_badging", **DIAGNOSTIC),
    rare("interior_trim_type", **DIAGNOSTIC),
    rare("driver_assist", **DIAGNOSTIC),
    rare("exterior_color", **DIAGNOSTIC),
    rare("roof_color", **DIAGNOSTIC),
    rare("wheel_type", **DIAGNOSTIC),
    rare("efficiency_package", **DIAGNOSTIC),
    CarSensorDescription(
        key="last_update",
        topics=(Topic.LAST_UPDATE,),
        value_fn=lambda car: car.last_update,
        device_class=SensorDeviceClass.TIMESTAMP,
        **DIAGNOSTIC,
    ),
    _account("key_status", Topic.KEY, lambda car: car.commander.key_status, **_enum(KeyStatus)),
    _account("command_route", Topic.ROUTE, lambda car: car.commander.route, **_enum(Route)),
    _account(
        "streaming_status",
        Topic.STREAM,
        lambda car: car.streaming_status,
        has_fn=lambda car: car.receives_stream,
        entity_registry_enabled_default=False,
        **_enum(StreamingStatus),
    ),
    _account(
        "access_type",
        Topic.PRODUCT,
        lambda car: car.access_type,
        device_class=SensorDeviceClass.ENUM,
        options=["owner", "driver"],
        entity_registry_enabled_default=False,
    ),
)
