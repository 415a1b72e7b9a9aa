"""What an account must not lose: on disk before it is used, readable by nobody else."""

import asyncio
from dataclasses import dataclass
import json
from pathlib import Path
import stat
import threading
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util.file import WriteError
import pytest

from custom_components.teslalogger import vault as vault_module
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.tesla import Tokens
from custom_components.teslalogger.vault import (
    Vault,
    VaultDamaged,
    VaultNotSaved,
    async_delete_vault,
    async_open_vault,
)
from custom_components.teslalogger.vehicle import Route
from custom_components.teslalogger.vehicle_command import CommandKey, Domain, StoredSession

from .cloud import MODEL_3, MODEL_X
from .running import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .running import Start

TOKENS = Tokens(access_token="access", refresh_token="EU_refresh", expires_at=4e9)
NEWER = Tokens(access_token="newer access", refresh_token="EU_newer", expires_at=5e9)
SESSION = StoredSession(
    public_key=CommandKey.generate().public_point,
    epoch=bytes(16),
    zero_wall=1.7e9,
    counter=7,
    encrypts=True,
)


@dataclass
class VaultFile:
    """The account's file, as one finds it on the disk."""

    path: Path

    @property
    def content(self) -> bytes | None:
        """What is in it; None if it is not there."""
        return self.path.read_bytes() if self.path.exists() else None

    def put(self, content: bytes | Mapping[str, Any]) -> bytes:
        """Have this in it before Home Assistant looks."""
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_bytes(
            content if isinstance(content, bytes) else json.dumps(content).encode()
        )
        return self.path.read_bytes()

    def block(self) -> None:
        """Put a file where the folder should be."""
        self.path.parent.write_text("in the way")


@pytest.fixture
def file(hass: HomeAssistant) -> VaultFile:
    """Where Home Assistant keeps such files."""
    name = f"{DOMAIN}.{ACCOUNT.replace('-', '_')}"
    return VaultFile(Path(hass.config.path(STORAGE_DIR, name)))


@pytest.fixture
async def vault(hass: HomeAssistant) -> Vault:
    """A new account's vault, with a key and tokens in it."""
    opened = await async_open_vault(hass, ACCOUNT)
    await opened.async_make_key()
    await opened.tokens.save(TOKENS)
    return opened


async def reopened(hass: HomeAssistant) -> Vault:
    """The vault after a restart."""
    hass.data.pop(vault_module._VAULTS)
    return await async_open_vault(hass, ACCOUNT)


def fail(*_: object, **__: object) -> None:
    """Stand for a disk that is full."""
    raise WriteError


@pytest.mark.usefixtures("vault")
def test_only_its_owner_can_read_the_file(file: VaultFile) -> None:
    """As for every file that Home Assistant calls private."""
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


async def test_everything_survives_a_restart(hass: HomeAssistant, vault: Vault) -> None:
    """Tokens, key, sessions, and what was learnt of a car."""
    await vault._sessions.save(MODEL_3, Domain.INFOTAINMENT, SESSION)
    vault.beliefs(MODEL_X).learn(Route.SIGNED)
    await vault.async_save()

    again = await reopened(hass)

    assert again is not vault
    assert await again.tokens.load() == TOKENS
    assert vault.key is not None
    assert again.key is not None
    assert again.key.public_point == vault.key.public_point
    assert again._sessions.load(MODEL_3, Domain.INFOTAINMENT) == SESSION
    assert again._sessions.load(MODEL_3, Domain.VEHICLE_SECURITY) is None
    assert again.beliefs(MODEL_X).current.route is Route.SIGNED


async def test_account_without_a_file_has_nothing(hass: HomeAssistant, file: VaultFile) -> None:
    """And opening its vault makes none."""
    vault = await async_open_vault(hass, ACCOUNT)

    assert vault.key is None
    assert await vault.tokens.load() is None
    assert vault.channel(MODEL_3, transport=None) is None  # type: ignore[arg-type] # unused
    assert file.content is None


async def test_everybody_gets_the_same_vault(hass: HomeAssistant) -> None:
    """Two of them would overwrite each other's file; other accounts have their own."""
    first, second = await asyncio.gather(*(async_open_vault(hass, ACCOUNT) for _ in range(2)))

    assert first is second
    assert await async_open_vault(hass, "another") is not first


async def test_key_is_made_once(vault: Vault) -> None:
    """Each new one would have to be paired again."""
    key = vault.key

    assert await vault.async_make_key() is key


async def test_new_key_drops_the_sessions_of_the_old_one(hass: HomeAssistant, vault: Vault) -> None:
    """They were agreed upon with the old one."""
    former = vault.key
    await vault._sessions.save(MODEL_3, Domain.INFOTAINMENT, SESSION)

    key = await vault.async_replace_key()

    assert former is not None
    assert key.public_point != former.public_point
    assert vault._sessions.load(MODEL_3, Domain.INFOTAINMENT) is None
    again = await reopened(hass)
    assert again.key is not None
    assert again.key.public_point == key.public_point
    assert again._sessions.load(MODEL_3, Domain.INFOTAINMENT) is None


async def test_car_that_is_gone_is_forgotten(vault: Vault, file: VaultFile) -> None:
    """Its VIN is in no file then."""
    await vault._sessions.save(MODEL_3, Domain.INFOTAINMENT, SESSION)
    vault.beliefs(MODEL_3).learn(Route.SIGNED)
    await vault.async_save()
    assert MODEL_3.encode() in (file.content or b"")

    await vault.async_forget_car(MODEL_3)

    assert MODEL_3.encode() not in (file.content or b"")


# A disk that fails


@pytest.mark.parametrize("error", [WriteError("full"), OSError("gone")])
async def test_failed_write_changes_nothing(
    vault: Vault, file: VaultFile, error: Exception
) -> None:
    """Neither on disk nor in memory, whatever was to be written."""
    key = vault.key
    await vault._sessions.save(MODEL_X, Domain.INFOTAINMENT, SESSION)
    before = file.content
    with patch.object(vault_module, "save_json", side_effect=error):
        with pytest.raises(VaultNotSaved) as caught:
            await vault.tokens.save(NEWER)
        with pytest.raises(VaultNotSaved):
            await vault.async_replace_key()
        with pytest.raises(VaultNotSaved):
            await vault._sessions.save(MODEL_3, Domain.INFOTAINMENT, SESSION)

    assert caught.value.__cause__ is error
    assert caught.value.translation_placeholders == {"file": file.path.name}
    assert await vault.tokens.load() == TOKENS
    assert vault.key is key
    assert vault._sessions.load(MODEL_X, Domain.INFOTAINMENT) == SESSION
    assert vault._sessions.load(MODEL_3, Domain.INFOTAINMENT) is None
    assert file.content == before


async def test_key_that_was_not_saved_is_not_there(hass: HomeAssistant) -> None:
    """Nobody may pair it."""
    vault = await async_open_vault(hass, ACCOUNT)

    with patch.object(vault_module, "save_json", fail), pytest.raises(VaultNotSaved):
        await vault.async_make_key()

    assert vault.key is None


async def test_place_that_cannot_be_written_is_told(hass: HomeAssistant, file: VaultFile) -> None:
    """For real: where the folder should be is a file."""
    vault = await async_open_vault(hass, ACCOUNT)
    file.block()

    with pytest.raises(VaultNotSaved):
        await vault.tokens.save(TOKENS)


# A file that cannot be read

GOOD_KEY = CommandKey.generate().to_pem().decode()
GOOD: Mapping[str, Any] = {
    "version": 1,
    "tokens": TOKENS.to_dict(),
    "key": GOOD_KEY,
    "sessions": {},
    "beliefs": {},
}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"version": 1, "tok', id="cut off"),
        pytest.param(b"\xff\xfe\x00", id="not text"),
        pytest.param(b"[]", id="not an object"),
        pytest.param({**GOOD, "version": 2}, id="of a later version"),
        pytest.param({**GOOD, "key": GOOD_KEY[:60]}, id="half a key"),
        pytest.param({**GOOD, "key": 5}, id="no key at all"),
        pytest.param({**GOOD, "tokens": {"access_token": "access"}}, id="half a login"),
        pytest.param({**GOOD, "tokens": []}, id="no login at all"),
        pytest.param({"version": 1}, id="almost empty"),
    ],
)
async def test_damaged_file_is_left_as_it_is(
    hass: HomeAssistant, file: VaultFile, content: bytes | dict[str, Any]
) -> None:
    """It may hold the only copy of a key that cars know."""
    stored = file.put(content)

    for _ in range(2):
        with pytest.raises(VaultDamaged) as caught:
            await async_open_vault(hass, ACCOUNT)

    assert caught.value.translation_placeholders == {"file": file.path.name}
    assert file.content == stored
    file.put(GOOD)
    assert (await async_open_vault(hass, ACCOUNT)).key is not None, "mended without a restart"


@pytest.mark.parametrize(
    "damage",
    [
        {"sessions": {MODEL_3: "?"}},
        {"sessions": {MODEL_3: {"INFOTAINMENT": "?"}}},
        {"sessions": {MODEL_3: {"INFOTAINMENT": {"epoch": "?"}}}},
        {"sessions": {MODEL_3: {"INFOTAINMENT": {**SESSION.to_dict(), "counter": -1}}}},
        {"beliefs": {MODEL_3: "?"}},
        {"beliefs": {MODEL_3: {"beliefs": {"learnt": "?"}}}},
    ],
)
async def test_what_can_be_had_again_may_be_damaged(
    hass: HomeAssistant, file: VaultFile, damage: dict[str, Any]
) -> None:
    """The car gives a new session and answers as it did before; writing goes on too."""
    file.put({**GOOD, **damage})

    vault = await async_open_vault(hass, ACCOUNT)

    assert vault._sessions.load(MODEL_3, Domain.INFOTAINMENT) is None
    assert [belief.reason for belief in vault.beliefs(MODEL_3).all] == ["vin"]
    await vault._sessions.save(MODEL_3, Domain.INFOTAINMENT, SESSION)
    assert (await reopened(hass))._sessions.load(MODEL_3, Domain.INFOTAINMENT) == SESSION


async def test_damaged_file_stops_the_set_up_in_plain_words(
    hass: HomeAssistant, entry: MockConfigEntry, file: VaultFile
) -> None:
    """Nothing is asked of Tesla, nobody is asked to sign in, and the file stays."""
    file.put(b"{")
    entry.add_to_hass(hass)

    with patch("custom_components.teslalogger.logins.async_get_config_entry_implementation"):
        await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()

    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.reason is not None
    assert file.path.name in entry.reason
    assert entry.error_reason_translation_key == "vault_damaged"
    assert not hass.config_entries.flow.async_progress()
    assert file.content == b"{"


# Time and order


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Hold back what is written until it is told to go on."""
    gate = Gate()
    with patch.object(vault_module, "_write", gate.write):
        yield gate
        gate.opened.set()


class Gate:
    """A disk that is slow for as long as one likes."""

    def __init__(self) -> None:
        self.arrived = threading.Event()
        self.opened = threading.Event()
        self._write = vault_module._write

    def write(self, path: Path, content: dict[str, Any]) -> None:
        """Write when it is time."""
        self.arrived.set()
        assert self.opened.wait(10)
        self._write(path, content)


async def test_cancelled_save_ends_and_is_not_overtaken(
    hass: HomeAssistant, vault: Vault, gate: Gate
) -> None:
    """An older content that arrives later would take the newer one's place."""
    first = hass.async_create_task(vault.tokens.save(NEWER))
    await hass.loop.run_in_executor(None, gate.arrived.wait, 10)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    last = Tokens(access_token="last", refresh_token="EU_last", expires_at=6e9)
    second = hass.async_create_task(vault.tokens.save(last))
    await asyncio.sleep(0)
    assert not second.done()

    gate.opened.set()
    await second

    assert await (await reopened(hass)).tokens.load() == last


async def test_cancelled_save_alone_is_on_disk_in_the_end(
    hass: HomeAssistant, vault: Vault, gate: Gate
) -> None:
    """Tesla has given these tokens and takes the former ones no more."""
    saving = hass.async_create_task(vault.tokens.save(NEWER))
    await hass.loop.run_in_executor(None, gate.arrived.wait, 10)
    saving.cancel()
    gate.opened.set()
    await hass.async_block_till_done()

    assert saving.cancelled()
    assert await (await reopened(hass)).tokens.load() == NEWER


@pytest.mark.parametrize("state", [CoreState.stopping, CoreState.final_write])
async def test_login_is_kept_while_home_assistant_stops(
    hass: HomeAssistant, vault: Vault, state: CoreState
) -> None:
    """A renewal may come in at any time."""
    hass.set_state(state)

    await vault.tokens.save(NEWER)

    assert await (await reopened(hass)).tokens.load() == NEWER


# Deleting


async def test_deleted_vault_is_gone(hass: HomeAssistant, vault: Vault, file: VaultFile) -> None:
    """From disk and from memory; the account may begin anew."""
    await async_delete_vault(hass, ACCOUNT)

    assert file.content is None
    assert vault.key is None
    assert await vault.tokens.load() is None
    again = await async_open_vault(hass, ACCOUNT)
    assert again.key is None
    await again.tokens.save(TOKENS)
    assert file.content is not None


async def test_deleted_vault_does_not_come_back(
    hass: HomeAssistant, vault: Vault, file: VaultFile
) -> None:
    """A command may still have been on its way."""
    await async_delete_vault(hass, ACCOUNT)

    with pytest.raises(VaultNotSaved):
        await vault._sessions.save(MODEL_3, Domain.INFOTAINMENT, SESSION)

    assert file.content is None


async def test_vault_that_cannot_be_read_can_be_deleted(
    hass: HomeAssistant, file: VaultFile
) -> None:
    """And one that is not there, too."""
    file.put(b"{")

    await async_delete_vault(hass, ACCOUNT)
    await async_delete_vault(hass, ACCOUNT)

    assert file.content is None


async def test_reload_keeps_the_vault(hass: HomeAssistant, start: Start) -> None:
    """The set-up and the entry that came of it look into the same one."""
    entry = await start()
    before = entry.runtime_data.vault

    await hass.config_entries.async_reload(entry.entry_id)

    assert entry.runtime_data.vault is before
    assert "EU_refresh" not in repr(before)
