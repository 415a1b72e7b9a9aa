"""The energy sites of an account: those there are, and what is kept of them."""

from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from custom_components.teslalogger.energy_site import connectors_in, has_component
from custom_components.teslalogger.tesla.scopes import Scope

from .coordinator import SiteCoordinator
from .issues import async_clear_site_silent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry
    from custom_components.teslalogger.energy_site import SiteState
    from custom_components.teslalogger.state_store import StateStore
    from custom_components.teslalogger.tesla.models import EnergyProduct

SITES: Final = "sites"
"""What the file is called that their states are in."""

type NewSiteListener = Callable[[SiteCoordinator], None]


class EnergySites:
    """Sites by their id, and the wall connectors behind them."""

    def __init__(
        self, hass: HomeAssistant, entry: TeslaLoggerConfigEntry, states: StateStore[SiteState]
    ) -> None:
        self.states = states
        self.by_id: dict[str, SiteCoordinator] = {}
        self._hass = hass
        self._entry = entry
        self._listeners: list[NewSiteListener] = []

    @property
    def listed(self) -> set[str]:
        """The identifiers of all devices that Tesla names at the moment."""
        sites = self._entry.runtime_data.account.sites
        present = [site for site_id, site in self.by_id.items() if site_id in sites]
        return {site.site_id for site in present} | {
            din for site in present for din in site.listed_connectors
        }

    @callback
    def async_on_new_site(self, listener: NewSiteListener) -> Callable[[], None]:
        """Call the listener with every site that appears from now on; gives the way to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def async_sync(self, products: Mapping[str, EnergyProduct]) -> None:
        """Take over a new list: hand on new sites, and new facts about known ones."""
        if Scope.ENERGY_DEVICE_DATA not in self._entry.runtime_data.scopes:
            return
        for site_id, product in products.items():
            if (site := self.by_id.get(site_id)) is not None:
                site.async_note_product(product)
            elif _consists_of_something(product):
                self._add(SiteCoordinator(self._hass, self._entry, product))

    @callback
    def async_forget(self, identifier: str) -> bool:
        """Let go of a site, or of a wall connector, that is gone; whether it was one."""
        if (site := self.by_id.pop(identifier, None)) is not None:
            self._entry.async_create_task(self._hass, site.async_shutdown(), "Let go of a site")
            async_clear_site_silent(self._hass, self._entry, identifier)
        for other in self.by_id.values():
            if identifier in other.connectors:
                other.async_forget_connector(identifier)
                return True
        return self.states.async_forget(identifier)

    def _add(self, site: SiteCoordinator) -> None:
        # Wall connectors hang on this device, whichever entity comes first.
        dr.async_get(self._hass).async_get_or_create(
            config_entry_id=self._entry.entry_id, **site.device_info
        )
        self.by_id[site.site_id] = site
        for listener in list(self._listeners):
            listener(site)


def _consists_of_something(product: EnergyProduct) -> bool:
    """Unlike a site that is being planned."""
    parts = ("battery", "solar")
    return any(has_component(product.raw, part) for part in parts) or bool(
        connectors_in(product.raw)
    )
