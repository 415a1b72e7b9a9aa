"""What the measurements share: a simulated world with many cars, and a real Home Assistant."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
import random
import socket
import time
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.application_credentials import (
    ClientCredential,
    async_import_client_credential,
)
from homeassistant.helpers.aiohttp_client import DATA_CONNECTOR
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from homeassistant.util.ssl import SSLCipherList
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant

from custom_components.teslalogger.tesla import Scope, Tokens
from custom_components.teslalogger.vault import async_open_vault
from simulator.car import Car
from simulator.car.model import MODEL_3_2022, MODEL_Y_2025
from simulator.clock import Clock
from simulator.cloud.hosts import Region
from simulator.garage import OWNER, standard_world
from tests.simulator_fixtures import CLIENT_ID, DOMAIN as HOST, register_key

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import TCPConnector
    from homeassistant.core import HomeAssistant

    from simulator.world import World

CARS: Final = 20

type MakeConnector = Callable[[], TCPConnector]


async def our_entry(
    hass: HomeAssistant, world: World, options: dict[str, Any] | None = None
) -> MockConfigEntry:
    """An entry of ours for the owner, signed in and with a key; not added yet."""
    vault = await async_open_vault(hass, OWNER)
    register_key(world, (await vault.async_make_key()).public_point)
    answer = sign_in(world)
    await vault.tokens.save(
        Tokens(
            access_token=answer["access_token"],
            refresh_token=answer["refresh_token"],
            expires_at=time.time() + answer["expires_in"],
        )
    )
    return MockConfigEntry(
        entry_id="ours",
        domain="teslalogger",
        unique_id=OWNER,
        data={
            "account_id": OWNER,
            "auth_implementation": "teslalogger",
            "domain": HOST,
            "key_hosting": "home_assistant",
            "region": "eu",
        },
        options=options or {},
    )


def sign_in(world: World) -> dict[str, Any]:
    """The owner's tokens."""
    return world.authority.sign_in(
        client_id=CLIENT_ID, account=OWNER, region=Region.EU, scopes=list(Scope)
    )


def many_cars() -> World:
    """The standard world and enough ordinary cars."""
    world = standard_world(clock=Clock(0, start=time.time()))
    dice = random.Random(20)  # noqa: S311 - the same cars each time
    while len(world.cars) < CARS:
        vin = f"LRW3E7E{dice.choice('ABCEK')}{dice.randrange(10)}NC{dice.randrange(10**6):06}"
        name = f"Car {len(world.cars) + 1}"
        model = dice.choice((MODEL_3_2022, MODEL_Y_2025))
        world.cars[vin] = Car(vin, name, model=model, clock=world.clock, owner=OWNER)
    return world


@asynccontextmanager
async def home_assistant(
    folder: Path, make_connector: MakeConnector
) -> AsyncGenerator[HomeAssistant]:
    """A real one with this folder, which reaches Tesla's hosts in the simulation."""
    async with async_test_home_assistant(config_dir=str(folder)) as hass:
        hass.data.pop(DATA_CUSTOM_COMPONENTS)
        key = (True, socket.AF_UNSPEC, SSLCipherList.PYTHON_DEFAULT)
        connector = make_connector()
        hass.data[DATA_CONNECTOR] = {key: connector}
        await async_setup_component(hass, "application_credentials", {})
        for domain in ("teslalogger", "tesla_fleet"):
            credential = ClientCredential(CLIENT_ID, "simulated-secret")
            await async_import_client_credential(hass, domain, credential, domain)
        yield hass
        await hass.async_stop(force=True)
        await connector.close()
