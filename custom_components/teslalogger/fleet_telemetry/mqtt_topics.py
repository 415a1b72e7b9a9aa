"""What Tesla's own server publishes to MQTT: its topics, and the JSON behind them.

Whoever may write to the broker writes what he likes, so everything here is total: what is none of
the server's messages reads as None, and nothing raises. Of what cars told, the server leaves out
when they did and whether they told it before.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import json
import math
from typing import TYPE_CHECKING, Any, Final

from .envelope import MAX_FRAME
from .records import Alert, Audience, CarError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_TOPIC: Final = 65_535
"""Bytes of the longest topic that MQTT knows."""
_MAX_INTEGER: Final = 2**63
_ESCAPE: Final = rb"\u"

# The server writes `{}` for a value of a type that it does not know; of wheels it names only those
# that are in trouble, so there it means that all are well.
_OF_WHEELS: Final = frozenset({"TpmsHardWarnings", "TpmsSoftWarnings"})

_AUDIENCES: Final = {
    "Customer": Audience.CUSTOMER,
    "Service": Audience.SERVICE,
    "ServiceFix": Audience.SERVICE_FIX,
}


class Kind(StrEnum):
    """What the messages of a topic tell."""

    FIELD = "field"
    CURRENT_ALERT = "current_alert"
    ALERT_HISTORY = "alert_history"
    ERROR = "error"
    CONNECTIVITY = "connectivity"


_KINDS: Final[Mapping[tuple[str, ...], Kind]] = {
    ("v",): Kind.FIELD,
    ("alerts", "current"): Kind.CURRENT_ALERT,
    ("alerts", "history"): Kind.ALERT_HISTORY,
    ("errors",): Kind.ERROR,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a message belongs: a car, and the name of a field, an alert or an error."""

    vin: str
    kind: Kind
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldValue:
    """A value in the words that `readings_from_stream` takes; None is Tesla's "invalid"."""

    name: str
    value: object


@dataclass(frozen=True, kw_only=True, slots=True)
class Alerts:
    """Alerts of one name: the current one, or all that a record told of."""

    alerts: tuple[Alert, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Connectivity:
    """A car has connected to the server, or has left it; the id is empty if it has none."""

    is_connected: bool
    connection_id: str = ""


type Content = FieldValue | Alerts | CarError | Connectivity


def is_base(text: str) -> bool:
    """Whether this can be the server's `topic_base`: no wildcard, nothing that MQTT forbids."""
    try:
        length = len(text.encode())
    except UnicodeEncodeError:
        return False
    return 0 < length < MAX_TOPIC // 2 and text.isprintable() and not set("+#") & set(text)


def filters(base: str) -> tuple[str, ...]:
    """What to subscribe to."""
    return tuple(f"{base}/+/{rest}" for rest in ("v/+", "alerts/+/+", "errors/+", "connectivity"))


def read_topic(base: str, topic: str) -> Place | None:
    """Where a message belongs; None if it is not one of the server's."""
    prefix = f"{base}/"
    if not topic.startswith(prefix):
        return None
    match topic.removeprefix(prefix).split("/"):
        case [vin, "connectivity"] if vin:
            return Place(vin=vin, kind=Kind.CONNECTIVITY)
        case [vin, branch, name, *leaf] if vin and name:
            kind = _KINDS.get((branch, *leaf))
            return None if kind is None else Place(vin=vin, kind=kind, name=name)
    return None


def read_content(place: Place, payload: bytes) -> Content | None:
    """What a message tells; None if it is nothing that the server writes there.

    An empty payload is how a retained message is deleted.
    """
    if len(payload) > MAX_FRAME:
        return None
    try:
        content = json.loads(
            payload, parse_float=_finite, parse_int=_integer, parse_constant=_refused
        )
        if _ESCAPE in payload:  # it may stand for half a character, which nobody can write again
            json.dumps(content, ensure_ascii=False).encode()
    except ValueError, RecursionError:
        return None
    return _READERS[place.kind](place.name, content)


def _field(name: str, content: object) -> FieldValue | None:
    if isinstance(content, list) or (content == {} and name not in _OF_WHEELS):
        return None
    return FieldValue(name=name, value=content)


def _current_alert(name: str, content: object) -> Alerts | None:
    return Alerts(alerts=(_alert(name, content),)) if isinstance(content, dict) else None


def _alert_history(name: str, content: object) -> Alerts | None:
    if not isinstance(content, list):
        return None
    return Alerts(alerts=tuple(_alert(name, entry) for entry in content if isinstance(entry, dict)))


def _connectivity(_: str, content: object) -> Connectivity | None:
    match content:
        case {"Status": "CONNECTED" | "DISCONNECTED" as status, **rest}:
            return Connectivity(
                is_connected=status == "CONNECTED", connection_id=_text(rest.get("ConnectionId"))
            )
    return None


def _alert(name: str, content: Mapping[str, Any]) -> Alert:
    audiences = content.get("Audiences")
    return Alert(
        name=name,
        audiences=frozenset(
            _AUDIENCES[audience]
            for audience in (audiences if isinstance(audiences, list) else ())
            if isinstance(audience, str) and audience in _AUDIENCES
        ),
        started_at=_moment(content.get("StartedAt")),
        ended_at=_moment(content.get("EndedAt")),
    )


def _error(name: str, content: object) -> CarError | None:
    if not isinstance(content, dict):
        return None
    tags = content.get("Tags")
    return CarError(
        name=name,
        body=_text(content.get("Body")),
        created_at=_moment(content.get("CreatedAt")),
        tags={
            key: value
            for key, value in (tags if isinstance(tags, dict) else {}).items()
            if isinstance(value, str)
        },
    )


def _text(content: object) -> str:
    return content if isinstance(content, str) else ""


def _moment(content: object) -> float | None:
    """Seconds since 1970 of a time with its zone."""
    try:
        moment = datetime.fromisoformat(content) if isinstance(content, str) else None
    except ValueError:
        return None
    return moment.timestamp() if moment is not None and moment.tzinfo is not None else None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _integer(text: str) -> int:
    number = int(text)
    if not -_MAX_INTEGER <= number < 2 * _MAX_INTEGER:
        raise ValueError(text)
    return number


def _refused(text: str) -> Any:
    """Not a number, or infinite: words of Python's JSON alone."""
    raise ValueError(text)


_READERS: Final[Mapping[Kind, Callable[[str, object], Content | None]]] = {
    Kind.FIELD: _field,
    Kind.CURRENT_ALERT: _current_alert,
    Kind.ALERT_HISTORY: _alert_history,
    Kind.ERROR: _error,
    Kind.CONNECTIVITY: _connectivity,
}
