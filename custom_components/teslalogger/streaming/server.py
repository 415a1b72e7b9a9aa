"""The receivers of this Home Assistant: one for each port, whoever's cars come to it."""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta
import logging
from typing import TYPE_CHECKING, Final, Protocol

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util.hass_dict import HassKey

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.fleet_telemetry.receiver import FRAMES_PER_SECOND, Receiver

from .identity import TelemetryIdentityError, async_get_identity

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from custom_components.teslalogger.fleet_telemetry.authorities import Authorities
    from custom_components.teslalogger.fleet_telemetry.pki import Leaf
    from custom_components.teslalogger.fleet_telemetry.records import Record
    from custom_components.teslalogger.fleet_telemetry.sink import Hello

_LOGGER = logging.getLogger(__name__)

_SERVERS: Final[HassKey[dict[int, TelemetryServer]]] = HassKey(f"{DOMAIN}.telemetry_servers")
_LOOK_AFTER_CERTIFICATE: Final = timedelta(days=1)


class Listener(Protocol):
    """Somebody who wants to hear of one car."""

    @callback
    def async_hello(self, hello: Hello) -> None:
        """The car is there."""
        ...

    @callback
    def async_records(self, records: Sequence[Record]) -> Awaitable[None] | None:
        """It told something; what is given back is done once all of it is safe."""
        ...

    @callback
    def async_goodbye(self) -> None:
        """It is gone."""
        ...


@callback
def async_get_server(hass: HomeAssistant, port: int) -> TelemetryServer:
    """The server of a port, which may not listen yet."""
    servers = hass.data.setdefault(_SERVERS, {})
    if port not in servers:
        servers[port] = TelemetryServer(hass, port)
    return servers[port]


class TelemetryServer:
    """Listens as long as somebody wants to hear of a car; a Sink of the receiver."""

    def __init__(self, hass: HomeAssistant, port: int) -> None:
        self.port: Final = port
        self.receiver: Receiver | None = None
        self._hass = hass
        self._leaf: Leaf | None = None
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self._hellos: dict[str, Hello] = {}
        self._lock = asyncio.Lock()
        self._stop_looking: Callable[[], None] | None = None

    @property
    def hostname(self) -> str | None:
        """The name that cars dial; None if nobody listens."""
        return self._leaf.hostname if self._leaf else None

    @property
    def authorities(self) -> Authorities | None:
        """Tesla's authorities; None as long as nobody has needed them."""
        return async_get_identity(self._hass).authorities

    async def async_listen(self, hostname: str) -> None:
        """Be there for whoever is added; several callers share one receiver.

        Raises:
            TelemetryIdentityError: There is no certificate to show, or nobody to trust; the port
                is taken; or it serves another name already.
        """
        async with self._lock:
            if self.receiver is not None:
                if hostname != self.hostname:
                    raise TelemetryIdentityError(
                        key="telemetry_other_hostname",
                        port=str(self.port),
                        hostname=self.hostname or "",
                    )
                return
            context, leaf = await async_get_identity(self._hass).async_context(hostname)
            receiver = Receiver(context, self, frames_per_second=FRAMES_PER_SECOND)
            try:
                await receiver.async_start(self.port)
            except OSError as err:
                raise TelemetryIdentityError(
                    key="telemetry_port_taken",
                    port=str(self.port),
                    reason=err.strerror or type(err).__name__,
                ) from err
            self.receiver, self._leaf = receiver, leaf
            self._stop_looking = async_track_time_interval(
                self._hass, self._async_renew, _LOOK_AFTER_CERTIFICATE
            )
            _LOGGER.debug("Listening for cars on port %d", self.port)

    @callback
    def async_add(self, vin: str, listener: Listener) -> None:
        """Tell a listener about a car from now on; first that it is there, if it is."""
        self._listeners[vin].append(listener)
        if (hello := self._hellos.get(vin)) is not None:
            listener.async_hello(hello)

    async def async_remove(self, listeners: Mapping[str, Listener]) -> None:
        """Stop telling; the last one to go closes the port, so that no car is let in for nobody."""
        for vin, listener in listeners.items():
            if listener in self._listeners.get(vin, ()):
                self._listeners[vin].remove(listener)
            if not self._listeners.get(vin):
                self._listeners.pop(vin, None)
        if self.receiver is not None:
            nobodys = [vin for vin in listeners if not self.is_known(vin)]
            await asyncio.gather(*map(self.receiver.async_drop, nobodys))
        async with self._lock:
            if not self._listeners and self.receiver is not None:
                receiver, self.receiver, self._leaf = self.receiver, None, None
                if self._stop_looking is not None:
                    self._stop_looking()
                await receiver.async_stop()

    async def _async_renew(self, _now: datetime) -> None:
        """Meet cars with a new certificate before the old one expires."""
        leaf, receiver = self._leaf, self.receiver
        if leaf is None or receiver is None or not leaf.is_due(leaf.hostname, datetime.now(UTC)):
            return
        try:
            context, self._leaf = await async_get_identity(self._hass).async_context(leaf.hostname)
        except TelemetryIdentityError as err:
            _LOGGER.warning("The receiver's certificate could not be renewed: %s", err)
            return
        receiver.renew(context)

    # What the receiver asks and tells

    def is_known(self, vin: str) -> bool:
        """Whether anybody wants to hear of this car."""
        return vin in self._listeners

    def connected(self, vin: str, hello: Hello) -> None:
        """A car is there."""
        self._hellos[vin] = hello
        for listener in self._heard_of(vin):
            listener.async_hello(hello)

    def take(self, vin: str, records: Sequence[Record]) -> Awaitable[None] | None:
        """Hand records to everybody; they are safe once they are so with each of them.

        With nobody they never are: the car keeps them for who comes next.
        """
        if not (listeners := self._heard_of(vin)):
            return self._never()
        promises = [
            promise
            for listener in listeners
            if (promise := listener.async_records(records)) is not None
        ]
        match promises:
            case []:
                return None
            case [promise]:
                return promise
            case _:
                together = asyncio.ensure_future(_async_all(promises))
                # Whoever waited may be gone when it fails, and then nothing is to be said.
                together.add_done_callback(lambda task: task.cancelled() or task.exception())
                return together

    def disconnected(self, vin: str) -> None:
        """The last connection of a car is gone."""
        self._hellos.pop(vin, None)
        for listener in self._heard_of(vin):
            listener.async_goodbye()

    def _never(self) -> asyncio.Future[None]:
        """A promise that is not kept."""
        promise = self._hass.loop.create_future()
        promise.set_exception(OSError("nobody is there to take it"))
        promise.exception()  # where nobody waits for it, nothing is to be said
        return promise

    def _heard_of(self, vin: str) -> list[Listener]:
        return list(self._listeners.get(vin, ()))


async def _async_all(promises: list[Awaitable[None]]) -> None:
    await asyncio.gather(*promises)
