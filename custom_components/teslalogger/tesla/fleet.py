"""Tesla's Fleet API for one account."""

import base64
import binascii
import logging
import time
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import quote

from . import answer, reading
from .catalogue import classify, refusal_within
from .endpoints import ENDPOINTS, AnswerForm, Endpoint, RateClass
from .energy import EnergyApi
from .errors import LoginRequired, RateLimited, TokenRejected, UnexpectedAnswer, WrongRegion
from .hosts import Region, hosts, region_of_url
from .reads import VehicleReads
from .request_record import RequestRecord
from .telemetry import TelemetryApi
from .transport import HttpAnswer, send

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    import aiohttp

    from .models import Availability, CommandAnswer, FleetStatus, Products

_LOGGER = logging.getLogger(__name__)

DEFAULT_PAUSE: Final = 60.0
"""Seconds to leave a rate class alone if Tesla names none: its limits are per minute."""


class AccessTokens(Protocol):
    """Where access tokens come from."""

    async def access_token(self) -> str:
        """One that should be good."""

    async def renew(self, rejected: str) -> str:
        """One other than the rejected one."""


class FleetClient:
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
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._tokens = tokens
        self._region = region
        self._on_region = on_region
        self._on_request = on_request
        self._clock = clock
        self._blocked: dict[RateClass, float] = {}
        self.reads = VehicleReads(self._ask)
        self.energy = EnergyApi(self._ask)
        self.telemetry = TelemetryApi(self._ask)

    @property
    def region(self) -> Region:
        """The region that serves this account, as far as is known."""
        return self._region

    def blocked_until(self, rate: RateClass) -> float | None:
        """When (on the client's clock) this class may be asked again; None if it may be now."""
        until = self._blocked.get(rate)
        return until if until is not None and until > self._clock() else None

    async def user_region(self) -> Region:
        """The region that Tesla says serves this account."""
        response = await self._ask("user_region")
        url = response.get("fleet_api_base_url") if isinstance(response, dict) else None
        region = region_of_url(url) if isinstance(url, str) else None
        if region is None:
            msg = "no region that is known"
            raise UnexpectedAnswer(msg)
        return region

    async def user_name(self) -> str | None:
        """The account's e-mail address, else its holder's name; None if Tesla tells neither."""
        user = reading.mapping(await self._ask("user"))
        names = (user.get("email"), user.get("full_name"))
        return next((name for name in names if isinstance(name, str) and name), None)

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

    async def fleet_status(self, vins: Sequence[str]) -> FleetStatus:
        """Which of the cars have our key."""
        return reading.fleet_status(await self._ask("fleet_status", body={"vins": list(vins)}))

    async def wake_up(self, vin: str) -> Availability:
        """Ask the car to wake; it takes up to a minute to be ONLINE."""
        return reading.availability(await self._ask("wake_up", vin=vin))

    async def command(self, vin: str, name: str, body: Mapping[str, Any]) -> CommandAnswer:
        """Send an unsigned command."""
        response = await self._ask("command", vin=vin, command=name, body=dict(body))
        return reading.command_answer(response)

    async def signed_command(self, vin: str, message: bytes) -> bytes:
        """Carry a signed message to the car and its answer back."""
        body = {"routable_message": base64.b64encode(message).decode()}
        response = await self._ask("signed_command", vin=vin, body=body)
        try:
            return base64.b64decode(response, validate=True)
        except (TypeError, ValueError, binascii.Error) as err:
            msg = "the car's answer is not base64"
            raise UnexpectedAnswer(msg) from err

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
            vin=quote(vin or "", safe=""),
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
                hosts(region).fleet_url + path,
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
                        price_class=endpoint.price,
                        duration=self._clock() - started,
                    )
                )
        return self._response(endpoint, reply)

    def _response(self, endpoint: Endpoint, reply: HttpAnswer) -> Any:
        if not reply.is_success:
            error = classify(reply.status, reply.body, reply.headers, endpoint)
            if isinstance(error, RateLimited):
                pause = DEFAULT_PAUSE if error.retry_after is None else error.retry_after
                self._blocked[endpoint.rate] = self._clock() + pause
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
