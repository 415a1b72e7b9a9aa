"""What a car streams, without a car."""

from typing import TYPE_CHECKING

from custom_components.teslalogger.fleet_telemetry.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custom_components.teslalogger.streaming.car import CarStream
    from custom_components.teslalogger.vehicle.state import Reading


def stream_fields(
    stream: CarStream, fields: Mapping[str, object], created_at: float | None
) -> Mapping[str, Reading]:
    """Have a record of these fields come; gives what was read in it."""
    [readings] = stream.async_take([Record(created_at, fields)]) or [{}]
    return readings
