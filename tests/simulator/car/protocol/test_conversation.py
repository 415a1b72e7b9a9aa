"""Whole messages of the reference implementation, and what the car makes of them."""

import random
from typing import override

from cryptography.hazmat.primitives.asymmetric import ec
import pytest
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from simulator.car.protocol import INFOTAINMENT, VEHICLE_SECURITY, Computers, Fault
from simulator.car.protocol.window import Window
from simulator.clock import Clock

from .client import fault_of
from .vectors import CONVERSATION, KEYS, MESSAGES, PROTOCOL, data

NAMES = {"infotainment": INFOTAINMENT, "vcsec": VEHICLE_SECURITY}


class _Loaded(random.Random):
    """Dice that fall as in the published conversation."""

    @override
    def randbytes(self, n: int) -> bytes:
        return data(PROTOCOL["gcm"]["nonce"])[:n]


class _Car:
    """The car of the vectors after its sixth command, 2650 s into its epoch."""

    def __init__(self, *, reply: str = "") -> None:
        clock = Clock(0, start=1_790_000_000.0)
        self.executed: list[bytes] = []
        self.computers = Computers(
            vin=CONVERSATION["vin"],
            clock=clock,
            whitelist={data(KEYS["client_public"])},
            execute=dict.fromkeys(NAMES.values(), self._execute),
            dice=_Loaded(),
        )
        self._reply = data(reply)
        for domain in NAMES.values():
            verifier = self.computers[domain].verifier
            scalar = int(KEYS["vehicle_private"], 16)
            verifier.key = ec.derive_private_key(scalar, ec.SECP256R1())
            verifier.epoch = data(CONVERSATION["epoch"])
            verifier.started = clock.now() - CONVERSATION["clock_time"]
            verifier.windows[data(KEYS["client_public"])] = Window(counter=6)

    def answer(self, message: str) -> RoutableMessage:
        return RoutableMessage.FromString(self.computers.signed(data(message)))

    def _execute(self, payload: bytes) -> bytes:
        self.executed.append(payload)
        return self._reply


@pytest.mark.parametrize("name", NAMES)
def test_the_handshake_is_the_published_one(name: str) -> None:
    """Byte for byte, tag included."""
    hello = RoutableMessage(uuid=data(CONVERSATION["handshake_uuid"]))
    hello.to_destination.domain = NAMES[name]
    hello.from_destination.routing_address = data(CONVERSATION["routing_address"])
    hello.session_info_request.public_key = data(KEYS["client_public"])
    answer = _Car().answer(hello.SerializeToString().hex())
    assert answer.session_info.hex() == MESSAGES[f"{name}_session_info"]
    tag = answer.signature_data.session_info_tag.tag
    assert tag.hex() == MESSAGES[f"{name}_session_info_tag"]


@pytest.mark.parametrize("flags", [0, 2])
@pytest.mark.parametrize("name", NAMES)
def test_the_reference_s_commands_are_obeyed_once(name: str, flags: int) -> None:
    """As they were on the wire."""
    case, car = MESSAGES[f"{name}_hmac_flags{flags}"], _Car()
    assert not car.answer(case["message"]).HasField("signedMessageStatus")
    again = car.answer(case["message"])
    assert fault_of(again) == Fault.INVALID_TOKEN_OR_COUNTER
    assert car.executed == [data(case["payload"])]


@pytest.mark.parametrize(
    ("name", "kind"), [("infotainment", "ok"), ("infotainment", "error"), ("vcsec", "empty")]
)
def test_the_reply_is_the_reference_s(name: str, kind: str) -> None:
    """With its nonce and the first response counter."""
    case = MESSAGES[f"{name}_hmac_flags2_response_{kind}"]
    car = _Car(reply=case["plaintext"])
    answer = car.answer(MESSAGES[f"{name}_hmac_flags2"]["message"])
    assert answer == RoutableMessage.FromString(data(case["message"]))


@pytest.mark.parametrize("name", NAMES)
def test_the_fault_of_another_epoch_is_the_reference_s(name: str) -> None:
    """Twelve seconds after the car booted."""
    car = _Car()
    verifier = car.computers[NAMES[name]].verifier
    verifier.reboot()
    verifier.epoch = bytes(range(16))
    verifier.shift_clock(12)
    answer = car.answer(MESSAGES[f"{name}_hmac_flags2"]["message"])
    case = MESSAGES[f"{name}_fault_incorrect_epoch"]
    assert answer == RoutableMessage.FromString(data(case["message"]))
    assert answer.session_info.hex() == case["session_info"]
    assert car.executed == []


def test_encrypted_commands_are_for_bluetooth() -> None:
    """The published one is refused here, although it is right."""
    car = _Car()
    message = RoutableMessage.FromString(data(MESSAGES["infotainment_hmac_flags0"]["message"]))
    case = MESSAGES["infotainment_gcm_flags0"]
    message.protobuf_message_as_bytes = data(case["ciphertext"])
    signature = message.signature_data.AES_GCM_Personalized_data
    signature.epoch = data(CONVERSATION["epoch"])
    signature.nonce = data(case["nonce"])
    signature.counter = CONVERSATION["counter"]
    signature.expires_at = CONVERSATION["expires_at"]
    signature.tag = data(case["tag"])
    answer = car.answer(message.SerializeToString().hex())
    assert fault_of(answer) == Fault.INSUFFICIENT_PRIVILEGES
    assert car.executed == []
