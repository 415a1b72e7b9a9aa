"""Everything that the integration shows, as lines of text that say all there is to an entity.

A line tells id and state with its unit, then what the entity is, then its attributes:

    sensor.falcon_inside_temperature = 19.0 °C | name: Inside temperature | key: inside_temp | ...

What an entity does not have is left out; `enabled: no` stands where it is new and disabled.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.sensor import ATTR_STATE_CLASS
from homeassistant.const import (
    ATTR_DEVICE_CLASS,
    ATTR_FRIENDLY_NAME,
    ATTR_SUPPORTED_FEATURES,
    ATTR_UNIT_OF_MEASUREMENT,
)
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity_platform import async_get_platforms

from custom_components.teslalogger.const import DOMAIN

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant, State
    from homeassistant.helpers.entity import EntityDescription

VOLATILE: Final = {
    "access_token": "Home Assistant draws one at each start for the address of an image",
    "entity_picture": "the address with that token",
}
_TOLD_BEFORE: Final = {
    ATTR_DEVICE_CLASS,
    ATTR_FRIENDLY_NAME,
    ATTR_STATE_CLASS,
    ATTR_SUPPORTED_FEATURES,
    ATTR_UNIT_OF_MEASUREMENT,
}
_DIGITS: Final = 4
"""Decimals of a state; those behind them may differ from one processor to the next."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """A device: the lines of each platform, and of which rows of its table they are."""

    name: str
    lines: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    rows: set[tuple[str, str]] = field(default_factory=set)

    @property
    def text(self) -> str:
        """All lines, those of a platform under its name."""
        return "\n".join(
            "\n".join((f"[{platform}]", *sorted(lines), ""))
            for platform, lines in sorted(self.lines.items())
        )


type Shown = dict[str, Device]


def everything(hass: HomeAssistant, entry: ConfigEntry) -> Shown:
    """The devices of an entry by VIN, site or DIN; raises if an entity is not there."""
    descriptions = {
        entity.entity_id: entity.entity_description
        for platform in async_get_platforms(hass, DOMAIN)
        for entity in platform.entities.values()
    }
    devices = {}
    for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id):
        (owner,) = (name for domain, name in device.identifiers if domain == DOMAIN)
        shown = devices[owner] = Device(name=str(device.name))
        for row in er.async_entries_for_device(
            er.async_get(hass), device.id, include_disabled_entities=True
        ):
            state = hass.states.get(row.entity_id)
            assert state is not None, f"{row.entity_id} is registered and not there"
            line = _line(row, descriptions[row.entity_id], state)
            shown.lines[row.domain].append(line)
            shown.rows.add((row.domain, row.unique_id.partition(f"_{owner}_")[2]))
    return devices


def _line(row: er.RegistryEntry, description: EntityDescription, state: State) -> str:
    attributes = state.attributes
    told = {
        "name": row.original_name,
        "key": row.translation_key,
        "class": attributes.get(ATTR_DEVICE_CLASS),
        "state class": attributes.get(ATTR_STATE_CLASS),
        "category": row.entity_category,
        "features": row.supported_features or None,
        "enabled": None if description.entity_registry_enabled_default else "no",
    }
    unit = attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    value = f"{_rounded(state.state)} {unit}" if unit else _rounded(state.state)
    return " | ".join(
        (
            f"{row.entity_id} = {value}",
            *(f"{name}: {what}" for name, what in told.items() if what is not None),
            *(f"{name}: {_written(what)}" for name, what in sorted(_rest(attributes).items())),
        )
    )


def _rest(attributes: Any) -> dict[str, Any]:
    return {
        name: value
        for name, value in attributes.items()
        if name not in _TOLD_BEFORE and name not in VOLATILE
    }


def _rounded(state: str) -> str:
    whole, point, decimals = state.partition(".")
    is_long = point and len(decimals) > _DIGITS and decimals.isdigit()
    return f"{float(state):.{_DIGITS}f}" if is_long and whole.lstrip("-").isdigit() else state


def _written(value: object) -> str:
    match value:
        case None:
            return "none"
        case list() | tuple():
            return f"[{', '.join(map(_written, value))}]"
        case float():
            return _rounded(str(value))
        case datetime():
            return value.isoformat()
        case _:
            return str(value)
