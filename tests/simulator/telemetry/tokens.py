"""Signs configurations as an application does, with code that shares nothing with the verifier."""

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def make_key(number: int = 0x0302) -> ec.EllipticCurvePrivateKey:
    """A key that is always the same."""
    return ec.derive_private_key(number, ec.SECP256R1())


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half, uncompressed."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signature_of(key: ec.EllipticCurvePrivateKey, message: bytes, *, nonce: int = 0x51) -> bytes:
    """A Schnorr signature; a nonce that is always the same would betray a key worth keeping."""
    commitment, public = point_of(make_key(nonce)), point_of(key)
    hashed = b"".join(
        len(part).to_bytes(4) + part
        for part in (point_of(make_key(1)), commitment, public, message)
    )
    challenge = int.from_bytes(hashlib.sha256(hashed).digest())
    answer = (nonce - key.private_numbers().private_value * challenge) % ORDER
    return commitment[1:] + answer.to_bytes(32)


def token(
    key: ec.EllipticCurvePrivateKey,
    claims: Mapping[str, Any],
    *,
    signer: ec.EllipticCurvePrivateKey | None = None,
    header: Mapping[str, Any] | None = None,
) -> str:
    """A token; `signer` signs for another's `key`."""
    told = {
        "iss": base64.b64encode(point_of(key)).decode(),
        "aud": "com.tesla.fleet.TelemetryClient",
        **claims,
    }
    head = {"alg": "Tesla.SS256", "typ": "JWT"} if header is None else header
    message = ".".join(_encoded(json.dumps(part).encode()) for part in (head, told))
    return f"{message}.{_encoded(signature_of(signer or key, message.encode()))}"
