"""Schnorr signatures against the published vectors, and what must not verify."""

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.teslalogger.vehicle_command import CommandKey, schnorr

from .car import private_key
from .vectors import CLIENT, PROTOCOL, VEHICLE

VECTOR = PROTOCOL["schnorr"]
KEY = CommandKey(private_key(VECTOR["scalar"]))
MESSAGE = VECTOR["message"].encode()
SIGNATURE = bytes.fromhex(VECTOR["signature"])
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def test_signature_is_the_published_one() -> None:
    """Byte for byte, which also fixes the nonce."""
    assert schnorr.sign(KEY, MESSAGE) == SIGNATURE
    assert schnorr.verify(KEY.public_point, MESSAGE, SIGNATURE)


@pytest.mark.parametrize("vector", VECTOR["nonces"], ids=["sample", "rejection"])
def test_nonce_is_the_published_one(vector: dict[str, str]) -> None:
    """RFC 6979, including a case in which the first candidate is too large."""
    nonce = schnorr.deterministic_nonce(int(vector["scalar"], 16), bytes.fromhex(vector["digest"]))
    assert nonce == int(vector["nonce"], 16)


@settings(max_examples=10)
@given(st.binary(max_size=100))
def test_what_is_signed_verifies(message: bytes) -> None:
    """Any message, and only under the signer's key."""
    signature = schnorr.sign(CLIENT, message)
    assert schnorr.verify(CLIENT.public_point, message, signature)
    assert not schnorr.verify(VEHICLE.public_point, message, signature)
    assert not schnorr.verify(CLIENT.public_point, message + b".", signature)


@settings(max_examples=20)
@given(st.integers(0, 96 * 8 - 1))
def test_no_flipped_bit_verifies(bit: int) -> None:
    """Every part of the signature matters."""
    flipped = bytearray(SIGNATURE)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not schnorr.verify(KEY.public_point, MESSAGE, bytes(flipped))


def test_an_equivalent_response_does_not_verify() -> None:
    """A response beyond the order would be a second signature for the same message."""
    response = int.from_bytes(SIGNATURE[64:])
    if response + ORDER < 2**256:
        larger = SIGNATURE[:64] + (response + ORDER).to_bytes(32)
    else:
        larger = SIGNATURE[:64] + ORDER.to_bytes(32)
    assert not schnorr.verify(KEY.public_point, MESSAGE, larger)


@pytest.mark.parametrize(
    ("point", "signature"),
    [
        (KEY.public_point[1:], SIGNATURE),
        (b"\x02" + KEY.public_point[1:], SIGNATURE),
        (b"\x04" + bytes(64), SIGNATURE),
        (KEY.public_point, SIGNATURE[:-1]),
        (KEY.public_point, bytes(96)),
    ],
    ids=["short-point", "compressed", "off-curve", "short-signature", "zeros"],
)
def test_malformed_input_does_not_verify(point: bytes, signature: bytes) -> None:
    """Nothing raises: it is simply no signature."""
    assert not schnorr.verify(point, MESSAGE, signature)


def test_opposite_points_add_up_to_infinity() -> None:
    """The group law at its corners."""
    generator = schnorr._G
    opposite = (generator[0], schnorr._P - generator[1])
    assert schnorr._add(generator, opposite) is None
    assert schnorr._add(None, generator) == generator
    assert schnorr._multiply(ORDER, generator) is None
    assert schnorr._multiply(ORDER + 1, generator) == generator
