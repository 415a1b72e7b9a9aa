"""Certificates as Tesla gives them to cars, from authorities that are made here.

Shapes and names: config/files/prod_ca.crt and messages/identity.go of
https://github.com/teslamotors/fleet-telemetry. Everything stays in memory.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    import ssl

ROOT_NAME: Final = "Tesla Product Root CA"
ISSUER_NAME: Final = "Tesla Motors Product Issuing CA"
USAGE: Final = "1.3.6.1.4.1.49279.2.5."
"""Tesla's own key usages in production; 1 is a vehicle."""

# Wide, because a test's clock may stand anywhere while OpenSSL looks at the machine's.
_BEGIN: Final = datetime(2019, 8, 16, tzinfo=UTC)
_END: Final = datetime(2059, 8, 20, tzinfo=UTC)
_SIGNING: Final = "key_cert_sign", "crl_sign"
_USAGES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class Variant(StrEnum):
    """How a certificate can differ from that of an ordinary car."""

    NO_AUTHORITY_KEY_ID = "no_authority_key_id"  # unusual, and yet a car's
    CHAINED = "chained"  # shows its issuer's certificate as well
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    NO_CLIENT_AUTH = "no_client_auth"
    NO_USAGE = "no_usage"  # none of Tesla's own
    WIFI = "wifi"  # for the factory's network only
    ENERGY = "energy"
    BOARD = "board"
    WALL_CONNECTOR = "wall_connector"
    NOT_A_VIN = "not_a_vin"
    OTHER_AUTHORITY = "other_authority"  # of the same names, and not Tesla's
    OTHER_ISSUER = "other_issuer"  # under Tesla's root, and of a name that issues to no product
    SELF_SIGNED = "self_signed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Passport:
    """A certificate with what belongs to it; `chain` begins with it."""

    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> x509.Certificate:
        """The leaf."""
        return self.chain[0]

    @property
    def certificate_pem(self) -> bytes:
        """The chain as a server's or client's configuration takes it."""
        return b"".join(link.public_bytes(Encoding.PEM) for link in self.chain)

    @property
    def key_pem(self) -> bytes:
        """The private half."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def show_in(self, context: ssl.SSLContext) -> None:
        """Let connections of this context show the certificate."""
        with NamedTemporaryFile(delete_on_close=False) as file:
            file.write(self.certificate_pem + self.key_pem)
            file.close()
            context.load_cert_chain(Path(file.name))


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """Somebody who issues certificates."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def root(cls, name: x509.Name, *, curve: ec.EllipticCurve) -> Self:
        """One that nobody vouches for."""
        key = ec.generate_private_key(curve)
        builder = _begun(name, name, key.public_key())
        return cls(key=key, certificate=_authority(builder, key.public_key()).sign(key, _DIGEST))

    def subordinate(self, name: x509.Name) -> Authority:
        """One that this one vouches for."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _authority(
            _begun(name, self.certificate.subject, key.public_key()), key.public_key()
        )
        builder = builder.add_extension(self._key_id(), critical=False)
        return Authority(key=key, certificate=builder.sign(self.key, _DIGEST))

    def leaf(
        self,
        name: x509.Name,
        *,
        begin: datetime = _BEGIN,
        end: datetime = _END,
        usages: tuple[str, ...] = (),
        hosts: tuple[str, ...] = (),
        key_id: bool = True,
        chained: bool = False,
    ) -> Passport:
        """A certificate of somebody who issues none. `usages` are dotted, `hosts` DNS names."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _begun(name, self.certificate.subject, key.public_key(), begin, end)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)  # noqa: FBT003 - critical; the library's own order
        builder = builder.add_extension(_key_usage("digital_signature"), critical=True)
        if usages:
            oids = [x509.ObjectIdentifier(usage) for usage in usages]
            builder = builder.add_extension(x509.ExtendedKeyUsage(oids), critical=False)
        if hosts:
            names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
            builder = builder.add_extension(names, critical=False)
        if key_id:
            builder = builder.add_extension(self._key_id(), critical=False)
        leaf = builder.sign(self.key, _DIGEST)
        return Passport(key=key, chain=(leaf, self.certificate) if chained else (leaf,))

    def _key_id(self) -> x509.AuthorityKeyIdentifier:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())


class CarAuthorities:
    """A root, and the authority under it that issues to cars. Every instance has other keys."""

    def __init__(self) -> None:
        self.root = Authority.root(
            name_of(ROOT_NAME, units=("PKI",), organization="Tesla"), curve=ec.SECP521R1()
        )
        self.issuer = self.root.subordinate(_issuer_name(ISSUER_NAME))

    @property
    def bundle(self) -> bytes:
        """Both certificates, as a receiver takes Tesla's (PEM)."""
        return b"".join(
            authority.certificate.public_bytes(Encoding.PEM)
            for authority in (self.issuer, self.root)
        )

    def passport(self, vin: str, variant: Variant | None = None) -> Passport:
        """The certificate of a car, ordinary unless a variant is asked for."""
        name = "My Car" if variant is Variant.NOT_A_VIN else vin
        units = ("Gen3 Wall Connector",) if variant is Variant.WALL_CONNECTOR else ()
        subject = name_of(name, units=units, organization="Tesla Inc.")
        if variant is Variant.SELF_SIGNED:
            return _self_signed(subject)
        return self._issuer_for(variant).leaf(
            subject,
            begin=_FUTURE if variant is Variant.NOT_YET_VALID else _BEGIN,
            end=_PAST if variant is Variant.EXPIRED else _END,
            usages=_usages_of(variant),
            key_id=variant is not Variant.NO_AUTHORITY_KEY_ID,
            chained=variant in {Variant.CHAINED, Variant.OTHER_ISSUER},
        )

    def _issuer_for(self, variant: Variant | None) -> Authority:
        match variant:
            case Variant.OTHER_AUTHORITY:
                return CarAuthorities().issuer
            case Variant.OTHER_ISSUER:
                return self.root.subordinate(_issuer_name("Tesla Motors Canteen Issuing CA"))
            case _:
                return self.issuer


_DIGEST: Final = hashes.SHA256()
_PAST: Final = datetime(2021, 1, 1, tzinfo=UTC)
_FUTURE: Final = datetime(2058, 1, 1, tzinfo=UTC)
_CLIENT_AUTH: Final = ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string
_SERVER_AUTH: Final = ExtendedKeyUsageOID.SERVER_AUTH.dotted_string
_OWN_USAGES: Final = {
    Variant.NO_USAGE: (),
    Variant.WIFI: ("1.1", "1"),
    Variant.ENERGY: ("2",),
    Variant.BOARD: ("11",),
}


def name_of(common: str, *, units: tuple[str, ...] = (), organization: str) -> x509.Name:
    """A name as Tesla orders its parts."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common),
            *(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
        ]
    )


def _issuer_name(common: str) -> x509.Name:
    return name_of(common, units=("Motors", "PKI"), organization="Tesla Inc.")


def _usages_of(variant: Variant | None) -> tuple[str, ...]:
    own = _OWN_USAGES.get(variant, ("1",)) if variant else ("1",)
    purpose = _SERVER_AUTH if variant is Variant.NO_CLIENT_AUTH else _CLIENT_AUTH
    return purpose, *(USAGE + number for number in own)


def _self_signed(name: x509.Name) -> Passport:
    key = ec.generate_private_key(ec.SECP256R1())
    oids = [x509.ObjectIdentifier(usage) for usage in _usages_of(None)]
    builder = _begun(name, name, key.public_key()).add_extension(
        x509.ExtendedKeyUsage(oids), critical=False
    )
    return Passport(key=key, chain=(builder.sign(key, _DIGEST),))


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    begin: datetime = _BEGIN,
    end: datetime = _END,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
    )


def _authority(
    builder: x509.CertificateBuilder, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_key_usage(*_SIGNING), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*usages: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in usages for usage in _USAGES})
