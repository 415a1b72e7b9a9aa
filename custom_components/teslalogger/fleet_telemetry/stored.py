"""What Tesla holds for a car, against what it was given."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from .configuration import DEFAULT_PORT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What the signature adds, what changes with nothing else changing, and what means nothing.
_NOT_COMPARED: Final = frozenset({"iss", "aud", "exp", "prefer_typed"})


class Status(StrEnum):
    """How far a car is with its configuration, as Tesla tells it."""

    NONE = "none"
    PENDING = "pending"  # the car has not fetched it; it may be asleep
    ACTIVE = "active"
    OUTDATED = "outdated"  # for our server, but not what we sent last
    REFUSED = "refused"  # by the car: most often too many applications stream from it
    LIMIT_REACHED = "limit_reached"
    KEY_MISSING = "key_missing"
    OTHER_SERVER = "other_server"


def read_status(
    pushed: Mapping[str, Any] | None,
    *,
    synced: bool,
    config: Mapping[str, Any] | None,
    limit_reached: bool | None = None,
    key_paired: bool | None = None,
    needs_key: bool = True,
) -> Status:
    """What Tesla's answer about a car means, if `pushed` was what we sent last.

    `synced` alone is no success: a car that refused is in step with Tesla, too, on nothing.
    `needs_key` is False for Model S and X before 2021.
    """
    ours = config is not None and pushed is not None and same_server(pushed, config)
    agrees = config is not None and pushed is not None and same(pushed, config)
    rules = {
        Status.OTHER_SERVER: config is not None and not ours,
        Status.LIMIT_REACHED: limit_reached is True,
        Status.NONE: pushed is None,
        Status.KEY_MISSING: needs_key and key_paired is False,
        Status.REFUSED: config is None and synced,
        Status.PENDING: agrees and not synced,
        Status.ACTIVE: agrees,
        Status.OUTDATED: ours,
    }
    return next((status for status, holds in rules.items() if holds), Status.NONE)


def same(pushed: Mapping[str, Any], returned: Mapping[str, Any]) -> bool:
    """Whether two configurations ask the same of a car, however Tesla wrote one of them down."""
    return _essence(pushed) == _essence(returned)


def same_server(pushed: Mapping[str, Any], returned: Mapping[str, Any]) -> bool:
    """Whether two configurations send a car to the same receiver."""
    return _server(pushed) == _server(returned)


def _server(config: Mapping[str, Any]) -> tuple[Any, Any]:
    essence = _essence(config)
    return essence.get("hostname"), essence["port"]


def _essence(config: Mapping[str, Any]) -> dict[str, Any]:
    """What a configuration asks for, in one form; what is empty asks for nothing."""
    return {
        name: _FORMS[name](value) if name in _FORMS else value
        for name, value in ({"port": DEFAULT_PORT} | _filled(config)).items()
        if name not in _NOT_COMPARED
    }


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, 0, "", [], {})}


def _field(entry: Any) -> Any:
    if not isinstance(entry, dict):
        return entry
    return {
        name: sorted(map(str, value)) if isinstance(value, list) else value
        for name, value in _filled(entry).items()
    }


_FORMS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "hostname": lambda name: str(name).lower().removesuffix("."),
    "port": str,
    "ca": lambda pem: "".join(str(pem).split()),
    "fields": lambda fields: (
        {name: _field(entry) for name, entry in fields.items()}
        if isinstance(fields, dict)
        else fields
    ),
    "alert_types": lambda types: sorted(map(str, types)) if isinstance(types, list) else types,
}
