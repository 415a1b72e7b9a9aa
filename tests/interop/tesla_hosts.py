"""Serves a simulated world under Tesla's own host names, for clients that know no others."""

from contextlib import asynccontextmanager
import datetime as dt
import socket
import ssl
from typing import TYPE_CHECKING, override

from aiohttp import TCPConnector, web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import unused_port
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from simulator.cloud.app import create_app
from simulator.cloud.hosts import SERVICES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection
    from pathlib import Path

    from simulator.world import World


@asynccontextmanager
async def serve_as_tesla(world: World, folder: Path) -> AsyncIterator[Callable[[], TCPConnector]]:
    """Serve the world with TLS; gives what makes connectors that take Tesla's names there.

    `folder` is for the certificate.
    """
    async with serve_as(SERVICES, create_app(world), folder) as make_connector:
        yield make_connector


@asynccontextmanager
async def serve_as(
    hosts: Collection[str], app: web.Application, folder: Path
) -> AsyncIterator[Callable[[], TCPConnector]]:
    """The same for any hosts."""
    authority = _Authority(folder)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = unused_port()
    context = authority.server_context(*hosts)
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=context).start()
    try:
        yield lambda: TCPConnector(resolver=_Only(hosts, port), ssl=authority.client_context())
    finally:
        await runner.cleanup()


class _Authority:
    """A certificate authority that lives as long as the tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test authority")])
        self._root = self._issue(self._name, self._key.public_key(), names=())

    def _issue(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, names: tuple[str, ...]
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )
        if names:
            alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            builder = builder.add_extension(alternatives, critical=False)
        else:
            builder = builder.add_extension(
                x509.KeyUsage(
                    digital_signature=True,
                    content_commitment=False,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    key_cert_sign=True,
                    crl_sign=True,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
        return builder.sign(self._key, hashes.SHA256())

    def client_context(self) -> ssl.SSLContext:
        """Trusts this authority alone."""
        pem = self._root.public_bytes(serialization.Encoding.PEM).decode()
        return ssl.create_default_context(cadata=pem)

    def server_context(self, *names: str) -> ssl.SSLContext:
        """Proves these host names."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Simulator")])
        path = self._folder / "server.pem"
        path.write_bytes(
            self._issue(subject, key.public_key(), names).public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


class _Only(AbstractResolver):
    """Resolves these names to one port of this machine, and nothing else."""

    def __init__(self, hosts: Collection[str], port: int) -> None:
        self._hosts, self._port = hosts, port

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host not in self._hosts:
            msg = f"{host} is not simulated"
            raise OSError(msg)
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=self._port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    @override
    async def close(self) -> None:
        """Nothing is held."""
