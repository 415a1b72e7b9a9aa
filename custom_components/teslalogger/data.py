"""What is alive while an entry is loaded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback

if TYPE_CHECKING:
    from .account import AccountCoordinator
    from .coordinator import CarCoordinator
    from .energy_account import EnergySites
    from .meter import RequestMeter
    from .state_store import StateStore
    from .telemetry import EntryTelemetry
    from .tesla.fleet import FleetClient
    from .tesla.scopes import Scope
    from .vault import Vault
    from .vehicle.state import VehicleState

type TeslaLoggerConfigEntry = ConfigEntry[TeslaLoggerData]
type NewCarListener = Callable[[CarCoordinator], None]


@dataclass(kw_only=True, slots=True)
class TeslaLoggerData:
    """The runtime data of an entry: an account, its cars by VIN, its sites, what serves them."""

    client: FleetClient
    vault: Vault
    states: StateStore[VehicleState]
    meter: RequestMeter
    scopes: frozenset[Scope]
    account: AccountCoordinator
    energy: EnergySites
    telemetry: EntryTelemetry
    cars: dict[str, CarCoordinator] = field(default_factory=dict, repr=False)
    _new_car_listeners: list[NewCarListener] = field(default_factory=list, repr=False)

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
