"""One computer of one car: its session, kept in step and kept over a restart, and its queue."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import logging
from typing import TYPE_CHECKING, Final, Protocol

from custom_components.teslalogger.tesla.errors import NotSent, TeslaError, VehicleTimeout
from custom_components.teslalogger.tesla.redact import short_vin
from custom_components.teslalogger.vehicle_command import (
    CommandKey,
    DamagedSession,
    Domain,
    KeyChanged,
    Reply,
    ReplyRejected,
    Request,
    Session,
    SessionOutOfDate,
    StoredSession,
    SubsystemTimeout,
    VehicleBusy,
)
from custom_components.teslalogger.vehicle_command.errors import NeedsReservation

from .errors import DeadlinePassed, HandshakeFailed, NoAnswerInTime
from .outcome import COMMAND_ERRORS, CommandError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from .tally import Tally

_LOGGER = logging.getLogger(__name__)

BACK_OFFS: Final = (1.0, 2.0, 4.0)
COUNTERS_PER_RESERVATION: Final = 100

_WORTH_ANOTHER_HANDSHAKE: Final = (
    NotSent,
    VehicleTimeout,
    NoAnswerInTime,
    VehicleBusy,
    SubsystemTimeout,
    SessionOutOfDate,
    ReplyRejected,
)


class SignedTransport(Protocol):
    """Carries one message to the car and its answer back."""

    async def signed_command(self, vin: str, message: bytes) -> bytes:
        """Post; raises a TeslaError."""
        ...


class SessionStore(Protocol):
    """Keeps sessions over a restart."""

    def load(self, vin: str, domain: Domain) -> StoredSession | None:
        """What was saved last."""
        ...

    async def save(self, vin: str, domain: Domain, stored: StoredSession) -> None:
        """Return once it is durable."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What every lane of a car shares; `clock` is monotonic, `wall_clock` counts from 1970."""

    vin: str = field(repr=False)
    key: CommandKey
    transport: SignedTransport
    store: SessionStore
    clock: Callable[[], float]
    wall_clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]


class Lane:
    """Session and queue of one domain. Use everything but `turn` only while holding the turn."""

    def __init__(self, domain: Domain, around: Surroundings) -> None:
        self._domain = domain
        self._around = around
        self._lock = asyncio.Lock()
        self._loaded: Session | None = None
        self._kept_encrypts = False

    @asynccontextmanager
    async def turn(self, patience: float) -> AsyncGenerator[None]:
        """Wait for one's turn, at most `patience` seconds; raises DeadlinePassed."""
        try:
            async with asyncio.timeout(patience):
                await self._lock.acquire()
        except TimeoutError as err:
            raise DeadlinePassed from err
        try:
            yield
        finally:
            self._lock.release()

    async def sign(self, payload: bytes, tally: Tally, deadline: float) -> Request:
        """Sign for the car as it is now, after a handshake and a reservation if need be."""
        if not self._session.ready:
            await self.shake_hands(tally, deadline)
        try:
            return self._session.sign(payload, now=self._around.clock())
        except NeedsReservation:
            await self.keep()
        return self._session.sign(payload, now=self._around.clock())

    async def execute(self, request: Request, tally: Tally, deadline: float) -> Reply:
        """Post a signed command; the verified answer."""
        message = await self._post(request, tally, deadline)
        reply = self._session.open(request, message, now=self._around.clock())
        if reply.encrypted and not self._kept_encrypts:
            try:
                await self.keep()  # from now on, also after a restart, plain text is not believed
            except Exception as err:  # noqa: BLE001 - the car has answered, whatever the disk does
                _LOGGER.warning(
                    "%s: its session is not kept: %s",
                    short_vin(self._around.vin),
                    type(err).__name__,
                )
        return reply

    async def shake_hands(self, tally: Tally, deadline: float) -> None:
        """Bring the session in step with the car, and on disk.

        Raises HandshakeFailed, or what Tesla or the car said if that settles the matter.
        """
        pauses = iter(BACK_OFFS)
        while True:
            try:
                await self._shake_hands_once(tally, deadline)
                break
            except COMMAND_ERRORS as err:
                if not _is_worth_another(err):
                    raise
                if isinstance(err, ReplyRejected):
                    self._session.forget()
                pause = next(pauses, None)
                if pause is None or self._around.clock() + pause >= deadline:
                    raise HandshakeFailed from err
                await self._around.sleep(pause)
        if not self._session.ready:
            raise HandshakeFailed
        await self.keep()

    async def _shake_hands_once(self, tally: Tally, deadline: float) -> None:
        request = self._session.handshake(now=self._around.clock())
        message = await self._post(request, tally, deadline)
        try:
            self._session.open(request, message, now=self._around.clock())
        except KeyChanged:
            self.warn_of_key_change()

    async def keep(self) -> None:
        """Reserve counters and put the session on disk."""
        around = self._around
        self._session.reserve(COUNTERS_PER_RESERVATION)
        stored = self._session.export(now=around.clock(), wall_now=around.wall_clock())
        try:
            await around.store.save(around.vin, self._domain, stored)
        except BaseException:
            self._session.forget()  # what is reserved in memory only must not be used
            raise
        self._kept_encrypts = stored.encrypts

    def forget(self) -> None:
        """Begin the next command with a handshake."""
        self._session.forget()

    def was_accepted(self, request: Request) -> bool | None:
        """Whether the car took this command, as its latest session info shows."""
        return self._session.was_accepted(request)

    def warn_of_key_change(self) -> None:
        """Tell that the car's own key is another one than before."""
        _LOGGER.warning(
            "%s answers with another key than before, as after service work; it is trusted now",
            short_vin(self._around.vin),
        )

    @property
    def _session(self) -> Session:
        if self._loaded is None:
            self._loaded = self._restored()
        return self._loaded

    def _restored(self) -> Session:
        around = self._around
        if stored := around.store.load(around.vin, self._domain):
            self._kept_encrypts = stored.encrypts
            try:
                return Session.restore(
                    around.key,
                    around.vin,
                    self._domain,
                    stored,
                    now=around.clock(),
                    wall_now=around.wall_clock(),
                )
            except DamagedSession:
                _LOGGER.warning("%s: the stored session is damaged", short_vin(around.vin))
        return Session(around.key, around.vin, self._domain)

    async def _post(self, request: Request, tally: Tally, deadline: float) -> bytes:
        remaining = deadline - self._around.clock()
        if remaining <= 0:
            raise DeadlinePassed
        tally.count_signed(is_command=request.counter is not None)
        try:
            async with asyncio.timeout(remaining):
                return await self._around.transport.signed_command(
                    self._around.vin, request.message
                )
        except TimeoutError as err:
            raise NoAnswerInTime from err
        except TeslaError as err:
            tally.correct_cost(err)
            raise


def _is_worth_another(error: CommandError) -> bool:
    """A handshake may be repeated whatever became of it: nothing is lost but time."""
    return isinstance(error, _WORTH_ANOTHER_HANDSHAKE) or (
        isinstance(error, TeslaError) and error.may_have_succeeded
    )
