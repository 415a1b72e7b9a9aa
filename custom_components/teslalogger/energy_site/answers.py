"""Tesla's answers about a site as values of its signals.

What is missing, of the wrong kind, or a word for "unknown" is left out: Tesla answers with stubs
such as `{"grid_status": "Unknown"}` while it cannot reach a site. A word that is not known here is
none of these: it is told, as None.
"""

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal

from .numbers import is_number
from .signals import Kind, Part, Signal, Value, connector_key, of_part

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Missing(Enum):
    """The one value that stands for "Tesla does not tell"."""

    MISSING = "missing"


_MISSING: Final = _Missing.MISSING
type _Told = Value | Literal[_Missing.MISSING]

_UNKNOWN: Final = "unknown"  # how Tesla's words end for what it does not know itself


def live_values(answer: Mapping[str, Any]) -> dict[str, Value]:
    """What `live_status` tells of the site and of its wall connectors."""
    values = dict(_told(of_part(Part.LIVE), answer))
    for connector in _objects(answer.get("wall_connectors")):
        if isinstance(din := connector.get("din"), str) and din:
            told = dict(_told(of_part(Part.CONNECTOR), connector))
            if connector.get("wall_connector_state") is not None:
                # Only a stub has no state; in any other answer no car is no car.
                told.setdefault("wall_connector_vin", None)
            values |= {connector_key(din, key): value for key, value in told.items()}
    return values


def info_values(answer: Mapping[str, Any]) -> dict[str, Value]:
    """What `site_info` tells of settings and components."""
    values = dict(_told(of_part(Part.INFO), answer))
    if values.get("non_export_configured"):
        values["export_rule"] = "never"
    return values


def connectors_in(*answers: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The wall connectors that a product, `site_info` or `live_status` names, by DIN.

    What several of them tell of one is put together.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for answer in answers:
        components = answer.get("components")
        listed = components.get("wall_connectors") if isinstance(components, Mapping) else None
        for connector in (*_objects(listed), *_objects(answer.get("wall_connectors"))):
            if isinstance(din := connector.get("din"), str) and din:
                found[din] = {**found.get(din, {}), **connector}
    return found


def has_component(answer: Mapping[str, Any], component: str) -> bool:
    """Whether a product or `site_info` says that the site has it: "battery" or "solar"."""
    components = answer.get("components")
    return isinstance(components, Mapping) and components.get(component) is True


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _told(signals: tuple[Signal, ...], answer: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    for signal in signals:
        value = _value(signal, answer)
        if value is not _MISSING:
            yield signal.key, value


def _value(signal: Signal, answer: Mapping[str, Any]) -> _Told:
    *parents, name = signal.path
    inner: Any = answer
    for parent in parents:
        inner = inner.get(parent) if isinstance(inner, Mapping) else None
    if not isinstance(inner, Mapping) or not inner:
        return _MISSING
    raw = inner.get(name)
    if raw is None:
        return _MISSING if signal.absent is None else signal.absent
    value = _checked(signal, raw)
    return not value if signal.negated and value is not _MISSING else value


def _checked(signal: Signal, raw: object) -> _Told:
    """The value if it is of the signal's kind."""
    match signal.kind, raw:
        case Kind.NUMBER, int() | float() if is_number(raw):
            return raw
        case Kind.TEXT, str() if raw.strip():
            return raw
        case Kind.FLAG, bool() if not signal.words:
            return raw
        case Kind.FLAG, str() | int() if not isinstance(raw, bool):
            return signal.words.get(raw, _MISSING)
        case Kind.WORD, str() | int() if not isinstance(raw, bool):
            return signal.words.get(raw, _MISSING if _is_unknown(raw) else None)
        case _:
            return _MISSING


def _is_unknown(raw: str | int) -> bool:
    return isinstance(raw, str) and (not raw.strip() or raw.strip().casefold().endswith(_UNKNOWN))
