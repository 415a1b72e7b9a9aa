"""Whether a token with a configuration was signed by a key that the car obeys.

The signature is Schnorr's over P-256 (RFC 8235, 3.3): V and r for the challenge
c = SHA-256(G, V, A, m), each with its length before it, with V = r*G + c*A.

Source: https://github.com/teslamotors/vehicle-command (internal/schnorr, internal/authentication)
"""

import base64
import binascii
import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

ALGORITHM: Final = "Tesla.SS256"
AUDIENCE: Final = "com.tesla.fleet.TelemetryClient"

_PRIME: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_GENERATOR: Final = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_SIZE: Final = 32
_SIGNATURE: Final = 3 * _SIZE

type Point = tuple[int, int] | None
"""Affine; None is the point at infinity."""


class MalformedToken(ValueError):
    """No token at all; Tesla's cloud refuses it."""


class InvalidSignature(ValueError):
    """A token that the car does not take, in the words of the car."""


def audience_of(vin: str) -> str:
    """The audience of a token that is for one car only."""
    return f"com.tesla.vehicle.{vin}.TelemetryClient"


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, whoever signed it. Raises MalformedToken."""
    header, claims, _, _ = _split(token)
    if header.get("alg") != ALGORITHM:
        msg = f"signing method {header.get('alg')} is invalid"
        raise MalformedToken(msg)
    return claims


def verify(token: str, *, vin: str, keys: Collection[bytes] | None) -> dict[str, Any]:
    """The claims of a token for this car. Raises InvalidSignature or MalformedToken.

    `keys` are the uncompressed points that the car obeys. None is for a car that knows no keys:
    then the token need only be signed by the key that it names.
    """
    claims_of(token)
    _, claims, message, signature = _split(token)
    issuer = issuer_of(claims)
    if keys is not None and issuer not in keys:
        msg = "InvalidSignature: unknown issuer"
        raise InvalidSignature(msg)
    if claims.get("aud") not in {AUDIENCE, audience_of(vin)}:
        msg = "token has invalid audience"
        raise InvalidSignature(msg)
    if not is_signed(message, signature, issuer):
        msg = "crypto/ecdsa: verification error"
        raise InvalidSignature(msg)
    return claims


def is_signed(message: bytes, signature: bytes, public: bytes) -> bool:
    """Whether `public`, an uncompressed point of the curve, signed the message."""
    if len(signature) != _SIGNATURE:
        return False
    x, y, r = (int.from_bytes(signature[at : at + _SIZE]) for at in range(0, _SIGNATURE, _SIZE))
    if r >= _ORDER:
        return False
    hashed = hashlib.sha256()
    for part in (_encode(_GENERATOR), b"\x04" + signature[: 2 * _SIZE], public, message):
        hashed.update(len(part).to_bytes(4) + part)
    challenge = int.from_bytes(hashed.digest())
    return _add(_times(_GENERATOR, r), _times(_decode(public), challenge)) == (x, y)


def issuer_of(claims: Mapping[str, Any]) -> bytes:
    """The uncompressed point of the key that a token names. Raises InvalidSignature."""
    try:
        point = base64.b64decode(claims.get("iss", ""), validate=True)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (TypeError, ValueError) as err:
        msg = "InvalidSignature: invalid mailbox public key: only NIST-P256 ECDH keys permitted"
        raise InvalidSignature(msg) from err
    return point


def _split(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Header, claims, what is signed, signature."""
    message, _, last = token.rpartition(".")
    parts = [*message.split("."), last]
    if len(parts) != 3:  # noqa: PLR2004 - header, claims, signature
        msg = "token contains an invalid number of segments"
        raise MalformedToken(msg)
    try:
        header, claims, signature = (
            base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
            for part in parts
        )
        objects = json.loads(header), json.loads(claims)
    except (binascii.Error, ValueError) as err:
        msg = "token is malformed"
        raise MalformedToken(msg) from err
    if not all(isinstance(found, dict) for found in objects):
        msg = "token is malformed"
        raise MalformedToken(msg)
    return *objects, message.encode(), signature


def _encode(point: tuple[int, int]) -> bytes:
    return b"\x04" + b"".join(number.to_bytes(_SIZE) for number in point)


def _decode(point: bytes) -> tuple[int, int]:
    return int.from_bytes(point[1 : 1 + _SIZE]), int.from_bytes(point[1 + _SIZE :])


def _times(point: Point, factor: int) -> Point:
    total: Point = None
    while factor:
        if factor & 1:
            total = _add(total, point)
        point = _add(point, point)
        factor >>= 1
    return total


def _add(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % _PRIME == 0:
        return None
    if one == other:
        slope = 3 * (x1 * x1 - 1) * pow(2 * y1, -1, _PRIME)  # the curve's a is -3
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, _PRIME)
    x3 = (slope * slope - x1 - x2) % _PRIME
    return x3, (slope * (x1 - x3) - y1) % _PRIME
