"""The signed way to one car.

Theory of operation. Each of the car's two computers has a lane: a session and a queue. Everything
about a command happens during its turn in the lane: shake hands if need be, sign, post, verify.
Signing comes right before posting, because a signed command lives for ten seconds only; waiting in
the queue must not eat them up. The two lanes know nothing of each other, so a door unlocks while
the other computer is silent.

A command goes out at most twice (see Tally), which leaves room for one reaction:

    the car says it did not execute (session out of date, busy, ...)   put it right, send again
    nobody knows, and the command sets a state                         send again
    nobody knows, and the command toggles or acts                      ask the counter first

Asking the counter means to wait until the command can no longer be executed, to shake hands, and to
compare. Only if the car certainly never took the command does it go out again.

Infotainment takes commands in any order, so one that nobody answered could arrive after its
successor and undo it. There the successor waits until the doubtful one has expired.
"""

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Final

from custom_components.teslalogger.tesla.errors import NotSent, VehicleTimeout
from custom_components.teslalogger.tesla.redact import short_vin
from custom_components.teslalogger.vehicle_command import (
    CommandKey,
    Domain,
    FaultStopped,
    KeyChanged,
    Request,
    SessionOutOfDate,
    SubsystemTimeout,
    Unconfirmed,
    VehicleBusy,
    read_reply,
)

from .commands import Command, Repeat
from .errors import AcceptedWithoutAnswer
from .lane import Lane, SessionStore, SignedTransport, Surroundings
from .outcome import COMMAND_ERRORS, CommandError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .tally import Tally

_LOGGER = logging.getLogger(__name__)

DEADLINE: Final = 30.0
PAUSE: Final = 1.0
# A busy car gets only one more chance, so that comes late rather than early.
BUSY_PAUSE: Final = 4.0

_INTERNAL: Final = 11


class SignedChannel:
    """Sends signed commands to one car and tells truthfully what became of them.

    `clock` is monotonic and `wall_clock` counts from 1970, both in seconds.
    """

    def __init__(
        self,
        *,
        vin: str,
        key: CommandKey,
        transport: SignedTransport,
        store: SessionStore,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._vin = vin
        self._clock = clock
        self._sleep = sleep
        around = Surroundings(
            vin=vin,
            key=key,
            transport=transport,
            store=store,
            clock=clock,
            wall_clock=wall_clock,
            sleep=sleep,
        )
        self._lanes = {domain: Lane(domain, around) for domain in Domain}
        self._unsettled_until = 0.0

    async def send(self, command: Command, payload: bytes, tally: Tally) -> None:
        """Return if the car confirmed that it did it.

        Raises a TeslaError, VehicleCommandError or VehicleError if not. `tally.doubt` then tells
        whether the car may have done it all the same.
        """
        deadline = self._clock() + DEADLINE
        lane = self._lanes[command.domain]
        async with lane.turn(DEADLINE):
            if command.domain is Domain.INFOTAINMENT:
                await self._let_expire(self._unsettled_until, deadline)
            while True:
                request = await lane.sign(payload, tally, deadline)
                try:
                    reply = await lane.execute(request, tally, deadline)
                    read_reply(command.domain, reply.payload)
                    if not reply.confirmed:
                        raise Unconfirmed
                except COMMAND_ERRORS as err:
                    await self._react(lane, command, request, err, tally, deadline)
                else:
                    return

    async def _react(
        self,
        lane: Lane,
        command: Command,
        request: Request,
        error: CommandError,
        tally: Tally,
        deadline: float,
    ) -> None:
        """Return if the command may go out again; raise if this is the end of it."""
        pause = _pause_before_repeating(error)
        in_doubt = _leaves_doubt(error)
        if in_doubt:
            tally.doubt = error
            if command.domain is Domain.INFOTAINMENT:
                self._unsettled_until = request.expires_at_now or 0.0
        if isinstance(error, SessionOutOfDate):
            await self._keep_in_step(lane, error)
        if pause is None or not tally.may_send or self._clock() + pause >= deadline:
            raise error
        if in_doubt and command.repeat is not Repeat.STATE:
            await self._ask_the_counter(lane, request, error, tally, deadline)
        else:
            await self._sleep(pause)

    async def _keep_in_step(self, lane: Lane, error: SessionOutOfDate) -> None:
        if isinstance(error, KeyChanged):
            lane.warn_of_key_change()
        if error.adopted:
            await lane.keep()
        else:
            lane.forget()

    async def _ask_the_counter(
        self,
        lane: Lane,
        request: Request,
        error: CommandError,
        tally: Tally,
        deadline: float,
    ) -> None:
        """Return only if the car certainly did not take the command and never will."""
        if not await self._let_expire(request.expires_at_now or deadline, deadline):
            raise error
        try:
            await lane.shake_hands(tally, deadline)
        except COMMAND_ERRORS as err:
            _LOGGER.debug("%s: the counter cannot be asked: %s", short_vin(self._vin), err)
            raise error from err
        accepted = lane.was_accepted(request)
        if accepted:
            raise AcceptedWithoutAnswer from error
        if accepted is None:
            raise error
        tally.doubt = None

    async def _let_expire(self, expiry: float, deadline: float) -> bool:
        """Wait until `expiry`, unless that is beyond the deadline."""
        remaining = expiry - self._clock()
        if expiry >= deadline:
            return False
        if remaining > 0:
            await self._sleep(remaining)
        return True


def _leaves_doubt(error: CommandError) -> bool:
    """Whether the car may have executed what it answered with this error, or did not answer."""
    # Tesla's own client takes INTERNAL for "not executed", yet it is no more than likely.
    return error.may_have_succeeded or (isinstance(error, VehicleBusy) and error.fault == _INTERNAL)


def _pause_before_repeating(error: CommandError) -> float | None:
    """How long to wait before the command may go out again; None if that would be no use."""
    match error:
        case SessionOutOfDate():
            return 0.0
        case VehicleBusy() | SubsystemTimeout():
            return BUSY_PAUSE
        case NotSent() | VehicleTimeout():
            return PAUSE
        case FaultStopped():
            return None
        case _:
            return PAUSE if _leaves_doubt(error) else None
