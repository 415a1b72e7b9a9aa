"""Tesla's answers about a site as values of its signals.

What is missing, of the wrong kind, or a word for "unknown" is left out: Tesla answers with stubs
such as `{"grid_status": "Unknown"}` while it cannot reach a site.
"""

from collections.abc import Mapping
import math
from typing import TYPE_CHECKING, Any, Final

from .signals import Kind, Part, Signal, Value, connector_key, of_part

if TYPE_CHECKING:
    from collections.abc import Iterator

_MISSING: Final = object()


def live_values(answer: Mapping[str, Any]) -> dict[str, Value]:
    """What `live_status` tells of the site and of its wall connectors."""
    values = dict(_told(of_part(Part.LIVE), answer))
    for connector in _objects(answer.get("wall_connectors")):
        if din := connector.get("din"):
            told = dict(_told(of_part(Part.CONNECTOR), connector))
            if "wall_connector_state" in told:
                # Only a stub has no state; in any other answer no car is no car.
                told.setdefault("wall_connector_vin", None)
            values |= {connector_key(str(din), key): value for key, value in told.items()}
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


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _told(signals: tuple[Signal, ...], answer: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    for signal in signals:
        value = _value(signal, answer)
        if value is not None:
            yield signal.key, value


def _value(signal: Signal, answer: Mapping[str, Any]) -> Value:
    *parents, name = signal.path
    inner: Any = answer
    for parent in parents:
        inner = inner.get(parent) if isinstance(inner, Mapping) else None
    if not isinstance(inner, Mapping) or not inner:
        return None
    raw = inner.get(name, _MISSING)
    if raw is _MISSING or raw is None:
        return signal.absent
    value = checked(signal, raw)
    return not value if signal.negated and value is not None else value


def checked(signal: Signal, raw: object) -> Value:
    """The value if it is of the signal's kind; None if it is not."""
    match signal.kind, raw:
        case Kind.NUMBER, int() | float() if not isinstance(raw, bool) and math.isfinite(raw):
            return raw
        case Kind.TEXT, str() if raw:
            return raw
        case Kind.FLAG, bool() if not signal.words:
            return raw
        case ((Kind.WORD | Kind.FLAG), (str() | int())) if not isinstance(raw, bool):
            return signal.words.get(raw)
        case _:
            return None
