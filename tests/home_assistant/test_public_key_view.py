"""The public key is where Tesla looks for it, for everybody, and nothing else is."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.setup import async_setup_component
import pytest

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.public_key_view import (
    async_register_public_key_view,
    async_serve_public_key,
)
from custom_components.teslalogger.tesla import WELL_KNOWN_PATH, AnswerLost
from custom_components.teslalogger.vault import async_open_vault

from .running import ACCOUNT

if TYPE_CHECKING:
    from aiohttp.test_utils import TestClient
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

    from .cloud import FakeCloud
    from .running import Start

type World = TestClient[Any, Any]

HOME: Final = "home.example.test"
OTHER: Final = "other.example.test"
PEM: Final = b"-----BEGIN PUBLIC KEY-----\none\n-----END PUBLIC KEY-----\n"
ANOTHER_PEM: Final = b"-----BEGIN PUBLIC KEY-----\ntwo\n-----END PUBLIC KEY-----\n"


@pytest.fixture
async def world(hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator) -> World:
    """Anybody on the internet: no login."""
    assert await async_setup_component(hass, DOMAIN, {})
    client: World = await hass_client_no_auth()
    return client


async def found(world: World, host: str = HOME) -> bytes | None:
    """What is at the address; None for 404."""
    answer = await world.get(WELL_KNOWN_PATH, headers={"Host": host})
    if answer.status == HTTPStatus.NOT_FOUND:
        return None
    assert answer.status == HTTPStatus.OK
    return await answer.read()


async def test_key_is_there_for_everybody(hass: HomeAssistant, world: World) -> None:
    """As a file that no cache keeps: a new key must be seen at once."""
    async_serve_public_key(hass, HOME, PEM)

    answer = await world.get(WELL_KNOWN_PATH, headers={"Host": HOME})

    assert answer.status == HTTPStatus.OK
    assert await answer.read() == PEM
    assert answer.content_type == "application/x-pem-file"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_nothing_is_there_without_a_key(world: World) -> None:
    """Installed is not set up."""
    assert await found(world) is None


async def test_each_domain_has_its_own_key(hass: HomeAssistant, world: World) -> None:
    """However its name is written; a third one has none."""
    async_serve_public_key(hass, HOME, PEM)
    async_serve_public_key(hass, OTHER, ANOTHER_PEM)

    assert await found(world, HOME) == PEM
    assert await found(world, OTHER) == ANOTHER_PEM
    assert await found(world, f"{HOME}:443") == PEM
    assert await found(world, HOME.upper()) == PEM
    assert await found(world, f"{HOME}.") == PEM
    assert await found(world, "third.example.test") is None


async def test_international_domain_finds_its_key(hass: HomeAssistant, world: World) -> None:
    """Domains are kept as DNS writes them."""
    async_serve_public_key(hass, "xn--bcher-kva.example", PEM)
    async_serve_public_key(hass, OTHER, ANOTHER_PEM)

    assert await found(world, "xn--bcher-kva.example") == PEM


async def test_single_key_is_found_by_any_name(hass: HomeAssistant, world: World) -> None:
    """A proxy may put its own name in the request."""
    async_serve_public_key(hass, HOME, PEM)

    assert await found(world, "192.168.1.2:8123") == PEM


@pytest.mark.parametrize("host", ["", "a b", "[::1", "home.example.test:port"])
async def test_name_that_is_none_is_no_trouble(
    hass: HomeAssistant, world: World, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Anybody can send anything."""
    async_serve_public_key(hass, HOME, PEM)
    async_serve_public_key(hass, OTHER, ANOTHER_PEM)

    answer = await world.get(WELL_KNOWN_PATH, headers={"Host": host})

    assert answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}
    assert "Error handling request" not in caplog.text


async def test_who_came_last_is_served(hass: HomeAssistant, world: World) -> None:
    """A set-up in progress, then the entry again; stopping twice stops nobody else."""
    stop_entry = async_serve_public_key(hass, HOME, PEM)
    stop_set_up = async_serve_public_key(hass, HOME, ANOTHER_PEM)
    assert await found(world) == ANOTHER_PEM

    stop_set_up()
    stop_set_up()
    assert await found(world) == PEM

    stop_entry()
    assert await found(world) is None

    async_serve_public_key(hass, HOME, PEM)
    stop_entry()
    assert await found(world) == PEM


async def test_same_key_may_be_served_twice(hass: HomeAssistant, world: World) -> None:
    """By the set-up that ends and by the entry that comes of it."""
    async_serve_public_key(hass, HOME, PEM)
    stop_set_up = async_serve_public_key(hass, HOME, PEM)

    stop_set_up()
    stop_set_up()

    assert await found(world) == PEM


async def test_address_is_offered_once(hass: HomeAssistant, world: World) -> None:
    """Home Assistant cannot take an address back."""
    async_register_public_key_view(hass)
    async_serve_public_key(hass, HOME, PEM)

    assert await found(world) == PEM


@pytest.mark.parametrize(
    "path",
    [
        "/.well-known",
        "/.well-known/",
        "/.well-known/appspecific",
        "/.well-known/appspecific/",
        "/.well-known/appspecific/com.tesla.3p.private-key.pem",
        f"{WELL_KNOWN_PATH}/",
        f"{WELL_KNOWN_PATH}/more",
        f"{WELL_KNOWN_PATH}.bak",
    ],
)
async def test_nothing_else_is_there(hass: HomeAssistant, world: World, path: str) -> None:
    """Only this one file."""
    async_serve_public_key(hass, HOME, PEM)

    assert (await world.get(path)).status == HTTPStatus.NOT_FOUND


async def test_key_can_only_be_read(hass: HomeAssistant, world: World) -> None:
    """Whoever wants to put another one there."""
    async_serve_public_key(hass, HOME, PEM)

    answer = await world.put(WELL_KNOWN_PATH, data=ANOTHER_PEM)

    assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert await found(world) == PEM


# With an entry


async def public_pem(hass: HomeAssistant) -> bytes:
    """The account's own public key."""
    key = (await async_open_vault(hass, ACCOUNT)).key
    assert key is not None
    return key.public_pem()


async def test_entry_serves_its_key_until_it_is_unloaded(
    hass: HomeAssistant, world: World, start: Start
) -> None:
    """And again after it was loaded again."""
    entry = await start()
    pem = await public_pem(hass)
    assert pem.startswith(b"-----BEGIN PUBLIC KEY-----")
    assert await found(world) == pem

    await hass.config_entries.async_unload(entry.entry_id)
    assert await found(world) is None

    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert await found(world) == pem

    await hass.config_entries.async_remove(entry.entry_id)
    assert await found(world) is None


async def test_entry_serves_its_key_while_tesla_is_down(
    hass: HomeAssistant, world: World, start: Start, cloud: FakeCloud
) -> None:
    """Tesla may want it before it answers us; removing the entry ends that too."""
    cloud.failures["products"] = AnswerLost(status=503)
    entry = await start()
    assert entry.state is ConfigEntryState.SETUP_RETRY

    assert await found(world) == await public_pem(hass)

    await hass.config_entries.async_remove(entry.entry_id)
    assert await found(world) is None


async def test_entry_that_moves_takes_its_key_along(
    hass: HomeAssistant, world: World, start: Start
) -> None:
    """To another domain."""
    entry = await start()
    async_serve_public_key(hass, "third.example.test", PEM)

    hass.config_entries.async_update_entry(entry, data={**entry.data, "domain": OTHER})
    await hass.config_entries.async_reload(entry.entry_id)

    assert await found(world, HOME) is None
    assert await found(world, OTHER) == await public_pem(hass)


async def test_entry_whose_key_another_host_serves_has_none_here(
    hass: HomeAssistant, world: World, start: Start
) -> None:
    """The user chose so."""
    entry = await start()

    hass.config_entries.async_update_entry(entry, data={**entry.data, "key_hosting": "external"})
    await hass.config_entries.async_reload(entry.entry_id)

    assert entry.state is ConfigEntryState.LOADED
    assert await found(world) is None
