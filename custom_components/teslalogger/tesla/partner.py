"""The developer application's registration with Tesla, region by region."""

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from . import answer
from .catalogue import classify
from .endpoints import ENDPOINTS, Endpoint
from .errors import NotFound, NotRegistered, TokenRejected, UnexpectedAnswer
from .hosts import Region, hosts
from .scopes import Scope
from .telemetry import error_rows
from .transport import HttpAnswer, send

if TYPE_CHECKING:
    from collections.abc import Mapping

    import aiohttp

    from .oauth import OAuthClient
    from .reading import Objects

# Without a scope for cars in the token Tesla does not tell which key it has.
PARTNER_SCOPES: Final = (
    Scope.OPENID,
    Scope.VEHICLE_DEVICE_DATA,
    Scope.VEHICLE_CMDS,
    Scope.VEHICLE_CHARGING_CMDS,
)
_POINT_LENGTH: Final = 65


class PartnerClient:
    """Registers a domain with one region and asks what it has registered; raises a TeslaError."""

    def __init__(self, session: aiohttp.ClientSession, oauth: OAuthClient, region: Region) -> None:
        self._session = session
        self._oauth = oauth
        self._region = region

    async def register(self, domain: str) -> None:
        """Have Tesla fetch our public key from the domain and remember both; can be repeated."""
        await self._ask(ENDPOINTS["register"], body={"domain": domain})

    async def public_key(self, domain: str) -> bytes | None:
        """The registered key as an uncompressed point of 65 bytes; None if there is none."""
        try:
            reply = await self._ask(
                ENDPOINTS["partner_public_key"], query=f"?domain={quote(domain, safe='')}"
            )
        except NotFound, NotRegistered:
            return None
        value = answer.parse_json(reply.body)
        response = value.get("response") if isinstance(value, dict) else None
        text = response.get("public_key") if isinstance(response, dict) else None
        try:
            point = bytes.fromhex(text) if isinstance(text, str) else b""
        except ValueError:
            point = b""
        if len(point) != _POINT_LENGTH:
            msg = "no public key in the answer"
            raise UnexpectedAnswer(msg, status=reply.status)
        return point

    async def telemetry_errors(self, *, vin: str | None = None, domain: str = "") -> Objects:
        """What cars could not do with their streaming configuration, in Tesla's words.

        Of one car, or of all that stream to this application; `domain` narrows that down.
        """
        name = "partner_telemetry_errors" if vin is None else "telemetry_errors"
        query = f"?domain={quote(domain, safe='')}" if domain else ""
        reply = await self._ask(ENDPOINTS[name], vin=vin or "", query=query)
        value = answer.parse_json(reply.body)
        return error_rows(value.get("response", value) if isinstance(value, dict) else value)

    async def _ask(
        self,
        endpoint: Endpoint,
        *,
        vin: str = "",
        query: str = "",
        body: Mapping[str, Any] | None = None,
    ) -> HttpAnswer:
        """Ask with a token of the application's; a rejected one is replaced once."""
        path = endpoint.path.format(vin=quote(vin, safe="")) + query
        token = await self._oauth.partner_token(self._region, PARTNER_SCOPES)
        try:
            return await self._ask_once(endpoint, token, path, body)
        except TokenRejected:
            self._oauth.forget_partner_token(token)
        token = await self._oauth.partner_token(self._region, PARTNER_SCOPES)
        return await self._ask_once(endpoint, token, path, body)

    async def _ask_once(
        self, endpoint: Endpoint, token: str, path: str, body: Mapping[str, Any] | None
    ) -> HttpAnswer:
        reply = await send(
            self._session,
            endpoint.method,
            hosts(self._region).fleet_url + path,
            headers={"Authorization": f"Bearer {token}"},
            json=body,
            time_limit=endpoint.time_limit,
        )
        if not reply.is_success:
            raise classify(reply.status, reply.body, reply.headers, endpoint)
        return reply
