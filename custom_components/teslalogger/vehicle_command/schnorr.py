"""Schnorr signatures over P-256 and SHA-256 (RFC 8235, section 3.3) as Tesla's cars verify them.

Chosen by Tesla instead of ECDSA so that one key can safely serve key agreement and signatures.
"""

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from .keys import CommandKey

SIGNATURE_SIZE: Final = 96

type _Point = tuple[int, int] | None
"""Affine coordinates; None is the point at infinity."""

_P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G: Final = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def sign(key: CommandKey, message: bytes) -> bytes:
    """Sign `message`: 96 bytes, the same for the same message every time."""
    scalar = key.scalar
    nonce = deterministic_nonce(scalar, hashlib.sha256(message).digest())
    commitment = ec.derive_private_key(nonce, ec.SECP256R1()).public_key().public_numbers()
    point = _encode((commitment.x, commitment.y))
    challenge = _challenge(point, key.public_point, message)
    response = (nonce - scalar * challenge) % _N
    return point[1:] + response.to_bytes(32)


def verify(public_point: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` over `message` was made with the private half of `public_point`."""
    public = _decode(public_point)
    if public is None or len(signature) != SIGNATURE_SIZE:
        return False
    response = int.from_bytes(signature[64:])
    if response >= _N:
        return False
    commitment = b"\x04" + signature[:64]
    challenge = _challenge(commitment, public_point, message) % _N
    expected = _add(_multiply(challenge, public), _multiply(response, _G))
    return expected is not None and hmac.compare_digest(_encode(expected), commitment)


def deterministic_nonce(scalar: int, digest: bytes) -> int:
    """The nonce of RFC 6979 for P-256 and SHA-256, without extra data."""
    seed = scalar.to_bytes(32) + (int.from_bytes(digest) % _N).to_bytes(32)
    value, key = b"\x01" * 32, b"\x00" * 32
    for separator in (b"\x00", b"\x01"):
        key = hmac.digest(key, value + separator + seed, "sha256")
        value = hmac.digest(key, value, "sha256")
    while True:
        value = hmac.digest(key, value, "sha256")
        candidate = int.from_bytes(value)
        if 0 < candidate < _N:
            return candidate
        key = hmac.digest(key, value + b"\x00", "sha256")
        value = hmac.digest(key, value, "sha256")


def _challenge(commitment: bytes, public_point: bytes, message: bytes) -> int:
    digest = hashlib.sha256()
    for part in (_encode(_G), commitment, public_point, message):
        digest.update(len(part).to_bytes(4))
        digest.update(part)
    return int.from_bytes(digest.digest())


def _encode(point: tuple[int, int]) -> bytes:
    return b"\x04" + point[0].to_bytes(32) + point[1].to_bytes(32)


def _decode(encoded: bytes) -> _Point:
    if len(encoded) != 65 or encoded[0] != 4:  # noqa: PLR2004 - the shape of an uncompressed point
        return None
    x, y = int.from_bytes(encoded[1:33]), int.from_bytes(encoded[33:])
    on_curve = x < _P and y < _P and (y * y - (x * x * x - 3 * x + _B)) % _P == 0
    return (x, y) if on_curve else None


def _add(left: _Point, right: _Point) -> _Point:
    if left is None:
        return right
    if right is None:
        return left
    if left[0] != right[0]:
        slope = (right[1] - left[1]) * pow(right[0] - left[0], -1, _P)
    elif left[1] == right[1]:
        slope = 3 * (left[0] * left[0] - 1) * pow(2 * left[1], -1, _P)
    else:
        return None
    x = (slope * slope - left[0] - right[0]) % _P
    return x, (slope * (left[0] - x) - left[1]) % _P


def _multiply(factor: int, point: _Point) -> _Point:
    # Verification handles public values only, so it need not run in constant time.
    total: _Point = None
    while factor:
        if factor & 1:
            total = _add(total, point)
        point = _add(point, point)
        factor >>= 1
    return total
