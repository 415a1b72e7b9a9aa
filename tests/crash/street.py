"""A simulated Tesla, and cars that live on while Home Assistant dies."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from aiohttp import web

from scripts.workshop.loopback import HOST, free_port
from scripts.workshop.places import PUBLIC_DOMAIN
from simulator.clock import Clock
from simulator.cloud.app import create_app
from simulator.cloud.faults import FaultKind, FaultRule
from simulator.garage import ANVIL, GUEST_S, JUNIPER, YUKI, standard_world
from simulator.telemetry.subscriptions import Alert

from .diary import Diary
from .signals import WATCHED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Set as AbstractSet

    from simulator.world import World

CARS: Final = (JUNIPER, YUKI, ANVIL, GUEST_S)
"""Those that can stream."""
PLACES: Final = tuple((vin, name) for vin in CARS for name in WATCHED)
SETTLED: Final = 2.0
"""Seconds without another configuration."""
PROMISED: Final = 60.0
"""Seconds for what takes two on a quiet machine."""
_LOOK: Final = 0.02


@dataclass(kw_only=True)
class Street:
    """Cars with what they told, and somebody who changes them; `dice` decide what."""

    world: World
    url: str
    dice: Random
    diary: Diary = field(default_factory=Diary)

    def close_cloud(self) -> None:
        """Have Tesla tell nothing that is in a car: only the stream does from now on."""
        self.world.faults.add(
            FaultRule(
                kind=FaultKind.STATUS,
                endpoint="vehicle_data",
                count=None,
                status=429,
                headers={"Retry-After": "3600"},
            )
        )

    def reach(self, *, home: bool) -> None:
        """Drive all cars into a tunnel, or out of it: then they call at once."""
        for vin in CARS:
            self.world.streaming.circumstances(vin).link = home

    def keep_awake(self) -> None:
        """As somebody who sits in each of them."""
        for vin in CARS:
            self.world.cars[vin].wake_now()

    def change(self) -> None:
        """Something about one of the cars, most often how far it has come."""
        name = self.dice.choice(["Odometer", *WATCHED])
        WATCHED[name].change(self.world.cars[self.dice.choice(CARS)].state, self.dice)

    def drive(self) -> None:
        """Have all cars be a kilometre further."""
        for vin in CARS:
            WATCHED["Odometer"].change(self.world.cars[vin].state, self.dice)

    def warn(self, of: str) -> frozenset[str]:
        """Have each car raise an alert, which goes on; gives their names, each another one."""
        for vin in CARS:
            name = f"{of} {vin}"
            self.world.streaming.circumstances(vin).alerts[name] = Alert(
                name=name, audiences=frozenset({"service"}), started_at=self.world.clock.now()
            )
        return frozenset(f"{of} {vin}" for vin in CARS)

    def calm(self) -> None:
        """Have every alert be over now, which the cars tell even if they have told it before."""
        self.diary.ended.clear()
        for vin in CARS:
            alerts = self.world.streaming.circumstances(vin).alerts
            for name, alert in alerts.items():
                alerts[name] = replace(alert, ended_at=self.world.clock.now())

    async def change_for(self, seconds: float) -> None:
        """Things happen all the time, and something to every car at once."""
        self.drive()
        end = asyncio.get_running_loop().time() + seconds
        while (left := end - asyncio.get_running_loop().time()) > 0:
            self.change()
            await asyncio.sleep(min(left, self.dice.uniform(0.01, 0.2)))

    @property
    def promised(self) -> dict[str, int]:
        """How often each car heard that a distance of its is safe."""
        return {vin: self.diary.promises((vin, "Odometer")) for vin in CARS}

    async def be_promised(self, more_than: Mapping[str, int], alerts: AbstractSet[str]) -> None:
        """Wait until every car heard it again, and of these alerts too. Raises TimeoutError."""
        async with asyncio.timeout(PROMISED):
            while not (  # noqa: ASYNC110 - the simulated cars tell nobody
                all(count > more_than[vin] for vin, count in self.promised.items())
                and alerts <= self.diary.begun
            ):
                await asyncio.sleep(_LOOK)

    async def notice(self) -> None:
        """Wait until every car knows that its connection is gone. Raises TimeoutError."""
        async with asyncio.timeout(PROMISED):
            while self.connected:  # noqa: ASYNC110 - the simulated cars tell nobody
                await asyncio.sleep(_LOOK)

    @property
    def connected(self) -> int:
        """How many cars stream."""
        return sum(kept.connected for kept in self.world.streaming)

    async def settle(self) -> None:
        """Wait until every car streams by its last configuration. Raises TimeoutError."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(120):
            since, editions = loop.time(), -1
            while self.connected < len(CARS) or loop.time() < since + SETTLED:
                await asyncio.sleep(_LOOK)
                is_synced = all(kept.synced for kept in self.world.streaming)
                if editions != self.editions or not is_synced:
                    since, editions = loop.time(), self.editions

    @property
    def editions(self) -> int:
        """How many configurations the cars were ever given."""
        return sum(kept.edition for kept in self.world.streaming)

    @property
    def held(self) -> int:
        """How many changes the cars still have to tell."""
        return sum(
            self.diary.holds((vin, name), WATCHED[name].known(self.world.cars[vin].state))
            for vin, name in PLACES
        )


@asynccontextmanager
async def open_street(home_port: int, seed: int) -> AsyncIterator[Street]:
    """Serve a world whose cars stream by themselves, in real time."""
    diary = Diary()
    world = standard_world(clock=Clock(1.0), internet={PUBLIC_DOMAIN: f"http://{HOST}:{home_port}"})
    port = free_port(0)
    with patch("simulator.telemetry.stream.connect", diary.connect):
        runner = web.AppRunner(create_app(world, streaming=True), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, HOST, port).start()
        try:
            yield Street(
                world=world,
                url=f"http://{HOST}:{port}",
                dice=Random(seed),  # noqa: S311 - the same moments each time
                diary=diary,
            )
        finally:
            await runner.cleanup()
