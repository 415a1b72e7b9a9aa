"""Waking one car: one wake-up however many commands wait for it."""

import asyncio
from typing import TYPE_CHECKING, Final, Protocol

from custom_components.teslalogger.tesla.errors import NotSent, TeslaError, VehicleUnavailable
from custom_components.teslalogger.tesla.models import Availability
from custom_components.teslalogger.tesla.prices import PriceClass

from .errors import StillUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .tally import Tally

# Cars take 10 to 60 seconds.
PATIENCE: Final = 90.0
_FIRST_LOOK: Final = 2.0
_LAST_LOOK: Final = 8.0
_GROWTH: Final = 1.5
# How long to wait before what could not be sent is sent again, and once more.
_NOT_SENT: Final = (1.0, 4.0)


class WakeTransport(Protocol):
    """What waking needs from Tesla."""

    async def wake_up(self, vin: str) -> Availability:
        """Ask the car to wake up; raises a TeslaError."""
        ...

    async def vehicle(self, vin: str) -> Availability:
        """The car's availability, free of charge and without effect on the car."""
        ...


class Waker:
    """Wakes one car and waits until it is online."""

    def __init__(
        self,
        *,
        vin: str,
        transport: WakeTransport,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._vin = vin
        self._transport = transport
        self._clock = clock
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._times_woken = 0

    async def wake(self, tally: Tally, *, was_unavailable: bool = False) -> None:
        """Return when the car is online.

        Where it `was_unavailable` a moment ago that takes a while, whatever Tesla's list says: it
        can go on saying "online" for minutes after a car fell asleep.

        Raises StillUnavailable, or the TeslaError that makes waiting useless.
        """
        times_woken = self._times_woken
        async with self._turn:
            if self._times_woken != times_woken:
                return
            await self._wake(tally, was_unavailable=was_unavailable)
            self._times_woken += 1

    async def _wake(self, tally: Tally, *, was_unavailable: bool) -> None:
        give_up = self._clock() + PATIENCE
        availability = await self._ask(self._transport.wake_up, PriceClass.WAKE, tally)
        pause = _FIRST_LOOK
        if was_unavailable:
            availability, pause = Availability.UNKNOWN, _LAST_LOOK
        while availability is not Availability.ONLINE:
            if self._clock() + pause > give_up:
                raise StillUnavailable
            await self._sleep(pause)
            pause = min(pause * _GROWTH, _LAST_LOOK)
            availability = await self._ask(self._transport.vehicle, PriceClass.FREE, tally)

    async def _ask(
        self,
        question: Callable[[str], Awaitable[Availability]],
        price: PriceClass,
        tally: Tally,
    ) -> Availability:
        """The answer; UNKNOWN where the car may be waking all the same, or is not awake yet.

        Raises the TeslaError that people can do something about, or that another host may not have.
        """
        pauses = iter(_NOT_SENT)
        while True:
            tally.count_request(price)
            try:
                return await question(self._vin)
            except TeslaError as err:
                tally.correct_cost(err)
                if err.may_have_succeeded or isinstance(err, VehicleUnavailable):
                    return Availability.UNKNOWN
                pause = next(pauses, None) if isinstance(err, NotSent) else None
                if pause is None:
                    raise
            await self._sleep(pause)
