"""JSON Web Tokens, signed with HMAC-SHA256 (RFC 7519, RFC 7515)."""

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def encode(claims: Mapping[str, Any], secret: bytes) -> str:
    """A signed token of these claims."""
    head = _part({"alg": "HS256", "typ": "JWT", "kid": "simulated"})
    signed = f"{head}.{_part(claims)}"
    digest = hmac.digest(secret, signed.encode(), hashlib.sha256)
    return f"{signed}.{_base64url(digest)}"


def _part(content: Mapping[str, Any]) -> str:
    return _base64url(json.dumps(content, separators=(",", ":")).encode())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
