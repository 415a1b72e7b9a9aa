"""Certificates of cars, as a receiver's TLS and Tesla's rules see them."""

import ssl
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
import pytest

from simulator.telemetry.certificates import CarAuthorities, Variant, name_of

if TYPE_CHECKING:
    from simulator.telemetry.certificates import Passport

VIN: Final = "5YJ3E7EB8MF012346"
HOST: Final = "home.example.test"
AUTHORITIES: Final = CarAuthorities()
ROOT: Final = AUTHORITIES.root.certificate.public_bytes(Encoding.PEM)


def _handshake(passport: Passport, *, bundle: bytes = AUTHORITIES.bundle) -> str:
    """Show the certificate to a server that wants one of Tesla's; why it refuses, or nothing."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_verify_locations(cadata=bundle.decode())
    AUTHORITIES.root.leaf(name_of(HOST, organization="Home"), hosts=(HOST,)).show_in(server)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(cadata=ROOT.decode())
    passport.show_in(client)
    one, two = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(one, two, server_hostname=HOST)
    theirs = server.wrap_bio(two, one, server_side=True)
    for _ in range(5):
        for side in (ours, theirs):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as err:
                return err.verify_message
    return ""


def _names(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [str(attribute.value) for attribute in name.get_attributes_for_oid(oid)]


def test_a_car_is_named_as_tesla_names_it() -> None:
    """The VIN, the issuer's name, Tesla's key usage for vehicles."""
    leaf = AUTHORITIES.passport(VIN).certificate
    assert _names(leaf.subject, NameOID.COMMON_NAME) == [VIN]
    assert _names(leaf.issuer, NameOID.COMMON_NAME) == ["Tesla Motors Product Issuing CA"]
    assert _names(leaf.issuer, NameOID.ORGANIZATIONAL_UNIT_NAME) == ["Motors", "PKI"]
    usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [usage.dotted_string for usage in usages] == [
        "1.3.6.1.5.5.7.3.2",
        "1.3.6.1.4.1.49279.2.5.1",
    ]


REFUSED: Final = {
    Variant.EXPIRED: "certificate has expired",
    Variant.NOT_YET_VALID: "certificate is not yet valid or the system clock is incorrect",
    Variant.NO_CLIENT_AUTH: "unsuitable certificate purpose",
    Variant.OTHER_AUTHORITY: "unable to get local issuer certificate",
    Variant.SELF_SIGNED: "self-signed certificate",
}
"""What TLS itself finds out; the rest is for the receiver to see."""


@pytest.mark.parametrize("variant", [None, *Variant])
def test_what_tls_says_to_a_certificate(variant: Variant | None) -> None:
    """Only what is not genuine, or not for this, is refused there."""
    said = _handshake(AUTHORITIES.passport(VIN, variant))
    assert said == ("" if variant is None else REFUSED.get(variant, ""))


def test_a_chain_needs_only_the_root() -> None:
    """Where the car shows its issuer's certificate."""
    assert _handshake(AUTHORITIES.passport(VIN, Variant.CHAINED), bundle=ROOT) == ""
    assert _handshake(AUTHORITIES.passport(VIN), bundle=ROOT).startswith("unable to get")


USAGES: Final = {
    Variant.NO_USAGE: [],
    Variant.WIFI: ["1.1", "1"],
    Variant.ENERGY: ["2"],
    Variant.BOARD: ["11"],
    Variant.WALL_CONNECTOR: ["1"],
}


@pytest.mark.parametrize("variant", USAGES)
def test_what_makes_it_no_cars(variant: Variant) -> None:
    """Tesla's own key usages."""
    leaf = AUTHORITIES.passport(VIN, variant).certificate
    usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    own = [oid.dotted_string for oid in usages if ".49279." in oid.dotted_string]
    assert own == [f"1.3.6.1.4.1.49279.2.5.{number}" for number in USAGES[variant]]


def test_names_that_no_car_has() -> None:
    """Another subject, unit or issuer."""
    wall = AUTHORITIES.passport(VIN, Variant.WALL_CONNECTOR).certificate
    assert _names(wall.subject, NameOID.ORGANIZATIONAL_UNIT_NAME) == ["Gen3 Wall Connector"]
    nobody = AUTHORITIES.passport(VIN, Variant.NOT_A_VIN).certificate
    assert _names(nobody.subject, NameOID.COMMON_NAME) == ["My Car"]
    other = AUTHORITIES.passport(VIN, Variant.OTHER_ISSUER).certificate
    assert _names(other.issuer, NameOID.COMMON_NAME) == ["Tesla Motors Canteen Issuing CA"]


def test_an_authority_key_id_can_be_missing() -> None:
    """As Tesla's own server accepts it."""
    has = x509.AuthorityKeyIdentifier
    assert AUTHORITIES.passport(VIN).certificate.extensions.get_extension_for_class(has)
    bare = AUTHORITIES.passport(VIN, Variant.NO_AUTHORITY_KEY_ID).certificate
    with pytest.raises(x509.ExtensionNotFound):
        bare.extensions.get_extension_for_class(has)
