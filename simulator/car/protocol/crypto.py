"""Keys, metadata and tags of the protocol.

Source: https://github.com/teslamotors/vehicle-command/blob/main/pkg/protocol/protocol.md
"""

from enum import IntEnum
import hashlib
import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

END: Final = b"\xff"
GCM_TAG_SIZE: Final = 16


class Tag(IntEnum):
    """What a metadata entry says."""

    SIGNATURE_TYPE = 0
    DOMAIN = 1
    PERSONALIZATION = 2
    EPOCH = 3
    EXPIRES_AT = 4
    COUNTER = 5
    CHALLENGE = 6
    FLAGS = 7
    REQUEST_HASH = 8
    FAULT = 9


class SignatureType(IntEnum):
    """The first metadata entry of every signed thing."""

    AES_GCM_PERSONALIZED = 5
    HMAC = 6
    HMAC_PERSONALIZED = 8
    AES_GCM_RESPONSE = 9


def metadata(entries: dict[Tag, bytes]) -> bytes:
    """Tag, length and value of every entry by rising tag, then the end mark."""
    return (
        b"".join(bytes((tag, len(value))) + value for tag, value in sorted(entries.items())) + END
    )


def u32(number: int) -> bytes:
    """Four bytes, big endian."""
    return number.to_bytes(4)


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half, uncompressed (65 bytes)."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def shared_key(key: ec.EllipticCurvePrivateKey, point: bytes) -> bytes:
    """What only the holders of the two keys know (16 bytes); raises ValueError for no point."""
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    digest = hashlib.sha1(key.exchange(ec.ECDH(), peer))  # noqa: S324 - Tesla's key derivation
    return digest.digest()[:16]


def session_info_tag(shared: bytes, vin: str, challenge: bytes, session_info: bytes) -> bytes:
    """The tag (32 bytes) that a car puts on its session info."""
    meta = metadata(
        {
            Tag.SIGNATURE_TYPE: bytes((SignatureType.HMAC,)),
            Tag.PERSONALIZATION: vin.encode(),
            Tag.CHALLENGE: challenge,
        }
    )
    return _hmac(_hmac(shared, b"session info"), meta + session_info)


def command_metadata(
    signature_type: SignatureType,
    *,
    domain: int,
    vin: str,
    epoch: bytes,
    expires_at: int,
    counter: int,
    flags: int,
) -> bytes:
    """What a command's signature covers beside its payload."""
    entries = {
        Tag.SIGNATURE_TYPE: bytes((signature_type,)),
        Tag.DOMAIN: bytes((domain,)),
        Tag.PERSONALIZATION: vin.encode(),
        Tag.EPOCH: epoch,
        Tag.EXPIRES_AT: u32(expires_at),
        Tag.COUNTER: u32(counter),
    }
    return metadata(entries | ({Tag.FLAGS: u32(flags)} if flags else {}))


def command_tag(shared: bytes, meta: bytes, payload: bytes) -> bytes:
    """The HMAC tag (32 bytes) of a command."""
    return _hmac(_hmac(shared, b"authenticated command"), meta + payload)


def same(one: bytes, other: bytes) -> bool:
    """Compare tags without telling where they differ."""
    return hmac.compare_digest(one, other)


def response_metadata(
    *, domain: int, vin: str, counter: int, flags: int, request_hash: bytes, fault: int
) -> bytes:
    """What an encrypted reply authenticates beside its payload."""
    return metadata(
        {
            Tag.SIGNATURE_TYPE: bytes((SignatureType.AES_GCM_RESPONSE,)),
            Tag.DOMAIN: bytes((domain,)),
            Tag.PERSONALIZATION: vin.encode(),
            Tag.COUNTER: u32(counter),
            Tag.FLAGS: u32(flags),
            Tag.REQUEST_HASH: request_hash,
            Tag.FAULT: u32(fault),
        }
    )


def encrypt(shared: bytes, nonce: bytes, meta: bytes, plaintext: bytes) -> tuple[bytes, bytes]:
    """Ciphertext and tag (16 bytes)."""
    sealed = AESGCM(shared).encrypt(nonce, plaintext, hashlib.sha256(meta).digest())
    return sealed[:-GCM_TAG_SIZE], sealed[-GCM_TAG_SIZE:]


def decrypt(
    shared: bytes, nonce: bytes, meta: bytes, ciphertext: bytes, tag: bytes
) -> bytes | None:
    """The plaintext, or None if it was not sealed with this key and metadata."""
    try:
        return AESGCM(shared).decrypt(nonce, ciphertext + tag, hashlib.sha256(meta).digest())
    except InvalidTag:
        return None


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()
