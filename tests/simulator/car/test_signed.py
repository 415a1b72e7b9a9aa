"""A whole car takes signed commands: decoded, carried out, noted and answered."""

from typing import TYPE_CHECKING

import pytest
from tesla_protocol.command.car_server_pb2 import Action, Response
from tesla_protocol.command.vcsec_pb2 import RKE_ACTION_UNLOCK, FromVCSECMessage, UnsignedMessage

from simulator.car import Car
from simulator.car.model import MODEL_X_2018
from simulator.car.protocol import INFOTAINMENT, VEHICLE_SECURITY, Fault, Mischief
from simulator.vehicle import (
    CarUnavailable,
    MalformedMessage,
    MobileAccessDisabled,
    ProtocolUnsupported,
    ReplyLost,
)

from .conftest import VIN
from .protocol.client import Client, fault_of

if TYPE_CHECKING:
    from simulator.clock import Clock

UNLOCK = UnsignedMessage(RKEAction=RKE_ACTION_UNLOCK).SerializeToString()


def _limit(percent: int) -> bytes:
    action = Action()
    action.vehicleAction.chargingSetLimitAction.percent = percent
    return action.SerializeToString()


def _client(car: Car, domain: int) -> Client:
    """Somebody with a new key that is paired."""
    client = Client(vin=car.vin, domain=domain, send=car.signed)
    car.pair(client.point)
    client.handshake()
    return client


@pytest.fixture
def infotainment(car: Car) -> Client:
    """A client of the car's infotainment."""
    return _client(car, INFOTAINMENT)


def test_infotainment_does_as_it_is_told(car: Car, infotainment: Client) -> None:
    """And tells so in its own message."""
    request = infotainment.command(_limit(70))
    reply = Response.FromString(infotainment.read(infotainment.ask(request), request))
    assert reply.actionStatus.result == 0
    assert car.state.charge.limit == 70
    (execution,) = car.executions
    assert (execution.command, execution.route, execution.reason) == (
        "set_charge_limit",
        "signed",
        "",
    )


def test_vehicle_security_does_as_it_is_told(car: Car) -> None:
    """With an empty message if all is well."""
    client = _client(car, VEHICLE_SECURITY)
    request = client.command(UNLOCK)
    assert client.read(client.ask(request), request) == FromVCSECMessage().SerializeToString()
    assert not car.state.locked
    assert [execution.command for execution in car.executions] == ["door_unlock"]


@pytest.mark.parametrize("domain", [VEHICLE_SECURITY, INFOTAINMENT])
def test_noise_is_no_command(car: Car, domain: int) -> None:
    """However well it is signed."""
    client = _client(car, domain)
    assert fault_of(client.ask(client.command(b"\xff"))) == Fault.DECODING
    assert car.executions == []


def test_without_remote_access_nothing_is_obeyed(car: Car, infotainment: Client) -> None:
    """The car itself refuses what is signed; the two switches are one."""
    car.mobile_access = False
    assert not car.computers.faults.mobile_access
    reply = infotainment.ask(infotainment.command(_limit(70)))
    assert fault_of(reply) == Fault.REMOTE_ACCESS_DISABLED
    with pytest.raises(MobileAccessDisabled):
        car.execute_unsigned("honk_horn", {})
    car.computers.faults.clear()
    assert car.mobile_access
    assert car.executions == []


def test_a_lost_reply_leaves_the_command_done(car: Car, infotainment: Client) -> None:
    """Which is the reason for all caution with commands that toggle."""
    car.computers.faults.plan(INFOTAINMENT, Mischief.LOSE)
    with pytest.raises(ReplyLost):
        infotainment.ask(infotainment.command(_limit(70)))
    assert car.state.charge.limit == 70


def test_a_car_out_of_reach_hears_nothing(car: Car, infotainment: Client) -> None:
    """Asleep or in a garage."""
    request = infotainment.command(_limit(70))
    for away in (car.fall_asleep, car.go_offline):
        away()
        with pytest.raises(CarUnavailable):
            infotainment.ask(request)
        car.wake_now()
    assert fault_of(infotainment.ask(request)) == 0


def test_an_old_car_knows_no_signatures(clock: Clock) -> None:
    """Whatever the message is."""
    car = Car(VIN, "Falcon", model=MODEL_X_2018, clock=clock, owner="owner", protocol=False)
    with pytest.raises(ProtocolUnsupported):
        car.signed(b"")


def test_noise_is_no_message(car: Car) -> None:
    """It reaches neither computer."""
    with pytest.raises(MalformedMessage):
        car.signed(b"\xff")


def test_an_unpaired_key_is_forgotten_at_once(car: Car, infotainment: Client) -> None:
    """As when it is deleted on the car's screen."""
    car.unpair(infotainment.point)
    reply = infotainment.ask(infotainment.command(_limit(70)))
    assert fault_of(reply) == Fault.UNKNOWN_KEY_ID
    car.pair(infotainment.point)
    assert fault_of(infotainment.ask(infotainment.command(_limit(70)))) == 0


def test_a_car_reboots_changes_keys_and_loses_time(car: Car, infotainment: Client) -> None:
    """All of it learnt from the next fault or handshake."""
    before = infotainment.info
    car.reboot()
    assert infotainment.handshake().epoch != before.epoch
    assert infotainment.info.publicKey == before.publicKey
    car.rotate_key(INFOTAINMENT)
    assert infotainment.handshake().publicKey != before.publicKey
    car.shift_clock(INFOTAINMENT, 90)
    assert infotainment.handshake().clock_time == 90
