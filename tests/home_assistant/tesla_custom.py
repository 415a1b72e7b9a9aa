"""The custom integration tesla_custom as far as Home Assistant sees it: its entities and their ids.

It is not part of Home Assistant. Its rows are in tests/data/entities.csv; a unique id is the VIN
and what it calls the type, slugified.
"""

import csv
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.sensor import SensorEntity
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.util import slugify
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    MockPlatform,
    mock_integration,
    mock_platform,
)

from scripts.workshop.peers import PEERS

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

DOMAIN: Final = "tesla_custom"
PLATFORMS: Final = (
    Platform.BINARY_SENSOR,
    Platform.LOCK,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
)
_UNITS: Final = {"C": "°C", "bar (shown psi)": "bar"}


def _rows(platform: str) -> list[dict[str, str]]:
    with PEERS.open(newline="") as file:
        return [
            row
            for row in csv.DictReader(file)
            if (row["integration"], row["platform"]) == (DOMAIN, platform)
            and not row["source_path"].startswith("energy_sites/")
            and "combined" not in row["source_path"]
        ]


class _Mixin(Entity):
    _attr_should_poll = False

    def __init__(self, vin: str, row: dict[str, str]) -> None:
        name = row["name"]
        self._attr_has_entity_name = True
        self._attr_name = name.capitalize()
        self._attr_unique_id = slugify(f"{vin} {row['key'].replace('_', ' ')}")
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, vin)}, name=f"Car {vin[-4:]}")


class _Shown(_Mixin, SensorEntity):
    def __init__(self, vin: str, row: dict[str, str]) -> None:
        super().__init__(vin, row)
        self._attr_native_unit_of_measurement = _UNITS.get(row["unit"], row["unit"]) or None
        self._attr_state_class = row["state_class"] or None  # type: ignore[assignment] # a StrEnum
        if row["state_class"]:
            self._attr_native_value = 42


class _Other(_Mixin):
    _attr_state = "on"


async def start(hass: HomeAssistant, *vins: str) -> MockConfigEntry:
    """Set it up with these cars."""

    async def set_up(hass: HomeAssistant, entry: ConfigEntry) -> bool:
        await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
        return True

    async def unload(hass: HomeAssistant, entry: ConfigEntry) -> bool:
        return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)

    mock_integration(hass, MockModule(DOMAIN, async_setup_entry=set_up, async_unload_entry=unload))
    mock_platform(hass, f"{DOMAIN}.config_flow", None)
    for platform in PLATFORMS:
        _add_platform(hass, platform, vins)
    entry = MockConfigEntry(domain=DOMAIN, title="me@example.com")
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    return entry


def _add_platform(hass: HomeAssistant, platform: Platform, vins: tuple[str, ...]) -> None:
    async def add(
        _hass: HomeAssistant, _entry: ConfigEntry, async_add: AddConfigEntryEntitiesCallback
    ) -> None:
        kind: Any = _Shown if platform is Platform.SENSOR else _Other
        async_add(kind(vin, row) for vin in vins for row in _rows(platform))

    mock_platform(hass, f"{DOMAIN}.{platform}", MockPlatform(async_setup_entry=add))
