"""The file of a journal: lines that are whole, whatever happened while one was written."""

from contextlib import suppress
import json
import os
import threading
from typing import TYPE_CHECKING, Any, Final

from custom_components.teslalogger.vehicle.state import VehicleState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_END: Final = b"\n"


class JournalFile:
    """Appends and reads states by VIN; blocks, and is not for the event loop.

    What is written is the `to_dict` of a state. Every method but `read` raises OSError. One at a
    time: a write goes on though nobody waits for it any more.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def append(self, states: Mapping[str, Any]) -> int:
        """Write behind what there is, and force it to the disk; gives the size.

        What cannot be written wholly is not written at all.
        """
        with self._lock:
            return _append(self._path, _lines(states))

    def replace(self, states: Mapping[str, Any]) -> int:
        """Write in place of what there is; gives the size."""
        with self._lock:
            new = self._path.with_suffix(".new")
            with suppress(FileNotFoundError):
                new.unlink()
            size = _append(new, _lines(states))
            new.replace(self._path)
            return size

    def remove(self) -> None:
        """Delete it."""
        with self._lock:
            for file in (self._path, self._path.with_suffix(".new")):
                file.unlink(missing_ok=True)

    def read(self) -> dict[str, VehicleState]:
        """What it holds; what cannot be read is left out."""
        states: dict[str, VehicleState] = {}
        try:
            with self._path.open(encoding="utf-8", errors="replace") as file:
                for line in file:
                    match _parsed(line):
                        case [str() as vin, dict() as told]:
                            read = VehicleState.from_dict(told)
                            states.setdefault(vin, VehicleState()).merge(read)
        except FileNotFoundError:
            return {}
        return states


def _lines(states: Mapping[str, Any]) -> bytes:
    return b"".join(
        json.dumps([vin, state], separators=(",", ":")).encode() + _END
        for vin, state in states.items()
    )


def _append(path: Path, lines: bytes) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        # Half a line of an earlier write must not swallow the first of this one.
        is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != _END
        try:
            _write(descriptor, _END + lines if is_torn else lines)
            os.fsync(descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, size)
            raise
        return os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


def _write(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
