"""What Tesla tells about an account's cars and energy sites, checked where it comes in."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Availability(StrEnum):
    """Tesla's idea of whether a car can be talked to; it may be minutes behind."""

    ONLINE = "online"
    ASLEEP = "asleep"
    OFFLINE = "offline"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, state: object) -> Availability:
        """Tesla's `state`; words that we do not know are UNKNOWN."""
        return next((member for member in cls if member == state), cls.UNKNOWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Product:
    """A car in the account's product list.

    `access_type` is OWNER or DRIVER; `command_signing` is required, allowed or off. Both are None
    where Tesla does not say. `raw` is the whole entry.
    """

    vin: str = field(repr=False)
    id: int | None
    name: str
    availability: Availability
    access_type: str | None
    command_signing: str | None
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class EnergyProduct:
    """An energy site in the account's product list; `raw` is the whole entry."""

    site_id: str
    name: str
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Products:
    """What belongs to an account or was lent to it."""

    cars: list[Product]
    sites: list[EnergyProduct]


@dataclass(frozen=True, kw_only=True, slots=True)
class VehicleInfo:
    """`fleet_status` about one car, in Tesla's names; None where it says nothing usable.

    Hints only: Tesla has been seen to be wrong about the protocol and about pairing.
    """

    firmware_version: str | None = None
    vehicle_command_protocol_required: bool | None = None
    fleet_telemetry_version: str | None = None
    total_number_of_keys: int | None = None
    discounted_device_data: bool | None = None
    safety_screen_streaming_toggle_enabled: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FleetStatus:
    """Which cars have our key, and what Tesla knows of each (by VIN)."""

    paired: frozenset[str] = field(repr=False)
    unpaired: frozenset[str] = field(repr=False)
    info: Mapping[str, VehicleInfo] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandAnswer:
    """What the car said to an unsigned command; `reason` is the car's text if it refused."""

    result: bool
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingAnswer:
    """What Tesla said to a new setting of an energy site; `reason` is its text if it refused."""

    done: bool
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TelemetryConfigAnswer:
    """How many cars got a configuration; `skipped` is Tesla's reason by VIN of those that did not.

    Reasons seen: missing_key, unsupported_hardware, unsupported_firmware, max_configs.
    """

    updated: int
    skipped: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredTelemetryConfig:
    """What Tesla holds for a car; `config` is None if there is none, or if the car refused it."""

    synced: bool
    config: Mapping[str, Any] | None = field(repr=False)
    limit_reached: bool | None
    key_paired: bool | None
