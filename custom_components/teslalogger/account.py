"""One account: what it has (free), and now and then whether our key is in its cars."""

from collections import Counter
from datetime import timedelta
import logging
import time
from typing import TYPE_CHECKING, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from . import issues
from .const import DOMAIN
from .coordinator import CarCoordinator
from .errors import update_failed
from .tesla.errors import OwnerApiClosed, TeslaError
from .tesla.models import EnergyProduct, Product
from .tesla.redact import short_vin
from .vault import VaultNotSaved

if TYPE_CHECKING:
    from .data import TeslaLoggerConfigEntry
    from .tesla.client import TeslaClient

_LOGGER = logging.getLogger(__name__)

INTERVAL: Final = timedelta(hours=1)
# `fleet_status` may be billed: once a day, or every hour while somebody waits for a pairing.
KEY_CHECK_INTERVAL: Final = 24 * 3600.0
# Tesla's list has been empty for a moment before: what was missing this often is gone.
MISSING_BEFORE_GONE: Final = 3


class AccountCoordinator(DataUpdateCoordinator[dict[str, Product]]):
    """The cars of the account by VIN, and its energy sites.

    New ones are handed on, gone ones are taken away.
    """

    config_entry: TeslaLoggerConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: TeslaLoggerConfigEntry, client: TeslaClient
    ) -> None:
        super().__init__(
            hass, _LOGGER, config_entry=entry, name="Tesla account", update_interval=INTERVAL
        )
        self.sites: dict[str, EnergyProduct] = {}
        self._client = client
        self._missing: Counter[str] = Counter()
        self._keys_due = float("-inf")

    @override
    async def _async_update_data(self) -> dict[str, Product]:
        try:
            products = await self._client.products()
        except TeslaError as err:
            if isinstance(err, OwnerApiClosed):
                issues.async_owner_api_closed(self.hass, self.config_entry)
            raise update_failed(err) from err
        issues.async_owner_api_open(self.hass, self.config_entry)
        self.sites = {site.site_id: site for site in products.sites}
        return {car.vin: car for car in products.cars}

    @callback
    def async_start(self) -> None:
        """Take over every list from now on, and ask for the keys in the background."""
        self.config_entry.async_on_unload(self.async_add_listener(self._async_on_products))
        self._async_ask_for_keys()

    @callback
    def async_sync_products(self) -> None:
        """Hand on what is new and new facts about the known, and let go of what is gone."""
        data = self.config_entry.runtime_data
        for vin, product in self.data.items():
            if (car := data.cars.get(vin)) is not None:
                car.async_note_product(product)
            else:
                data.async_add_car(CarCoordinator(self.hass, self.config_entry, product))
                self._keys_due = float("-inf")
        data.energy.async_sync(self.sites)
        self._take_away_what_is_gone()

    @callback
    def _async_on_products(self) -> None:
        if self.last_update_success:
            self.async_sync_products()
            self._async_ask_for_keys()

    @callback
    def _async_ask_for_keys(self) -> None:
        self.config_entry.async_create_background_task(
            self.hass, self.async_check_keys(), "Ask which cars have the key"
        )

    def _take_away_what_is_gone(self) -> None:
        """Remove the devices of what was missing in several lists in a row."""
        registry = dr.async_get(self.hass)
        devices = {
            identifier: device
            for device in dr.async_entries_for_config_entry(registry, self.config_entry.entry_id)
            for domain, identifier in device.identifiers
            if domain == DOMAIN
        }
        present = self.data.keys() | self.config_entry.runtime_data.energy.listed
        self._missing = Counter(
            {name: self._missing[name] + 1 for name in devices if name not in present}
        )
        for name, times in self._missing.items():
            if times >= MISSING_BEFORE_GONE:
                registry.async_remove_device(devices[name].id)
                self._forget(name)

    def _forget(self, vin: str) -> None:
        data = self.config_entry.runtime_data
        if data.energy.async_forget(vin):
            return
        data.states.async_forget(vin)
        issues.async_clear_key_not_paired(self.hass, self.config_entry, vin)
        issues.async_owner_api_without_car(self.hass, self.config_entry, vin)
        car = data.cars.pop(vin, None)
        self.config_entry.async_create_task(self.hass, self._async_let_go(vin, car))

    async def _async_let_go(self, vin: str, car: CarCoordinator | None) -> None:
        await self.config_entry.runtime_data.telemetry.async_forget(vin)
        if car is not None:
            await car.async_shutdown()
        try:
            await self.config_entry.runtime_data.vault.async_forget_car(vin)
        except VaultNotSaved as err:
            _LOGGER.warning("What was kept of %s is still on disk: %s", short_vin(vin), err)

    async def async_check_keys(self) -> bool:
        """Ask about our key where one may be needed, if it is time; whether Tesla answered."""
        is_waiting = any(car.commander.waits_for_pairing for car in self._cars_to_ask_about())
        if not (is_waiting or time.monotonic() >= self._keys_due):
            return False
        return await self.async_ask_fleet_status()

    async def async_ask_fleet_status(self) -> bool:
        """Ask what Tesla knows of the cars and our key in them; whether it answered."""
        cars, fleet = self._cars_to_ask_about(), self.config_entry.runtime_data.fleet
        if not cars or fleet is None:
            return False
        now = time.monotonic()
        self._keys_due = now + KEY_CHECK_INTERVAL
        try:
            status = await fleet.fleet_status([car.vin for car in cars])
        except TeslaError as err:
            _LOGGER.debug("Whether the key is in the cars could not be asked: %s", err)
            self._keys_due = now  # with the next list of cars
            return False
        for car in cars:
            if car.commander.may_need_key:
                car.commander.async_note_fleet_status(status)
        telemetry = self.config_entry.runtime_data.telemetry
        telemetry.configurations.async_note_fleet_status([car.vin for car in cars], status)
        return True

    def _cars_to_ask_about(self) -> list[CarCoordinator]:
        """Those in which a key matters; whether it can stream matters of every car."""
        data = self.config_entry.runtime_data
        return [
            car
            for car in data.cars.values()
            if car.vin in self.data and (car.commander.may_need_key or data.telemetry.receives)
        ]
