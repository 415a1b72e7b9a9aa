"""From the options to the entities: a simulated Tesla, and cars that really stream."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.fleet_telemetry.presets import Preset
from custom_components.teslalogger.fleet_telemetry.stored import Status
from custom_components.teslalogger.streaming.options import (
    OPTIONS,
    TelemetryOptions,
    TelemetrySource,
)
from simulator.car.physics import soc
from simulator.garage import ANVIL, GUEST_S, JUNIPER, PEARL, YUKI
from simulator.telemetry.fleet import Fleet
from simulator.telemetry.subscriptions import Alert, Subscription
from tests.simulator_fixtures import CLIENT_ID

from .test_telemetry import patience  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Mapping

    from .live import Live, StartLive
    from .test_telemetry import Patience

ABLE: Final = (JUNIPER, YUKI, ANVIL, GUEST_S)
"""The cars that have what it takes."""
HOST: Final = "home.example.test"
PORT: Final = 8443


@dataclass(kw_only=True)
class Road:
    """The simulated cars on their way to a Home Assistant that runs."""

    live: Live
    fleet: Fleet
    patience: Patience

    async def choose(self, **changes: object) -> None:
        """Set the options, and start anew with them."""
        options = TelemetryOptions(
            **{  # type: ignore[arg-type] # the options' own names
                "source": TelemetrySource.RECEIVER,
                "hostname": HOST,
                "port": PORT,
                "listen_port": 0,
                "preset": Preset.ECONOMY,
                **changes,
            }
        )
        self.live.hass.config_entries.async_update_entry(
            self.live.entry, options={OPTIONS: options.as_dict()}
        )
        await self.live.restart()
        server = self.live.entry.runtime_data.telemetry.server
        if server is not None:
            routes = self.live.world.streaming.routes
            routes[f"{HOST}:{PORT}"] = f"127.0.0.1:{server.receiver.port}"

    async def drive(self, seconds: float = 10.0) -> None:
        """Let the cars do what is due, and be answered."""
        self.live.world.clock.advance(seconds)
        await self._done(self.fleet.tick())
        await self._done(self.fleet.drained())
        await self.live.hass.async_block_till_done()

    async def _done(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(work)
        await self.patience.until(task.done)
        task.result()

    def kept(self, vin: str) -> Subscription | None:
        """What Tesla has for a car."""
        return self.live.world.streaming.find(vin, CLIENT_ID)

    def claims(self, vin: str) -> Mapping[str, Any]:
        """The configuration that Tesla has for a car."""
        kept = self.kept(vin)
        assert kept is not None
        return kept.claims or {}

    def asked(self, endpoint: str) -> int:
        """How often Tesla was asked."""
        return len(self.live.world.ledger.of(endpoint))

    def repairs(self) -> set[tuple[str, str]]:
        """The open repairs: what is wrong, and with which car."""
        return {
            (issue.translation_key or "", (issue.translation_placeholders or {}).get("car", ""))
            for (domain, _), issue in ir.async_get(self.live.hass).issues.items()
            if domain == DOMAIN
        }


@pytest.fixture
async def road(
    start_live: StartLive,
    patience: Patience,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Road]:
    """The standard world; nobody streams yet."""
    live = await start_live()
    bundle = x509.load_pem_x509_certificates(live.world.streaming.authorities.bundle)
    pins = (sha256(one.public_bytes(Encoding.DER)).hexdigest() for one in bundle)
    monkeypatch.setenv("TESLALOGGER_SIMULATOR_AUTHORITIES", " ".join(pins))
    road = Road(live=live, fleet=Fleet(live.world), patience=patience)
    yield road
    await road.fleet.stop()
    if live.entry.state is ConfigEntryState.LOADED:
        await live.hass.config_entries.async_unload(live.entry.entry_id)
        await live.hass.async_block_till_done()


async def test_a_car_streams_once_the_options_say_so(road: Road) -> None:
    """It is told, takes it, comes over mutual TLS, and what it tells is shown."""
    live = road.live
    await road.choose()

    juniper = road.kept(JUNIPER)
    assert juniper is not None
    assert road.claims(JUNIPER)["hostname"] == HOST
    status = live.entry.runtime_data.telemetry.configurations.dossier(JUNIPER).status
    assert status is Status.PENDING
    assert live.state("binary_sensor", JUNIPER, "streaming").state == "off"

    car = live.world.cars[JUNIPER]
    car.state.charge.energy /= 2
    await road.drive()

    assert juniper.connected
    assert live.state("binary_sensor", JUNIPER, "streaming").state == "on"
    level = pytest.approx(soc(car.state, car.model), abs=0.2)
    await road.patience.until(
        lambda: live.state("sensor", JUNIPER, "battery_level").state != "unavailable"
    )
    assert float(live.state("sensor", JUNIPER, "battery_level").state) == level
    assert live.world.ledger.signals[JUNIPER] > 0


async def test_who_cannot_stream_is_not_told_to(road: Road) -> None:
    """The old car is no repair that anybody could do something about; the key is."""
    live = road.live
    await road.choose()

    assert ("telemetry_key_missing", "Pearl") in road.repairs()
    assert road.asked("fleet_telemetry_config_jws") <= 2
    assert {vin for vin in live.world.cars if road.kept(vin)} == set(ABLE)


async def test_the_repair_of_the_key_closes_once_it_is_there(road: Road) -> None:
    """With the daily look at the keys, which gives the car its configuration, too."""
    live = road.live
    await road.choose()
    (registration,) = live.world.registrations
    live.world.cars[PEARL].pair(registration.public_key)

    await live.pass_time(timedelta(days=1))

    assert road.kept(PEARL) is not None
    assert ("telemetry_key_missing", "Pearl") not in road.repairs()


async def test_restart_gives_nothing_again(road: Road) -> None:
    """Nor does it look again within a minute of the first look."""
    await road.choose()
    await road.drive()
    road.live.world.ledger.clear()

    await road.choose()

    assert road.asked("fleet_telemetry_config_jws") == 0
    assert road.asked("fleet_telemetry_config") == 0


async def test_other_options_are_given_at_once(road: Road) -> None:
    """To every car that streams."""
    await road.choose()
    await road.drive()
    juniper = road.kept(JUNIPER)
    assert juniper is not None
    before = len(road.claims(JUNIPER)["fields"])

    await road.choose(preset=Preset.LIVE)
    await road.drive()

    assert len(road.claims(JUNIPER)["fields"]) > before
    assert juniper.edition == 2


async def test_switched_off_is_taken_back(road: Road) -> None:
    """From Tesla, and the entities go."""
    await road.choose()
    await road.drive()

    await road.choose(source=TelemetrySource.OFF)

    assert not any(road.claims(vin) for vin in ABLE)
    assert not road.repairs()
    await road.choose(source=TelemetrySource.OFF)
    assert road.asked("delete_fleet_telemetry_config") == len(ABLE)


async def test_removed_account_takes_everything_back(road: Road) -> None:
    """As long as Tesla can be told so."""
    await road.choose()
    await road.drive()

    await road.live.hass.config_entries.async_remove(road.live.entry.entry_id)

    assert not any(road.claims(vin) for vin in ABLE)


async def test_alert_of_a_car_becomes_an_event(road: Road) -> None:
    """Without asking Tesla."""
    live = road.live
    await road.choose()
    await road.drive()
    live.world.streaming.circumstances(JUNIPER).alerts["VCFRONT_a180"] = Alert(
        name="VCFRONT_a180",
        audiences=frozenset({"service", "customer"}),
        started_at=live.world.clock.now(),
    )

    await road.drive(1)

    facts = live.state("event", JUNIPER, "alert").attributes
    assert (facts["event_type"], facts["alert"]) == ("raised", "VCFRONT_a180")


async def test_a_wrong_way_is_found_out(road: Road) -> None:
    """By what the car tells Tesla, if it is online for long and does not come."""
    live = road.live
    await road.choose()
    live.world.streaming.routes[f"{HOST}:{PORT}"] = "127.0.0.1:9"
    await road.drive()

    for _ in range(5):
        await live.pass_time(timedelta(minutes=10))
        await road.drive(1)

    assert ("telemetry_unreachable", "Juniper") in road.repairs()
