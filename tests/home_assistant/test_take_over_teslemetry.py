"""Taking over from Home Assistant's teslemetry; its service's answers are as short as can be."""

import asyncio
import socket
import sys
import time
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.helpers.aiohttp_client import DATA_CONNECTOR
from homeassistant.util.ssl import SSLCipherList
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.teslalogger.takeover import Source
from custom_components.teslalogger.tesla import Scope
from tests.interop.tesla_hosts import serve_as

from .cloud import MODEL_3, MODEL_X, vehicle_data
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

pytestmark = pytest.mark.usefixtures("recorder_mock", "as_teslemetry")

HOSTS: Final = ("api.teslemetry.com", "eu.teslemetry.com")


class _NoPowerwall(ModuleType):
    """Whatever is imported from it is an exception that nobody raises."""

    def __getattr__(self, name: str) -> type[Exception]:
        if name.startswith("_"):
            raise AttributeError(name)
        return type(name, (Exception,), {})


@pytest.fixture
def no_local_powerwall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the library for a Powerwall in the house's own network, which nobody has here.

    It wants an older tesla-protocol than the one that is tested with.
    """
    monkeypatch.setitem(sys.modules, "aiopowerwall", _NoPowerwall("aiopowerwall"))


def service() -> web.Application:
    """A car that is polled and one that streams, of the same account as ours."""
    car = {"access": True, "firmware": "2026.32.1", "config": {}}
    answers: dict[str, Any] = {
        "/api/metadata": {
            "uid": "0f3e",
            "region": "EU",
            "scopes": list(Scope),
            "vehicles": {MODEL_3: car | {"polling": True}, MODEL_X: car | {"polling": False}},
            "energy_sites": {},
        },
        "/api/1/products": {
            "response": [
                {
                    "vin": vin,
                    "id": number,
                    "display_name": f"Car {number}",
                    "state": "online",
                    "command_signing": "required",
                }
                for number, vin in enumerate((MODEL_3, MODEL_X))
            ],
        },
        f"/api/1/vehicles/{MODEL_3}/vehicle_data": {"response": vehicle_data() | {"vin": MODEL_3}},
        f"/api/config/{MODEL_X}": {"fields": {}},
    }

    async def answer(request: web.Request) -> web.Response:
        if request.method == "PATCH":
            return web.json_response({"updated_vehicles": 1})
        return web.json_response(answers[request.path])

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        while True:
            await asyncio.sleep(1)
            await response.write(b":\n\n")

    app = web.Application()
    app.router.add_get("/sse", stream)
    app.router.add_route("*", "/{path:.*}", answer)
    return app


@pytest.fixture
async def as_teslemetry(
    hass: HomeAssistant,
    tmp_path: Path,
    socket_enabled: None,  # noqa: ARG001 - lets it listen on loopback
) -> AsyncIterator[None]:
    """The service under its own host names."""
    async with serve_as(HOSTS, service(), tmp_path) as make_connector:
        connector = make_connector()
        key = (True, socket.AF_UNSPEC, SSLCipherList.PYTHON_DEFAULT)
        hass.data.setdefault(DATA_CONNECTOR, {})[key] = connector
        yield
        await connector.close()


@pytest.fixture
async def theirs(
    hass: HomeAssistant,
    loaded: MockConfigEntry,  # noqa: ARG001 - the recorder listens first
    no_local_powerwall: None,  # noqa: ARG001 - before it is imported
) -> MockConfigEntry:
    """Their entry with the same cars, and a life of its own."""
    hass.config.components |= {"bluetooth", "bluetooth_adapters"}
    entry = MockConfigEntry(
        domain="teslemetry",
        unique_id="0f3e",
        version=2,
        data={
            "auth_implementation": "teslemetry",
            "token": {
                "access_token": "theirs",
                "refresh_token": "theirs",
                "expires_at": time.time() + 1e6,
                "expires_in": 1e6,
            },
        },
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    await live_in(hass, entry)
    return entry


@pytest.mark.parametrize("expected_lingering_tasks", [True])  # their stream's, which nobody ends
async def test_nothing_is_lost_and_undo_restores_it(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """Of the car that is polled and of the one that streams."""
    before = await look(hass)

    plan = await take(hass, loaded, Source.TESLEMETRY)

    assert len(plan.moves) > 80
    vins = {move.theirs.unique_id.partition("-")[0] for move in plan.moves}
    assert vins == {MODEL_3, MODEL_X}
    assert disabler(theirs) is ConfigEntryDisabler.USER
    assert_nothing_lost(before, await look(hass), plan)

    await undo(hass, loaded)

    assert disabler(theirs) is None
    assert theirs.state is ConfigEntryState.LOADED
    # Their entity of a car that streams takes it from the last state there was, which was ours.
    features = frozenset({("update", "supported_features")})
    assert_as_before(before, await look(hass), but=features)
