"""What two holders of a P-256 key can do for each other: the car, seen from our key."""

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from .keys import CommandKey

GCM_TAG_SIZE: Final = 16
NONCE_SIZE: Final = 12


class Peer:
    """A car's computer by its public key. Raises InvalidKey for bytes that are none."""

    __slots__ = ("_cipher", "_command_key", "_session_info_key", "public_key")

    def __init__(self, key: CommandKey, public_key: bytes) -> None:
        shared = key.shared_secret(public_key)
        self.public_key = public_key
        self._session_info_key = hmac.digest(shared, b"session info", "sha256")
        self._command_key = hmac.digest(shared, b"authenticated command", "sha256")
        self._cipher = AESGCM(shared)

    def session_info_tag(self, metadata: bytes, session_info: bytes) -> bytes:
        """The tag (32 bytes) with which the car vouches for its session info."""
        return hmac.digest(self._session_info_key, metadata + session_info, "sha256")

    def command_tag(self, metadata: bytes, payload: bytes) -> bytes:
        """The tag (32 bytes) under which a command travels in plain text."""
        return hmac.digest(self._command_key, metadata + payload, "sha256")

    def encrypt_command(self, metadata: bytes, payload: bytes, nonce: bytes) -> tuple[bytes, bytes]:
        """Ciphertext and tag (16 bytes) of a command over Bluetooth; Tesla's servers refuse it."""
        sealed = self._cipher.encrypt(nonce, payload, hashlib.sha256(metadata).digest())
        return sealed[:-GCM_TAG_SIZE], sealed[-GCM_TAG_SIZE:]

    def decrypt_reply(
        self, metadata: bytes, ciphertext: bytes, nonce: bytes, tag: bytes
    ) -> bytes | None:
        """The payload of an encrypted reply, or None if any part of it is not the car's."""
        if len(nonce) != NONCE_SIZE or len(tag) != GCM_TAG_SIZE:
            return None
        try:
            return self._cipher.decrypt(nonce, ciphertext + tag, hashlib.sha256(metadata).digest())
        except InvalidTag:
            return None
