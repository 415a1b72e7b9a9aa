"""The configuration that a car streams by, read as strictly as is known of Tesla.

Source: https://developer.tesla.com/docs/fleet-api/endpoints/vehicle-endpoints
(fleet_telemetry_config create), issues of teslamotors/fleet-telemetry.
"""

from dataclasses import dataclass
import math
import re
from typing import TYPE_CHECKING, Any, Final, cast

from cryptography import x509
from tesla_protocol.telemetry.vehicle_data_pb2 import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LATEST: Final = "latest"
ALERT_TYPES: Final = frozenset({"customer", "service"})
MAX_PORT: Final = 65_535
FIELDS: Final[Mapping[str, int]] = {
    name: number
    for name, number in Field.items()
    if not name.startswith(("Unknown", "Deprecated_", "Experimental_"))
}
SELF_DRIVING: Final = frozenset({"MilesSinceReset", "SelfDrivingMilesSinceReset"})
"""These may only be sent along with each other."""

_HOSTNAME: Final = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*")
_CLAIMS: Final = frozenset({"aud", "iss"})


class InvalidConfig(ValueError):
    """A configuration that Tesla refuses, with the reason."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldConfig:
    """How a field is sent; times in seconds, the delta in the field's unit (Location: metres)."""

    interval: int
    delta: float | None = None
    resend: int | None = None
    include: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """What to send whither.

    `port` is None where it was no integer: then a car never calls, and never says why.
    """

    hostname: str
    port: int | None
    ca: str
    expires_at: float | None
    fields: Mapping[str, FieldConfig]
    alert_types: frozenset[str]
    latest: bool
    typed: bool


def read(claims: Mapping[str, Any]) -> Config:
    """The configuration in a token's claims. Raises InvalidConfig."""
    for key in claims.keys() - _READERS.keys() - _CLAIMS:
        msg = f"unknown key {key}"
        raise InvalidConfig(msg)
    said = {key: reader(claims.get(key, _MISSING)) for key, reader in _READERS.items()}
    return Config(
        hostname=said["hostname"],
        port=said["port"],
        ca=said["ca"],
        expires_at=said["exp"],
        fields=said["fields"],
        alert_types=said["alert_types"],
        latest=said["delivery_policy"] == LATEST,
        typed=said["prefer_typed"],
    )


_MISSING: Final = object()


def _need(key: str, value: object, holds: bool, wanted: str) -> None:  # noqa: FBT001 - what has to be true
    if value is _MISSING:
        msg = f"{key} is missing"
        raise InvalidConfig(msg)
    if not holds:
        msg = f"{key} must be {wanted}"
        raise InvalidConfig(msg)


def _hostname(value: Any) -> str:
    _need(
        "hostname",
        value,
        isinstance(value, str) and _HOSTNAME.fullmatch(value) is not None,
        "a host name",
    )
    return str(value)


def _port(value: Any) -> int | None:
    if value is _MISSING:
        return 443
    if not _is_integer(value):
        return None
    _need("port", value, 0 < value <= MAX_PORT, "the number of a port")
    return int(value)


def _ca(value: Any) -> str:
    try:
        good = bool(x509.load_pem_x509_certificates(value.encode()))
    except AttributeError, ValueError:
        good = False
    _need("ca", value, good, "certificates in PEM form")
    return str(value)


def _exp(value: Any) -> float | None:
    if value is _MISSING:
        return None
    _need("exp", value, _is_integer(value), "a Unix time in seconds")
    return float(value)


def _alert_types(value: Any) -> frozenset[str]:
    if value is _MISSING:
        return frozenset()
    good = isinstance(value, list) and all(isinstance(kind, str) for kind in value)
    _need("alert_types", value, good and ALERT_TYPES.issuperset(value), "a list of service")
    return frozenset(value)


def _policy(value: Any) -> str:
    if value is _MISSING:
        return ""
    _need("delivery_policy", value, value == LATEST, LATEST)
    return LATEST


def _typed(value: Any) -> bool:
    if value is _MISSING:
        return False
    _need("prefer_typed", value, isinstance(value, bool), "true or false")
    return bool(value)


def _fields(value: Any) -> Mapping[str, FieldConfig]:
    _need("fields", value, isinstance(value, dict) and bool(value), "an object of fields")
    return {name: _field(name, entry) for name, entry in value.items()}


def _field(name: str, entry: Any) -> FieldConfig:
    if name not in FIELDS:
        msg = f"unknown field {name}"
        raise InvalidConfig(msg)
    _need(f"field {name}", entry, isinstance(entry, dict), "an object")
    for key in entry.keys() - _FIELD_KEYS.keys():
        msg = f"unknown key {key} of field {name}"
        raise InvalidConfig(msg)
    for key, (accepts, wanted) in _FIELD_KEYS.items():
        needed = key == "interval_seconds"
        value = entry.get(key, _MISSING)
        if value is not _MISSING or needed:
            _need(f"{key} of field {name}", value, accepts(value), wanted)
    include = cast("list[str]", entry.get("include_fields", []))
    allowed = SELF_DRIVING if name in SELF_DRIVING else FIELDS.keys()
    for other in include:
        if other not in allowed or other == name:
            msg = f"field {name} can not include field {other}"
            raise InvalidConfig(msg)
    return FieldConfig(
        interval=entry["interval_seconds"],
        delta=entry.get("minimum_delta"),
        resend=entry.get("resend_interval_seconds"),
        include=tuple(include),
    )


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_time(value: Any) -> bool:
    return _is_integer(value) and value >= 1


def _is_delta(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and value >= 0
    )


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


_FIELD_KEYS: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "interval_seconds": (_is_time, "an integer, at least 1"),
    "minimum_delta": (_is_delta, "a number, not below 0"),
    "resend_interval_seconds": (_is_time, "an integer, at least 1"),
    "include_fields": (_are_names, "a list of names"),
}
_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "hostname": _hostname,
    "port": _port,
    "ca": _ca,
    "exp": _exp,
    "fields": _fields,
    "alert_types": _alert_types,
    "delivery_policy": _policy,
    "prefer_typed": _typed,
}
