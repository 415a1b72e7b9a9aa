"""Which fields go into the next record: interval, least change, resending, and what is owed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from simulator.telemetry.firmware import DELIVERY, DELTAS, INCLUDES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.telemetry.config import Config, FieldConfig
    from simulator.telemetry.firmware import Version
    from simulator.telemetry.samples import Sample

type Samples = Mapping[str, Sample]

RESEND_SECONDS: Final = 10.0
"""How long a car waits for an ack before it sends again what it still owes."""

DEFAULT_DELTAS: Final = {"ChargerVoltage": 0.3, "Odometer": 0.1}


@dataclass(kw_only=True, slots=True)
class Bundler:
    """The memory of one stream by one configuration; times in simulated seconds.

    `owed` names the fields that the receiver has not confirmed, with the record that had them
    last; it stays empty unless the delivery policy is "latest".
    """

    config: Config
    version: Version
    owed: dict[str, bytes | None] = field(default_factory=dict)
    _last: dict[str, tuple[Sample, float]] = field(default_factory=dict)
    _flights: dict[bytes, float] = field(default_factory=dict)

    @property
    def keeps(self) -> bool:
        """Whether what was not confirmed is sent again."""
        return self.config.latest and self.version >= DELIVERY

    @property
    def is_fresh(self) -> bool:
        """Whether everything is yet to be told."""
        return not self._last

    def start_over(self) -> None:
        """Tell everything once more, as a car does that comes online."""
        self._last.clear()
        self._flights.clear()
        self.owed.clear()

    def changes(self, samples: Samples, now: float) -> list[str]:
        """The fields that are due; they count as told from here on."""
        due = {name: None for name, sample in samples.items() if self._is_due(name, sample, now)}
        if self.version >= INCLUDES:
            for name in tuple(due):
                due |= dict.fromkeys(other for other in self._included(name) if other in samples)
        for name in due:
            self._last[name] = samples[name], now
        return list(due)

    def overdue(self, now: float) -> list[str]:
        """The fields that are owed and on no way to the receiver."""
        return [
            name
            for name, txid in self.owed.items()
            if txid is None or now >= self._flights.get(txid, 0.0) + RESEND_SECONDS
        ]

    def hold(self, names: Iterable[str]) -> None:
        """Keep in mind what could not be sent."""
        if self.keeps:
            self.owed.update(dict.fromkeys(names))

    def sent(self, names: Iterable[str], txid: bytes, now: float) -> None:
        """A record with these fields is on its way."""
        if self.keeps:
            self.owed.update(dict.fromkeys(names, txid))
            self._flights[txid] = now

    def confirmed(self, txid: bytes) -> None:
        """The record arrived; what a later one tells anew is still owed."""
        self._flights.pop(txid, None)
        self.owed = {name: other for name, other in self.owed.items() if other != txid}

    def cut_off(self) -> None:
        """The link is gone, and with it every record that was on its way."""
        self._flights.clear()
        self.owed = dict.fromkeys(self.owed)

    def told(self, name: str) -> Sample | None:
        """What the receiver heard last of a field, if all went well."""
        return self._last[name][0] if name in self._last else None

    def names(self) -> frozenset[str]:
        """Every field that can be in a record."""
        asked = frozenset(self.config.fields)
        if self.version < INCLUDES:
            return asked
        return asked.union(*(self._included(name) for name in asked))

    def _included(self, name: str) -> tuple[str, ...]:
        settings = self.config.fields.get(name)
        return () if settings is None else settings.include

    def _is_due(self, name: str, sample: Sample, now: float) -> bool:
        settings = self.config.fields.get(name)
        if settings is None:
            return False
        if name not in self._last:
            return True
        former, when = self._last[name]
        passed = now - when
        if passed >= settings.interval and sample.differs(former, self._delta(name, settings)):
            return True
        resend = settings.resend if self.version >= DELTAS else None
        return resend is not None and passed >= resend

    def _delta(self, name: str, settings: FieldConfig) -> float | None:
        if settings.delta is not None and self.version >= DELTAS:
            return settings.delta
        return DEFAULT_DELTAS.get(name) if self.version >= DELIVERY else None
