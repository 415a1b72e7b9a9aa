"""What a site tells Tesla's customers, in Tesla's words.

Source: https://developer.tesla.com/docs/fleet-api/endpoints/energy
"""

from typing import TYPE_CHECKING, Any, Final

from simulator.energy import physics

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.energy.site import EnergySite

GATEWAY: Final = "1232100-00-E--TG121048001E4G"
CONNECTOR: Final = "1529455-02-D--PGT21234012345"
POWERWALL: Final = "3012170-10-B--TG122168001A7B"
STUB: Final[dict[str, Any]] = {"grid_status": "Unknown"}


def _connectors() -> list[dict[str, Any]]:
    return [
        {
            "device_id": "4f6a2d9e-7b1c-4c8e-9a3d-2e5f6a7b8c9d",
            "din": CONNECTOR,
            "serial_number": CONNECTOR.partition("--")[2],
            "part_number": CONNECTOR.partition("--")[0],
            "part_type": 10,
            "part_name": "Gen 3 Wall Connector",
            "is_active": True,
        }
    ]


def product(site: EnergySite) -> dict[str, Any]:
    """The site in the list of products."""
    state = site.state
    return {
        "energy_site_id": site.site_id,
        "resource_type": "battery",
        "site_name": site.name,
        "id": f"STE{site.site_id}",
        "gateway_id": GATEWAY,
        "asset_site_id": "a1b2c3d4-0000-4000-8000-000000000017",
        "warp_site_number": f"STE{site.site_id}",
        "energy_left": state.energy,
        "total_pack_energy": physics.PACK,
        "percentage_charged": physics.charge(state),
        "battery_type": "ac_powerwall",
        "backup_capable": True,
        "battery_power": round(state.flow.battery),
        "go_off_grid_test_banner_enabled": None,
        "storm_mode_enabled": state.settings.storm_watch,
        "powerwall_onboarding_settings_set": True,
        "powerwall_tesla_electric_interested_in": None,
        "vpp_tour_enabled": None,
        "sync_grid_alert_enabled": True,
        "breaker_alert_enabled": True,
        "components": {
            "battery": True,
            "battery_type": "ac_powerwall",
            "solar": True,
            "solar_type": "pv_panel",
            "grid": True,
            "load_meter": True,
            "market_type": "residential",
            "wall_connectors": _connectors(),
        },
        "features": {"rate_plan_manager_no_pricing_constraint": True},
    }


def live_status(site: EnergySite, now: datetime) -> dict[str, Any]:
    """The powers of now; a stub while the gateway is out of reach."""
    state = site.state
    if not state.reachable:
        return {**STUB, "timestamp": now.isoformat()}
    flow = state.flow
    return {
        "solar_power": round(flow.solar),
        "energy_left": state.energy,
        "total_pack_energy": physics.PACK,
        "percentage_charged": physics.charge(state),
        "backup_capable": True,
        "battery_power": round(flow.battery),
        "load_power": round(flow.home),
        "grid_status": "Active" if state.grid_up else "Inactive",
        "grid_services_active": False,
        "grid_power": round(flow.grid),
        "grid_services_power": 0,
        "generator_power": 0,
        "island_status": "on_grid" if state.grid_up else "off_grid_unintentional",
        "storm_mode_active": physics.storm_mode_active(state),
        "timestamp": now.isoformat(),
        "wall_connectors": [_live_connector(site)],
    }


def _live_connector(site: EnergySite) -> dict[str, Any]:
    state = site.state
    connector, power = state.connector, physics.connector_power(state)
    told: dict[str, Any] = {
        "din": CONNECTOR,
        "wall_connector_state": 2,
        "wall_connector_fault_state": connector.fault or 2,
        "wall_connector_power": power,
    }
    if connector.vin is not None:
        told |= {"vin": connector.vin, "wall_connector_state": 1 if power else 4}
    if connector.fault:
        told["wall_connector_state"] = 7
    return told


def site_info(site: EnergySite) -> dict[str, Any]:
    """Settings, components and tariff."""
    settings = site.state.settings
    return {
        "id": f"STE{site.site_id}",
        "site_name": site.name,
        "backup_reserve_percent": settings.reserve,
        "default_real_mode": settings.mode,
        "installation_date": "2024-05-17T10:00:00+02:00",
        "user_settings": {
            "go_off_grid_test_banner_enabled": False,
            "storm_mode_enabled": settings.storm_watch,
            "powerwall_onboarding_settings_set": True,
            "powerwall_tesla_electric_interested_in": False,
            "vpp_tour_enabled": True,
            "sync_grid_alert_enabled": True,
            "breaker_alert_enabled": False,
        },
        "components": {
            "solar": True,
            "solar_type": "pv_panel",
            "battery": True,
            "grid": True,
            "backup": True,
            "gateway": "teg",
            "load_meter": True,
            "tou_capable": True,
            "storm_mode_capable": True,
            "flex_energy_request_capable": False,
            "car_charging_data_supported": False,
            "off_grid_vehicle_charging_reserve_supported": True,
            "vehicle_charging_performance_view_enabled": False,
            "vehicle_charging_solar_offset_view_enabled": False,
            "battery_solar_offset_view_enabled": True,
            "energy_service_self_scheduling_enabled": True,
            "set_islanding_mode_enabled": True,
            "backup_time_remaining_enabled": True,
            "rate_plan_manager_supported": True,
            "battery_type": "ac_powerwall",
            "configurable": True,
            "grid_services_enabled": False,
            "customer_preferred_export_rule": settings.export_rule,
            "net_meter_mode": settings.export_rule,
            **_disallowed(charging=settings.grid_charging),
            "system_alerts_enabled": True,
            "gateways": [
                {
                    "device_id": "0c1d2e3f-0000-4000-8000-000000000001",
                    "din": GATEWAY,
                    "serial_number": GATEWAY.partition("--")[2],
                    "part_number": GATEWAY.partition("--")[0],
                    "part_type": 10,
                    "part_name": "Tesla Backup Gateway 2",
                    "is_active": True,
                    "site_id": "a1b2c3d4-0000-4000-8000-000000000017",
                    "firmware_version": "26.34.1 c1d2e3f4",
                    "updated_datetime": "2026-10-01T03:12:00Z",
                }
            ],
            "batteries": [
                {
                    "device_id": "0c1d2e3f-0000-4000-8000-000000000002",
                    "din": POWERWALL,
                    "serial_number": POWERWALL.partition("--")[2],
                    "part_number": POWERWALL.partition("--")[0],
                    "part_type": 2,
                    "part_name": "Powerwall 2",
                    "nameplate_max_charge_power": 5000,
                    "nameplate_max_discharge_power": 5000,
                    "nameplate_energy": 13500,
                }
            ],
            "wall_connectors": _connectors(),
        },
        "version": "26.34.1 c1d2e3f4",
        "battery_count": 2,
        "tariff_content": settings.tariff,
        "tariff_content_v2": settings.tariff,
        "tariff_id": settings.tariff.get("code", ""),
        "nameplate_power": physics.BATTERY_POWER,
        "nameplate_energy": physics.PACK,
        "installation_time_zone": site.time_zone,
        "max_site_meter_power_ac": 1_000_000_000,
        "min_site_meter_power_ac": -1_000_000_000,
        "off_grid_vehicle_charging_reserve_percent": settings.off_grid_reserve,
        "vpp_backup_reserve_percent": settings.reserve,
    }


def _disallowed(*, charging: bool) -> dict[str, bool]:
    """Tesla leaves this out where charging from the grid is allowed."""
    return {} if charging else {"disallow_charge_from_grid_with_solar_installed": True}
