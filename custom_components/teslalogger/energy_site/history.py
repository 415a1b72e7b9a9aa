"""Energies from `calendar_history`: of the day that is, and of a site's whole life."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from .numbers import is_number
from .signals import DAY_ENERGIES, DAY_START, LIFETIME, LIFETIME_PREFIX, TOTALS, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .state import SiteState

_COUNTED: Final = frozenset(DAY_ENERGIES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """The energies of one day, in Wh since its midnight at the site."""

    start: datetime
    energies: Mapping[str, float]

    def news(self, known: SiteState) -> dict[str, Value]:
        """What this tells that is new.

        Nothing if it is of a day that is over: just after midnight Tesla still tells of yesterday.
        What is not counted yet on a new day must not stay yesterday's.
        """
        start = known.value(DAY_START)
        former = datetime.fromisoformat(start) if isinstance(start, str) else self.start
        if self.start < former:
            return {}
        zeros = dict.fromkeys((key for key in DAY_ENERGIES if key in known), 0.0)
        begun = zeros if self.start > former else {}
        return {**begun, **self.energies, DAY_START: self.start.isoformat()}


def day_of(answer: Mapping[str, Any]) -> Day | None:
    """The latest day that the answer tells of; None while it tells of none, as after midnight."""
    rows = [(moment, row) for row in _rows(answer) if (moment := _moment(row)) is not None]
    if not rows:
        return None
    latest = max(moment.date() for moment, _ in rows)
    of_latest = [(moment, row) for moment, row in rows if moment.date() == latest]
    first = min(moment for moment, _ in of_latest)
    energies = _sums(row for _, row in of_latest)
    if not energies:
        return None
    return Day(start=first.replace(hour=0, minute=0, second=0, microsecond=0), energies=energies)


def lifetime_values(answer: Mapping[str, Any]) -> dict[str, Value]:
    """What was counted since the site was built; empty while Tesla does not tell."""
    sums = _sums(_rows(answer))
    return {LIFETIME_PREFIX + key: sums[key] for key in LIFETIME if key in sums}


def _rows(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = answer.get("time_series")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _moment(row: Mapping[str, Any]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(row["timestamp"])
    except KeyError, TypeError, ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _sums(rows: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Sums of what is counted; totals that Tesla leaves out are put together from their parts."""
    sums: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        for key in _COUNTED & row.keys():
            if is_number(value := row[key]):
                sums[key] += value
    for total, parts in TOTALS.items():
        if total not in sums and any(part in sums for part in parts):
            sums[total] = sum(sums[part] for part in parts if part in sums)
    return {key: value for key, value in sums.items() if is_number(value)}
