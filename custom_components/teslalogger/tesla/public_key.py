"""Our public key as the world sees it, checked before Tesla is asked to look."""

from http import HTTPStatus
from typing import Final

import aiohttp
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from yarl import URL

from .errors import TeslaError
from .hosts import resolve
from .transport import CONNECT_LIMIT, BodyTooLargeError, read_capped

WELL_KNOWN_PATH: Final = "/.well-known/appspecific/com.tesla.3p.public-key.pem"
MAX_KEY_SIZE: Final = 64 * 1024
_TIME_LIMIT: Final = 15.0


class PublicKeyProblem(TeslaError):
    """One way in which the published key is not as Tesla needs it, at `placeholders["url"]`."""

    translation_key = "public_key_problem"


class PublicKeyUnreachable(PublicKeyProblem):
    """Nobody answers at the domain."""

    temporary = True
    translation_key = "public_key_unreachable"


class PublicKeyTlsFailed(PublicKeyProblem):
    """The certificate is not one that the world trusts for this domain."""

    translation_key = "public_key_tls"


class PublicKeyRedirected(PublicKeyProblem):
    """The domain sends elsewhere, where Tesla does not follow."""

    translation_key = "public_key_redirected"


class PublicKeyNotFound(PublicKeyProblem):
    """The domain answers, and has no such file."""

    translation_key = "public_key_not_found"


class PublicKeyHttpFailed(PublicKeyProblem):
    """The domain answers with another status than success."""

    translation_key = "public_key_http_status"


class PublicKeyTooLarge(PublicKeyProblem):
    """More than any key can be."""

    translation_key = "public_key_too_large"


class PublicKeyNotPem(PublicKeyProblem):
    """Something else is served there, such as a web page."""

    translation_key = "public_key_not_pem"


class PublicKeyWrongCurve(PublicKeyProblem):
    """A key, but of another kind than P-256."""

    translation_key = "public_key_wrong_curve"


class PublicKeyIsAnother(PublicKeyProblem):
    """A proper key, but not the one whose private half is ours."""

    translation_key = "public_key_is_another"


async def fetch_public_key(
    session: aiohttp.ClientSession, domain: str, *, expected: bytes | None = None
) -> bytes:
    """The PEM that the domain serves, checked to be a P-256 key and the expected one.

    Raises the PublicKeyProblem of what is wrong.
    """
    url = f"https://{domain}{WELL_KNOWN_PATH}"
    try:
        async with session.get(
            URL(resolve(url), encoded=True),
            timeout=aiohttp.ClientTimeout(total=_TIME_LIMIT, connect=CONNECT_LIMIT),
            allow_redirects=False,
        ) as response:
            _check_status(response.status, url)
            pem = await read_capped(response, MAX_KEY_SIZE)
    except BodyTooLargeError as err:
        raise _problem(PublicKeyTooLarge, url) from err
    except aiohttp.ClientSSLError as err:
        raise _problem(PublicKeyTlsFailed, url, str(err)) from err
    except (aiohttp.ClientError, OSError, ValueError) as err:
        raise _problem(PublicKeyUnreachable, url, str(err)) from err
    key = _read(pem, url)
    if expected is not None and key.public_numbers() != _read(expected, url).public_numbers():
        raise _problem(PublicKeyIsAnother, url)
    return pem


def _check_status(status: int, url: str) -> None:
    if status == HTTPStatus.OK:
        return
    if HTTPStatus(300) <= status < HTTPStatus.BAD_REQUEST:
        raise _problem(PublicKeyRedirected, url, status=status)
    if status == HTTPStatus.NOT_FOUND:
        raise _problem(PublicKeyNotFound, url, status=status)
    raise _problem(PublicKeyHttpFailed, url, status=status)


def _read(pem: bytes, url: str) -> ec.EllipticCurvePublicKey:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as err:
        raise _problem(PublicKeyNotPem, url) from err
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise _problem(PublicKeyWrongCurve, url)
    return key


def _problem(
    kind: type[PublicKeyProblem], url: str, text: str = "", *, status: int | None = None
) -> PublicKeyProblem:
    return kind(text or kind.__doc__ or "", status=status, placeholders={"url": url})
