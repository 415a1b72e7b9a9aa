"""The owner API: what Tesla's own app once lived on, for cars that nobody has moved yet.

Tesla does not support it for others and may close it any day, as it has for many accounts: it then
refuses with one of several answers, and asking more does not help. Nothing here imitates the app.
Source: docs/owner-api.md.
"""

from functools import partial
import time
from typing import TYPE_CHECKING, Any, Final, override

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
    five minutes, then ten, at last six hours. Commands do, for somebody pressed.
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

    @override
    async def products(self) -> Products:
        products = await super().products()
        self._ids = {car.vin: str(car.id) for car in products.cars if car.id is not None}
        return products

    @override
    async def _ask(self, name: str, **what: Any) -> Any:
        is_press = ENDPOINTS[name].rate is RateClass.COMMANDS
        asked_at = self._clock()
        if not is_press and (refusal := self._restraint.refusal(asked_at)) is not None:
            # Its own copy: a raised exception gathers tracebacks.
            raise type(refusal)(refusal.text, status=refusal.status, txid=refusal.txid)
        try:
            response = await super()._ask(name, **what)
        except TeslaError as err:
            error = _meaning(err)
            if not is_press:
                self._note(error, asked_at)
            if error is err:
                raise
            raise error from err
        if not is_press:
            self._restraint.open()
        return response

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


def _meaning(error: TeslaError) -> TeslaError:
    """Also a refusal without words, and a token that is refused as soon as it is made."""
    says_closed = isinstance(error, EndpointGone | NotRegistered | TokenRejected)
    if says_closed or type(error) is AccessDenied:
        return OwnerApiClosed(error.text, status=error.status, txid=error.txid)
    return error
