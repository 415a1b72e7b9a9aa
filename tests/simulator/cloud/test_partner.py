"""Registration of a domain and its key."""

from collections.abc import AsyncIterator, Callable
import datetime as dt
import ssl
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
import pytest

from simulator.cloud.hosts import Region
from simulator.cloud.partner import MAX_KEY_BYTES, WELL_KNOWN
from simulator.world import App, World

from .conftest import APP, EU, LEGACY, NA, PAIRED, POINT, Caller

if TYPE_CHECKING:
    from pathlib import Path

type AsPartner = Callable[..., Caller]
DOMAIN = "home.example.test"
URL = f"https://{DOMAIN}{WELL_KNOWN}"


def _pem(curve: ec.EllipticCurve) -> tuple[bytes, bytes]:
    public = ec.generate_private_key(curve).public_key()
    return (
        public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
        public.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        ),
    )


PEM, KEY = _pem(ec.SECP256R1())


class Site:
    """A web server that answers what a test wants."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] = {"body": PEM}
        self.asked: list[tuple[str, str]] = []

    async def handle(self, request: web.Request) -> web.Response:
        """Note host and path."""
        self.asked.append((request.host, request.path))
        return web.Response(**self.answer)

    def app(self) -> web.Application:
        """Everything below one host."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self.handle)
        return app


@pytest.fixture
def site() -> Site:
    """What the domain publishes."""
    return Site()


@pytest.fixture
async def published(world: World, site: Site, socket_enabled: None) -> AsyncIterator[str]:  # noqa: ARG001 - lets it listen on loopback
    """The domain, served in the world's internet."""
    world.registrations.clear()
    async with TestServer(site.app()) as server:
        world.internet[DOMAIN] = str(server.make_url("/"))
        yield DOMAIN


async def _error(call: Caller, domain: object = DOMAIN, base: str = EU) -> tuple[int, str]:
    answer = await call("POST", f"{base}/partner_accounts", json={"domain": domain})
    return answer.status, (await answer.json())["error"]


@pytest.mark.usefixtures("published")
async def test_tesla_downloads_the_key_from_the_domain(
    as_partner: AsPartner, world: World, site: Site
) -> None:
    """The answer and the look-up name its point."""
    call = as_partner()
    answer = await call("POST", f"{EU}/partner_accounts", json={"domain": DOMAIN})
    assert answer.status == 200
    assert (await answer.json())["response"]["public_key"] == KEY.hex()
    assert site.asked == [(DOMAIN, WELL_KNOWN)]
    found = await call("GET", f"{EU}/partner_accounts/public_key?domain={DOMAIN}")
    assert await found.json() == {"response": {"public_key": KEY.hex()}}
    registration = world.registration(APP.client_id, Region.EU)
    assert registration is not None
    assert registration.public_key == KEY


@pytest.mark.usefixtures("published")
async def test_each_region_is_registered_by_itself(as_partner: AsPartner, world: World) -> None:
    """America does not know what Europe was told."""
    await as_partner()("POST", f"{EU}/partner_accounts", json={"domain": DOMAIN})
    path = f"{NA}/partner_accounts/public_key?domain={DOMAIN}"
    assert (await as_partner(region=Region.NA)("GET", path)).status == 404
    assert world.registration(APP.client_id, Region.NA) is None


@pytest.mark.usefixtures("published")
async def test_a_preapproved_car_takes_the_first_key_only(
    as_partner: AsPartner, world: World
) -> None:
    """After a rotation every car has to be paired again."""
    world.preapproved = {PAIRED}
    await as_partner()("POST", f"{EU}/partner_accounts", json={"domain": DOMAIN})
    assert KEY in world.cars[PAIRED].paired_keys
    assert KEY not in world.cars[LEGACY].paired_keys
    world.cars[PAIRED].unpair(KEY)
    await as_partner()("POST", f"{EU}/partner_accounts", json={"domain": DOMAIN})
    assert KEY not in world.cars[PAIRED].paired_keys
    assert len(world.registrations) == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"status": 404}, "unexpected status 404"),
        ({"status": 301, "headers": {"Location": "/key"}}, "unexpected status 301"),
        ({"text": "<html>"}, "not a PEM-encoded public key"),
        ({"body": _pem(ec.SECP384R1())[0]}, "not a NIST P-256 public key"),
        ({"body": PEM + b" " * MAX_KEY_BYTES}, "too large"),
    ],
    ids=["404", "redirect", "not-a-pem", "other-curve", "too-large"],
)
@pytest.mark.usefixtures("published")
async def test_a_key_that_cannot_be_used_is_refused(
    as_partner: AsPartner, site: Site, answer: dict[str, Any], why: str
) -> None:
    """424 with the address and the reason."""
    site.answer = answer
    text = f"Public key download failed for {URL}, error: {why}"
    assert await _error(as_partner()) == (424, text)


async def test_a_domain_that_does_not_answer_is_refused(
    as_partner: AsPartner, world: World
) -> None:
    """424 as well."""
    world.registrations.clear()
    world.internet[DOMAIN] = f"http://127.0.0.1:{unused_port()}"
    text = f"Public key download failed for {URL}, error: host unreachable"
    assert await _error(as_partner()) == (424, text)


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, DOMAIN)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    both = folder / "site.pem"
    both.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    as_partner: AsPartner, world: World, site: Site, tmp_path: Path
) -> None:
    """A self-signed one is a TLS failure, whatever the world trusts otherwise."""
    world.registrations.clear()
    text = f"Public key download failed for {URL}, error: tls: failed to verify certificate"
    runner = web.AppRunner(site.app())
    await runner.setup()
    port = unused_port()
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=_self_signed(tmp_path)).start()
    try:
        world.internet[DOMAIN] = f"https://127.0.0.1:{port}"
        for trust in (None, ssl.create_default_context()):
            world.trust = trust
            assert await _error(as_partner()) == (424, text)
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("domain", ["https://home.example.test", "Home.example.test", "home"])
async def test_a_domain_has_to_look_like_one(as_partner: AsPartner, domain: str) -> None:
    """400 in Tesla's words."""
    assert await _error(as_partner(), domain) == (
        400,
        f"Invalid domain: {domain}. Ensure that domain is lowercase and starts without https://",
    )


@pytest.mark.parametrize("domain", [None, "", 7])
async def test_a_domain_has_to_be_given(as_partner: AsPartner, domain: object) -> None:
    """Nothing, and what is no text, is an invalid field."""
    assert (await _error(as_partner(), domain))[0] == 400


async def test_a_domain_has_to_be_an_allowed_origin(as_partner: AsPartner) -> None:
    """The portal's list decides."""
    assert (await _error(as_partner(), "other.example.test"))[0] == 400


@pytest.mark.usefixtures("published")
async def test_domain_and_key_belong_to_one_application(
    as_partner: AsPartner, world: World
) -> None:
    """A second application can use neither."""
    await as_partner()("POST", f"{EU}/partner_accounts", json={"domain": DOMAIN})
    world.internet["second.example.test"] = world.internet[DOMAIN]
    world.apps["second"] = App(
        client_id="second",
        client_secret="s",
        name="Second",
        allowed_origins=(f"https://{DOMAIN}", "https://second.example.test"),
        redirect_uris=(),
    )
    call = as_partner(client_id="second")
    assert await _error(call) == (422, "Validation failed: Domain has already been taken")
    assert await _error(call, "second.example.test") == (
        422,
        "Validation failed: Public key hash has already been taken",
    )


@pytest.mark.parametrize(
    ("query", "status"), [("", 400), ("?domain=other.test", 404), (f"?domain={DOMAIN}", 200)]
)
async def test_the_key_is_looked_up_by_domain(
    as_partner: AsPartner, query: str, status: int
) -> None:
    """The one of this application in this region."""
    answer = await as_partner()("GET", f"{EU}/partner_accounts/public_key{query}")
    assert answer.status == status
    if status == 200:
        assert (await answer.json())["response"]["public_key"] == POINT.hex()


@pytest.mark.parametrize("name", ["fleet_telemetry_errors", "fleet_telemetry_error_vins"])
async def test_no_car_has_reported_a_telemetry_error(as_partner: AsPartner, name: str) -> None:
    """An empty list."""
    data: dict[str, Any] = await (await as_partner()("GET", f"{EU}/partner_accounts/{name}")).json()
    assert data["response"] in ([], {"fleet_telemetry_errors": []})
