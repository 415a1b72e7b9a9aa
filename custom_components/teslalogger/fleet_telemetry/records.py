"""Records of cars: what one frame tells, and what is answered to it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from google.protobuf.message import DecodeError
from tesla_protocol.telemetry import vehicle_alert_pb2, vehicle_data_pb2, vehicle_error_pb2

from .acknowledgement import write_ack, write_error
from .envelope import MAX_FRAME, MessageType, read_envelope
from .errors import MalformedRecord
from .values import fields_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from google.protobuf.timestamp_pb2 import Timestamp

    from .identity import Identity

# Some alerts count their seconds in thousandths; no second of a calendar is this late.
_MILLISECONDS_FROM: Final = 315_576_000_000
# Whoever reads this in 2100 may add to it; until then a time behind it is none.
_LATEST: Final = 4_102_444_800.0
_STREAM: Final = int(MessageType.STREAM)


class Audience(StrEnum):
    """Whom an alert is for."""

    CUSTOMER = "customer"
    SERVICE = "service"
    SERVICE_FIX = "service_fix"


_AUDIENCES: Final = {
    vehicle_alert_pb2.Customer: Audience.CUSTOMER,
    vehicle_alert_pb2.Service: Audience.SERVICE,
    vehicle_alert_pb2.ServiceFix: Audience.SERVICE_FIX,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """An alert of a car. Times are seconds since 1970; active as long as it has not ended."""

    name: str
    audiences: frozenset[Audience] = frozenset()
    started_at: float | None = None
    ended_at: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CarError:
    """What the car's own streaming complains about."""

    name: str
    body: str
    created_at: float | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Record:
    """What a car told at one moment (seconds since 1970, None if it did not say).

    `signals` is what Tesla bills for it. `is_resend` marks what was sent before and not
    acknowledged.
    """

    created_at: float | None = None
    fields: Mapping[str, object] = field(default_factory=dict)
    is_resend: bool = False
    alerts: tuple[Alert, ...] = ()
    errors: tuple[CarError, ...] = ()
    signals: int = 0


@dataclass(slots=True)
class Receipt:
    """What came of one frame.

    `answers` go back to the car, once the record is safe. `problem` says in a word why there is no
    record, or why it is not to be stored though it is answered, for diagnostics.
    """

    record: Record | None = None
    answers: tuple[bytes, ...] = ()
    problem: str | None = None


def read_frame(frame: bytes, sender: Identity) -> Receipt:
    """Read one message of a car's connection; never raises.

    Every answer is the one of Tesla's own server. Who the record is from is what the certificate
    said: `sender`. Tesla's server overwrites another VIN inside of it; here that is a problem, for
    nobody knows whose values these are.
    """
    if len(frame) > MAX_FRAME:
        return Receipt(None, (write_error(b""),), "too_large")
    try:
        envelope = read_envelope(frame)
    except MalformedRecord:
        return Receipt(None, (write_error(b""),), "malformed")
    txid, topic = envelope.txid, envelope.topic
    if envelope.message_type != _STREAM or not envelope.has_message:
        return _no_stream(txid, has_message=envelope.has_message)
    read = _TOPICS.get(topic)
    if read is None and envelope.sender_id not in sender.names:
        return Receipt(None, (write_error(txid),), "foreign_sender")
    try:
        record, vin = read(envelope.payload) if read else (None, "")
    except DecodeError:
        return Receipt(None, (write_error(txid),), "malformed_payload")
    is_foreign = vin and vin != sender.device_id
    return Receipt(record, (write_ack(topic, txid),), "foreign_vin" if is_foreign else None)


def _no_stream(txid: bytes, *, has_message: bool) -> Receipt:
    """Tesla's server answers such a frame twice."""
    if not has_message:
        return Receipt(None, 2 * (write_ack(b"", b""),), "empty")
    return Receipt(None, 2 * (write_ack(b"", txid),), "not_a_stream")


def _vehicle_data(content: bytes) -> tuple[Record, str]:
    payload = vehicle_data_pb2.Payload.FromString(content)
    data = payload.data
    created_at = _seconds(payload.created_at)
    record = Record(created_at, fields_of(data), payload.is_resend, (), (), len(data))
    return record, payload.vin


def _alerts(content: bytes) -> tuple[Record, str]:
    payload = vehicle_alert_pb2.VehicleAlerts.FromString(content)
    record = Record(
        created_at=_seconds(payload.created_at),
        alerts=tuple(
            Alert(
                name=alert.name,
                audiences=frozenset(
                    _AUDIENCES[audience] for audience in alert.audiences if audience in _AUDIENCES
                ),
                started_at=_seconds(alert.started_at),
                ended_at=_seconds(alert.ended_at),
            )
            for alert in payload.alerts
        ),
        signals=len(payload.alerts),
    )
    return record, payload.vin


def _errors(content: bytes) -> tuple[Record, str]:
    payload = vehicle_error_pb2.VehicleErrors.FromString(content)
    record = Record(
        created_at=_seconds(payload.created_at),
        errors=tuple(
            CarError(
                name=error.name,
                body=error.body,
                created_at=_seconds(error.created_at),
                tags=dict(error.tags),
            )
            for error in payload.errors
        ),
    )
    return record, payload.vin


def _ignored(_: bytes) -> tuple[None, str]:
    """Topics that servers write among themselves."""
    return None, ""


# What is in a payload, and the VIN that it names; most name none.
_TOPICS: Final[Mapping[bytes, Callable[[bytes], tuple[Record | None, str]]]] = {
    b"V": _vehicle_data,
    b"alerts": _alerts,
    b"errors": _errors,
    b"connectivity": _ignored,
}


def _seconds(stamp: Timestamp) -> float | None:
    """Seconds since 1970, if it can be the time of something that a car tells.

    A message that is absent reads as the year 1970, which nobody means.
    """
    is_in_thousandths = stamp.seconds >= _MILLISECONDS_FROM
    seconds = stamp.seconds / 1000 if is_in_thousandths else stamp.seconds + stamp.nanos / 1e9
    return seconds if stamp.seconds and 0.0 < seconds < _LATEST else None
