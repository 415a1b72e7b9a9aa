"""A strict car and a session with it."""

from cryptography.hazmat.primitives.asymmetric import ec
import pytest

from custom_components.teslalogger.vehicle_command import CommandKey, Domain, Reply, Session

from .car import Car

VIN = "5YJ3E7EB8MF012346"


class Pair:
    """A session and its car, on one clock: `now` is ours, the car's runs `offset` ahead."""

    def __init__(self, domain: Domain) -> None:
        self.key = CommandKey.generate()
        self.car = Car(
            key=ec.generate_private_key(ec.SECP256R1()),
            client_point=self.key.public_point,
            vin=VIN,
            domain=domain.value,
            answer=b"\x0a\x00" if domain is Domain.INFOTAINMENT else b"",
        )
        self.session = Session(self.key, VIN, domain)
        self.domain = domain
        self.now = 5000.25

    def pass_time(self, seconds: int) -> None:
        """Let both clocks run."""
        self.now += seconds
        self.car.time += seconds

    def reboot(self) -> None:
        """Give the car a new epoch."""
        self.car.epoch = bytes(reversed(self.car.epoch[1:] + b"\x77"))
        self.car.counter, self.car.time = 0, 3

    def shake_hands(self) -> Reply:
        """One handshake, answered."""
        request = self.session.handshake(now=self.now)
        return self.session.open(request, self.car.handle(request.message), now=self.now)

    def command(self, payload: bytes = b"do it", *, fault: str | None = None) -> Reply:
        """One command, answered."""
        self.session.reserve(10)
        request = self.session.sign(payload, now=self.now)
        answer = self.car.handle(request.message, fault=fault)
        return self.session.open(request, answer, now=self.now)


@pytest.fixture(params=list(Domain), ids=lambda domain: domain.name.lower())
def pair(request: pytest.FixtureRequest) -> Pair:
    """A pair that has not met yet, once per domain."""
    return Pair(request.param)


@pytest.fixture
def met(pair: Pair) -> Pair:
    """A pair after its handshake."""
    pair.shake_hands()
    return pair
