"""The published key is checked as the world sees it, and each fault has its name."""

from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
import pytest

from custom_components.teslalogger.tesla import public_key
from custom_components.teslalogger.tesla.public_key import PublicKeyProblem, fetch_public_key

from .tls import self_signed

if TYPE_CHECKING:
    from .conftest import Internet

DOMAIN = "home.example"


def pem_of(key: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey) -> bytes:
    """A public key as it is published."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


OURS = pem_of(ec.generate_private_key(ec.SECP256R1()).public_key())
THEIRS = pem_of(ec.generate_private_key(ec.SECP256R1()).public_key())
OTHER_CURVE = pem_of(ec.generate_private_key(ec.SECP384R1()).public_key())
NO_CURVE = pem_of(ed25519.Ed25519PrivateKey.generate().public_key())


async def test_our_key_is_found(session: aiohttp.ClientSession, internet: Internet) -> None:
    """Whatever its line ends are; what is expected need not be told."""
    internet.say(200, OURS.replace(b"\n", b"\r\n"))
    assert await fetch_public_key(session, DOMAIN, expected=OURS)
    assert await fetch_public_key(session, DOMAIN)
    assert internet.seen[0].path == f"/{DOMAIN}{public_key.WELL_KNOWN_PATH}"


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (200, b"<html><h1>Welcome</h1></html>", public_key.PublicKeyNotPem),
        (200, b"", public_key.PublicKeyNotPem),
        (200, OURS[:60], public_key.PublicKeyNotPem),
        (200, OTHER_CURVE, public_key.PublicKeyWrongCurve),
        (200, NO_CURVE, public_key.PublicKeyWrongCurve),
        (200, THEIRS, public_key.PublicKeyIsAnother),
        (200, OURS + b"\n" * 65_536, public_key.PublicKeyTooLarge),
        (301, OURS, public_key.PublicKeyRedirected),
        (404, OURS, public_key.PublicKeyNotFound),
        (401, b"", public_key.PublicKeyHttpFailed),
        (502, b"", public_key.PublicKeyHttpFailed),
        (204, b"", public_key.PublicKeyHttpFailed),
    ],
    # The keys are new in each process, and tests that run in several must have the same names.
    ids=[
        "a page",
        "nothing",
        "half a key",
        "another curve",
        "no curve",
        "another key",
        "too much",
        "redirect",
        "not found",
        "forbidden",
        "bad gateway",
        "no content",
    ],
)
async def test_each_fault_is_told_apart(
    session: aiohttp.ClientSession,
    internet: Internet,
    status: int,
    body: bytes,
    problem: type[PublicKeyProblem],
) -> None:
    """With the address, and once."""
    internet.say(status, body, {"Location": "/elsewhere"})
    with pytest.raises(PublicKeyProblem) as caught:
        await fetch_public_key(session, DOMAIN, expected=OURS)
    assert type(caught.value) is problem
    assert caught.value.placeholders["url"].startswith(f"https://{DOMAIN}/")
    assert len(internet.seen) == 1


async def test_a_domain_without_a_server_is_unreachable(
    session: aiohttp.ClientSession,
    internet: Internet,  # noqa: ARG001 - opens the loopback
    monkeypatch: pytest.MonkeyPatch,
    unused_tcp_port: int,
) -> None:
    """Which may be better later."""
    monkeypatch.setenv("TESLALOGGER_SIMULATOR", f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(public_key.PublicKeyUnreachable) as caught:
        await fetch_public_key(session, DOMAIN)
    assert caught.value.temporary


@pytest.mark.parametrize("domain", ["", "[", "a b", "home.example:port", "a..b"])
async def test_what_is_no_domain_is_unreachable(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch, domain: str
) -> None:
    """A slip of the pen is no crash."""
    monkeypatch.delenv("TESLALOGGER_SIMULATOR", raising=False)
    with pytest.raises(public_key.PublicKeyUnreachable):
        await fetch_public_key(session, domain)


async def test_an_untrusted_certificate_is_not_good_enough(
    session: aiohttp.ClientSession,
    internet: Internet,  # noqa: ARG001 - opens the loopback
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Tesla would not take it either."""
    monkeypatch.delenv("TESLALOGGER_SIMULATOR")

    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=OURS)

    app = web.Application()
    app.router.add_get(public_key.WELL_KNOWN_PATH, serve)
    server = TestServer(app)
    await server.start_server(ssl=self_signed("127.0.0.1"))
    try:
        with pytest.raises(public_key.PublicKeyTlsFailed):
            await fetch_public_key(session, f"127.0.0.1:{server.port}")
    finally:
        await server.close()


def problems() -> list[type[PublicKeyProblem]]:
    """Every way in which the key at the domain can be wrong."""
    return [
        problem
        for problem in PublicKeyProblem.__subclasses__()
        if problem.__module__ == public_key.__name__
    ]


def test_every_problem_has_a_sentence_of_its_own() -> None:
    """No two are told to the user in the same words."""
    keys = [problem.translation_key for problem in problems()]
    assert len(set(keys)) == len(keys) == 9
