"""A simulated world, and the integration's receiver in it."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from custom_components.teslalogger.fleet_telemetry.pki import OwnAuthority
from custom_components.teslalogger.fleet_telemetry.receiver import Receiver
from custom_components.teslalogger.fleet_telemetry.tls import server_context
from custom_components.teslalogger.vehicle_command.jws import telemetry_token
from custom_components.teslalogger.vehicle_command.keys import CommandKey
from simulator.clock import Clock
from simulator.garage import JUNIPER, OWNER, standard_world
from simulator.telemetry.fleet import Fleet
from simulator.telemetry.subscriptions import TAKING_SECONDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from custom_components.teslalogger.fleet_telemetry.records import Record
    from custom_components.teslalogger.fleet_telemetry.sink import Hello
    from simulator.world import World

HOST: Final = "home.example.test"
APP: Final = "simulated-client"


@dataclass(kw_only=True)
class Diary:
    """A sink that remembers."""

    cars: set[str] = field(default_factory=lambda: {JUNIPER})
    records: list[Record] = field(default_factory=list)
    hellos: list[Hello] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def is_known(self, vin: str) -> bool:
        """Whether it is one of the cars."""
        return vin in self.cars

    def connected(self, vin: str, hello: Hello) -> None:
        """Note how the car introduced itself."""
        assert vin in self.cars
        self.hellos.append(hello)

    def take(self, vin: str, records: Sequence[Record]) -> Awaitable[None] | None:
        """Keep the records, which are safe at once."""
        assert vin in self.cars
        self.records += records
        return None

    def disconnected(self, vin: str) -> None:
        """Note who left."""
        self.gone.append(vin)
        self.changed.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for something that must happen. Raises TimeoutError."""
        async with asyncio.timeout(10):
            while not is_so():
                self.changed.clear()
                await self.changed.wait()


@dataclass(kw_only=True)
class Home:
    """The receiver, and all that a car needs to find and believe it."""

    world: World
    fleet: Fleet
    receiver: Receiver
    authority: OwnAuthority
    diary: Diary
    key: CommandKey

    def configure(self, **changes: Any) -> None:
        """Sign a configuration, post it, and give the car the time to take it."""
        config = {
            "hostname": HOST,
            "port": self.receiver.port,
            "ca": self.authority.certificate,
            "fields": {"Soc": {"interval_seconds": 1}, "Locked": {"interval_seconds": 1}},
            "alert_types": ["service"],
            "delivery_policy": "latest",
            **changes,
        }
        self.world.streaming.put(JUNIPER, APP, OWNER, telemetry_token(self.key, config))
        self.world.clock.advance(TAKING_SECONDS)

    async def tick(self, seconds: float = 0.0) -> None:
        """Let time pass, and wait for the receiver's answers."""
        self.world.clock.advance(seconds)
        await self.fleet.tick()
        await self.fleet.drained()


@pytest.fixture
async def home(
    socket_enabled: None,  # noqa: ARG001 - lets it listen on loopback
) -> AsyncIterator[Home]:
    """The standard world, standing still; Juniper obeys the key."""
    world, key, diary = standard_world(clock=Clock(0)), CommandKey.generate(), Diary()
    world.cars[JUNIPER].pair(key.public_point)
    world.authority.sign_in(
        client_id=APP,
        account=OWNER,
        region=world.accounts[OWNER].region,
        scopes=["vehicle_device_data", "vehicle_location"],
    )
    authority = OwnAuthority.create(datetime.now(UTC))
    context = server_context(
        authority.issue(HOST, datetime.now(UTC)), world.streaming.authorities.bundle.decode()
    )
    receiver, fleet = Receiver(context, diary), Fleet(world)
    await receiver.async_start(0, "127.0.0.1")
    yield Home(
        world=world, fleet=fleet, receiver=receiver, authority=authority, diary=diary, key=key
    )
    await fleet.stop()
    await receiver.async_stop()
