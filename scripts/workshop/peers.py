"""scripts/peers: is there anything that a peer shows or does, and we do not?"""

import argparse
import csv
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from .peer_answers import BY_HAND, WITHOUT
from .peer_sources import alternatives
from .places import ROOT
from .tables import entity_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .tables import EntityRow

PEERS: Final = ROOT / "tests" / "data" / "entities.csv"
_NO_COMMAND: Final = {"", "(local)"}
_READ_ONLY: Final = frozenset({"sensor", "binary_sensor"})


@dataclass(frozen=True, kw_only=True, slots=True)
class PeerRow:
    """An entity of another integration."""

    integration: str
    platform: str
    key: str
    source: str
    command: str

    @property
    def name(self) -> tuple[str, str, str]:
        """What identifies it."""
        return self.integration, self.platform, self.key

    @property
    def commands(self) -> tuple[str, ...]:
        """What it sends; an asterisk stands for several."""
        if self.command in _NO_COMMAND:
            return ()
        return tuple(command.partition("(")[0].strip() for command in self.command.split(";"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What we have instead of a peer's entity, or why we have nothing; neither: it is missing."""

    peer: PeerRow
    ours: EntityRow | None = field(default=None)
    reason: str = ""

    @property
    def missing(self) -> bool:
        """Whether something has to be done."""
        return self.ours is None and not self.reason

    def __str__(self) -> str:
        answer = self.ours.name if self.ours else self.reason or "missing"
        source = f" ({self.peer.source}; {self.peer.command or 'no command'})"
        return f"{' '.join(self.peer.name)}: {answer}{source if self.missing else ''}"


def peer_rows() -> tuple[PeerRow, ...]:
    """All of them."""
    with PEERS.open(newline="") as file:
        return tuple(
            PeerRow(
                integration=row["integration"],
                platform=row["platform"],
                key=row["key"],
                source=row["source_path"],
                command=row["command"],
            )
            for row in csv.DictReader(file)
        )


def verdicts() -> tuple[Verdict, ...]:
    """One on each peer's row."""
    ours = entity_rows()
    return tuple(judge(peer, ours) for peer in peer_rows())


def judge(peer: PeerRow, ours: Iterable[EntityRow]) -> Verdict:
    """Find what we have instead: derived where possible, else by hand."""
    ours = tuple(ours)
    if reason := WITHOUT.get(peer.name):
        return Verdict(peer=peer, reason=reason)
    if by_hand := BY_HAND.get(peer.name):
        return Verdict(peer=peer, ours=next((row for row in ours if row.name == by_hand), None))
    return Verdict(peer=peer, ours=derive(peer, ours))


def derive(peer: PeerRow, ours: tuple[EntityRow, ...]) -> EntityRow | None:
    """The row of ours that shows the same and sends the same."""
    if peer.commands:
        return _best(peer, _controls(peer, ours))
    return _best(peer, _displays(peer, ours))


def _controls(peer: PeerRow, ours: tuple[EntityRow, ...]) -> Iterator[EntityRow]:
    """Those that send one of its commands and show one of its signals, if all are sent by some.

    Buttons show nothing.
    """
    sent = {command for row in ours for command in row.commands}
    if not all(_any_matches(sent, command) for command in peer.commands):
        return
    signals = {
        signal
        for alternative in alternatives(peer.source)
        for atom in alternative.atoms
        for signal in atom
    }
    for row in ours:
        sends = any(_any_matches(row.commands, command) for command in peer.commands)
        is_button = peer.platform == row.platform == "button"
        if sends and (is_button or row.signals & signals):
            yield row


def _any_matches(commands: Iterable[str], pattern: str) -> bool:
    return any(fnmatchcase(command, pattern) for command in commands)


def _displays(peer: PeerRow, ours: tuple[EntityRow, ...]) -> Iterator[EntityRow]:
    """Those that show the first of its signals, if each is shown by some.

    What can only be read may be read anywhere; a place on the map or a calendar has to be one.
    """
    shown = {signal for row in ours for signal in row.signals}
    for alternative in alternatives(peer.source):
        if all(atom & shown for atom in alternative.atoms):
            yield from (
                row
                for row in ours
                if row.signals & alternative.atoms[0]
                and (peer.platform in _READ_ONLY or row.platform == peer.platform)
            )


def _best(peer: PeerRow, candidates: Iterable[EntityRow]) -> EntityRow | None:
    """Of its own platform, else one that only reads; of its name; the one that shows least."""
    return min(
        candidates,
        key=lambda row: (
            row.platform != peer.platform,
            row.platform not in _READ_ONLY,
            row.key not in peer.key,
            len(row.signals),
        ),
        default=None,
    )


def main() -> int:
    """Print what is missing; the exit status says whether anything is."""
    parser = argparse.ArgumentParser(prog="scripts/peers", description=__doc__)
    parser.add_argument("--all", action="store_true", help="print every row, not only the gaps")
    options = parser.parse_args()
    found = verdicts()
    missing = [verdict for verdict in found if verdict.missing]
    for verdict in found if options.all else missing:
        print(verdict)
    print(f"{len(found)} entities of the peers, {len(missing)} missing")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
