"""Streamed values, in the words in which Tesla's own server publishes them to MQTT.

A number, a text or a flag stays what it is; "invalid" is None; an enumeration is its full name, or
its number as text if it is newer than this code; a place, the doors and the wheels are mappings.
"""

import math
import re
from struct import Struct
from typing import TYPE_CHECKING, Any, Final

from google.protobuf.unknown_fields import UnknownFieldSet
from tesla_protocol.telemetry import vehicle_data_pb2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_LOCATION: Final = vehicle_data_pb2.Field.Value("Location")
# CruiseState, withdrawn by Tesla in 2024: the field has lost its name, its member of Value is gone.
_CRUISE_STATE: Final = "Deprecated_2"
_CRUISE_STATE_KEY: Final = vehicle_data_pb2.Field.Value(_CRUISE_STATE)
_CRUISE_STATE_MEMBER: Final = 20
_VARINT: Final = 0
_OLD_LOCATION: Final = re.compile(r"\((\d+\.?\d*) ([NS]), (\d+\.?\d*) ([EW])\)")
_NEGATIVE: Final = frozenset("SW")
_SINGLE: Final = Struct("<f")


def _named(names: Mapping[int, str]) -> Callable[[int], str]:
    def name(number: int) -> str:
        return names.get(number) or str(number)

    return name


def _single(value: float) -> float:
    """The shortest number that is this one in single precision: 2.925, not 2.924999952316284."""
    if not math.isfinite(value):
        return value
    exact = _SINGLE.pack(value)
    shortened = (float(f"{value:.{digits}g}") for digits in range(6, 9))
    return next((number for number in shortened if _SINGLE.pack(number) == exact), value)


def _place(value: vehicle_data_pb2.LocationValue) -> dict[str, float]:
    return {"latitude": value.latitude, "longitude": value.longitude}


def _members(value: Any) -> dict[str, bool]:
    """All flags of a message, the absent ones too: protobuf leaves out what is False."""
    return {field.name: getattr(value, field.name) for field in value.DESCRIPTOR.fields}


def _time(value: vehicle_data_pb2.Time) -> str:
    return f"{value.hour:02}:{value.minute:02}:{value.second:02}"


def _nothing(_: object) -> None:
    return None


# What is not among these stays as it is.
_READERS: Final[Mapping[str, Callable[[Any], object]]] = {
    **{
        field.name: _named({value.number: value.name for value in field.enum_type.values})
        for field in vehicle_data_pb2.Value.DESCRIPTOR.fields
        if field.enum_type
    },
    "float_value": _single,
    "location_value": _place,
    "door_value": _members,
    "tire_location_value": _members,
    "time_value": _time,
    "invalid": _nothing,
}
_FIELD_NAMES: Final[Mapping[int, str]] = {
    number: name for name, number in vehicle_data_pb2.Field.items()
}


def fields_of(data: Iterable[vehicle_data_pb2.Datum]) -> dict[str, object]:
    """Value by field name; a field that is newer than this code is named by its number.

    Left out is what has no value, or one of a type that is newer than this code. If a field comes
    twice, the last one counts.
    """
    fields: dict[str, object] = {}
    for datum in data:
        value = datum.value
        kind = value.WhichOneof("value")
        if kind is None:
            if datum.key == _CRUISE_STATE_KEY and (state := _cruise_state(value)) is not None:
                fields[_CRUISE_STATE] = state
            continue
        number, content = datum.key, getattr(value, kind)
        if kind in _READERS:
            content = _READERS[kind](content)
        if number == _LOCATION and isinstance(content, str):
            content = _old_location(content)
        fields[_FIELD_NAMES.get(number) or str(number)] = content
    return fields


def _cruise_state(value: vehicle_data_pb2.Value) -> str | None:
    """The number of a typed state, as text like that of any other word that is not known here."""
    unknown = UnknownFieldSet(value)
    numbers = [
        member.data
        for member in map(unknown.__getitem__, range(len(unknown)))
        if member.field_number == _CRUISE_STATE_MEMBER and member.wire_type == _VARINT
    ]
    return str(numbers[-1]) if numbers else None


def _old_location(text: str) -> object:
    """A place as firmware before 2024 wrote it, "(37.412374 N, 122.145867 W)"."""
    found = _OLD_LOCATION.fullmatch(text)
    if not found:
        return text
    latitude, north_south, longitude, east_west = found.groups()
    return {
        "latitude": float(latitude) * (-1 if north_south in _NEGATIVE else 1),
        "longitude": float(longitude) * (-1 if east_west in _NEGATIVE else 1),
    }
