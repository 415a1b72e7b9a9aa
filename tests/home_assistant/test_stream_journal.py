"""What was streamed survives, or is not acknowledged."""

import asyncio
import errno
import os
from pathlib import Path
import stat
import threading
from typing import TYPE_CHECKING
from unittest.mock import patch

from homeassistant.helpers.storage import STORAGE_DIR
import pytest

from custom_components.teslalogger.streaming import journal as stream_journal
from custom_components.teslalogger.streaming.journal import COMMIT_AT, StreamJournal
from custom_components.teslalogger.streaming.journal_file import JournalFile
from custom_components.teslalogger.vehicle.alerts import KnownAlerts
from custom_components.teslalogger.vehicle.state import Reading, Source, VehicleState

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

VIN = "5YJ3E7EB8MF012346"
OTHER = "XP7YGCEK6SB012348"


def level(value: float, moment: float = 1000.0) -> dict[str, Reading]:
    """The battery's level at a moment."""
    reading = Reading(value=value, car_time=moment, received=moment, source=Source.STREAM)
    return {"battery_level": reading}


def damaged(path: Path) -> None:
    """What is no line before what is one, and half of it behind."""
    whole = path.read_bytes()
    path.write_bytes(b'\xff\xfe\n["x"]\n[7, {}]\n' + whole + whole[: len(whole) // 2])


def tear(path: Path) -> None:
    """Power failed in the middle of the last line."""
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])


def size(path: Path) -> int:
    """In bytes; 0 if it is not there."""
    return path.stat().st_size if path.exists() else 0


def mode(path: Path) -> int:
    """Who may do what with it."""
    return stat.S_IMODE(path.stat().st_mode)


def leave_over(path: Path) -> None:
    """What a broken-off write leaves."""
    path.with_suffix(".new").write_text("left over")


def levels(states: dict[str, VehicleState]) -> dict[str, object]:
    """By VIN."""
    return {vin: state.value("battery_level") for vin, state in states.items()}


class Journal(StreamJournal):
    """With the states that it is about."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.states = {VIN: VehicleState(), OTHER: VehicleState()}
        super().__init__(hass, "entry", lambda: self.states)

    def tell(self, vin: str, *records: dict[str, Reading]) -> asyncio.Future[None]:
        """Let a car stream something."""
        self.states[vin].apply(*records)
        return self.async_add(vin, *records)


@pytest.fixture
def path(hass: HomeAssistant) -> Path:
    """Where the journal is."""
    folder = Path(hass.config.path(STORAGE_DIR))
    folder.mkdir(exist_ok=True)
    return folder / "teslalogger.entry.stream"


@pytest.fixture
def journal(hass: HomeAssistant, path: Path) -> Journal:
    """An empty one, of cars of which nothing is known."""
    assert not path.exists()
    return Journal(hass)


async def test_nothing_is_safe_before_it_is_on_the_disk(journal: Journal, path: Path) -> None:
    """And what comes together is written together."""
    with patch.object(os, "fsync", wraps=os.fsync) as forced:
        futures = [journal.tell(VIN, level(value)) for value in (70, 71, 72)]
        futures.append(journal.tell(OTHER, level(20)))
        assert not size(path)
        assert not any(future.done() for future in futures)
        await journal.async_close()
        assert all(future.done() for future in futures)
    assert forced.call_count == 1
    assert levels(await journal.async_load()) == {VIN: 72, OTHER: 20}
    assert mode(path) == 0o600


async def test_records_that_come_together_are_written_together(journal: Journal) -> None:
    """The newest counts, wherever it stands; they wait for others as long as a single one."""
    with patch.object(stream_journal, "COMMIT_AT", 3):
        waiting = journal.tell(VIN, level(72, 1002), level(71, 1001))
        is_writing = [journal._writing is not None]
        enough = journal.tell(OTHER, level(20))
        is_writing.append(journal._writing is not None)
    assert enough is waiting
    assert is_writing == [False, True]
    await asyncio.wait_for(enough, 5)
    assert levels(await journal.async_load()) == {VIN: 72, OTHER: 20}


async def test_many_records_wait_for_nobody(journal: Journal) -> None:
    """The second is not over yet."""
    futures = [journal.tell(VIN, level(value, value)) for value in range(COMMIT_AT)]
    await asyncio.wait_for(futures[-1], 5)
    assert levels(await journal.async_load()) == {VIN: COMMIT_AT - 1}


async def test_few_records_wait_for_a_second(journal: Journal) -> None:
    """Then they are written without anybody asking."""
    with patch.object(stream_journal, "COMMIT_AFTER", 0.01):
        await asyncio.wait_for(journal.tell(VIN, level(70)), 5)
    assert levels(await journal.async_load()) == {VIN: 70}


async def test_what_comes_during_a_write_is_in_the_next(journal: Journal) -> None:
    """Its future is another one."""
    may_end = threading.Event()
    with patch.object(os, "fsync", side_effect=lambda _: may_end.wait(20)):
        first = journal.tell(VIN, level(70))
        closing = asyncio.ensure_future(journal.async_close())
        for _ in range(3):
            await asyncio.sleep(0)
        second = journal.tell(VIN, level(71, 1001))
        assert second is not first
        may_end.set()
        await closing
    assert first.done()
    assert second.done()
    assert levels(await journal.async_load()) == {VIN: 71}


async def test_full_disk_is_told_and_later_forgotten(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    """What was not written is not safe; what comes when there is room again is."""
    full = OSError(errno.ENOSPC, "No space left on device")
    with patch.object(os, "fsync", side_effect=full):
        lost = journal.tell(VIN, level(70))
        await journal.async_close()
    assert lost.exception() is full
    assert "cannot be written" in caplog.text
    kept = journal.tell(VIN, level(71))
    await journal.async_close()
    assert kept.exception() is None


async def test_half_a_line_spoils_no_other(journal: Journal, path: Path) -> None:
    """Power failed while it was written; damage elsewhere costs its own line."""
    journal.tell(VIN, level(70))
    await journal.async_close()
    damaged(path)
    assert levels(await journal.async_load()) == {VIN: 70}


async def test_what_follows_half_a_line_is_whole(journal: Journal, path: Path) -> None:
    """It was acknowledged: a new line begins after a torn one."""
    journal.tell(VIN, level(70))
    await journal.async_close()
    tear(path)
    safe = journal.tell(VIN, level(71, 1001))
    await journal.async_close()
    assert safe.exception() is None
    assert levels(await journal.async_load()) == {VIN: 71}


async def test_disk_that_fills_up_leaves_no_half_a_line(journal: Journal, path: Path) -> None:
    """What was not acknowledged is not there, and what comes when there is room again is."""
    journal.tell(VIN, level(70))
    await journal.async_close()
    before, write = size(path), os.write
    full = OSError(errno.ENOSPC, "No space left on device")

    def write_a_little(descriptor: int, content: memoryview) -> int:
        if len(content) <= 10:
            raise full
        return write(descriptor, content[:-10])

    with patch.object(os, "write", write_a_little):
        lost = journal.tell(VIN, level(71, 1001))
        await journal.async_close()
    assert lost.exception() is full
    assert size(path) == before
    journal.tell(OTHER, level(20))
    await journal.async_close()
    assert levels(await journal.async_load()) == {VIN: 70, OTHER: 20}


async def test_older_reading_of_a_batch_does_not_undo_a_newer_one(
    journal: Journal,
) -> None:
    """A car sends again what it thinks was lost, right behind something new."""
    for value, moment in ((70, 1000.0), (60, 900.0)):
        journal.tell(VIN, level(value, moment))
    await journal.async_close()
    assert levels(await journal.async_load()) == {VIN: 70}


async def test_write_that_is_called_off_promises_nothing(journal: Journal) -> None:
    """Whoever waits for it is told, and what comes afterwards is written."""
    given_up = journal.tell(VIN, level(70))
    with patch.object(journal._hass, "async_add_executor_job", return_value=asyncio.Future()):
        closing = asyncio.ensure_future(journal.async_close())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert journal._writing is not None
        journal._writing.cancel()
        await closing
    assert given_up.cancelled()
    safe = journal.tell(VIN, level(71, 1001))
    await journal.async_close()
    assert safe.exception() is None


async def test_older_line_does_not_undo_a_newer_one(journal: Journal) -> None:
    """A car sends again what it thinks was lost."""
    for value, moment in ((70, 1000.0), (60, 900.0)):
        journal.tell(VIN, level(value, moment))
        await journal.async_close()
    assert levels(await journal.async_load()) == {VIN: 70}


async def test_large_file_is_written_anew(hass: HomeAssistant, path: Path) -> None:
    """With the newest of everything that is known, not only with what was streamed last."""
    journal = Journal(hass)
    journal.states[OTHER].apply(level(20))
    journal.tell(VIN, level(70))
    await journal.async_close()
    grown = size(path)
    with patch.multiple(stream_journal, MAX_SIZE=grown, GROWTH=1):
        leave_over(path)
        for _ in range(3):
            journal.tell(VIN, level(71, 1001))
            await journal.async_close()
    assert size(path) < 3 * grown
    assert levels(await journal.async_load())[OTHER] == 20


async def test_file_of_much_that_is_known_may_grow(hass: HomeAssistant, path: Path) -> None:
    """Writing all of it anew must not be most of what is written."""
    journal = Journal(hass)
    with (
        patch.multiple(stream_journal, MAX_SIZE=1, GROWTH=3),
        patch.object(
            JournalFile, "replace", autospec=True, side_effect=JournalFile.replace
        ) as anew,
    ):
        sizes = []
        for moment in range(1_000, 1_012):
            journal.tell(VIN, level(70, moment))
            await journal.async_close()
            sizes.append(size(path))
    assert sizes[0] < sizes[1] < sizes[2]
    assert sizes == sizes[:3] * 4
    assert anew.call_count == 4


async def test_known_alerts_are_safe_as_values_are(journal: Journal, path: Path) -> None:
    """Also those that stand in no line any more since the file was written anew."""
    journal.states[VIN].alerts.merge(KnownAlerts({"APP_w222": 7.0}))
    safe = journal.async_add(VIN, has_alerts=True)
    assert not safe.done()
    await journal.async_close()
    assert safe.done()
    assert size(path)
    read = await journal.async_load()
    assert read[VIN].alerts.to_dict() == {"APP_w222": 7.0}
    with patch.object(stream_journal, "MAX_SIZE", 1):
        journal.tell(VIN, level(71, 1001))
        await journal.async_close()
    read = await journal.async_load()
    assert read[VIN].alerts.to_dict() == {"APP_w222": 7.0}


async def test_removed_journal_leaves_nothing(journal: Journal, path: Path) -> None:
    """Also where there was none."""
    assert await journal.async_load() == {}
    journal.tell(VIN, level(70))
    await journal.async_close()
    leave_over(path)
    await journal.async_remove()
    await journal.async_remove()
    assert not size(path)
    assert not size(path.with_suffix(".new"))
