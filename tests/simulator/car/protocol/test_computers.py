"""The way to the computers of a car."""

from typing import TYPE_CHECKING

from hypothesis import given, strategies as st
import pytest
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from simulator.car.protocol import INFOTAINMENT, VEHICLE_SECURITY, Computers, Fault
from simulator.clock import Clock
from simulator.vehicle import CarUnavailable, MalformedMessage

from .client import fault_of
from .conftest import VIN

if TYPE_CHECKING:
    from .client import Client
    from .conftest import Garage

ORDER = b"\x10\x01"
CLOCK = Clock(0, start=1_790_000_000.0)


def _computers(vin: str) -> Computers:
    return Computers(
        vin=vin,
        clock=CLOCK,
        whitelist=set(),
        execute=dict.fromkeys((VEHICLE_SECURITY, INFOTAINMENT), lambda payload: payload),
    )


@pytest.mark.parametrize(
    "message", [b"", b"\xff", b"\x32\x02", b"\x32\x00", b"\x32\x04\x12\x02\x01\x02"]
)
def test_what_leads_nowhere_is_malformed(garage: Garage, message: bytes) -> None:
    """Nothing, noise, half a message, no destination, an address."""
    with pytest.raises(MalformedMessage):
        garage.computers.signed(message)


@given(message=st.binary(max_size=300))
def test_noise_is_never_more_than_noise(message: bytes) -> None:
    """It is refused in one way or the other, and executed in none."""

    def execute(_: bytes) -> bytes:
        pytest.fail("executed noise")

    computers = Computers(
        vin=VIN, clock=CLOCK, whitelist=set(), execute={VEHICLE_SECURITY: execute}
    )
    try:
        reply = RoutableMessage.FromString(computers.signed(message))
    except MalformedMessage:
        return
    assert reply.signedMessageStatus.signed_message_fault or reply.session_info == b"\x28\x01"


@pytest.mark.parametrize("number", [0, 1, 4, 5, 8, 99])
def test_no_other_computer_takes_commands(garage: Garage, client: Client, number: int) -> None:
    """Such as the autopilot's."""
    client.domain = number
    request = client.command(ORDER)
    reply = client.ask(request)
    assert fault_of(reply) == Fault.INVALID_DOMAINS
    assert reply.WhichOneof("payload") is None
    assert garage.executed == {}


def test_a_computer_can_be_out_of_reach(garage: Garage, client: Client) -> None:
    """Alone: vehicle security often answers while infotainment does not."""
    other = garage.client(5 - client.domain)
    garage.computers.faults.unreachable.add(client.domain)
    for message in (client.hello(), client.command(ORDER)):
        with pytest.raises(CarUnavailable):
            client.ask(message)
    other.ask(other.command(ORDER))
    assert garage.executed == {other.domain: [ORDER]}


def test_a_car_keeps_its_keys_when_the_simulator_restarts(domain: int) -> None:
    """But begins a new epoch, because it forgot its counters."""
    before, after = (_computers(VIN)[domain].verifier for _ in range(2))
    assert before.key.private_numbers() == after.key.private_numbers()
    assert before.epoch != after.epoch


def test_no_two_cars_or_computers_share_a_key() -> None:
    """Nor epochs."""
    verifiers = [
        _computers(vin)[domain].verifier
        for vin in (VIN, "5YJ3E7EB8MF012347")
        for domain in (VEHICLE_SECURITY, INFOTAINMENT)
    ]
    assert len({verifier.key.private_numbers().private_value for verifier in verifiers}) == 4
    assert len({verifier.epoch for verifier in verifiers}) == 4


def test_no_key_shows_in_a_repr(garage: Garage, domain: int) -> None:
    """It would end up in a log."""
    assert "key=" not in repr(garage.computers[domain].verifier)
