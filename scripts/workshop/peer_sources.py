"""Where a peer's entity gets its state from, as names of our signals.

A source is a list of alternatives separated by semicolons: dotted names in Tesla's answers or,
behind `telemetry:`, streamed fields; with braces, commas and asterisks for several, and remarks.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
import re
from typing import TYPE_CHECKING, Final

from custom_components.teslalogger.energy_site import SITE_SIGNALS
from custom_components.teslalogger.energy_site.signals import Part
from custom_components.teslalogger.vehicle import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Iterator

_BRACES: Final = re.compile(r"^(.*?)\{([^}]*)\}(.*)$")
_DATA: Final = "vehicle_data."
_STREAM: Final = "telemetry:"
_STATES: Final = ("vehicles/{vin}.state", "vehicles[].state")
_SITE: Final = re.compile(r"energy_sites/\{id\}/(live_status|site_info)\.([\w.\[\]]+)")
_HISTORY: Final = re.compile(r"energy_sites/\{id\}/calendar_history.*time_series\[\]\.(\w+)")
_CONNECTOR: Final = "wall_connectors[din]."
_TARIFFS: Final = {
    "tariff_content_v2": frozenset({"site.buy_price"}),
    "tariff_content_v2_sell_tariff": frozenset({"site.sell_price"}),
}
_PARTS: Final = {"live_status": Part.LIVE, "site_info": Part.INFO}


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternative:
    """One way to the state: a set of our signals for each thing that is read.

    An empty set stands for something that we do not read.
    """

    atoms: tuple[frozenset[str], ...]


def alternatives(source: str) -> tuple[Alternative, ...]:
    """Every way that the source names."""
    pieces = (piece.strip() for piece in source.split(";"))
    return tuple(Alternative(atoms=tuple(_atoms(piece))) for piece in pieces if piece)


def _atoms(piece: str) -> Iterator[frozenset[str]]:
    if piece.startswith(_STATES):
        yield frozenset({"availability"})
    elif found := _HISTORY.match(piece):
        yield _site(Part.DAY, found[1])
    elif found := _SITE.match(piece):
        part, path = _PARTS[found[1]], found[2]
        if path in _TARIFFS:
            yield _TARIFFS[path]
            return
        if path.startswith(_CONNECTOR):
            part, path = Part.CONNECTOR, path.removeprefix(_CONNECTOR)
        yield _site(part, path)
    elif piece.startswith(_STREAM):
        fields = piece.removeprefix(_STREAM).split(" ")[0]
        yield from (_streamed(field) for field in fields.split(","))
    elif piece.startswith(_DATA):
        path = piece.removeprefix(_DATA).split(" ")[0]
        yield from (_polled(one) for one in _expanded(path))
    else:
        yield frozenset()


def _expanded(path: str) -> list[str]:
    found = _BRACES.match(path)
    if found is None:
        return [path.partition("/")[0]]
    return [found[1] + choice + found[3] for choice in found[2].split(",")]


def _polled(pattern: str) -> frozenset[str]:
    return frozenset(
        signal.key
        for signal in SIGNALS.values()
        if signal.path is not None and fnmatchcase(".".join(signal.path), pattern)
    )


def _streamed(pattern: str) -> frozenset[str]:
    field, _, part = pattern.partition(".")
    return frozenset(
        signal.key
        for signal in SIGNALS.values()
        if signal.telemetry is not None
        and fnmatchcase(signal.telemetry, field)
        and (not part or signal.part == part)
    )


def _site(part: Part, path: str) -> frozenset[str]:
    names = tuple(path.split("."))
    return frozenset(
        f"site.{signal.key}"
        for signal in SITE_SIGNALS.values()
        if signal.part is part and names in {signal.path, (signal.key,)}
    )
