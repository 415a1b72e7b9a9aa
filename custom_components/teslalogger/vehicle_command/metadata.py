"""The bytes that stand beside a payload under every signature of the protocol.

Tag, length, value, ascending tags, an end mark. The encoding must be injective: if two different
sets of facts had the same bytes, a signature over one would be a signature over the other. So the
order and the lengths are enforced here, where the bytes are written.
"""

from enum import IntEnum
from typing import Final

END: Final = b"\xff"
MAX_VALUE_SIZE: Final = 255


class Tag(IntEnum):
    """Signatures.Tag."""

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
    """Signatures.SignatureType, the ones in use."""

    AES_GCM_PERSONALIZED = 5
    HMAC = 6
    HMAC_PERSONALIZED = 8
    AES_GCM_RESPONSE = 9


def fields(*entries: tuple[Tag, bytes], after: int = -1) -> bytes:
    """The entries without the end mark; `after` is the tag that the caller has written before.

    Raises ValueError for tags that do not ascend or values longer than 255 bytes.
    """
    serialised = bytearray()
    for tag, value in entries:
        if tag <= after:
            message = f"metadata tag {tag} must not follow {after}"
            raise ValueError(message)
        if len(value) > MAX_VALUE_SIZE:
            message = f"metadata value of tag {tag} has {len(value)} bytes"
            raise ValueError(message)
        serialised.append(tag)
        serialised.append(len(value))
        serialised += value
        after = tag
    return bytes(serialised)


def uint32(number: int) -> bytes:
    """Four bytes, big endian."""
    return number.to_bytes(4)


def session_info(vin: str, challenge: bytes) -> bytes:
    """Beside a SessionInfo; `challenge` is the uuid of the request that it answers."""
    return (
        fields(
            (Tag.SIGNATURE_TYPE, bytes((SignatureType.HMAC,))),
            (Tag.PERSONALIZATION, vin.encode()),
            (Tag.CHALLENGE, challenge),
        )
        + END
    )


def conversation(
    signature_type: SignatureType, domain: int, vin: str, epoch: bytes | None = None
) -> bytes:
    """What all messages of one kind in a conversation begin with."""
    entries = [
        (Tag.SIGNATURE_TYPE, bytes((signature_type,))),
        (Tag.DOMAIN, bytes((domain,))),
        (Tag.PERSONALIZATION, vin.encode()),
    ]
    if epoch is not None:
        entries.append((Tag.EPOCH, epoch))
    return fields(*entries)


def command(beginning: bytes, *, expires_at: int, counter: int, flags: int) -> bytes:
    """Beside a command; `beginning` is its conversation with the epoch. Flags 0 are left out."""
    entries = [(Tag.EXPIRES_AT, uint32(expires_at)), (Tag.COUNTER, uint32(counter))]
    if flags:
        entries.append((Tag.FLAGS, uint32(flags)))
    return beginning + fields(*entries, after=Tag.EPOCH) + END


def response(
    beginning: bytes, *, counter: int, flags: int, request_hash: bytes, fault: int
) -> bytes:
    """Beside an encrypted reply; flags and fault always stand there, even when 0."""
    return (
        beginning
        + fields(
            (Tag.COUNTER, uint32(counter)),
            (Tag.FLAGS, uint32(flags)),
            (Tag.REQUEST_HASH, request_hash),
            (Tag.FAULT, uint32(fault)),
            after=Tag.PERSONALIZATION,
        )
        + END
    )
