"""What went over the wire between cars and receiver, as the cars know it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tesla_protocol.telemetry.vehicle_alert_pb2 import VehicleAlerts
from tesla_protocol.telemetry.vehicle_data_pb2 import Field, Payload

from simulator.telemetry import link
from simulator.telemetry.envelope import read_record

from .signals import WATCHED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.telemetry.envelope import Answer

    from .signals import Told

type Where = tuple[str, str]
"""A VIN and a field."""


@dataclass(kw_only=True, slots=True)
class Telling:
    """A value of a field in a record."""

    txid: bytes
    value: Told
    acked: bool = False


@dataclass(kw_only=True, slots=True)
class Diary:
    """Every record with a watched field, in the order of sending, and which were acknowledged.

    Of alerts, which records told of them, and which of them were acknowledged as over or not.
    """

    told: dict[Where, list[Telling]] = field(default_factory=dict)
    sent: set[bytes] = field(default_factory=set)
    acked: set[bytes] = field(default_factory=set)
    alerts: dict[bytes, dict[str, bool]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)

    async def connect(
        self, *args: Any, heard: Callable[[Answer], None], lost: Callable[[], None]
    ) -> TappedLink:
        """`simulator.telemetry.link.connect`, overheard."""

        def hear(answer: Answer) -> None:
            self._answered(answer)
            heard(answer)

        return TappedLink(self, await link.connect(*args, heard=hear, lost=lost))

    def write(self, message: bytes) -> None:
        """Note a record that is about to be sent."""
        record = read_record(message)
        if record.topic == b"alerts":
            self.alerts[record.txid] = {
                alert.name: alert.HasField("ended_at")
                for alert in VehicleAlerts.FromString(record.payload).alerts
            }
        if record.topic != b"V":
            return
        vin = record.device_id.decode()
        for datum in Payload.FromString(record.payload).data:
            name = Field.Name(datum.key)
            if name in WATCHED:
                telling = Telling(txid=record.txid, value=WATCHED[name].sent(datum.value))
                self.told.setdefault((vin, name), []).append(telling)
        assert record.txid not in self.sent
        self.sent.add(record.txid)

    def _answered(self, answer: Answer) -> None:
        if not answer.problem:
            for name, is_over in self.alerts.get(answer.txid, {}).items():
                (self.ended if is_over else self.begun).add(name)
        if answer.txid not in self.sent or answer.problem:
            return
        self.acked.add(answer.txid)
        for tellings in self.told.values():
            for telling in reversed(tellings[-50:]):
                if telling.txid == answer.txid:
                    telling.acked = True

    def allowed(self, where: Where) -> frozenset[Told]:
        """What may be known of a field: what was acknowledged last, or anything sent after it."""
        tellings = self.told.get(where, [])
        return frozenset(telling.value for telling in tellings[self._promised(where) :])

    def has_promise(self, where: Where) -> bool:
        """Whether anything of a field was acknowledged."""
        return any(telling.acked for telling in self.told.get(where, ()))

    def promises(self, where: Where) -> int:
        """How often a value of a field was acknowledged."""
        return sum(telling.acked for telling in self.told.get(where, ()))

    def holds(self, where: Where, now: Told) -> bool:
        """Whether the car still has to tell this value of the field."""
        newest = self.told[where][-1]
        return not newest.acked or newest.value != now

    def _promised(self, where: Where) -> int:
        tellings = self.told.get(where, [])
        acked: Iterator[int] = (at for at, telling in enumerate(tellings) if telling.acked)
        return max(acked, default=0)


@dataclass(frozen=True, slots=True)
class TappedLink:
    """A link that is overheard."""

    diary: Diary
    link: link.Link

    async def send(self, message: bytes) -> None:
        """Send, and remember it."""
        self.diary.write(message)
        await self.link.send(message)

    async def drop(self) -> None:
        """Be gone."""
        await self.link.drop()
