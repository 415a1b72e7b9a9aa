"""What we have instead of each entity of each peer."""

from typing import TYPE_CHECKING, Final

from . import from_mqtt, from_tesla_custom, from_tesla_fleet, from_teslemetry
from .model import Source, Thing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import Counterparts

COUNTERPARTS: Final[Mapping[Source, Mapping[Thing, Counterparts]]] = {
    Source.TESLA_FLEET: {
        Thing.CAR: from_tesla_fleet.CARS,
        Thing.SITE: from_tesla_fleet.SITES,
        Thing.CONNECTOR: from_tesla_fleet.CONNECTORS,
    },
    Source.TESLEMETRY: {
        Thing.CAR: from_teslemetry.CARS,
        Thing.SITE: from_teslemetry.SITES,
        Thing.CONNECTOR: from_teslemetry.CONNECTORS,
    },
    Source.TESLA_CUSTOM: {
        Thing.CAR: from_tesla_custom.CARS,
        Thing.SITE: from_tesla_custom.SITES,
    },
    Source.MQTT: {Thing.CAR: from_mqtt.CARS},
}


def is_known(source: Source, thing: Thing, platform: str, key: str) -> bool:
    """Whether the source has such an entity at all."""
    return key in COUNTERPARTS[source].get(thing, {}).get(platform, {})


def counterpart(source: Source, thing: Thing, platform: str, key: str) -> str | None:
    """The "platform.key" of ours; None: there is nothing like it."""
    ours = COUNTERPARTS[source].get(thing, {}).get(platform, {}).get(key)
    return ours if ours is None or "." in ours else f"{platform}.{ours}"
