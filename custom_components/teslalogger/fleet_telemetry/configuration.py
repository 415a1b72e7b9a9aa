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
from .presets import FieldChoice

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .field import Hardware
    from .presets import Choice

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
class Car:
    """What decides about the fields that a car can send.

    What is not known of its `firmware` is not asked of it: how a car takes what is newer than
    itself is undocumented. `hardware` is what it has or may have; None excludes nothing.
    """

    firmware: str | None
    scopes: Collection[str]
    hardware: Collection[Hardware] | None = None

    @property
    def version(self) -> Firmware:
        """The firmware as numbers, at least that of the first cars that could stream."""
        return read_firmware(self.firmware) or CONFIGURABLE

    def reason(self, name: str) -> LeftOut | None:
        """Why it cannot send the field; None if it can."""
        field = FIELDS.get(name)
        if field is None:
            raise InvalidConfiguration(Problem.FIELD_UNKNOWN, field=name)
        known = self.hardware is not None and field.hardware is not None
        rules = {
            LeftOut.NEVER: field.never is not None,
            LeftOut.FIRMWARE: self.version < field.firmware,
            LeftOut.HARDWARE: known and field.hardware not in (self.hardware or ()),
            LeftOut.SCOPE: field.needs_location and LOCATION_SCOPE not in self.scopes,
        }
        return next((reason for reason, holds in rules.items() if holds), None)

    def follow(self, name: str, wanted: FieldChoice) -> FieldChoice:
        """The choice without what the car's firmware does not know."""
        check_choice(name, wanted)
        least = FIELDS[name].least_delta
        delta = least if wanted.minimum_delta is None else wanted.minimum_delta
        knows_deltas = self.version >= DELTAS
        return FieldChoice(
            interval=wanted.interval,
            minimum_delta=delta if knows_deltas else None,
            resend=wanted.resend if knows_deltas else None,
            include=tuple(
                other
                for other in wanted.include
                if self.version >= INCLUDES and self.reason(other) is None
            ),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """What of a choice one car can follow; `left_out` are the fields that it cannot send."""

    choice: Choice
    left_out: Mapping[str, LeftOut]


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """`content` is what is signed and sent; `left_out` are the fields that the car cannot send."""

    content: Mapping[str, Any]
    left_out: Mapping[str, LeftOut]


def fit(choice: Choice, car: Car) -> Fitted:
    """The choice as this car would follow it. Raises InvalidConfiguration."""
    left_out = {name: reason for name in choice if (reason := car.reason(name)) is not None}
    followed = {
        name: car.follow(name, wanted) for name, wanted in choice.items() if name not in left_out
    }
    return Fitted(choice=followed, left_out=left_out)


def build(
    choice: Choice, car: Car, *, hostname: str, port: int, ca: str, expires: int | None = None
) -> Configuration:
    """The configuration for one car. Raises InvalidConfiguration.

    `ca` is PEM and `expires` in seconds since 1970.
    """
    fitted = fit(choice, car)
    if not fitted.choice:
        raise InvalidConfiguration(Problem.NO_FIELDS)
    content: dict[str, Any] = {
        "hostname": read_hostname(hostname),
        "port": check_port(port),
        "ca": read_authorities(ca),
        "fields": {name: _entry(wanted) for name, wanted in fitted.choice.items()},
        "alert_types": list(_ALERTS),
    }
    if car.version >= DELIVERY:
        content["delivery_policy"] = _DELIVERY
    if expires is not None:
        content["exp"] = expires
    return Configuration(content=content, left_out=fitted.left_out)


def _entry(wanted: FieldChoice) -> dict[str, Any]:
    entry = {
        "interval_seconds": wanted.interval,
        "minimum_delta": wanted.minimum_delta,
        "resend_interval_seconds": wanted.resend,
        "include_fields": list(wanted.include) or None,
    }
    return {name: value for name, value in entry.items() if value is not None}
