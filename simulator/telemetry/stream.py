"""One car telling one application what it was asked to tell.

Everything happens in `tick`, which a car does every half second. Time is the world's.
"""

import asyncio
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from simulator.telemetry import firmware, payloads, values
from simulator.telemetry.bundle import RESEND_SECONDS, Bundler
from simulator.telemetry.envelope import VEHICLE_DEVICE, Answer, Record, write_record
from simulator.telemetry.link import USER_AGENT, Link, NotConnected, connect, context_for, target_of
from simulator.telemetry.look import look_at
from simulator.telemetry.samples import Sample
from simulator.telemetry.subscriptions import NOT_CONNECTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulator.telemetry.config import Config
    from simulator.telemetry.subscriptions import Alert, Report, Subscription
    from simulator.vehicle import Vehicle
    from simulator.world import World

TICK_SECONDS: Final = 0.5
FIRST_RETRY_SECONDS: Final = 2.0
LAST_RETRY_SECONDS: Final = 300.0
DEVICE_SCOPE: Final = "vehicle_device_data"
LOCATION_SCOPE: Final = "vehicle_location"


class Stream:
    """The stream of a subscription."""

    def __init__(self, world: World, car: Vehicle, kept: Subscription) -> None:
        self._world = world
        self._car = car
        self._kept = kept
        self._edition = 0
        self._bundler: Bundler | None = None
        self._link: Link | None = None
        self._gone = False
        self._said_goodbye = False
        self._retry_at = 0.0
        self._patience = FIRST_RETRY_SECONDS
        self._failures: list[Report] = []
        self._alerts: dict[str, Alert] = {}
        self._flights: dict[bytes, tuple[int, float]] = {}
        self._answered = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether a receiver is on the line."""
        return self._link is not None and not self._gone

    async def tick(self) -> None:
        """Do what is due: connect, send, hang up."""
        await self._clear_away()
        config = self._kept.taken
        if config is None or not self._is_permitted():
            await self._end()
            return
        if self._edition != self._kept.edition:
            await self._begin(config)
        assert self._bundler is not None  # noqa: S101 - made with the first edition
        if self._car.availability != "online":
            await self._rest(self._bundler)
            return
        self._said_goodbye = False
        samples = self._samples(self._bundler)
        if self._is_hindered():
            await self.close()
            self._retry_at = 0.0  # another network is tried at once
        elif not self.connected and self._now >= self._retry_at:
            await self._connect(config)
        if not self.connected:
            if not self._bundler.is_fresh:
                self._bundler.hold(self._bundler.changes(samples, self._now))
            return
        await self._tell(self._bundler, samples)

    async def drained(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109 - in real seconds, for tests
        """Wait until everything that was sent is answered, or the link is gone.

        Raises TimeoutError after so many real seconds.
        """
        async with asyncio.timeout(timeout):
            while self.connected and self._flights:
                self._answered.clear()
                await self._answered.wait()

    async def close(self) -> None:
        """Hang up, as when the car loses its network."""
        self._forget_link()
        await self._clear_away()

    @property
    def _now(self) -> float:
        return self._world.clock.now()

    def _is_permitted(self) -> bool:
        """Whether the key is still on the car, and the consent still given."""
        known = not self._car.protocol or self._kept.issuer in self._car.paired_keys
        return known and DEVICE_SCOPE in self._scopes()

    def _scopes(self) -> frozenset[str]:
        return self._world.authority.consent(self._kept.account, self._kept.client_id)

    def _is_hindered(self) -> bool:
        """Whether the car reaches nobody, or is busy with its own software."""
        installs = self._car.state.update.status == "installing"
        return installs or not self._world.streaming.circumstances(self._car.vin).link

    async def _begin(self, config: Config) -> None:
        """Take up a new configuration: everything is told anew, to whom it names."""
        await self.close()
        self._edition = self._kept.edition
        self._bundler = Bundler(config=config, version=firmware.version_of(self._car.model))
        self._retry_at, self._patience = 0.0, FIRST_RETRY_SECONDS
        self._alerts.clear()

    async def _end(self) -> None:
        """The subscription is over; a deletion is told with an empty list of errors."""
        if self.connected and self._kept.taken is None:
            await self._send("errors", payloads.errors((), self._now), signals=0)
        await self.close()
        self._bundler, self._edition = None, 0

    async def _rest(self, bundler: Bundler) -> None:
        """Go to sleep with a last word, or out of reach without one; then all begins anew."""
        asleep = self._car.availability == "asleep"
        if self.connected and asleep and not self._said_goodbye:
            self._said_goodbye = True
            silent = {
                name: Sample(kind=former.kind, content=None)
                for name in sorted(bundler.names() & values.SILENT_IN_SLEEP)
                if (former := bundler.told(name)) is not None and former.content is not None
            }
            if silent:
                await self._send_data(bundler, silent)
                return
        await self.close()
        bundler.start_over()
        self._retry_at, self._patience = 0.0, FIRST_RETRY_SECONDS

    def _samples(self, bundler: Bundler) -> dict[str, Sample]:
        names = bundler.names()
        if LOCATION_SCOPE not in self._scopes():
            names -= values.NEED_LOCATION
        return values.read(look_at(self._car, self._now), sorted(names))

    async def _tell(self, bundler: Bundler, samples: Mapping[str, Sample]) -> None:
        late = self._now - RESEND_SECONDS
        self._forget_flights([txid for txid, (_, when) in self._flights.items() if when <= late])
        changed = bundler.changes(samples, self._now)
        owed = [name for name in bundler.overdue(self._now) if name in samples]
        if owed:
            await self._send_data(bundler, {name: samples[name] for name in owed}, is_resend=True)
        fresh = {name: samples[name] for name in changed if name not in owed}
        if fresh:
            await self._send_data(bundler, fresh)
        await self._tell_alerts()
        if self._failures:
            report, self._failures = payloads.errors(self._failures, self._now), []
            await self._send("errors", report, signals=0)

    async def _tell_alerts(self) -> None:
        config = self._kept.taken
        wanted = frozenset[str]() if config is None else config.alert_types
        known = self._world.streaming.circumstances(self._car.vin).alerts
        fresh = [
            alert
            for name, alert in known.items()
            if alert.audiences & wanted and self._alerts.get(name) != alert
        ]
        if fresh:
            await self._send("alerts", payloads.alerts(fresh, self._now), signals=len(fresh))
            self._alerts.update({alert.name: alert for alert in fresh})

    async def _send_data(
        self, bundler: Bundler, samples: Mapping[str, Sample], *, is_resend: bool = False
    ) -> None:
        payload = payloads.data(
            samples,
            model=self._car.model,
            now=self._now,
            typed=bundler.config.typed,
            is_resend=is_resend,
        )
        txid = str(uuid4()).encode()
        bundler.sent(samples, txid, self._now)
        await self._send("V", payload, signals=len(samples), txid=txid)

    async def _send(
        self, topic: str, payload: bytes, *, signals: int, txid: bytes | None = None
    ) -> None:
        assert self._link is not None  # noqa: S101 - nothing is sent without
        txid = txid or str(uuid4()).encode()
        vin = self._car.vin.encode()
        self._flights[txid] = signals, self._now
        self._kept.records[topic] += 1
        await self._link.send(
            write_record(
                Record(
                    txid=txid,
                    topic=topic.encode(),
                    message_id=str(uuid4()).encode(),
                    sender_id=f"{VEHICLE_DEVICE}.".encode() + vin,
                    device_type=VEHICLE_DEVICE.encode(),
                    device_id=vin,
                    created_at=int(self._now),
                    payload=payload,
                )
            )
        )

    async def _connect(self, config: Config) -> None:
        if config.port is None:
            return
        circumstances = self._world.streaming.circumstances(self._car.vin)
        try:
            passport = self._world.streaming.passport(self._car.vin, circumstances.variant)
            self._link = await connect(
                target_of(config, config.port, self._world.streaming.routes),
                context_for(config.ca, passport),
                self._headers(),
                heard=self._hear,
                lost=self._lose_link,
            )
        except NotConnected as err:
            self._fail(config, str(err))
            return
        self._gone = False
        self._kept.connected = True

    def _headers(self) -> dict[str, str]:
        at_home = self._car.state.motion.trip is None
        return {
            "User-Agent": USER_AGENT,
            "Version": firmware.client_of(self._car.model),
            "X-Network-Interface": "wifi" if at_home else "cellular",
            "X-TXID": str(uuid4()),
        }

    def _fail(self, config: Config, words: str) -> None:
        """Note why there is no link, once until that changes, and wait longer each time."""
        self._wait_longer()
        if not self._failures or self._failures[-1].error != words:
            streaming = self._world.streaming
            self._failures.append(streaming.report(self._kept, NOT_CONNECTED, words, config))

    def _wait_longer(self) -> None:
        self._retry_at = self._now + self._patience
        self._patience = min(2.0 * self._patience, LAST_RETRY_SECONDS)

    def _hear(self, answer: Answer) -> None:
        self._patience = FIRST_RETRY_SECONDS
        if answer.problem:
            self._forget_flights((answer.txid,))
            return
        signals, _ = self._flights.get(answer.txid, (0, 0.0))
        self._forget_flights((answer.txid,))
        if self._bundler is not None:
            self._bundler.confirmed(answer.txid)
        if signals:
            self._world.ledger.signals[self._car.vin] += signals

    def _forget_flights(self, txids: Iterable[bytes]) -> None:
        for txid in txids:
            self._flights.pop(txid, None)
        self._answered.set()

    def _lose_link(self) -> None:
        """The receiver hung up, or nothing goes through."""
        if not self._gone:
            self._wait_longer()
        self._forget_link()

    def _forget_link(self) -> None:
        """The link is no more; what hangs on it is cleared away at the next chance."""
        self._gone = True
        self._kept.connected = False
        self._forget_flights(tuple(self._flights))
        if self._bundler is not None:
            self._bundler.cut_off()

    async def _clear_away(self) -> None:
        if self._gone and self._link is not None:
            link, self._link = self._link, None
            await link.drop()
