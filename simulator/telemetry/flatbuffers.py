"""As much of FlatBuffers as a telemetry envelope takes, laid out as Google's own writers do.

Source: https://flatbuffers.dev/internals
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

_OFFSET: Final = 4
_SHORT: Final = 2


class MalformedBuffer(ValueError):
    """An offset that points out of the buffer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scalar:
    """An unsigned number of `width` bytes; zero is the default, and left out."""

    field: int
    value: int
    width: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """A string or a table that is already written; None is left out."""

    field: int
    target: int | None


class Builder:
    """Writes a buffer from its end to its beginning, so what is referred to is written first.

    Everything is named by its distance from the end.
    """

    def __init__(self) -> None:
        self._bytes = b""
        self._alignment = 1

    def string(self, content: bytes) -> int:
        """A vector of bytes with a NUL behind it."""
        self._align(_OFFSET, ahead=len(content) + 1)
        self._bytes = content + b"\0" + self._bytes
        return self._number(len(content), _OFFSET)

    def table(self, members: Iterable[Scalar | Reference]) -> int:
        """A table; its last member is written last, and so lies first."""
        start = len(self._bytes)
        places: dict[int, int] = {}
        for member in members:
            match member:
                case Scalar(field=field, value=value, width=width) if value:
                    places[field] = self._number(value, width)
                case Reference(field=field, target=int(target)):
                    places[field] = self._refer(target)
                case _:
                    continue
        table = self._number(0, _OFFSET)
        fields = range(max(places, default=-1), -1, -1)
        for field in fields:
            self._number(table - places[field] if field in places else 0, _SHORT)
        self._number(table - start, _SHORT)
        vtable = self._number(_SHORT * (len(fields) + 2), _SHORT)
        distance = (vtable - table).to_bytes(_OFFSET, "little")
        at = len(self._bytes) - table
        self._bytes = self._bytes[:at] + distance + self._bytes[at + _OFFSET :]
        return table

    def finish(self, root: int) -> bytes:
        """The whole buffer."""
        self._align(self._alignment, ahead=_OFFSET)
        self._refer(root)
        return self._bytes

    def _refer(self, target: int) -> int:
        self._align(_OFFSET)
        return self._number(len(self._bytes) + _OFFSET - target, _OFFSET)

    def _number(self, value: int, width: int) -> int:
        self._align(width)
        self._bytes = value.to_bytes(width, "little") + self._bytes
        return len(self._bytes)

    def _align(self, width: int, *, ahead: int = 0) -> None:
        self._alignment = max(self._alignment, width)
        self._bytes = bytes(-(len(self._bytes) + ahead) % width) + self._bytes


class Table:
    """A table somewhere in a buffer. Every way to read it raises MalformedBuffer."""

    def __init__(self, data: bytes, position: int) -> None:
        self._data = data
        self._position = position
        self._vtable = position - _signed(data, position)
        self._size = _unsigned(data, self._vtable, _SHORT)

    @classmethod
    def root(cls, data: bytes) -> Self:
        """The table that a buffer begins with."""
        return cls(data, _unsigned(data, 0, _OFFSET))

    def number(self, field: int, width: int) -> int:
        """An unsigned number; 0 where it is left out."""
        place = self._place(field)
        return 0 if place is None else _unsigned(self._data, place, width)

    def string(self, field: int) -> bytes:
        """A vector of bytes; empty where it is left out."""
        if (place := self._place(field)) is None:
            return b""
        start = place + _unsigned(self._data, place, _OFFSET)
        return _cut(self._data, start + _OFFSET, _unsigned(self._data, start, _OFFSET))

    def table(self, field: int) -> Table | None:
        """Another table."""
        if (place := self._place(field)) is None:
            return None
        return Table(self._data, place + _unsigned(self._data, place, _OFFSET))

    def _place(self, field: int) -> int | None:
        slot = _SHORT * (field + 2)
        if slot + _SHORT > self._size:
            return None
        distance = _unsigned(self._data, self._vtable + slot, _SHORT)
        return self._position + distance if distance else None


def _cut(data: bytes, start: int, length: int) -> bytes:
    if start < 0 or start + length > len(data):
        msg = f"{length} bytes at {start} of {len(data)}"
        raise MalformedBuffer(msg)
    return data[start : start + length]


def _unsigned(data: bytes, start: int, width: int) -> int:
    return int.from_bytes(_cut(data, start, width), "little")


def _signed(data: bytes, start: int) -> int:
    return int.from_bytes(_cut(data, start, _OFFSET), "little", signed=True)
