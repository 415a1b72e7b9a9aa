"""Where the contents of a frame are, remembered for frames that are laid out alike.

A car that drives tells the same signals every second, in frames of the same length that differ in
their contents alone. With the same bytes around them, they are in the same places: no offset has to
be followed again.
"""

from operator import itemgetter
from struct import Struct
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_AROUND: Final = 500
"""Bytes around the contents; a car's own are fewer, and what is remembered must stay small."""


class Layout:
    """The bytes around the contents of one frame."""

    def __init__(self, frame: bytes, contents: Sequence[slice], ignored: Iterable[slice]) -> None:
        """Remember it.

        Args:
            frame: One that is laid out like that.
            contents: Where what is read is. Two at least, and none of them empty.
            ignored: Where there is what may be different without meaning anything.

        Raises:
            ValueError: No layout can be made of these.
        """
        spans = sorted((place.start, place.stop) for place in (*contents, *ignored))
        self._unpack = _alternately(spans, len(frame)).unpack
        parts = self._unpack(frame)
        self._around = parts[::2]
        if not all(frame[place] for place in contents):
            message = "nothing is there"
            raise ValueError(message)
        if sum(map(len, self._around)) > MOST_AROUND:
            message = "too much is around"
            raise ValueError(message)
        self._pick = itemgetter(
            *(2 * spans.index((place.start, place.stop)) + 1 for place in contents)
        )

    def contents_of(self, frame: bytes) -> tuple[bytes, ...] | None:
        """The contents of a frame of the same length; None if it is laid out otherwise."""
        parts = self._unpack(frame)
        return cast("tuple[bytes, ...]", self._pick(parts)) if parts[::2] == self._around else None


def _alternately(spans: Sequence[tuple[int, int]], length: int) -> Struct:
    """What is around and what is in the spans, one after the other. Raises ValueError."""
    sizes = list[int]()
    end = 0
    for start, stop in spans:
        sizes += start - end, stop - start
        end = stop
    sizes.append(length - end)
    if min(sizes) < 0:
        message = "one reaches into another, or over the end"
        raise ValueError(message)
    return Struct("".join(f"{size}s" for size in sizes))
