"""Records against what Tesla's own server made of the same frames."""

from datetime import datetime
import random
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given, strategies as st
import pytest
from tesla_protocol.telemetry import vehicle_alert_pb2, vehicle_data_pb2, vehicle_error_pb2

from custom_components.teslalogger.fleet_telemetry.acknowledgement import write_error
from custom_components.teslalogger.fleet_telemetry.envelope import MAX_FRAME
from custom_components.teslalogger.fleet_telemetry.records import (
    Alert,
    Audience,
    Receipt,
    read_frame,
)
from custom_components.teslalogger.vehicle.streamed import readings_from_stream

from .frames import CAR, FRAMES, with_payload

if TYPE_CHECKING:
    from .frames import Frame

DISPATCHED: Final = [frame for frame in FRAMES if frame.dispatched is not None]
NOT_OURS: Final = {"087_connectivity_connected", "088_connectivity_disconnected"}


def named(name: str) -> Frame:
    """A frame by the number at its beginning."""
    return next(frame for frame in FRAMES if frame.name.startswith(name))


def record_of(payload: vehicle_data_pb2.Payload) -> Any:
    """What a payload of our own making tells."""
    good = named("001")
    return read_frame(with_payload(good.content, payload.SerializeToString()), CAR).record


@pytest.mark.parametrize("frame", FRAMES, ids=str)
def test_answers_are_those_of_the_reference(frame: Frame) -> None:
    """Byte for byte, as many and in the same order."""
    assert read_frame(frame.content, CAR).answers == frame.answers


@pytest.mark.parametrize("frame", FRAMES, ids=str)
def test_readings_are_those_of_the_reference(frame: Frame) -> None:
    """What it published to MQTT gives the same readings; no record, no reading."""
    published = {
        topic.removeprefix("v/"): content
        for topic, content in frame.mqtt.items()
        if topic.startswith("v/")
    }
    record = read_frame(frame.content, CAR).record
    fields = record.fields if record else {}
    assert readings_from_stream(fields, 1.0, 1.0) == readings_from_stream(published, 1.0, 1.0)
    assert (record is not None) == (frame.dispatched is not None and frame.name not in NOT_OURS)


@pytest.mark.parametrize("frame", [f for f in DISPATCHED if f.name not in NOT_OURS], ids=str)
def test_fields_are_those_of_the_reference(frame: Frame) -> None:
    """Also of fields that are no signals, in the words in which it published them."""
    record = read_frame(frame.content, CAR).record
    assert record is not None
    published = {
        topic.removeprefix("v/"): content
        for topic, content in frame.mqtt.items()
        if topic.startswith("v/")
    }
    assert {name: _published(value) for name, value in record.fields.items()} == {
        name: content for name, content in published.items() if content != {} or name != "Soc"
    }
    assert frame.dispatched is not None
    assert record.created_at == _seconds(frame.dispatched["createdAt"])
    assert record.is_resend == frame.dispatched.get("isResend", False)


def _published(value: object) -> object:
    """As MQTT shows it: of the wheels only those that are true."""
    if isinstance(value, dict) and "front_left" in value:
        return {name: flag for name, flag in value.items() if flag}
    return value


def _seconds(text: str | None) -> Any:
    if text is None:
        return None
    # Python's clock has microseconds, the record nanoseconds.
    whole, fraction = text.removesuffix("Z").split(".")
    return pytest.approx(
        datetime.fromisoformat(f"{whole}+00:00").timestamp() + float(f"0.{fraction}"), abs=1e-6
    )


@pytest.mark.parametrize("frame", [f for f in FRAMES if f.name.startswith("08")], ids=str)
def test_alerts_and_errors_are_those_of_the_reference(frame: Frame) -> None:
    """Name, times, audiences, tags."""
    record = read_frame(frame.content, CAR).record
    alerts = [] if record is None else record.alerts
    errors = [] if record is None else record.errors
    expected = frame.dispatched or {}
    assert [(alert.name, alert.started_at, alert.ended_at) for alert in alerts] == [
        (alert["name"], _seconds(alert["startedAt"]), _seconds(alert["endedAt"]))
        for alert in expected.get("alerts", [])
    ]
    assert [(error.name, error.body, error.tags, error.created_at) for error in errors] == [
        (error["name"], error["body"], error["tags"], _seconds(error["createdAt"]))
        for error in expected.get("errors", [])
    ]


def test_single_precision_adds_no_digits() -> None:
    """A car that means 0.1 is not shown 0.10000000149011612; what is no number stays none."""
    payload = vehicle_data_pb2.Payload()
    values = {"TpmsPressureFl": 0.1, "TpmsPressureFr": 16777217.0, "TpmsPressureRl": float("inf")}
    for name, value in values.items():
        payload.data.add(key=vehicle_data_pb2.Field.Value(name)).value.float_value = value
    assert record_of(payload).fields == values | {"TpmsPressureFr": 16777216.0}


def test_an_alert_says_whom_it_is_for() -> None:
    """Whoever is newer than this code is left out."""
    ended = read_frame(named("081").content, CAR).record
    assert ended is not None
    assert ended.alerts[0].audiences == {Audience.SERVICE_FIX}
    unknown = read_frame(named("084").content, CAR).record
    assert unknown is not None
    assert unknown.alerts[0].audiences == frozenset()


def test_alert_times_in_thousandths_are_understood() -> None:
    """Some alerts count so; Tesla's server divides them, too."""
    payload = vehicle_alert_pb2.VehicleAlerts()
    alert = payload.alerts.add(name="APP_w222")
    alert.started_at.seconds = 1_773_500_966_000
    frame = with_payload(named("081").content, payload.SerializeToString())
    assert read_frame(frame, CAR) == Receipt(
        record=read_frame(frame, CAR).record, answers=named("081").answers
    )
    record = read_frame(frame, CAR).record
    assert record is not None
    assert record.alerts == (Alert(name="APP_w222", started_at=1_773_500_966.0),)


@pytest.mark.parametrize(
    "seconds", [300_000_000_000, 2**63 - 1, 4_102_444_800, 4_102_444_800_000, -1, -(2**63)]
)
def test_time_that_no_car_can_mean_is_none(seconds: int) -> None:
    """No calendar has it, or nobody alive: what is told is of unknown time."""
    payload = vehicle_alert_pb2.VehicleAlerts()
    payload.created_at.seconds = seconds
    payload.alerts.add(name="APP_w222").started_at.seconds = seconds
    record = read_frame(with_payload(named("081").content, payload.SerializeToString()), CAR).record
    assert record is not None
    assert record.created_at is None
    assert record.alerts == (Alert(name="APP_w222"),)


@pytest.mark.parametrize(
    ("vin", "problem"), [("", None), (CAR.device_id, None), ("5YJ3E1EA7KF000002", "foreign_vin")]
)
@pytest.mark.parametrize("topic", ["001", "081", "086"])
def test_record_that_names_another_car_is_counted(
    topic: str, vin: str, problem: str | None
) -> None:
    """As the reference has it, it is the certificate's all the same, and acknowledged."""
    kinds: dict[str, Any] = {
        "001": vehicle_data_pb2.Payload,
        "081": vehicle_alert_pb2.VehicleAlerts,
        "086": vehicle_error_pb2.VehicleErrors,
    }
    frame = with_payload(named(topic).content, kinds[topic](vin=vin).SerializeToString())
    receipt = read_frame(frame, CAR)
    assert (receipt.answers, receipt.problem) == (named(topic).answers, problem)
    assert vin not in repr(receipt) or not vin


def test_value_that_is_newer_than_this_code() -> None:
    """A field by its number, an enumeration by its number, a type not at all."""
    payload = vehicle_data_pb2.Payload()
    payload.data.add(key=9999).value.int_value = 7
    payload.data.add(key=vehicle_data_pb2.Gear).value.shift_state_value = 77  # type: ignore[assignment]
    payload.data.add(key=vehicle_data_pb2.Soc)
    record = record_of(payload)
    assert record.fields == {"9999": 7, "Gear": "77"}
    assert record.signals == 3


def test_last_value_of_a_field_counts() -> None:
    """If a record names it twice."""
    payload = vehicle_data_pb2.Payload()
    for value in (1.0, 2.0):
        payload.data.add(key=vehicle_data_pb2.Soc).value.double_value = value
    assert record_of(payload).fields == {"Soc": 2.0}


def test_place_of_old_firmware_that_is_none_stays_text() -> None:
    """Nothing is guessed."""
    payload = vehicle_data_pb2.Payload()
    payload.data.add(key=vehicle_data_pb2.Location).value.string_value = "(north, west)"
    assert record_of(payload).fields == {"Location": "(north, west)"}


def test_frame_beyond_the_limit_gets_the_error_answer() -> None:
    """And the connection may go on."""
    at_limit = named("001").content.ljust(MAX_FRAME, b"\0")
    assert read_frame(at_limit, CAR).record is not None
    assert read_frame(at_limit + b"\0", CAR) == Receipt(
        answers=(write_error(b""),), problem="too_large"
    )


def test_damaged_payload_gets_the_error_answer() -> None:
    """With the name of its record."""
    good = named("001")
    txid = good.envelope["txid"].encode()
    assert read_frame(with_payload(good.content, b"\xff\xff"), CAR) == Receipt(
        answers=(write_error(txid),), problem="malformed_payload"
    )


@given(st.sampled_from(FRAMES), st.integers(min_value=0), st.integers(1, 12))
def test_mutated_frames_never_raise(frame: Frame, seed: int, changes: int) -> None:
    """Something is always answered, so that a car does not wait."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    content = bytearray(frame.content or b"\0")
    for _ in range(changes):
        match chance.randrange(4):
            case 0 if content:
                content[chance.randrange(len(content))] = chance.randrange(256)
            case 1:
                del content[chance.randrange(len(content) + 1) :]
            case 2:
                place = chance.randrange(len(content) + 1)
                content[place:place] = chance.randbytes(chance.randrange(1, 9))
            case _ if len(content) > 4:
                place = chance.randrange(len(content) - 3)
                content[place : place + 4] = chance.randbytes(4)
    receipt = read_frame(bytes(content), CAR)
    assert receipt.answers
    if receipt.record:
        readings_from_stream(receipt.record.fields, 1.0, 1.0)
