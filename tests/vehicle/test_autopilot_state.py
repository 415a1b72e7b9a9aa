"""CruiseState, which Tesla withdrew: from whoever still delivers it, in every form it ever had."""

import json
from typing import Final

from hypothesis import given, strategies as st
import pytest
from tesla_protocol.telemetry import vehicle_data_pb2

from custom_components.teslalogger.fleet_telemetry.mqtt_topics import (
    FieldValue,
    read_content,
    read_topic,
)
from custom_components.teslalogger.fleet_telemetry.values import fields_of
from custom_components.teslalogger.vehicle import SIGNALS, Value, readings_from_stream

NOW: Final = 1_795_415_400.0
KEY: Final = 100
GEAR: Final = 10
KEEP: Final = "keep"
# Tesla's names in the order of Tesla's numbers.
NAMES: Final[dict[str, str | None]] = {
    "Unknown": None,
    "Off": "off",
    "Standby": "standby",
    "On": "on",
    "Standstill": "standstill",
    "Override": "override",
    "Fault": "fault",
    "PreFault": "pre_fault",
    "PreCancel": "pre_cancel",
}
NUMBERED: Final = list(enumerate(NAMES.items()))


def _varint(number: int) -> bytes:
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def _sent(value: bytes, key: int = KEY) -> dict[str, object]:
    """What the receiver reads of one field with this content of its Value."""
    datum = b"\x08" + _varint(key) + b"\x12" + _varint(len(value)) + value
    payload = b"\x0a" + _varint(len(datum)) + datum
    return fields_of(vehicle_data_pb2.Payload.FromString(payload).data)


def _typed(number: int) -> bytes:
    """Member 20 of Value, which the protocol of today does not know."""
    return b"\xa0\x01" + _varint(number)


def _text(text: str) -> bytes:
    return vehicle_data_pb2.Value(string_value=text).SerializeToString()


def _state(fields: dict[str, object]) -> Value:
    readings = readings_from_stream(fields, NOW, NOW)
    return readings["autopilot_state"].value if readings else KEEP


def _published(topic: str, payload: bytes) -> Value:
    place = read_topic("telemetry", f"telemetry/5YJ3E7EB8MF012346/v/{topic}")
    assert place is not None
    content = read_content(place, payload)
    if content is None:
        return KEEP
    assert isinstance(content, FieldValue)
    return _state({content.name: content.value})


def test_every_name_is_a_word() -> None:
    """Unknown is what Home Assistant calls unknown."""
    assert SIGNALS["autopilot_state"].options == tuple(word for word in NAMES.values() if word)


@pytest.mark.parametrize(("name", "word"), NAMES.items())
def test_text_of_old_firmware(name: str, word: str | None) -> None:
    """With the type's name and without it."""
    assert _state(_sent(_text(name))) == word
    assert _state(_sent(_text(f"CruiseState{name}"))) == word


@pytest.mark.parametrize(("number", "named"), NUMBERED)
def test_typed_by_its_number(number: int, named: tuple[str, str | None]) -> None:
    """The last of several counts, as for every field of a message."""
    assert _state(_sent(_typed(number))) == named[1]
    assert _state(_sent(_typed(7) + _typed(number))) == named[1]


@pytest.mark.parametrize("topic", ["CruiseState", "Deprecated_2"])
@pytest.mark.parametrize(("number", "named"), NUMBERED)
def test_published_by_a_server(topic: str, number: int, named: tuple[str, str | None]) -> None:
    """By its name then or now; as a name, or as a number in either way of JSON."""
    name, word = named
    for content in (name, f"CruiseState{name}", number, str(number)):
        assert _published(topic, json.dumps(content).encode()) == word


def test_a_server_that_does_not_know_the_type_tells_nothing() -> None:
    """It writes an empty object."""
    assert _published("Deprecated_2", b"{}") == KEEP


def test_invalid_ends_it() -> None:
    """A state that the car cannot tell any more is not the last one."""
    value = vehicle_data_pb2.Value(invalid=True).SerializeToString()

    assert _state(_sent(value)) is None
    assert _published("CruiseState", b"null") is None


@pytest.mark.parametrize("number", [9, 42, 2**31, 2**64 - 1])
def test_number_without_a_name_is_unknown(number: int) -> None:
    """It is news all the same."""
    assert _state(_sent(_typed(number))) is None
    assert _published("CruiseState", str(number).encode()) is None


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xa2\x01\x01\x03", id="another wire type"),
        pytest.param(b"\xc0\x03\x03", id="another unknown member"),
    ],
)
def test_what_is_not_the_member_tells_nothing(value: bytes) -> None:
    """Neither a state nor an error."""
    assert _sent(value) == {}


def test_the_member_belongs_to_its_field_only() -> None:
    """A gear of a type that is newer than this code is no state of the autopilot."""
    assert _sent(_typed(3), key=GEAR) == {}


@given(raw=st.text() | st.integers() | st.floats() | st.booleans() | st.none())
def test_nothing_raises(raw: object) -> None:
    """Whatever is told, it is a word of the sensor or unknown."""
    assert _state({"CruiseState": raw}) in NAMES.values()


@given(value=st.binary(max_size=20))
def test_no_content_of_the_value_raises(value: bytes) -> None:
    """What protobuf can read, this can."""
    try:
        vehicle_data_pb2.Value.FromString(value)
    except Exception:  # noqa: BLE001 - protobuf's own class depends on how it was built
        return
    assert set(_sent(value)) <= {"Deprecated_2"}
