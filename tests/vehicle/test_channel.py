"""The signed way: one car, two computers, every way to go wrong."""

import asyncio
from collections.abc import Callable
import logging

import pytest

from custom_components.teslalogger.tesla.errors import (
    AnswerLost,
    MissingScope,
    NotSent,
    RateLimited,
    SigningUnsupported,
    VehicleUnavailable,
)
from custom_components.teslalogger.vehicle import COMMANDS, Command, SignedChannel
from custom_components.teslalogger.vehicle.errors import (
    AcceptedWithoutAnswer,
    DeadlinePassed,
    HandshakeFailed,
    NoAnswerInTime,
)
from custom_components.teslalogger.vehicle.outcome import Result, result_of
from custom_components.teslalogger.vehicle.tally import Tally
from custom_components.teslalogger.vehicle_command import (
    Domain,
    FaultStopped,
    KeyNotPaired,
    Refused,
    ReplyRejected,
    SessionOutOfDate,
    StoredSession,
    Unconfirmed,
    VehicleBusy,
)

from .doubles import VIN, Behaviour, Clock, Cloud, Disk, Step

STATE = COMMANDS["set_sentry_mode"]
STATE_PAYLOAD = STATE.encode({"on": True})
TOGGLE = COMMANDS["media_toggle_playback"]
TOGGLE_PAYLOAD = TOGGLE.encode({})
LOCK = COMMANDS["door_lock"]
LOCK_PAYLOAD = LOCK.encode({})

type MakeChannel = Callable[[], SignedChannel]


async def test_the_first_command_shakes_hands_and_the_second_does_not(
    make_channel: MakeChannel, cloud: Cloud
) -> None:
    """A session is opened once."""
    channel, tally = make_channel(), Tally()
    await channel.send(STATE, STATE_PAYLOAD, tally)
    assert (tally.requests, tally.sends, cloud.handshakes) == (2, 1, [Domain.INFOTAINMENT])
    await channel.send(STATE, STATE_PAYLOAD, tally)
    assert (tally.requests, tally.sends) == (3, 2)
    assert cloud.executed == [STATE_PAYLOAD] * 2


async def test_only_the_needed_computer_is_asked(make_channel: MakeChannel, cloud: Cloud) -> None:
    """A door locks although the other computer says nothing."""
    cloud.handshake_script = []
    await make_channel().send(LOCK, LOCK_PAYLOAD, Tally())
    assert cloud.handshakes == [Domain.VEHICLE_SECURITY]


async def test_after_a_restart_the_first_command_costs_one_request(
    make_channel: MakeChannel, cloud: Cloud
) -> None:
    """Session and counter come from the disk."""
    await make_channel().send(STATE, STATE_PAYLOAD, Tally())
    tally = Tally()
    await make_channel().send(STATE, STATE_PAYLOAD, tally)
    assert tally.requests == 1
    assert len(cloud.executed) == 2


async def test_counters_are_on_disk_before_they_are_used(
    make_channel: MakeChannel, cloud: Cloud, disk: Disk
) -> None:
    """Whenever the power fails, the stored counter is not below one that was used."""
    channel = make_channel()
    computer = cloud.computers[Domain.INFOTAINMENT]
    for _ in range(205):
        await channel.send(STATE, STATE_PAYLOAD, Tally())
        stored = disk.load(VIN, Domain.INFOTAINMENT)
        assert stored is not None
        assert stored.counter >= computer.counter
    assert disk.saves == 3


async def test_counters_that_are_not_on_disk_are_not_used(
    make_channel: MakeChannel, cloud: Cloud, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full stops commands until it takes the counters."""
    channel = make_channel()
    with monkeypatch.context() as full:
        full.setattr(disk, "save", fail_to_save)
        for _ in range(2):
            with pytest.raises(OSError, match="full"):
                await channel.send(STATE, STATE_PAYLOAD, Tally())
    assert not cloud.executed
    await channel.send(STATE, STATE_PAYLOAD, Tally())
    assert cloud.executed == [STATE_PAYLOAD]


async def test_what_was_done_counts_as_done_whatever_the_disk_does(
    make_channel: MakeChannel,
    cloud: Cloud,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The car has answered; only that it encrypts has to be learnt again."""
    cloud.computers[Domain.INFOTAINMENT].encrypts = True
    channel = make_channel()
    save = disk.save

    async def save_the_handshake_only(vin: str, domain: Domain, stored: StoredSession) -> None:
        if stored.encrypts:
            await fail_to_save()
        await save(vin, domain, stored)

    monkeypatch.setattr(disk, "save", save_the_handshake_only)
    for _ in range(2):
        await channel.send(STATE, STATE_PAYLOAD, Tally())
    assert cloud.executed == [STATE_PAYLOAD] * 2
    assert "its session is not kept: OSError" in caplog.text
    assert VIN not in caplog.text


async def fail_to_save(*_: object) -> None:
    """Stand for a disk that is full."""
    message = "full"
    raise OSError(message)


async def test_a_damaged_stored_session_costs_a_handshake_only(
    make_channel: MakeChannel, cloud: Cloud, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be read is left behind, without the VIN in the log."""
    await make_channel().send(STATE, STATE_PAYLOAD, Tally())
    # A point with the right prefix and size that does not lie on the curve.
    disk.files[VIN, Domain.INFOTAINMENT]["public_key"] = "BA" + "A" * 85 + "="
    await make_channel().send(STATE, STATE_PAYLOAD, Tally())
    assert len(cloud.executed) == 2
    assert "damaged" in caplog.text
    assert VIN not in caplog.text


@pytest.mark.parametrize("step", [5, 6, 15, 17, 20, 26, Behaviour.REBOOT], ids=str)
@pytest.mark.parametrize(("command", "payload"), [(STATE, STATE_PAYLOAD), (TOGGLE, TOGGLE_PAYLOAD)])
async def test_a_session_out_of_date_is_invisible(
    make_channel: MakeChannel, cloud: Cloud, command: Command, payload: bytes, step: Step
) -> None:
    """The car did not execute, and says how it sees the session: the second sending works."""
    cloud.script = [step]
    tally = Tally()
    await make_channel().send(command, payload, tally)
    assert (tally.sends, cloud.executed) == (2, [payload])


async def test_a_reboot_is_on_disk_at_once(make_channel: MakeChannel, cloud: Cloud) -> None:
    """A restart right after the resynchronisation still needs no handshake."""
    cloud.script = [Behaviour.OBEY, Behaviour.REBOOT]
    channel = make_channel()
    await channel.send(STATE, STATE_PAYLOAD, Tally())
    await channel.send(STATE, STATE_PAYLOAD, Tally())
    tally = Tally()
    await make_channel().send(STATE, STATE_PAYLOAD, tally)
    assert tally.requests == 1


async def test_a_session_that_stays_out_of_date_ends_after_two_sendings(
    make_channel: MakeChannel, cloud: Cloud
) -> None:
    """It was certainly not executed, so it is unreachable and not unknown."""
    cloud.script = [15, 15, 15, 15]
    tally = Tally()
    with pytest.raises(SessionOutOfDate) as caught:
        await make_channel().send(TOGGLE, TOGGLE_PAYLOAD, tally)
    assert result_of(caught.value, in_doubt=tally.doubt is not None) is Result.UNREACHABLE
    assert len(cloud.commands) == 2


async def test_a_changed_key_of_the_car_is_survived(
    make_channel: MakeChannel, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """New computer, new key: one warning, and the same press succeeds."""
    channel = make_channel()
    await channel.send(STATE, STATE_PAYLOAD, Tally())
    cloud.script = [Behaviour.CHANGE_KEY]
    await channel.send(STATE, STATE_PAYLOAD, Tally())
    assert len(cloud.executed) == 2
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert "another key" in warnings[0].getMessage()
    assert VIN not in caplog.text


async def test_a_changed_key_seen_in_a_handshake_is_survived(
    make_channel: MakeChannel, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """The car was given a new computer while the answer to a toggle was lost."""
    channel = make_channel()
    await channel.send(STATE, STATE_PAYLOAD, Tally())
    cloud.script = [Behaviour.LOSE_REQUEST]
    cloud.handshake_script = [Behaviour.CHANGE_KEY]
    tally = Tally()
    with pytest.raises(AnswerLost):
        await channel.send(TOGGLE, TOGGLE_PAYLOAD, tally)
    assert tally.doubt is not None
    assert "another key" in caplog.text
    await channel.send(STATE, STATE_PAYLOAD, Tally())


async def test_a_busy_car_gets_one_more_chance(
    make_channel: MakeChannel, cloud: Cloud, clock: Clock
) -> None:
    """BUSY says that nothing was executed, so even a toggle goes out again, after a pause."""
    cloud.script = [1]
    await make_channel().send(TOGGLE, TOGGLE_PAYLOAD, Tally())
    assert cloud.executed == [TOGGLE_PAYLOAD]
    assert clock.naps == [4.0]


async def test_a_car_that_stays_busy_is_unreachable(
    make_channel: MakeChannel, cloud: Cloud
) -> None:
    """Two sendings, both certainly not executed."""
    cloud.script = [1, 1]
    tally = Tally()
    with pytest.raises(VehicleBusy) as caught:
        await make_channel().send(TOGGLE, TOGGLE_PAYLOAD, tally)
    assert result_of(caught.value, in_doubt=tally.doubt is not None) is Result.UNREACHABLE


@pytest.mark.parametrize(
    "step",
    [
        2,
        11,
        Behaviour.LOSE_REQUEST,
        Behaviour.LOSE_ANSWER,
        Behaviour.GARBLE_ANSWER,
        Behaviour.WAIT_AFTER,
    ],
    ids=str,
)
async def test_a_state_is_sent_again_when_nobody_knows(
    make_channel: MakeChannel, cloud: Cloud, step: Step
) -> None:
    """Setting a state twice is setting it once."""
    cloud.script = [step]
    tally = Tally()
    await make_channel().send(STATE, STATE_PAYLOAD, tally)
    assert (len(cloud.commands), len(cloud.handshakes)) == (2, 1)


@pytest.mark.parametrize("step", [2, 11, Behaviour.LOSE_REQUEST], ids=str)
async def test_a_toggle_the_car_never_took_is_sent_again(
    make_channel: MakeChannel, cloud: Cloud, clock: Clock, step: Step
) -> None:
    """The counter shows that it was not accepted, and by then it has expired."""
    channel = make_channel()
    cloud.script = [step]
    began = clock()
    tally = Tally()
    await channel.send(TOGGLE, TOGGLE_PAYLOAD, tally)
    assert cloud.executed == [TOGGLE_PAYLOAD]
    assert (tally.sends, tally.requests, tally.doubt) == (2, 4, None)
    assert clock() - began >= 10


@pytest.mark.parametrize(
    "step", [Behaviour.LOSE_ANSWER, Behaviour.WAIT_AFTER, Behaviour.GARBLE_ANSWER]
)
async def test_a_toggle_the_car_took_is_never_sent_again(
    make_channel: MakeChannel, cloud: Cloud, step: Step
) -> None:
    """Taken, but what the car did is not known: neither done nor failed."""
    cloud.script = [step]
    tally = Tally()
    with pytest.raises(AcceptedWithoutAnswer) as caught:
        await make_channel().send(TOGGLE, TOGGLE_PAYLOAD, tally)
    assert result_of(caught.value, in_doubt=tally.doubt is not None) is Result.UNKNOWN
    assert cloud.executed == [TOGGLE_PAYLOAD]


@pytest.mark.parametrize(
    "handshake",
    [MissingScope, NotSent, Behaviour.REBOOT],
    ids=["scope", "net", "boot"],
)
async def test_a_toggle_stays_unknown_when_the_counter_cannot_be_asked(
    make_channel: MakeChannel, cloud: Cloud, handshake: Step
) -> None:
    """Without an answer, or with one about another epoch, nothing is sent again."""
    channel = make_channel()
    await channel.send(STATE, STATE_PAYLOAD, Tally())
    cloud.script = [Behaviour.LOSE_REQUEST]
    cloud.handshake_script = [handshake] * 4
    tally = Tally()
    with pytest.raises(AnswerLost):
        await channel.send(TOGGLE, TOGGLE_PAYLOAD, tally)
    assert tally.doubt is not None
    assert cloud.commands == ["signed", "signed"]
    assert cloud.executed == [STATE_PAYLOAD]


async def test_a_delayed_toggle_is_not_doubled(make_channel: MakeChannel, cloud: Cloud) -> None:
    """It arrives while the counter is asked for, too late to be executed."""
    cloud.script = [Behaviour.DELAY_REQUEST]
    await make_channel().send(TOGGLE, TOGGLE_PAYLOAD, Tally())
    assert cloud.executed == [TOGGLE_PAYLOAD]


async def test_the_next_command_waits_for_a_doubtful_one_to_expire(
    make_channel: MakeChannel, cloud: Cloud, clock: Clock
) -> None:
    """Else "on" could arrive after "off"."""
    channel = make_channel()
    cloud.script = [Behaviour.LOSE_REQUEST]
    await channel.send(STATE, STATE_PAYLOAD, Tally())
    sent = clock()
    await channel.send(STATE, STATE.encode({"on": False}), Tally())
    assert clock() - sent >= 9


async def test_a_doubtful_sending_keeps_a_later_refusal_from_being_believed(
    make_channel: MakeChannel, cloud: Cloud
) -> None:
    """The car refused the second copy; what it did with the first is not known."""
    cloud.script = [Behaviour.LOSE_ANSWER, Behaviour.REFUSE]
    tally = Tally()
    with pytest.raises(Refused) as caught:
        await make_channel().send(STATE, STATE_PAYLOAD, tally)
    assert result_of(caught.value, in_doubt=tally.doubt is not None) is Result.UNKNOWN


async def test_a_refusal_is_final(make_channel: MakeChannel, cloud: Cloud) -> None:
    """The car's reason comes through and nothing is repeated."""
    cloud.script = [Behaviour.REFUSE]
    with pytest.raises(Refused, match="not_today"):
        await make_channel().send(STATE, STATE_PAYLOAD, Tally())
    assert len(cloud.commands) == 1


@pytest.mark.parametrize("fault", [3, 4])
async def test_an_unknown_key_is_final(make_channel: MakeChannel, cloud: Cloud, fault: int) -> None:
    """Pairing is the user's to do."""
    cloud.script = [fault]
    with pytest.raises(KeyNotPaired):
        await make_channel().send(STATE, STATE_PAYLOAD, Tally())
    assert len(cloud.commands) == 1


async def test_an_unknown_key_shows_in_the_handshake(
    make_channel: MakeChannel, cloud: Cloud
) -> None:
    """Then no command goes out at all."""
    cloud.computers[Domain.INFOTAINMENT].paired = False
    with pytest.raises(KeyNotPaired):
        await make_channel().send(STATE, STATE_PAYLOAD, Tally())
    assert cloud.commands == []


@pytest.mark.parametrize("fault", [7, 8, 9, 10, 12, 13, 14, 16, 18, 19, 21, 24, 27, 28, 29, 99])
async def test_other_faults_stop_at_once(
    make_channel: MakeChannel, cloud: Cloud, fault: int
) -> None:
    """Repetition cures none of them; a number of newer firmware neither."""
    cloud.script = [fault]
    tally = Tally()
    with pytest.raises(FaultStopped) as caught:
        await make_channel().send(STATE, STATE_PAYLOAD, tally)
    assert len(cloud.commands) == 1
    assert result_of(caught.value, in_doubt=tally.doubt is not None) is Result.REFUSED


async def test_an_answer_too_large_to_send_leaves_the_outcome_unknown(
    make_channel: MakeChannel, cloud: Cloud
) -> None:
    """RESPONSE_MTU_EXCEEDED: the command itself may well have been executed."""
    cloud.script = [25]
    tally = Tally()
    with pytest.raises(FaultStopped) as caught:
        await make_channel().send(STATE, STATE_PAYLOAD, tally)
    assert len(cloud.commands) == 1
    assert result_of(caught.value, in_doubt=tally.doubt is not None) is Result.UNKNOWN


@pytest.mark.parametrize("step", [NotSent, Behaviour.LOSE_REQUEST, 1, 2, Behaviour.GARBLE_ANSWER])
async def test_a_handshake_is_repeated_with_growing_pauses(
    make_channel: MakeChannel, cloud: Cloud, clock: Clock, step: Step
) -> None:
    """Whatever became of it, another one does no harm."""
    cloud.handshake_script = [step, step, step]
    await make_channel().send(STATE, STATE_PAYLOAD, Tally())
    assert clock.naps == [1.0, 2.0, 4.0]
    assert len(cloud.commands) == 1


@pytest.mark.parametrize("step", [AnswerLost, NotSent, 1])
async def test_a_handshake_that_never_works_means_not_sent(
    make_channel: MakeChannel, cloud: Cloud, step: Step
) -> None:
    """A lost handshake leaves no doubt about the command, which never went out."""
    cloud.handshake_script = [step] * 9
    tally = Tally()
    with pytest.raises(HandshakeFailed) as caught:
        await make_channel().send(TOGGLE, TOGGLE_PAYLOAD, tally)
    assert result_of(caught.value, in_doubt=tally.doubt is not None) is Result.UNREACHABLE
    assert cloud.commands == []


@pytest.mark.parametrize(
    "error", [SigningUnsupported, VehicleUnavailable, MissingScope, RateLimited]
)
@pytest.mark.parametrize("in_handshake", [True, False])
async def test_what_tesla_settles_is_not_repeated(
    make_channel: MakeChannel, cloud: Cloud, error: type[Exception], *, in_handshake: bool
) -> None:
    """The router decides about these."""
    script: list[Step] = [error]  # type: ignore[list-item]  # a class makes one of its own
    cloud.handshake_script, cloud.script = (script, []) if in_handshake else ([], script)
    with pytest.raises(error):
        await make_channel().send(STATE, STATE_PAYLOAD, Tally())
    assert len(cloud.commands) == (0 if in_handshake else 1)


async def test_a_connection_that_did_not_come_about_is_tried_once_more(
    make_channel: MakeChannel, cloud: Cloud
) -> None:
    """Nothing was sent, so a toggle may go too."""
    cloud.script = [NotSent]
    await make_channel().send(TOGGLE, TOGGLE_PAYLOAD, Tally())
    assert cloud.executed == [TOGGLE_PAYLOAD]


async def test_signing_happens_when_its_turn_has_come(
    make_channel: MakeChannel, cloud: Cloud, clock: Clock
) -> None:
    """Twelve presses at once, a second and a half each: none has expired when it goes out."""
    channel = make_channel()
    post = cloud.signed_command

    async def slow(vin: str, message: bytes) -> bytes:
        await asyncio.sleep(0)
        clock.now += 1.5
        return await post(vin, message)

    cloud.signed_command = slow  # type: ignore[method-assign]  # a slow road
    await asyncio.gather(*(channel.send(STATE, STATE_PAYLOAD, Tally()) for _ in range(12)))
    assert len(cloud.executed) == len(cloud.commands) == 12
    assert len(cloud.handshakes) == 1


async def test_the_two_computers_do_not_wait_for_each_other(
    make_channel: MakeChannel, cloud: Cloud
) -> None:
    """A door locks while infotainment is still silent."""
    channel = make_channel()
    await channel.send(STATE, STATE_PAYLOAD, Tally())
    post = cloud.signed_command
    gate = asyncio.Event()
    first = True

    async def held(vin: str, message: bytes) -> bytes:
        nonlocal first
        if first:
            first = False
            await gate.wait()
        return await post(vin, message)

    cloud.signed_command = held  # type: ignore[method-assign]  # infotainment hangs
    waiting = asyncio.create_task(channel.send(STATE, STATE_PAYLOAD, Tally()))
    await asyncio.sleep(0)
    await channel.send(LOCK, LOCK_PAYLOAD, Tally())
    assert not waiting.done()
    gate.set()
    await waiting


async def test_who_waits_too_long_in_the_queue_is_not_sent(
    make_channel: MakeChannel, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue counts into the deadline."""
    monkeypatch.setattr("custom_components.teslalogger.vehicle.channel.DEADLINE", 0.01)
    channel = make_channel()
    gate = asyncio.Event()

    async def silent(vin: str, message: bytes) -> bytes:
        assert vin
        assert message
        await gate.wait()
        raise NotSent

    cloud.signed_command = silent  # type: ignore[method-assign]  # nobody ever answers
    results = await asyncio.gather(
        *(channel.send(STATE, STATE_PAYLOAD, Tally()) for _ in range(2)), return_exceptions=True
    )
    assert {type(result) for result in results} <= {HandshakeFailed, DeadlinePassed}
    assert DeadlinePassed in {type(result) for result in results}


async def test_an_answer_that_does_not_come_in_time_leaves_doubt(
    make_channel: MakeChannel, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole press ends at the deadline, whatever the transport does."""
    channel = make_channel()
    await channel.send(STATE, STATE_PAYLOAD, Tally())
    monkeypatch.setattr("custom_components.teslalogger.vehicle.channel.DEADLINE", 0.01)

    async def silent(vin: str, message: bytes) -> bytes:
        assert vin
        assert message
        await asyncio.Event().wait()
        return b""

    cloud.signed_command = silent  # type: ignore[method-assign]  # nobody ever answers
    tally = Tally()
    with pytest.raises(NoAnswerInTime) as caught:
        await channel.send(STATE, STATE_PAYLOAD, tally)
    assert result_of(caught.value, in_doubt=tally.doubt is not None) is Result.UNKNOWN


async def test_no_time_left_after_a_slow_handshake_means_not_sent(
    make_channel: MakeChannel, cloud: Cloud, clock: Clock
) -> None:
    """The command stays at home."""
    post = cloud.signed_command

    async def slow(vin: str, message: bytes) -> bytes:
        answer = await post(vin, message)
        clock.now += 9
        return answer

    cloud.signed_command = slow  # type: ignore[method-assign]  # a slow road
    cloud.handshake_script = [1, 1, 1]
    tally = Tally()
    with pytest.raises((DeadlinePassed, HandshakeFailed)):
        await make_channel().send(TOGGLE, TOGGLE_PAYLOAD, tally)
    assert (tally.sends, tally.doubt) == (0, None)


@pytest.mark.parametrize(
    ("command", "error"), [(TOGGLE, AcceptedWithoutAnswer), (LOCK, Unconfirmed)]
)
async def test_a_plain_success_of_a_car_that_encrypts_is_not_believed(
    make_channel: MakeChannel,
    cloud: Cloud,
    command: Command,
    error: type[AcceptedWithoutAnswer | Unconfirmed],
) -> None:
    """Anybody could have said it. That the car encrypts is known over a restart."""
    computer, payload = cloud.computers[command.domain], command.encode({})
    computer.encrypts = True
    await make_channel().send(command, payload, Tally())
    computer.encrypts = False
    tally = Tally()
    with pytest.raises(error) as caught:
        await make_channel().send(command, payload, tally)
    assert isinstance(caught.value, AcceptedWithoutAnswer | Unconfirmed)
    assert result_of(caught.value, in_doubt=tally.doubt is not None) is Result.UNKNOWN
    computer.encrypts = True
    await make_channel().send(command, payload, Tally())


async def test_the_other_computer_does_not_wait_for_a_doubtful_command(
    make_channel: MakeChannel, cloud: Cloud, clock: Clock
) -> None:
    """Nor does vehicle security wait for its own: it takes no command out of order."""
    channel = make_channel()
    cloud.script = [Behaviour.LOSE_REQUEST, Behaviour.OBEY, Behaviour.LOSE_REQUEST]
    await channel.send(STATE, STATE_PAYLOAD, Tally())
    began = clock()
    await channel.send(LOCK, LOCK_PAYLOAD, Tally())
    await channel.send(LOCK, LOCK_PAYLOAD, Tally())
    assert clock() - began < 5


async def test_a_handshake_answered_without_proof_is_not_adopted(
    make_channel: MakeChannel, cloud: Cloud
) -> None:
    """Four answers with a wrong tag: not sent."""
    cloud.handshake_script = [Behaviour.GARBLE_ANSWER] * 4
    with pytest.raises(HandshakeFailed) as caught:
        await make_channel().send(STATE, STATE_PAYLOAD, Tally())
    assert isinstance(caught.value.__cause__, ReplyRejected)
    assert cloud.commands == []


async def test_a_toggle_sent_late_is_not_checked_beyond_the_deadline(
    make_channel: MakeChannel, cloud: Cloud, clock: Clock, disk: Disk
) -> None:
    """It could still be executed when the time for the press is over: unknown."""
    save = disk.save

    async def slow(vin: str, domain: Domain, stored: StoredSession) -> None:
        clock.now += 25
        await save(vin, domain, stored)

    disk.save = slow  # type: ignore[method-assign]  # a slow disk
    cloud.script = [Behaviour.LOSE_REQUEST]
    tally = Tally()
    with pytest.raises(AnswerLost):
        await make_channel().send(TOGGLE, TOGGLE_PAYLOAD, tally)
    assert tally.doubt is not None
    assert len(cloud.commands) == 1


async def test_a_command_is_not_sent_after_the_deadline(
    make_channel: MakeChannel, cloud: Cloud, clock: Clock, disk: Disk
) -> None:
    """Saving the session took all the time."""
    save = disk.save

    async def slow(vin: str, domain: Domain, stored: StoredSession) -> None:
        clock.now += 31
        await save(vin, domain, stored)

    disk.save = slow  # type: ignore[method-assign]  # a slow disk
    tally = Tally()
    with pytest.raises(DeadlinePassed):
        await make_channel().send(TOGGLE, TOGGLE_PAYLOAD, tally)
    assert (cloud.commands, tally.sends, tally.doubt) == ([], 0, None)


async def test_an_epoch_without_counters_is_an_end(make_channel: MakeChannel, cloud: Cloud) -> None:
    """The last number is used up; the car begins a new epoch by itself, later."""
    cloud.computers[Domain.INFOTAINMENT].counter = 0xFFFFFFFF
    with pytest.raises(HandshakeFailed):
        await make_channel().send(STATE, STATE_PAYLOAD, Tally())
    cloud.computers[Domain.INFOTAINMENT].reboot()
    await make_channel().send(STATE, STATE_PAYLOAD, Tally())
