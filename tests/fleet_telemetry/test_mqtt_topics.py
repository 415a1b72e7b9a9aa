"""Topics and payloads against what Tesla's own server published of the reference's frames."""

import csv
from dataclasses import replace
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.fleet_telemetry.envelope import MAX_FRAME
from custom_components.teslalogger.fleet_telemetry.mqtt_topics import (
    Alerts,
    Connectivity,
    Content,
    FieldValue,
    Kind,
    Place,
    filters,
    is_base,
    read_content,
    read_topic,
)
from custom_components.teslalogger.fleet_telemetry.records import (
    Alert,
    Audience,
    CarError,
    read_frame,
)
from custom_components.teslalogger.vehicle.streamed import readings_from_stream

from .frames import CAR, FRAMES

if TYPE_CHECKING:
    from .frames import Frame

VIN: Final = CAR.device_id
BASE: Final = "telemetry"
PUBLISHED: Final = [frame for frame in FRAMES if frame.mqtt]
FIELDS_CSV: Final = Path(__file__).parents[1] / "data" / "telemetry-fields.csv"


def read(topic: str, payload: bytes, *, base: str = BASE) -> Content | None:
    """What a message tells, through topic and payload."""
    place = read_topic(base, f"{base}/{VIN}/{topic}")
    return None if place is None else read_content(place, payload)


def contents(frame: Frame) -> list[Content | None]:
    """What was published of a frame, read."""
    return [read(topic, json.dumps(content).encode()) for topic, content in frame.mqtt.items()]


def in_seconds(alert: Alert) -> Alert:
    """As MQTT has it, which knows no fractions."""
    times = (alert.started_at, alert.ended_at)
    started_at, ended_at = (None if time is None else float(int(time)) for time in times)
    return replace(alert, started_at=started_at, ended_at=ended_at)


@pytest.mark.parametrize("frame", PUBLISHED, ids=str)
def test_readings_are_those_of_the_embedded_decoder(frame: Frame) -> None:
    """Whichever way a frame takes."""
    told = contents(frame)
    fields = {value.name: value.value for value in told if isinstance(value, FieldValue)}
    record = read_frame(frame.content, CAR).record
    streamed = record.fields if record else {}
    assert readings_from_stream(fields, 1.0, 1.0) == readings_from_stream(streamed, 1.0, 1.0)
    assert fields.keys() <= streamed.keys() <= {*fields, "Experimental_1"}


@pytest.mark.parametrize("frame", PUBLISHED, ids=str)
def test_alerts_and_errors_are_those_of_the_embedded_decoder(frame: Frame) -> None:
    """But for fractions of seconds; the current alert is one of its history."""
    record = read_frame(frame.content, CAR).record
    histories: list[Alert] = []
    current: list[Alert] = []
    for topic, content in frame.mqtt.items():
        told = read(topic, json.dumps(content).encode())
        if isinstance(told, Alerts):
            (histories if topic.endswith("/history") else current).extend(told.alerts)
    assert sorted(histories, key=str) == sorted(
        map(in_seconds, record.alerts if record else ()), key=str
    )
    assert set(current) <= set(histories)
    errors = [told for told in contents(frame) if isinstance(told, CarError)]
    assert errors == [
        replace(error, created_at=error.created_at and float(int(error.created_at)))
        for error in (record.errors if record else ())
    ]


def test_every_message_of_the_reference_is_understood() -> None:
    """But for the value of a type that the server itself did not know."""
    unread = {
        (frame.name, topic)
        for frame in PUBLISHED
        for topic, content in frame.mqtt.items()
        if read(topic, json.dumps(content).encode()) is None
    }
    assert {name[:3] for name, _ in unread} == {"054", "073"}
    kinds = {
        place.kind
        for frame in PUBLISHED
        for topic in frame.mqtt
        if (place := read_topic(BASE, f"{BASE}/{VIN}/{topic}"))
    }
    assert kinds == set(Kind)


def test_a_car_comes_and_goes() -> None:
    """With the name of its connection."""
    told = [
        content
        for frame in PUBLISHED
        for content in contents(frame)
        if type(content) is Connectivity
    ]
    name = "0b5c2f9e-3f0e-4a53-9d3d-7d9e2a6b1c00"
    assert told == [
        Connectivity(is_connected=True, connection_id=name),
        Connectivity(is_connected=False, connection_id=name),
    ]


def test_wheels_without_trouble_are_named_by_nobody() -> None:
    """So there, and only there, an empty object means something."""
    with FIELDS_CSV.open() as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        told = read(f"v/{row['name']}", b"{}")
        assert (told is not None) == (row["value_type"] == "tire_location"), row["name"]
    told = read("v/TpmsHardWarnings", b"{}")
    assert isinstance(told, FieldValue)
    readings = readings_from_stream({told.name: told.value}, 1.0, 1.0)
    assert {reading.value for reading in readings.values()} == {False}


@pytest.mark.parametrize(
    ("topic", "place"),
    [
        ("b/V/v/Soc", Place(vin="V", kind=Kind.FIELD, name="Soc")),
        ("b/V/v/9999", Place(vin="V", kind=Kind.FIELD, name="9999")),
        ("b/V/alerts/A/current", Place(vin="V", kind=Kind.CURRENT_ALERT, name="A")),
        ("b/V/alerts/A/history", Place(vin="V", kind=Kind.ALERT_HISTORY, name="A")),
        ("b/V/errors/E", Place(vin="V", kind=Kind.ERROR, name="E")),
        ("b/V/connectivity", Place(vin="V", kind=Kind.CONNECTIVITY)),
        ("b", None),
        ("b/", None),
        ("b/V", None),
        ("b/V/", None),
        ("b//connectivity", None),
        ("b//v/Soc", None),
        ("b/V/v", None),
        ("b/V/v/", None),
        ("b/V/v/Soc/x", None),
        ("b/V/alerts/A", None),
        ("b/V/alerts/A/latest", None),
        ("b/V/alerts//current", None),
        ("b/V/errors/E/x", None),
        ("b/V/connectivity/x", None),
        ("b/V/metrics/M", None),
        ("bb/V/v/Soc", None),
        ("x/b/V/v/Soc", None),
    ],
)
def test_topics(topic: str, place: Place | None) -> None:
    """Those of the server, and what may stand beside them."""
    assert read_topic("b", topic) == place


def test_base_may_have_levels() -> None:
    """As many as the server's owner likes."""
    assert read("v/Soc", b"1", base="fleet/eu/telemetry") == FieldValue(name="Soc", value=1)
    assert filters("fleet/eu") == (
        "fleet/eu/+/v/+",
        "fleet/eu/+/alerts/+/+",
        "fleet/eu/+/errors/+",
        "fleet/eu/+/connectivity",
    )


@pytest.mark.parametrize("base", ["telemetry", "fleet/eu", "/tesla", "Größe 1", "a" * 1000])
def test_base_that_a_server_can_have(base: str) -> None:
    """Nearly anything."""
    assert is_base(base)


@pytest.mark.parametrize("base", ["", "a/+", "#", "a\0", "a\nb", "\ud800", "a" * 40_000])
def test_base_that_no_server_can_have(base: str) -> None:
    """Wildcards would match somebody else's; the rest is no topic."""
    assert not is_base(base)


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("v/Soc", b""),
        ("v/Soc", b"sixty"),
        ("v/Soc", b"[1]"),
        ("v/Soc", b"1 2"),
        ("v/Soc", b"\xff\xfe\xfd"),
        ("v/Soc", b"NaN"),
        ("v/Soc", b"Infinity"),
        ("v/Soc", b"-Infinity"),
        ("v/Soc", b"1e999"),
        ("v/Soc", b"1" + b"0" * 30),
        ("v/Soc", b"1" * 10_000),
        ("v/Soc", b"[" * 200_000),
        ("v/Location", b'{"a":' * 200_000),
        ("v/VehicleName", rb'"\ud83d"'),
        ("v/VehicleName", b'"' + b"x" * MAX_FRAME + b'"'),
        ("alerts/A/current", b"[]"),
        ("alerts/A/current", b"null"),
        ("alerts/A/history", b"{}"),
        ("alerts/A/history", b'"x"'),
        ("errors/E", b"[]"),
        ("errors/E", b"1"),
        ("connectivity", b"{}"),
        ("connectivity", b'"CONNECTED"'),
        ("connectivity", b'{"Status": "MAYBE"}'),
        ("connectivity", b'{"Status": ["CONNECTED"]}'),
    ],
    ids=lambda value: str(value)[:30],
)
def test_nonsense_is_nothing(topic: str, payload: bytes) -> None:
    """Also what only Python takes for JSON."""
    assert read(topic, payload) is None


def test_what_is_half_nonsense_is_half_understood() -> None:
    """Members of the wrong type are as good as absent."""
    assert read("connectivity", b'{"Status": "CONNECTED", "ConnectionId": 7}') == Connectivity(
        is_connected=True
    )
    alert = (
        b'{"StartedAt": "yesterday", "EndedAt": "2026-03-14T15:09:26", "Audiences": [1, "Service"]}'
    )
    nearly = Alert(name="A", audiences=frozenset({Audience.SERVICE}))
    assert read("alerts/A/current", alert) == Alerts(alerts=(nearly,))
    assert read("alerts/A/history", b'[1, {"Audiences": "Service"}]') == Alerts(
        alerts=(Alert(name="A"),)
    )
    assert read("errors/E", b'{"Body": 1, "Tags": {"a": "b", "c": 1}, "CreatedAt": 5}') == CarError(
        name="E", body="", tags={"a": "b"}
    )
    assert read("errors/E", b'{"Tags": [1]}') == CarError(name="E", body="")


def test_escaped_characters_are_characters() -> None:
    """Both halves of one, and those that Go escapes."""
    assert read("v/VehicleName", rb'"\ud83d\ude97 \u003cA\u003e"') == FieldValue(
        name="VehicleName", value="\N{AUTOMOBILE} <A>"
    )


KINDS: Final = st.sampled_from(Kind)
NAMES: Final = st.sampled_from(
    ["Soc", "Gear", "Location", "DoorState", "TpmsHardWarnings", "ScheduledDepartureTime", "x"]
)
ANY_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(KINDS, NAMES, st.binary() | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_nothing_raises(kind: Kind, name: str, payload: bytes) -> None:
    """Nor does what is understood, further on."""
    content = read_content(Place(vin=VIN, kind=kind, name=name), payload)
    if isinstance(content, FieldValue):
        readings_from_stream({content.name: content.value}, 1.0, 1.0)


@given(st.text(), st.text(alphabet="/abv\0é"))
def test_no_topic_raises(base: str, topic: str) -> None:
    """Whatever the base."""
    is_base(base)
    place: Any = read_topic(base, f"{base}/{topic}")
    assert place is None or place.vin
