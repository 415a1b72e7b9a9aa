"""CPU per signed command: ours against tesla-fleet-api's.

Both sides do what a command costs between the call and the socket, and back: build the message,
sign, serialise, base64; then base64, parse and judge the reply. Ours decrypts and verifies an
encrypted reply; theirs gets a plain one, because it does not ask for encryption. The network is
replaced by an answer that is ready. Exit status 1 if ours is slower (median).

Run: python -m benchmarks.signing
"""

import asyncio
import base64
from collections.abc import Callable
from importlib.metadata import version
import platform
import statistics
import sys
import time
from types import SimpleNamespace
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from tesla_fleet_api.tesla.vehicle.signed import VehicleSigned
from tesla_protocol.command.car_server_pb2 import Action
from tesla_protocol.command.universal_message_pb2 import RoutableMessage
from tesla_protocol.command.vcsec_pb2 import RKE_ACTION_LOCK, UnsignedMessage

from custom_components.teslalogger.vehicle_command import CommandKey, Domain, Session, read_reply
from tests.vehicle_command.car import Car

VIN: Final = "5YJ3E7EB8MF012346"
COMMANDS: Final = 2_000
ROUNDS: Final = 15

type Round = Callable[[], float]
"""One measurement: CPU seconds per command."""


def _charge_limit() -> bytes:
    action = Action()
    action.vehicleAction.chargingSetLimitAction.percent = 80
    return action.SerializeToString()


def _lock() -> bytes:
    return UnsignedMessage(RKEAction=RKE_ACTION_LOCK).SerializeToString()


PAYLOADS: Final = {Domain.INFOTAINMENT: _charge_limit, Domain.VEHICLE_SECURITY: _lock}
ANSWERS: Final = {Domain.INFOTAINMENT: b"\x0a\x00", Domain.VEHICLE_SECURITY: b""}


def ours(domain: Domain) -> Round:
    """Sign and encode; the car answers off the clock; decode, open and read."""
    key = CommandKey.generate()
    car = Car(
        key=ec.generate_private_key(ec.SECP256R1()),
        client_point=key.public_point,
        vin=VIN,
        domain=domain.value,
        answer=ANSWERS[domain],
    )
    session = Session(key, VIN, domain)
    hello = session.handshake(now=0.0)
    session.open(hello, car.handle(hello.message), now=0.0)
    payload = PAYLOADS[domain]

    def measure() -> float:
        session.reserve(COMMANDS)
        started = time.process_time()
        sent = []
        for _ in range(COMMANDS):
            request = session.sign(payload(), now=0.0)
            sent.append((request, base64.b64encode(request.message).decode()))
        spent = time.process_time() - started
        answered = [
            (request, base64.b64encode(car.handle(base64.b64decode(body))).decode())
            for request, body in sent
        ]
        started = time.process_time()
        for request, body in answered:
            reply = session.open(request, base64.b64decode(body), now=0.0)
            read_reply(domain, reply.payload)
            assert reply.encrypted
            assert reply.confirmed
        return (spent + time.process_time() - started) / COMMANDS

    return measure


class _Peer(VehicleSigned[Any]):
    """tesla-fleet-api's car with the network cut off."""

    answer = ""

    async def signed_command(self, routable_message: str) -> dict[str, Any]:
        """Answer at once."""
        assert routable_message
        return {"response": self.answer}


def theirs(domain: Domain) -> Round:
    """The public coroutine, from the call to the parsed reply."""
    private = ec.generate_private_key(ec.SECP256R1())
    parent = SimpleNamespace(private_key=private, _request=None)
    vehicle = _Peer(parent, VIN)
    session = vehicle._sessions[domain.value]  # noqa: SLF001 - a handshake is not what is measured
    session.delta = int(time.time())
    session.epoch = bytes(16)
    session.publicKey = bytes(65)
    session.hmac = bytes(32)
    session.sharedKey = bytes(16)
    session.session_info_key = bytes(32)
    assert session.ready
    answer = RoutableMessage(protobuf_message_as_bytes=ANSWERS[domain])
    answer.from_destination.domain = domain.value  # type: ignore[assignment]  # an enum's number
    answer.to_destination.routing_address = vehicle._from_destination  # noqa: SLF001 - what the car echoes
    vehicle.answer = base64.b64encode(answer.SerializeToString()).decode()

    async def commands() -> None:
        for _ in range(COMMANDS):
            if domain is Domain.INFOTAINMENT:
                result = await vehicle.set_charge_limit(80)
            else:
                result = await vehicle.door_lock()
            assert result["response"]["result"]

    def measure() -> float:
        with asyncio.Runner() as runner:
            runner.get_loop()
            started = time.process_time()
            runner.run(commands())
            return (time.process_time() - started) / COMMANDS

    return measure


def main() -> int:
    """Measure in turns, so that both sides meet the same machine; print; judge."""
    packages = ("cryptography", "protobuf", "tesla-protocol", "tesla-fleet-api")
    print(f"{platform.machine()}, {platform.python_implementation()} {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in packages))
    print(f"{ROUNDS} rounds of {COMMANDS} commands, CPU microseconds per command")
    print(f"{'':18}{'ours min':>10}{'median':>8}{'theirs min':>12}{'median':>8}")
    slower = False
    for domain in Domain:
        sides = (ours(domain), theirs(domain))
        results: tuple[list[float], list[float]] = ([], [])
        for side in sides:
            side()
        for _ in range(ROUNDS):
            for side, spent in zip(sides, results, strict=True):
                spent.append(side() * 1e6)
        mine, other = results
        print(
            f"{domain.name.lower():18}{min(mine):10.1f}{statistics.median(mine):8.1f}"
            f"{min(other):12.1f}{statistics.median(other):8.1f}"
        )
        slower = slower or statistics.median(mine) > statistics.median(other)
    print("ours is slower" if slower else "ours is not slower")
    return int(slower)


if __name__ == "__main__":
    sys.exit(main())
