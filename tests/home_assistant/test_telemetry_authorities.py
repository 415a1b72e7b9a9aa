"""Tesla's authorities: all of them, from Tesla or from a file of the user's."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aiohttp
from aiohttp import web
from homeassistant.helpers.storage import STORAGE_DIR
import pytest

from custom_components.teslalogger.fleet_telemetry.authorities import (
    BUNDLE_URL,
    MAX_BUNDLE,
    PINNED,
    trusted,
)
from custom_components.teslalogger.fleet_telemetry.errors import AuthoritiesUnreachable
from custom_components.teslalogger.streaming.bundle import FILE, async_fetch
from custom_components.teslalogger.streaming.identity import (
    TelemetryIdentity,
    TelemetryIdentityError,
)
from tests.fleet_telemetry.passports import Office

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

BUNDLE: Final = (Path(__file__).parents[1] / "data" / "tesla-prod-ca.crt").read_bytes()
ALL: Final = trusted(BUNDLE).pem
BLOCK: Final = "-----END CERTIFICATE-----\n"
FEW: Final = "".join(part + BLOCK for part in ALL.split(BLOCK)[:3])

type Parts = list[bytes]


def in_storage(hass: HomeAssistant) -> Path:
    """Where both authorities are kept."""
    return Path(hass.config.path(STORAGE_DIR, "teslalogger.telemetry"))


def rewrite(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what is stored."""
    stored = json.loads(path.read_text())
    change(stored)
    path.write_text(json.dumps(stored))


def delete(path: Path) -> None:
    """Take the file away."""
    path.unlink()


def write(path: Path, content: bytes) -> None:
    """Put a file there."""
    path.write_bytes(content)


@pytest.fixture
def parts() -> Parts:
    """What a server sends, and that it waits after each."""
    return []


@pytest.fixture
async def slow(
    socket_enabled: None,  # noqa: ARG001 - opens the loopback
    monkeypatch: pytest.MonkeyPatch,
    parts: Parts,
) -> AsyncIterator[aiohttp.ClientSession]:
    """A server in Tesla's place that sends its file bit by bit, and a session to ask it with."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_length = sum(map(len, parts))
        await response.prepare(request)
        for part in parts:
            await response.write(part)
            for _ in range(20):  # turns in which whoever reads gets this far and no further
                await asyncio.sleep(0)
        return response

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    monkeypatch.setenv("TESLALOGGER_SIMULATOR", "http://{}:{}".format(*runner.addresses[0]))
    async with aiohttp.ClientSession() as session:
        yield session
    await runner.cleanup()


async def test_file_that_comes_in_parts_is_read_to_its_end(
    slow: aiohttp.ClientSession, parts: Parts
) -> None:
    """The rest is on its way while the beginning is here already."""
    parts += [BUNDLE[:9_000], BUNDLE[9_000:]]
    assert await async_fetch(slow) == BUNDLE


async def test_file_without_end_is_not_taken(slow: aiohttp.ClientSession, parts: Parts) -> None:
    """Nor any part of it."""
    parts += [bytes(MAX_BUNDLE), b"!"]
    with pytest.raises(AuthoritiesUnreachable, match=str(MAX_BUNDLE)):
        await async_fetch(slow)


async def test_what_lacks_is_told(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In the log, and to whoever asks: cars of a missing authority are turned away."""
    aioclient_mock.get(BUNDLE_URL, content=FEW.encode())
    identity = TelemetryIdentity(hass)
    assert await identity.async_teslas_authorities() == FEW
    assert identity.authorities is not None
    assert identity.authorities.missing == len(PINNED) - 3
    assert "11 of Tesla's 14 certificates" in caplog.text
    again = TelemetryIdentity(hass)
    assert await again.async_teslas_authorities() == FEW
    assert aioclient_mock.call_count == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: stored.pop("missing"),
        lambda stored: stored.update(teslas=FEW),
        lambda stored: stored.update(teslas=BLOCK),
        lambda stored: stored.update(pinned=[]),
    ],
    ids=["of an older version", "cut off", "cut to nothing", "of other pins"],
)
async def test_what_may_have_been_cut_off_is_fetched_again(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    caplog: pytest.LogCaptureFixture,
    change: Callable[[dict[str, Any]], object],
) -> None:
    """And our own authority stays: cars would need a new configuration."""
    aioclient_mock.get(BUNDLE_URL, content=BUNDLE)
    first = TelemetryIdentity(hass)
    authority = await first.async_authority()
    await first.async_teslas_authorities()
    rewrite(in_storage(hass), change)

    second = TelemetryIdentity(hass)
    assert await second.async_teslas_authorities() == ALL
    assert await second.async_authority() == authority
    assert await TelemetryIdentity(hass).async_teslas_authorities() == ALL
    assert aioclient_mock.call_count == 2
    assert "missing" not in caplog.text


async def test_file_of_the_user_comes_first(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    """Nobody is asked; only what is pinned counts, and it goes when the file goes."""
    path = Path(hass.config.path(FILE))
    write(path, Office().pem.encode() + FEW.encode())
    identity = TelemetryIdentity(hass)
    await identity.async_authority()
    assert await identity.async_teslas_authorities() == FEW
    assert not aioclient_mock.call_count
    delete(path)
    aioclient_mock.get(BUNDLE_URL, content=BUNDLE)
    assert await TelemetryIdentity(hass).async_teslas_authorities() == ALL


@pytest.mark.parametrize("content", [b"", Office().pem.encode()], ids=["empty", "somebody's"])
async def test_file_of_the_user_that_is_of_no_use_is_told(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, content: bytes
) -> None:
    """By its name; it is not passed over in silence."""
    write(Path(hass.config.path(FILE)), content)
    with pytest.raises(TelemetryIdentityError) as caught:
        await TelemetryIdentity(hass).async_teslas_authorities()
    assert caught.value.translation_key == "telemetry_authorities_file_useless"
    assert caught.value.translation_placeholders == {"file": FILE}
    assert not aioclient_mock.call_count
