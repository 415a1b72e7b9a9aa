"""The bytes beside a payload, against the published ones."""

import hashlib

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.vehicle_command import Domain, metadata
from custom_components.teslalogger.vehicle_command.metadata import SignatureType, Tag

from .vectors import EPOCH, HANDSHAKE_UUID, PROTOCOL, VECTORS, VIN

PUBLISHED = PROTOCOL["metadata"]
INFOTAINMENT, SECURITY = Domain.INFOTAINMENT, Domain.VEHICLE_SECURITY


def test_single_fields_are_the_published_ones() -> None:
    """Tag, length, value; integers are four bytes, big endian."""
    vin, counter = (Tag.PERSONALIZATION, b"abc"), (Tag.COUNTER, metadata.uint32(100))
    assert metadata.fields(vin).hex() == PUBLISHED["vin_abc"]
    assert metadata.fields(counter).hex() == PUBLISHED["counter_100"]
    assert (metadata.fields(vin, counter) + metadata.END).hex() == PUBLISHED["both"]


def test_session_info_is_the_published_one() -> None:
    """The handshake's metadata of the specification."""
    expected = PROTOCOL["session_info"]["metadata"]
    assert metadata.session_info(VIN, HANDSHAKE_UUID).hex() == expected


@pytest.mark.parametrize(
    ("signature_type", "flags", "expected"),
    [
        (SignatureType.AES_GCM_PERSONALIZED, 0, PUBLISHED["gcm_command"]),
        (SignatureType.HMAC_PERSONALIZED, 2, PUBLISHED["hmac_command_flags2"]),
    ],
)
def test_command_is_the_recorded_one(
    signature_type: SignatureType, flags: int, expected: str
) -> None:
    """Flags stand there only when they are not 0."""
    beginning = metadata.conversation(signature_type, INFOTAINMENT, VIN, EPOCH)
    written = metadata.command(beginning, expires_at=2655, counter=7, flags=flags)
    assert written.hex() == expected


def test_hashes_are_the_published_ones() -> None:
    """The vector of Tesla's own metadata test."""
    vector = PUBLISHED["hashed"]
    beginning = metadata.conversation(
        SignatureType(vector["signature_type"]),
        vector["domain"],
        vector["vin"],
        bytes.fromhex(vector["epoch"]),
    )
    written = metadata.command(
        beginning, expires_at=vector["expires_at"], counter=vector["counter"], flags=0
    )
    assert hashlib.sha256(written).hexdigest() == vector["sha256"]
    assert hashlib.sha512(written).hexdigest() == vector["sha512"]


@pytest.mark.parametrize(
    ("domain", "expected", "hash_size"),
    [
        (INFOTAINMENT, PUBLISHED["response_infotainment"], 33),
        (SECURITY, PUBLISHED["response_vehicle_security"], 17),
    ],
)
def test_response_is_the_recorded_one(domain: Domain, expected: str, hash_size: int) -> None:
    """Flags and fault stand there even when they are 0."""
    prefix = "infotainment" if domain is INFOTAINMENT else "vcsec"
    request_hash = bytes.fromhex(VECTORS[f"{prefix}_hmac_flags2"]["request_hash"])
    assert len(request_hash) == hash_size
    beginning = metadata.conversation(SignatureType.AES_GCM_RESPONSE, domain, VIN)
    written = metadata.response(beginning, counter=1, flags=0, request_hash=request_hash, fault=0)
    assert written.hex() == expected


@pytest.mark.parametrize(
    "tags", [(Tag.COUNTER, Tag.EPOCH), (Tag.COUNTER, Tag.COUNTER)], ids=["descending", "twice"]
)
def test_refuses_tags_out_of_order(tags: tuple[Tag, Tag]) -> None:
    """An encoding with two orders would not be injective."""
    with pytest.raises(ValueError, match="must not follow"):
        metadata.fields(*((tag, b"") for tag in tags))


def test_refuses_values_longer_than_their_length_byte() -> None:
    """The longest value has 255 bytes."""
    assert len(metadata.fields((Tag.CHALLENGE, bytes(255)))) == 257
    with pytest.raises(ValueError, match="256 bytes"):
        metadata.fields((Tag.CHALLENGE, bytes(256)))


_entries = st.dictionaries(st.sampled_from(Tag), st.binary(max_size=40)).map(
    lambda entries: sorted(entries.items())
)


@given(_entries, _entries)
def test_different_facts_have_different_bytes(
    left: list[tuple[Tag, bytes]], right: list[tuple[Tag, bytes]]
) -> None:
    """The encoding is injective."""
    same = metadata.fields(*left) == metadata.fields(*right)
    assert same == (left == right)
