"""Tesla's token endpoint, and the page on which a user takes back what they allowed."""

from dataclasses import dataclass, field
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from . import answer
from .catalogue import classify
from .claims import read_claims
from .endpoints import ENDPOINTS
from .errors import InvalidRequest, MalformedToken, UnexpectedAnswer
from .hosts import Region, hosts
from .tokens import Tokens
from .transport import send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import aiohttp

    from .scopes import Scope

_MARGIN: Final = 60.0
# Tokens have been seen to live for 8 h. Where Tesla says nothing, ask again sooner than that.
_ASSUMED_LIFETIME: Final = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _PartnerToken:
    access_token: str = field(repr=False)
    expires_at: float


class TokenEndpoint:
    """Where the refresh tokens of one application are used.

    Its methods raise LoginRequired only if Tesla says that the login has ended, InvalidRequest if
    it refuses the application, and another TeslaError for everything else.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        client_id: str,
        region: Region = Region.NA,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._session = session
        self._client_id = client_id
        self._region = region
        self._clock = clock

    async def refresh(self, refresh_token: str) -> Tokens:
        """New tokens for a refresh token, which is used up by it."""
        token = await self._ask(
            self._region,
            {
                "grant_type": "refresh_token",
                "client_id": self._client_id,
                "refresh_token": refresh_token,
            },
        )
        successor = token.get("refresh_token")
        return Tokens(
            access_token=token["access_token"],
            refresh_token=successor if isinstance(successor, str) and successor else refresh_token,
            expires_at=self._expires_at(token),
        )

    def _url(self, region: Region) -> str:
        return hosts(region).token_url

    async def _ask(self, region: Region, form: Mapping[str, str]) -> dict[str, Any]:
        """A token answer that has an access token."""
        endpoint = ENDPOINTS["token"]
        reply = await send(
            self._session,
            endpoint.method,
            self._url(region),
            form=form,
            time_limit=endpoint.time_limit,
        )
        if not reply.is_success:
            raise classify(reply.status, reply.body, reply.headers, endpoint, now=self._clock())
        token = answer.parse_json(reply.body)
        access_token = token.get("access_token") if isinstance(token, dict) else None
        if not isinstance(access_token, str) or not access_token:
            msg = "no access token in the answer"
            raise UnexpectedAnswer(msg, status=reply.status)
        return dict(token)

    def _expires_at(self, token: Mapping[str, Any]) -> float:
        lifetime = token.get("expires_in")
        if isinstance(lifetime, int | float) and not isinstance(lifetime, bool) and lifetime > 0:
            return self._clock() + lifetime
        try:
            expires_at = read_claims(token["access_token"]).expires_at
        except MalformedToken:
            expires_at = None
        return self._clock() + _ASSUMED_LIFETIME if expires_at is None else expires_at


class OAuthClient(TokenEndpoint):
    """The token endpoint for one developer application."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        client_id: str,
        client_secret: str | None = None,
        region: Region = Region.NA,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(session, client_id=client_id, region=region, clock=clock)
        self._client_secret = client_secret
        self._partner: dict[tuple[Region, frozenset[Scope]], _PartnerToken] = {}

    async def exchange(self, code: str, *, redirect_uri: str, verifier: str) -> dict[str, Any]:
        """The token answer for an authorization code; it says how long its access token lives."""
        region = _region_of(code)
        token = await self._ask(
            region,
            {
                "grant_type": "authorization_code",
                "client_id": self._client_id,
                **({"client_secret": self._client_secret} if self._client_secret else {}),
                "code": code,
                "code_verifier": verifier,
                "audience": hosts(region).fleet_url,
                "redirect_uri": redirect_uri,
            },
        )
        return token | {"expires_in": int(self._expires_at(token) - self._clock())}

    async def partner_token(self, region: Region, scopes: Iterable[Scope]) -> str:
        """An access token of the application itself, for one region; kept until it expires."""
        wanted = frozenset(scopes)
        known = self._partner.get((region, wanted))
        if known is not None and self._clock() < known.expires_at - _MARGIN:
            return known.access_token
        if self._client_secret is None:
            msg = "an application without a secret has no token of its own"
            raise InvalidRequest(msg, translation_key="client_secret_missing")
        token = await self._ask(
            region,
            {
                "grant_type": "client_credentials",
                "client_id": self._client_id,
                "client_secret": self._client_secret,
                "audience": hosts(region).fleet_url,
                "scope": " ".join(sorted(wanted)),
            },
        )
        access_token: str = token["access_token"]
        self._partner[region, wanted] = _PartnerToken(
            access_token=access_token, expires_at=self._expires_at(token)
        )
        return access_token

    def forget_partner_token(self, rejected: str) -> None:
        """Do not give out this one again."""
        self._partner = {
            use: token for use, token in self._partner.items() if token.access_token != rejected
        }


def _region_of(code: str) -> Region:
    """Tesla's codes begin with their region."""
    prefix = code.partition("_")[0].lower()
    return Region(prefix) if prefix in Region else Region.NA


def consent_revoke_url(client_id: str, back_url: str, region: Region = Region.NA) -> str:
    """The page for the browser on which the user revokes what they allowed this application."""
    query = urlencode({"revoke_client_id": client_id, "back_url": back_url})
    return f"{hosts(region).revoke_url}?{query}"
