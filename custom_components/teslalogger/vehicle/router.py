"""The one way out to a car.

Theory of operation. `send` decides between the signed and the unsigned way (see beliefs) and keeps
to it, unless the answer says that this car needs the other one: then the same press goes on there,
and the answer is remembered. A car that sleeps is woken if the caller allows it, and the command
follows. Each of the two happens at most once a press, and whatever happens, the command itself goes
out at most twice. Over 401 and 421 answers, which come from the door and not from the car, the
client decides by itself.

The unsigned way has two hosts. The Fleet host is asked first; where it turns a press away for
reasons of its own, the owner host is the last resort, if the user has added a login for it. An
account that has no other login sends everything there.
"""

import asyncio
from dataclasses import dataclass, field
import logging
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

from custom_components.teslalogger.tesla.errors import (
    AccessDenied,
    EndpointGone,
    LoginRequired,
    MobileAccessDisabled,
    NotRegistered,
    NotSent,
    RateLimited,
    SigningRequired,
    SigningUnsupported,
    TeslaError,
    VehicleTimeout,
    VehicleUnavailable,
)
from custom_components.teslalogger.tesla.prices import PriceClass
from custom_components.teslalogger.tesla.redact import short_vin
from custom_components.teslalogger.vehicle_command import KeyNotPaired, Refused, VehicleBusy
from custom_components.teslalogger.vehicle_command.replies import refuse

from .beliefs import Reason
from .commands import COMMANDS, Command, Params, Repeat, RouteRule
from .errors import CannotSign, NeedsFleetApi, NoKey, ScopeNotGranted, UnknownCommand
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
# The host, and not the car, did not want it: nothing was executed.
_TURNED_AWAY: Final = (AccessDenied, EndpointGone, LoginRequired, NotRegistered, RateLimited)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Host:
    """A host that takes unsigned commands, and what one costs there."""

    transport: UnsignedTransport
    waker: Waker
    price: PriceClass


class Router:
    """Sends commands to one car.

    Args:
        vin: The car.
        transport: The unsigned way by the Fleet host, and the wake-up; None if there is no login.
        channel: The signed way; None without a key.
        owner: The unsigned way by the owner host; None if there is no login.
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
        transport: UnsignedTransport | None,
        channel: Channel | None,
        beliefs: RouteBeliefs,
        owner: UnsignedTransport | None = None,
        scopes: Callable[[], frozenset[Scope] | None] = lambda: None,
        on_learnt: Callable[[], Awaitable[None]] | None = None,
        on_key_status: Callable[[bool], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._vin = vin
        self._channel = channel
        self.beliefs = beliefs
        self._scopes = scopes
        self._on_learnt = on_learnt
        self._on_key_status = on_key_status
        self._clock = clock
        self._sleep = sleep
        self._hosts = {
            route: _Host(
                transport=host,
                waker=Waker(vin=vin, transport=host, clock=clock, sleep=sleep),
                price=price,
            )
            for route, host, price in (
                (Route.UNSIGNED, transport, PriceClass.COMMAND),
                (Route.OWNER, owner, PriceClass.FREE),
            )
            if host is not None
        }
        # Two quick presses must arrive in the order of pressing.
        self._unsigned_turn = asyncio.Lock()

    @property
    def route(self) -> Route:
        """The way that commands take, as far as is known."""
        return Route.OWNER if self._has_only_owner else self.beliefs.current.route

    @property
    def _has_only_owner(self) -> bool:
        return Route.UNSIGNED not in self._hosts

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
        params = command.validate(params)
        outcome = await self._send_once(command, params, wake=wake, asleep=asleep)
        for _ in range(1, command.presses(params)):
            if outcome.done:
                outcome = outcome.followed_by(await self._send_once(command, params, wake=wake))
        return outcome

    async def _send_once(
        self, command: Command, params: Params, *, wake: bool, asleep: bool = False
    ) -> Outcome:
        """One press, from validated parameters."""
        press = _Press(
            command=command,
            params=params,
            route=self._route(command),
            may_reroute=command.route is RouteRule.ANY,
            must_wake=command.route is RouteRule.WAKE or (asleep and wake),
        )
        press.may_wake = wake and not press.must_wake
        began = self._clock()
        error: CommandError | None = None
        try:
            self._check_scopes(command)
            self._check_way(command)
            await self._deliver(press)
        except COMMAND_ERRORS as err:
            error = err
        return self._outcome(press, error, self._clock() - began)

    def _route(self, command: Command) -> Route:
        if self._has_only_owner:
            return Route.OWNER
        return _FIXED_ROUTES.get(command.route) or self.beliefs.current.route

    def _check_scopes(self, command: Command) -> None:
        granted = self._scopes()
        if granted is not None and not granted & command.scopes:
            raise ScopeNotGranted(command=command.name, scope=" / ".join(sorted(command.scopes)))

    def _check_way(self, command: Command) -> None:
        """Send nothing in vain; what only VIN and lists say of a car is worth a try."""
        belief = self.beliefs.current
        learnt = belief.route if belief.reason is Reason.LEARNT else None
        is_signed_only = command.route is RouteRule.SIGNED_ONLY
        must_sign = is_signed_only or (learnt is Route.SIGNED and command.route is RouteRule.ANY)
        if is_signed_only and learnt is Route.UNSIGNED:
            raise CannotSign(command=command.name)
        if self._has_only_owner and must_sign:
            raise NeedsFleetApi(command=command.name)

    async def _deliver(self, press: _Press) -> None:
        """Return once the car has confirmed it."""
        while True:
            try:
                if press.must_wake:
                    waker = self._host(press).waker
                    await waker.wake(press.tally, was_unavailable=press.was_unavailable)
                    press.must_wake = False
                if press.command.route is not RouteRule.WAKE:
                    await self._send_by(press)
            except (SigningRequired, SigningUnsupported) as err:
                await self._learn(err, press)
                self._go_the_other_way(press, err)
            except COMMAND_ERRORS as err:
                self._find_a_way_on(press, err)
            else:
                return

    def _go_the_other_way(self, press: _Press, error: SigningRequired | SigningUnsupported) -> None:
        """Reroute, or raise if that is not to be had."""
        if self._has_only_owner:
            raise NeedsFleetApi(command=press.command.name) from error
        if not press.may_reroute or not press.tally.may_try_otherwise:
            raise error
        press.may_reroute = False
        press.route = _other_route(error)

    def _find_a_way_on(self, press: _Press, error: CommandError) -> None:
        """Wake the car or try the last resort, else raise.

        Where the Fleet host turned the press away and the owner host does no better, the Fleet
        host's reason is the one that can be mended.
        """
        if press.may_wake and _is_asleep(error) and press.tally.may_try_otherwise:
            press.may_wake, press.must_wake, press.was_unavailable = False, True, True
        elif self._has_last_resort(press, error):
            _LOGGER.info("%s: trying the owner API: %s", short_vin(self._vin), error)
            press.turned_away, press.route = error, Route.OWNER
        elif press.turned_away is not None and not error.may_have_succeeded:
            raise press.turned_away from error
        else:
            raise error

    def _has_last_resort(self, press: _Press, error: CommandError) -> bool:
        """Whether the owner host may do what the Fleet host will not, for reasons of its own."""
        return (
            press.route is Route.UNSIGNED
            and Route.OWNER in self._hosts
            and isinstance(error, _TURNED_AWAY)
            and not isinstance(error, MobileAccessDisabled)  # the car's own, whoever asks
            and press.tally.may_try_otherwise
        )

    def _host(self, press: _Press) -> _Host:
        """The one for whatever is not signed: a signing car is woken by the Fleet host."""
        return self._hosts[Route.UNSIGNED if press.route is Route.SIGNED else press.route]

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
        command, tally, host = press.command, press.tally, self._host(press)
        body = command.body(press.params)
        while True:
            tally.count_unsigned(host.price)
            try:
                answer = await host.transport.command(self._vin, command.name, body)
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
    may_reroute: bool
    must_wake: bool
    may_wake: bool = False
    was_unavailable: bool = False
    turned_away: CommandError | None = None
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
