"""HTTP to programs on this machine, and nowhere else."""

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
import json
import socket
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST: Final = "127.0.0.1"
TIMEOUT: Final = 30.0


class NoAnswer(Exception):  # says what happened
    """Nothing listens there, or it hung up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One HTTP answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def free_port(preferred: int) -> int:
    """Give the preferred port, or any other when that one is taken."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    message = "the machine has no free port"
    raise NoAnswer(message)


def ask(
    url: str,
    *,
    method: str = "GET",
    json_body: Any = None,
    form: Mapping[str, str] | list[tuple[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request and follow no redirect.

    Raises:
        NoAnswer: the connection was refused or broke.
    """
    parts = urlsplit(url)
    if parts.hostname != HOST:
        message = f"{parts.hostname} is not this machine"
        raise NoAnswer(message)
    sent = dict(headers or {})
    body: bytes | None = None
    if json_body is not None:
        body = json.dumps(json_body).encode()
        sent["Content-Type"] = "application/json"
    elif form is not None:
        body = urlencode(form).encode()
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = HTTPConnection(HOST, parts.port or 80, timeout=TIMEOUT)
    try:
        connection.request(method, path, body=body, headers=sent)
        response = connection.getresponse()
        return Answer(
            status=response.status,
            headers={name.lower(): value for name, value in response.getheaders()},
            body=response.read(),
        )
    except (OSError, HTTPException) as err:
        message = f"{url} does not answer: {err}"
        raise NoAnswer(message) from err
    finally:
        connection.close()
