"""What cars say about commands."""

import pytest
from tesla_protocol.command import car_server_pb2, errors_pb2, vcsec_pb2

from custom_components.teslalogger.vehicle_command import (
    BENIGN_REASONS,
    Domain,
    Refused,
    ReplyRejected,
    VehicleBusy,
    VehicleCommandError,
    is_benign,
    read_reply,
)
from custom_components.teslalogger.vehicle_command.replies import GENERIC_ERRORS

from .vectors import VECTORS

INFOTAINMENT, SECURITY = Domain.INFOTAINMENT, Domain.VEHICLE_SECURITY


def infotainment(reason: str, result: int = 1) -> bytes:
    """A CarServer.Response with this reason."""
    response = car_server_pb2.Response()
    response.actionStatus.result = result  # type: ignore[assignment]  # an enum's number
    response.actionStatus.result_reason.plain_text = reason
    return response.SerializeToString()


def command_status(status: int, whitelist: int = 0) -> bytes:
    """A legacy answer of vehicle security."""
    answer = vcsec_pb2.FromVCSECMessage()
    answer.commandStatus.operationStatus = status  # type: ignore[assignment]  # an enum's number
    if whitelist:
        information = answer.commandStatus.whitelistOperationStatus
        information.whitelistOperationInformation = whitelist  # type: ignore[assignment]  # likewise
    return answer.SerializeToString()


def nominal_error(number: int) -> bytes:
    """A refusal of vehicle security."""
    answer = vcsec_pb2.FromVCSECMessage()
    answer.nominalError.genericError = number  # type: ignore[assignment]  # an enum's number
    return answer.SerializeToString()


@pytest.mark.parametrize(
    ("domain", "payload"),
    [
        (INFOTAINMENT, bytes.fromhex(VECTORS["infotainment_hmac_flags2_response_ok"]["plaintext"])),
        (
            INFOTAINMENT,
            bytes.fromhex(VECTORS["infotainment_hmac_flags2_response_error"]["plaintext"]),
        ),
        (INFOTAINMENT, b""),
        (INFOTAINMENT, car_server_pb2.Response(ping={"ping_id": 1}).SerializeToString()),
        (INFOTAINMENT, infotainment("not heeded", result=0)),
        (SECURITY, b""),
        (SECURITY, command_status(0)),
        (SECURITY, nominal_error(errors_pb2.GENERICERROR_ALREADY_ON)),
        (SECURITY, vcsec_pb2.FromVCSECMessage(vehicleStatus={}).SerializeToString()),
    ],
)
def test_success_returns(domain: Domain, payload: bytes) -> None:
    """Done, or no need to: already_set is the recorded error and benign."""
    read_reply(domain, payload)


@pytest.mark.parametrize(
    "reason",
    [*sorted(BENIGN_REASONS), "already_standard", "already_max_range", "Valet mode already off"],
)
def test_wishes_already_fulfilled_are_no_refusal(reason: str) -> None:
    """On both routes the same words."""
    assert is_benign(reason)
    read_reply(INFOTAINMENT, infotainment(reason))


@pytest.mark.parametrize(
    "reason", ["complete", "disconnected", "parental_controls_active", "", "not_already_off_by_far"]
)
def test_a_refusal_gives_the_cars_word(reason: str) -> None:
    """Final, not to be repeated, and not executed."""
    assert not is_benign(reason)
    with pytest.raises(Refused) as caught:
        read_reply(INFOTAINMENT, infotainment(reason))
    assert caught.value.reason == (reason or "unknown")
    assert caught.value.placeholders == {"reason": reason or "unknown"}
    assert not caught.value.temporary
    assert not caught.value.may_have_succeeded


def test_a_result_of_newer_firmware_is_a_refusal() -> None:
    """Only OK is OK."""
    with pytest.raises(Refused):
        read_reply(INFOTAINMENT, infotainment("new", result=7))


def test_a_refusal_is_bounded_and_printable() -> None:
    """The words are the peer's and end up before the user's eyes."""
    with pytest.raises(Refused) as caught:
        read_reply(INFOTAINMENT, infotainment("\x1b[31m" + "x" * 5000))
    assert caught.value.reason.isprintable()
    assert len(caught.value.reason) <= 100


@pytest.mark.parametrize("number", sorted(set(GENERIC_ERRORS) - {3}))
def test_vehicle_security_names_its_refusals(number: int) -> None:
    """Every generic error has a reason and a sentence."""
    with pytest.raises(Refused) as caught:
        read_reply(SECURITY, nominal_error(number))
    reason, translation_key = GENERIC_ERRORS[number]
    assert (caught.value.reason, caught.value.translation_key) == (reason, translation_key)


@pytest.mark.parametrize("number", [0, 99])
def test_an_unnamed_error_is_still_a_refusal(number: int) -> None:
    """The default row."""
    with pytest.raises(Refused) as caught:
        read_reply(SECURITY, nominal_error(number))
    assert caught.value.reason == "unknown"


def test_every_known_generic_error_has_a_row() -> None:
    """A new major of the bindings with more errors makes this fail."""
    assert set(GENERIC_ERRORS) == set(errors_pb2.GenericError_E.values()) - {0}


@pytest.mark.parametrize(
    ("payload", "error", "may_have_succeeded"),
    [
        (command_status(1), VehicleBusy, True),
        (command_status(2), Refused, False),
        (command_status(2, whitelist=4), Refused, False),
    ],
    ids=["wait", "error", "keychain"],
)
def test_legacy_answers_of_vehicle_security(
    payload: bytes, error: type[VehicleCommandError], *, may_have_succeeded: bool
) -> None:
    """WAIT promises nothing: cars were seen to execute all the same."""
    with pytest.raises(error) as caught:
        read_reply(SECURITY, payload)
    assert caught.value.may_have_succeeded is may_have_succeeded


def test_a_car_that_did_not_wake_is_busy() -> None:
    """Nothing was executed; try again in a moment."""
    with pytest.raises(VehicleBusy) as caught:
        read_reply(INFOTAINMENT, infotainment("could_not_wake_buses"))
    assert not caught.value.may_have_succeeded


@pytest.mark.parametrize(
    ("domain", "payload"),
    [
        (INFOTAINMENT, b"\xff"),
        (INFOTAINMENT, bytes.fromhex("2007")),
        (SECURITY, b"\xff"),
        (SECURITY, bytes.fromhex("2007")),
    ],
)
def test_a_payload_that_is_no_answer_proves_nothing(domain: Domain, payload: bytes) -> None:
    """Among them a ciphertext taken for plain text."""
    with pytest.raises(ReplyRejected) as caught:
        read_reply(domain, payload)
    assert caught.value.may_have_succeeded
