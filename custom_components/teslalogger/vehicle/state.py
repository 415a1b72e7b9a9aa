"""The latest reading of every signal of one car, and the alerts that are known of it."""

from dataclasses import dataclass, replace
from enum import StrEnum
import math
from typing import TYPE_CHECKING, Any, Final, Self

from .alerts import KnownAlerts
from .implied import IMPLIED_BY
from .signals import SIGNALS, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set as AbstractSet


COMMAND_HOLDS: Final = 60.0
"""Seconds for which a confirmed command holds against a car whose clock seems to be slow."""
UNKNOWN_AGE: Final = 0.0
"""The `car_time` of what nobody knows the age of: whatever else is known counts for more."""
KNOWN_ALERTS: Final = "known_alerts"
"""Where a stored state keeps them, among the signals."""


class Source(StrEnum):
    """Who told us."""

    CHECK = "check"
    COMMAND = "command"  # not told but concluded: the car confirmed a command
    POLL = "poll"
    STREAM = "stream"
    MQTT = "mqtt"


_STREAMED: Final = frozenset({Source.STREAM, Source.MQTT})
_FIRST_HAND: Final = frozenset({Source.POLL, Source.STREAM, Source.MQTT})


@dataclass(slots=True)
class Reading:
    """One value of one signal. Both times are seconds since 1970.

    `is_null` where there is no value because the car said null: it has none now, or lacks the thing
    altogether. Nobody changes one. That is not enforced, for a car that streams makes many: frozen,
    it would take several times as long to make, and as a tuple twice as long to read.
    """

    value: Value
    car_time: float
    received: float
    source: Source
    is_null: bool = False

    @property
    def moment(self) -> float:
        """When it was true. A car whose clock runs ahead must not win for ever."""
        return min(self.car_time, self.received)

    @property
    def has_age(self) -> bool:
        """Whether anybody knows when it was true."""
        return self.car_time > UNKNOWN_AGE


class VehicleState:
    """Merges readings of any source: the newest wins, whoever brought it and in whatever order."""

    def __init__(self, readings: Mapping[str, Reading] | None = None) -> None:
        self.alerts: Final = KnownAlerts()
        self._readings: dict[str, Reading] = dict(readings or {})
        self._told = {key for key, reading in self._readings.items() if _tells(reading)}
        self._last_told = max(map(_told_at, self._readings.values()), default=UNKNOWN_AGE)

    def apply(self, *batches: Mapping[str, Reading]) -> frozenset[str]:
        """Take over what is not older than what is known; the keys whose value changed.

        Several batches are taken over one after the other.
        """
        changed: set[str] = set()
        for readings in batches:
            changed |= self._apply(readings)
        return frozenset(changed)

    def _apply(self, readings: Mapping[str, Reading]) -> set[str]:
        changed = set()
        turned: dict[str, Value] = {}
        known_readings, told = self._readings, self._told
        for key, reading in readings.items():
            if key not in told and _tells(reading):
                told.add(key)
            known = known_readings.get(key)
            if (
                known is not None
                # Nearly all come in order, and then nothing else has to be asked.
                and (reading.car_time < known.car_time or reading.received < known.received)
                and not _replaces(reading, known)
            ):
                continue
            known_readings[key] = reading
            if reading.car_time > self._last_told:
                self._last_told = max(self._last_told, _told_at(reading))
            # 1 == True == 1.0 in Python, yet a number that turns into a flag has changed.
            if (
                known is None
                or known.value != reading.value
                or type(known.value) is not type(reading.value)
            ):
                changed.add(key)
                if key in IMPLIED_BY:
                    turned[key] = None if known is None else known.value
        for key, before in turned.items():
            changed |= self._imply(key, before)
        return changed

    def _imply(self, key: str, before: Value) -> set[str]:
        """Have what is older than a change follow from it; the keys whose value changed.

        It keeps the source of who told it last, which says whether the stream does.
        """
        told = self._readings[key]
        changed = set()
        for row in IMPLIED_BY[key]:
            if told.value not in row.values or before in row.values:
                continue
            for other, value in row.others.items():
                known = self._readings.get(other)
                if (
                    known is None
                    or known.value in {None, value}
                    or known.moment >= told.moment
                    or (row.if_not_streamed and known.source in _STREAMED)
                ):
                    continue
                self._readings[other] = replace(
                    known,
                    value=value,
                    car_time=told.car_time,
                    received=told.received,
                    is_null=value is None,
                )
                changed.add(other)
        return changed

    def merge(self, other: VehicleState) -> None:
        """Take over what another one knows, as far as it is not older."""
        self.apply(other.readings)
        self.alerts.merge(other.alerts)

    @property
    def readings(self) -> Mapping[str, Reading]:
        """All of them."""
        return self._readings

    def get(self, key: str) -> Reading | None:
        """The latest reading of a signal."""
        return self._readings.get(key)

    def value(self, key: str) -> Value:
        """The latest value of a signal; None if there is none."""
        reading = self._readings.get(key)
        return None if reading is None else reading.value

    def has_told(self, key: str) -> bool:
        """Whether the car ever told more of it than null, which it also says of what it lacks."""
        return key in self._told

    @property
    def extent(self) -> int:
        """Grows whenever a signal is told for the first time, or for the first time not as null."""
        return len(self._readings) + len(self._told)

    @property
    def last_told(self) -> float | None:
        """When the newest of what the car itself told was true; None if nobody knows."""
        return self._last_told if self._last_told > UNKNOWN_AGE else None

    def age(self, key: str, now: float) -> float | None:
        """How long ago the signal was true, in seconds; None if nobody knows."""
        reading = self._readings.get(key)
        return max(0.0, now - reading.moment) if reading and reading.has_age else None

    def __contains__(self, key: object) -> bool:
        return key in self._readings

    def __iter__(self) -> Iterator[str]:
        return iter(self._readings)

    def __len__(self) -> int:
        return len(self._readings)

    def to_dict(self, keys: AbstractSet[str] | None = None) -> dict[str, Any]:
        """For JSON: key -> [value, time in the car, time received, source].

        A fifth, true, stands behind nothing where the car has told more than null. The alerts
        stand beside them as KNOWN_ALERTS, unless nobody has ever asked for any. With `keys` it is
        only of these.
        """
        known = self._readings
        stored: dict[str, Any] = {
            key: [
                *(reading.value, reading.car_time, reading.received, reading.source.value),
                *([True] if reading.value is None and key in self._told else []),
            ]
            for key in (known if keys is None else known.keys() & keys)
            for reading in (known[key],)
        }
        if keys is None or KNOWN_ALERTS in keys:
            alerts = self.alerts.to_dict()
            if alerts is not None:
                stored[KNOWN_ALERTS] = alerts
        return stored

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; what cannot be read is left out."""
        readings = {}
        for key, entry in stored.items():
            signal, reading = SIGNALS.get(key), _restored(entry)
            if signal is not None and reading is not None and signal.holds(reading.value):
                readings[key] = reading
        state = cls(readings)
        state.alerts.merge(KnownAlerts.from_dict(stored.get(KNOWN_ALERTS)))
        return state


def _tells(reading: Reading) -> bool:
    return reading.value is not None or not reading.is_null


def _told_at(reading: Reading) -> float:
    """When the car said that this is so; UNKNOWN_AGE if it did not, or not when."""
    is_told = reading.source in _FIRST_HAND and reading.has_age
    return reading.moment if is_told else UNKNOWN_AGE


def _replaces(reading: Reading, known: Reading) -> bool:
    if reading.moment >= known.moment:
        return True
    is_concluded = known.source is Source.COMMAND and reading.has_age
    return is_concluded and reading.received > known.received + COMMAND_HOLDS


def _restored(entry: object) -> Reading | None:
    match entry:
        case [
            None | bool() | int() | float() | str() as value,
            int() | float() as car_time,
            int() | float() as received,
            str() as source,
            *rest,
        ] if (
            rest in ([], [True])
            and source in set(Source)
            and math.isfinite(car_time)
            and math.isfinite(received)
        ):
            return Reading(
                value=value,
                car_time=car_time,
                received=received,
                source=Source(source),
                is_null=value is None and not rest,
            )
        case _:
            return None
