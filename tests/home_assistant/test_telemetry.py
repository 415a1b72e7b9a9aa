"""Cars stream into Home Assistant: real TLS, real receiver, real entities."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
import socket
import ssl
import stat
import threading
import time
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import callback
from homeassistant.helpers.restore_state import async_get
from homeassistant.helpers.storage import STORAGE_DIR
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from tesla_protocol.telemetry import vehicle_alert_pb2, vehicle_data_pb2

from custom_components.teslalogger.fleet_telemetry.authorities import BUNDLE_URL
from custom_components.teslalogger.fleet_telemetry.records import Alert as TelemetryAlert, Record
from custom_components.teslalogger.state_store import StateStore
from custom_components.teslalogger.streaming.entry import _alerts
from custom_components.teslalogger.streaming.identity import (
    TelemetryIdentity,
    TelemetryIdentityError,
    async_get_identity,
)
from custom_components.teslalogger.streaming.options import (
    OPTIONS,
    TelemetryOptions,
    TelemetrySource,
)
from custom_components.teslalogger.streaming.server import async_get_server
from custom_components.teslalogger.vehicle.alerts import KnownAlerts
from tests.fleet_telemetry.frames import FRAMES, with_payload
from tests.fleet_telemetry.passports import Office

from .cloud import MODEL_3, MODEL_X, FakeCar, FakeCloud
from .running import asleep, state_of

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import Event, EventStateChangedData, HomeAssistant
    from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

    from .running import Start

HOST: Final = "home.example.test"
LEVEL: Final = "sensor.juniper_battery_level"
ALERT: Final = "event.juniper_alert"
ALARM: Final = next(frame for frame in FRAMES if frame.envelope.get("topic") == "alerts")


def mode_of(path: Path) -> int:
    """Who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def write(path: Path, content: str) -> None:
    """Put a file there."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)


def read(path: Path) -> str:
    """What is in a file."""
    return path.read_text()


type Connect = Callable[..., Awaitable[aiohttp.ClientWebSocketResponse]]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, aioclient_mock: AiohttpClientMocker) -> Office:
    """Who makes cars' certificates, as the simulator would say."""
    office = Office()
    certificate = x509.load_pem_x509_certificate(office.pem.encode())
    simulator = "http://127.0.0.1:1"
    monkeypatch.setenv("TESLALOGGER_SIMULATOR", simulator)
    monkeypatch.setenv(
        "TESLALOGGER_SIMULATOR_AUTHORITIES",
        sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
    )
    aioclient_mock.get(BUNDLE_URL.replace("https://", f"{simulator}/"), content=office.pem.encode())
    return office


@pytest.fixture
def cloud() -> FakeCloud:
    """Two cars, one of which streams."""
    return FakeCloud(FakeCar(vin=MODEL_X, name="Falcon"), FakeCar(vin=MODEL_3, name="Juniper"))


@pytest.fixture
def now() -> str:
    """Today: TLS judges certificates by a clock of its own."""
    return datetime.now(UTC).isoformat()


@pytest.fixture
def entry(entry: MockConfigEntry) -> MockConfigEntry:
    """An entry that wants its cars' streams, on any free port."""
    options = TelemetryOptions(source=TelemetrySource.RECEIVER, hostname=HOST, listen_port=0)
    return MockConfigEntry(
        domain=entry.domain,
        title=entry.title,
        unique_id=entry.unique_id,
        data=dict(entry.data),
        options={OPTIONS: options.as_dict()},
    )


@pytest.fixture
async def streaming(
    hass: HomeAssistant,
    socket_enabled: None,  # noqa: ARG001 - opens the loopback
    office: Office,  # noqa: ARG001 - vouches for the cars
    start: Start,
    cloud: FakeCloud,
) -> AsyncIterator[MockConfigEntry]:
    """The entry, loaded, its cars asleep."""
    asleep(cloud)
    entry = await start()
    assert entry.runtime_data.telemetry.problem is None
    yield entry
    if entry.state.recoverable:
        await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done()


@pytest.fixture
async def connect(
    hass: HomeAssistant, streaming: MockConfigEntry, office: Office, tmp_path: Path
) -> AsyncIterator[Connect]:
    """Connect as a car does."""
    assert streaming
    authority = await async_get_identity(hass).async_authority()
    async with aiohttp.ClientSession() as session:
        opened = []

        async def open_socket(vin: str = MODEL_3) -> aiohttp.ClientWebSocketResponse:
            passport = office.issue(vin)
            context = ssl.create_default_context(cadata=authority.certificate)
            file = tmp_path / "passport.pem"
            file.write_text(passport.pem + passport.key)
            context.load_cert_chain(file)
            receiver = async_get_server(hass, 0).receiver
            assert receiver is not None
            socket: aiohttp.ClientWebSocketResponse = await session.ws_connect(
                f"wss://127.0.0.1:{receiver.port}/", ssl=context, server_hostname=HOST
            )
            opened.append(socket)
            return socket

        yield open_socket
        for socket in opened:
            await socket.close()


def frame(**values: float) -> bytes:
    """A record of numbers, by field."""
    payload = vehicle_data_pb2.Payload()
    payload.created_at.GetCurrentTime()
    for name, value in values.items():
        field = vehicle_data_pb2.Field.Value(name)
        payload.data.add(key=field).value.double_value = value
    return with_payload(FRAMES[1].content, payload.SerializeToString())


def alarm(name: str) -> bytes:
    """A record of an alert that began when the test did."""
    told = vehicle_alert_pb2.VehicleAlerts(vin=MODEL_3)
    told.created_at.GetCurrentTime()
    alert = told.alerts.add(name=name, audiences=[vehicle_alert_pb2.Customer])
    alert.started_at.FromSeconds(int(time.time()) // 60 * 60)
    return with_payload(ALARM.content, told.SerializeToString())


def journal_of(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    """Where what is streamed is safe."""
    return Path(hass.config.path(STORAGE_DIR, f"teslalogger.{entry.entry_id}.stream"))


@dataclass
class Patience:
    """Waits while time stands still: it goes on a little with every look."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Something that must happen."""
        for _ in range(2_000):
            if is_so():
                return
            self.freezer.tick(0.05)
            await asyncio.to_thread(threading.Event().wait, 0.002)
        pytest.fail("it did not happen")

    async def shown(self, entity_id: str, state: str) -> None:
        """An entity shows this."""
        await self.until(lambda: state_of(self.hass, entity_id) == state)

    async def heard(self, car: aiohttp.ClientWebSocketResponse) -> aiohttp.WSMessage:
        """The next message for a car."""
        receiving = asyncio.ensure_future(car.receive())
        await self.until(receiving.done)
        return receiving.result()


@pytest.fixture
def patience(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Patience:
    """For what takes a moment."""
    return Patience(hass, freezer)


async def test_what_a_car_streams_is_shown_and_acknowledged(
    hass: HomeAssistant,
    connect: Connect,
    streaming: MockConfigEntry,
    patience: Patience,
    cloud: FakeCloud,
) -> None:
    """The connection makes it online; its records change its entities, and nobody else's."""
    assert state_of(hass, "sensor.juniper_status") == "asleep"
    cloud.requests.clear()
    car = await connect()
    await patience.shown("sensor.juniper_status", "online")
    await car.send_bytes(frame(BatteryLevel=63.0))
    assert (await patience.heard(car)).data == FRAMES[1].answers[0]
    await patience.shown(LEVEL, "63.0")
    assert state_of(hass, "sensor.falcon_battery_level") == "unavailable"
    assert state_of(hass, "sensor.falcon_status") == "asleep"
    [(vin, hello)] = [
        (vin, car.hello) for vin, car in streaming.runtime_data.telemetry.cars.items() if car.hello
    ]
    assert (vin, hello.network) == (MODEL_3, "")


async def test_acknowledged_values_survive_a_crash(
    hass: HomeAssistant,
    connect: Connect,
    streaming: MockConfigEntry,
    patience: Patience,
    start: Start,
) -> None:
    """Though the file of states was not written since."""
    car = await connect()
    await car.send_bytes(frame(BatteryLevel=63.0))
    await patience.heard(car)
    with patch.object(StateStore, "async_save"):
        assert await hass.config_entries.async_unload(streaming.entry_id)
    await hass.async_block_till_done()
    await start()
    assert state_of(hass, LEVEL) == "63.0"


async def test_acknowledged_alert_is_raised_once_over_a_crash(
    hass: HomeAssistant,
    connect: Connect,
    streaming: MockConfigEntry,
    patience: Patience,
    start: Start,
) -> None:
    """Though Home Assistant has written nothing of its own since: the car tells it again."""
    raised: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        if event.data["entity_id"] != ALERT or old is None or new is None:
            return
        if new.state not in {old.state, STATE_UNKNOWN, STATE_UNAVAILABLE}:
            raised.append(new.attributes["alert"])

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    car = await connect()
    await car.send_bytes(frame(BatteryLevel=63.0))
    await patience.heard(car)
    await patience.until(lambda: hass.states.get(ALERT) is not None)
    await car.send_bytes(alarm("APP_w222"))
    await patience.until(lambda: raised == ["APP_w222"])
    assert (await patience.heard(car)).type is aiohttp.WSMsgType.BINARY
    assert "APP_w222" in read(journal_of(hass, streaming))

    with patch.object(StateStore, "async_save"):
        assert await hass.config_entries.async_unload(streaming.entry_id)
    await hass.async_block_till_done()
    async_get(hass).last_states.clear()  # which a crash would not have left
    await start()
    car = await connect()
    for name in ("APP_w222", "BMS_a066"):
        await car.send_bytes(alarm(name))
        await patience.heard(car)
    assert raised == ["APP_w222", "BMS_a066"]


def test_alert_from_a_time_to_come_hides_no_other() -> None:
    """It counts from when it was told; else every other of its name would be old for decades."""
    now, known = time.time(), KnownAlerts({})
    for created_at in (now - 600, now + 2e9):
        told = Record(created_at=created_at, alerts=(TelemetryAlert(name="a", started_at=4e9),))
        [alert] = known.news(_alerts(told), now)
        assert alert.started_at == pytest.approx(min(created_at, now), abs=60)
    told = Record(created_at=now, alerts=(TelemetryAlert(name="b", started_at=-62e9),))
    [alert] = known.news(_alerts(told), now)
    assert alert.started_at == now, "an MQTT broker may tell a year that no calendar shows"
    told = Record(created_at=now, alerts=(TelemetryAlert(name="a", started_at=now + 120),))
    [alert] = known.news(_alerts(told), now)
    assert alert.started_at == now + 120, "a clock may be a little fast"


async def test_car_that_left_the_account_is_sent_away(
    connect: Connect, streaming: MockConfigEntry, patience: Patience
) -> None:
    """And others stay."""
    car, other = await connect(), await connect(MODEL_X)
    await patience.shown("sensor.juniper_status", "online")
    await streaming.runtime_data.telemetry.async_forget(MODEL_3)
    assert (await patience.heard(car)).type is aiohttp.WSMsgType.CLOSE
    with pytest.raises((aiohttp.ClientError, OSError)):
        await connect()
    await other.send_bytes(frame(BatteryLevel=63.0))
    assert (await patience.heard(other)).data == FRAMES[1].answers[0]


async def test_port_is_closed_with_the_last_entry(
    hass: HomeAssistant, connect: Connect, streaming: MockConfigEntry, patience: Patience
) -> None:
    """The cars are sent away, and asked again as if they had never streamed."""
    car = await connect()
    await patience.shown("sensor.juniper_status", "online")
    assert await hass.config_entries.async_unload(streaming.entry_id)
    assert (await patience.heard(car)).type is aiohttp.WSMsgType.CLOSE
    assert async_get_server(hass, 0).receiver is None


async def test_entry_without_streams_opens_no_port(
    hass: HomeAssistant, streaming: MockConfigEntry
) -> None:
    """As it is at first."""
    hass.config_entries.async_update_entry(streaming, options={})
    await hass.config_entries.async_reload(streaming.entry_id)
    assert not streaming.runtime_data.telemetry.cars
    assert async_get_server(hass, 0).receiver is None


@pytest.mark.parametrize(
    ("status", "content", "key"),
    [
        (503, b"", "telemetry_authorities_unreachable"),
        (200, b"<html>", "no_telemetry_authorities"),
        (200, Office().pem.encode(), "no_telemetry_authorities"),
    ],
    ids=["no answer", "a page", "somebody else's"],
)
async def test_without_teslas_authorities_nobody_is_let_in(
    hass: HomeAssistant,
    start: Start,
    aioclient_mock: AiohttpClientMocker,
    status: int,
    content: bytes,
    key: str,
) -> None:
    """Everything else works."""
    aioclient_mock.get(BUNDLE_URL, status=status, content=content)
    entry = await start()
    assert entry.state is ConfigEntryState.LOADED
    problem = entry.runtime_data.telemetry.problem
    assert problem is not None
    assert problem.translation_key == key
    assert async_get_server(hass, 0).receiver is None


async def test_port_that_is_taken_is_a_problem_of_its_own(
    hass: HomeAssistant,
    socket_enabled: None,  # noqa: ARG001 - opens the loopback
    office: Office,  # noqa: ARG001 - vouches for the cars
) -> None:
    """With the port, so that another one can be chosen; so is a port that has another name."""
    with socket.create_server(("", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(TelemetryIdentityError) as caught:
            await async_get_server(hass, port).async_listen(HOST)
    assert caught.value.translation_key == "telemetry_port_taken"
    assert (caught.value.translation_placeholders or {})["port"] == str(port)

    server = async_get_server(hass, port)
    await server.async_listen(HOST)
    await server.async_listen(HOST)
    with pytest.raises(TelemetryIdentityError) as caught:
        await server.async_listen("other.example.test")
    assert caught.value.translation_key == "telemetry_other_hostname"
    await server.async_remove({})


async def test_identity_is_made_once_and_kept_privately(
    hass: HomeAssistant, streaming: MockConfigEntry, aioclient_mock: AiohttpClientMocker
) -> None:
    """Cars need no new configuration after a restart, and Tesla's server is asked no more."""
    assert streaming
    identity = async_get_identity(hass)
    authority = await identity.async_authority()
    asked = aioclient_mock.call_count
    read_again = TelemetryIdentity(hass)
    assert await read_again.async_authority() == authority
    assert await read_again.async_teslas_authorities()
    assert aioclient_mock.call_count == asked
    path = Path(hass.config.path(STORAGE_DIR, "teslalogger.telemetry"))
    assert mode_of(path) == 0o600


@pytest.mark.parametrize("late", [timedelta(days=-10), timedelta(days=100)])
async def test_authority_at_its_end_gives_way_to_a_new_one(
    hass: HomeAssistant, streaming: MockConfigEntry, freezer: FrozenDateTimeFactory, late: timedelta
) -> None:
    """Also one that is over: cars are told to trust the new one, whose certificate they see."""
    assert streaming
    identity = async_get_identity(hass)
    old = await identity.async_authority()
    await identity.async_context(HOST)
    assert await identity.async_authority() == old
    freezer.move_to(old.expires_at + late)
    _, leaf = await identity.async_context(HOST)
    new = await identity.async_authority()
    assert new != old
    assert leaf.expires_at > old.expires_at
    assert await TelemetryIdentity(hass).async_authority() == new


async def test_tesla_is_asked_again_once_other_authorities_count(
    hass: HomeAssistant,
    streaming: MockConfigEntry,
    aioclient_mock: AiohttpClientMocker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else cars with certificates of a new one would be refused for ever."""
    assert streaming
    authority = await async_get_identity(hass).async_authority()
    other = Office()
    certificate = x509.load_pem_x509_certificate(other.pem.encode())
    pin = sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
    monkeypatch.setenv("TESLALOGGER_SIMULATOR_AUTHORITIES", pin)
    aioclient_mock.clear_requests()
    aioclient_mock.get(f"http://127.0.0.1:1/{BUNDLE_URL[8:]}", content=other.pem.encode())

    identity = TelemetryIdentity(hass)

    assert await identity.async_teslas_authorities() == other.pem
    assert await identity.async_authority() == authority, "cars would need a new configuration"
    assert await TelemetryIdentity(hass).async_teslas_authorities() == other.pem
    assert aioclient_mock.call_count == 1


async def test_damaged_identity_is_left_alone(hass: HomeAssistant) -> None:
    """It may hold the only copy of the key that all cars trust."""
    path = Path(hass.config.path(STORAGE_DIR, "teslalogger.telemetry"))
    write(path, '{"authority": {"key": "half of')
    with pytest.raises(TelemetryIdentityError) as caught:
        await TelemetryIdentity(hass).async_authority()
    assert caught.value.translation_key == "telemetry_authority_damaged"
    assert read(path) == '{"authority": {"key": "half of'
