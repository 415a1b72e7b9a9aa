"""A car's connection to a receiver: mutual TLS, a WebSocket, and why it failed, as Go says it."""

import asyncio
from dataclasses import dataclass
import ssl
from typing import TYPE_CHECKING, Any, Final, override

import aiohttp

from simulator.telemetry.envelope import Answer, read_answer
from simulator.telemetry.flatbuffers import MalformedBuffer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.telemetry.certificates import Passport
    from simulator.telemetry.config import Config

LOOPBACK: Final = "127.0.0.1"
CONNECT_SECONDS: Final = 10.0
USER_AGENT: Final = "Hermes/1.16.9"

_EXPIRED: Final = frozenset({9, 10})  # X509_V_ERR_CERT_NOT_YET_VALID, _HAS_EXPIRED
_HOSTNAME_MISMATCH: Final = 62
_ALERTS: Final = {
    "BAD_CERTIFICATE": "bad certificate",
    "CERTIFICATE_EXPIRED": "expired certificate",
    "CERTIFICATE_REQUIRED": "certificate required",
    "CERTIFICATE_UNKNOWN": "unknown certificate",
    "UNKNOWN_CA": "unknown certificate authority",
    "UNSUPPORTED_CERTIFICATE": "unsupported certificate",
}


class NotConnected(Exception):
    """There is no connection, in the words in which a car reports it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where a configuration leads: the name that is verified, and the address behind it."""

    hostname: str
    port: int
    address: str
    address_port: int


def target_of(config: Config, port: int, routes: Mapping[str, str]) -> Target:
    """Whom to call. Raises NotConnected.

    `routes` lead a host name, with or without a port, to an address, with or without another.
    Names that end in .test are this machine; no others are ever looked up.
    """
    name = config.hostname
    way = routes.get(f"{name}:{port}", routes.get(name))
    if way is None:
        if not name.endswith(".test"):
            msg = f"dial tcp: lookup {name}: no such host"
            raise NotConnected(msg)
        way = LOOPBACK
    address, _, other = way.partition(":")
    return Target(
        hostname=name, port=port, address=address, address_port=int(other) if other else port
    )


class CarContext(ssl.SSLContext):
    """TLS for one call; `failure` is what the car minds about the receiver's certificate."""

    failure: ssl.SSLCertVerificationError | None = None


class _Handshake(ssl.SSLObject):
    """Tells the receiver why, before it ends: asyncio would hang up without OpenSSL's alert."""

    @override
    def do_handshake(self) -> None:
        context = self.context
        assert isinstance(context, CarContext)  # noqa: S101 - only used there
        if context.failure is not None:
            raise context.failure
        try:
            super().do_handshake()
        except ssl.SSLCertVerificationError as err:
            context.failure = err
            raise ssl.SSLWantReadError from err


def context_for(ca: str, passport: Passport) -> CarContext:
    """TLS as the car does it: only the configured authorities count, each of them by itself."""
    context = CarContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslobject_class = _Handshake
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.hostname_checks_common_name = False
    context.load_verify_locations(cadata=ca)
    passport.show_in(context)
    return context


class Link:
    """An open connection. Answers go to `heard`, and its end to `lost`."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        socket: aiohttp.ClientWebSocketResponse[Any],
        *,
        heard: Callable[[Answer], None],
        lost: Callable[[], None],
    ) -> None:
        self._session = session
        self._socket = socket
        self._heard = heard
        self._lost = lost
        self._reader = asyncio.create_task(self._read(), name="simulated car listens")

    async def send(self, message: bytes) -> None:
        """Send an envelope; whether it arrived only an answer tells."""
        try:
            await self._socket.send_bytes(message)
        except aiohttp.ClientError, OSError:
            self._lost()

    async def drop(self) -> None:
        """Be gone, without a word."""
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        await _abandon(self._session, self._socket)

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is not aiohttp.WSMsgType.BINARY:
                break
            try:
                self._heard(read_answer(message.data))
            except MalformedBuffer:
                continue
        self._lost()


async def connect(
    target: Target,
    context: CarContext,
    headers: Mapping[str, str],
    *,
    heard: Callable[[Answer], None],
    lost: Callable[[], None],
) -> Link:
    """Call a receiver. Raises NotConnected."""

    async def call_once(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Keep aiohttp from trying again by itself what failed, as it does with every GET."""
        try:
            return await handler(request)
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as err:
            raise NotConnected(_words(context.failure or err, target)) from err

    session = aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(),
        middlewares=(call_once,),
        timeout=aiohttp.ClientTimeout(total=None),
    )
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            socket = await session.ws_connect(
                f"wss://{target.address}:{target.address_port}/",
                ssl=context,
                server_hostname=target.hostname,
                headers={"Host": f"{target.hostname}:{target.port}", **headers},
                compress=15,
            )
    except NotConnected:
        await session.close()
        raise
    except (aiohttp.ClientError, OSError, ValueError) as err:
        await session.close()
        raise NotConnected(_words(context.failure or err, target)) from err
    if problem := _dislike(socket):
        await _abandon(session, socket)
        raise NotConnected(problem)
    return Link(session, socket, heard=heard, lost=lost)


async def _abandon(
    session: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse[Any]
) -> None:
    """Hang up. The connection goes first, so that no closing frame can be sent."""
    await session.close()
    await socket.close()


def _dislike(socket: aiohttp.ClientWebSocketResponse[Any]) -> str:
    """What a car minds about a receiver that OpenSSL and aiohttp do not."""
    certificate = socket.get_extra_info("peercert") or {}
    if certificate.get("subject") == certificate.get("issuer"):
        return "tls: failed to verify certificate: x509: certificate signed by unknown authority"
    if socket.compress:
        return "websocket: unexpected extension permessage-deflate"
    return ""


def _words(err: Exception, target: Target) -> str:
    """An error as the car's Go program would put it."""
    causes: list[BaseException | None] = [
        getattr(err, "certificate_error", None),
        getattr(err, "os_error", None),
        err,
    ]
    for cause in causes:
        match cause:
            case ssl.SSLCertVerificationError():
                return f"tls: failed to verify certificate: x509: {_flaw(cause, target)}"
            case ssl.SSLError():
                reason = str(cause.reason)
                words = (said for name, said in _ALERTS.items() if reason.endswith(name))
                return f"remote error: tls: {next(words, 'handshake failure')}"
            case ConnectionRefusedError():
                place = f"{target.hostname}:{target.port}"
                return f"dial tcp {place}: connect: connection refused"
            case aiohttp.WSServerHandshakeError():
                return "websocket: bad handshake"
            case TimeoutError():
                return f"dial tcp {target.hostname}:{target.port}: i/o timeout"
    return "EOF"


def _flaw(err: ssl.SSLCertVerificationError, target: Target) -> str:
    if err.verify_code in _EXPIRED:
        return "certificate has expired or is not yet valid"
    if err.verify_code == _HOSTNAME_MISMATCH:
        return f"certificate is valid for other names, not {target.hostname}"
    return "certificate signed by unknown authority"
