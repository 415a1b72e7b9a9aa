"""TLS as cars need it: our certificate, and nobody without one of Tesla's."""

from pathlib import Path
import ssl
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from .errors import DamagedAuthority, NoAuthorities

if TYPE_CHECKING:
    from .pki import Leaf


def server_context(leaf: Leaf, authorities: str) -> ssl.SSLContext:
    """The receiver's side of every handshake. Reads and writes files: not for the event loop.

    Not `ssl.create_default_context`: its strict mode refuses certificates that Tesla's own server
    takes. Issuing authorities count as anchors, as they do there. The names of the authorities
    are not sent to the client: with a list of them, a car keeps its certificate to itself if its
    issuer is not on it.

    Raises:
        DamagedAuthority: The leaf's key does not fit.
        NoAuthorities: `authorities` (PEM) holds no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.set_alpn_protocols(["http/1.1"])
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    try:
        context.load_verify_locations(cadata=authorities)
    except (ssl.SSLError, ValueError) as err:
        raise NoAuthorities from err
    # OpenSSL reads a key only from a file; this one is its owner's alone and gone at once.
    with TemporaryDirectory(prefix="teslalogger-") as folder:
        chain, key = Path(folder, "chain.pem"), Path(folder, "key.pem")
        chain.write_text(leaf.certificate)
        key.touch(mode=0o600)
        key.write_text(leaf.key)
        try:
            context.load_cert_chain(chain, key)
        except ssl.SSLError as err:
            raise DamagedAuthority from err
    return context
