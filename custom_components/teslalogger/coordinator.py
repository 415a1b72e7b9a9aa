"""One car: asks it no more than it must, commands it, and tells its entities what changed."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
import logging
import time
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from . import issues
from .audience import Audience
from .const import DOMAIN
from .errors import update_failed
from .outcomes import command_failed, parameter_error
from .tesla.errors import (
    InService,
    LocationNotGranted,
    OwnerApiClosed,
    RateLimited,
    TeslaError,
    VehicleUnavailable,
)
from .tesla.models import Availability, FleetStatus, Product
from .tesla.redact import short_vin
from .tesla.scopes import Scope
from .vault import VaultNotSaved
from .vehicle.commands import COMMANDS
from .vehicle.errors import NeedsFleetApi, VehicleError
from .vehicle.outcome import Outcome, Result, Route
from .vehicle.polling import OWNER_SPEEDS, Ask, PollingPolicy, Speeds, Step, activity_of
from .vehicle.router import Router
from .vehicle.state import Reading, Source, VehicleState
from .vehicle.vehicle_data import availability_reading, endpoints_for, readings_from
from .vehicle.vin import model_letter
from .vehicle.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
        Set as AbstractSet,
    )

    from .data import TeslaLoggerConfigEntry
    from .telemetry_status import StreamingStatus
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


class Topic(StrEnum):
    """What a coordinator tells besides signals."""

    LAST_UPDATE = "last_update"
    KEY = "key"
    ROUTE = "route"
    PRODUCT = "product"
    STREAM = "stream"
    ALERTS = "alerts"
    NEW_SIGNAL = "new_signal"


def wish_for(signal: str) -> str:
    """The topic of what a signal is wanted to become."""
    return f"wish_for_{signal}"


def wish_of(command: str, params: Mapping[str, Any]) -> Mapping[str, Value]:
    """What a command makes of the signals; nothing if it is wrong, for then it is not sent."""
    row = COMMANDS.get(command)
    try:
        return row.expected(row.validate(params)) if row else {}
    except VehicleError:
        return {}


class KeyStatus(StrEnum):
    """Whether the car obeys our key."""

    PAIRED = "paired"
    NOT_PAIRED = "not_paired"
    NOT_NEEDED = "not_needed"


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
        self.last_outcome: Outcome | None = None
        self.alerts: Sequence[Alert] | None = None
        self._client = account.client
        self._states = account.states
        self._vault = account.vault
        self._telemetry = account.telemetry
        self._endpoints = endpoints_for(account.scopes)
        self._changed: set[str] = set()
        self._audience = Audience()
        self._wishes = Wishes()
        self._blocked_until = 0.0
        self._key_paired: bool | None = None
        self.router = Router(
            vin=self.vin,
            transport=account.fleet,
            channel=account.vault.channel(self.vin, account.fleet) if account.fleet else None,
            owner=account.owner,
            beliefs=account.vault.beliefs(self.vin),
            scopes=lambda: self.scopes,
            on_learnt=self._async_keep_beliefs,
            on_key_status=lambda paired: self._note_key(paired=paired),
        )
        self.router.beliefs.note_product(product.command_signing)
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
    def last_update(self) -> datetime | None:
        """When the newest of what the car told was true, by the car's own clock, to the minute.

        With the seconds of a stream it would fill the logbook by itself.
        """
        told_at = self.data.last_told
        return None if told_at is None else datetime.fromtimestamp(told_at // 60 * 60, UTC)

    @property
    def key_status(self) -> KeyStatus | None:
        """Whether the car obeys our key; None as long as nobody knows.

        Without a key Tesla's word is about one that is gone.
        """
        if self.router.beliefs.current.route is Route.UNSIGNED:
            return KeyStatus.NOT_NEEDED
        if self._key_paired is None or self._vault.key is None:
            return None
        return KeyStatus.PAIRED if self._key_paired else KeyStatus.NOT_PAIRED

    @property
    def route(self) -> Route:
        """The way that commands take."""
        return self.router.route

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

    def wanted(self, signal: str) -> Value:
        """What a command that is on its way wants a signal to become; None if there is none."""
        return self._wishes.value(signal)

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
        self._apply(readings_from(answer, time.time()))
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
        self._apply(availability_reading(self.policy.availability, time.time()))

    @callback
    def _apply(self, readings: Mapping[str, Reading]) -> None:
        known, last_told, last_update = len(self.data), self.data.last_told, self.last_update
        changed = self.data.apply(readings)
        if len(self.data) > known:
            changed |= {Topic.NEW_SIGNAL}
        if self.last_update != last_update:
            changed |= {Topic.LAST_UPDATE}
        self._changed |= changed
        if changed or self.data.last_told != last_told:
            self._states.async_changed()
        if "car_version" in changed:
            self._note_firmware()

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

    # What the car streams

    @callback
    def async_stream_began(self) -> None:
        """The car is connected and tells by itself; only the rest is asked for."""
        self.policy.stream_began(time.monotonic())
        self._apply(availability_reading(Availability.ONLINE, time.time()))
        self._replan()
        self._async_tell(Topic.STREAM)

    @callback
    def async_stream_ended(self) -> None:
        """It is not any more; the free question will show why."""
        self.policy.stream_ended(time.monotonic())
        self._replan()
        self._async_tell(Topic.STREAM)

    @callback
    def async_take_streamed(self, readings: Mapping[str, Reading]) -> None:
        """Take over what was streamed; `async_tell_concerned` tells the entities."""
        self._apply(readings)

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

    def _replan(self) -> None:
        """Plan, and have the timer that runs obey the new plan."""
        self._plan()
        if self._listeners:
            self._schedule_refresh()

    @callback
    def _async_tell(self, *topics: str) -> None:
        if topics:
            self._changed.update(topics)
            self.async_update_listeners()

    @callback
    def async_tell_stream(self) -> None:
        """What is known of the car's stream has changed, though the car told nothing."""
        self._async_tell(Topic.STREAM)

    @callback
    def async_tell_alerts(self, alerts: Iterable[Alert]) -> None:
        """Tell of the car's alerts, wherever they come from; which are new, its event knows."""
        self.alerts = tuple(alerts)
        self._async_tell(Topic.ALERTS)
        self.alerts = None
        self._states.async_changed()  # the state knows them now

    # Commanding the car

    async def async_send(self, command: str, /, **params: Any) -> Outcome:
        """Send a command; return once the car has confirmed it.

        Raises:
            ServiceValidationError: A parameter is wrong, or the login does not allow the command.
            HomeAssistantError: It was not done, or nobody can tell.
        """
        with self.wanting(wish_of(command, params)):
            return await self._async_send(command, params)

    @contextmanager
    def wanting(self, values: Mapping[str, Value]) -> Iterator[None]:
        """Say meanwhile that these values are wanted."""
        topics = {wish_for(signal) for signal in values}
        try:
            with self._wishes.open(values):
                self._async_tell(*topics)
                yield
        finally:
            self._async_tell(*topics)

    @callback
    def async_conclude(self, values: Mapping[str, Value]) -> None:
        """Take over what a confirmed command must have done, though only its sender can know."""
        self._apply(_concluded(values))
        self.async_update_listeners()

    async def _async_send(self, command: str, params: Mapping[str, Any]) -> Outcome:
        asleep = self.policy.availability in {Availability.ASLEEP, Availability.OFFLINE}
        try:
            outcome = await self.router.send(command, params, asleep=asleep)
        except VehicleError as err:
            raise parameter_error(err, self.title) from err
        self.last_outcome = outcome
        if outcome.done:
            news = COMMANDS[command].concluded(outcome.expected, self.value)
            self._apply(_concluded(news))
        if outcome.result in {Result.DONE, Result.UNKNOWN}:
            self.policy.sent_command(time.monotonic())
            self._plan()
            self.async_set_updated_data(self.data)
        self._note_route()
        self.async_update_listeners()
        if isinstance(outcome.error, NeedsFleetApi):
            issues.async_owner_api_cannot_sign(self.hass, self.config_entry, self.title)
        if isinstance(outcome.error, OwnerApiClosed):
            issues.async_owner_api_closed(self.hass, self.config_entry)
        if not outcome.done:
            raise command_failed(outcome, self.title) from outcome.error
        return outcome

    # What is known about the car without asking it

    @callback
    def async_note_product(self, product: Product) -> None:
        """Take over the car's line of a new product list."""
        if product == self.product:
            return
        self.product = product
        self.router.beliefs.note_product(product.command_signing)
        self._update_device()
        self._note_route()
        self._async_tell(Topic.PRODUCT)

    @callback
    def async_note_fleet_status(self, status: FleetStatus) -> None:
        """Take over what Tesla says about our key in this car.

        It has said "unpaired" of cars that obeyed: the car's own word counts for more.
        """
        if (info := status.info.get(self.vin)) is not None:
            self.router.beliefs.note_fleet_status(
                protocol_required=info.vehicle_command_protocol_required
            )
        if self.vin in status.paired:
            self._note_key(paired=True)
        elif self.vin in status.unpaired and self._key_paired is None:
            self._key_paired = False
        self._note_route()
        self.async_update_listeners()

    @property
    def may_need_key(self) -> bool:
        """Whether it matters to this car if our key is in it."""
        return self.route is Route.SIGNED

    @property
    def waits_for_pairing(self) -> bool:
        """Whether somebody tried a command and our key was not in the car."""
        return issues.is_key_not_paired(self.hass, self.config_entry, self.vin)

    @callback
    def async_show_key(self) -> None:
        """Show the way to the virtual key, for somebody who has lost sight of it."""
        issues.async_key_wanted(self.hass, self.config_entry, self.vin, self.title)

    @callback
    def _note_key(self, *, paired: bool) -> None:
        self._key_paired = paired
        self._async_tell(Topic.KEY)
        if paired:
            issues.async_clear_key_not_paired(self.hass, self.config_entry, self.vin)
        elif self._vault.key is not None:
            issues.async_key_not_paired(self.hass, self.config_entry, self.vin, self.title)

    def _note_route(self) -> None:
        """The way of the commands may be another one now, and with it whether a key matters."""
        if not self.may_need_key:
            issues.async_clear_key_not_paired(self.hass, self.config_entry, self.vin)
        self._changed |= {Topic.ROUTE, Topic.KEY}

    def _note_firmware(self) -> None:
        version = self.value("car_version")
        if self.router.beliefs.note_firmware(version if isinstance(version, str) else None):
            self._note_route()
            self.config_entry.async_create_task(
                self.hass, self._async_keep_beliefs(), "Keep the firmware"
            )
        self._update_device()

    async def _async_keep_beliefs(self) -> None:
        """Write down what was learnt; without it the next start only has to learn it again."""
        try:
            await self._vault.async_save()
        except VaultNotSaved as err:
            _LOGGER.warning("%s: what was learnt is not kept: %s", short_vin(self.vin), err)

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


def _concluded(values: Mapping[str, Value]) -> dict[str, Reading]:
    """What the car confirmed it did is what it is, until it tells something newer."""
    now = time.time()
    return {
        key: Reading(value=value, car_time=now, received=now, source=Source.COMMAND)
        for key, value in values.items()
        if value is not None
    }
