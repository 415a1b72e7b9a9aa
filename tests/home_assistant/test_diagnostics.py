"""What can be attached to a bug report: useful, and nothing that gives anything away."""

import json
from typing import TYPE_CHECKING, Any

from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from syrupy.filters import props

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.diagnostics import _PRIVATE_SIGNALS
from custom_components.teslalogger.vehicle.signals import SIGNALS

from .cloud import MODEL_3, MODEL_X
from .running import ACCOUNT

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import device_registry as dr
    from pytest_homeassistant_custom_component.common import MockConfigEntry
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
    from syrupy.assertion import SnapshotAssertion

PRIVATE = (
    MODEL_X,
    MODEL_3,
    ACCOUNT,
    "52.52",
    "13.405",
    "Falcon",
    "Juniper",
    "home.example.test",
    "owner@example.com",
    "EU_refresh",
    "eyJ",
    "PRIVATE KEY",
)


async def test_entry(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    snapshot: SnapshotAssertion,
) -> None:
    """Scopes, beliefs, polling, requests and their cost, signals with their age."""
    await loaded.runtime_data.cars[MODEL_X].commander.async_send("honk_horn")

    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, loaded)

    assert found == snapshot(exclude=props("since"))
    assert found["requests"]["cost_usd"] == 0.005
    text = json.dumps(found)
    assert not [secret for secret in PRIVATE if secret in text]


async def test_device(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    device_registry: dr.DeviceRegistry,
) -> None:
    """Its own car only."""
    device = device_registry.async_get_device_by_identifier((DOMAIN, MODEL_3), loaded.entry_id)
    assert device is not None

    found: Any = await get_diagnostics_for_device(hass, hass_client, loaded, device)

    assert [car["vin"] for car in found["cars"]] == ["…012346"]
    text = json.dumps(found)
    assert not [secret for secret in PRIVATE if secret in text]


async def test_account_that_is_not_running_has_diagnostics_too(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    device_registry: dr.DeviceRegistry,
) -> None:
    """That is when people need them."""
    device = device_registry.async_get_device_by_identifier((DOMAIN, MODEL_3), loaded.entry_id)
    assert device is not None
    await hass.config_entries.async_unload(loaded.entry_id)

    of_entry: Any = await get_diagnostics_for_config_entry(hass, hass_client, loaded)
    of_device: Any = await get_diagnostics_for_device(hass, hass_client, loaded, device)

    assert of_entry == {
        "entry": {"region": "eu", "key_hosting": "home_assistant"},
        "state": "not_loaded",
    }
    assert of_device == {"state": "not_loaded"}


def test_every_signal_that_tells_a_place_is_private() -> None:
    """A new one must not slip through."""
    places = ("latitude", "longitude", "destination", "located_at")

    assert {key for key in SIGNALS if any(part in key for part in places)} - _PRIVATE_SIGNALS == {
        "max_speed_to_reach_destination"
    }
