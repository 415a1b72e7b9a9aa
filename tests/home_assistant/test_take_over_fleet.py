"""Taking over from Home Assistant's tesla_fleet, which runs on the same simulated cloud."""

from datetime import timedelta
import socket
import time
from typing import TYPE_CHECKING

from homeassistant.components.application_credentials import (
    ClientCredential,
    async_import_client_credential,
)
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.helpers.aiohttp_client import DATA_CONNECTOR
from homeassistant.util.ssl import SSLCipherList
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.teslalogger.takeover import Source
from custom_components.teslalogger.tesla import Scope
from simulator.cloud.hosts import Region
from simulator.garage import JUNIPER, YUKI
from tests.interop.tesla_hosts import serve_as_tesla
from tests.simulator_fixtures import CLIENT_ID

from .live import OWNER, Live
from .taking_over import (
    assert_as_before,
    assert_nothing_lost,
    disabler,
    live_in,
    look,
    mock_recorder_before_hass,  # noqa: F401 - a fixture
    persistent_database,  # noqa: F401 - a fixture
    recorder_config,  # noqa: F401 - a fixture
    take,
    undo,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from homeassistant.core import HomeAssistant

    from simulator.world import World


pytestmark = pytest.mark.usefixtures("recorder_mock", "as_tesla")
"""In this order, before Home Assistant's registries and sessions are used."""


@pytest.fixture
def world(world: World) -> World:
    """Two cars and the house, of which nobody needs more."""
    for vin in {*world.cars} - {JUNIPER, YUKI}:
        del world.cars[vin]
        world.preapproved.discard(vin)
    return world


@pytest.fixture
async def as_tesla(
    hass: HomeAssistant,
    world: World,
    tmp_path: Path,
    socket_enabled: None,  # noqa: ARG001 - lets it listen on loopback
) -> AsyncIterator[None]:
    """The simulator under Tesla's own host names, for an integration that knows no others."""
    async with serve_as_tesla(world, tmp_path) as make_connector:
        connector = make_connector()
        key = (True, socket.AF_UNSPEC, SSLCipherList.PYTHON_DEFAULT)
        hass.data.setdefault(DATA_CONNECTOR, {})[key] = connector
        yield
        await connector.close()


@pytest.fixture
async def theirs(live: Live, hass: HomeAssistant) -> MockConfigEntry:
    """Their entry, running for the same account; every car is awake and was asked."""
    for vin, car in live.world.cars.items():
        car.wake_now()
        await live.look_at(vin)
    await live.pass_time(timedelta(minutes=1))  # the house is asked now
    await async_import_client_credential(
        hass, "tesla_fleet", ClientCredential(CLIENT_ID, "simulated-secret"), "tesla_fleet"
    )
    answer = live.world.authority.sign_in(
        client_id=CLIENT_ID, account=OWNER, region=Region.EU, scopes=list(Scope)
    )
    entry = MockConfigEntry(
        domain="tesla_fleet",
        unique_id=OWNER,
        data={
            "auth_implementation": "tesla_fleet",
            "token": answer | {"expires_at": time.time() + answer["expires_in"]},
        },
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    return entry


async def test_nothing_is_lost_and_undo_restores_it(
    hass: HomeAssistant, live: Live, theirs: MockConfigEntry
) -> None:
    """Every entity of every car that both have, with its statistics; and back."""
    await live_in(hass, theirs)
    before = await look(hass)

    plan = await take(hass, live.entry, Source.TESLA_FLEET)
    after = await look(hass)

    assert len(plan.moves) > 100
    assert disabler(theirs) is ConfigEntryDisabler.USER
    assert_nothing_lost(before, after, plan)

    await undo(hass, live.entry)

    assert disabler(theirs) is None
    assert theirs.state is ConfigEntryState.LOADED
    assert_as_before(before, await look(hass))
