"""The life of a session: handshake, signing, counters, disk, unknown outcomes."""

from hypothesis import given, strategies as st
import pytest
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from custom_components.teslalogger.vehicle_command import (
    CounterExhausted,
    DamagedSession,
    Domain,
    KeyChanged,
    NeedsReservation,
    NoSession,
    Session,
    SessionOutOfDate,
    StoredSession,
)

from .car import private_key
from .conftest import VIN, Pair
from .vectors import CLIENT, PREFIX, VECTORS, VEHICLE, commanded, handshaken, scripted

MAX = 0xFFFFFFFF


def restored(counter: int = 0, *, pair: Pair | None = None) -> Session:
    """A session from disk, with the vectors' key if no pair is given."""
    stored = StoredSession(
        public_key=VEHICLE.public_point,
        epoch=bytes(16),
        zero_wall=1000.0,
        counter=counter,
        encrypts=False,
    )
    key = CLIENT if pair is None else pair.key
    return Session.restore(key, VIN, Domain.INFOTAINMENT, stored, now=0.0, wall_now=1500.0)


@pytest.mark.parametrize("domain", Domain)
def test_signs_the_recorded_message(domain: Domain) -> None:
    """Field for field what Tesla's reference sends, flags 2 included."""
    _, request = commanded(domain)
    vector = VECTORS[f"{PREFIX[domain]}_hmac_flags2"]
    expected = RoutableMessage.FromString(bytes.fromhex(vector["message"]))
    assert RoutableMessage.FromString(request.message) == expected
    assert request.tag is not None
    assert request.tag.hex() == vector["tag"]
    assert (request.counter, request.expires_at) == (7, 2655)


def test_handshake_shows_our_key_to_the_domain(pair: Pair) -> None:
    """And nothing else: no signature, no flags."""
    request = pair.session.handshake(now=1.0)
    message = RoutableMessage.FromString(request.message)
    assert message.session_info_request.public_key == pair.key.public_point
    assert message.to_destination.domain == pair.domain.value
    assert message.from_destination.routing_address == request.routing_address
    assert message.uuid == request.uuid
    assert len(request.uuid) == len(request.routing_address) == 16
    assert not message.HasField("signature_data")
    assert message.flags == 0
    assert request.counter is None


def test_every_message_has_its_own_uuid_and_address(met: Pair) -> None:
    """They are the challenge of session info, so they must not be guessed or repeated."""
    met.session.reserve(20)
    requests = [met.session.handshake(now=0.0) for _ in range(20)]
    requests += [met.session.sign(b"", now=5000.0) for _ in range(20)]
    assert len({request.uuid for request in requests}) == 40
    assert len({request.routing_address for request in requests}) == 40


def test_random_source_is_the_one_handed_in() -> None:
    """A test can repeat a conversation byte by byte."""
    session = Session(CLIENT, VIN, Domain.INFOTAINMENT, random=scripted(b"u" * 16, b"a" * 16))
    request = session.handshake(now=0.0)
    assert (request.uuid, request.routing_address) == (b"u" * 16, b"a" * 16)


def test_nothing_is_signed_before_the_handshake(pair: Pair) -> None:
    """Neither signed nor stored."""
    assert not pair.session.ready
    with pytest.raises(NoSession):
        pair.session.sign(b"", now=0.0)
    with pytest.raises(NoSession):
        pair.session.export(now=0.0, wall_now=0.0)


def test_a_round_trip_executes_once_and_confirms(met: Pair) -> None:
    """Both ends agree on what happened."""
    reply = met.command(b"honk")
    assert (reply.payload, reply.encrypted, reply.confirmed) == (met.car.answer, True, True)
    assert met.car.executed == [b"honk"]
    assert met.session.counter == met.car.counter == 1


def test_counters_rise_by_one_and_beyond_the_cars(met: Pair) -> None:
    """The car's count is taken over in the same epoch only if it is ahead."""
    assert [met.command() and met.session.counter for _ in range(3)] == [1, 2, 3]
    met.car.counter = 1003
    met.shake_hands()
    assert met.session.counter == 1003
    met.car.counter = 5
    met.shake_hands()
    assert met.session.counter == 1003
    met.reboot()
    met.shake_hands()
    assert met.session.counter == 0


def test_expiry_counts_from_signing_on_the_cars_clock(met: Pair) -> None:
    """Whole seconds, rounded down, so that a command dies rather too early."""
    met.session.reserve(10)
    assert met.session.sign(b"", now=5000.25, lifetime=10.0).expires_at == 110
    assert met.session.sign(b"", now=5000.24, lifetime=10.0).expires_at == 109
    late = met.session.sign(b"", now=5007.9, lifetime=5.0)
    assert late.expires_at == 112
    assert late.expires_at_now is not None
    assert met.car.time + (late.expires_at_now - 5000.25) > late.expires_at


@pytest.mark.parametrize("lifetime", [0.0, -1.0, 30.5])
def test_lifetimes_that_no_car_accepts_are_ours_to_refuse(met: Pair, lifetime: float) -> None:
    """And cost no counter."""
    met.session.reserve(1)
    with pytest.raises(ValueError, match="cannot live"):
        met.session.sign(b"", now=0.0, lifetime=lifetime)
    assert met.session.counter == 0


def test_only_reserved_counters_are_used(met: Pair) -> None:
    """The export covers every number handed out before the next reservation."""
    with pytest.raises(NeedsReservation):
        met.session.sign(b"", now=5000.0)
    met.session.reserve(2)
    assert met.session.export(now=0.0, wall_now=0.0).counter == 2
    assert [met.session.sign(b"", now=5000.0).counter for _ in range(2)] == [1, 2]
    with pytest.raises(NeedsReservation):
        met.session.sign(b"", now=5000.0)
    met.session.reserve(1)
    assert met.session.sign(b"", now=5000.0).counter == 3


def test_a_smaller_reservation_takes_nothing_back(met: Pair) -> None:
    """Otherwise the disk could say less than was promised."""
    met.session.reserve(100)
    met.session.reserve(1)
    assert met.session.export(now=0.0, wall_now=0.0).counter == 100


def test_a_new_epoch_needs_a_new_reservation(met: Pair) -> None:
    """Its counters are not the ones on disk."""
    met.session.reserve(100)
    met.reboot()
    met.shake_hands()
    with pytest.raises(NeedsReservation):
        met.session.sign(b"", now=5000.0)


def test_the_last_counter_is_used_and_none_after_it() -> None:
    """A wrapped counter would be refused, or worse."""
    session = restored(MAX - 1)
    session.reserve(100)
    assert session.export(now=0.0, wall_now=0.0).counter == MAX
    assert session.sign(b"", now=0.0).counter == MAX
    assert not session.ready
    with pytest.raises(CounterExhausted):
        session.sign(b"", now=0.0)


def test_restart_costs_no_handshake_and_no_counter_twice(met: Pair) -> None:
    """The restored session goes on beyond the reserved block, on the same car clock."""
    met.session.reserve(100)
    met.command(b"first")
    stored = met.session.export(now=met.now, wall_now=1.7e9)
    met.car.time += 3600
    met.session = Session.restore(met.key, VIN, met.domain, stored, now=12.5, wall_now=1.7e9 + 3600)
    met.now = 12.5
    assert met.session.ready
    assert met.session.counter == 100
    reply = met.command(b"second")
    assert reply.confirmed
    assert met.car.executed == [b"first", b"second"]
    assert met.car.counter == 101


@pytest.mark.parametrize("jump", [-1.7e9, 1e12])
def test_a_wall_clock_that_jumped_costs_one_resync(met: Pair, jump: float) -> None:
    """A machine without a battery-backed clock may believe in 1970 after a restart."""
    stored = met.session.export(now=met.now, wall_now=1.7e9)
    met.session = Session.restore(
        met.key, VIN, met.domain, stored, now=met.now, wall_now=1.7e9 + jump
    )
    with pytest.raises(SessionOutOfDate) as caught:
        met.command()
    assert caught.value.adopted
    assert met.command().confirmed
    assert len(met.car.executed) == 1


def test_restart_remembers_that_the_car_encrypts(met: Pair) -> None:
    """A plain success after the restart is no more trusted than before it."""
    met.command()
    stored = met.session.export(now=met.now, wall_now=0.0)
    assert stored.encrypts
    met.session = Session.restore(met.key, VIN, met.domain, stored, now=met.now, wall_now=0.0)
    met.car.encrypts = False
    assert not met.command().confirmed


def test_a_stored_key_that_is_none_is_told() -> None:
    """A damaged file costs a handshake."""
    stored = StoredSession(
        public_key=bytes(65), epoch=bytes(16), zero_wall=0.0, counter=0, encrypts=False
    )
    with pytest.raises(DamagedSession):
        Session.restore(CLIENT, VIN, Domain.INFOTAINMENT, stored, now=0.0, wall_now=0.0)


def test_forgetting_keeps_counters_of_the_epoch(met: Pair) -> None:
    """A lost command's number is not used for another one."""
    met.session.reserve(10)
    met.session.sign(b"lost on its way", now=met.now)
    met.session.forget()
    assert not met.session.ready
    met.shake_hands()
    assert met.session.counter == 1
    assert met.session.sign(b"", now=met.now).counter == 2


def test_a_changed_key_is_told_and_pinned(met: Pair) -> None:
    """After service work the car has another key: a warning, and on it goes."""
    met.command()
    met.car.key = private_key("7777")
    met.reboot()
    with pytest.raises(KeyChanged) as caught:
        met.shake_hands()
    assert caught.value.adopted
    assert not caught.value.may_have_succeeded
    assert met.command(b"again").confirmed
    assert met.car.executed[-1] == b"again"


def test_a_changed_key_is_noticed_by_a_command(met: Pair) -> None:
    """The refusal brings the new key along; no extra handshake is needed."""
    met.car.key = private_key("7777")
    met.reboot()
    with pytest.raises(KeyChanged) as caught:
        met.command(b"lost")
    assert caught.value.fault == 15
    assert met.command(b"again").confirmed
    assert met.car.executed == [b"again"]


def test_forgetting_unpins_silently(met: Pair) -> None:
    """After `forget` the next key is trusted on first use again."""
    met.session.forget()
    met.car.key = private_key("7777")
    assert met.shake_hands().confirmed


@pytest.mark.parametrize("executed", [True, False])
def test_the_counter_tells_what_became_of_a_command(met: Pair, *, executed: bool) -> None:
    """Once the car's own clock is past the expiry, its counter is the truth."""
    met.session.reserve(10)
    request = met.session.sign(b"toggle", now=met.now)
    assert met.session.was_accepted(request) is None
    if executed:
        met.car.handle(request.message)
    met.pass_time(5)
    met.shake_hands()
    assert met.session.was_accepted(request) is (True if executed else None)
    met.pass_time(6)
    assert request.expires_at_now is not None
    assert met.now >= request.expires_at_now
    met.shake_hands()
    assert met.session.was_accepted(request) is executed


def test_a_slow_car_clock_is_waited_for(met: Pair) -> None:
    """The car's clock decides about expiry, not ours."""
    met.session.reserve(10)
    request = met.session.sign(b"toggle", now=met.now)
    met.now += 60
    met.car.time += 5
    met.shake_hands()
    assert met.session.was_accepted(request) is None
    met.car.handle(request.message)
    met.shake_hands()
    assert met.session.was_accepted(request) is True


def test_after_a_reboot_nobody_can_tell(met: Pair) -> None:
    """It may have been executed before the reboot; the new epoch does not know."""
    met.session.reserve(10)
    request = met.session.sign(b"toggle", now=met.now)
    met.reboot()
    met.pass_time(60)
    met.shake_hands()
    assert met.session.was_accepted(request) is None


def test_after_another_command_nobody_can_tell(met: Pair) -> None:
    """A higher counter says nothing about the ones below it."""
    met.session.reserve(10)
    request = met.session.sign(b"toggle", now=met.now)
    met.command(b"another")
    met.pass_time(60)
    met.shake_hands()
    assert met.session.was_accepted(request) is None


def test_after_a_restart_the_car_must_speak_first() -> None:
    """A session from disk has heard nothing in this run."""
    session = restored()
    session.reserve(1)
    request = session.sign(b"", now=0.0)
    assert session.was_accepted(request) is None


def test_only_commands_can_be_accepted(pair: Pair) -> None:
    """Asking about a handshake is a mistake of ours."""
    with pytest.raises(ValueError, match="only a signed command"):
        pair.session.was_accepted(pair.session.handshake(now=0.0))


def test_requests_and_replies_do_not_show_what_they_carry(met: Pair) -> None:
    """A command may hold a PIN, an answer a place."""
    met.session.reserve(1)
    request = met.session.sign(b"PIN 1234", now=met.now)
    met.car.answer = b"\x0a\x00secret place"
    reply = met.session.open(request, met.car.handle(request.message), now=met.now)
    assert "1234" not in repr(request)
    assert "secret place" not in repr(reply)


@given(st.floats(0, 1e9), st.integers(0, 2**30), st.floats(0.001, 30), st.floats(0, 10))
def test_a_command_never_outlives_its_lifetime(
    now: float, clock: int, lifetime: float, latency: float
) -> None:
    """Whatever the clocks and the delay of the handshake, the estimate errs towards earlier."""
    pair = Pair(Domain.INFOTAINMENT)
    pair.car.time = clock
    hello = pair.session.handshake(now=now)
    received = now + latency
    try:
        pair.session.open(hello, pair.car.handle(hello.message), now=received)
    except SessionOutOfDate:
        return  # rounding made 10 seconds a little more
    pair.session.reserve(1)
    request = pair.session.sign(b"", now=received, lifetime=lifetime)
    assert request.expires_at is not None
    true_clock = clock + latency
    assert request.expires_at <= true_clock + lifetime + 1e-5


def test_the_handshake_of_the_vectors_gives_counter_and_clock() -> None:
    """Counter 6, clock 2650."""
    session, hello, answer = handshaken(Domain.INFOTAINMENT)
    session.open(hello, answer, now=10.0)
    assert session.counter == 6
    assert session.export(now=10.0, wall_now=5000.0).zero_wall == 5000.0 - 2650
