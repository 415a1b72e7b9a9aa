"""Where records go, and what is remembered of whoever brought them."""

from dataclasses import dataclass, field
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Sequence

    from .records import Receipt, Record


class Sink(Protocol):
    """Where records go. Every method is called in the event loop and must not block it."""

    def is_known(self, vin: str) -> bool:
        """Whether anybody wants to hear of this car."""
        ...

    def connected(self, vin: str, hello: Hello) -> None:
        """A car is there; it may have been there already, over another connection."""
        ...

    def take(self, vin: str, records: Sequence[Record]) -> Awaitable[None] | None:
        """Take over records as they came; what is given back is done when all of them are safe.

        If it fails with an OSError, they are never acknowledged, nor are later ones.
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

    def note(self, receipts: Iterable[Receipt]) -> list[Record]:
        """Count what came; gives the records that are to be stored."""
        told = []
        stored = []
        for receipt in receipts:
            record, problem = receipt.record, receipt.problem
            if problem is not None:
                self.problems[problem] = self.problems.get(problem, 0) + 1
            if record is not None:
                told.append(record)
                if problem is None:
                    stored.append(record)
        if told:
            self.records += len(told)
            self.resent += sum([record.is_resend for record in told])
            self.signals += sum([record.signals for record in told])
            self.last_record = time.time()
        return stored
