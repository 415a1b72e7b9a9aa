"""What cars warn of: read from Tesla's answers, and told apart from what was known before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
import math
from typing import Any, Final, Self

CUSTOMER: Final = "customer"
FRESH: Final = 3600.0
"""Seconds for which an alert is news where nothing at all was known before."""
CLOCK_AHEAD: Final = 86_400.0
"""Seconds by which a car's clock may be fast, and its word still counts.

A later alert would make every other one of its name old until then.
"""

# An alert is told again while it lasts and when it ends, and by Tesla as well as by the car.
_SAME: Final = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """A warning of a car, since `started_at` (seconds since 1970), in words if Tesla has some."""

    name: str
    started_at: float
    audiences: frozenset[str] = field(default_factory=frozenset)
    text: str = ""

    @property
    def is_for_driver(self) -> bool:
        """Whether the car shows it, and not only its service does."""
        return CUSTOMER in self.audiences


def read_alerts(entries: Iterable[Mapping[str, Any]]) -> list[Alert]:
    """The members of `recent_alerts`; one without name or time is left out."""
    alerts = []
    for entry in entries:
        name, started_at = entry.get("name"), _moment(entry.get("time"))
        audiences, text = entry.get("audience"), entry.get("user_text")
        if not isinstance(name, str) or not name or started_at is None:
            continue
        alerts.append(
            Alert(
                name=name,
                started_at=started_at,
                audiences=frozenset(
                    audience.replace("-", "_")
                    for audience in (audiences if isinstance(audiences, list) else ())
                    if isinstance(audience, str)
                ),
                text=text if isinstance(text, str) else "",
            )
        )
    return alerts


class KnownAlerts:
    """When each alert was raised last, by its name."""

    def __init__(self, latest: Mapping[str, float] | None = None) -> None:
        self._latest = None if latest is None else dict(latest)

    def news(self, alerts: Iterable[Alert], now: float) -> list[Alert]:
        """Those that were not known, in order; they are from now on.

        Whoever asks for the first time gets to see weeks: of these only what is `FRESH` is news.
        """
        is_first, self._latest = self._latest is None, self._latest or {}
        found = []
        for alert in sorted(alerts, key=lambda alert: alert.started_at):
            if alert.started_at > now + CLOCK_AHEAD:
                continue
            if alert.started_at <= self._latest.get(alert.name, -math.inf) + _SAME:
                continue
            self._latest[alert.name] = alert.started_at
            if not is_first or alert.started_at > now - FRESH:
                found.append(alert)
        return found

    def merge(self, other: KnownAlerts) -> None:
        """Know what another one knows as well."""
        if other._latest is None:
            return
        known = self._latest or {}
        self._latest = known | {
            name: max(moment, known.get(name, -math.inf)) for name, moment in other._latest.items()
        }

    def to_dict(self) -> dict[str, float] | None:
        """For JSON."""
        return None if self._latest is None else dict(self._latest)

    @classmethod
    def from_dict(cls, stored: object) -> Self:
        """The inverse of `to_dict`; of anything else one that knows nothing."""
        if not isinstance(stored, Mapping):
            return cls()
        return cls(
            {
                str(name): float(moment)
                for name, moment in stored.items()
                if isinstance(moment, int | float)
            }
        )


def _moment(text: object) -> float | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment.timestamp() if moment is not None and moment.tzinfo else None
