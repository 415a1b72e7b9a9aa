"""Where records go, and what is remembered of whoever brought them."""

from dataclasses import dataclass, field
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from .records import Record


class Sink(Protocol):
    """Where records go. Every method is called in the event loop and must not block it."""

    def is_known(self, vin: str) -> bool:
        """Whether anybody wants to hear of this car."""
        ...

    def connected(self, vin: str, hello: Hello) -> None:
        """A car is there; it may have been there already, over another connection."""
        ...

    def take(self, vin: str, record: Record) -> Awaitable[None] | None:
        """Take over a record; what is given back is done when the record is safe.

        If it fails with an OSError, the record is never acknowledged, nor are later ones.
        """
        ...

    def disconnected(self, vin: str) -> None:
        """The last connection of a car is gone."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Hello:
    """What a car says of itself when it connects; empty if it is old."""

    client_version: str = ""
    network: str = ""
    connection_id: str = ""
    since: float = field(default_factory=time.time)


@dataclass(kw_only=True, slots=True)
class Tally:
    """What came over one car's connections since the receiver was started."""

    connections: int = 0
    records: int = 0
    resent: int = 0
    signals: int = 0
    problems: dict[str, int] = field(default_factory=dict)
    last_record: float | None = None

    def note(self, record: Record) -> None:
        """Count a record."""
        self.records += 1
        self.resent += record.is_resend
        self.signals += record.signals
        self.last_record = time.time()

    def note_problem(self, problem: str) -> None:
        """Count what was no record."""
        self.problems[problem] = self.problems.get(problem, 0) + 1
