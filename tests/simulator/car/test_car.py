"""A car as a whole: what it says of itself, and how it obeys on both ways."""

from typing import TYPE_CHECKING, Any

import pytest
from tesla_protocol.command.car_server_pb2 import OPERATIONSTATUS_ERROR, Action, Response
from tesla_protocol.command.errors_pb2 import GENERICERROR_NONE
from tesla_protocol.command.vcsec_pb2 import FromVCSECMessage, UnsignedMessage

from simulator.car import Car, Execution
from simulator.car.model import CYBERTRUCK_2024, MODEL_3_2021, MODEL_X_2018
from simulator.car.protocol import INFOTAINMENT, VEHICLE_SECURITY, Fault
from simulator.vehicle import (
    CarUnavailable,
    MobileAccessDisabled,
    ProtocolUnsupported,
    UnknownCommand,
)

from .conftest import VIN
from .protocol.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.clock import Clock

LOCK = UnsignedMessage(RKEAction="RKE_ACTION_LOCK").SerializeToString()
LIMIT_90 = Action(vehicleAction={"chargingSetLimitAction": {"percent": 90}}).SerializeToString()
UNKNOWN = Action(vehicleAction={"getVehicleData": {}}).SerializeToString()


@pytest.fixture
def client_of(car: Car) -> Callable[[int], Client]:
    """Let somebody with a paired key shake hands with one of the computers."""

    def client(domain: int) -> Client:
        client = Client(vin=VIN, domain=domain, send=car.signed)
        car.pair(client.point)
        client.handshake()
        return client

    return client


def tell(client: Client, payload: bytes) -> bytes:
    """Send a signed command; the plain text of the reply."""
    command = client.command(payload)
    return client.read(client.ask(command), command)


def test_keys_are_paired_and_forgotten(car: Car) -> None:
    """By their points, and twice is once."""
    for point in (b"a", b"b", b"a"):
        car.pair(point)
    assert car.paired_keys == {b"a", b"b"}
    for point in (b"a", b"a", b"c"):
        car.unpair(point)
    assert car.paired_keys == {b"b"}
    assert car.fleet_info()["total_number_of_keys"] == 4


def test_a_product_says_whose_it_is(car: Car) -> None:
    """With the number that other endpoints take instead of the VIN."""
    product = car.product("owner")
    assert (
        product.items()
        >= {
            "vin": VIN,
            "display_name": "Juniper",
            "state": "online",
            "access_type": "OWNER",
            "command_signing": "required",
            "in_service": False,
        }.items()
    )
    assert str(product["id"]) == product["id_s"]
    assert car.product("somebody else")["access_type"] == "DRIVER"


def test_a_number_belongs_to_a_vin(clock: Clock) -> None:
    """The same after a restart, another for another car."""
    numbers = [
        Car(vin, "", model=MODEL_3_2021, clock=clock, owner="").product("")["id"]
        for vin in (VIN, VIN, VIN[:-1] + "7")
    ]
    assert numbers[0] == numbers[1] != numbers[2]


@pytest.mark.parametrize(("protocol", "signing"), [(True, "required"), (False, "off")])
def test_an_old_car_says_that_it_does_not_sign(
    clock: Clock, *, protocol: bool, signing: str
) -> None:
    """In the list of products and in fleet_status."""
    car = Car(VIN, "Falcon", model=MODEL_X_2018, clock=clock, owner="", protocol=protocol)
    info = car.fleet_info()
    assert car.product("")["command_signing"] == signing
    assert info["vehicle_command_protocol_required"] is protocol
    assert info["fleet_telemetry_version"] == "unknown"
    assert info["firmware_version"] == "2024.44.25.3"


def test_a_car_begins_as_full_as_it_was_parked(clock: Clock) -> None:
    """In percent of its own battery."""
    car = Car("", "", model=CYBERTRUCK_2024, clock=clock, owner="", level=55)
    charge = car.vehicle_data({"charge_state"}, location=False)["charge_state"]
    assert (charge["battery_level"], charge["charge_amps"]) == (55, 48)


@pytest.mark.parametrize(
    ("name", "body", "answer"),
    [
        ("set_charge_limit", {"percent": 90}, (True, "")),
        ("set_charge_limit", {"percent": 80}, (False, "already_set")),
        ("charge_stop", {}, (False, "not_charging")),
        ("set_charge_limit", {}, (False, "missing percent param")),
    ],
)
def test_an_unsigned_command_is_carried_out_and_noted(
    car: Car, clock: Clock, name: str, body: dict[str, Any], answer: tuple[bool, str]
) -> None:
    """Once, with what came of it."""
    assert car.execute_unsigned(name, body) == answer
    assert car.executions == [
        Execution(when=clock.now(), command=name, params=body, route="unsigned", reason=answer[1])
    ]


@pytest.mark.parametrize("name", ["fly", "ping", "set_vehicle_name"])
def test_a_command_that_has_no_unsigned_form_is_not_noted(car: Car, name: str) -> None:
    """The cloud says so, even for a sleeping car."""
    car.fall_asleep()
    with pytest.raises(UnknownCommand):
        car.execute_unsigned(name, {"vehicle_name": "Kitt"})
    assert car.executions == []


def test_a_signed_command_is_carried_out_and_noted(
    car: Car, clock: Clock, client_of: Callable[[int], Client]
) -> None:
    """In the words of the REST API."""
    tell(client_of(INFOTAINMENT), LIMIT_90)
    assert car.state.charge.limit == 90
    assert car.executions == [
        Execution(
            when=clock.now(),
            command="set_charge_limit",
            params={"percent": 90},
            route="signed",
            reason="",
        )
    ]


def test_infotainment_says_why_not(car: Car, client_of: Callable[[int], Client]) -> None:
    """The same words as on the unsigned way."""
    client = client_of(INFOTAINMENT)
    replies = [Response.FromString(tell(client, LIMIT_90)) for _ in range(2)]
    assert [reply.actionStatus.result_reason.plain_text for reply in replies] == ["", "already_set"]
    assert [execution.reason for execution in car.executions] == ["", "already_set"]


def test_vehicle_security_obeys(car: Car, client_of: Callable[[int], Client]) -> None:
    """Locks are its business."""
    car.state.locked = False
    tell(client_of(VEHICLE_SECURITY), LOCK)
    assert car.state.locked
    assert [(one.command, one.route) for one in car.executions] == [("door_lock", "signed")]


def test_what_a_car_does_not_understand_it_does_not_do(
    car: Car, client_of: Callable[[int], Client]
) -> None:
    """Both computers say so."""
    said = Response.FromString(tell(client_of(INFOTAINMENT), UNKNOWN))
    assert said.actionStatus.result == OPERATIONSTATUS_ERROR
    assert said.actionStatus.result_reason.plain_text == "unknown_command"
    nominal = FromVCSECMessage.FromString(tell(client_of(VEHICLE_SECURITY), b"")).nominalError
    assert nominal.genericError != GENERICERROR_NONE
    assert car.executions == []


def test_a_replayed_command_is_carried_out_once(
    car: Car, client_of: Callable[[int], Client]
) -> None:
    """Whoever sends it again."""
    client = client_of(INFOTAINMENT)
    command = client.command(
        Action(vehicleAction={"vehicleControlHonkHornAction": {}}).SerializeToString()
    )
    for _ in range(3):
        client.ask(command)
    assert car.state.counts == {"honk": 1}
    assert len(car.executions) == 1


def test_an_old_car_takes_nothing_signed(clock: Clock) -> None:
    """Not even a greeting, not even asleep."""
    car = Car(VIN, "Falcon", model=MODEL_X_2018, clock=clock, owner="", protocol=False)
    car.fall_asleep()
    with pytest.raises(ProtocolUnsupported):
        car.signed(b"")


def test_a_sleeping_car_takes_nothing_signed(car: Car, client_of: Callable[[int], Client]) -> None:
    """Until it is awake, and then it is still the same session."""
    client = client_of(INFOTAINMENT)
    car.fall_asleep()
    with pytest.raises(CarUnavailable):
        tell(client, LIMIT_90)
    car.wake_now()
    tell(client, LIMIT_90)
    assert car.state.charge.limit == 90


def test_a_driver_can_forbid_remote_access(car: Car, client_of: Callable[[int], Client]) -> None:
    """The cloud refuses some things, the car the others."""
    client = client_of(INFOTAINMENT)
    car.mobile_access = False
    with pytest.raises(MobileAccessDisabled):
        car.vehicle_data({"charge_state"}, location=False)
    with pytest.raises(MobileAccessDisabled):
        car.execute_unsigned("flash_lights", {})
    refused = client.ask(client.command(LIMIT_90))
    fault = int(refused.signedMessageStatus.signed_message_fault)
    assert fault == Fault.REMOTE_ACCESS_DISABLED
    assert (car.executions, car.mobile_access) == ([], False)


def test_a_reboot_ends_the_sessions(car: Car, client_of: Callable[[int], Client]) -> None:
    """Of both computers."""
    clients = [client_of(domain) for domain in (VEHICLE_SECURITY, INFOTAINMENT)]
    before = [client.info.epoch for client in clients]
    car.reboot()
    assert all(
        client.handshake().epoch != epoch for client, epoch in zip(clients, before, strict=True)
    )


def test_one_computer_can_get_another_key(car: Car, client_of: Callable[[int], Client]) -> None:
    """The other one keeps its own."""
    clients = {domain: client_of(domain) for domain in (VEHICLE_SECURITY, INFOTAINMENT)}
    before = {domain: client.info.publicKey for domain, client in clients.items()}
    car.rotate_key(INFOTAINMENT)
    after = {domain: client.handshake().publicKey for domain, client in clients.items()}
    assert after[VEHICLE_SECURITY] == before[VEHICLE_SECURITY]
    assert after[INFOTAINMENT] != before[INFOTAINMENT]


def test_a_clock_can_go_wrong(car: Car, client_of: Callable[[int], Client]) -> None:
    """One by itself."""
    clients = {domain: client_of(domain) for domain in (VEHICLE_SECURITY, INFOTAINMENT)}
    before = {domain: client.info.clock_time for domain, client in clients.items()}
    car.shift_clock(INFOTAINMENT, 120)
    after = {domain: client.handshake().clock_time for domain, client in clients.items()}
    assert after[VEHICLE_SECURITY] == before[VEHICLE_SECURITY]
    assert after[INFOTAINMENT] == before[INFOTAINMENT] + 120


def test_a_drive_can_be_ended(car: Car, clock: Clock) -> None:
    """Somebody parks, gets out and locks."""
    car.fall_asleep()
    car.drive(50)
    clock.advance(600)
    assert car.availability == "online"
    assert car.state.motion.speed == 100
    car.park()
    state = car.state
    assert (state.motion.speed, state.motion.power, state.motion.trip) == (0, 0, None)
    assert (state.user_present, state.locked) == (False, True)
    odometer = state.motion.odometer
    clock.advance(600)
    assert car.state.motion.odometer == odometer > 24_500


def test_a_cable_ends_a_drive_and_starts_to_charge(car: Car, clock: Clock) -> None:
    """And comes out again."""
    car.drive(50)
    clock.advance(600)
    car.plug_in("dc")
    clock.advance(60)
    state = car.state
    assert (state.motion.trip, state.charge.cable, state.charge.port_open) == (None, "dc", True)
    assert state.charge.added > 0
    car.unplug()
    assert (car.state.charge.cable, car.state.charge.port_open) == (None, False)


def test_a_car_catches_up_whenever_it_is_looked_at(car: Car, clock: Clock) -> None:
    """After a week at once, as after a week of looks."""
    car.plug_in("ac")
    clock.advance(7 * 24 * 3600)
    assert car.state.charge.energy == pytest.approx(0.8 * MODEL_3_2021.pack)
    assert car.availability == "asleep"
