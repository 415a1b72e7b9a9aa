"""From a TCP connection to a known car: the handshake, and who may not go on.

A door with limits: clients that never finish their handshake cannot keep a car out. If there are
too many, the address with the most unfinished handshakes loses its oldest.
"""

import asyncio
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
import logging
import time
from typing import TYPE_CHECKING, Final, cast, override

from .attempts import Attempt, Attempts, Reason, reason_of
from .cork import CorkedTransport
from .errors import NotACar
from .identity import Identity, identify, vin_of

if TYPE_CHECKING:
    from collections.abc import Callable
    import ssl

_LOGGER = logging.getLogger(__name__)

UNFINISHED: Final = 100
"""Handshakes at a time."""
HANDSHAKE_TIMEOUT: Final = 15.0
"""Seconds; a car in a garage has a slow connection."""
SHUTDOWN_TIMEOUT: Final = 2.0
"""Seconds for TLS's goodbye: on a dead link nobody answers it."""


@dataclass(eq=False, slots=True)
class _Caller:
    """Somebody whose handshake is not finished."""

    transport: asyncio.Transport
    address: str | None
    since: float
    dialled: str | None = None
    is_crowded_out: bool = False


_CALLER: Final[ContextVar[_Caller]] = ContextVar("caller")


class _Threshold(asyncio.Protocol):
    """Holds what comes until somebody takes over."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self.received = bytearray()
        self.is_lost = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        connection = cast("asyncio.Transport", transport)
        # The first bytes belong to the handshake.
        connection.pause_reading()
        self._admission.admit(connection, self)

    @override
    def data_received(self, data: bytes) -> None:
        self.received += data

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost = True


@dataclass(kw_only=True, slots=True)
class Admission:
    """Lets cars in, one after the other; everybody else is noted and cut off.

    Args:
        context: Our side of the handshake; may be replaced at any time.
        is_known: Whether a VIN belongs to somebody here.
        welcome: Makes the protocol that goes on with an admitted car.
        attempts: Where the others are noted.
    """

    context: ssl.SSLContext
    is_known: Callable[[str], bool]
    welcome: Callable[[CorkedTransport, Identity], asyncio.Protocol]
    attempts: Attempts
    unfinished: int = UNFINISHED
    handshake_timeout: float = HANDSHAKE_TIMEOUT
    _callers: dict[_Caller, asyncio.Task[None]] = field(default_factory=dict, init=False)

    def protocol(self) -> asyncio.Protocol:
        """For `loop.create_server`."""
        return _Threshold(self)

    def admit(self, transport: asyncio.Transport, threshold: _Threshold) -> None:
        """Begin a handshake."""
        peer = transport.get_extra_info("peername")
        caller = _Caller(transport, peer[0] if peer else None, time.time())
        task = asyncio.get_running_loop().create_task(
            self._async_admit(caller, threshold), name="Telemetry handshake"
        )
        self._callers[caller] = task
        task.add_done_callback(lambda _: self._callers.pop(caller, None))
        waiting = [caller for caller in self._callers if not caller.is_crowded_out]
        if len(waiting) > self.unfinished:
            self._make_room(waiting)

    def _make_room(self, waiting: list[_Caller]) -> None:
        [(busiest, _)] = Counter(caller.address for caller in waiting).most_common(1)
        oldest = next(caller for caller in waiting if caller.address == busiest)
        oldest.is_crowded_out = True
        oldest.transport.abort()
        self._callers[oldest].cancel()
        self._refuse(oldest, Reason.CROWDED_OUT)

    async def async_close(self) -> None:
        """Cut off everybody whose handshake is not finished."""
        tasks = list(self._callers.values())
        for caller, task in list(self._callers.items()):
            caller.transport.abort()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _async_admit(self, caller: _Caller, threshold: _Threshold) -> None:
        is_admitted = False
        try:
            is_admitted = await self._async_shake_hands(caller, threshold)
        finally:
            if not is_admitted:
                caller.transport.abort()

    async def _async_shake_hands(self, caller: _Caller, threshold: _Threshold) -> bool:
        """Whether the caller was handed over."""
        _CALLER.set(caller)
        self.context.sni_callback = _note_name
        try:
            transport = await asyncio.get_running_loop().start_tls(
                caller.transport,
                threshold,
                self.context,
                server_side=True,
                ssl_handshake_timeout=self.handshake_timeout,
                ssl_shutdown_timeout=SHUTDOWN_TIMEOUT,
            )
        except OSError as err:
            self._refuse(caller, reason_of(err), getattr(err, "reason", "") or "")
            return False
        if transport is None or threshold.is_lost:
            self._refuse(caller, Reason.GONE)
            return False
        identity = self._identify(caller, transport)
        if identity is None:
            return False
        self._hand_over(transport, threshold, identity)
        return True

    def _identify(self, caller: _Caller, transport: asyncio.Transport) -> Identity | None:
        try:
            identity = identify(
                transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
            )
            vin = vin_of(identity)
        except NotACar as err:
            self._refuse(caller, Reason.NOT_A_CAR, str(err))
            return None
        if not self.is_known(vin):
            self._refuse(caller, Reason.UNKNOWN_CAR)
            return None
        return identity

    def _hand_over(
        self, transport: asyncio.Transport, threshold: _Threshold, identity: Identity
    ) -> None:
        corked = CorkedTransport(transport)
        protocol = self.welcome(corked, identity)
        corked.set_protocol(protocol)
        protocol.connection_made(corked)
        if threshold.received:
            protocol.data_received(bytes(threshold.received))

    def _refuse(self, caller: _Caller, reason: Reason, detail: str = "") -> None:
        _LOGGER.debug("Telemetry: %s refused, %s %s", caller.address, reason, detail)
        self.attempts.note(
            Attempt(
                when=caller.since,
                reason=reason,
                address=caller.address,
                dialled=caller.dialled,
                detail=detail,
            )
        )


def _note_name(_object: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
    """The name that the client asked for: it tells a lost car from a passing scanner.

    OpenSSL calls this within the handshake, which runs in the context of its task.
    """
    caller = _CALLER.get(None)
    if caller is not None:
        caller.dialled = name
