"""Why there is no connection, in the words of the car's own program."""

import asyncio
import ssl
from typing import Any, Final, cast

import aiohttp
from aiohttp.client_reqrep import ConnectionKey
import pytest

from simulator.telemetry.link import Link, Target, _words, context_for

from .configs import CA, HOME, HOST

TARGET: Final = Target(
    hostname="home.example.test", port=4443, address="127.0.0.1", address_port=4443
)
KEY: Final = ConnectionKey("home.example.test", 4443, True, True, None, None, None)  # noqa: FBT003 - aiohttp's own order


def test_a_certificate_that_was_refused_stays_so() -> None:
    """Whatever the receiver says after the alert."""
    context = context_for(CA, HOME.passport("5YJ3E7EB8MF012346"))
    context.failure = ssl.SSLCertVerificationError(1, "certificate verify failed")
    handshake = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=HOST)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake.do_handshake()


def _tls(reason: str) -> ssl.SSLError:
    err = ssl.SSLError(1, reason)
    err.reason = reason
    return err


def _certificate(code: int) -> aiohttp.ClientConnectorCertificateError:
    err = ssl.SSLCertVerificationError(1, "certificate verify failed")
    err.verify_code = code
    return aiohttp.ClientConnectorCertificateError(KEY, err)


VERIFY: Final = "tls: failed to verify certificate: x509: "


async def test_a_link_that_takes_nothing_is_lost() -> None:
    """Whoever sends finds out."""
    events: list[str] = []

    class Broken:
        """A socket whose other end went away unheard."""

        async def send_bytes(self, _: bytes) -> None:
            raise aiohttp.ClientConnectionResetError

        async def close(self) -> None:
            events.append("closed")

        def __aiter__(self) -> Broken:
            return self

        async def __anext__(self) -> Any:
            await asyncio.Event().wait()

    link = Link(
        aiohttp.ClientSession(),
        cast("aiohttp.ClientWebSocketResponse[Any]", Broken()),
        heard=lambda answer: events.append(answer.problem),
        lost=lambda: events.append("lost"),
    )
    await link.send(b"")
    await link.drop()
    assert events == ["lost", "closed"]


@pytest.mark.parametrize(
    ("err", "words"),
    [
        (_certificate(10), f"{VERIFY}certificate has expired or is not yet valid"),
        (_certificate(9), f"{VERIFY}certificate has expired or is not yet valid"),
        (_certificate(20), f"{VERIFY}certificate signed by unknown authority"),
        (_certificate(62), f"{VERIFY}certificate is valid for other names, not home.example.test"),
        (_tls("SSLV3_ALERT_BAD_CERTIFICATE"), "remote error: tls: bad certificate"),
        (_tls("TLSV1_ALERT_UNKNOWN_CA"), "remote error: tls: unknown certificate authority"),
        (_tls("TLSV13_ALERT_CERTIFICATE_REQUIRED"), "remote error: tls: certificate required"),
        (_tls("WRONG_VERSION_NUMBER"), "remote error: tls: handshake failure"),
        (
            aiohttp.ClientConnectorSSLError(KEY, _tls("SSLV3_ALERT_CERTIFICATE_EXPIRED")),
            "remote error: tls: expired certificate",
        ),
        (
            aiohttp.ClientConnectorError(KEY, ConnectionRefusedError(111, "refused")),
            "dial tcp home.example.test:4443: connect: connection refused",
        ),
        (TimeoutError(), "dial tcp home.example.test:4443: i/o timeout"),
        (aiohttp.ServerDisconnectedError(), "EOF"),
    ],
)
def test_an_error_is_worded_as_go_words_it(err: Exception, words: str) -> None:
    """For fleet_telemetry_errors."""
    assert _words(err, TARGET) == words
