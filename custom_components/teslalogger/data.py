"""What is alive while an entry is loaded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN

if TYPE_CHECKING:
    from .account import AccountCoordinator
    from .coordinator import CarCoordinator
    from .energy.account import EnergySites
    from .meter import RequestMeter
    from .state_store import StateStore
    from .streaming.entry import EntryTelemetry
    from .tesla.client import TeslaClient
    from .tesla.fleet import FleetClient
    from .tesla.owner import OwnerClient
    from .tesla.scopes import Scope
    from .vault import Vault
    from .vehicle.state import VehicleState

type TeslaLoggerConfigEntry = ConfigEntry[TeslaLoggerData]
type NewCarListener = Callable[[CarCoordinator], None]


@dataclass(kw_only=True, slots=True)
class TeslaLoggerData:
    """The runtime data of an entry: an account, its cars by VIN, its sites, what serves them.

    `client` is whom cars are asked of: the Fleet API if there is a login for it.
    """

    client: TeslaClient
    fleet: FleetClient | None
    owner: OwnerClient | None
    vault: Vault
    states: StateStore[VehicleState]
    meter: RequestMeter
    scopes: frozenset[Scope]
    account: AccountCoordinator
    energy: EnergySites
    telemetry: EntryTelemetry
    cars: dict[str, CarCoordinator] = field(default_factory=dict, repr=False)
    _new_car_listeners: list[NewCarListener] = field(default_factory=list, repr=False)

    def require_fleet(self) -> FleetClient:
        """The Fleet API, for what no other one has; raises HomeAssistantError without it."""
        if self.fleet is None:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="needs_fleet_api")
        return self.fleet

    @callback
    def async_on_new_car(self, listener: NewCarListener) -> Callable[[], None]:
        """Call the listener with every car that appears from now on; gives the way to stop it."""
        self._new_car_listeners.append(listener)
        return lambda: self._new_car_listeners.remove(listener)

    @callback
    def async_add_car(self, car: CarCoordinator) -> None:
        """Add a car and tell the platforms."""
        self.cars[car.vin] = car
        for listener in list(self._new_car_listeners):
            listener(car)
