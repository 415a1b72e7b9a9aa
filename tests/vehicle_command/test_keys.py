"""The command key: reading, writing, key agreement, and keeping quiet."""

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_public_key,
)
import pytest

from custom_components.teslalogger.vehicle_command import CommandKey, InvalidKey

from .car import private_key
from .vectors import CLIENT, PROTOCOL, VECTORS, VEHICLE


def test_public_point_is_the_published_one() -> None:
    """Both published private keys give their published points."""
    assert CLIENT.public_point.hex() == PROTOCOL["keys"]["client_public"]
    assert VEHICLE.public_point.hex() == PROTOCOL["keys"]["vehicle_public"]


def test_both_sides_agree_on_the_published_secret() -> None:
    """K is the vector's, whoever computes it."""
    shared = CLIENT.shared_secret(VEHICLE.public_point)
    assert shared.hex() == VECTORS["shared_key"] == PROTOCOL["keys"]["shared_key"]
    assert VEHICLE.shared_secret(CLIENT.public_point) == shared


def test_short_x_coordinate_is_padded() -> None:
    """An ECDH result that begins with a zero byte is not shortened before it is hashed."""
    vector = PROTOCOL["short_x_coordinate"]
    key = CommandKey(private_key(vector["scalar"]))
    peer_point = bytes.fromhex(vector["peer_public"])
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), peer_point)
    x_coordinate = private_key(vector["scalar"]).exchange(ec.ECDH(), peer)
    assert x_coordinate[0] == 0
    assert len(x_coordinate) == 32
    assert len(key.shared_secret(peer_point)) == 16


@pytest.mark.parametrize(
    "form", [PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8], ids=["sec1", "pkcs8"]
)
def test_reads_both_forms_of_key_file(form: PrivateFormat) -> None:
    """SEC1 and PKCS#8 are the forms that Tesla's own tools write."""
    private = private_key(PROTOCOL["keys"]["client_private"])
    pem = private.private_bytes(Encoding.PEM, form, NoEncryption())
    assert CommandKey.from_pem(pem).public_point == CLIENT.public_point


def test_a_generated_key_survives_its_file() -> None:
    """What to_pem writes, from_pem reads; the public file is the other half."""
    key = CommandKey.generate()
    again = CommandKey.from_pem(key.to_pem())
    assert again.scalar == key.scalar
    public = load_pem_public_key(key.public_pem())
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert public == private_key(hex(key.scalar)).public_key()
    assert key.public_pem().startswith(b"-----BEGIN PUBLIC KEY-----")


def _pem(private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        CLIENT.public_pem(),
        _pem(ec.generate_private_key(ec.SECP384R1())),
        _pem(rsa.generate_private_key(public_exponent=65537, key_size=2048)),
        private_key("1").private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"passphrase")
        ),
    ],
    ids=["empty", "garbage", "public", "other-curve", "rsa", "passphrase"],
)
def test_refuses_other_files(pem: bytes) -> None:
    """Anything but a P-256 private key without passphrase is named as such."""
    with pytest.raises(InvalidKey):
        CommandKey.from_pem(pem)


@pytest.mark.parametrize(
    "point",
    [b"", bytes(65), b"\x04" + b"\x01" * 64, VEHICLE.public_point[:-1]],
    ids=["empty", "zeros", "off-curve", "short"],
)
def test_refuses_points_off_the_curve(point: bytes) -> None:
    """A peer's key that is no point never reaches the key agreement."""
    with pytest.raises(InvalidKey):
        CLIENT.shared_secret(point)


def test_shows_only_a_fingerprint() -> None:
    """Neither repr nor str contains the private number or the file."""
    shown = f"{CLIENT!r} {CLIENT}"
    assert PROTOCOL["keys"]["client_private"] not in shown.lower()
    assert str(CLIENT.scalar) not in shown
    assert CLIENT.fingerprint in shown
