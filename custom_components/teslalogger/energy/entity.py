"""What every entity of an energy site, or of a wall connector behind it, has in common."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, override

from homeassistant.core import callback
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from custom_components.teslalogger.energy_site import Value, connector_key
from custom_components.teslalogger.entity import async_add_what_exists
from custom_components.teslalogger.tesla.scopes import Scope
from custom_components.teslalogger.vehicle.coalescing import Coalescer
from custom_components.teslalogger.vehicle.wishes import Wishes

from .coordinator import SiteCoordinator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry


@dataclass(frozen=True, kw_only=True)
class EnergyRow(EntityDescription):
    """What a row of a platform's table says besides Home Assistant's own description.

    `key` is also the key of name and icon, and the signal where `topics` names none.
    """

    topics: tuple[str, ...] = ()

    @property
    def signals(self) -> tuple[str, ...]:
        """The signals that the entity shows."""
        return self.topics or (self.key,)


@dataclass(frozen=True, kw_only=True)
class SiteRow(EnergyRow):
    """A row of a site's.

    The entity exists once the site has told one of its signals, if the site has one of
    `components` and `has_fn` holds. A `setting` exists where the login allows to change it.
    """

    components: tuple[str, ...] = ("battery", "solar")
    has_fn: Callable[[SiteCoordinator], bool] = lambda _: True
    setting: bool = False

    def exists(self, site: SiteCoordinator) -> bool:
        """Whether this site has it."""
        return (
            any(signal in site.data for signal in self.signals)
            and any(site.has(component) for component in self.components)
            and self.has_fn(site)
        )


@dataclass(frozen=True, kw_only=True)
class ConnectorRow(EnergyRow):
    """A row of a wall connector's; each of them has everything."""


class EnergyEntity(CoordinatorEntity[SiteCoordinator]):
    """One thing of one site or, with a DIN, of one wall connector.

    Its state is written only when one of its signals changed.
    """

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: SiteCoordinator, description: EnergyRow, din: str | None = None
    ) -> None:
        super().__init__(coordinator)
        self.entity_description = description
        self._din = din
        self._signal = description.signals[0]
        self._topics = frozenset(self._key(signal) for signal in description.signals)
        self._attr_translation_key = description.key
        owner = din or coordinator.site_id
        self._attr_unique_id = f"{coordinator.account_id}_{owner}_{description.key}"
        self._attr_device_info = (
            coordinator.connector_device_info(din) if din else coordinator.device_info
        )
        self._was_available = False

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self._was_available = self.available

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        was_available, self._was_available = self._was_available, self.available
        if was_available != self._was_available or self.coordinator.concerns(self._topics):
            self.async_write_ha_state()

    @property
    def signal(self) -> str:
        """The first of its signals."""
        return self._signal

    def told(self, signal: str) -> Value:
        """The latest value of one of its signals."""
        return self.coordinator.value(self._key(signal))

    def _key(self, signal: str) -> str:
        return connector_key(self._din, signal) if self._din else signal


class SiteSettingEntity(EnergyEntity):
    """A setting that people change. While the change is on its way what is wanted is shown."""

    def __init__(self, coordinator: SiteCoordinator, description: SiteRow) -> None:
        super().__init__(coordinator, description)
        self._wishes = Wishes()
        self._newest: Coalescer[Value] = Coalescer(
            lambda value: coordinator.async_set(self._signal, value)
        )

    @override
    async def async_will_remove_from_hass(self) -> None:
        self._newest.hurry()
        await super().async_will_remove_from_hass()

    @property
    def shown(self) -> Value:
        """What the setting is wanted to become, else what it is."""
        wanted = self._wishes.value(self._signal)
        return self.told(self._signal) if wanted is None else wanted

    async def _async_set(self, value: Value) -> None:
        """Change it, unless a newer value takes its place before its turn has come.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        try:
            with self._wishes.open({self._signal: value}):
                self.async_write_ha_state()
                await self._newest.submit(value)
        finally:
            self.async_write_ha_state()


@callback
def async_add_sites[RowT: SiteRow](
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    rows: Iterable[RowT],
    build: Callable[[SiteCoordinator, RowT], Entity],
) -> None:
    """Add the entities of every site: those there are, and later what a site turns out to have."""
    rows = tuple(rows)

    @callback
    def add_site(site: SiteCoordinator) -> None:
        may_set = Scope.ENERGY_CMDS in site.scopes
        async_add_what_exists(
            entry,
            async_add_entities,
            site,
            [row for row in rows if may_set or not row.setting],
            exists=lambda row: row.exists(site),
            build=lambda row: build(site, row),
        )

    _for_every_site(entry, add_site)


@callback
def async_add_connectors[RowT: ConnectorRow](
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    rows: Iterable[RowT],
    build: Callable[[SiteCoordinator, RowT, str], Entity],
) -> None:
    """Add the entities of every wall connector, whenever it appears."""
    rows = tuple(rows)

    @callback
    def add_site(site: SiteCoordinator) -> None:
        added: set[str] = set()

        @callback
        def add_new() -> None:
            added.intersection_update(site.connectors)  # one that went away may come back
            new = [din for din in site.connectors if din not in added]
            added.update(new)
            if new:
                async_add_entities(build(site, row, din) for din in new for row in rows)

        add_new()
        entry.async_on_unload(site.async_add_listener(add_new))

    _for_every_site(entry, add_site)


def _for_every_site(
    entry: TeslaLoggerConfigEntry, add_site: Callable[[SiteCoordinator], None]
) -> None:
    sites = entry.runtime_data.energy
    for site in sites.by_id.values():
        add_site(site)
    entry.async_on_unload(sites.async_on_new_site(add_site))
