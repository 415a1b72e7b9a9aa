"""What becomes of each entity of a peer."""

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from homeassistant.helpers.entity_registry import RegistryEntryDisabler

from .model import Kept, Move, Plan, Reason, Source
from .statistics import continued
from .tables import counterpart, is_known
from .unique_ids import read_ours, read_theirs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set as AbstractSet

    from homeassistant.helpers.entity_registry import RegistryEntry

    from .model import Statistics
    from .statistics import Kind

_IN_USE: Final = {None, RegistryEntryDisabler.CONFIG_ENTRY}


def make_plan(
    source: Source,
    theirs: Iterable[RegistryEntry],
    ours: Iterable[RegistryEntry],
    numbers: AbstractSet[str],
    kinds: Mapping[str, Kind],
) -> Plan:
    """Decide on every entity of theirs that belongs to a car, site or wall connector of ours.

    `theirs` are all entities of the integration, `numbers` the VINs, site ids and DINs of what we
    have, `kinds` the long-term statistics that there are, by entity id.
    """
    by_name = {read_ours(entry): entry for entry in ours}
    serves_only_ours: dict[str, bool] = defaultdict(lambda: source is not Source.MQTT)
    moves: list[Move] = []
    kept: list[Kept] = []
    taken: set[str] = set()
    for entry in sorted(theirs, key=lambda entry: entry.entity_id):
        subject = read_theirs(source, entry.unique_id)
        if subject is None:
            continue
        serves_only_ours[entry.config_entry_id or ""] &= subject.number in numbers
        name = (subject.thing, entry.domain, subject.key)
        # Everybody may announce entities by MQTT.
        if subject.number not in numbers or (source is Source.MQTT and not is_known(source, *name)):
            continue
        wanted = counterpart(source, *name)
        found = by_name.get((subject.number, wanted or ""))
        statistics = continued(kinds.get(entry.entity_id), found) if found else None
        if reason := _reason(entry, wanted, found, statistics, taken):
            kept.append(Kept(theirs=entry, reason=reason, ours=wanted))
        elif found and statistics:
            taken.add(found.id)
            moves.append(Move(theirs=entry, ours=found, statistics=statistics))
    return Plan(
        source=source,
        moves=tuple(moves),
        kept=tuple(kept),
        entries=frozenset(entry_id for entry_id, only in serves_only_ours.items() if only),
    )


def _reason(
    theirs: RegistryEntry,
    wanted: str | None,
    ours: RegistryEntry | None,
    statistics: Statistics | None,
    taken: set[str],
) -> Reason | None:
    """Why it keeps its id; the first that holds, None if it does not."""
    reasons = {
        Reason.SWITCHED_OFF: theirs.disabled_by not in _IN_USE,
        Reason.NO_COUNTERPART: wanted is None,
        Reason.OTHER_PLATFORM: not (wanted or "").startswith(f"{theirs.domain}."),
        Reason.NOT_HERE: ours is None,
        Reason.ALREADY_TAKEN: ours is not None and ours.id in taken,
        Reason.STATISTICS: statistics is None,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)
