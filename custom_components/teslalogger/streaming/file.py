"""What an entry's cars were given, on disk: it has to be taken back one day."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from homeassistant.helpers.storage import Store

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.fleet_telemetry.dossier import Dossier, Given
from custom_components.teslalogger.fleet_telemetry.stored import same_server
from custom_components.teslalogger.tesla.errors import AccessDenied, NotFound

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.tesla.fleet import FleetClient

_VERSION: Final = 1


class TelemetryFile:
    """The dossiers of an entry's cars on disk, by VIN."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self.dossiers: dict[str, Dossier] = {}
        self._store: Store[dict[str, Any]] = Store(
            hass, _VERSION, f"{DOMAIN}.{entry_id}.telemetry", private=True, atomic_writes=True
        )
        self._saved: dict[str, Any] = {}

    async def async_load(self) -> None:
        """Read the file, if there is one."""
        self._saved = await self._store.async_load() or {}
        self.dossiers = {
            vin: Dossier.from_dict(dossier)
            for vin, dossier in self._saved.items()
            if isinstance(dossier, dict)
        }

    async def async_save(self) -> None:
        """Write what has changed."""
        content = {vin: dossier.to_dict() for vin, dossier in self.dossiers.items()}
        if content != self._saved:
            self._saved = content
            await self._store.async_save(content)

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()

    @property
    def given(self) -> dict[str, Given]:
        """The cars that may stream to us."""
        return {
            vin: dossier.given
            for vin, dossier in self.dossiers.items()
            if dossier.given is not None
        }


async def async_take_back(client: FleetClient, vin: str, given: Given) -> None:
    """Have a car stream to us no more, if it is us that it streams to. Raises TeslaError."""
    with suppress(NotFound, AccessDenied):  # it is not ours to ask for any more
        held = await client.telemetry.get(vin)
        if held.config is not None and same_server(given.content, held.config):
            await client.telemetry.delete(vin)
