"""One port for all: its certificate stays fresh, and a record is safe once all say so."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import socket
import ssl
from typing import TYPE_CHECKING, Final, cast
from unittest.mock import patch

from cryptography import x509
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.teslalogger.fleet_telemetry.pki import RENEW_BEFORE
from custom_components.teslalogger.fleet_telemetry.records import read_frame
from custom_components.teslalogger.fleet_telemetry.sink import Hello
from custom_components.teslalogger.streaming.identity import (
    TelemetryIdentity,
    TelemetryIdentityError,
)
from custom_components.teslalogger.streaming.server import TelemetryServer, async_get_server
from tests.fleet_telemetry.frames import CAR, FRAMES

from .cloud import MODEL_3

# The fixtures are those of streams.
from .test_telemetry import office  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Sequence

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.fleet_telemetry.records import Record

HOST: Final = "home.example.test"
RECORD: Final = cast("Record", read_frame(FRAMES[1].content, CAR).record)
DAY: Final = timedelta(days=1, minutes=1)


@dataclass
class Listener:
    """Takes what it hears, and says when that is safe."""

    safe: Awaitable[None] | None = None
    heard: list[Record] = field(default_factory=list)
    hellos: list[Hello] = field(default_factory=list)

    def async_hello(self, hello: Hello) -> None:
        """It is noted."""
        self.hellos.append(hello)

    def async_records(self, records: Sequence[Record]) -> Awaitable[None] | None:
        """They are noted."""
        self.heard += records
        return self.safe

    def async_goodbye(self) -> None:
        """Not of interest."""


@pytest.fixture
async def server(
    hass: HomeAssistant,
    socket_enabled: None,  # noqa: ARG001 - opens the loopback
    office: object,  # noqa: ARG001, F811 - vouches for the cars
) -> AsyncIterator[TelemetryServer]:
    """A server that listens."""
    server = async_get_server(hass, 0)
    await server.async_listen(HOST)
    yield server
    await server.async_remove({})


async def shown_by(server: TelemetryServer) -> x509.Certificate:
    """The certificate that somebody who connects is shown."""
    receiver = server.receiver
    assert receiver is not None

    def look() -> bytes | None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False  # OpenSSL's clock does not follow the test's
        context.verify_mode = ssl.CERT_NONE
        with (
            socket.create_connection(("127.0.0.1", receiver.port)) as connection,
            context.wrap_socket(connection, server_hostname=HOST) as secure,
        ):
            return secure.getpeercert(binary_form=True)

    content = await asyncio.to_thread(look)
    assert content is not None
    return x509.load_der_x509_certificate(content)


async def test_certificate_is_renewed_before_it_expires(
    hass: HomeAssistant, server: TelemetryServer, freezer: FrozenDateTimeFactory
) -> None:
    """On the day that it is due and not earlier, without closing the port."""
    first, port = await shown_by(server), server.receiver
    freezer.tick(DAY)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await shown_by(server) == first

    freezer.move_to(first.not_valid_after_utc - RENEW_BEFORE)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    second = await shown_by(server)
    assert second.not_valid_after_utc > first.not_valid_after_utc
    assert second.issuer == first.issuer
    assert server.receiver is port
    assert server.hostname == HOST


async def test_certificate_that_cannot_be_renewed_is_kept(
    hass: HomeAssistant,
    server: TelemetryServer,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log says so, and the next day it is tried again."""
    first = await shown_by(server)
    problem = TelemetryIdentityError(key="vault_not_saved", file="a file")
    freezer.move_to(first.not_valid_after_utc - RENEW_BEFORE)
    with patch.object(TelemetryIdentity, "async_context", side_effect=problem):
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert "could not be renewed" in caplog.text
    assert await shown_by(server) == first

    freezer.tick(DAY)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await shown_by(server)).not_valid_after_utc > datetime.now(UTC) + RENEW_BEFORE


async def test_record_is_safe_once_it_is_so_for_everybody(hass: HomeAssistant) -> None:
    """Two entries may have the same car."""
    server = async_get_server(hass, 0)
    first, second = hass.loop.create_future(), hass.loop.create_future()
    listeners = [Listener(first), Listener(second), Listener()]
    for listener in listeners:
        server.async_add(MODEL_3, listener)

    promise = server.take(MODEL_3, [RECORD])
    assert [listener.heard for listener in listeners] == [[RECORD]] * 3
    assert promise is not None
    safe = asyncio.ensure_future(promise)
    first.set_result(None)
    await asyncio.sleep(0)
    assert not safe.done()
    second.set_result(None)
    await safe


async def test_record_that_is_unsafe_for_one_is_unsafe(hass: HomeAssistant) -> None:
    """So the car keeps it."""
    server = async_get_server(hass, 0)
    first, second = hass.loop.create_future(), hass.loop.create_future()
    for promise in (first, second):
        server.async_add(MODEL_3, Listener(promise))
    safe = server.take(MODEL_3, [RECORD])
    assert safe is not None
    first.set_result(None)
    second.set_exception(OSError("the disk is full"))
    with pytest.raises(OSError, match="full"):
        await safe


async def test_record_of_nobodys_car_is_never_safe(hass: HomeAssistant) -> None:
    """Its entry is being loaded anew: the car keeps what it tells in between."""
    safe = async_get_server(hass, 0).take(MODEL_3, [RECORD])
    assert safe is not None
    with pytest.raises(OSError, match="nobody"):
        await safe


async def test_who_listens_later_hears_that_the_car_is_there(hass: HomeAssistant) -> None:
    """Two accounts share a car, and one is loaded anew: with the newest of what the car says."""
    server = async_get_server(hass, 0)
    server.async_add(MODEL_3, first := Listener())
    for network in ("wifi", "cellular"):
        server.connected(MODEL_3, Hello(network=network))
    server.async_add(MODEL_3, second := Listener())
    assert [hello.network for hello in first.hellos] == ["wifi", "cellular"]
    assert [hello.network for hello in second.hellos] == ["cellular"]
    server.disconnected(MODEL_3)
    server.async_add(MODEL_3, third := Listener())
    assert not third.hellos
