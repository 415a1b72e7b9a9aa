"""An entry that takes its cars' streams from a broker."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
import threading
from typing import TYPE_CHECKING, Final

from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigEntryState
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

# Imported before Home Assistant looks for custom components: its test plugin ships its own folder.
import custom_components.teslalogger  # noqa: F401
from custom_components.teslalogger.streaming.options import (
    OPTIONS,
    TelemetryOptions,
    TelemetrySource,
)
from scripts.workshop.loopback import HOST, free_port
from tests.home_assistant.cloud import MODEL_3, MODEL_X, FakeCar, FakeCloud
from tests.home_assistant.running import (  # noqa: F401 - fixtures
    asleep,
    entry as plain_entry,
    now,
    platforms,
    scopes,
    start,
    state_of,
)

from .broker import Broker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant


BASE: Final = "fleet/telemetry"


@pytest.fixture(autouse=True)
def _custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant find the integration."""


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """A folder of its own for each test, with the file that the MQTT integration looks for."""
    (Path(hass_tmp_config_dir) / "configuration.yaml").touch()
    return hass_tmp_config_dir


@pytest.fixture
def broker(
    tmp_path: Path,
    socket_enabled: None,  # noqa: ARG001 - opens the loopback
) -> Iterator[Broker]:
    """A broker that runs."""
    broker = Broker(folder=tmp_path, port=free_port(0))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def cloud() -> FakeCloud:
    """Two sleeping cars, of which one streams."""
    cloud = FakeCloud(FakeCar(vin=MODEL_X, name="Falcon"), FakeCar(vin=MODEL_3, name="Juniper"))
    asleep(cloud)
    return cloud


@pytest.fixture
def base() -> str:
    """What the user entered as the server's base topic."""
    return BASE


@pytest.fixture
def entry(plain_entry: MockConfigEntry, base: str) -> MockConfigEntry:  # noqa: F811 - a fixture
    """An entry whose cars stream through MQTT."""
    options = TelemetryOptions(source=TelemetrySource.MQTT, mqtt_topic=base)
    return MockConfigEntry(
        domain=plain_entry.domain,
        title=plain_entry.title,
        unique_id=plain_entry.unique_id,
        data=dict(plain_entry.data),
        options={OPTIONS: options.as_dict()},
    )


@dataclass
class Patience:
    """Waits while time stands still: it goes on a little with every look."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory

    async def look(self, seconds: float = 0.05) -> None:
        """Let so much time pass, and the programs around us work for a moment."""
        self.freezer.tick(seconds)
        await asyncio.to_thread(threading.Event().wait, 0.002)

    async def until(self, is_so: Callable[[], bool], *, seconds: float = 0.05) -> None:
        """Something that must happen; so much time passes with every look."""
        for _ in range(3_000):
            if is_so():
                return
            await self.look(seconds)
        pytest.fail("it did not happen")

    async def shown(self, entity_id: str, state: str) -> None:
        """An entity shows this."""
        await self.until(lambda: state_of(self.hass, entity_id) == state)


@pytest.fixture
def patience(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Patience:
    """For what takes a moment."""
    return Patience(hass, freezer)


@pytest.fixture
async def mqtt_entry(hass: HomeAssistant, broker: Broker) -> AsyncIterator[MockConfigEntry]:
    """Home Assistant's own integration, not set up yet; unloaded in the end."""
    entry = MockConfigEntry(
        domain=mqtt.DOMAIN,
        data={mqtt.CONF_BROKER: HOST, "port": broker.port, "protocol": "5"},
        # It would wait for entities to be discovered, for seconds that do not pass here.
        options={mqtt.CONF_BIRTH_MESSAGE: {}},
        version=mqtt.CONFIG_ENTRY_VERSION,
        minor_version=mqtt.CONFIG_ENTRY_MINOR_VERSION,
    )
    entry.add_to_hass(hass)
    yield entry
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)


def is_subscribed(hass: HomeAssistant) -> bool:
    """Whether the broker has confirmed everything that was subscribed."""
    client = hass.data[mqtt.DATA_MQTT].client
    return bool(client.connected and client.subscriptions) and not (
        client._pending_subscriptions or client._pending_operations
    )
