"""Tokens that a car accepts from its paired key: compact JWS with algorithm Tesla.SS256."""

import base64
import json
from typing import TYPE_CHECKING, Any, Final

from . import schnorr
from .errors import InvalidToken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .keys import CommandKey

ALGORITHM: Final = "Tesla.SS256"
TELEMETRY_AUDIENCE: Final = "com.tesla.fleet.TelemetryClient"


def sign_token(key: CommandKey, claims: Mapping[str, Any], *, audience: str) -> str:
    """Sign `claims`; `iss` and `aud` are set here, whatever they were."""
    header = {"alg": ALGORITHM, "typ": "JWT"}
    issuer = base64.b64encode(key.public_point).decode()
    signed = f"{_encode(header)}.{_encode({**claims, 'iss': issuer, 'aud': audience})}"
    return f"{signed}.{_base64url(schnorr.sign(key, signed.encode()))}"


def verify_token(token: str, public_point: bytes, *, audience: str) -> dict[str, Any]:
    """The claims of a token made by `public_point` for `audience`. Raises InvalidToken."""
    signed, _, signature = token.rpartition(".")
    header, _, claims = signed.partition(".")
    try:
        read_header, read_claims = (json.loads(_decode(part)) for part in (header, claims))
        genuine = schnorr.verify(public_point, signed.encode(), _decode(signature))
    except ValueError as err:
        message = "not a token"
        raise InvalidToken(message) from err
    match read_header, read_claims:
        case {"alg": "Tesla.SS256"}, {"iss": issuer, "aud": addressee} if (
            genuine and issuer == base64.b64encode(public_point).decode() and addressee == audience
        ):
            return dict(read_claims)
    message = "the token was not signed by this key for this audience"
    raise InvalidToken(message)


def telemetry_token(key: CommandKey, config: Mapping[str, Any], vin: str | None = None) -> str:
    """A Fleet Telemetry configuration for the paired cars, or for the car `vin` alone.

    Tesla stores a wrongly signed configuration without complaint and only the car refuses it, so
    the token is verified before anybody gets it.
    """
    audience = TELEMETRY_AUDIENCE if vin is None else f"com.tesla.vehicle.{vin}.TelemetryClient"
    token = sign_token(key, config, audience=audience)
    verify_token(token, key.public_point, audience=audience)
    return token


def _encode(part: Mapping[str, Any]) -> str:
    return _base64url(json.dumps(part, separators=(",", ":"), sort_keys=True).encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
