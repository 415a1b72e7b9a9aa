"""Signed commands over HTTP: what becomes of them on the way to a car and back."""

import base64
from typing import TYPE_CHECKING, Any

import pytest
from tesla_protocol.command.car_server_pb2 import Action
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from simulator.car import Car
from simulator.car.model import MODEL_3_2021
from simulator.car.protocol import INFOTAINMENT, VEHICLE_SECURITY, Fault, Mischief
from tests.simulator.car.protocol.client import Client, fault_of

from .conftest import EU, OWNER, PAIRED

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import ClientResponse

    from simulator.world import World

    from .conftest import Caller

URL = f"{EU}/vehicles/{PAIRED}/signed_command"


@pytest.fixture
def paired(world: World) -> Car:
    """A car that takes signed commands, in place of the one that only pretends."""
    car = Car(PAIRED, "Juniper", model=MODEL_3_2021, clock=world.clock, owner=OWNER)
    world.cars[PAIRED] = car
    return car


@pytest.fixture
def session(paired: Car) -> Client:
    """A paired key that has shaken hands, to sign what is sent over HTTP."""
    client = Client(vin=PAIRED, domain=INFOTAINMENT, send=paired.signed)
    paired.pair(client.point)
    client.handshake()
    return client


def _limit(percent: int) -> bytes:
    action = Action()
    action.vehicleAction.chargingSetLimitAction.percent = percent
    return action.SerializeToString()


async def _post(call: Caller, message: bytes) -> ClientResponse:
    encoded = base64.b64encode(message).decode()
    return await call("POST", URL, json={"routable_message": encoded})


async def _reply(answer: ClientResponse) -> RoutableMessage:
    assert answer.status == 200
    body: dict[str, Any] = await answer.json()
    return RoutableMessage.FromString(base64.b64decode(body["response"], validate=True))


async def test_a_command_is_carried_out_and_answered(
    log_in: Callable[..., Caller], paired: Car, session: Client
) -> None:
    """The cloud changes neither the message nor the reply."""
    request = session.command(_limit(70))
    reply = await _reply(await _post(log_in(), request.SerializeToString()))
    assert session.read(reply, request)
    assert paired.state.charge.limit == 70


@pytest.mark.parametrize("message", [b"\xff", b"\x32\x00"])
async def test_what_is_no_message_is_a_bad_request(
    log_in: Callable[..., Caller], paired: Car, message: bytes
) -> None:
    """Or leads nowhere."""
    answer = await _post(log_in(), message)
    assert (answer.status, (await answer.json())["error"]) == (400, "invalid_field")
    assert paired.executions == []


async def test_a_lost_reply_is_a_gateway_s_time_out(
    log_in: Callable[..., Caller], world: World, paired: Car, session: Client
) -> None:
    """Nobody can see in it that the command was carried out."""
    paired.computers.faults.plan(INFOTAINMENT, Mischief.LOSE)
    answer = await _post(log_in(), session.command(_limit(70)).SerializeToString())
    assert answer.status == 504
    assert paired.state.charge.limit == 70
    assert world.ledger.entries[-1].status == 504


async def test_one_computer_out_of_reach_is_a_car_out_of_reach(
    log_in: Callable[..., Caller], paired: Car, session: Client
) -> None:
    """As far as that computer's commands go."""
    paired.computers.faults.unreachable.add(INFOTAINMENT)
    answer = await _post(log_in(), session.command(_limit(70)).SerializeToString())
    assert answer.status == 408
    session.domain = VEHICLE_SECURITY
    reply = await _reply(await _post(log_in(), session.hello().SerializeToString()))
    assert reply.session_info


async def test_a_car_without_remote_access_refuses_by_itself(
    log_in: Callable[..., Caller], paired: Car, session: Client
) -> None:
    """With a fault of the protocol, in an answer that is a success of the cloud's."""
    paired.mobile_access = False
    answer = await _post(log_in(), session.command(_limit(70)).SerializeToString())
    assert fault_of(await _reply(answer)) == Fault.REMOTE_ACCESS_DISABLED
    assert paired.executions == []
