"""Putting the virtual key into cars, and asking Tesla which of them have it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .commander import KeyStatus
from .tesla.errors import TeslaError
from .vehicle.outcome import Route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .tesla.fleet import FleetClient
    from .tesla.models import FleetStatus, Product
    from .vault import Vault


def pairing_url(domain: str) -> str:
    """The link that makes Tesla's app offer the domain's key to the owner's cars."""
    return f"https://www.tesla.com/_ak/{domain}"


@dataclass(frozen=True, kw_only=True, slots=True)
class CarKey:
    """Whether a car obeys our key; None if Tesla does not say."""

    vin: str = field(repr=False)
    name: str
    status: KeyStatus | None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyCheck:
    """The account's cars and Tesla's word on their keys, as far as it answered before `error`."""

    cars: Sequence[CarKey] = ()
    fleet_status: FleetStatus | None = None
    error: TeslaError | None = None

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing left to do."""
        done = {KeyStatus.PAIRED, KeyStatus.NOT_NEEDED}
        return self.error is None and all(car.status in done for car in self.cars)


async def async_check_keys(client: FleetClient, vault: Vault) -> KeyCheck:
    """Ask which cars there are, and about our key in those that take signed commands."""
    try:
        cars = (await client.products()).cars
    except TeslaError as err:
        return KeyCheck(error=err)
    for product in cars:
        vault.beliefs(product.vin).note_product(product.command_signing)
    status = error = None
    if signing := [product.vin for product in cars if _signs(vault, product.vin)]:
        try:
            status = await client.fleet_status(signing)
        except TeslaError as err:
            error = err
    for vin, info in status.info.items() if status else ():
        vault.beliefs(vin).note_fleet_status(
            protocol_required=info.vehicle_command_protocol_required
        )
    keys = [_car_key(product, vault, status) for product in cars]
    return KeyCheck(cars=keys, fleet_status=status, error=error)


def _signs(vault: Vault, vin: str) -> bool:
    return vault.beliefs(vin).current.route is Route.SIGNED


def _car_key(product: Product, vault: Vault, fleet_status: FleetStatus | None) -> CarKey:
    status = None
    if not _signs(vault, product.vin):
        status = KeyStatus.NOT_NEEDED
    elif fleet_status and product.vin in fleet_status.paired:
        status = KeyStatus.PAIRED
    elif fleet_status and product.vin in fleet_status.unpaired:
        status = KeyStatus.NOT_PAIRED
    return CarKey(vin=product.vin, name=product.name, status=status)
