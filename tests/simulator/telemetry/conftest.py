"""A car, somebody who wants to know of it, and a receiver."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from simulator.clock import Clock
from simulator.garage import JUNIPER, OWNER, standard_world
from simulator.telemetry.fleet import Fleet
from simulator.telemetry.subscriptions import TAKING_SECONDS

from .configs import claims
from .receiver import Receiver
from .tokens import make_key, point_of, token

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from simulator.telemetry.stream import Stream
    from simulator.telemetry.subscriptions import Subscription
    from simulator.vehicle import Vehicle
    from simulator.world import World

APP = "simulated-client"
KEY = make_key()
SCOPES = ["vehicle_device_data", "vehicle_location"]


@dataclass(kw_only=True)
class Road:
    """A car that streams to a receiver."""

    world: World
    fleet: Fleet
    receiver: Receiver

    @property
    def car(self) -> Vehicle:
        """Juniper."""
        return self.world.cars[JUNIPER]

    @property
    def kept(self) -> Subscription:
        """What Tesla and the car have of the configuration."""
        kept = self.world.streaming.find(JUNIPER, APP)
        assert kept is not None
        return kept

    @property
    def stream(self) -> Stream:
        """The car's program."""
        return self.fleet.stream(JUNIPER)

    def is_connected(self) -> bool:
        """Whether the car is on the line, by what it says itself and what others see."""
        assert self.stream.connected == self.kept.connected
        return self.stream.connected

    def configure(self, **changes: Any) -> None:
        """Give the car a configuration, and the time to take it."""
        told = claims(**{"port": self.receiver.port, **changes})
        self.world.streaming.put(JUNIPER, APP, OWNER, token(KEY, told))
        self.world.clock.advance(TAKING_SECONDS)

    async def tick(self, seconds: float = 0.0) -> None:
        """Let time pass, then the car do what is due, then the receiver answer."""
        self.world.clock.advance(seconds)
        await self.fleet.tick()
        if self.receiver.acks or self.receiver.refuses:
            await self.fleet.drained()

    async def ticks(self, count: int, seconds: float = 0.5) -> None:
        """Several, one after the other."""
        for _ in range(count):
            await self.tick(seconds)


@pytest.fixture
def world() -> World:
    """The standard world, standing still, whose cars know the key."""
    world = standard_world(clock=Clock(0, start=1_790_000_000.0))
    for car in world.cars.values():
        car.pair(point_of(KEY))
    world.authority.sign_in(
        client_id=APP, account=OWNER, region=world.accounts[OWNER].region, scopes=SCOPES
    )
    return world


@pytest.fixture
async def receiver(
    world: World,
    socket_enabled: None,  # noqa: ARG001 - lets it listen on loopback
) -> AsyncIterator[Receiver]:
    """One that acknowledges."""
    receiver = Receiver(cars=world.streaming.authorities)
    await receiver.start()
    yield receiver
    await receiver.stop()


@pytest.fixture
async def road(world: World, receiver: Receiver) -> AsyncIterator[Road]:
    """All of it; the car is not configured yet."""
    fleet = Fleet(world)
    yield Road(world=world, fleet=fleet, receiver=receiver)
    await fleet.stop()
