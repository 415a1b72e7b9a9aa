"""Where Tesla's authorities come from: a file of the user's if there is one, else Tesla."""

from typing import TYPE_CHECKING, Final

from aiohttp import ClientError, ClientTimeout

from custom_components.teslalogger.fleet_telemetry.authorities import (
    BUNDLE_URL,
    MAX_BUNDLE,
    trusted,
)
from custom_components.teslalogger.fleet_telemetry.errors import (
    AuthoritiesUnreachable,
    NoAuthorities,
    UselessFile,
)
from custom_components.teslalogger.tesla.hosts import resolve

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from aiohttp import ClientSession

    from custom_components.teslalogger.fleet_telemetry.authorities import Authorities

FILE: Final = "teslalogger_authorities.pem"
"""In Home Assistant's folder, for whoever cannot or does not want to fetch them."""

_TIMEOUT: Final = ClientTimeout(total=30)
_HTTP_OK: Final = 200


def read_file(path: Path, pinned: Collection[str]) -> Authorities | None:
    """The authorities in the user's file; None if there is no file. Raises UselessFile."""
    try:
        with path.open("rb") as file:
            return trusted(file.read(MAX_BUNDLE), pinned=pinned)
    except FileNotFoundError:
        return None
    except (OSError, NoAuthorities) as err:
        raise UselessFile(placeholders={"file": path.name}) from err


async def async_fetch(session: ClientSession) -> bytes:
    """All that Tesla publishes. Raises AuthoritiesUnreachable, also where the end is missing."""
    bundle = bytearray()
    try:
        async with session.get(resolve(BUNDLE_URL), timeout=_TIMEOUT) as answer:
            if answer.status != _HTTP_OK:
                reason = f"HTTP {answer.status}"
                raise AuthoritiesUnreachable(reason)
            # A single read would give what has come so far.
            async for part in answer.content.iter_any():
                bundle += part
                if len(bundle) > MAX_BUNDLE:
                    reason = f"> {MAX_BUNDLE} B"
                    raise AuthoritiesUnreachable(reason)
    except (ClientError, TimeoutError) as err:
        raise AuthoritiesUnreachable(type(err).__name__) from err
    return bytes(bundle)
