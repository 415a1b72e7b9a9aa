"""A certificate authority of our own, and the certificate that the receiver shows to cars.

A car trusts what its configuration names, and nobody else: so the authority is made here and its
certificate goes into the configuration. The receiver's certificate can then be renewed without
telling the cars.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .errors import DamagedAuthority

if TYPE_CHECKING:
    from collections.abc import Mapping

AUTHORITY_LIFETIME: Final = timedelta(days=3650)
LEAF_LIFETIME: Final = timedelta(days=397)
RENEW_BEFORE: Final = timedelta(days=30)
# A car's clock may be slow.
_BACKDATED: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """The receiver's certificate for one host name, with its key, as PEM."""

    hostname: str
    certificate: str
    key: str = field(repr=False)
    expires_at: datetime

    def is_due(self, hostname: str, now: datetime) -> bool:
        """Whether another one is needed."""
        return hostname != self.hostname or now >= self.expires_at - RENEW_BEFORE


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnAuthority:
    """The authority that the cars of one installation are told to trust, as PEM."""

    certificate: str
    key: str = field(repr=False)

    @classmethod
    def create(cls, now: datetime) -> Self:
        """A new one, which cars only know once they have a new configuration."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("TeslaLogger telemetry")
        certificate = (
            _builder(name, name, key.public_key(), now, AUTHORITY_LIFETIME)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .sign(key, SHA256())
        )
        return cls(certificate=_pem(certificate), key=_key_pem(key))

    @property
    def expires_at(self) -> datetime:
        """When cars stop to trust it."""
        return x509.load_pem_x509_certificate(self.certificate.encode()).not_valid_after_utc

    def is_due(self, now: datetime) -> bool:
        """Whether another one is needed."""
        return now >= self.expires_at - RENEW_BEFORE

    def issue(self, hostname: str, now: datetime) -> Leaf:
        """A certificate for the receiver's public name, which is ASCII."""
        authority = x509.load_pem_x509_certificate(self.certificate.encode())
        authority_key = load_pem_private_key(self.key.encode(), None)
        key = ec.generate_private_key(ec.SECP256R1())
        lifetime = min(LEAF_LIFETIME, authority.not_valid_after_utc - now)
        certificate = (
            _builder(_name("TeslaLogger"), authority.subject, key.public_key(), now, lifetime)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(hostname)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
                    authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
                ),
                critical=False,
            )
            .sign(_signing(authority_key), SHA256())
        )
        return Leaf(
            hostname=hostname,
            certificate=_pem(certificate),
            key=_key_pem(key),
            expires_at=certificate.not_valid_after_utc,
        )

    def to_dict(self) -> dict[str, str]:
        """For JSON; it holds the private key."""
        return {"certificate": self.certificate, "key": self.key}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`. Raises DamagedAuthority."""
        try:
            authority = cls(certificate=stored["certificate"], key=stored["key"])
            certificate = x509.load_pem_x509_certificate(authority.certificate.encode())
            key = _signing(load_pem_private_key(authority.key.encode(), None))
        except (KeyError, TypeError, ValueError, AttributeError) as err:
            raise DamagedAuthority from err
        if key.public_key() != certificate.public_key():
            raise DamagedAuthority
        return authority


def _signing(key: object) -> ec.EllipticCurvePrivateKey:
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise DamagedAuthority
    return key


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    lifetime: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before((now - _BACKDATED).astimezone(UTC))
        .not_valid_after((now + lifetime).astimezone(UTC))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
