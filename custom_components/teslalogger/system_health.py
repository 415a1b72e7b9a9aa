"""What Settings, System, Repairs, System information shows of this integration."""

from typing import TYPE_CHECKING, Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .tesla.hosts import Region, hosts, resolve

if TYPE_CHECKING:
    from .data import TeslaLoggerConfigEntry


@callback
def async_register(_hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register the one callback."""
    register.async_register_info(async_system_health_info)


async def async_system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Whether Tesla can be reached, and how much was asked of it."""
    entries: list[TeslaLoggerConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    region = entries[0].runtime_data.client.region if entries else Region.NA
    return {
        "can_reach_server": system_health.async_check_can_reach_url(
            hass, resolve(hosts(region).fleet_url)
        ),
        "cars": sum(len(entry.runtime_data.cars) for entry in entries),
        "requests": sum(entry.runtime_data.meter.requests for entry in entries),
        "cost": round(sum(entry.runtime_data.meter.cost for entry in entries), 2),
    }
