"""A network between the integration and one car, on which requests arrive late."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from custom_components.teslalogger.tesla import AnswerLost, FleetClient

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    import random

    from custom_components.teslalogger.tesla import Availability, CommandAnswer
    from custom_components.teslalogger.vehicle import Outcome
    from simulator.car import Car, Execution
    from simulator.clock import Clock

LATE: Final = 0.06
"""The share of requests that a client gives up on and that arrive all the same."""
LONGEST_DELAY: Final = 40.0


@dataclass(kw_only=True, slots=True)
class Press:
    """One command that somebody asked for, and what came of it on both sides.

    Presses of the same `moment` were made at once.
    """

    moment: int
    command: str
    params: Mapping[str, Any]
    outcome: Outcome | None = None
    executions: list[Execution] = field(default_factory=list)


PRESS: ContextVar[Press] = ContextVar("press")


@dataclass(order=True, slots=True)
class _Held:
    due: float
    press: Press = field(compare=False)
    send: Callable[[], Awaitable[object]] = field(compare=False)


class Network:
    """Carries requests to the cloud; knows for which press each of them was sent.

    Stands where the FleetClient stands, and passes everything on to it sooner or later. Its
    `sleep` is simulated time: what was held back arrives while somebody waits.
    """

    def __init__(self, client: FleetClient, car: Car, clock: Clock, dice: random.Random) -> None:
        self._client = client
        self._car = car
        self._clock = clock
        self._dice = dice
        self._held: list[_Held] = []
        # One at a time, so that it is known for whom the car executed what.
        self._delivering = asyncio.Lock()
        self.late = 0
        self.reboots_after_next = False

    async def signed_command(self, vin: str, message: bytes) -> bytes:
        """As the FleetClient."""
        return await self._carry(lambda: self._client.signed_command(vin, message))

    async def command(self, vin: str, name: str, body: Mapping[str, Any]) -> CommandAnswer:
        """As the FleetClient."""
        return await self._carry(lambda: self._client.command(vin, name, body))

    async def wake_up(self, vin: str) -> Availability:
        """As the FleetClient; never late, as nothing depends on it."""
        return await self._client.wake_up(vin)

    async def vehicle(self, vin: str) -> Availability:
        """As the FleetClient."""
        return await self._client.vehicle(vin)

    async def sleep(self, seconds: float) -> None:
        """Let simulated time pass, and with it let arrive what was held back."""
        end = self._clock.now() + seconds
        while self._held and min(self._held).due <= end:
            await self._let_next_arrive()
        self._clock.advance(max(end - self._clock.now(), 0.0))
        await asyncio.sleep(0)

    async def settle(self) -> None:
        """Let everything arrive."""
        while self._held:
            await self._let_next_arrive()

    async def _carry[AnswerT](self, send: Callable[[], Awaitable[AnswerT]]) -> AnswerT:
        press = PRESS.get()
        if self._dice.random() < LATE:
            self.late += 1
            due = self._clock.now() + self._dice.uniform(0.1, LONGEST_DELAY)
            self._held.append(_Held(due, press, send))
            msg = "given up"
            raise AnswerLost(msg)
        return await self._deliver(press, send)

    async def _let_next_arrive(self) -> None:
        held = min(self._held)
        self._held.remove(held)
        self._clock.advance(max(held.due - self._clock.now(), 0.0))
        await asyncio.gather(self._deliver(held.press, held.send), return_exceptions=True)

    async def _deliver[AnswerT](
        self, press: Press, send: Callable[[], Awaitable[AnswerT]]
    ) -> AnswerT:
        async with self._delivering:
            before = len(self._car.executions)
            try:
                answer = await send()
            finally:
                done = self._car.executions[before:]
                press.executions += done
            if done and self.reboots_after_next:
                self.reboots_after_next = False
                self._car.computers.reboot()
                msg = "the car went down before it answered"
                raise AnswerLost(msg)
            return answer
