"""What an account must not lose and nobody may see: tokens of either API, command key, sessions.

One file per account, which only its owner can read. It is there before the account's entry is, so
a set-up that was broken off finds its key again. Home Assistant's Store is not used: it hides
write errors, and a refresh token that is not on disk must not be used (see tesla.tokens).
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.exceptions import ConfigEntryError, HomeAssistantError
from homeassistant.helpers.json import save_json
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util import slugify
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import load_json_object

from .const import DOMAIN
from .outlast import outlast
from .tesla.errors import MalformedToken
from .tesla.tokens import Tokens
from .vehicle.beliefs import RouteBeliefs
from .vehicle.channel import SignedChannel
from .vehicle_command.errors import DamagedSession, InvalidKey
from .vehicle_command.keys import CommandKey
from .vehicle_command.stored import StoredSession

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from homeassistant.core import HomeAssistant

    from .vehicle.lane import SignedTransport
    from .vehicle_command.domains import Domain

_LOGGER = logging.getLogger(__name__)

_VERSION: Final = 1
_PARTS: Final = frozenset({"version", "tokens", "key", "sessions", "beliefs"})
"""By which a vault is told from our other files."""
_VAULTS: Final[HassKey[dict[str, Vault]]] = HassKey(f"{DOMAIN}.vaults")


class VaultDamaged(ConfigEntryError):
    """The file cannot be read; it is left as it is, for it may hold the only copy of the key."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            translation_domain=DOMAIN,
            translation_key="vault_damaged",
            translation_placeholders={"file": path.name},
        )


class VaultNotSaved(HomeAssistantError):
    """The disk does not take the file; what should have been kept was not used either."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            translation_domain=DOMAIN,
            translation_key="vault_not_saved",
            translation_placeholders={"file": path.name},
        )


async def async_open_vault(hass: HomeAssistant, account_id: str) -> Vault:
    """The account's vault, read from disk at first; raises VaultDamaged.

    Everybody gets the same object: two of them would overwrite each other's file.
    """
    vaults = hass.data.setdefault(_VAULTS, {})
    if account_id not in vaults:
        vaults[account_id] = Vault(hass, account_id)
    await vaults[account_id].async_load()
    return vaults[account_id]


async def async_delete_vault(hass: HomeAssistant, account_id: str) -> None:
    """Delete the account's vault, even one that cannot be read."""
    vault = hass.data.get(_VAULTS, {}).pop(account_id, None) or Vault(hass, account_id)
    await vault.async_delete()


async def async_delete_other_vaults(hass: HomeAssistant, account_ids: Collection[str]) -> None:
    """Delete the vaults of all accounts but these: their set-up was broken off."""
    kept = {_path_of(hass, account_id) for account_id in account_ids}
    opened = hass.data.setdefault(_VAULTS, {})
    for account_id in opened.keys() - set(account_ids):
        await async_delete_vault(hass, account_id)
    folder = Path(hass.config.path(STORAGE_DIR))
    await hass.async_add_executor_job(_delete_vaults, folder, kept)


async def async_find_owner_tokens(hass: HomeAssistant, used: str) -> Tokens | None:
    """What a refresh token of the owner API was changed into, if that is in a vault."""
    folder = Path(hass.config.path(STORAGE_DIR))
    return await hass.async_add_executor_job(_find_owner_tokens, folder, used)


@dataclass(kw_only=True, slots=True)
class _KeptTokens:
    """The TokenStore of a vault."""

    write: Callable[[], Awaitable[None]]
    tokens: Tokens | None = None

    async def load(self) -> Tokens | None:
        return self.tokens

    async def save(self, tokens: Tokens) -> None:
        await self._replace(tokens)

    async def clear(self) -> None:
        """There is no login any more."""
        await self._replace(None)

    async def _replace(self, tokens: Tokens | None) -> None:
        former, self.tokens = self.tokens, tokens
        try:
            await self.write()
        except HomeAssistantError:
            self.tokens = former
            raise


@dataclass(kw_only=True, slots=True)
class _KeptSessions:
    """The SessionStore of a vault."""

    write: Callable[[], Awaitable[None]]
    sessions: dict[str, dict[str, Mapping[str, object]]] = field(default_factory=dict, repr=False)

    def load(self, vin: str, domain: Domain) -> StoredSession | None:
        try:
            return StoredSession.from_dict(self.sessions[vin][domain.name])
        except KeyError, TypeError, DamagedSession:
            return None  # the car gives a new one

    async def save(self, vin: str, domain: Domain, stored: StoredSession) -> None:
        kept = self.sessions.setdefault(vin, {})
        former = kept.get(domain.name, {})
        kept[domain.name] = stored.to_dict()
        try:
            await self.write()
        except HomeAssistantError:
            kept[domain.name] = former
            raise


class Vault:
    """The secrets of one account, and what of its cars must not be forgotten.

    Every saving method returns once the file would survive a power cut, and raises VaultNotSaved
    if it would not.
    """

    def __init__(self, hass: HomeAssistant, account_id: str) -> None:
        self.tokens: Final = _KeptTokens(write=self.async_save)
        self.owner_tokens: Final = _KeptTokens(write=self.async_save)
        self._hass = hass
        self._path = _path_of(hass, account_id)
        self._file_lock = asyncio.Lock()
        self._is_loaded = False
        self._is_deleted = False
        self._key: CommandKey | None = None
        self._sessions = _KeptSessions(write=self.async_save)
        self._beliefs: dict[str, RouteBeliefs] = {}

    @property
    def key(self) -> CommandKey | None:
        """The command key, which may not be registered or paired yet."""
        return self._key

    async def async_make_key(self) -> CommandKey:
        """The command key; a new one only if there is none."""
        if self._key is None:
            return await self.async_replace_key()
        return self._key

    async def async_replace_key(self) -> CommandKey:
        """A new command key instead of the old one, which no car obeys until it is paired."""
        former = self._key, self._sessions.sessions
        self._key, self._sessions.sessions = key, _ = CommandKey.generate(), {}
        try:
            await self.async_save()
        except HomeAssistantError:
            self._key, self._sessions.sessions = former
            raise
        return key

    def channel(self, vin: str, transport: SignedTransport) -> SignedChannel | None:
        """The signed way to a car; None without a key."""
        if self._key is None:
            return None
        return SignedChannel(vin=vin, key=self._key, transport=transport, store=self._sessions)

    def beliefs(self, vin: str) -> RouteBeliefs:
        """Which way the car's commands go; what is learnt there is kept by `async_save`."""
        return self._beliefs.setdefault(vin, RouteBeliefs(vin))

    async def async_load(self) -> None:
        """Read the file once; raises VaultDamaged."""
        async with self._file_lock:
            if self._is_loaded:
                return
            try:
                self._take(await self._hass.async_add_executor_job(load_json_object, self._path))
            except (HomeAssistantError, MalformedToken, InvalidKey, ValueError) as err:
                raise VaultDamaged(self._path) from err
            self._is_loaded = True

    async def async_save(self) -> None:
        """Write everything."""
        # A cancelled caller must not leave a write behind that overtakes the next one.
        await outlast(self._hass.async_create_task(self._async_write(), "Write the vault"))

    async def async_forget_car(self, vin: str) -> None:
        """Drop what is kept of a car that is gone."""
        self._sessions.sessions.pop(vin, None)
        self._beliefs.pop(vin, None)
        await self.async_save()

    async def async_delete(self) -> None:
        """Delete the file and forget everything; nothing is written any more."""
        async with self._file_lock:
            self._is_deleted = True
            self.tokens.tokens = self.owner_tokens.tokens = self._key = None
            self._sessions.sessions = {}
            self._beliefs = {}
            with suppress(FileNotFoundError):
                await self._hass.async_add_executor_job(self._path.unlink)

    async def _async_write(self) -> None:
        async with self._file_lock:
            if self._is_deleted:
                # A command that was still on its way must not bring the file back.
                raise VaultNotSaved(self._path)
            try:
                await self._hass.async_add_executor_job(_write, self._path, self._as_dict())
            except (HomeAssistantError, OSError) as err:
                raise VaultNotSaved(self._path) from err

    def _as_dict(self) -> dict[str, Any]:
        tokens, owner_tokens = self.tokens.tokens, self.owner_tokens.tokens
        return {
            "version": _VERSION,
            "tokens": tokens and tokens.to_dict(),
            "owner_tokens": owner_tokens and owner_tokens.to_dict(),
            "key": self._key and self._key.to_pem().decode(),
            "sessions": {vin: dict(kept) for vin, kept in self._sessions.sessions.items()},
            "beliefs": {vin: beliefs.to_dict() for vin, beliefs in self._beliefs.items()},
        }

    def _take(self, stored: Mapping[str, Any]) -> None:
        if not stored:
            return
        match stored:
            case {
                "version": version,
                "tokens": dict() | None as tokens,
                "key": str() | None as key,
                "sessions": dict() as sessions,
                "beliefs": dict() as beliefs,
            } if version == _VERSION:
                self.tokens.tokens = _read_tokens(tokens)
                self.owner_tokens.tokens = _read_tokens(stored.get("owner_tokens"))
                self._key = None if key is None else CommandKey.from_pem(key.encode())
                # Unlike tokens and key these can be had again: what is damaged is left out.
                self._sessions.sessions = {
                    vin: kept for vin, kept in sessions.items() if isinstance(kept, dict)
                }
                self._beliefs = {
                    vin: RouteBeliefs.from_dict(vin, held)
                    for vin, held in beliefs.items()
                    if isinstance(held, dict)
                }
            case _:
                msg = "not a vault of this version"
                raise ValueError(msg)


def _path_of(hass: HomeAssistant, account_id: str) -> Path:
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{slugify(account_id)}"))


def _delete_vaults(folder: Path, kept: Collection[Path]) -> None:
    for path in set(folder.glob(f"{DOMAIN}.*")) - set(kept):
        try:
            if load_json_object(path).keys() >= _PARTS:
                path.unlink()
        except HomeAssistantError:
            _LOGGER.debug("%s is no vault, or a damaged one", path.name)


def _read_tokens(stored: object) -> Tokens | None:
    if stored is None:
        return None
    if not isinstance(stored, dict):
        msg = "stored tokens cannot be read"
        raise MalformedToken(msg)
    return Tokens.from_dict(stored)


def _find_owner_tokens(folder: Path, used: str) -> Tokens | None:
    for path in folder.glob(f"{DOMAIN}.*"):
        with suppress(HomeAssistantError, MalformedToken):  # no vault, or a damaged one
            tokens = _read_tokens(load_json_object(path).get("owner_tokens"))
            if tokens is not None and tokens.previous_refresh_token == used:
                return tokens
    return None


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    save_json(str(path), content, private=True, atomic_writes=True)
