"""Tags and ciphertexts, against what Tesla's reference made."""

import pytest
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from custom_components.teslalogger.vehicle_command import CommandKey, Domain, metadata
from custom_components.teslalogger.vehicle_command.metadata import SignatureType
from custom_components.teslalogger.vehicle_command.peer import Peer

from .car import private_key
from .vectors import EPOCH, HANDSHAKE_UUID, PAYLOAD, PREFIX, PROTOCOL, VECTORS, VIN, peer

NONCE = bytes.fromhex(PROTOCOL["gcm"]["nonce"])


@pytest.mark.parametrize("domain", Domain)
@pytest.mark.parametrize("flags", [0, 2])
def test_command_tag_is_the_recorded_one(domain: Domain, flags: int) -> None:
    """HMAC in both domains, with and without flags."""
    beginning = metadata.conversation(SignatureType.HMAC_PERSONALIZED, domain, VIN, EPOCH)
    facts = metadata.command(beginning, expires_at=2655, counter=7, flags=flags)
    expected = VECTORS[f"{PREFIX[domain]}_hmac_flags{flags}"]["tag"]
    assert peer().command_tag(facts, PAYLOAD[domain]).hex() == expected


@pytest.mark.parametrize("domain", Domain)
def test_session_info_tag_is_the_published_one(domain: Domain) -> None:
    """The tag of the specification's handshake."""
    received = bytes.fromhex(VECTORS[f"{PREFIX[domain]}_session_info"])
    tag = peer().session_info_tag(metadata.session_info(VIN, HANDSHAKE_UUID), received)
    assert tag.hex() == VECTORS[f"{PREFIX[domain]}_session_info_tag"]


@pytest.mark.parametrize("domain", Domain)
def test_encrypted_command_is_the_recorded_one(domain: Domain) -> None:
    """The Bluetooth form of a command."""
    vector = VECTORS[f"{PREFIX[domain]}_gcm_flags0"]
    beginning = metadata.conversation(SignatureType.AES_GCM_PERSONALIZED, domain, VIN, EPOCH)
    facts = metadata.command(beginning, expires_at=2655, counter=7, flags=0)
    ciphertext, tag = peer().encrypt_command(facts, PAYLOAD[domain], NONCE)
    assert (ciphertext.hex(), tag.hex()) == (vector["ciphertext"], vector["tag"])
    assert "05" + tag.hex() == vector["request_hash"]


def test_encrypts_teslas_known_message() -> None:
    """The message of Tesla's verifier test, with the highest counter there is."""
    vector = PROTOCOL["gcm_known"]
    message = RoutableMessage.FromString(bytes.fromhex(vector["message"]))
    signature = message.signature_data.AES_GCM_Personalized_data
    beginning = metadata.conversation(
        SignatureType.AES_GCM_PERSONALIZED,
        message.to_destination.domain,
        vector["vin"],
        signature.epoch,
    )
    facts = metadata.command(
        beginning, expires_at=signature.expires_at, counter=signature.counter, flags=0
    )
    car = CommandKey(private_key(vector["vehicle_private"]))
    client = Peer(car, bytes.fromhex(vector["client_public"]))
    sealed = client.encrypt_command(facts, bytes.fromhex(vector["plaintext"]), signature.nonce)
    assert signature.counter == 0xFFFFFFFF
    assert sealed == (message.protobuf_message_as_bytes, signature.tag)


@pytest.mark.parametrize(
    ("nonce", "tag"), [(bytes(11), bytes(16)), (bytes(12), bytes(15)), (bytes(12), bytes(16))]
)
def test_a_reply_of_wrong_shape_or_tag_has_no_payload(nonce: bytes, tag: bytes) -> None:
    """Sizes are checked before the library sees them."""
    assert peer().decrypt_reply(b"facts", b"payload", nonce, tag) is None


def test_keys_do_not_show() -> None:
    """The repr names the class and nothing else."""
    assert VECTORS["shared_key"] not in repr(peer())
    assert not hasattr(peer(), "__dict__")
