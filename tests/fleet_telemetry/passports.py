"""Certificates like Tesla's, and unlike them, for clients of the receiver."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

VIN: Final = "5YJ3E1EA7KF000001"
ISSUER: Final = "Tesla Motors Product Issuing CA"
CLIENT_AUTH: Final = "1.3.6.1.5.5.7.3.2"
VEHICLE: Final = "1.3.6.1.4.1.49279.2.5.1"


@dataclass(frozen=True, kw_only=True)
class Passport:
    """A client's certificate and key, as PEM and DER."""

    pem: str
    key: str
    der: bytes


@dataclass(kw_only=True)
class Office:
    """An authority that says of itself what it likes."""

    name: str = ISSUER
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @cached_property
    def pem(self) -> str:
        """Its own certificate, signed by itself."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        now = datetime.now(UTC)
        certificate = (
            _builder(name, name, self.key.public_key(), now - timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self.key, SHA256())
        )
        return certificate.public_bytes(Encoding.PEM).decode()

    def issue(
        self,
        name: str = VIN,
        *,
        usages: tuple[str, ...] = (CLIENT_AUTH, VEHICLE),
        unit: str | None = None,
        valid_from: datetime | None = None,
        days: int = 400,
    ) -> Passport:
        """A passport, valid for some days; without key identifiers, as old cars have it."""
        key = ec.generate_private_key(ec.SECP256R1())
        attributes = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
        if unit is not None:
            attributes.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
        builder = _builder(
            x509.Name(attributes),
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)]),
            key.public_key(),
            valid_from or datetime.now(UTC) - timedelta(days=1),
            days,
        )
        if usages:
            oids = [x509.ObjectIdentifier(usage) for usage in usages]
            builder = builder.add_extension(x509.ExtendedKeyUsage(oids), critical=False)
        certificate = builder.sign(self.key, SHA256())
        return Passport(
            pem=certificate.public_bytes(Encoding.PEM).decode(),
            key=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
            der=certificate.public_bytes(Encoding.DER),
        )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    valid_from: datetime,
    days: int = 400,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_from + timedelta(days=days))
    )
