"""The authority of our own, judged by OpenSSL."""

from datetime import UTC, datetime, timedelta
import ssl

from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store
import pytest

from custom_components.teslalogger.fleet_telemetry.errors import DamagedAuthority, NoAuthorities
from custom_components.teslalogger.fleet_telemetry.pki import LEAF_LIFETIME, OwnAuthority
from custom_components.teslalogger.fleet_telemetry.tls import server_context

from .passports import Office

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOST = "home.example.test"


@pytest.fixture(scope="module")
def authority() -> OwnAuthority:
    """One for all tests: nothing changes it."""
    return OwnAuthority.create(NOW)


@pytest.mark.parametrize("days", [0, 396], ids=["new", "on its last day"])
def test_leaf_is_what_a_strict_client_wants(authority: OwnAuthority, days: int) -> None:
    """Chain, name and purpose, by a verifier that is not ours."""
    leaf = authority.issue(HOST, NOW)
    store = Store([x509.load_pem_x509_certificate(authority.certificate.encode())])
    verifier = (
        PolicyBuilder()
        .store(store)
        .time(NOW + timedelta(days=days))
        .build_server_verifier(x509.DNSName(HOST))
    )
    chain = verifier.verify(x509.load_pem_x509_certificate(leaf.certificate.encode()), [])
    assert len(chain) == 2


def test_new_leaf_is_due_before_the_old_one_expires(authority: OwnAuthority) -> None:
    """A month before, or when the name changes; the authority stays."""
    leaf = authority.issue(HOST, NOW)
    assert leaf.expires_at == NOW + LEAF_LIFETIME
    assert not leaf.is_due(HOST, leaf.expires_at - timedelta(days=31))
    assert leaf.is_due(HOST, leaf.expires_at - timedelta(days=30))
    assert leaf.is_due("other.example.test", NOW)


def test_leaf_does_not_outlive_its_authority(authority: OwnAuthority) -> None:
    """The last one is shorter."""
    late = authority.expires_at - timedelta(days=10)
    assert authority.issue(HOST, late).expires_at == authority.expires_at


def test_authority_survives_being_stored(authority: OwnAuthority) -> None:
    """Nothing is lost, and its key is in no repr."""
    assert OwnAuthority.from_dict(authority.to_dict()) == authority
    secret = authority.key.splitlines()[1]
    leaf = authority.issue(HOST, NOW)
    assert secret not in repr(authority)
    assert leaf.key.splitlines()[1] not in repr(leaf)


@pytest.mark.parametrize(
    "change",
    [
        {"key": None},
        {"key": "no key"},
        {"certificate": "no certificate"},
        {"certificate": 7},
        {"key": OwnAuthority.create(NOW).key},
    ],
    ids=["no key", "damaged key", "damaged certificate", "a number", "another's key"],
)
def test_damaged_authority_is_refused(authority: OwnAuthority, change: dict[str, object]) -> None:
    """Rather than used half."""
    with pytest.raises(DamagedAuthority):
        OwnAuthority.from_dict(authority.to_dict() | change)


def test_context_wants_a_certificate_and_tells_no_names(authority: OwnAuthority) -> None:
    """With a list of names, a car that is not on it keeps its certificate to itself."""
    context = server_context(authority.issue(HOST, NOW), Office().pem)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert not context.verify_flags & ssl.VERIFY_X509_STRICT
    assert context.verify_flags & ssl.VERIFY_X509_PARTIAL_CHAIN


def test_context_needs_authorities_and_the_right_key(authority: OwnAuthority) -> None:
    """A typed error for each."""
    leaf = authority.issue(HOST, NOW)
    with pytest.raises(NoAuthorities):
        server_context(leaf, "nothing")
    other = authority.issue(HOST, NOW)
    mixed = type(leaf)(
        hostname=HOST, certificate=leaf.certificate, key=other.key, expires_at=leaf.expires_at
    )
    with pytest.raises(DamagedAuthority):
        server_context(mixed, Office().pem)
