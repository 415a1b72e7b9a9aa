"""What cars have streamed, on disk before they are told that they may forget it.

A car keeps what was not acknowledged, and an acknowledgement is a promise. The file of states is
written once a minute, so what comes between is appended to a journal: one line for what one car
told, forced to the disk about once a second, however much comes.
"""

import asyncio
from collections import defaultdict
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import STORAGE_DIR

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.vehicle.state import KNOWN_ALERTS

from .journal_file import JournalFile

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from custom_components.teslalogger.vehicle.state import VehicleState

_LOGGER = logging.getLogger(__name__)

COMMIT_AFTER: Final = 1.0
"""Seconds for which readings wait for others: each commit wears out an SD card a little."""
COMMIT_AT: Final = 200
"""Records after which nobody waits any longer."""
MAX_SIZE: Final = 1_000_000
"""Bytes of the file from which it is written anew, with the newest readings alone."""
GROWTH: Final = 8
"""Until it has so many times the size that it then had, it is not: many cars know much."""


class StreamJournal:
    """The journal of one entry, of cars whose states are what `latest` gives.

    It notes which signals were told, and writes what the state has of them by then: the newest.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry_id: str,
        latest: Callable[[], Mapping[str, VehicleState]],
    ) -> None:
        self._hass = hass
        path = Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{entry_id}.stream"))
        self._file = JournalFile(path)
        self._latest = latest
        self._pending: defaultdict[str, set[str]] = defaultdict(set)
        self._records = 0
        self._least = 0  # bytes of the file when it was written anew
        self._safe: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None

    async def async_load(self) -> dict[str, VehicleState]:
        """What it holds, by VIN. What cannot be read, such as half a last line, is left out."""
        return await self._hass.async_add_executor_job(self._file.read)

    @callback
    def async_add(
        self, vin: str, *records: Collection[str], has_alerts: bool = False
    ) -> asyncio.Future[None]:
        """Write soon what the state took over from a car's records, each by its signals' keys.

        The future is done once it would survive a power cut. It fails with an OSError if the disk
        does not take it, and is cancelled if it is not known whether it did. Whoever cancels it
        does so for all that are written together.
        """
        told = self._pending[vin]
        told.update(*records)
        if has_alerts:
            told.add(KNOWN_ALERTS)
        self._records += max(1, len(records))
        safe = self._safe or self._hass.loop.create_future()
        self._safe = safe
        if self._records >= COMMIT_AT:
            self._commit()
        elif self._timer is None and self._writing is None:
            self._timer = self._hass.loop.call_later(COMMIT_AFTER, self._commit)
        return safe

    async def async_close(self) -> None:
        """Write what is waiting."""
        self._commit()
        while self._writing is not None:
            await asyncio.wait([self._writing])

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._hass.async_add_executor_job(self._file.remove)

    @callback
    def _commit(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._writing is None and self._safe is not None:
            self._writing = self._hass.async_create_background_task(
                self._async_write(), "Write what cars streamed", eager_start=False
            )

    async def _async_write(self) -> None:
        pending, self._pending = self._pending, defaultdict(set)
        safe, self._safe = self._safe, None
        self._records = 0
        try:
            told = {
                vin: state.to_dict(pending[vin])
                for vin, state in self._latest().items()
                if vin in pending
            }
            size = await self._hass.async_add_executor_job(self._file.append, told)
            if size > max(MAX_SIZE, GROWTH * self._least):
                everything = {vin: state.to_dict() for vin, state in self._latest().items()}
                self._least = await self._hass.async_add_executor_job(
                    self._file.replace, everything
                )
        except OSError as err:
            # Nothing but the disk is to blame: where in here it happened tells nobody anything.
            _LOGGER.error("What cars stream cannot be written, so they must keep it: %s", err)  # noqa: TRY400
            _settle(safe, err)
        else:
            _settle(safe, None)
        finally:
            if safe is not None and not safe.done():
                safe.cancel()
            self._writing = None
            self._commit()


def _settle(safe: asyncio.Future[None] | None, error: OSError | None) -> None:
    if safe is None or safe.done():
        return
    if error is None:
        safe.set_result(None)
        return
    safe.set_exception(error)
    safe.exception()  # where nobody waits for it, nothing is to be said
