"""Tokens, against published vectors and signatures made by other code."""

import base64
import json
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings, strategies as st
import pytest

from simulator.telemetry.jws import (
    InvalidSignature,
    MalformedToken,
    _add,
    _decode,
    _times,
    audience_of,
    claims_of,
    is_signed,
    verify,
)

from .tokens import ORDER, make_key, point_of, signature_of, token

VIN: Final = "5YJ3E7EB8MF012346"
KEY: Final = make_key()
POINT: Final = point_of(KEY)
OTHER: Final = make_key(0x0815)
CLAIMS: Final = {"hostname": "home.example.test"}
VECTORS: Final = json.loads(Path("tests/data/vehicle-command-vectors.json").read_text("utf-8"))
PUBLISHED: Final[str] = VECTORS["telemetry_jws"]

# From the tests of teslamotors/vehicle-command (internal/schnorr, internal/authentication).
HELLO_KEY: Final = make_key(0x03 << 248)
HELLO: Final = bytes.fromhex(
    "7cfdbeb5baa730540401550bdefa20976453e8539ae4b2f26ce33125801a08f9"
    "0ed20c3d846497ff82cc9772e3db4703982f47bd0b0b89dfb9a49cd2e5240546"
    "02b1e05fbf95f5686faea7a5809eb92f5ecc22eae74ceccc5e2a65dd67ff20fc"
)
FOR_ONE_CAR: Final = (
    "eyJhbGciOiJUZXNsYS5TUzI1NiIsInR5cCI6IkpXVCJ9.eyJhdWQiOiJjb20udGVzbGEudmVoaWNsZS5NM1RFUkFTSElN"
    "QUJVQ0swMSIsImZvbyI6ImJhciIsImlzcyI6IkJIZGVMdlZ3MHBMZlFrd0o5dzU5bFdlTlhPZUJKS3l6K1RkYkdZcE5xZm"
    "5wOE14dGlBNHVZRzZiQWJENllzWVZEamNhcGRqMzhKeko0YjA2RzBTWWsrdz0ifQ.4Xq2tsynDYOhLBWpnqLJfsAzdOqTO"
    "wHkVowI47A-yzVXIQHaawObJvAYRoRs61oVwWiEQ7XYXG8WE_Vz_49eVirAV9NGKymj3HBTTjN5DmViWmFzfaIOXRWKJlE"
    "--vzU"
)


def test_the_published_signature_holds() -> None:
    """And no other bit of it, nor another message."""
    assert is_signed(b"hello world", HELLO, point_of(HELLO_KEY))
    assert not is_signed(b"hello word", HELLO, point_of(HELLO_KEY))
    assert not is_signed(b"hello world", HELLO, POINT)
    for at in range(len(HELLO)):
        damaged = bytearray(HELLO)
        damaged[at] ^= 1
        assert not is_signed(b"hello world", bytes(damaged), point_of(HELLO_KEY))


def test_the_published_tokens_hold() -> None:
    """The telemetry client's by the key that it names, the other one's signature."""
    claims = claims_of(PUBLISHED)
    issuer = base64.b64decode(claims["iss"])
    assert verify(PUBLISHED, vin=VIN, keys={issuer, POINT}) == claims
    assert claims["port"] == 443
    message, _, signature = FOR_ONE_CAR.rpartition(".")
    key = base64.b64decode(claims_of(FOR_ONE_CAR)["iss"])
    assert is_signed(message.encode(), base64.urlsafe_b64decode(signature), key)


def test_a_token_of_a_paired_key_is_taken() -> None:
    """For all cars, or for this one."""
    assert verify(token(KEY, CLAIMS), vin=VIN, keys={POINT})["hostname"] == "home.example.test"
    mine = token(KEY, {**CLAIMS, "aud": audience_of(VIN)})
    assert verify(mine, vin=VIN, keys={POINT})["aud"] == audience_of(VIN)


def test_a_car_without_keys_takes_what_is_signed_by_whom_it_names() -> None:
    """Nothing else."""
    assert verify(token(KEY, CLAIMS), vin=VIN, keys=None)["hostname"]
    with pytest.raises(InvalidSignature):
        verify(token(KEY, CLAIMS, signer=OTHER), vin=VIN, keys=None)


REFUSED: Final = {
    "a key that is not paired": (token(OTHER, CLAIMS), "InvalidSignature: unknown issuer"),
    "a key that somebody else used": (
        token(KEY, CLAIMS, signer=OTHER),
        "crypto/ecdsa: verification error",
    ),
    "half a signature": (token(KEY, CLAIMS)[:-64], "crypto/ecdsa: verification error"),
    "a key of no curve": (
        token(KEY, {**CLAIMS, "iss": base64.b64encode(b"\x04" + bytes(64)).decode()}),
        "InvalidSignature: invalid mailbox public key: only NIST-P256 ECDH keys permitted",
    ),
    "no key": (
        token(KEY, {**CLAIMS, "iss": None}),
        "InvalidSignature: invalid mailbox public key: only NIST-P256 ECDH keys permitted",
    ),
    "another's audience": (
        token(KEY, {**CLAIMS, "aud": audience_of("5YJ3E7EB8MF000000")}),
        "token has invalid audience",
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_a_car_does_not_take(why: str) -> None:
    """In the words that Tesla shows for it."""
    text, words = REFUSED[why]
    with pytest.raises(InvalidSignature) as caught:
        verify(text, vin=VIN, keys={POINT})
    assert str(caught.value) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a.b.c.d",
        "a.!.c",
        "bnVsbA.e30.AAAA",
        "e30.W10.AAAA",
        "_w.e30.AAAA",
        token(KEY, CLAIMS, header={"alg": "ES256"}),
    ],
)
def test_what_is_no_token(text: str) -> None:
    """Other parts, other contents, another algorithm."""
    with pytest.raises(MalformedToken):
        claims_of(text)


def test_a_response_beyond_the_order_is_none() -> None:
    """As large a number is written by nobody."""
    assert not is_signed(b"m", signature_of(KEY, b"m")[:64] + ORDER.to_bytes(32), POINT)


@settings(max_examples=25)
@given(message=st.binary(max_size=100), secret=st.integers(1, ORDER - 1))
def test_every_signature_holds(message: bytes, secret: int) -> None:
    """Of every key, for every message."""
    key = make_key(secret)
    assert is_signed(message, signature_of(key, message, nonce=secret // 2 + 1), point_of(key))


@pytest.mark.parametrize("factor", [1, 2, 3, 0xFFFF, ORDER - 1])
def test_points_are_multiplied(factor: int) -> None:
    """As by a library."""
    numbers = ec.derive_private_key(factor, ec.SECP256R1()).public_key().public_numbers()
    assert _times(_decode(point_of(make_key(1))), factor) == (numbers.x, numbers.y)


def test_a_point_and_its_opposite_are_nothing() -> None:
    """And nothing changes nothing."""
    one: Any = _decode(point_of(make_key(1)))
    minus: Any = _times(one, ORDER - 1)
    assert _add(one, minus) is None
    assert _times(one, ORDER) is None
    assert _add(None, one) == _add(one, None) == one
