"""The two computers of a car that take signed commands, and the way to them."""

import random
from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from simulator.car.protocol import reply
from simulator.car.protocol.computer import Computer
from simulator.car.protocol.faults import CarFaults, Fault
from simulator.car.protocol.verifier import Verifier, new_key
from simulator.vehicle import CarUnavailable, MalformedMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tesla_protocol.command.universal_message_pb2 import Domain

    from simulator.clock import Clock


class Computers:
    """Everything of a car that the Vehicle Command Protocol reaches.

    Args:
        vin: all 17 characters.
        clock: the simulated time.
        whitelist: the points of the paired keys; read anew for every message.
        execute: by domain, what carries out the payload of a command.
        dice: for epochs, nonces and new keys. The first keys depend on the VIN alone, because a
            car keeps its keys when the simulator is restarted, and begins new epochs.
    """

    def __init__(
        self,
        *,
        vin: str,
        clock: Clock,
        whitelist: set[bytes],
        execute: Mapping[Domain, Callable[[bytes], bytes]],
        dice: random.Random | None = None,
    ) -> None:
        self.faults = CarFaults()
        self._computers: dict[int, Computer] = {
            domain: Computer(
                verifier=Verifier(
                    domain=domain,
                    vin=vin,
                    clock=clock,
                    dice=dice or random.SystemRandom(),
                    whitelist=whitelist,
                    key=new_key(random.Random(f"{vin} {int(domain)}")),
                ),
                faults=self.faults,
                execute=carry_out,
            )
            for domain, carry_out in execute.items()
        }

    def __getitem__(self, domain: int) -> Computer:
        """One of the two."""
        return self._computers[domain]

    def signed(self, message: bytes) -> bytes:
        """Answer a RoutableMessage.

        Raises:
            MalformedMessage: it is none, or leads nowhere.
            CarUnavailable: the computer it is for cannot be reached.
            ReplyLost: the command was executed.
        """
        try:
            request = RoutableMessage.FromString(message)
        except DecodeError as err:
            raise MalformedMessage from err
        if request.to_destination.WhichOneof("sub_destination") != "domain":
            raise MalformedMessage
        domain = request.to_destination.domain
        if (computer := self._computers.get(domain)) is None:
            answer = reply.addressed(request, domain)
            reply.blame(answer, Fault.INVALID_DOMAINS)
            return answer.SerializeToString()
        if domain in self.faults.unreachable:
            raise CarUnavailable
        return computer.answer(request)

    def reboot(self) -> None:
        """Let both computers begin a new epoch."""
        for computer in self._computers.values():
            computer.verifier.reboot()

    def rotate_key(self, domain: int) -> None:
        """Give a computer another key, as after a repair."""
        self[domain].verifier.rotate_key()

    def shift_clock(self, domain: int, seconds: float) -> None:
        """Put a computer's clock forward, or back but not before its epoch."""
        self[domain].verifier.shift_clock(seconds)
