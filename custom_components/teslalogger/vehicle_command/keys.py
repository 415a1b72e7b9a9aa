"""The command key: the private half of what the owner pairs with the car."""

import hashlib
from typing import Final, Self, override

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .errors import InvalidKey

POINT_SIZE: Final = 65
SHARED_KEY_SIZE: Final = 16


class CommandKey:
    """A P-256 private key; never shows more of itself than a fingerprint of the public half."""

    __slots__ = ("_private", "public_point")

    public_point: Final[bytes]
    """The public half as an uncompressed point, 65 bytes."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        if not isinstance(private.curve, ec.SECP256R1):
            message = "the command key must be on curve P-256"
            raise InvalidKey(message)
        self._private = private
        self.public_point = private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    @override
    def __repr__(self) -> str:
        return f"<CommandKey {self.fingerprint}>"

    @classmethod
    def generate(cls) -> Self:
        """A new key from the operating system's random source."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Read SEC1 or PKCS#8 without passphrase. Raises InvalidKey."""
        try:
            private = serialization.load_pem_private_key(pem, password=None)
        except ValueError, TypeError, UnsupportedAlgorithm:
            # Not chained: the cause may quote the file.
            message = "not a private key in PEM format without passphrase"
            raise InvalidKey(message) from None
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            message = "the command key must be an elliptic-curve key"
            raise InvalidKey(message)
        return cls(private)

    def to_pem(self) -> bytes:
        """The private key as PKCS#8, for a file that only its owner can read."""
        return self._private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def public_pem(self) -> bytes:
        """The public key as Tesla downloads it from the domain."""
        return self._private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def fingerprint(self) -> str:
        """Eight hex digits that tell keys apart in a log."""
        return hashlib.sha256(self.public_point).hexdigest()[:8]

    @property
    def scalar(self) -> int:
        """The private number itself, for the Schnorr signature only."""
        return self._private.private_numbers().private_value

    def shared_secret(self, peer_point: bytes) -> bytes:
        """K, the 16 bytes that only we and the owner of `peer_point` can compute.

        Raises InvalidKey if `peer_point` is not an uncompressed point of P-256.
        """
        if len(peer_point) != POINT_SIZE:
            message = f"a public key has {POINT_SIZE} bytes, not {len(peer_point)}"
            raise InvalidKey(message)
        try:
            peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), peer_point)
        except ValueError as err:
            message = "the public key is not a point of P-256"
            raise InvalidKey(message) from err
        x_coordinate = self._private.exchange(ec.ECDH(), peer)
        # SHA-1 is the protocol's key derivation; its collisions do not matter here.
        return hashlib.sha1(x_coordinate, usedforsecurity=False).digest()[:SHARED_KEY_SIZE]
