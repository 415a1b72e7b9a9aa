"""The protobuf messages inside a car's records."""

from typing import TYPE_CHECKING, Final

from google.protobuf.timestamp_pb2 import Timestamp
from tesla_protocol.telemetry.vehicle_alert_pb2 import Audience, VehicleAlert, VehicleAlerts
from tesla_protocol.telemetry.vehicle_data_pb2 import Datum, Payload
from tesla_protocol.telemetry.vehicle_error_pb2 import VehicleError, VehicleErrors

from simulator.telemetry.config import FIELDS
from simulator.telemetry.firmware import sends_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulator.car.model import CarModel
    from simulator.telemetry.samples import Sample
    from simulator.telemetry.subscriptions import Alert, Report

_NANOS: Final = 1_000_000_000
_AUDIENCES: Final = {"customer": Audience.Customer, "service": Audience.Service}


def data(
    samples: Mapping[str, Sample],
    *,
    model: CarModel,
    now: float,
    typed: bool,
    is_resend: bool = False,
) -> bytes:
    """A record of the topic V. `typed` is what the configuration wishes of old software."""
    payload = Payload(created_at=_time(now), is_resend=is_resend)
    for name, sample in samples.items():
        number = FIELDS[name]
        as_types = sends_types(model, number, preferred=typed)
        value = sample.typed() if as_types else sample.text()
        payload.data.append(Datum(key=number, value=value))  # type: ignore[arg-type] # a number is an enum's value
    return payload.SerializeToString()


def alerts(known: Iterable[Alert], now: float) -> bytes:
    """A record of the topic alerts."""
    message = VehicleAlerts(created_at=_time(now))
    for alert in known:
        told = VehicleAlert(
            name=alert.name,
            audiences=[_AUDIENCES[audience] for audience in sorted(alert.audiences)],
            started_at=_time(alert.started_at),
        )
        if alert.ended_at is not None:
            told.ended_at.CopyFrom(_time(alert.ended_at))
        message.alerts.append(told)
    return message.SerializeToString()


def errors(reports: Iterable[Report], now: float) -> bytes:
    """A record of the topic errors."""
    message = VehicleErrors(created_at=_time(now))
    for report in reports:
        message.errors.append(
            VehicleError(
                created_at=_time(report.created_at),
                name=report.error_name,
                tags={"txid": report.txid},
                body=report.error,
            )
        )
    return message.SerializeToString()


def _time(seconds: float) -> Timestamp:
    whole = int(seconds)
    return Timestamp(seconds=whole, nanos=int((seconds - whole) * _NANOS))
