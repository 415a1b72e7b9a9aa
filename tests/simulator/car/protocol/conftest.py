"""The computers of a car that note what they were told, and a client with a paired key."""

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from simulator.car.protocol import INFOTAINMENT, VEHICLE_SECURITY, Computers
from simulator.clock import Clock

from .client import Client

if TYPE_CHECKING:
    from collections.abc import Callable

VIN = "5YJ3E7EB8MF012346"
DOMAINS = {"vehicle_security": VEHICLE_SECURITY, "infotainment": INFOTAINMENT}
REPLY = b"\x0a\x00"


class Garage:
    """A car's computers with what was executed."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.keys: set[bytes] = set()
        self.executed: dict[int, list[bytes]] = defaultdict(list)
        self.reply = REPLY
        self.computers = Computers(
            vin=VIN,
            clock=clock,
            whitelist=self.keys,
            execute={domain: self._executor(domain) for domain in DOMAINS.values()},
        )

    def client(self, domain: int, *, paired: bool = True) -> Client:
        """Somebody with a new key, who has shaken hands if it is paired."""
        client = Client(vin=VIN, domain=domain, send=self.computers.signed)
        if paired:
            self.keys.add(client.point)
            client.handshake()
        return client

    def _executor(self, domain: int) -> Callable[[bytes], bytes]:
        def execute(payload: bytes) -> bytes:
            self.executed[domain].append(payload)
            return self.reply

        return execute


@pytest.fixture
def garage() -> Garage:
    """A car that was booted an hour ago; its clock only moves when told."""
    garage = Garage(Clock(0, start=1_790_000_000.0))
    garage.clock.advance(3600)
    return garage


@pytest.fixture(params=list(DOMAINS.values()), ids=list(DOMAINS))
def domain(request: pytest.FixtureRequest) -> int:
    """Each of the two domains."""
    number: int = request.param
    return number


@pytest.fixture
def client(garage: Garage, domain: int) -> Client:
    """Somebody whose key is paired, and who has shaken hands."""
    return garage.client(domain)
