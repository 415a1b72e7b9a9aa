"""Every stream of a world."""

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from simulator.telemetry.stream import TICK_SECONDS, Stream

if TYPE_CHECKING:
    from simulator.world import World

_LOGGER: Final = logging.getLogger(__name__)
SHORTEST_PAUSE: Final = 0.05
"""Real seconds between ticks, however fast the world's clock runs."""


class Fleet:
    """The streaming programs in all cars of a world.

    Tests call `tick`; `start` does so by itself until `stop`.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._streams: dict[tuple[str, str], Stream] = {}
        self._runner: asyncio.Task[None] | None = None

    def stream(self, vin: str, client_id: str = "simulated-client") -> Stream:
        """The stream of a car to an application; raises KeyError before its first tick."""
        return self._streams[vin, client_id]

    async def tick(self) -> None:
        """Half a second in the life of every car."""
        streaming, cars = self._world.streaming, self._world.cars
        for vin in {kept.vin for kept in streaming}:
            streaming.settle(cars[vin])
        for kept in streaming:
            key = kept.vin, kept.client_id
            if key not in self._streams:
                self._streams[key] = Stream(self._world, cars[kept.vin], kept)
        await asyncio.gather(*(stream.tick() for stream in self._streams.values()))

    async def drained(self) -> None:
        """Wait until all that was sent is answered. Raises TimeoutError."""
        await asyncio.gather(*(stream.drained() for stream in self._streams.values()))

    def start(self) -> None:
        """Let the cars stream by themselves."""
        self._runner = asyncio.create_task(self._run(), name="simulated cars stream")

    async def stop(self) -> None:
        """Let every car hang up."""
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
            self._runner = None
        await asyncio.gather(*(stream.close() for stream in self._streams.values()))

    async def _run(self) -> None:
        while True:
            try:
                await self.tick()
            except Exception:  # one car's mishap must not silence the others for good
                _LOGGER.exception("A tick of the simulated cars failed")
            speed = self._world.clock.speed
            await asyncio.sleep(max(SHORTEST_PAUSE, TICK_SECONDS / max(speed, 1.0)))
