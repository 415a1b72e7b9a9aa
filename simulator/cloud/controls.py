"""What a person at the simulator can see of a car and do to it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.vehicle import Vehicle
    from simulator.world import World


def truth(car: Vehicle) -> dict[str, Any]:
    """All about a car, whether or not it could tell Tesla."""
    return {
        "vin": car.vin,
        "name": car.display_name,
        "availability": car.availability,
        "protocol": car.protocol,
        "paired_keys": [key.hex() for key in car.paired_keys],
    }


def row(car: Vehicle) -> dict[str, Any]:
    """A car's line on the status page."""
    return {"name": car.display_name, "vin": car.vin, "state": car.availability}


def apply(world: World, car: Vehicle, changes: Mapping[str, Any]) -> None:
    """Do what the changes say; raises ValueError for what nobody can do."""
    for change, value in changes.items():
        if change == "paired":
            _pair(world, car, wanted=bool(value))
        else:
            raise ValueError(change)


def _pair(world: World, car: Vehicle, *, wanted: bool) -> None:
    region = world.accounts[car.owner].region
    for kept in world.registrations:
        if kept.region is region:
            (car.pair if wanted else car.unpair)(kept.public_key)
