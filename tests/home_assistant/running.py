"""Fixtures of the running side: an entry whose cloud is a FakeCloud."""

import base64
from collections.abc import Awaitable, Callable, Generator
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import PropertyMock, patch

from homeassistant.config_entries import ConfigEntryState
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension

from custom_components.teslalogger import PLATFORMS
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.tesla import Availability, Scope, Tokens
from custom_components.teslalogger.vault import async_open_vault

from .cloud import MODEL_3, MODEL_X, FakeCar, FakeCloud

if TYPE_CHECKING:
    from datetime import timedelta

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.const import Platform
    from homeassistant.core import HomeAssistant
    from syrupy.assertion import SnapshotAssertion

NEVER = 4e9  # seconds since 1970; renewing is not what these tests are about
NOW = "2026-11-01 12:00:00+00:00"
ACCOUNT = "11111111-aaaa-4aaa-8aaa-111111111111"

type Start = Callable[..., Awaitable[MockConfigEntry]]


def access_token(*scopes: Scope) -> str:
    """An access token that grants these scopes; nobody checks its signature."""
    claims = {"sub": ACCOUNT, "scp": scopes, "ou_code": "EU", "exp": NEVER}
    parts = ({"alg": "none"}, claims, "")
    return ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    )


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that know Home Assistant's registries."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def cloud() -> FakeCloud:
    """Two cars: an old one that takes unsigned commands, and one that only drivers share."""
    return FakeCloud(
        FakeCar(vin=MODEL_X, name="Falcon"),
        FakeCar(vin=MODEL_3, name="Juniper", access_type="DRIVER"),
    )


@pytest.fixture
def scopes() -> tuple[Scope, ...]:
    """What the login allows."""
    return tuple(Scope)


@pytest.fixture
def platforms() -> tuple[Platform, ...] | None:
    """The platforms to load; None for all."""
    return None


@pytest.fixture
def entry() -> MockConfigEntry:
    """An entry that is not set up yet."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Tesla",
        unique_id=ACCOUNT,
        data={
            "auth_implementation": DOMAIN,
            "domain": "home.example.test",
            "region": "eu",
            "key_hosting": "home_assistant",
            "account_id": ACCOUNT,
        },
    )


@pytest.fixture
def now() -> str:
    """When the entry is set up."""
    return NOW


@pytest.fixture
def start(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    cloud: FakeCloud,
    scopes: tuple[Scope, ...],
    platforms: tuple[Platform, ...] | None,
    now: str,
    freezer: FrozenDateTimeFactory,
) -> Generator[Start]:
    """Set the entry up, with tokens and a key in its vault; from here on time stands still."""
    freezer.move_to(now)

    async def begin() -> MockConfigEntry:
        if entry.entry_id not in {known.entry_id for known in hass.config_entries.async_entries()}:
            entry.add_to_hass(hass)
            vault = await async_open_vault(hass, ACCOUNT)
            await vault.async_make_key()
            await vault.tokens.save(
                Tokens(
                    access_token=access_token(*scopes),
                    refresh_token="EU_refresh",
                    expires_at=NEVER,
                )
            )
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        return entry

    implementation = SimpleNamespace(client_id="client")
    with (
        patch("custom_components.teslalogger.logins.FleetClient", cloud.connect),
        patch(
            "custom_components.teslalogger.logins.async_get_config_entry_implementation",
            return_value=implementation,
        ),
        patch(
            "custom_components.teslalogger.PLATFORMS",
            platforms or PLATFORMS,
        ),
    ):
        yield begin


@pytest.fixture
async def loaded(start: Start, hass: HomeAssistant) -> MockConfigEntry:
    """A loaded entry whose cars have answered once."""
    entry = await start()
    assert entry.state is ConfigEntryState.LOADED
    for car in entry.runtime_data.cars.values():
        await car.async_refresh()
    await hass.async_block_till_done()
    return entry


def state_of(hass: HomeAssistant, entity_id: str) -> str | None:
    """The state of an entity; None if there is none."""
    state = hass.states.get(entity_id)
    return state.state if state else None


def asleep(cloud: FakeCloud) -> None:
    """Put every car to sleep."""
    for car in cloud.cars.values():
        car.availability = Availability.ASLEEP


async def pass_time(hass: HomeAssistant, freezer: FrozenDateTimeFactory, step: timedelta) -> None:
    """Let time pass and everything happen that was due."""
    freezer.tick(step)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
def everything_enabled() -> Generator[None]:
    """Enable the entities that are disabled when they are new."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        new_callable=PropertyMock,
        return_value=True,
    ):
        yield
