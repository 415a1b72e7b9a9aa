"""What the receivers of this Home Assistant have in common: our authority, and Tesla's.

Both are in one private file. Losing our authority would mean a new configuration for every car;
Tesla's are fetched again where other ones are pinned than when they were written down, or nobody
knows whether all of them were. A file of the user's takes their place.
"""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.json import save_json
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import load_json_object

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.fleet_telemetry.authorities import PINNED, trusted
from custom_components.teslalogger.fleet_telemetry.errors import (
    DamagedAuthority,
    FleetTelemetryError,
    NoAuthorities,
)
from custom_components.teslalogger.fleet_telemetry.pki import OwnAuthority
from custom_components.teslalogger.fleet_telemetry.tls import server_context
from custom_components.teslalogger.tesla.hosts import simulated_authorities

from .bundle import FILE, async_fetch, read_file

if TYPE_CHECKING:
    import ssl

    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.fleet_telemetry.authorities import Authorities
    from custom_components.teslalogger.fleet_telemetry.pki import Leaf

_LOGGER = logging.getLogger(__name__)

_IDENTITY: Final[HassKey[TelemetryIdentity]] = HassKey(f"{DOMAIN}.telemetry_identity")


class TelemetryIdentityError(HomeAssistantError):
    """The receiver cannot be who it has to be; `key`, of a translation, says why."""

    def __init__(self, *, key: str, **placeholders: str) -> None:
        super().__init__(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders=placeholders,
        )


def async_get_identity(hass: HomeAssistant) -> TelemetryIdentity:
    """The one of this Home Assistant."""
    return hass.data.setdefault(_IDENTITY, TelemetryIdentity(hass))


async def async_delete_identity(hass: HomeAssistant) -> None:
    """Delete both; no car trusts us any more, and none is to stream."""
    identity = hass.data.pop(_IDENTITY, None) or TelemetryIdentity(hass)
    await identity.async_delete()


class TelemetryIdentity:
    """Our authority and Tesla's, read from disk when they are first needed.

    Every method raises TelemetryIdentityError.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._path = Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.telemetry"))
        self._lock = asyncio.Lock()
        self._authority: OwnAuthority | None = None
        self._published: Authorities | None = None
        self.authorities: Authorities | None = None

    async def async_authority(self) -> OwnAuthority:
        """The authority that cars are told to trust; made once in ten years."""
        async with self._lock:
            await self._async_load()
            return self._authority or await self._async_make()

    async def async_teslas_authorities(self) -> str:
        """Tesla's authorities, as PEM; asked for once, and only pinned ones are taken.

        Once means until other ones are pinned. `authorities` tells of them afterwards.
        """
        async with self._lock:
            await self._async_load()
            if self.authorities is None:
                try:
                    self.authorities = await self._async_find()
                except FleetTelemetryError as err:
                    raise TelemetryIdentityError(
                        key=err.translation_key, **err.placeholders
                    ) from err
                _note_missing(self.authorities)
            return self.authorities.pem

    async def async_context(self, hostname: str) -> tuple[ssl.SSLContext, Leaf]:
        """Our side of cars' handshakes, with a new certificate for the name they dial.

        An authority that is about to end, or has, gives way to a new one; it does so here, so that
        no car is told to trust one that the receiver does not show.
        """
        authority, now = await self.async_authority(), datetime.now(UTC)
        teslas = await self.async_teslas_authorities()
        if authority.is_due(now):
            async with self._lock:
                authority = await self._async_make()
        leaf = authority.issue(hostname, now)
        try:
            context = await self._hass.async_add_executor_job(server_context, leaf, teslas)
        except FleetTelemetryError as err:
            raise TelemetryIdentityError(key=err.translation_key) from err
        return context, leaf

    async def async_delete(self) -> None:
        """Delete the file and forget everything."""
        async with self._lock:
            self._authority = self._published = self.authorities = None
            with suppress(FileNotFoundError):
                await self._hass.async_add_executor_job(self._path.unlink)

    async def _async_make(self) -> OwnAuthority:
        self._authority = OwnAuthority.create(datetime.now(UTC))
        await self._async_save()
        return self._authority

    async def _async_find(self) -> Authorities:
        own = await self._hass.async_add_executor_job(
            read_file, Path(self._hass.config.path(FILE)), _pinned()
        )
        if own is not None:
            return own
        if self._published is None:
            bundle = await async_fetch(async_get_clientsession(self._hass))
            self._published = trusted(bundle, pinned=_pinned())
            await self._async_save()
        return self._published

    async def _async_load(self) -> None:
        if self._authority is not None or self._published is not None:
            return
        try:
            stored = await self._hass.async_add_executor_job(load_json_object, self._path)
            self._authority = _read_authority(stored)
        except (HomeAssistantError, DamagedAuthority) as err:
            raise TelemetryIdentityError(
                key=DamagedAuthority.translation_key, file=self._path.name
            ) from err
        self._published = _read_published(stored)

    async def _async_save(self) -> None:
        published = self._published
        content = {
            "authority": self._authority.to_dict() if self._authority else None,
            "teslas": published and published.pem,
            "pinned": sorted(_pinned()) if published else None,
            "missing": published and published.missing,
        }
        try:
            await self._hass.async_add_executor_job(_write, self._path, content)
        except (HomeAssistantError, OSError) as err:
            raise TelemetryIdentityError(key="vault_not_saved", file=self._path.name) from err


def _pinned() -> frozenset[str]:
    return PINNED | simulated_authorities()


def _read_authority(stored: Any) -> OwnAuthority | None:
    authority = stored.get("authority")
    return OwnAuthority.from_dict(authority) if authority is not None else None


def _read_published(stored: Any) -> Authorities | None:
    """Tesla's authorities as they were kept; None if they may have been cut off."""
    match stored:
        case {"teslas": str() as pem, "pinned": list() as pinned, "missing": int() as missing}:
            with suppress(NoAuthorities):
                read = trusted(pem.encode(), pinned=_pinned())
                return read if (pinned, missing) == (sorted(_pinned()), read.missing) else None
    return None


def _note_missing(authorities: Authorities) -> None:
    if authorities.missing and not simulated_authorities():
        _LOGGER.warning(
            "%d of Tesla's %d certificates for cars are missing; cars that they vouch for are"
            " turned away",
            authorities.missing,
            len(PINNED),
        )


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    save_json(str(path), content, private=True, atomic_writes=True)
