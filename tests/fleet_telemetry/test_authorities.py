"""Tesla's authorities, and nobody else's."""

from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
import pytest

from custom_components.teslalogger.fleet_telemetry.authorities import PINNED, trusted
from custom_components.teslalogger.fleet_telemetry.errors import NoAuthorities

from .passports import Office

BUNDLE: Final = (Path(__file__).parents[1] / "data" / "tesla-prod-ca.crt").read_bytes()


def test_every_certificate_that_tesla_publishes_is_taken() -> None:
    """All fourteen, and nothing is pinned that is not among them."""
    found = trusted(BUNDLE)
    assert len(found.names) == 14
    assert found.foreign == 0
    taken = x509.load_pem_x509_certificates(found.pem.encode())
    assert {certificate.fingerprint(SHA256()).hex() for certificate in taken} == PINNED


def test_foreign_certificate_is_left_out() -> None:
    """Also one that calls itself as Tesla's does."""
    found = trusted(Office().pem.encode() + BUNDLE)
    assert len(found.names) == 14
    assert found.foreign == 1
    assert Office().name not in {name.removeprefix("CN=") for name in trusted(BUNDLE).names}


@pytest.mark.parametrize(
    "bundle",
    [
        b"",
        b"<html>404: Not Found</html>",
        Office().pem.encode(),
        b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    ],
    ids=["nothing", "a page", "somebody's", "damaged"],
)
def test_bundle_without_tesla_is_refused(bundle: bytes) -> None:
    """Nothing of it is trusted."""
    with pytest.raises(NoAuthorities):
        trusted(bundle)


def test_damaged_certificate_spoils_no_other() -> None:
    """One block that cannot be read is left out."""
    damaged = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    assert len(trusted(damaged + BUNDLE).names) == 14
