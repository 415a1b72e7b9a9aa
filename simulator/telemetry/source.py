"""Where a streamed field comes from in a simulated car."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.telemetry.look import Look
from simulator.telemetry.samples import BOOLEAN, INTEGER, REAL, TEXT

if TYPE_CHECKING:
    from simulator.car.model import CarModel

type Reader = Callable[[Look], Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a field comes from; `has` says which cars have it at all."""

    kind: str
    read: Reader
    has: Callable[[CarModel], bool] = lambda _: True


def real(read: Reader, *, step: float = 0.01) -> Source:
    """A number as fine as the car's sensor tells it; what changes less does not change."""

    def rounded(look: Look) -> float | None:
        value = read(look)
        return None if value is None else round(round(value / step) * step, 6)

    return Source(kind=REAL, read=rounded)


def integer(read: Reader) -> Source:
    """A whole number."""
    return Source(kind=INTEGER, read=read)


def boolean(read: Reader) -> Source:
    """A yes or no."""
    return Source(kind=BOOLEAN, read=read)


def text(read: Reader) -> Source:
    """A text."""
    return Source(kind=TEXT, read=read)
