"""The streams of an entry's cars: from whoever receives them to states that survive."""

from datetime import timedelta
import logging
import time
from typing import TYPE_CHECKING, Final, Protocol

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from custom_components.teslalogger import issues
from custom_components.teslalogger.vehicle.alerts import CLOCK_AHEAD, Alert
from custom_components.teslalogger.vehicle.state import Source

from .car import CarStream
from .cars import CarConfigurations
from .file import TelemetryFile
from .identity import TelemetryIdentityError
from .journal import StreamJournal
from .mqtt import TelemetryMqtt
from .options import TelemetryOptions, TelemetrySource
from .server import async_get_server

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from custom_components.teslalogger.coordinator import CarCoordinator
    from custom_components.teslalogger.data import TeslaLoggerConfigEntry
    from custom_components.teslalogger.fleet_telemetry.records import Record
    from custom_components.teslalogger.fleet_telemetry.sink import Hello
    from custom_components.teslalogger.state_store import StateStore
    from custom_components.teslalogger.vehicle.state import VehicleState

    from .server import Listener, TelemetryServer

_LOGGER = logging.getLogger(__name__)

RETRY: Final = timedelta(minutes=5)
"""When it is tried again to listen, after something stood in the way."""


class Channel(Protocol):
    """What brings streams."""

    @callback
    def async_add(self, vin: str, listener: Listener) -> None:
        """Tell a listener about a car from now on."""
        ...

    async def async_remove(self, listeners: Mapping[str, Listener]) -> None:
        """Tell them no more."""
        ...


class StreamingCar:
    """A Listener for one car: what it streams is merged, and safe before it is acknowledged."""

    def __init__(
        self,
        stream: CarStream,
        journal: StreamJournal,
        configurations: CarConfigurations | None = None,
    ) -> None:
        self.stream: Final = stream
        self.hello: Hello | None = None
        self._journal = journal
        self._configurations = configurations

    @callback
    def async_hello(self, hello: Hello) -> None:
        """The car is there."""
        self.hello = hello
        self.stream.async_open()
        if self._configurations is not None:
            self._configurations.async_hello(self.stream.car, hello.since)

    @callback
    def async_records(self, records: Sequence[Record]) -> Awaitable[None] | None:
        """Merge them and write them down; those without values and alerts need no ink."""
        car = self.stream.car
        has_alerts = False
        for record in records:
            if record.alerts:
                has_alerts = True
                car.async_tell_alerts(_alerts(record))
            if record.errors and self._configurations is not None:
                self._configurations.async_errors(car, record.errors)
        readings = [each for each in self.stream.async_take(records) if each]
        if not readings and not has_alerts:
            return None
        return self._journal.async_add(car.vin, *readings, has_alerts=has_alerts)

    @callback
    def async_goodbye(self) -> None:
        """It is gone."""
        self.stream.async_close()
        if self._configurations is not None:
            self._configurations.async_goodbye(self.stream.car)


def _alerts(record: Record) -> list[Alert]:
    """A record's alerts; one that does not say since when is of the record's time.

    So is one from before 1970, and one from a time to come, which would make every other of its
    name old until then.
    """
    now = time.time()
    told_at = min(record.created_at or now, now)
    return [
        Alert(
            name=alert.name,
            started_at=_past(alert.started_at, now) or told_at,
            audiences=frozenset(audience.value for audience in alert.audiences),
        )
        for alert in record.alerts
    ]


def _past(moment: float | None, now: float) -> float | None:
    return moment if moment is not None and 0.0 < moment < now + CLOCK_AHEAD else None


class EntryTelemetry:
    """What an entry has to do with streaming."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: TeslaLoggerConfigEntry,
        states: StateStore[VehicleState],
    ) -> None:
        self.options: Final = TelemetryOptions.of(entry)
        self.cars: dict[str, StreamingCar] = {}
        self.problem: TelemetryIdentityError | None = None
        self.server: TelemetryServer | None = None
        self.configurations: Final = CarConfigurations(
            hass, entry, self.options, lambda: self.server
        )
        self._hass = hass
        self._entry = entry
        self._states = states
        self._journal = StreamJournal(hass, entry.entry_id, self._latest)
        self._channel: Channel | None = None
        self._is_stopped = False
        self._stop_retrying: Callable[[], None] | None = None

    @property
    def _source(self) -> Source:
        return Source.STREAM if self.receives else Source.MQTT

    @property
    def receives(self) -> bool:
        """Whether cars shall stream to us."""
        return self.options.source is TelemetrySource.RECEIVER

    @property
    def is_wanted(self) -> bool:
        """Whether cars shall stream at all."""
        return self.options.source is not TelemetrySource.OFF

    async def async_load(self) -> None:
        """Merge what was streamed after the states were written last."""
        await self.configurations.async_load()
        for vin, streamed in (await self._journal.async_load()).items():
            self._states.state(vin).merge(streamed)

    async def async_start(self) -> None:
        """Listen, if the user wants that, and have the cars come."""
        self._entry.async_on_unload(self.async_stop)
        self._entry.async_on_unload(self._entry.runtime_data.async_on_new_car(self.async_add_car))
        issues.async_clear_receiver_problem(self._hass, self._entry)  # of other options
        if self.receives:
            await self._async_listen()
        self.configurations.async_start(wanted=self.receives)
        if self.options.source is TelemetrySource.MQTT:
            self._hear(TelemetryMqtt(self._hass, self._entry, self.options.mqtt_topic))

    async def _async_listen(self, _now: datetime | None = None) -> None:
        """Listen, or try again later; what stands in the way is in `problem` and a repair."""
        self._stop_retrying = None
        server = async_get_server(self._hass, self.options.listen_port)
        try:
            await server.async_listen(self.options.hostname)
        except TelemetryIdentityError as err:
            self._note_problem(err)
            return
        if self._is_stopped:
            await server.async_remove({})  # closes what nobody needs
            return
        self.problem = None
        issues.async_clear_receiver_problem(self._hass, self._entry)
        self.server = server
        self._hear(server)

    def _note_problem(self, problem: TelemetryIdentityError) -> None:
        if self._is_stopped:
            return
        if self.problem is None:
            _LOGGER.warning("No car can stream: %s", problem)
        self.problem = problem
        issues.async_receiver_problem(
            self._hass,
            self._entry,
            problem.translation_key or "",
            dict(problem.translation_placeholders or {}),
        )
        self._stop_retrying = async_call_later(self._hass, RETRY, self._async_listen)

    @callback
    def _hear(self, channel: Channel) -> None:
        """Listen for every car."""
        self._channel = channel
        for car in self._entry.runtime_data.cars.values():
            self.async_add_car(car)

    @callback
    def async_add_car(self, car: CarCoordinator) -> None:
        """Listen for a car."""
        if self._channel is None:
            return
        self.cars[car.vin] = StreamingCar(
            CarStream(self._hass, car, self._source),
            self._journal,
            self.configurations if self.receives else None,
        )
        self._channel.async_add(car.vin, self.cars[car.vin])
        self.configurations.async_soon()

    async def async_forget(self, vin: str) -> None:
        """A car has left the account: it is not let in any more, nor told to come."""
        streaming = self.cars.pop(vin, None)
        if streaming is not None and self._channel is not None:
            await self._channel.async_remove({vin: streaming})
        issues.async_clear_streaming(self._hass, self._entry, vin)
        self.configurations.async_soon()

    async def async_stop(self) -> None:
        """Send the cars away and write down what they told."""
        self._is_stopped = True
        if self._stop_retrying is not None:
            self._stop_retrying()
        self.server = None
        if self._channel is not None:
            channel, self._channel = self._channel, None
            await channel.async_remove(self.cars)
        for streaming in self.cars.values():
            streaming.stream.async_close()
        await self._journal.async_close()

    def _latest(self) -> dict[str, VehicleState]:
        return {vin: self._states.state(vin) for vin in self.cars}


async def async_delete_streamed(hass: HomeAssistant, entry_id: str) -> None:
    """Delete what was written down of an entry that is gone."""
    await StreamJournal(hass, entry_id, dict).async_remove()
    await TelemetryFile(hass, entry_id).async_remove()
