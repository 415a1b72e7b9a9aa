"""Fixtures of the whole way: Home Assistant, the real integration, and a simulated Tesla."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.components.application_credentials import (
    ClientCredential,
    async_import_client_credential,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.teslalogger import vault
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.tesla import Scope, Tokens
from simulator.cloud.hosts import Region
from tests.simulator_fixtures import CLIENT_ID, DOMAIN as HOST, register_key, simulator_url, world

if TYPE_CHECKING:
    from datetime import timedelta

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant, State

    from custom_components.teslalogger.coordinator import CarCoordinator
    from simulator.cloud.ledger import Entry
    from simulator.world import World

__all__ = ["Live", "live", "simulator_url", "start_live", "world"]

OWNER = "11111111-aaaa-4aaa-8aaa-111111111111"

type StartLive = Callable[..., Awaitable[Live]]


@dataclass(kw_only=True)
class Live:
    """A running Home Assistant whose account is the simulated owner's."""

    hass: HomeAssistant
    world: World
    entry: MockConfigEntry
    freezer: FrozenDateTimeFactory

    def car(self, vin: str) -> CarCoordinator:
        """The integration's side of a car."""
        car: CarCoordinator = self.entry.runtime_data.cars[vin]
        return car

    def entity_id(self, platform: str, vin: str, key: str) -> str:
        """The id under which Home Assistant knows the entity."""
        unique_id = f"{OWNER}_{vin}_{key}"
        entity_id = er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, unique_id)
        assert entity_id is not None, unique_id
        return entity_id

    def state(self, platform: str, vin: str, key: str) -> State:
        """An entity's state."""
        state = self.hass.states.get(self.entity_id(platform, vin, key))
        assert state is not None
        return state

    async def look_at(self, vin: str) -> None:
        """Have the car asked once."""
        await self.car(vin).async_refresh()
        await self.hass.async_block_till_done()

    async def press(self, vin: str, key: str = "sentry_mode", service: str = "turn_on") -> None:
        """Press a switch and wait for what comes of it."""
        target = {ATTR_ENTITY_ID: self.entity_id("switch", vin, key)}
        await self.hass.services.async_call("switch", service, target, blocking=True)

    def asked(self, vin: str) -> list[Entry]:
        """What Tesla was asked about or for the car."""
        return [entry for entry in self.world.ledger.entries if entry.vin == vin]

    async def restart(self) -> None:
        """Stop and start the integration; nothing survives but what is on disk."""
        assert await self.hass.config_entries.async_unload(self.entry.entry_id)
        await self.hass.async_block_till_done(wait_background_tasks=True)
        self.hass.data[vault._VAULTS].clear()
        await self.begin()

    async def begin(self) -> None:
        """Set the entry up."""
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done(wait_background_tasks=True)
        assert self.entry.state is ConfigEntryState.LOADED

    async def pass_time(self, step: timedelta) -> None:
        """Let time pass for Home Assistant, Tesla and the cars."""
        self.world.clock.advance(step.total_seconds())
        self.freezer.tick(step)
        async_fire_time_changed(self.hass)
        await self.hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
async def start_live(
    hass: HomeAssistant,
    world: World,
    simulator_url: str,  # noqa: ARG001 - the way to it
    freezer: FrozenDateTimeFactory,
) -> StartLive:
    """Sign the owner in and register the key; the world may be changed before."""

    async def start(scopes: Iterable[Scope] = Scope) -> Live:
        assert await async_setup_component(hass, "application_credentials", {})
        await async_import_client_credential(
            hass, DOMAIN, ClientCredential(CLIENT_ID, "simulated-secret"), DOMAIN
        )
        opened = await vault.async_open_vault(hass, OWNER)
        register_key(world, (await opened.async_make_key()).public_point)
        answer = world.authority.sign_in(
            client_id=CLIENT_ID, account=OWNER, region=Region.EU, scopes=list(scopes)
        )
        await opened.tokens.save(
            Tokens(
                access_token=answer["access_token"],
                refresh_token=answer["refresh_token"],
                expires_at=world.clock.now() + answer["expires_in"],
            )
        )
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="owner@example.com",
            unique_id=OWNER,
            data={
                "account_id": OWNER,
                "auth_implementation": DOMAIN,
                "domain": HOST,
                "key_hosting": "home_assistant",
                "region": "eu",
            },
        )
        entry.add_to_hass(hass)
        running = Live(hass=hass, world=world, entry=entry, freezer=freezer)
        await running.begin()
        world.ledger.clear()
        return running

    return start


@pytest.fixture
async def live(start_live: StartLive) -> Live:
    """The standard world, running."""
    return await start_live()
