"""The messages of the reference implementation, built field by field."""

import pytest
from tesla_protocol.command.universal_message_pb2 import OPERATIONSTATUS_WAIT, RoutableMessage

from simulator.car.protocol import INFOTAINMENT, VEHICLE_SECURITY, reply

from .vectors import CONVERSATION, KEYS, MESSAGES, data

DOMAINS = {"infotainment": INFOTAINMENT, "vcsec": VEHICLE_SECURITY}


def _request(name: str) -> RoutableMessage:
    return RoutableMessage.FromString(data(MESSAGES[f"{name}_hmac_flags2"]["message"]))


def _expected(message: str) -> RoutableMessage:
    return RoutableMessage.FromString(data(message))


@pytest.mark.parametrize("name", DOMAINS)
def test_a_fault_can_carry_session_info(name: str) -> None:
    """And then names the request in both domains."""
    case = MESSAGES[f"{name}_fault_incorrect_epoch"]
    answer = reply.addressed(_request(name), DOMAINS[name], echo=True)
    reply.blame(answer, 15)
    reply.introduce(answer, data(case["session_info"]), data(case["tag"]))
    assert answer == _expected(case["message"])


def test_a_stranger_gets_neither_key_nor_tag() -> None:
    """Only the status."""
    answer = reply.addressed(_request("infotainment"), INFOTAINMENT)
    reply.introduce(answer, data("2801"), None)
    assert answer == _expected(MESSAGES["key_not_on_whitelist"])


@pytest.mark.parametrize(
    ("name", "kind"), [("infotainment", "ok"), ("infotainment", "error"), ("vcsec", "empty")]
)
def test_a_reply_is_sealed(name: str, kind: str) -> None:
    """Vehicle security does not name the request."""
    case = MESSAGES[f"{name}_hmac_flags2_response_{kind}"]
    answer = reply.addressed(_request(name), DOMAINS[name])
    answer.protobuf_message_as_bytes = data(case["plaintext"])
    reply.seal(
        answer,
        data(KEYS["shared_key"]),
        vin=CONVERSATION["vin"],
        counter=case["counter"],
        nonce=data(case["nonce"]),
        request_hash=data(MESSAGES[f"{name}_hmac_flags2"]["request_hash"]),
    )
    assert answer == _expected(case["message"])


def test_a_fault_may_be_one_that_nobody_knows() -> None:
    """Firmware is newer than any client."""
    answer = RoutableMessage()
    reply.blame(answer, 77)
    assert RoutableMessage.FromString(answer.SerializeToString()) == answer
    assert answer.signedMessageStatus.signed_message_fault == 77


def test_a_request_can_be_put_off() -> None:
    """Without a fault."""
    answer = RoutableMessage()
    reply.put_off(answer)
    assert answer.signedMessageStatus.operation_status == OPERATIONSTATUS_WAIT
    assert answer.signedMessageStatus.signed_message_fault == 0
