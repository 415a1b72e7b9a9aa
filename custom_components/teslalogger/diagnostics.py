"""What a person can attach to a bug report without giving anything away."""

import time
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.diagnostics import REDACTED
from homeassistant.config_entries import ConfigEntryState

from .const import DOMAIN
from .energy.diagnostics import site_diagnostics
from .outcomes import outcome_as_dict
from .streaming.diagnostics import car_telemetry, entry_telemetry
from .tesla.redact import short_vin
from .vehicle.signals import NOT_OFFERED

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.device_registry import DeviceEntry

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry

_PRIVATE_SIGNALS: Final = frozenset(
    {
        *("latitude", "longitude", "heading", "origin_latitude", "origin_longitude"),
        *("active_route_destination", "active_route_latitude", "active_route_longitude"),
        *("located_at_home", "located_at_work", "located_at_favorite"),
        *("charge_schedules", "precondition_schedules"),
        *("homelink_nearby", "media_bluetooth_device", "vehicle_name"),
    }
)
# What may be told of an entry; everything else in it is a secret or leads to a person.
_OPEN_ENTRY_DATA: Final = ("region", "key_hosting")


async def async_get_config_entry_diagnostics(
    _hass: HomeAssistant, entry: TeslaLoggerConfigEntry
) -> dict[str, Any]:
    """Everything about an entry that is neither a secret nor private."""
    facts = {
        "entry": {key: entry.data.get(key) for key in _OPEN_ENTRY_DATA},
        "state": entry.state.value,
    }
    if entry.state is not ConfigEntryState.LOADED:
        return facts
    data = entry.runtime_data
    return facts | {
        "region": data.client.region.value,
        "scopes": sorted(data.scopes),
        "account": {"last_update_success": data.account.last_update_success},
        "requests": data.meter.as_dict(),
        "telemetry": entry_telemetry(data.telemetry),
        "cars": [_car(car) for car in data.cars.values()],
        "sites": [site_diagnostics(site) for site in data.energy.by_id.values()],
    }


async def async_get_device_diagnostics(
    _hass: HomeAssistant, entry: TeslaLoggerConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """The part of one car, or of the energy site that the device belongs to."""
    if entry.state is not ConfigEntryState.LOADED:
        return {"state": entry.state.value}
    names = {identifier for domain, identifier in device.identifiers if domain == DOMAIN}
    return {
        "scopes": sorted(entry.runtime_data.scopes),
        "cars": [_car(car) for car in entry.runtime_data.cars.values() if car.vin in names],
        "sites": [
            site_diagnostics(site)
            for site in entry.runtime_data.energy.by_id.values()
            if names & {site.site_id, *site.connectors}
        ],
    }


def _car(car: CarCoordinator) -> dict[str, Any]:
    now = time.time()
    step = car.policy.next_step(time.monotonic())
    return {
        "vin": short_vin(car.vin),
        "model": car.device_info.get("model"),
        "access_type": car.product.access_type,
        "command_signing": car.product.command_signing,
        "key_status": car.commander.key_status,
        "beliefs": [
            {"route": belief.route, "reason": belief.reason, "since": round(belief.since)}
            for belief in car.commander.router.beliefs.all
        ],
        "polling": {
            "availability": car.policy.availability,
            "activity": car.policy.activity,
            "next": step.ask,
            "in_seconds": round(step.delay),
            "last_update_success": car.last_update_success,
            "last_error": car.last_exception and type(car.last_exception).__name__,
        },
        "telemetry": car_telemetry(car, car.config_entry.runtime_data.telemetry),
        "not_offered": {
            signal: reason
            for signal, reason in NOT_OFFERED.items()
            if not car.data.has_told(signal)
        },
        "last_command": car.commander.last_outcome and outcome_as_dict(car.commander.last_outcome),
        "signals": {
            key: {
                "value": REDACTED if key in _PRIVATE_SIGNALS else car.value(key),
                "age_seconds": round(car.data.age(key, now) or 0),
                "source": reading.source,
            }
            for key in sorted(car.data)
            if (reading := car.data.get(key)) is not None
        },
    }
