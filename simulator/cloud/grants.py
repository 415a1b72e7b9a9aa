"""Who may do what for how long: codes, tokens, consents.

Source: https://developer.tesla.com/docs/fleet-api/authentication/third-party-tokens
"""

import base64
from dataclasses import dataclass, field, replace
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from simulator.cloud import jwt
from simulator.cloud.hosts import Region, audiences, owner_audiences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.clock import Clock

CODE_LIFETIME: Final = 60.0
ACCESS_LIFETIME: Final = 8 * 3600
REFRESH_LIFETIME: Final = 90 * 86400.0
GRACE: Final = 86400.0
ISSUER: Final = "https://fleet-auth.tesla.com/oauth2/v3/nts"
OWNER_ISSUER: Final = "https://auth.tesla.com/oauth2/v3"

OWNER_CLIENT: Final = "ownerapi"
OWNER_SCOPES: Final = ("openid", "email", "offline_access")

IMPLIED_SCOPES: Final = ("openid", "offline_access")
CONSENT_SCOPES: Final[dict[str, str]] = {
    "user_data": "Profile information",
    "vehicle_device_data": "Vehicle information",
    "vehicle_location": "Vehicle location",
    "vehicle_cmds": "Vehicle commands",
    "vehicle_charging_cmds": "Vehicle charging management",
    "energy_device_data": "Energy product information",
    "energy_cmds": "Energy product commands",
    "vehicle_specs": "Vehicle specifications",
}
SCOPES: Final = frozenset((*IMPLIED_SCOPES, *CONSENT_SCOPES))


class GrantError(Exception):
    """A refused grant, as OAuth names it."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.description = description


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorizationRequest:
    """What an application asks a person for."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    challenge: str | None = None
    nonce: str | None = None
    all_required: bool = False
    prompt_missing: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """What an access token allows; `account` is None for a partner token.

    `renewed` says that it came for a refresh token, not from a login.
    """

    client_id: str
    account: str | None
    scopes: frozenset[str]
    audiences: frozenset[str]
    expires_at: float
    grant: str | None = None
    renewed: bool = False


@dataclass(kw_only=True, slots=True)
class _Code:
    request: AuthorizationRequest
    account: str
    region: Region
    scopes: tuple[str, ...]
    expires_at: float


@dataclass(kw_only=True, slots=True)
class _Grant:
    """One login: the refresh token not yet used, and the one used last."""

    client_id: str
    account: str
    region: Region
    scopes: tuple[str, ...]
    current: str
    expires_at: float
    used: str | None = None
    used_at: float = 0.0
    id: str = field(default_factory=lambda: uuid4().hex)


class Authority:
    """Issues and checks everything of Tesla's sign-in service."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._codes: dict[str, _Code] = {}
        self._grants: dict[str, _Grant] = {}
        self._access: dict[str, Access] = {}
        self._consents: dict[tuple[str, str], frozenset[str]] = {}
        self._sessions: dict[str, str] = {}

    def open_session(self, account: str) -> str:
        """A name for a browser in which this person has signed in."""
        name = secrets.token_urlsafe(16)
        self._sessions[name] = account
        return name

    def session(self, name: str) -> str | None:
        """Who is signed in there."""
        return self._sessions.get(name)

    def close_session(self, name: str) -> None:
        """Sign the browser out."""
        self._sessions.pop(name, None)

    def consent(self, account: str, client_id: str) -> frozenset[str]:
        """The scopes a person has granted an application."""
        return self._consents.get((account, client_id), frozenset())

    def consents(self, account: str) -> dict[str, frozenset[str]]:
        """The scopes a person has granted, by application."""
        return {
            client_id: scopes
            for (person, client_id), scopes in self._consents.items()
            if person == account
        }

    def issue_code(
        self, request: AuthorizationRequest, account: str, region: Region, granted: Iterable[str]
    ) -> str:
        """Note the person's consent, and give the application a code for it."""
        consented = self.consent(account, request.client_id) | frozenset(granted)
        self._consents[account, request.client_id] = consented
        code = f"{region.upper()}_{secrets.token_hex(32)}"
        self._codes[code] = _Code(
            request=request,
            account=account,
            region=region,
            scopes=tuple(scope for scope in request.scopes if scope in consented),
            expires_at=self._clock.now() + CODE_LIFETIME,
        )
        return code

    def redeem_code(
        self, code: str, *, client_id: str, redirect_uri: str, verifier: str | None
    ) -> dict[str, Any]:
        """Tokens for a code, once; raises GrantError."""
        found = self._codes.pop(code, None)
        if (
            found is None
            or found.request.client_id != client_id
            or found.expires_at <= self._clock.now()
        ):
            raise GrantError(
                400,
                "invalid_auth_code",
                "The 'code' in request body is invalid, generate a new one and try again.",
            )
        if found.request.redirect_uri != redirect_uri:
            raise GrantError(
                400,
                "invalid_redirect_url",
                "Invalid redirect URI/URL. The authorize redirect URI and token redirect URI must"
                " match.",
            )
        if not _proves(found.request.challenge, verifier):
            raise GrantError(400, "invalid_grant", "PKCE verification failed.")
        return self.sign_in(
            client_id=client_id,
            account=found.account,
            region=found.region,
            scopes=found.scopes,
            nonce=found.request.nonce,
        )

    def sign_in(
        self,
        *,
        client_id: str,
        account: str,
        region: Region,
        scopes: Iterable[str],
        nonce: str | None = None,
    ) -> dict[str, Any]:
        """The token answer of a fresh login."""
        scopes = tuple(scopes)
        self._consents[account, client_id] = self.consent(account, client_id) | frozenset(scopes)
        grant = _Grant(
            client_id=client_id,
            account=account,
            region=region,
            scopes=scopes,
            current=_refresh_token(region),
            expires_at=self._clock.now() + REFRESH_LIFETIME,
        )
        answer = self._user_tokens(grant)
        if "openid" in scopes:
            answer["id_token"] = self._id_token(grant, nonce)
        if "offline_access" in scopes:
            self._grants[grant.id] = grant
            answer["refresh_token"] = grant.current
        return answer

    def owner_sign_in(self, account: str, region: Region) -> dict[str, Any]:
        """The token answer of a fresh login with Tesla's own app, for the owner API."""
        return self.sign_in(
            client_id=OWNER_CLIENT, account=account, region=region, scopes=OWNER_SCOPES
        )

    def refresh(self, refresh_token: str, *, client_id: str) -> dict[str, Any]:
        """New tokens for a refresh token; raises GrantError.

        Each is good once, but the one used last stays good for a day in case its answer was lost.
        The answer that was lost is void then.
        """
        grant = self._grant_of(refresh_token, client_id)
        now = self._clock.now()
        if grant.used != refresh_token:
            grant.used, grant.used_at = refresh_token, now
        grant.current = _refresh_token(grant.region)
        grant.expires_at = now + REFRESH_LIFETIME
        return {**self._user_tokens(grant, renewed=True), "refresh_token": grant.current}

    def partner_token(
        self, *, client_id: str, audience: str, scopes: Iterable[str]
    ) -> dict[str, Any]:
        """The token answer for an application in its own name."""
        scopes = tuple(scopes)
        access = Access(
            client_id=client_id,
            account=None,
            scopes=frozenset(scopes),
            audiences=frozenset({audience}),
            expires_at=self._clock.now() + ACCESS_LIFETIME,
        )
        claims = {"gty": "client-credentials", "sub": client_id, "aud": audience, "scp": scopes}
        return self._bearer(access, claims)

    def check(self, access_token: str) -> Access:
        """What a token allows; raises GrantError with Tesla's words when it does not."""
        access = self._access.get(access_token)
        if access is None:
            raise GrantError(401, "invalid bearer token", "")
        if access.expires_at <= self._clock.now():
            raise GrantError(401, "token expired (401)", "")
        return access

    def revoke(self, account: str, client_id: str) -> None:
        """Withdraw a person's consent: nothing of the application's works any more."""
        self._consents.pop((account, client_id), None)
        self._end(account, client_id)

    def sign_out(self, account: str) -> None:
        """End all logins of an account, as a changed password does; consents stay."""
        self._end(account, None)

    def expire_access(self) -> None:
        """Let every access token run out now."""
        now = self._clock.now()
        for token, access in self._access.items():
            self._access[token] = replace(access, expires_at=now)

    def _end(self, account: str, client_id: str | None) -> None:
        def over(found_account: str | None, found_client: str) -> bool:
            return found_account == account and client_id in {None, found_client}

        self._grants = {
            key: grant
            for key, grant in self._grants.items()
            if not over(grant.account, grant.client_id)
        }
        self._access = {
            token: access
            for token, access in self._access.items()
            if not over(access.account, access.client_id)
        }
        self._codes = {
            code: found
            for code, found in self._codes.items()
            if not over(found.account, found.request.client_id)
        }

    def _grant_of(self, refresh_token: str, client_id: str) -> _Grant:
        now = self._clock.now()
        for grant in self._grants.values():
            fresh = refresh_token == grant.current and now < grant.expires_at
            in_grace = refresh_token == grant.used and now < grant.used_at + GRACE
            if grant.client_id == client_id and (fresh or in_grace):
                return grant
        raise GrantError(401, "login_required", "The refresh_token is invalid.")

    def _user_tokens(self, grant: _Grant, *, renewed: bool = False) -> dict[str, Any]:
        owner = grant.client_id == OWNER_CLIENT
        allowed = (owner_audiences if owner else audiences)(grant.region)
        known = OWNER_SCOPES if owner else SCOPES
        access = Access(
            client_id=grant.client_id,
            account=grant.account,
            scopes=frozenset(grant.scopes),
            audiences=frozenset(allowed),
            expires_at=self._clock.now() + ACCESS_LIFETIME,
            grant=grant.id,
            renewed=renewed,
        )
        claims = {
            "iss": OWNER_ISSUER if owner else ISSUER,
            "sub": grant.account,
            "account_id": grant.account,
            "account_type": "person",
            "aud": allowed,
            "scp": [scope for scope in grant.scopes if scope in known],
            "ou_code": grant.region.upper(),
            "amr": ["pwd"],
            "locale": "en-US",
            "open_source": False,
        }
        return self._bearer(access, claims)

    def _bearer(self, access: Access, claims: dict[str, Any]) -> dict[str, Any]:
        now = self._clock.now()
        token = jwt.encode(
            {
                "iss": ISSUER,
                "azp": access.client_id,
                **claims,
                "iat": int(now),
                "exp": int(access.expires_at),
                "jti": uuid4().hex,
            },
            self._secret,
        )
        self._access[token] = access
        return {"access_token": token, "expires_in": ACCESS_LIFETIME, "token_type": "Bearer"}

    def _id_token(self, grant: _Grant, nonce: str | None) -> str:
        now = int(self._clock.now())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "sub": grant.account,
            "aud": grant.client_id,
            "iat": now,
            "exp": now + ACCESS_LIFETIME,
        }
        if nonce is not None:
            claims["nonce"] = nonce
        return jwt.encode(claims, self._secret)


def _refresh_token(region: Region) -> str:
    return f"{region.upper()}_{secrets.token_hex(32)}"


def _proves(challenge: str | None, verifier: str | None) -> bool:
    """Whether the verifier is the one of the challenge (RFC 7636, S256)."""
    if challenge is None:
        return True
    digest = hashlib.sha256((verifier or "").encode()).digest()
    expected = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(expected, challenge)
