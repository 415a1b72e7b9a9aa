"""The streams of an entry's cars: from whoever receives them to states that survive."""

from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback

from .car_stream import CarStream
from .stream_journal import StreamJournal
from .telemetry_identity import TelemetryIdentityError
from .telemetry_options import TelemetryOptions, TelemetrySource
from .telemetry_server import async_get_server

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry
    from .fleet_telemetry.records import Record
    from .fleet_telemetry.sink import Hello
    from .state_store import StateStore
    from .telemetry_server import TelemetryServer
    from .vehicle.state import VehicleState


class StreamingCar:
    """A Listener for one car: what it streams is merged, and safe before it is acknowledged."""

    def __init__(self, stream: CarStream, journal: StreamJournal) -> None:
        self.stream: Final = stream
        self.hello: Hello | None = None
        self._journal = journal

    @callback
    def async_hello(self, hello: Hello) -> None:
        """The car is there."""
        self.hello = hello
        self.stream.async_open()

    @callback
    def async_record(self, record: Record) -> Awaitable[None] | None:
        """Merge it and write it down; an empty one needs no ink."""
        if not record.fields:
            return None
        readings = self.stream.async_take(record.fields, record.created_at)
        return self._journal.async_add(self.stream.car.vin, readings) if readings else None

    @callback
    def async_goodbye(self) -> None:
        """It is gone."""
        self.stream.async_close()


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
        self._hass = hass
        self._entry = entry
        self._states = states
        self._journal = StreamJournal(hass, entry.entry_id, self._latest)
        self._server: TelemetryServer | None = None

    async def async_load(self) -> None:
        """Merge what was streamed after the states were written last."""
        for vin, streamed in (await self._journal.async_load()).items():
            self._states.state(vin).apply(streamed.readings)

    async def async_start(self) -> None:
        """Listen, if the user wants that; what stands in the way is in `problem`."""
        if self.options.source is not TelemetrySource.RECEIVER:
            return
        server = async_get_server(self._hass, self.options.listen_port)
        try:
            await server.async_listen(self.options.hostname)
        except TelemetryIdentityError as err:
            self.problem = err
            return
        self._server = server
        data = self._entry.runtime_data
        for car in data.cars.values():
            self.async_add_car(car)
        self._entry.async_on_unload(data.async_on_new_car(self.async_add_car))
        self._entry.async_on_unload(self.async_stop)

    @callback
    def async_add_car(self, car: CarCoordinator) -> None:
        """Listen for a car."""
        if self._server is not None:
            self.cars[car.vin] = StreamingCar(CarStream(self._hass, car), self._journal)
            self._server.async_add(car.vin, self.cars[car.vin])

    async def async_forget(self, vin: str) -> None:
        """A car has left the account: it is not let in any more."""
        streaming = self.cars.pop(vin, None)
        if streaming is not None and self._server is not None:
            await self._server.async_remove({vin: streaming})

    async def async_stop(self) -> None:
        """Send the cars away and write down what they told."""
        if self._server is not None:
            server, self._server = self._server, None
            await server.async_remove(self.cars)
        for streaming in self.cars.values():
            streaming.stream.async_close()
        await self._journal.async_close()

    def _latest(self) -> dict[str, VehicleState]:
        return {vin: self._states.state(vin) for vin in self.cars}


async def async_delete_streamed(hass: HomeAssistant, entry_id: str) -> None:
    """Delete what was written down of an entry that is gone."""
    await StreamJournal(hass, entry_id, dict).async_remove()
