"""What a site can be told."""

from typing import Any

import pytest

from custom_components.teslalogger.energy_site import SETTINGS, SITE_SIGNALS, Value
from custom_components.teslalogger.tesla import ENDPOINTS, Scope
from simulator.clock import Clock
from simulator.energy import EnergySite


@pytest.mark.parametrize(
    ("signal", "value", "endpoint", "body"),
    [
        ("backup_reserve_percent", 35, "backup", {"backup_reserve_percent": 35}),
        (
            "off_grid_vehicle_charging_reserve_percent",
            0,
            "off_grid_vehicle_charging_reserve",
            {"off_grid_vehicle_charging_reserve_percent": 0},
        ),
        ("operation_mode", "backup", "operation", {"default_real_mode": "backup"}),
        ("storm_watch", False, "storm_mode", {"enabled": False}),
        (
            "export_rule",
            "battery_ok",
            "grid_import_export",
            {"customer_preferred_export_rule": "battery_ok"},
        ),
        (
            "grid_charging",
            True,
            "grid_import_export",
            {"disallow_charge_from_grid_with_solar_installed": False},
        ),
    ],
)
def test_setting_becomes_teslas_request(
    signal: str, value: Value, endpoint: str, body: dict[str, Any]
) -> None:
    """Which a site as strict as a real one takes over."""
    setting = SETTINGS[signal]

    assert setting.accepts(value)
    assert (setting.endpoint, setting.body(value)) == (endpoint, body)
    EnergySite(17, "Lighthouse", clock=Clock(0), owner="owner").set(endpoint, body)


@pytest.mark.parametrize(
    ("signal", "value"),
    [
        ("backup_reserve_percent", 101),
        ("backup_reserve_percent", -1),
        ("backup_reserve_percent", 20.5),
        ("backup_reserve_percent", True),
        ("backup_reserve_percent", None),
        ("operation_mode", "party"),
        ("operation_mode", None),
        ("storm_watch", "on"),
        ("storm_watch", 1),
        ("export_rule", True),
    ],
)
def test_nonsense_is_not_accepted(signal: str, value: Value) -> None:
    """Before anything is sent."""
    assert not SETTINGS[signal].accepts(value)


def test_every_setting_has_its_signal_and_its_endpoint() -> None:
    """And needs the permission for energy."""
    assert set(SETTINGS) <= set(SITE_SIGNALS)
    assert {ENDPOINTS[setting.endpoint].scopes for setting in SETTINGS.values()} == {
        (Scope.ENERGY_CMDS,)
    }
