"""Keys, metadata and tags, against the values of Tesla's reference implementation."""

import hashlib

from cryptography.hazmat.primitives.asymmetric import ec
import pytest
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from simulator.car.protocol import crypto
from simulator.car.protocol.crypto import SignatureType, Tag
from simulator.car.protocol.verifier import request_hash

from .vectors import CONVERSATION, KEYS, MESSAGES, PROTOCOL, data

VIN = CONVERSATION["vin"]
SHARED = data(KEYS["shared_key"])
NAMES = {"infotainment": 3, "vcsec": 2}


def _key(scalar: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(scalar, 16), ec.SECP256R1())


def _command_metadata(kind: SignatureType, domain: int, flags: int) -> bytes:
    return crypto.command_metadata(
        kind,
        domain=domain,
        vin=VIN,
        epoch=data(CONVERSATION["epoch"]),
        expires_at=CONVERSATION["expires_at"],
        counter=CONVERSATION["counter"],
        flags=flags,
    )


@pytest.mark.parametrize("who", ["vehicle", "client"])
def test_the_public_half_is_an_uncompressed_point(who: str) -> None:
    """65 bytes, as it travels."""
    assert crypto.point_of(_key(KEYS[f"{who}_private"])).hex() == KEYS[f"{who}_public"]


@pytest.mark.parametrize(("mine", "yours"), [("vehicle", "client"), ("client", "vehicle")])
def test_both_sides_find_the_same_key(mine: str, yours: str) -> None:
    """Each from its private and the other's public half."""
    found = crypto.shared_key(_key(KEYS[f"{mine}_private"]), data(KEYS[f"{yours}_public"]))
    assert found == SHARED


def test_a_short_x_coordinate_is_padded() -> None:
    """The digest is taken of 32 bytes, always."""
    case = PROTOCOL["short_x_coordinate"]
    point = data(case["peer_public"])
    key = _key(case["scalar"])
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    secret = key.exchange(ec.ECDH(), peer)
    assert secret[0] == 0
    assert crypto.shared_key(key, point) == hashlib.sha1(secret).digest()[:16]  # noqa: S324 - Tesla's way


def test_the_published_pair_agrees() -> None:
    """Two more keys of Tesla's tests."""
    one, other = (_key(PROTOCOL["peers"][name]) for name in ("verifier", "signer"))
    assert crypto.shared_key(one, crypto.point_of(other)) == crypto.shared_key(
        other, crypto.point_of(one)
    )


@pytest.mark.parametrize("point", [b"", b"\x04" + bytes(64), b"\x04" * 64])
def test_what_is_no_point_is_no_key(point: bytes) -> None:
    """Nothing, nothing on the curve, a byte too few."""
    with pytest.raises(ValueError, match=r"."):
        crypto.shared_key(_key("1"), point)


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("vin_abc", {Tag.PERSONALIZATION: b"abc"}),
        ("counter_100", {Tag.COUNTER: crypto.u32(100)}),
        ("both", {Tag.COUNTER: crypto.u32(100), Tag.PERSONALIZATION: b"abc"}),
    ],
)
def test_metadata_is_sorted_and_ended(name: str, entries: dict[Tag, bytes]) -> None:
    """Single entries are written down without the end mark."""
    expected = data(PROTOCOL["metadata"][name])
    assert crypto.metadata(entries) == expected.removesuffix(crypto.END) + crypto.END


@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_metadata_hashes_as_published(digest: str) -> None:
    """Of a command in vehicle security."""
    case = PROTOCOL["metadata"]["hashed"]
    meta = crypto.command_metadata(
        SignatureType(case["signature_type"]),
        domain=case["domain"],
        vin=case["vin"],
        epoch=data(case["epoch"]),
        expires_at=case["expires_at"],
        counter=case["counter"],
        flags=0,
    )
    assert hashlib.new(digest, meta).hexdigest() == case[digest]


@pytest.mark.parametrize(
    ("name", "kind", "flags"),
    [
        ("gcm_command", SignatureType.AES_GCM_PERSONALIZED, 0),
        ("hmac_command_flags2", SignatureType.HMAC_PERSONALIZED, 2),
    ],
)
def test_flags_are_signed_unless_there_are_none(name: str, kind: SignatureType, flags: int) -> None:
    """The metadata of two commands to infotainment."""
    assert _command_metadata(kind, 3, flags).hex() == PROTOCOL["metadata"][name]


def test_session_info_is_tagged_for_its_challenge() -> None:
    """The published handshake."""
    case = PROTOCOL["session_info"]
    tag = crypto.session_info_tag(
        SHARED, VIN, data(CONVERSATION["handshake_uuid"]), data(case["bytes"])
    )
    assert tag.hex() == case["tag"]
    for name in NAMES:
        assert MESSAGES[f"{name}_session_info"] == case["bytes"]
        assert MESSAGES[f"{name}_session_info_tag"] == case["tag"]


@pytest.mark.parametrize("name", NAMES)
def test_session_info_beside_a_fault_is_tagged_alike(name: str) -> None:
    """The challenge is the command's uuid."""
    case = MESSAGES[f"{name}_fault_incorrect_epoch"]
    challenge = data(CONVERSATION["command_uuid"])
    tag = crypto.session_info_tag(SHARED, VIN, challenge, data(case["session_info"]))
    assert tag.hex() == case["tag"]


@pytest.mark.parametrize("flags", [0, 2])
@pytest.mark.parametrize("name", NAMES)
def test_commands_are_tagged_as_by_the_reference(name: str, flags: int) -> None:
    """Both domains, with and without flags, and what a reply will be tied to."""
    case = MESSAGES[f"{name}_hmac_flags{flags}"]
    meta = _command_metadata(SignatureType.HMAC_PERSONALIZED, NAMES[name], flags)
    tag = crypto.command_tag(SHARED, meta, data(case["payload"]))
    assert tag.hex() == case["tag"]
    hashed = request_hash(NAMES[name], SignatureType.HMAC_PERSONALIZED, tag)
    assert hashed.hex() == case["request_hash"]


@pytest.mark.parametrize(("domain", "size"), [(2, 17), (3, 20)])
def test_vehicle_security_shortens_the_request_hash(domain: int, size: int) -> None:
    """To the type and half a tag; infotainment keeps whatever there is."""
    tag = bytes(range(19))
    hashed = request_hash(domain, SignatureType.HMAC_PERSONALIZED, tag)
    assert hashed == (b"\x08" + tag)[:size]


@pytest.mark.parametrize("name", NAMES)
def test_commands_are_encrypted_as_by_the_reference(name: str) -> None:
    """As over Bluetooth."""
    case = MESSAGES[f"{name}_gcm_flags0"]
    payload = MESSAGES[f"{name}_hmac_flags0"]["payload"]
    meta = _command_metadata(SignatureType.AES_GCM_PERSONALIZED, NAMES[name], 0)
    nonce = data(PROTOCOL["gcm"]["nonce"])
    ciphertext, tag = crypto.encrypt(SHARED, nonce, meta, data(payload))
    assert (ciphertext.hex(), tag.hex()) == (case["ciphertext"], case["tag"])
    hashed = request_hash(NAMES[name], SignatureType.AES_GCM_PERSONALIZED, tag)
    assert hashed.hex() == case["request_hash"]


def test_a_published_message_can_be_read() -> None:
    """Encrypted for vehicle security, with the last counter of all."""
    case = PROTOCOL["gcm_known"]
    message = RoutableMessage.FromString(data(case["message"]))
    signature = message.signature_data.AES_GCM_Personalized_data
    meta = crypto.command_metadata(
        SignatureType.AES_GCM_PERSONALIZED,
        domain=message.to_destination.domain,
        vin=case["vin"],
        epoch=signature.epoch,
        expires_at=signature.expires_at,
        counter=signature.counter,
        flags=message.flags,
    )
    shared = crypto.shared_key(_key(case["vehicle_private"]), data(case["client_public"]))
    sealed = (message.protobuf_message_as_bytes, signature.tag)
    assert crypto.decrypt(shared, signature.nonce, meta, *sealed) == data(case["plaintext"])
    assert crypto.decrypt(shared, signature.nonce, meta + b"\x00", *sealed) is None


@pytest.mark.parametrize(
    ("name", "meta_name", "reply"),
    [
        ("infotainment", "response_infotainment", "ok"),
        ("infotainment", "response_infotainment", "error"),
        ("vcsec", "response_vehicle_security", "empty"),
    ],
)
def test_replies_are_encrypted_as_by_the_reference(name: str, meta_name: str, reply: str) -> None:
    """Tied to the command with flags that asked for it."""
    request = MESSAGES[f"{name}_hmac_flags2"]
    case = MESSAGES[f"{name}_hmac_flags2_response_{reply}"]
    meta = crypto.response_metadata(
        domain=NAMES[name],
        vin=VIN,
        counter=case["counter"],
        flags=0,
        request_hash=data(request["request_hash"]),
        fault=0,
    )
    assert meta.hex() == PROTOCOL["metadata"][meta_name]
    ciphertext, tag = crypto.encrypt(SHARED, data(case["nonce"]), meta, data(case["plaintext"]))
    assert (ciphertext.hex(), tag.hex()) == (case["ciphertext"], case["tag"])


def test_tags_are_compared_as_a_whole() -> None:
    """A beginning is not enough."""
    assert crypto.same(b"tag", b"tag")
    assert not crypto.same(b"tag", b"ta")
    assert not crypto.same(b"tag", b"tah")
