"""The owner API: what Tesla's own app once lived on, for cars that nobody has moved yet.

Tesla does not support it for others and may close it any day, as it has for many accounts: it then
refuses with one of several answers, and asking more does not help. Nothing here imitates the app.
Source: docs/owner-api.md.
"""

from functools import partial
import time
from typing import TYPE_CHECKING, Any, Final, override

from . import reading
from .client import Restraint, TeslaClient
from .endpoints import ENDPOINTS, RateClass
from .errors import (
    AccessDenied,
    AccountLocked,
    AnswerLost,
    EndpointGone,
    NotFound,
    NotRegistered,
    OwnerApiClosed,
    TeslaError,
    TokenRejected,
    Withheld,
)
from .hosts import Region, hosts
from .oauth import TokenEndpoint
from .prices import PriceClass
from .scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    import aiohttp

    from .client import AccessTokens
    from .endpoints import Endpoint
    from .models import Products
    from .request_record import RequestRecord

CLIENT_ID: Final = "ownerapi"
"""Whose refresh tokens these are, whoever got them for the user."""

SCOPES: Final = frozenset(
    {
        Scope.VEHICLE_DEVICE_DATA,
        Scope.VEHICLE_LOCATION,
        Scope.VEHICLE_CMDS,
        Scope.VEHICLE_CHARGING_CMDS,
    }
)
"""What such a login allows; its tokens do not say."""

FIRST_PAUSE: Final = 3600.0
LONGEST_PAUSE: Final = 24 * 3600.0
"""Seconds between questions to a host that does not serve this account any more."""

FIRST_WAIT: Final = 300.0
LONGEST_WAIT: Final = 6 * 3600.0
"""Seconds between questions to a host that is out of order."""


_PRESSES: Final = frozenset({RateClass.COMMANDS, RateClass.WAKES})
_WAKING: Final = 120.0
"""Seconds in which a car that was told to wake comes online, or does not."""


class OwnerLogin(TokenEndpoint):
    """Where refresh tokens of the owner API are used."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        region: Region = Region.NA,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(session, client_id=CLIENT_ID, region=region, clock=clock)

    @override
    def _url(self, region: Region) -> str:
        return hosts(region).owner_token_url


class OwnerClient(TeslaClient):
    """Asks the owner API about cars; nothing of it is billed.

    Whatever says that this account is not served any more is OwnerApiClosed. After it no question
    leaves this client for an hour, then two, at last a day; where the host is out of order, for
    five minutes, then ten, at last six hours. Commands and wake-ups do, for somebody pressed, and
    so does what they need. What is refused here has certainly not been done.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        tokens: AccessTokens,
        region: Region,
        on_request: Callable[[RequestRecord], None] | None = None,
        restraint: Restraint | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(
            session,
            tokens=tokens,
            region=region,
            on_request=on_request,
            restraint=restraint,
            clock=clock,
        )
        self._ids: dict[str, str] = {}
        self._woken: dict[str, float] = {}

    @override
    async def products(self) -> Products:
        products = await super().products()
        self._note_numbers(products)
        return products

    @override
    async def _ask(self, name: str, **what: Any) -> Any:
        asked_at, vin = self._clock(), what.get("vin", "")
        is_press = self._is_for_press(name, vin, asked_at)
        if is_press:
            await self._learn_number(vin)
        elif (refusal := self._restraint.refusal(asked_at)) is not None:
            raise _withheld(refusal)
        try:
            response = await super()._ask(name, **what)
        except TeslaError as err:
            error = _meaning(err)
            if not is_press:
                self._note(error, asked_at)
            if error is err:
                raise
            raise error from err
        if name == "wake_up":
            self._woken[vin] = asked_at
        if ENDPOINTS[name].rate not in _PRESSES:
            self._restraint.open()
        return response

    def _is_for_press(self, name: str, vin: str, now: float) -> bool:
        """Whether somebody waits for it who has pressed; also to see if the car is awake now."""
        woken = self._woken.get(vin, float("-inf"))
        return ENDPOINTS[name].rate in _PRESSES or (name == "vehicle" and now - woken < _WAKING)

    async def _learn_number(self, vin: str) -> None:
        """Have what a press needs before it can be sent; raises a TeslaError by which it is not."""
        if vin in self._ids:
            return
        try:
            self._note_numbers(reading.products(await super()._ask("products")))
        except TeslaError as err:
            raise _withheld(_meaning(err)) from err

    def _note_numbers(self, products: Products) -> None:
        self._ids = {car.vin: str(car.id) for car in products.cars if car.id is not None}

    def _note(self, error: TeslaError, asked_at: float) -> None:
        """Ask less after what will not pass in a moment."""
        close = partial(self._restraint.close, error, asked_at, self._clock())
        if isinstance(error, OwnerApiClosed | AccountLocked):
            close(first=FIRST_PAUSE, longest=LONGEST_PAUSE)
        elif isinstance(error, AnswerLost):
            close(first=FIRST_WAIT, longest=LONGEST_WAIT)

    @override
    async def _tag(self, vin: str) -> str:
        """Its paths have the number that the list of products has."""
        if vin not in self._ids:
            await self.products()
        if vin not in self._ids:
            msg = "the account has no such car"
            raise NotFound(msg)
        return self._ids[vin]

    @override
    def _base_url(self, region: Region) -> str:
        return hosts(region).owner_url

    @override
    def _price(self, endpoint: Endpoint) -> PriceClass:
        return PriceClass.FREE


def _withheld(error: TeslaError) -> TeslaError:
    """The same reason for something that was not sent at all."""
    # Its own copy: a raised exception gathers tracebacks.
    if error.may_have_succeeded:
        return Withheld(
            error.text,
            status=error.status,
            txid=error.txid,
            translation_key=error.translation_key,
        )
    return type(error)(error.text, status=error.status, txid=error.txid)


def _meaning(error: TeslaError) -> TeslaError:
    """Also a refusal without words, and a token that is refused as soon as it is made."""
    says_closed = isinstance(error, EndpointGone | NotRegistered | TokenRejected)
    if says_closed or type(error) is AccessDenied:
        return OwnerApiClosed(error.text, status=error.status, txid=error.txid)
    return error
