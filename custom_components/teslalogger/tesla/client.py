"""One of Tesla's hosts, asked for one account: what Fleet API and owner API have in common."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
import logging
import time
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import quote

from . import answer, reading
from .catalogue import classify, refusal_within
from .endpoints import ENDPOINTS, AnswerForm, Endpoint, RateClass
from .errors import LoginRequired, RateLimited, TokenRejected, UnexpectedAnswer, WrongRegion
from .request_record import RequestRecord
from .transport import HttpAnswer, send

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    import aiohttp

    from .errors import TeslaError
    from .hosts import Region
    from .models import Availability, CommandAnswer, Products
    from .prices import PriceClass

_LOGGER = logging.getLogger(__name__)

DEFAULT_PAUSE: Final = 60.0
"""Seconds to leave a rate class alone if Tesla names none: its limits are per minute."""

_PROBE: Final = 60.0
"""Seconds for which all others wait for the first question after a pause."""


class AccessTokens(Protocol):
    """Where access tokens come from."""

    async def access_token(self) -> str:
        """One that should be good."""

    async def renew(self, rejected: str) -> str:
        """One other than the rejected one."""


@dataclass(slots=True)
class Restraint:
    """What must not be asked for a while; times are on the client's clock.

    It outlives a client: whoever makes one after the other for an account gives them all the same.
    """

    blocked: dict[RateClass, float] = field(default_factory=dict)
    error: TeslaError | None = None
    _until: float = float("-inf")
    _pause: float = 0.0
    _closed_at: float = float("-inf")

    def refusal(self, now: float) -> TeslaError | None:
        """What to answer instead of asking; once the pause is over, one question goes first."""
        if self.error is None:
            return None
        if now < self._until:
            return self.error
        self._until = now + _PROBE
        return None

    def close(
        self, error: TeslaError, asked_at: float, now: float, *, first: float, longest: float
    ) -> None:
        """Ask nothing at all, each time for twice as long as before."""
        if asked_at <= self._closed_at:
            return  # it was under way together with the one that closed
        self._pause = min(max(first, 2 * self._pause), longest)
        self._until, self._closed_at, self.error = now + self._pause, now, error

    def open(self) -> None:
        """There was an answer."""
        self._pause, self.error = 0.0, None


class TeslaClient(ABC):
    """Asks Tesla and checks what it answers; every method raises a TeslaError.

    A rejected access token is renewed once and a wrong region is left once, each with the request
    repeated: Tesla has not acted on either. Nothing else is ever sent twice. After a 429 the same
    class of requests is refused here until its time has come.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        tokens: AccessTokens,
        region: Region,
        on_region: Callable[[Region], Awaitable[None]] | None = None,
        on_request: Callable[[RequestRecord], None] | None = None,
        restraint: Restraint | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._tokens = tokens
        self._region = region
        self._on_region = on_region
        self._on_request = on_request
        self._clock = clock
        self._restraint = restraint or Restraint()

    @property
    def region(self) -> Region:
        """The region that serves this account, as far as is known."""
        return self._region

    def blocked_until(self, rate: RateClass) -> float | None:
        """When (on the client's clock) this class may be asked again; None if it may be now."""
        until = self._restraint.blocked.get(rate)
        return until if until is not None and until > self._clock() else None

    async def products(self) -> Products:
        """The account's cars and energy sites; Tesla's other products are left out."""
        return reading.products(await self._ask("products"))

    async def vehicle(self, vin: str) -> Availability:
        """Whether the car can be talked to. Free, and leaves it asleep."""
        return reading.availability(await self._ask("vehicle", vin=vin))

    async def vehicle_data(self, vin: str, endpoints: Sequence[str]) -> dict[str, Any]:
        """What an awake car tells, by sub-state; a sleeping one is VehicleUnavailable."""
        query = f"?endpoints={quote(';'.join(endpoints), safe='')}" if endpoints else ""
        return reading.mapping(await self._ask("vehicle_data", vin=vin, query=query))

    async def wake_up(self, vin: str) -> Availability:
        """Ask the car to wake; it takes up to a minute to be ONLINE."""
        return reading.availability(await self._ask("wake_up", vin=vin))

    async def command(self, vin: str, name: str, body: Mapping[str, Any]) -> CommandAnswer:
        """Send an unsigned command."""
        response = await self._ask("command", vin=vin, command=name, body=dict(body))
        return reading.command_answer(response)

    # What differs from host to host

    @abstractmethod
    def _base_url(self, region: Region) -> str:
        """The host that is asked."""

    @abstractmethod
    def _price(self, endpoint: Endpoint) -> PriceClass:
        """What asking this costs there."""

    async def _tag(self, vin: str) -> str:
        """What the host calls a car in its paths."""
        return vin

    # Asking

    async def _ask(
        self,
        name: str,
        *,
        vin: str | None = None,
        command: str = "",
        item: str = "",
        query: str = "",
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """The `response` of Tesla's answer, or the bytes of a file."""
        endpoint = ENDPOINTS[name]
        path = endpoint.path.format(
            vin=quote(await self._tag(vin), safe="") if vin else "",
            command=quote(command, safe=""),
            item=quote(item, safe=""),
        )
        token = await self._tokens.access_token()
        renewed = moved = False
        while True:
            region = self._region
            try:
                return await self._ask_once(endpoint, region, token, vin, path + query, body)
            except (TokenRejected, LoginRequired) as err:
                # The token endpoint alone knows whether the login has ended.
                if renewed and isinstance(err, LoginRequired):
                    raise TokenRejected(err.text, status=err.status, txid=err.txid) from err
                if renewed:
                    raise
                renewed = True
                _LOGGER.debug("Access token rejected: %s", err)
                token = await self._tokens.renew(token)
            except WrongRegion as err:
                if moved or err.region in {None, region}:
                    raise
                moved = True
                await self._move(err.region)

    async def _move(self, region: Region | None) -> None:
        """Use another region from now on, unless another request has found it out before."""
        if region is None or region is self._region:
            return
        _LOGGER.debug("Tesla serves this account in region %s", region)
        self._region = region
        if self._on_region is not None:
            await self._on_region(region)

    async def _ask_once(
        self,
        endpoint: Endpoint,
        region: Region,
        token: str,
        vin: str | None,
        path: str,
        body: Mapping[str, Any] | None,
    ) -> Any:
        self._refuse_if_blocked(endpoint)
        started = self._clock()
        reply: HttpAnswer | None = None
        try:
            reply = await send(
                self._session,
                endpoint.method,
                self._base_url(region) + path,
                headers={"Authorization": f"Bearer {token}"},
                json=body,
                time_limit=endpoint.time_limit,
            )
        finally:
            if self._on_request is not None:
                self._on_request(
                    RequestRecord(
                        endpoint=endpoint.name,
                        vin=vin,
                        status=reply.status if reply else None,
                        price_class=self._price(endpoint),
                        duration=self._clock() - started,
                    )
                )
        return self._response(endpoint, reply)

    def _response(self, endpoint: Endpoint, reply: HttpAnswer) -> Any:
        if not reply.is_success:
            error = classify(reply.status, reply.body, reply.headers, endpoint)
            if isinstance(error, RateLimited):
                pause = DEFAULT_PAUSE if error.retry_after is None else error.retry_after
                self._restraint.blocked[endpoint.rate] = self._clock() + pause
            raise error
        if endpoint.kind in reading.COMMAND_KINDS and (
            refusal := refusal_within(reply.status, reply.body, endpoint)
        ):
            raise refusal
        if endpoint.form is AnswerForm.FILE:
            return reply.body
        value = answer.parse_json(reply.body)
        if endpoint.form is AnswerForm.EITHER and isinstance(value, dict | list):
            return value.get("response", value) if isinstance(value, dict) else value
        if not isinstance(value, dict) or "response" not in value:
            msg = "no response in the answer"
            raise UnexpectedAnswer(msg, status=reply.status, txid=reply.headers.get("x-txid"))
        return value["response"]

    def _refuse_if_blocked(self, endpoint: Endpoint) -> None:
        until = self.blocked_until(endpoint.rate)
        if until is not None:
            msg = "not asked: Tesla wants no such requests for a while"
            raise RateLimited(msg, retry_after=until - self._clock())
