"""What a car was asked for and has not answered yet."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .signals import Value


class Wishes:
    """Values that signals are wanted to get, each for as long as its command is on its way."""

    def __init__(self) -> None:
        self._open: list[Mapping[str, Value]] = []

    @contextmanager
    def open(self, values: Mapping[str, Value]) -> Iterator[None]:
        """Want these values meanwhile."""
        self._open.append(values)
        try:
            yield
        finally:
            # By identity: an equal wish of somebody else stays.
            self._open = [wish for wish in self._open if wish is not values]

    def value(self, signal: str) -> Value:
        """What is wanted of a signal, by the newest wish; None if nothing is."""
        for wish in reversed(self._open):
            if (value := wish.get(signal)) is not None:
                return value
        return None
