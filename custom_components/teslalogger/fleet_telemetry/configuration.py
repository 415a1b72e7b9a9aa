"""The configuration that a car streams by, made of what the user chose and the car can do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from .checks import (
    InvalidConfiguration,
    Problem,
    check_choice,
    check_port,
    read_authorities,
    read_hostname,
)
from .fields import FIELDS
from .firmware import CONFIGURABLE, DELIVERY, DELTAS, INCLUDES, Firmware, read_firmware

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .field import Hardware
    from .presets import Choice, FieldChoice

DEFAULT_PORT: Final = 443
LOCATION_SCOPE: Final = "vehicle_location"

_ALERTS: Final = ("service",)  # the one kind in Tesla's examples; others have been refused
_DELIVERY: Final = "latest"


class LeftOut(StrEnum):
    """Why a field that was chosen is not in a configuration."""

    NEVER = "never"
    FIRMWARE = "firmware"
    HARDWARE = "hardware"
    SCOPE = "scope"


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """`content` is what is signed and sent; `left_out` are the fields that this car cannot send."""

    content: Mapping[str, Any]
    left_out: Mapping[str, LeftOut]


def build(
    choice: Choice,
    *,
    hostname: str,
    port: int,
    ca: str,
    firmware: str | None,
    scopes: Collection[str],
    hardware: Collection[Hardware] | None = None,
    expires: int | None = None,
) -> Configuration:
    """The configuration for one car. Raises InvalidConfiguration.

    `ca` is PEM. What is not known of the car's `firmware` is not asked of it: how a car takes
    what is newer than itself is undocumented. `hardware` is what the car has or may have; None
    excludes nothing. `expires` is in seconds since 1970.
    """
    car = _Car(firmware=read_firmware(firmware) or CONFIGURABLE, scopes=scopes, hardware=hardware)
    left_out = {name: reason for name in choice if (reason := car.reason(name)) is not None}
    fields = {
        name: _entry(name, wanted, car) for name, wanted in choice.items() if name not in left_out
    }
    if not fields:
        raise InvalidConfiguration(Problem.NO_FIELDS)
    content: dict[str, Any] = {
        "hostname": read_hostname(hostname),
        "port": check_port(port),
        "ca": read_authorities(ca),
        "fields": fields,
        "alert_types": list(_ALERTS),
    }
    if car.firmware >= DELIVERY:
        content["delivery_policy"] = _DELIVERY
    if expires is not None:
        content["exp"] = expires
    return Configuration(content=content, left_out=left_out)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Car:
    """What decides about the fields that a car can send."""

    firmware: Firmware
    scopes: Collection[str]
    hardware: Collection[Hardware] | None

    def reason(self, name: str) -> LeftOut | None:
        """Why it cannot send the field; None if it can."""
        field = FIELDS.get(name)
        if field is None:
            raise InvalidConfiguration(Problem.FIELD_UNKNOWN, field=name)
        known = self.hardware is not None and field.hardware is not None
        rules = {
            LeftOut.NEVER: field.never is not None,
            LeftOut.FIRMWARE: self.firmware < field.firmware,
            LeftOut.HARDWARE: known and field.hardware not in (self.hardware or ()),
            LeftOut.SCOPE: field.needs_location and LOCATION_SCOPE not in self.scopes,
        }
        return next((reason for reason, holds in rules.items() if holds), None)


def _entry(name: str, wanted: FieldChoice, car: _Car) -> dict[str, Any]:
    check_choice(name, wanted)
    entry: dict[str, Any] = {"interval_seconds": wanted.interval}
    least = FIELDS[name].least_delta
    delta = least if wanted.minimum_delta is None else wanted.minimum_delta
    if delta is not None and car.firmware >= DELTAS:
        entry["minimum_delta"] = delta
    if wanted.resend is not None and car.firmware >= DELTAS:
        entry["resend_interval_seconds"] = wanted.resend
    include = [other for other in wanted.include if car.reason(other) is None]
    if include and car.firmware >= INCLUDES:
        entry["include_fields"] = include
    return entry
