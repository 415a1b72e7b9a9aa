"""One computer of a car: what it obeys, what it refuses, and how it answers."""

from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from google.protobuf.message import DecodeError
import pytest
from tesla_protocol.command.signatures_pb2 import SessionInfo
from tesla_protocol.command.universal_message_pb2 import OPERATIONSTATUS_WAIT, RoutableMessage

from simulator.car.protocol import INFOTAINMENT, VEHICLE_SECURITY, Fault, Mischief
from simulator.vehicle import ReplyLost

from .client import fault_of
from .conftest import REPLY

if TYPE_CHECKING:
    from .client import Client
    from .conftest import Garage

ORDER = b"\x12\x04\x52\x02\x08\x01"
STRANGER = SessionInfo(status="SESSION_INFO_STATUS_KEY_NOT_ON_WHITELIST")
SECURITY_ONLY, INFOTAINMENT_ONLY = (
    pytest.mark.parametrize("domain", [number]) for number in (VEHICLE_SECURITY, INFOTAINMENT)
)


def _carries_session_info(reply: RoutableMessage) -> bool:
    assert reply.HasField("signature_data") is bool(reply.session_info)
    return bool(reply.session_info)


# What it says of itself.


def test_it_introduces_itself_to_a_paired_key(garage: Garage, client: Client) -> None:
    """Both domains name the request, or nobody could check the tag."""
    hello = client.hello()
    reply = client.ask(hello)
    client.adopt(reply, hello.uuid)
    assert client.info.counter == 0
    assert client.info.clock_time == 3600
    assert len(client.info.epoch) == 16
    assert garage.executed == {}


def test_a_stranger_learns_only_that_it_is_one(garage: Garage, domain: int) -> None:
    """Neither key nor tag."""
    stranger = garage.client(domain, paired=False)
    hello = stranger.hello()
    reply = stranger.ask(hello)
    assert SessionInfo.FromString(reply.session_info) == STRANGER
    assert not reply.HasField("signature_data")
    assert reply.request_uuid == hello.uuid


def test_session_info_shows_the_newest_counter(garage: Garage, client: Client) -> None:
    """So that a client finds out whether its command arrived."""
    client.ask(client.command(ORDER, counter=41))
    assert client.handshake().counter == 41
    other = garage.client(client.domain)
    assert other.info.counter == 0


def test_the_domains_are_strangers_to_each_other(garage: Garage) -> None:
    """Keys, epochs and counters of their own."""
    security, infotainment = garage.client(VEHICLE_SECURITY), garage.client(INFOTAINMENT)
    security.ask(security.command(ORDER))
    assert security.info.publicKey != infotainment.info.publicKey
    assert security.info.epoch != infotainment.info.epoch
    assert (security.handshake().counter, infotainment.handshake().counter) == (1, 0)


# What it obeys.


def test_it_executes_a_command_and_seals_the_reply(garage: Garage, client: Client) -> None:
    """Once, with what was signed."""
    request = client.command(ORDER)
    reply = client.ask(request)
    assert client.read(reply, request) == REPLY
    assert garage.executed == {client.domain: [ORDER]}
    assert not reply.HasField("signedMessageStatus")


@pytest.mark.parametrize("flags", [0, 1])
def test_it_answers_in_plain_text_unless_asked(garage: Garage, client: Client, flags: int) -> None:
    """As firmware before 2024.38 always does."""
    reply = client.ask(client.command(ORDER, flags=flags))
    assert reply.protobuf_message_as_bytes == REPLY
    assert not reply.HasField("signature_data")
    assert garage.executed == {client.domain: [ORDER]}


def test_only_infotainment_names_the_command_it_answers(client: Client) -> None:
    """Vehicle security leaves the field empty."""
    request = client.command(ORDER)
    reply = client.ask(request)
    assert reply.request_uuid == (request.uuid if client.domain == INFOTAINMENT else b"")


def test_replies_are_numbered(garage: Garage, client: Client) -> None:
    """From one in every epoch; and no nonce serves twice."""
    replies = [client.ask(client.command(ORDER)) for _ in range(3)]
    garage.computers.reboot()
    client.handshake()
    replies.append(client.ask(client.command(ORDER)))
    sealed = [reply.signature_data.AES_GCM_Response_data for reply in replies]
    assert [one.counter for one in sealed] == [1, 2, 3, 1]
    assert len({one.nonce for one in sealed}) == 4


def test_a_reply_is_tied_to_its_request(client: Client) -> None:
    """It cannot be taken for the answer to another one."""
    first, second = client.command(ORDER), client.command(ORDER)
    reply = client.ask(first)
    assert client.read(reply, first) == REPLY
    with pytest.raises(InvalidTag):
        client.read(reply, second)


def test_counters_may_be_skipped(garage: Garage, client: Client) -> None:
    """Clients reserve them in blocks."""
    client.ask(client.command(ORDER))
    assert fault_of(client.ask(client.command(ORDER, counter=1001))) == 0
    assert len(garage.executed[client.domain]) == 2


def test_a_payload_that_is_none_is_not_executed(garage: Garage, client: Client) -> None:
    """What carries commands out says so."""

    def refuse(_: bytes) -> bytes:
        raise DecodeError

    computer = garage.computers[client.domain]
    object.__setattr__(computer, "execute", refuse)
    request = client.command(b"\xff")
    reply = client.ask(request)
    assert fault_of(reply) == Fault.DECODING
    assert client.read(reply, request) == b""


# What it refuses.

FORGERIES: dict[str, tuple[dict[str, Any], Fault]] = {
    "another VIN": ({"vin": "5YJ3E7EB8MF012347"}, Fault.INVALID_SIGNATURE),
    "another domain": ({"domain": 0}, Fault.INVALID_SIGNATURE),
    "another signature type": ({"signature_type": 5}, Fault.INVALID_SIGNATURE),
    "another epoch": ({"epoch": bytes(16)}, Fault.INCORRECT_EPOCH),
    "half an epoch": ({"epoch": bytes(8)}, Fault.INCORRECT_EPOCH),
    "no epoch": ({"epoch": b""}, Fault.INCORRECT_EPOCH),
    "expired": ({"expires_at": 3599}, Fault.TIME_EXPIRED),
    "without expiry": ({"expires_at": 0}, Fault.TIME_EXPIRED),
    "absurd expiry": ({"expires_at": 2**30 + 1}, Fault.BAD_PARAMETER),
    "counter zero": ({"counter": 0}, Fault.INVALID_TOKEN_OR_COUNTER),
    "counter zero, long life": (
        {"counter": 0, "expires_at": 3631},
        Fault.TIME_TO_LIVE_TOO_LONG,
    ),
}


@pytest.mark.parametrize(("changes", "fault"), FORGERIES.values(), ids=FORGERIES)
def test_it_refuses_and_helps_to_resync(
    garage: Garage, client: Client, changes: dict[str, Any], fault: Fault
) -> None:
    """With session info for the command's uuid, in plain text."""
    request = client.command(ORDER, **changes)
    reply = client.ask(request)
    assert fault_of(reply) == fault
    client.adopt(reply, request.uuid)
    assert garage.executed == {}
    assert fault_of(client.ask(client.command(ORDER))) == 0


@pytest.mark.parametrize("life", [0, 1, 2**30 - 3600])
def test_a_new_counter_may_live_as_long_as_it_likes(client: Client, life: int) -> None:
    """Up to the end of the epoch."""
    assert fault_of(client.ask(client.command(ORDER, life=life))) == 0


def test_nothing_is_executed_twice(garage: Garage, client: Client) -> None:
    """The same bytes again, at once or later."""
    request = client.command(ORDER)
    client.ask(request)
    assert fault_of(client.ask(request)) == Fault.INVALID_TOKEN_OR_COUNTER
    client.ask(client.command(ORDER))
    assert fault_of(client.ask(request)) == Fault.INVALID_TOKEN_OR_COUNTER
    assert len(garage.executed[client.domain]) == 2


def test_the_counter_zero_is_never_taken(garage: Garage, client: Client) -> None:
    """Not even where it is within the window."""
    client.ask(client.command(ORDER, counter=7))
    zero = client.ask(client.command(ORDER, counter=0))
    assert fault_of(zero) == Fault.INVALID_TOKEN_OR_COUNTER
    assert len(garage.executed[client.domain]) == 1


def test_the_newest_counter_again_is_no_matter_of_life(client: Client) -> None:
    """It is used, however long the command may live."""
    client.ask(client.command(ORDER, counter=7))
    again = client.ask(client.command(ORDER, counter=7, life=31))
    assert fault_of(again) == Fault.INVALID_TOKEN_OR_COUNTER


@SECURITY_ONLY
def test_vehicle_security_wants_rising_counters(garage: Garage, client: Client) -> None:
    """A late command is lost."""
    client.ask(client.command(ORDER, counter=7))
    late = client.ask(client.command(ORDER, counter=6))
    assert fault_of(late) == Fault.INVALID_TOKEN_OR_COUNTER
    assert len(garage.executed[client.domain]) == 1


@INFOTAINMENT_ONLY
def test_infotainment_takes_late_commands(garage: Garage, client: Client) -> None:
    """Each once, of the last 32, in any order."""
    client.ask(client.command(ORDER, counter=40))
    faults = [
        fault_of(client.ask(client.command(ORDER, counter=counter, life=30)))
        for counter in (39, 8, 20, 20, 7)
    ]
    assert faults == [0, 0, 0, Fault.INVALID_TOKEN_OR_COUNTER, Fault.INVALID_TOKEN_OR_COUNTER]
    assert len(garage.executed[client.domain]) == 4


def test_late_commands_must_be_short_lived(client: Client) -> None:
    """30 seconds; in vehicle security this is found out first."""
    client.ask(client.command(ORDER, counter=40))
    late = client.ask(client.command(ORDER, counter=39, life=31))
    assert fault_of(late) == Fault.TIME_TO_LIVE_TOO_LONG


def test_a_key_that_is_not_paired_is_unknown(garage: Garage, client: Client) -> None:
    """However well it signs; it gets no session info either."""
    garage.keys.clear()
    reply = client.ask(client.command(ORDER))
    assert fault_of(reply) == Fault.UNKNOWN_KEY_ID
    assert not _carries_session_info(reply)
    assert garage.executed == {}


def test_another_s_signature_is_wrong(garage: Garage, client: Client) -> None:
    """A paired key cannot sign for another paired key."""
    other = garage.client(client.domain)
    request = client.command(ORDER)
    request.signature_data.signer_identity.public_key = other.point
    assert fault_of(client.ask(request)) == Fault.INVALID_SIGNATURE


def _without_signature(message: RoutableMessage) -> None:
    message.ClearField("signature_data")


def _with_handle(message: RoutableMessage) -> None:
    message.signature_data.signer_identity.handle = 10


def _with_other_signature(message: RoutableMessage) -> None:
    message.signature_data.session_info_tag.tag = bytes(32)


def _with_session_info(message: RoutableMessage) -> None:
    message.session_info = ORDER


def _without_uuid(message: RoutableMessage) -> None:
    message.ClearField("uuid")


def _with_short_uuid(message: RoutableMessage) -> None:
    message.uuid = bytes(12)


def _with_short_address(message: RoutableMessage) -> None:
    message.from_destination.routing_address = bytes(12)


def _with_short_tag(message: RoutableMessage) -> None:
    signature = message.signature_data.HMAC_Personalized_data
    signature.tag = signature.tag[:31]


def _with_more_flags(message: RoutableMessage) -> None:
    message.flags |= 1


def _with_more_payload(message: RoutableMessage) -> None:
    message.protobuf_message_as_bytes += b"\x00"


MANIPULATIONS = {
    _without_signature: Fault.UNKNOWN_KEY_ID,
    _with_handle: Fault.INVALID_KEY_HANDLE,
    _with_other_signature: Fault.BAD_PARAMETER,
    _with_session_info: Fault.BAD_PARAMETER,
    _without_uuid: Fault.BAD_PARAMETER,
    _with_short_uuid: Fault.BAD_PARAMETER,
    _with_short_address: Fault.BAD_PARAMETER,
    _with_short_tag: Fault.INVALID_SIGNATURE,
    _with_more_flags: Fault.INVALID_SIGNATURE,
    _with_more_payload: Fault.INVALID_SIGNATURE,
}


@pytest.mark.parametrize(
    ("manipulate", "fault"),
    MANIPULATIONS.items(),
    ids=[one.__name__.lstrip("_") for one in MANIPULATIONS],
)
def test_it_takes_nothing_but_a_whole_message(
    garage: Garage, client: Client, manipulate: Any, fault: Fault
) -> None:
    """Signed by an HMAC of the key that it names."""
    request = client.command(ORDER)
    manipulate(request)
    reply = client.ask(request)
    assert fault_of(reply) == fault
    assert _carries_session_info(reply) is (fault == Fault.INVALID_SIGNATURE)
    assert garage.executed == {}


# What time does to it.


def test_a_command_expires(garage: Garage, client: Client) -> None:
    """After the last second that it names."""
    request = client.command(ORDER)
    garage.clock.advance(10.9)
    assert fault_of(client.ask(request)) == 0
    late = client.command(ORDER)
    garage.clock.advance(0.2)
    assert fault_of(client.ask(late)) == Fault.TIME_EXPIRED


def test_a_reboot_begins_another_epoch(garage: Garage, client: Client) -> None:
    """With the same key, a new clock and no counters."""
    before = SessionInfo.FromString(client.info.SerializeToString())
    client.ask(client.command(ORDER))
    garage.computers.reboot()
    garage.clock.advance(5)
    request = client.command(ORDER)
    reply = client.ask(request)
    assert fault_of(reply) == Fault.INCORRECT_EPOCH
    client.adopt(reply, request.uuid)
    assert client.info.publicKey == before.publicKey
    assert client.info.epoch != before.epoch
    assert (client.info.clock_time, client.info.counter) == (5, 0)
    assert fault_of(client.ask(client.command(ORDER))) == 0


def test_another_key_can_be_learnt_from_thefault_of(garage: Garage, client: Client) -> None:
    """The tag beside it is made with the new key."""
    before, untouched = client.info.publicKey, 5 - client.domain
    other = garage.client(untouched)
    garage.computers.rotate_key(client.domain)
    request = client.command(ORDER)
    client.adopt(client.ask(request), request.uuid)
    assert client.info.publicKey != before
    assert fault_of(client.ask(client.command(ORDER))) == 0
    assert fault_of(other.ask(other.command(ORDER))) == 0


@pytest.mark.parametrize(("shift", "shown"), [(100, 3700), (-100, 3500), (-3600, 0), (-9999, 0)])
def test_a_clock_can_be_shifted(garage: Garage, client: Client, shift: float, shown: int) -> None:
    """Forward, or back as far as the epoch's beginning; the other computer's stays."""
    epoch, other = client.info.epoch, garage.client(5 - client.domain)
    garage.computers.shift_clock(client.domain, shift)
    request = client.command(ORDER)
    assert fault_of(client.ask(request)) == (Fault.TIME_EXPIRED if shift > 10 else 0)
    assert client.handshake().clock_time == shown
    assert client.info.epoch == epoch
    assert other.handshake().clock_time == 3600


def test_the_last_counter_ends_the_epoch(client: Client) -> None:
    """For there is none after it."""
    epoch = client.info.epoch
    assert fault_of(client.ask(client.command(ORDER, counter=2**32 - 1))) == 0
    assert client.handshake().epoch != epoch
    assert client.info.counter == 0


def test_an_epoch_ends_after_34_years(garage: Garage, client: Client) -> None:
    """2^30 seconds; a command finds out."""
    garage.clock.advance(2**30 - 3600)
    request = client.command(ORDER)
    reply = client.ask(request)
    assert fault_of(reply) == Fault.INCORRECT_EPOCH
    client.adopt(reply, request.uuid)
    assert client.info.clock_time == 0


# What can be made to go wrong.


@pytest.mark.parametrize("fault", [*(set(Fault) - {Fault.NONE}), 77])
def test_it_can_be_made_to_refuse(garage: Garage, client: Client, fault: int) -> None:
    """Unexecuted and uncounted, with every fault and such as nobody knows."""
    garage.computers.faults.plan(client.domain, Mischief.REFUSE, fault=fault)
    request = client.command(ORDER)
    reply = client.ask(request)
    assert fault_of(reply) == fault
    if fault in {5, 6, 15, 17, 20}:
        client.adopt(reply, request.uuid)
    else:
        assert client.read(reply, request) == b""
    assert garage.executed == {}
    assert client.handshake().counter == 0
    assert fault_of(client.ask(client.command(ORDER))) == 0


def test_the_fault_of_a_sealed_reply_is_authentic(garage: Garage, client: Client) -> None:
    """Another number makes it unreadable."""
    garage.computers.faults.plan(client.domain, Mischief.REFUSE, fault=Fault.BUSY)
    request = client.command(ORDER)
    reply = client.ask(request)
    reply.ClearField("signedMessageStatus")
    with pytest.raises(InvalidTag):
        client.read(reply, request)


@pytest.mark.parametrize("fault", [Fault.TIMEOUT, Fault.RESPONSE_MTU_EXCEEDED, 77])
def test_it_can_fail_after_it_obeyed(garage: Garage, client: Client, fault: int) -> None:
    """Without the application's reply."""
    garage.computers.faults.plan(client.domain, Mischief.FAIL, fault=fault)
    request = client.command(ORDER)
    reply = client.ask(request)
    assert fault_of(reply) == fault
    assert client.read(reply, request) == b""
    assert garage.executed == {client.domain: [ORDER]}
    assert client.handshake().counter == 1


def test_it_can_put_a_command_off(garage: Garage, client: Client) -> None:
    """Unexecuted; the same message may be sent again."""
    garage.computers.faults.plan(client.domain, Mischief.WAIT)
    request = client.command(ORDER)
    reply = client.ask(request)
    assert reply.signedMessageStatus.operation_status == OPERATIONSTATUS_WAIT
    assert client.read(reply, request) == b""
    assert garage.executed == {}
    assert not client.ask(request).HasField("signedMessageStatus")
    assert garage.executed == {client.domain: [ORDER]}


def test_a_reply_can_be_lost(garage: Garage, client: Client) -> None:
    """The command was executed, and the counter tells."""
    garage.computers.faults.plan(client.domain, Mischief.LOSE)
    request = client.command(ORDER)
    with pytest.raises(ReplyLost):
        client.ask(request)
    assert garage.executed == {client.domain: [ORDER]}
    assert client.handshake().counter == 1
    assert fault_of(client.ask(request)) == Fault.INVALID_TOKEN_OR_COUNTER


@pytest.mark.parametrize("bit", [0, 77, 10**6])
def test_a_bit_of_a_reply_can_be_flipped(garage: Garage, client: Client, bit: int) -> None:
    """Counted on from the beginning when the message is shorter."""
    garage.computers.faults.plan(client.domain, Mischief.FLIP, bit=bit)
    request = client.command(ORDER)
    received = garage.computers.signed(request.SerializeToString())
    assert garage.executed == {client.domain: [ORDER]}
    place = bit % (8 * len(received))
    right = bytearray(received)
    right[place // 8] ^= 1 << place % 8
    assert client.read(RoutableMessage.FromString(bytes(right)), request) == REPLY


def test_a_reply_can_be_plain_although_it_should_not(garage: Garage, client: Client) -> None:
    """As if somebody between car and client had made it up."""
    garage.computers.faults.plan(client.domain, Mischief.PLAIN)
    reply = client.ask(client.command(ORDER))
    assert reply.protobuf_message_as_bytes == REPLY
    assert not reply.HasField("signature_data")
    assert garage.executed == {client.domain: [ORDER]}


def test_a_forged_command_uses_up_no_plan(garage: Garage, client: Client) -> None:
    """It gets the fault that it deserves; the next honest one gets the planned one."""
    garage.computers.faults.plan(client.domain, Mischief.REFUSE, fault=Fault.BUSY)
    assert fault_of(client.ask(client.command(ORDER, epoch=bytes(16)))) == Fault.INCORRECT_EPOCH
    assert fault_of(client.ask(client.command(ORDER))) == Fault.BUSY


def test_a_driver_can_switch_remote_access_off(garage: Garage, client: Client) -> None:
    """A session can be had all the same."""
    garage.computers.faults.mobile_access = False
    client.handshake()
    request = client.command(ORDER)
    reply = client.ask(request)
    assert fault_of(reply) == Fault.REMOTE_ACCESS_DISABLED
    assert client.read(reply, request) == b""
    assert garage.executed == {}
    garage.computers.faults.mobile_access = True
    assert fault_of(client.ask(client.command(ORDER))) == 0


def test_a_booting_computer_answers_nothing_useful(garage: Garage, client: Client) -> None:
    """Neither to commands nor to handshakes; the other one does."""
    other = garage.client(5 - client.domain)
    garage.computers.faults.booting.add(client.domain)
    for message in (client.hello(), client.command(ORDER)):
        reply = client.ask(message)
        assert fault_of(reply) == Fault.INTERNAL
        assert not _carries_session_info(reply)
    assert garage.executed == {}
    assert fault_of(other.ask(other.command(ORDER))) == 0


def test_a_car_can_forget_its_keys(garage: Garage, client: Client) -> None:
    """Whatever Tesla's servers believe of them."""
    garage.computers.faults.forgets_keys = True
    reply = client.ask(client.command(ORDER))
    assert fault_of(reply) == Fault.UNKNOWN_KEY_ID
    assert not _carries_session_info(reply)
    hello = client.ask(client.hello())
    assert SessionInfo.FromString(hello.session_info) == STRANGER
    assert garage.executed == {}
