"""The table of values as cars send it: typed by the field, through protobuf, to readings."""

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from tesla_protocol.telemetry import vehicle_data_pb2

from custom_components.teslalogger.fleet_telemetry.values import fields_of
from custom_components.teslalogger.vehicle import SIGNALS, readings_from_stream
from custom_components.teslalogger.vehicle.signals import BY_FIELD

if TYPE_CHECKING:
    from collections.abc import Callable

type Arm = tuple[str, Any]

NOW: Final = 1_795_415_400.0
KEEP: Final = "keep"
DATA: Final = Path(__file__).parents[1] / "data"


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open() as file:
        return list(csv.DictReader(file))


FIELDS: Final = {row["name"]: row for row in _table("telemetry-fields.csv")}
ENUMS: Final = {
    (row["enum"], row["name"]): (row["value_oneof_name"], int(row["number"]))
    for row in _table("telemetry-enums.csv")
}
ROWS: Final[dict[str, list[dict[str, str]]]] = {}
for _row in _table("signal-values.csv"):
    if _row["source"] == "stream":
        ROWS.setdefault(_row["signal"], []).append(_row)
# How a car sends a type, where it is no enumeration.
ARMS: Final[dict[str, tuple[str, Callable[[Any], Any]]]] = {
    "double": ("double_value", float),
    "int": ("int_value", int),
    "bool": ("boolean_value", bool),
    "string": ("string_value", str),
    "timestamp": ("long_value", int),
    "location": ("location_value", lambda raw: vehicle_data_pb2.LocationValue(**raw)),
    "doors": ("door_value", lambda raw: vehicle_data_pb2.Doors(**raw)),
    "tire_location": ("tire_location_value", lambda raw: vehicle_data_pb2.TireLocation(**raw)),
}
# A number without a word, as the table of values writes it.
NO_ENUMERATOR: Final = "42"


def _arm(field: str, raw: Any) -> Arm | None:
    """The member of Tesla's Value and its content; None for what no car can send in this type."""
    known = FIELDS[field]
    if raw is None:
        return "invalid", True
    if known["value_type"] == "enum":
        return _enum_arm(known["enum_type"], raw)
    if isinstance(raw, str):
        return "string_value", raw
    if isinstance(raw, list) or (raw == {} and known["value_type"] == "location"):
        return None
    name, content = ARMS[known["value_type"]]
    assert known["value_type"] != "int" or raw == int(raw), "not what an integer field sends"
    return name, content(raw)


def _enum_arm(enum: str, raw: Any) -> Arm | None:
    if raw == NO_ENUMERATOR:
        return next(arm for (name, _), (arm, _) in ENUMS.items() if name == enum), int(raw)
    if isinstance(raw, str) and (enum, raw) in ENUMS:
        return ENUMS[enum, raw]
    types = {str: "string_value", bool: "boolean_value", int: "int_value"}
    return (types[type(raw)], raw) if type(raw) in types else None


def _through_the_wire(field: str, arm: Arm) -> dict[str, object]:
    name, content = arm
    datum = vehicle_data_pb2.Datum(key=field, value=vehicle_data_pb2.Value(**{name: content}))
    sent = vehicle_data_pb2.Payload(data=[datum]).SerializeToString()
    return fields_of(vehicle_data_pb2.Payload.FromString(sent).data)


@pytest.mark.parametrize("key", ROWS)
def test_signal_comes_through_the_wire(key: str) -> None:
    """What Tesla's server would write for MQTT and what the own receiver reads are one."""
    field = SIGNALS[key].telemetry
    assert field is not None
    tried = set()
    for row in ROWS[key]:
        arm = _arm(field, json.loads(row["raw"])) if row["raw"] else None
        if arm is None:
            continue
        readings = readings_from_stream(_through_the_wire(field, arm), NOW, NOW)
        value = readings[key].value if key in readings else KEEP
        assert value == pytest.approx(KEEP if row["value"] == KEEP else json.loads(row["value"])), (
            row
        )
        tried.add(row["case"])
    assert {"real", "invalid"} <= tried


def test_every_streamed_signal_is_tried() -> None:
    """All fields that tell something."""
    assert set(ROWS) == {signal.key for signals in BY_FIELD.values() for signal in signals}
