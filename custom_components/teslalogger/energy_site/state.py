"""The latest values of one site, and of its wall connectors."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from .numbers import is_number
from .signals import SITE_SIGNALS, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteReading:
    """One value and when it was told, in seconds since 1970."""

    value: Value
    moment: float


class SiteState:
    """Keeps what was told last: an answer that leaves something out does not unsay it."""

    def __init__(self, readings: Mapping[str, SiteReading] | None = None) -> None:
        self._readings = dict(readings or {})
        self._held: dict[str, float] = {}

    def apply(self, values: Mapping[str, Value], now: float) -> frozenset[str]:
        """Take over what was told; the keys whose value changed."""
        changed = set()
        for key, value in values.items():
            if self._held.get(key, 0.0) > now:
                continue
            known = self._readings.get(key)
            if known is None or known.value != value:
                changed.add(key)
            self._readings[key] = SiteReading(value=value, moment=now)
        return frozenset(changed)

    def confirm(self, key: str, *, value: Value, now: float, hold: float) -> frozenset[str]:
        """Take over what Tesla confirmed; for `hold` seconds no older answer puts it back."""
        self._held.pop(key, None)
        changed = self.apply({key: value}, now)
        self._held[key] = now + hold
        return changed

    def drop(self, ending: str) -> None:
        """Forget what ends so."""
        self._readings = {
            key: reading for key, reading in self._readings.items() if not key.endswith(ending)
        }

    def value(self, key: str) -> Value:
        """The latest value; None if there is none."""
        reading = self._readings.get(key)
        return None if reading is None else reading.value

    def moment(self, key: str) -> float | None:
        """When the latest value was told, in seconds since 1970."""
        reading = self._readings.get(key)
        return None if reading is None else reading.moment

    def __contains__(self, key: object) -> bool:
        return key in self._readings

    def __iter__(self) -> Iterator[str]:
        return iter(self._readings)

    def __len__(self) -> int:
        return len(self._readings)

    def to_dict(self) -> dict[str, list[Any]]:
        """For JSON: key -> [value, moment]."""
        return {key: [reading.value, reading.moment] for key, reading in self._readings.items()}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; what cannot be read is left out."""
        readings = {
            key: reading
            for key, entry in stored.items()
            if key.partition("@")[0] in SITE_SIGNALS and (reading := _restored(entry)) is not None
        }
        return cls(readings)


def _restored(entry: object) -> SiteReading | None:
    match entry:
        case [None | bool() | int() | float() | str() as value, moment] if is_number(moment):
            return SiteReading(value=value, moment=moment)
        case _:
            return None
