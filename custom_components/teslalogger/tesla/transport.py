"""One HTTP request to Tesla, and whether it can have reached it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import aiohttp
from yarl import URL

from .errors import AnswerLost, NotSent
from .hosts import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_LIMIT: Final = 5.0
"""Seconds to get a connection; a request's own longer limit then is about its answer."""

MAX_BODY: Final = 8 * 1024 * 1024


class BodyTooLargeError(Exception):
    """A body longer than allowed; the rest was not read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpAnswer:
    """Whatever came back; `headers` are case-insensitive."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_success(self) -> bool:
        """Whether the status says so."""
        return self.status // 100 == 2  # noqa: PLR2004 - 2xx


async def read_capped(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The whole body; raises BodyTooLargeError beyond `limit` bytes."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise BodyTooLargeError
    return bytes(body)


async def send(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    time_limit: float,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    form: Mapping[str, str] | None = None,
) -> HttpAnswer:
    """Send once, follow nothing.

    Raises NotSent if there was no connection to send it over, and AnswerLost for whatever went
    wrong later. Only that is certain: a connection that was kept open from the request before may
    break with this one in Tesla's hands.
    """
    timeout = aiohttp.ClientTimeout(total=time_limit, connect=CONNECT_LIMIT)
    try:
        async with session.request(
            method,
            URL(resolve(url), encoded=True),
            headers=headers,
            json=json,
            data=form,
            timeout=timeout,
            allow_redirects=False,
        ) as response:
            body = await read_capped(response, MAX_BODY)
            return HttpAnswer(status=response.status, headers=response.headers, body=body)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as err:
        raise NotSent(_reason(err)) from err
    except (aiohttp.ClientError, OSError, BodyTooLargeError) as err:
        raise AnswerLost(_reason(err)) from err


def _reason(err: Exception) -> str:
    return f"{type(err).__name__}: {err}" if str(err) else type(err).__name__
