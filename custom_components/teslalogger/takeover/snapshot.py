"""Entries of the registries as they were, and how to bring them back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from homeassistant.const import EntityCategory
from homeassistant.helpers import device_registry as dr, entity_registry as er

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

type Options = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class EntitySnapshot:
    """All that Home Assistant knows of an entity; as plain as JSON.

    `settings` is what people decide, `description` what the integration says. An alias of None is
    the entity's name, whatever it is.
    """

    id: str
    entity_id: str
    platform: str
    unique_id: str
    config_entry_id: str
    config_subentry_id: str | None
    device_id: str | None
    settings: Mapping[str, Any]
    options: Options
    description: Mapping[str, Any]

    @classmethod
    def of(cls, entry: er.RegistryEntry) -> Self:
        """What is known of it now."""
        return cls(
            id=entry.id,
            entity_id=entry.entity_id,
            platform=entry.platform,
            unique_id=entry.unique_id,
            config_entry_id=entry.config_entry_id or "",
            config_subentry_id=entry.config_subentry_id,
            device_id=entry.device_id,
            settings={
                "aliases": [
                    None if alias is er.COMPUTED_NAME else alias for alias in entry.aliases
                ],
                "area_id": entry.area_id,
                "categories": dict(entry.categories),
                "device_class": entry.device_class,
                "disabled_by": entry.disabled_by,
                "hidden_by": entry.hidden_by,
                "icon": entry.icon,
                "labels": sorted(entry.labels),
                "name": entry.name,
            },
            options={domain: dict(options) for domain, options in entry.options.items()},
            description={
                "capabilities": None if entry.capabilities is None else dict(entry.capabilities),
                "entity_category": entry.entity_category,
                "has_entity_name": entry.has_entity_name,
                "object_id_base": entry.object_id_base,
                "original_device_class": entry.original_device_class,
                "original_icon": entry.original_icon,
                "original_name": entry.original_name,
                "suggested_object_id": entry.suggested_object_id,
                "supported_features": entry.supported_features,
                "translation_key": entry.translation_key,
                "unit_of_measurement": entry.unit_of_measurement,
            },
        )

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Raises TypeError if it is not one."""
        return cls(**stored)

    @property
    def domain(self) -> str:
        """The platform in Home Assistant's other sense: sensor, switch."""
        return self.entity_id.partition(".")[0]

    def restore(self, hass: HomeAssistant) -> er.RegistryEntry:
        """Make the registry know it as it was; the entity is not loaded.

        What its config entry decides about being disabled stays as it is.
        """
        registry = er.async_get(hass)
        entry = registry.async_get_or_create(
            self.domain,
            self.platform,
            self.unique_id,
            config_entry=hass.config_entries.async_get_entry(self.config_entry_id),
            config_subentry_id=self.config_subentry_id,
            device_id=self.device_id if _has_device(hass, self.device_id) else None,
            **{**self.description, "entity_category": self._category},
        )
        if entry.entity_id != self.entity_id and registry.async_get(self.entity_id) is None:
            entry = registry.async_update_entity(entry.entity_id, new_entity_id=self.entity_id)
        for domain in {*entry.options, *self.options}:
            registry.async_update_entity_options(entry.entity_id, domain, self.options.get(domain))
        settings = self._settings()
        if er.RegistryEntryDisabler.CONFIG_ENTRY in {entry.disabled_by, settings["disabled_by"]}:
            del settings["disabled_by"]
        return registry.async_update_entity(entry.entity_id, **settings)

    def _settings(self) -> dict[str, Any]:
        stored = dict(self.settings)
        disabled_by, hidden_by = stored["disabled_by"], stored["hidden_by"]
        return stored | {
            "aliases": [
                er.COMPUTED_NAME if alias is None else alias for alias in stored["aliases"]
            ],
            "disabled_by": er.RegistryEntryDisabler(disabled_by) if disabled_by else None,
            "hidden_by": er.RegistryEntryHider(hidden_by) if hidden_by else None,
            "labels": set(stored["labels"]),
        }

    @property
    def _category(self) -> EntityCategory | None:
        category = self.description["entity_category"]
        return EntityCategory(category) if category else None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceSnapshot:
    """What people have decided about a device."""

    id: str
    area_id: str | None
    labels: tuple[str, ...]
    name_by_user: str | None

    @classmethod
    def of(cls, device: dr.DeviceEntry | dr.ChildDeviceEntry) -> Self:
        """What is known of it now."""
        return cls(
            id=device.id,
            area_id=device.area_id,
            labels=tuple(sorted(device.labels)),
            name_by_user=device.name_by_user,
        )

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Raises TypeError if it is not one."""
        return cls(**{**stored, "labels": tuple(stored["labels"])})

    def restore(self, hass: HomeAssistant) -> None:
        """Make the registry know it as it was, if it is still there."""
        if _has_device(hass, self.id):
            dr.async_get(hass).async_update_device(
                self.id,
                area_id=self.area_id,
                labels=set(self.labels),
                name_by_user=self.name_by_user,
            )


def _has_device(hass: HomeAssistant, device_id: str | None) -> bool:
    return device_id is not None and dr.async_get(hass).async_get(device_id) is not None
