"""What the receivers of this Home Assistant have in common: our authority, and Tesla's.

Both are in one private file. Losing our authority would mean a new configuration for every car;
Tesla's are fetched again where other ones are pinned than when they were written down.
"""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aiohttp import ClientError, ClientTimeout
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.json import save_json
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import load_json_object

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.fleet_telemetry.authorities import (
    BUNDLE_URL,
    MAX_BUNDLE,
    PINNED,
    trusted,
)
from custom_components.teslalogger.fleet_telemetry.errors import (
    DamagedAuthority,
    FleetTelemetryError,
)
from custom_components.teslalogger.fleet_telemetry.pki import OwnAuthority
from custom_components.teslalogger.fleet_telemetry.tls import server_context
from custom_components.teslalogger.tesla.hosts import resolve, simulated_authorities

if TYPE_CHECKING:
    import ssl

    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.fleet_telemetry.pki import Leaf

_IDENTITY: Final[HassKey[TelemetryIdentity]] = HassKey(f"{DOMAIN}.telemetry_identity")
_TIMEOUT: Final = ClientTimeout(total=30)
_HTTP_OK: Final = 200


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
        self._teslas: str | None = None

    async def async_authority(self) -> OwnAuthority:
        """The authority that cars are told to trust; made once."""
        async with self._lock:
            await self._async_load()
            if self._authority is None:
                self._authority = OwnAuthority.create(datetime.now(UTC))
                await self._async_save()
            return self._authority

    async def async_teslas_authorities(self) -> str:
        """Tesla's authorities, as PEM; asked for once, and only pinned ones are taken.

        Once means until other ones are pinned.
        """
        async with self._lock:
            await self._async_load()
            if self._teslas is None:
                self._teslas = await self._async_fetch()
                await self._async_save()
            return self._teslas

    async def async_context(self, hostname: str) -> tuple[ssl.SSLContext, Leaf]:
        """Our side of cars' handshakes, with a new certificate for the name they dial."""
        authority = await self.async_authority()
        teslas = await self.async_teslas_authorities()
        leaf = authority.issue(hostname, datetime.now(UTC))
        try:
            context = await self._hass.async_add_executor_job(server_context, leaf, teslas)
        except FleetTelemetryError as err:
            raise TelemetryIdentityError(key=err.translation_key) from err
        return context, leaf

    async def async_delete(self) -> None:
        """Delete the file and forget everything."""
        async with self._lock:
            self._authority = self._teslas = None
            with suppress(FileNotFoundError):
                await self._hass.async_add_executor_job(self._path.unlink)

    async def _async_fetch(self) -> str:
        session = async_get_clientsession(self._hass)
        try:
            async with session.get(resolve(BUNDLE_URL), timeout=_TIMEOUT) as answer:
                if answer.status != _HTTP_OK:
                    raise TelemetryIdentityError(
                        key="telemetry_authorities_unreachable", reason=f"HTTP {answer.status}"
                    )
                bundle = await answer.content.read(MAX_BUNDLE)
        except (ClientError, TimeoutError) as err:
            raise TelemetryIdentityError(
                key="telemetry_authorities_unreachable", reason=type(err).__name__
            ) from err
        try:
            return trusted(bundle, pinned=_pinned()).pem
        except FleetTelemetryError as err:
            raise TelemetryIdentityError(key=err.translation_key) from err

    async def _async_load(self) -> None:
        if self._authority is not None or self._teslas is not None:
            return
        try:
            stored = await self._hass.async_add_executor_job(load_json_object, self._path)
            self._authority = _read_authority(stored)
        except (HomeAssistantError, DamagedAuthority) as err:
            raise TelemetryIdentityError(
                key=DamagedAuthority.translation_key, file=self._path.name
            ) from err
        teslas = stored.get("teslas")
        if isinstance(teslas, str) and stored.get("pinned") == sorted(_pinned()):
            self._teslas = teslas

    async def _async_save(self) -> None:
        content = {
            "authority": self._authority.to_dict() if self._authority else None,
            "teslas": self._teslas,
            "pinned": sorted(_pinned()) if self._teslas else None,
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


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    save_json(str(path), content, private=True, atomic_writes=True)
