"""The one way out to a car.

Theory of operation. `send` decides between the signed and the unsigned way (see beliefs) and keeps
to it, unless the answer says that this car needs the other one: then the same press goes on there,
and the answer is remembered. A car that sleeps is woken if the caller allows it, and the command
follows. Each of the two happens at most once a press, and whatever happens, the command itself goes
out at most twice. Over 401 and 421 answers, which come from the door and not from the car, the
Fleet client decides by itself.
"""

import asyncio
from dataclasses import dataclass, field
import logging
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

from custom_components.teslalogger.tesla.errors import (
    NotSent,
    SigningRequired,
    SigningUnsupported,
    TeslaError,
    VehicleTimeout,
    VehicleUnavailable,
)
from custom_components.teslalogger.tesla.redact import short_vin
from custom_components.teslalogger.vehicle_command import KeyNotPaired, Refused, VehicleBusy
from custom_components.teslalogger.vehicle_command.replies import refuse

from .commands import COMMANDS, Command, Params, Repeat, RouteRule
from .errors import NoKey, ScopeNotGranted, UnknownCommand
from .outcome import COMMAND_ERRORS, CommandError, Outcome, Result, Route, reason_of, result_of
from .tally import Tally
from .waking import Waker, WakeTransport

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from custom_components.teslalogger.tesla.models import CommandAnswer
    from custom_components.teslalogger.tesla.scopes import Scope

    from .beliefs import RouteBeliefs

_LOGGER = logging.getLogger(__name__)

_PAUSE: Final = 1.0
_FIXED_ROUTES: Final = {
    RouteRule.SIGNED_ONLY: Route.SIGNED,
    RouteRule.UNSIGNED_ONLY: Route.UNSIGNED,
    RouteRule.WAKE: Route.UNSIGNED,
}


class UnsignedTransport(WakeTransport, Protocol):
    """Carries unsigned commands to the car."""

    async def command(self, vin: str, name: str, body: Mapping[str, Any]) -> CommandAnswer:
        """Post; raises a TeslaError."""
        ...


class Channel(Protocol):
    """The signed way."""

    async def send(self, command: Command, payload: bytes, tally: Tally) -> None:
        """Return if the car confirmed that it did it."""
        ...


class Router:
    """Sends commands to one car.

    Args:
        vin: The car.
        transport: The unsigned way, and the wake-up.
        channel: The signed way; None without a key.
        beliefs: Which way this car needs; what is learnt goes in there.
        scopes: What the login allows; None if that cannot be known.
        on_learnt: Keeps the beliefs; awaited before the press goes on.
        on_key_status: Hears that the car knows our key, or does not.
        clock: Monotonic, in seconds.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        *,
        vin: str,
        transport: UnsignedTransport,
        channel: Channel | None,
        beliefs: RouteBeliefs,
        scopes: Callable[[], frozenset[Scope] | None] = lambda: None,
        on_learnt: Callable[[], Awaitable[None]] | None = None,
        on_key_status: Callable[[bool], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._vin = vin
        self._transport = transport
        self._channel = channel
        self.beliefs = beliefs
        self._scopes = scopes
        self._on_learnt = on_learnt
        self._on_key_status = on_key_status
        self._clock = clock
        self._sleep = sleep
        self._waker = Waker(vin=vin, transport=transport, clock=clock, sleep=sleep)
        # Two quick presses must arrive in the order of pressing.
        self._unsigned_turn = asyncio.Lock()

    async def send(
        self,
        name: str,
        params: Params = MappingProxyType({}),
        *,
        wake: bool = True,
        asleep: bool = False,
    ) -> Outcome:
        """Send a command and tell what became of it.

        Args:
            name: A key of COMMANDS.
            params: By the names of the REST API.
            wake: Whether the car may be woken for it.
            asleep: Whether the car is known to sleep, which saves a vain attempt.

        Raises:
            UnknownCommand: There is no such command. Nothing was sent.
            InvalidParameter: Nothing was sent.
        """
        command = COMMANDS.get(name)
        if command is None:
            raise UnknownCommand(command=name)
        press = _Press(command=command, params=command.validate(params), route=self._route(command))
        began = self._clock()
        error: CommandError | None = None
        try:
            self._check_scopes(command)
            await self._deliver(press, may_wake=wake, asleep=asleep)
        except COMMAND_ERRORS as err:
            error = err
        return self._outcome(press, error, self._clock() - began)

    def _route(self, command: Command) -> Route:
        return _FIXED_ROUTES.get(command.route) or self.beliefs.current.route

    def _check_scopes(self, command: Command) -> None:
        granted = self._scopes()
        if granted is not None and not granted & command.scopes:
            raise ScopeNotGranted(command=command.name, scope=" / ".join(sorted(command.scopes)))

    async def _deliver(self, press: _Press, *, may_wake: bool, asleep: bool) -> None:
        if press.command.route is RouteRule.WAKE:
            await self._waker.wake(press.tally)
            return
        if asleep and may_wake:
            may_wake = False
            await self._waker.wake(press.tally)
        may_reroute = press.command.route is RouteRule.ANY
        while True:
            try:
                await self._send_by(press)
            except (SigningRequired, SigningUnsupported) as err:
                await self._learn(err, press)
                if not may_reroute or not press.tally.may_try_otherwise:
                    raise
                may_reroute = False
                press.route = _other_route(err)
            except COMMAND_ERRORS as err:
                if not (may_wake and _is_asleep(err) and press.tally.may_try_otherwise):
                    raise
                may_wake = False
                await self._waker.wake(press.tally)
            else:
                return

    async def _send_by(self, press: _Press) -> None:
        if press.route is Route.SIGNED:
            await self._send_signed(press)
        else:
            async with self._unsigned_turn:
                await self._send_unsigned(press)

    async def _send_signed(self, press: _Press) -> None:
        if self._channel is None:
            self._tell_key_status(paired=False)
            raise NoKey(command=press.command.name)
        payload = press.command.encode(press.params)
        try:
            await self._channel.send(press.command, payload, press.tally)
        except KeyNotPaired:
            self._tell_key_status(paired=False)
            raise
        except Refused:
            self._tell_key_status(paired=True)
            raise
        self._tell_key_status(paired=True)

    async def _send_unsigned(self, press: _Press) -> None:
        command, tally = press.command, press.tally
        body = command.body(press.params)
        while True:
            tally.count_unsigned()
            try:
                answer = await self._transport.command(self._vin, command.name, body)
            except TeslaError as err:
                tally.correct_cost(err)
                if err.may_have_succeeded:
                    tally.doubt = err
                if not tally.may_send or not _may_repeat_unsigned(command, err):
                    raise
                await self._sleep(_PAUSE)
            else:
                if not answer.result:
                    refuse(answer.reason)
                return

    async def _learn(self, error: SigningRequired | SigningUnsupported, press: _Press) -> None:
        """Remember what the answer says of the car."""
        route = _other_route(error)
        if route is Route.SIGNED and press.command.route is not RouteRule.ANY:
            return  # it may say that of the command alone
        _LOGGER.info("%s takes %s commands", short_vin(self._vin), route)
        self.beliefs.learn(route)
        if self._on_learnt is not None:
            await self._on_learnt()

    def _tell_key_status(self, *, paired: bool) -> None:
        if self._on_key_status is not None:
            self._on_key_status(paired)

    def _outcome(self, press: _Press, error: CommandError | None, duration: float) -> Outcome:
        tally = press.tally
        in_doubt = tally.doubt is not None
        return Outcome(
            command=press.command.name,
            result=Result.DONE if error is None else result_of(error, in_doubt=in_doubt),
            route=press.route,
            attempts=tally.sends,
            requests=tally.requests,
            duration=duration,
            cost=tally.cost,
            reason="" if error is None else reason_of(error),
            error=error,
            expected=press.command.expected(press.params),
        )


@dataclass(slots=True)
class _Press:
    command: Command
    params: Params = field(repr=False)  # one of them can be a PIN
    route: Route
    tally: Tally = field(default_factory=Tally)


def _other_route(error: SigningRequired | SigningUnsupported) -> Route:
    return Route.SIGNED if isinstance(error, SigningRequired) else Route.UNSIGNED


def _is_asleep(error: CommandError) -> bool:
    """Also where an unsigned command was answered so by the part of the car that is awake."""
    return isinstance(error, VehicleUnavailable | VehicleBusy)


def _may_repeat_unsigned(command: Command, error: CommandError) -> bool:
    if error.may_have_succeeded:
        return command.repeat is Repeat.STATE
    return isinstance(error, NotSent | VehicleTimeout)
