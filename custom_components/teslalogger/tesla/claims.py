"""What an access token says about itself."""

import base64
import binascii
from dataclasses import dataclass, field
import json
from typing import Any, Final

from .errors import MalformedToken
from .hosts import Region
from .scopes import Scope, known_scopes

_MAX_TOKEN: Final = 16_384
_JWT_PARTS: Final = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """Whose token it is and what it allows; `expires_at` is in seconds since 1970."""

    account_id: str = field(repr=False)
    scopes: frozenset[Scope]
    region: Region | None
    expires_at: float | None


def read_claims(access_token: str) -> Claims:
    """Read without verifying, as Tesla verifies its own tokens; raises MalformedToken."""
    payload = _payload(access_token)
    account_id = payload.get("sub")
    if not isinstance(account_id, str) or not account_id:
        msg = "access token without account"
        raise MalformedToken(msg)
    scopes = payload.get("scp", payload.get("scope", []))
    if isinstance(scopes, str):
        scopes = scopes.split()
    region = payload.get("ou_code")
    expires_at = payload.get("exp")
    return Claims(
        account_id=account_id,
        scopes=known_scopes(scopes if isinstance(scopes, list) else []),
        region=_region(region),
        expires_at=float(expires_at)
        if isinstance(expires_at, int | float) and not isinstance(expires_at, bool)
        else None,
    )


def _region(code: object) -> Region | None:
    name = code.lower() if isinstance(code, str) else code
    return next((region for region in Region if region == name), None)


def _payload(access_token: str) -> dict[str, Any]:
    parts = access_token[:_MAX_TOKEN].split(".")
    if len(parts) == _JWT_PARTS:
        encoded = parts[1]
        try:
            payload = json.loads(
                base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
            )
        except ValueError, binascii.Error, RecursionError:
            payload = None
        if isinstance(payload, dict):
            return payload
    msg = "not an access token of Tesla's"
    # The cause is left out: it would carry the token.
    raise MalformedToken(msg)
