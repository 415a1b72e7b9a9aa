"""Judging replies: faults, forgeries, and the order in which they are judged."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, strategies as st
import pytest
from tesla_protocol.command.signatures_pb2 import SessionInfo
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from custom_components.teslalogger.vehicle_command import (
    Domain,
    FaultStopped,
    KeyNotPaired,
    ReplyRejected,
    Request,
    Session,
    SessionOutOfDate,
    SubsystemTimeout,
    VehicleBusy,
    VehicleCommandError,
)
from custom_components.teslalogger.vehicle_command.faults import FAULTS, WITH_SESSION_INFO

from .car import Refusal, point
from .conftest import Pair
from .vectors import PROTOCOL, VECTORS, commanded

type Change = Callable[[RoutableMessage], object]


def memory(session: Session) -> tuple[Any, ...]:
    """Everything a reply could change."""
    peer = session._peer
    return (
        peer and peer.public_key,
        session._epoch,
        session._zero,
        session._counter,
        session._reserved,
        session._encrypts,
        session._car,
    )


def exchange(pair: Pair, *changes: Change, fault: str | None = None, later: float = 0.0) -> None:
    """Send a command and open its answer with `changes` made to it on the way."""
    pair.session.reserve(10)
    request = pair.session.sign(b"do it", now=pair.now)
    reply = RoutableMessage.FromString(pair.car.handle(request.message, fault=fault))
    for change in changes:
        change(reply)
    pair.session.open(request, reply.SerializeToString(), now=pair.now + later)


def greet(pair: Pair, *changes: Change, later: float = 0.0) -> None:
    """Shake hands with `changes` made to the answer on the way."""
    request = pair.session.handshake(now=pair.now)
    reply = RoutableMessage.FromString(pair.car.handle(request.message))
    for change in changes:
        change(reply)
    pair.session.open(request, reply.SerializeToString(), now=pair.now + later)


@pytest.mark.parametrize("number", sorted(set(FAULTS) - WITH_SESSION_INFO))
@pytest.mark.parametrize("encrypted", [True, False])
def test_a_fault_raises_its_error(met: Pair, number: int, *, encrypted: bool) -> None:
    """Encrypted with an empty payload, or plain as old firmware and unpaired keys get it."""
    met.car.encrypts = encrypted
    with pytest.raises(VehicleCommandError) as caught:
        exchange(met, fault=FAULTS[number].name)
    assert type(caught.value) is FAULTS[number].error
    assert caught.value.fault == number
    assert met.session._encrypts is encrypted
    assert not met.car.executed


def test_a_fault_of_newer_firmware_has_the_default_error(met: Pair) -> None:
    """The number is kept."""
    met.car.encrypts = False

    def change(reply: RoutableMessage) -> None:
        reply.signedMessageStatus.signed_message_fault = 4711  # type: ignore[assignment]  # newer

    with pytest.raises(FaultStopped) as caught:
        exchange(met, change)
    assert caught.value.fault == 4711


def test_a_changed_fault_does_not_decrypt(met: Pair) -> None:
    """The fault is under the tag: neither added, nor removed, nor exchanged."""

    def remove(reply: RoutableMessage) -> None:
        reply.ClearField("signedMessageStatus")

    def put(reply: RoutableMessage) -> None:
        reply.signedMessageStatus.signed_message_fault = "MESSAGEFAULT_ERROR_BUSY"  # type: ignore[assignment]  # a name

    for changes, fault in (((remove,), "DECODING"), ((put,), "DECODING"), ((put,), None)):
        with pytest.raises(ReplyRejected):
            exchange(met, *changes, fault=fault)


@pytest.mark.parametrize(
    ("mutate", "fault"),
    [
        (lambda car: setattr(car, "epoch", b"\x55" * 16), "INCORRECT_EPOCH"),
        (lambda car: setattr(car, "time", car.time + 60), "TIME_EXPIRED"),
        (lambda car: setattr(car, "counter", 1000), "INVALID_TOKEN_OR_COUNTER"),
    ],
)
def test_a_session_out_of_date_is_in_step_after_the_fault(
    met: Pair, mutate: Callable[[Any], None], fault: str
) -> None:
    """The same command, signed anew, is executed: once."""
    mutate(met.car)
    with pytest.raises(SessionOutOfDate) as caught:
        met.command(b"do it")
    assert caught.value.adopted
    assert not caught.value.may_have_succeeded
    assert caught.value.fault == Refusal(fault=fault).number
    assert met.command(b"do it").confirmed
    assert met.car.executed == [b"do it"]


def test_a_clock_that_fell_behind_in_the_same_epoch_is_refused(met: Pair) -> None:
    """TIME_TO_LIVE_TOO_LONG with a clock from the past is not adopted."""
    met.car.time -= 50
    before = memory(met.session)
    with pytest.raises(ReplyRejected, match="from the past"):
        greet(met)
    assert memory(met.session) == before


def test_a_long_lifetime_is_cured_by_the_newer_clock(met: Pair) -> None:
    """Our estimate ran ahead: adopt the car's clock."""
    met.now += 100
    met.car.time += 1
    with pytest.raises(SessionOutOfDate) as caught:
        met.command()
    assert caught.value.fault == Refusal(fault="TIME_TO_LIVE_TOO_LONG").number
    assert met.command().confirmed


@pytest.mark.parametrize(
    ("field", "change", "fault"),
    [
        ("payload", lambda m: setattr(m, "protobuf_message_as_bytes", b"x"), "INVALID_SIGNATURE"),
        ("flags", lambda m: setattr(m, "flags", 0), "INVALID_SIGNATURE"),
        (
            "counter",
            lambda m: setattr(m.signature_data.HMAC_Personalized_data, "counter", 9),
            "INVALID_SIGNATURE",
        ),
        (
            "expiry",
            lambda m: setattr(m.signature_data.HMAC_Personalized_data, "expires_at", 111),
            "INVALID_SIGNATURE",
        ),
        (
            "tag",
            lambda m: setattr(m.signature_data.HMAC_Personalized_data, "tag", bytes(32)),
            "INVALID_SIGNATURE",
        ),
        (
            "epoch",
            lambda m: setattr(m.signature_data.HMAC_Personalized_data, "epoch", bytes(16)),
            "INCORRECT_EPOCH",
        ),
        (
            "signer",
            lambda m: setattr(m.signature_data.signer_identity, "public_key", bytes(65)),
            "UNKNOWN_KEY_ID",
        ),
        (
            "domain",
            lambda m: setattr(m.to_destination, "domain", 5 - m.to_destination.domain),
            "INVALID_DOMAINS",
        ),
    ],
)
def test_the_car_refuses_a_changed_command(
    met: Pair, field: str, change: Change, fault: str
) -> None:
    """Each authenticated field of what we sign, and the fault that tells."""
    met.session.reserve(1)
    request = met.session.sign(b"do it", now=met.now)
    message = RoutableMessage.FromString(request.message)
    change(message)
    with pytest.raises(Refusal) as caught:
        met.car.verify(message)
    assert caught.value.number == Refusal(fault=fault).number, field


def test_a_command_that_arrived_twice_was_executed_once(met: Pair) -> None:
    """The second copy is refused, but its counter shows that the first one got through."""
    met.session.reserve(1)
    request = met.session.sign(b"do it", now=met.now)
    met.car.handle(request.message)
    with pytest.raises(SessionOutOfDate) as caught:
        met.session.open(request, met.car.handle(request.message), now=met.now)
    assert caught.value.fault == Refusal(fault="INVALID_TOKEN_OR_COUNTER").number
    assert caught.value.may_have_succeeded
    assert met.session.was_accepted(request) is True
    assert met.car.executed == [b"do it"]


def test_old_firmware_answers_in_plain_text(met: Pair) -> None:
    """Legal as long as the car has never encrypted."""
    met.car.encrypts = False
    reply = met.command()
    assert not reply.encrypted
    assert reply.confirmed
    assert reply.payload == met.car.answer


def test_plain_success_after_encrypted_ones_is_unconfirmed(met: Pair) -> None:
    """Neither success nor failure."""
    met.command()
    met.car.encrypts = False
    assert not met.command().confirmed


@pytest.mark.parametrize("field_present", [True, False])
def test_a_plain_success_without_content(met: Pair, *, field_present: bool) -> None:
    """A bare envelope says nothing; an empty message is how vehicle security says "done"."""
    met.car.encrypts = False
    met.session.reserve(1)
    request = met.session.sign(b"do it", now=met.now)
    reply = RoutableMessage.FromString(met.car.handle(request.message))
    reply.ClearField("protobuf_message_as_bytes")
    if field_present:
        reply.protobuf_message_as_bytes = b""
    opened = met.session.open(request, reply.SerializeToString(), now=met.now)
    assert opened.payload == b""
    assert opened.confirmed is (field_present and met.domain is Domain.VEHICLE_SECURITY)


def test_the_same_reply_is_not_opened_twice(met: Pair) -> None:
    """Another reply to the same request is, if its counter is its own."""
    met.session.reserve(1)
    request = met.session.sign(b"do it", now=met.now)
    answer = met.car.handle(request.message)
    met.session.open(request, answer, now=met.now)
    with pytest.raises(ReplyRejected, match="opened before"):
        met.session.open(request, answer, now=met.now)
    another = met.car.reply_to(RoutableMessage.FromString(request.message))
    assert request.tag is not None
    met.car.encrypt(another, b"", request.tag)
    assert met.session.open(request, another.SerializeToString(), now=met.now).confirmed


def test_a_reply_to_another_command_does_not_fit(met: Pair) -> None:
    """Even with the addresses made to fit: the request's tag is part of what is sealed."""
    met.session.reserve(2)
    first = met.session.sign(b"first", now=met.now)
    second = met.session.sign(b"second", now=met.now)
    answer = RoutableMessage.FromString(met.car.handle(first.message))
    answer.to_destination.routing_address = second.routing_address
    if answer.request_uuid:
        answer.request_uuid = second.uuid
    with pytest.raises(ReplyRejected, match="decrypted") as caught:
        met.session.open(second, answer.SerializeToString(), now=met.now)
    assert caught.value.may_have_succeeded


def _set(name: str, value: object) -> Change:
    return lambda reply: setattr(reply, name, value)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda reply: setattr(reply.from_destination, "domain", 4), "another domain"),
        (lambda reply: reply.ClearField("from_destination"), "another domain"),
        (lambda reply: setattr(reply.to_destination, "routing_address", b"x" * 16), "address"),
        (lambda reply: reply.ClearField("to_destination"), "another address"),
        (_set("request_uuid", b"x" * 16), "another request"),
        (_set("uuid", b"short"), "uuid"),
        (_set("flags", 1), "decrypted"),
        (lambda reply: reply.session_info_request.SetInParent(), "no reply contains"),
        (_set("protobuf_message_as_bytes", b"other"), "decrypted"),
        (
            lambda reply: setattr(reply.signature_data.AES_GCM_Response_data, "counter", 77),
            "decrypted",
        ),
        (
            lambda reply: setattr(reply.signature_data.AES_GCM_Response_data, "nonce", b"x"),
            "decrypted",
        ),
        (
            lambda reply: setattr(reply.signature_data.AES_GCM_Response_data, "tag", bytes(16)),
            "decrypted",
        ),
        (lambda reply: reply.signature_data.ClearField("AES_GCM_Response_data"), "signed in"),
        (_set("session_info", b""), "request|session info"),
        (_set("session_info", b"\xff"), "request|unreadable"),
    ],
)
def test_each_changed_field_is_refused(met: Pair, change: Change, why: str) -> None:
    """The outcome is unknown then, and the session is as before."""
    met.command()
    met.session.reserve(10)
    before = memory(met.session)
    with pytest.raises(ReplyRejected, match=why) as caught:
        exchange(met, change)
    assert caught.value.may_have_succeeded
    after = memory(met.session)
    assert after[:3] + after[5:] == before[:3] + before[5:]


@pytest.mark.parametrize("message", [b"\xff", b"", b"\x32"])
def test_what_is_no_message_is_refused(met: Pair, message: bytes) -> None:
    """Whatever came instead of an answer."""
    met.session.reserve(1)
    request = met.session.sign(b"", now=met.now)
    with pytest.raises(ReplyRejected):
        met.session.open(request, message, now=met.now)


@given(st.binary(max_size=200), st.integers(0, 100), st.integers(0, 100))
def test_no_bytes_make_it_fail_otherwise(noise: bytes, start: int, stop: int) -> None:
    """Noise, alone or spliced into a good answer, never counts as sealed and never crashes."""
    session, request = commanded(Domain.INFOTAINMENT)
    good = bytes.fromhex(VECTORS["infotainment_hmac_flags2_response_ok"]["message"])
    for message in (noise, good[:start] + noise + good[stop:]):
        try:
            reply = session.open(request, message, now=0.5)
        except VehicleCommandError:
            continue
        assert (
            reply.payload == b"\x0a\x00"
            if reply.encrypted
            else reply.payload or not reply.confirmed
        )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda reply: reply.ClearField("signature_data"), "wrong tag"),
        (
            lambda reply: setattr(reply.signature_data.session_info_tag, "tag", bytes(32)),
            "wrong tag",
        ),
        (lambda reply: reply.ClearField("request_uuid"), "another request"),
        (lambda reply: reply.ClearField("session_info"), "signed in|without a command"),
        (
            _set("session_info", SessionInfo(publicKey=bytes(65)).SerializeToString()),
            "usable key",
        ),
        (_set("session_info", SessionInfo().SerializeToString()), "usable key"),
    ],
)
def test_a_bad_handshake_changes_nothing(pair: Pair, change: Change, why: str) -> None:
    """And nothing can have been executed."""
    before = memory(pair.session)
    with pytest.raises(ReplyRejected, match=why) as caught:
        greet(pair, change)
    assert not caught.value.may_have_succeeded
    assert memory(pair.session) == before


def test_session_info_for_another_challenge_is_refused(pair: Pair) -> None:
    """A recorded answer cannot be played again."""
    old = pair.session.handshake(now=pair.now)
    recorded = RoutableMessage.FromString(pair.car.handle(old.message))
    request = pair.session.handshake(now=pair.now)
    recorded.to_destination.routing_address = request.routing_address
    recorded.request_uuid = request.uuid
    with pytest.raises(ReplyRejected, match="wrong tag"):
        pair.session.open(request, recorded.SerializeToString(), now=pair.now)


def _retagged(pair: Pair, **info: Any) -> Change:
    def change(reply: RoutableMessage) -> None:
        stated = {"publicKey": point(pair.car.key), "epoch": pair.car.epoch} | info
        reply.session_info = SessionInfo(**stated).SerializeToString()
        pair.car.tag_session_info(reply, reply.request_uuid)

    return change


@pytest.mark.parametrize("info", [{"epoch": b"short"}, {"status": 2}, {"status": 7}])
def test_genuine_session_info_that_cannot_be_used_is_refused(
    pair: Pair, info: dict[str, Any]
) -> None:
    """A good tag does not make it usable."""
    with pytest.raises(ReplyRejected, match="cannot be used"):
        greet(pair, _retagged(pair, **info))
    assert not pair.session.ready


def test_session_info_with_newer_fields_is_accepted(pair: Pair) -> None:
    """Firmware grows; the tag covers what we do not know."""

    def change(reply: RoutableMessage) -> None:
        reply.session_info += bytes.fromhex("f80601")
        pair.car.tag_session_info(reply, reply.request_uuid)
        extra = RoutableMessage.FromString(reply.SerializeToString() + bytes.fromhex("f80601"))
        reply.CopyFrom(extra)

    greet(pair, change)
    assert pair.session.ready


def test_encrypted_replies_with_newer_fields_are_accepted(met: Pair) -> None:
    """What is new stands above the known numbers, and the known ones are sealed."""
    met.session.reserve(1)
    request = met.session.sign(b"", now=met.now)
    answer = met.car.handle(request.message) + bytes.fromhex("f80601")
    assert met.session.open(request, answer, now=met.now).confirmed


def test_plain_success_with_newer_fields_is_refused(met: Pair) -> None:
    """Firmware that sends plain replies is older than our bindings and knows nothing newer."""
    met.car.encrypts = False
    met.session.reserve(1)
    request = met.session.sign(b"", now=met.now)
    answer = met.car.handle(request.message) + bytes.fromhex("f80601")
    with pytest.raises(ReplyRejected, match="old firmware"):
        met.session.open(request, answer, now=met.now)


@pytest.mark.parametrize(("later", "adopted"), [(10.0, True), (10.1, False)])
def test_session_info_must_be_fresh(met: Pair, later: float, *, adopted: bool) -> None:
    """Older than ten seconds, its clock is worth nothing; the fault still is."""
    met.reboot()
    epoch = met.session._epoch
    with pytest.raises(SessionOutOfDate) as caught:
        exchange(met, later=later)
    assert caught.value.adopted is adopted
    assert caught.value.fault == 15
    assert (met.session._epoch != epoch) is adopted


def test_a_late_handshake_is_worth_another(pair: Pair) -> None:
    """Temporary, nothing adopted."""
    with pytest.raises(SessionOutOfDate) as caught:
        greet(pair, later=10.5)
    assert not caught.value.adopted
    assert caught.value.temporary
    assert not pair.session.ready


@pytest.mark.parametrize("number", sorted({0, 4711, *FAULTS} - WITH_SESSION_INFO))
def test_session_info_beside_another_fault_proves_nothing(met: Pair, number: int) -> None:
    """The fault is not under the tag, so only the documented ones are believed."""
    met.reboot()

    def change(reply: RoutableMessage) -> None:
        reply.signedMessageStatus.signed_message_fault = number  # type: ignore[assignment]  # an enum's number

    with pytest.raises(ReplyRejected) as caught:
        exchange(met, change)
    assert caught.value.may_have_succeeded


def test_a_fault_beside_a_handshakes_session_info_is_refused(pair: Pair) -> None:
    """A handshake has no session to be out of step with."""

    def change(reply: RoutableMessage) -> None:
        reply.signedMessageStatus.signed_message_fault = 15  # type: ignore[assignment]  # an enum's number

    with pytest.raises(ReplyRejected):
        greet(pair, change)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"signed_message_fault": 1}, VehicleBusy),
        ({"signed_message_fault": 2}, SubsystemTimeout),
        ({"operation_status": 1}, VehicleBusy),
        ({}, ReplyRejected),
    ],
)
def test_a_handshake_may_be_answered_without_session_info(
    pair: Pair, changes: dict[str, int], error: type[VehicleCommandError]
) -> None:
    """Busy cars say so; anything else is no answer."""

    def change(reply: RoutableMessage) -> None:
        reply.ClearField("session_info")
        reply.ClearField("signature_data")
        for name, value in changes.items():
            setattr(reply.signedMessageStatus, name, value)

    with pytest.raises(error):
        greet(pair, change)


@pytest.mark.parametrize(
    ("status", "error", "may_have_succeeded"), [(1, VehicleBusy, True), (2, FaultStopped, False)]
)
def test_operation_status_without_fault(
    met: Pair, status: int, error: type[VehicleCommandError], *, may_have_succeeded: bool
) -> None:
    """WAIT promises nothing; ERROR is a failure even without a number."""

    def change(reply: RoutableMessage) -> None:
        reply.signedMessageStatus.operation_status = status  # type: ignore[assignment]  # an enum's number

    with pytest.raises(error) as caught:
        exchange(met, change)
    assert caught.value.may_have_succeeded is may_have_succeeded


def test_an_unpaired_key_is_told_and_changes_nothing(met: Pair) -> None:
    """Without proof it must not cost a good session."""
    met.car.paired = False
    before = memory(met.session)
    with pytest.raises(KeyNotPaired):
        greet(met)
    assert memory(met.session) == before
    with pytest.raises(KeyNotPaired):
        exchange(met)
    met.car.paired = True
    met.session.reserve(10)
    assert met.command().confirmed


def test_an_unpaired_key_is_told_with_proof_too(pair: Pair) -> None:
    """Some firmware sends key and tag all the same."""
    with pytest.raises(KeyNotPaired):
        greet(pair, _retagged(pair, status=1))
    assert not pair.session.ready
    with pytest.raises(ReplyRejected):
        greet(
            pair,
            _retagged(pair, status=1),
            lambda reply: setattr(reply.signature_data.session_info_tag, "tag", bytes(32)),
        )


def test_the_real_session_info_reply_is_parsed_and_not_believed() -> None:
    """A recorded reply of a car to an unknown client: without our key there is no proof."""
    recorded = bytes.fromhex(PROTOCOL["real_session_info_reply"])
    reply = RoutableMessage.FromString(recorded)
    info = SessionInfo.FromString(reply.session_info)
    assert (info.counter, info.clock_time, info.handle) == (0, 19, 10)
    pair = Pair(Domain.VEHICLE_SECURITY)
    request = Request(
        message=b"", uuid=b"", routing_address=reply.to_destination.routing_address, created=0.0
    )
    with pytest.raises(ReplyRejected, match="wrong tag"):
        pair.session.open(request, recorded, now=0.0)
    assert not pair.session.ready
