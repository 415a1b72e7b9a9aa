"""One car: asks it no more than it must, and tells its entities what changed."""

from datetime import UTC, datetime, timedelta
import logging
import time
from typing import TYPE_CHECKING, Final, override

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from . import issues
from .audience import Audience
from .commander import Commander
from .const import DOMAIN
from .errors import update_failed
from .tesla.errors import (
    InService,
    LocationNotGranted,
    OwnerApiClosed,
    RateLimited,
    TeslaError,
    VehicleUnavailable,
)
from .tesla.models import Availability, Product
from .tesla.redact import short_vin
from .tesla.scopes import Scope
from .topics import Topic
from .vehicle.commands import COMMANDS
from .vehicle.polling import OWNER_SPEEDS, Ask, PollingPolicy, Speeds, Step, activity_of
from .vehicle.signals import SIGNALS
from .vehicle.software import NOT_STREAMED, SIGNALS_OF_PHASE, phase
from .vehicle.state import Reading, Source, VehicleState
from .vehicle.vehicle_data import availability_reading, endpoints_for, readings_from
from .vehicle.vin import model_letter

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterable,
        Mapping,
        Sequence,
        Set as AbstractSet,
    )

    from .data import TeslaLoggerConfigEntry
    from .streaming.status import StreamingStatus
    from .vehicle.alerts import Alert
    from .vehicle.signals import Value

_LOGGER = logging.getLogger(__name__)

# The timer may ring this much early (seconds): Home Assistant rounds its start down.
_EARLY: Final = 1.5
_MODELS: Final = {
    "S": "Model S",
    "3": "Model 3",
    "X": "Model X",
    "Y": "Model Y",
    "C": "Cybertruck",
    "R": "Roadster",
    "T": "Semi",
}


class CarCoordinator(DataUpdateCoordinator[VehicleState]):
    """One car of an account. Its entry's runtime data must be there before it."""

    config_entry: TeslaLoggerConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: TeslaLoggerConfigEntry, product: Product
    ) -> None:
        self.vin = product.vin
        super().__init__(hass, _LOGGER, config_entry=entry, name=short_vin(self.vin))
        account = entry.runtime_data
        self.scopes = account.scopes
        self.data = account.states.state(self.vin)
        self.product = product
        self.policy = PollingPolicy(speeds=Speeds() if account.fleet else OWNER_SPEEDS)
        self.alerts: Sequence[Alert] | None = None
        self._client = account.client
        self._states = account.states
        self._telemetry = account.telemetry
        self._endpoints = endpoints_for(account.scopes)
        self._changed: set[str] = set()
        self._audience = Audience()
        self._blocked_until = 0.0
        self.commander = Commander(self)
        self._see_availability(product.availability)
        self._plan()

    # What entities ask

    @property
    def account_id(self) -> str:
        """The account, which is part of every unique id: two accounts can share a car."""
        return self.config_entry.unique_id or self.config_entry.entry_id

    @property
    def device_info(self) -> DeviceInfo:
        """The car as a device."""
        return DeviceInfo(
            identifiers={(DOMAIN, self.vin)},
            manufacturer="Tesla",
            model=_MODELS.get(model_letter(self.vin) or ""),
            name=self.title,
            serial_number=self.vin,
            sw_version=self.software_version,
        )

    @property
    def software_version(self) -> str | None:
        """The version as the car shows it; Tesla appends a build's fingerprint."""
        version = self.value("car_version")
        return version.split()[0] if isinstance(version, str) else None

    @property
    def title(self) -> str:
        """What people call the car."""
        return self.product.name or _MODELS.get(model_letter(self.vin) or "", "Tesla")

    @property
    def has_answered(self) -> bool:
        """Whether the car ever told more than whether it is there."""
        return len(self.data) > ("availability" in self.data)

    @property
    def was_asked(self) -> bool:
        """Whether the car ever answered a question: what it did not tell then it does not have.

        Its stream may have been first, and tells of other things.
        """
        return any(reading.source is Source.POLL for reading in self.data.readings.values())

    @property
    def last_update(self) -> datetime | None:
        """When the newest of what the car told was true, by the car's own clock, to the minute.

        With the seconds of a stream it would fill the logbook by itself.
        """
        minute = self._last_minute
        return None if minute is None else datetime.fromtimestamp(minute * 60, UTC)

    @property
    def _last_minute(self) -> float | None:
        """That of `last_update`, counted since 1970."""
        told_at = self.data.last_told
        return None if told_at is None else told_at // 60

    @property
    def access_type(self) -> str | None:
        """Whether the account owns the car or may only drive it."""
        return self.product.access_type.lower() if self.product.access_type else None

    @property
    def wants_stream(self) -> bool:
        """Whether the car shall stream to us, by whatever way."""
        return self._telemetry.is_wanted

    @property
    def receives_stream(self) -> bool:
        """Whether it shall do so without somebody between."""
        return self._telemetry.receives

    @property
    def streaming_status(self) -> StreamingStatus | None:
        """How far it has come with that; None as long as nobody knows."""
        return self._telemetry.configurations.status(self)

    def value(self, signal: str) -> Value:
        """The latest value of a signal."""
        return self.data.value(signal)

    def knows(self, signal: str) -> bool:
        """Whether the car ever told this signal, if only as null."""
        return signal in self.data

    def allows(self, commands: Collection[str]) -> bool:
        """Whether the login allows any of these commands, or there are none."""
        return not commands or any(self.scopes & COMMANDS[name].scopes for name in commands)

    def concerns(self, topics: Collection[str]) -> bool:
        """Whether what is being told right now is about one of these topics."""
        return not self._changed.isdisjoint(topics)

    # Asking the car

    @override
    async def _async_update_data(self) -> VehicleState:
        now = time.monotonic()
        step = self.policy.next_step(now)
        is_due = step.delay <= _EARLY  # else somebody asks for news before it is time
        try:
            if now < self._blocked_until:
                return self.data
            if step.ask is Ask.STATE or not is_due:
                self._see_availability(await self._client.vehicle(self.vin))
                step = self.policy.next_step(time.monotonic())
            is_online = self.policy.availability is Availability.ONLINE
            if is_online and (not is_due or _is_due(step, Ask.DATA)):
                await self._async_ask_for_data()
        except TeslaError as err:
            self._note_failure(err)
        finally:
            self._plan()
        return self.data

    async def _async_ask_for_data(self) -> None:
        try:
            answer = await self._client.vehicle_data(self.vin, self._endpoints)
        except LocationNotGranted:
            # The login says yes and the owner says no: everything else is still to be had.
            self._endpoints = endpoints_for(self.scopes - {Scope.VEHICLE_LOCATION})
            answer = await self._client.vehicle_data(self.vin, self._endpoints)
        self.async_apply(readings_from(answer, time.time()))
        self.policy.saw_data(activity_of(self.data), time.monotonic())

    def _note_failure(self, error: TeslaError) -> None:
        """Slow down; raises what Home Assistant wants to hear of."""
        now = time.monotonic()
        match error:
            case VehicleUnavailable():
                self.policy.was_unavailable(now)
                self._see_availability(Availability.ASLEEP)
            case InService():
                self.policy.is_in_service(now)
            case RateLimited():
                self.policy.failed(now, error.retry_after)
                self._blocked_until = now + (error.retry_after or 0.0)
                _LOGGER.info(
                    "%s: Tesla wants fewer requests; the next one follows in %.0f s",
                    short_vin(self.vin),
                    self.policy.next_step(now).delay,
                )
            case OwnerApiClosed():
                issues.async_owner_api_closed(self.hass, self.config_entry)
                self.policy.failed(now)
                raise update_failed(error) from error
            case _:
                self.policy.failed(now)
                raise update_failed(error) from error

    def _see_availability(self, availability: Availability) -> None:
        self.policy.saw_availability(availability, time.monotonic())
        self.async_apply(availability_reading(self.policy.availability, time.time()))

    @callback
    def async_apply(self, *batches: Mapping[str, Reading]) -> None:
        """Take over what was told; the entities hear of it when they are told the next time."""
        known, last_told, last_minute = self.data.extent, self.data.last_told, self._last_minute
        changed = self.data.apply(*batches)
        if self.data.extent > known:
            changed |= {Topic.NEW_SIGNAL}
        if self._last_minute != last_minute:
            changed |= {Topic.LAST_UPDATE}
        self._changed |= changed
        if changed or self.data.last_told != last_told:
            self._states.async_changed()
        if "car_version" in changed:
            self.commander.async_note_firmware()
            self._update_device()

    def _plan(self) -> None:
        """Set the time of the next question; it survives whoever resets the timer."""
        delay = self.policy.next_step(time.monotonic()).delay
        self.update_interval = timedelta(seconds=max(delay, 1.0))

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: AbstractSet[str] | None = None
    ) -> Callable[[], None]:
        """Tell somebody of the topics that are its context; without it, of everything."""
        stop_updates = super().async_add_listener(update_callback, context)
        stop_topics = self._audience.add(update_callback, context)

        @callback
        def remove() -> None:
            stop_updates()
            stop_topics()

        return remove

    @callback
    @override
    def async_update_listeners(self) -> None:
        super().async_update_listeners()
        self._changed.clear()

    @callback
    def async_tell(self, *topics: str) -> None:
        """Tell now of these topics, if there are any."""
        if topics:
            self._changed.update(topics)
            self.async_update_listeners()

    @callback
    def async_will_tell(self, *topics: str) -> None:
        """Tell of these topics when the entities are told the next time."""
        self._changed.update(topics)

    # What the car streams

    @callback
    def async_stream_began(self) -> None:
        """The car is connected and tells by itself; only the rest is asked for."""
        self.policy.stream_began(time.monotonic())
        self.async_apply(availability_reading(Availability.ONLINE, time.time()))
        self._replan()
        self.async_tell(Topic.STREAM)

    @callback
    def async_stream_ended(self) -> None:
        """It is not any more; the free question will show why."""
        self.policy.stream_ended(time.monotonic())
        self._replan()
        self.async_tell(Topic.STREAM)

    @callback
    def async_tell_concerned(self) -> None:
        """Tell what changed to those whom it concerns: most of a stream concerns few of them."""
        if Topic.NEW_SIGNAL in self._changed:
            self.async_update_listeners()
            return
        for update in self._audience.concerned(self._changed):
            try:
                update()
            except Exception:
                _LOGGER.exception(
                    "%s: what changed could not be told to %s", self.name, _named(update)
                )
        self._changed.clear()

    @callback
    def async_take_streamed(self, *batches: Mapping[str, Reading]) -> None:
        """Take over what the car tells by itself, as `async_apply` does."""
        told = frozenset[str]().union(*batches)
        is_step = False
        if SIGNALS_OF_PHASE.isdisjoint(told):
            self.async_apply(*batches)
        else:
            for readings in batches:  # a phase that lasts for one of them counts too
                before = phase(self.value)
                self.async_apply(readings)
                is_step |= phase(self.value) != before
        is_settled = self.policy.was_streamed(told)
        if is_step:
            self.policy.may_have_changed({NOT_STREAMED}, time.monotonic())
        if is_settled or is_step:
            self._replan()

    @callback
    def async_expect_news(
        self, *, expected: Collection[str] = (), changed: Collection[str] = ()
    ) -> None:
        """The car has obeyed, or may have: see soon what has become of it.

        Args:
            expected: The signals that are to read something else now.
            changed: Those that may.
        """
        self.policy.sent_command(
            time.monotonic(),
            expected=frozenset(filter(self._answers, expected)),
            changed=frozenset(filter(self._answers, changed)),
        )
        self._plan()
        self.async_set_updated_data(self.data)

    def _answers(self, signal: str) -> bool:
        """Whether asking the car would show this signal."""
        return SIGNALS[signal].path is not None and self.data.has_told(signal)

    def _replan(self) -> None:
        """Plan, and have the timer that runs obey the new plan."""
        self._plan()
        if self._listeners:
            self._schedule_refresh()

    @callback
    def async_tell_alerts(self, alerts: Iterable[Alert]) -> None:
        """Tell of the car's alerts, wherever they come from; which are new, its event knows."""
        self.alerts = tuple(alerts)
        self.async_tell(Topic.ALERTS)
        self.alerts = None
        self._states.async_changed()  # the state knows them now

    # What is known about the car without asking it

    @callback
    def async_note_product(self, product: Product) -> None:
        """Take over the car's line of a new product list."""
        if product == self.product:
            return
        self.product = product
        self._update_device()
        self.commander.async_note_product(product)
        self.async_tell(Topic.PRODUCT)

    @callback
    def _update_device(self) -> None:
        registry = dr.async_get(self.hass)
        device = registry.async_get_device_by_identifier(
            (DOMAIN, self.vin), self.config_entry.entry_id
        )
        if device is not None:
            info = self.device_info
            registry.async_update_device(
                device.id, name=info["name"], sw_version=info["sw_version"]
            )


def _is_due(step: Step, ask: Ask) -> bool:
    return step.ask is ask and step.delay <= _EARLY


def _named(listener: CALLBACK_TYPE) -> object:
    """An entity by its id, without its state; somebody else as it is."""
    return getattr(getattr(listener, "__self__", None), "entity_id", listener)
