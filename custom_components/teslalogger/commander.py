"""Commands one car, and knows what that takes: the way the commands go, and the key."""

from contextlib import contextmanager
from enum import StrEnum
import logging
import time
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback

from . import issues
from .outcomes import command_failed, parameter_error
from .tesla.errors import OwnerApiClosed
from .tesla.models import Availability
from .tesla.redact import short_vin
from .topics import Topic, wish_for
from .vault import VaultNotSaved
from .vehicle.commands import COMMANDS
from .vehicle.errors import NeedsFleetApi, VehicleError
from .vehicle.outcome import Outcome, Result, Route
from .vehicle.router import Router
from .vehicle.state import Reading, Source
from .vehicle.wishes import Wishes
from .whereabouts import whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .coordinator import CarCoordinator
    from .tesla.models import FleetStatus, Product
    from .vehicle.signals import Value

_LOGGER = logging.getLogger(__name__)


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


class Commander:
    """Commands the car of a coordinator, and has it tell what came of that."""

    def __init__(self, car: CarCoordinator) -> None:
        self.last_outcome: Outcome | None = None
        self._car = car
        self._hass = car.hass
        self._entry = car.config_entry
        account = car.config_entry.runtime_data
        self._vault = account.vault
        self._wishes = Wishes()
        self._changed_at: dict[str, float] = {}
        self._key_paired: bool | None = None
        self.router = Router(
            vin=car.vin,
            transport=account.fleet,
            channel=account.vault.channel(car.vin, account.fleet) if account.fleet else None,
            owner=account.owner,
            beliefs=account.vault.beliefs(car.vin),
            scopes=lambda: car.scopes,
            on_learnt=self._async_keep_beliefs,
            on_key_status=lambda paired: self._note_key(paired=paired),
        )
        self.router.beliefs.note_product(car.product.command_signing)

    # Commands

    async def async_send(self, command: str, /, **params: Any) -> Outcome:
        """Send a command; return once the car has confirmed it.

        Raises:
            ServiceValidationError: A parameter is wrong, or the login does not allow the command.
            HomeAssistantError: It was not done, or nobody can tell.
        """
        row = COMMANDS.get(command)
        if row is not None and row.placed_when(params):
            params = whereabouts(self._car) | params
        with self.wanting(wish_of(command, params)):
            return await self._async_send(command, params)

    def wanted(self, signal: str) -> Value:
        """What a command that is on its way wants a signal to become; None if there is none."""
        return self._wishes.value(signal)

    def changed_at(self, signal: str) -> float:
        """When a command last gave the signal a value that only the car knows; 0 for never."""
        return self._changed_at.get(signal, 0.0)

    @contextmanager
    def wanting(self, values: Mapping[str, Value]) -> Iterator[None]:
        """Say meanwhile that these values are wanted."""
        topics = {wish_for(signal) for signal in values}
        try:
            with self._wishes.open(values):
                self._car.async_tell(*topics)
                yield
        finally:
            self._car.async_tell(*topics)

    @callback
    def async_conclude(self, values: Mapping[str, Value]) -> None:
        """Take over what a confirmed command must have done, though only its sender can know."""
        self._car.async_apply(_concluded(values))
        self._car.async_update_listeners()

    async def _async_send(self, command: str, params: Mapping[str, Any]) -> Outcome:
        car = self._car
        asleep = car.policy.availability in {Availability.ASLEEP, Availability.OFFLINE}
        try:
            outcome = await self.router.send(command, params, asleep=asleep)
        except VehicleError as err:
            raise parameter_error(err, car.title) from err
        self.last_outcome = outcome
        row = COMMANDS[command]
        news = row.concluded(wish_of(command, params), car.value)
        expected = {key for key, value in news.items() if car.value(key) != value}
        if outcome.done:
            car.async_apply(_concluded(row.concluded(outcome.expected, car.value)))
        if outcome.result in {Result.DONE, Result.UNKNOWN}:
            self._changed_at |= dict.fromkeys(row.changes, time.time())
            car.async_expect_news(expected=expected, changed=row.may_change(car.value))
        self._note_route()
        car.async_update_listeners()
        if isinstance(outcome.error, NeedsFleetApi):
            issues.async_owner_api_cannot_sign(self._hass, self._entry, car.vin, car.title)
        if isinstance(outcome.error, OwnerApiClosed):
            issues.async_owner_api_closed(self._hass, self._entry)
        if not outcome.done:
            raise command_failed(outcome, car.title) from outcome.error
        return outcome

    # The way they go

    @property
    def route(self) -> Route:
        """The way that commands take."""
        return self.router.route

    @callback
    def async_note_product(self, product: Product) -> None:
        """Take over what the product list says about signing."""
        self.router.beliefs.note_product(product.command_signing)
        self._note_route()

    @callback
    def async_note_firmware(self) -> None:
        """Take over what the car's version says about signing."""
        version = self._car.value("car_version")
        if self.router.beliefs.note_firmware(version if isinstance(version, str) else None):
            self._note_route()
            self._entry.async_create_task(
                self._hass, self._async_keep_beliefs(), "Keep the firmware"
            )

    @callback
    def async_note_fleet_status(self, status: FleetStatus) -> None:
        """Take over what Tesla says about signing, and about our key in this car.

        It has said "unpaired" of cars that obeyed: the car's own word counts for more.
        """
        vin = self._car.vin
        if (info := status.info.get(vin)) is not None:
            self.router.beliefs.note_fleet_status(
                protocol_required=info.vehicle_command_protocol_required
            )
        if vin in status.paired:
            self._note_key(paired=True)
        elif vin in status.unpaired and self._key_paired is None:
            self._key_paired = False
        self._note_route()
        self._car.async_update_listeners()

    def _note_route(self) -> None:
        """The way of the commands may be another one now, and with it whether a key matters."""
        if not self.may_need_key:
            issues.async_clear_key_not_paired(self._hass, self._entry, self._car.vin)
        self._car.async_will_tell(Topic.ROUTE, Topic.KEY)

    async def _async_keep_beliefs(self) -> None:
        """Write down what was learnt; without it the next start only has to learn it again."""
        try:
            await self._vault.async_save()
        except VaultNotSaved as err:
            _LOGGER.warning("%s: what was learnt is not kept: %s", short_vin(self._car.vin), err)

    # The key

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
    def may_need_key(self) -> bool:
        """Whether it matters to this car if our key is in it."""
        return self.route is Route.SIGNED

    @property
    def waits_for_pairing(self) -> bool:
        """Whether somebody tried a command and our key was not in the car."""
        return issues.is_key_not_paired(self._hass, self._entry, self._car.vin)

    @callback
    def async_show_key(self) -> None:
        """Show the way to the virtual key, for somebody who has lost sight of it."""
        issues.async_key_wanted(self._hass, self._entry, self._car.vin, self._car.title)

    @callback
    def _note_key(self, *, paired: bool) -> None:
        vin = self._car.vin
        self._key_paired = paired
        self._car.async_tell(Topic.KEY)
        if paired:
            issues.async_clear_key_not_paired(self._hass, self._entry, vin)
        elif self._vault.key is not None:
            issues.async_key_not_paired(self._hass, self._entry, vin, self._car.title)


def _concluded(values: Mapping[str, Value]) -> dict[str, Reading]:
    """What the car confirmed it did is what it is, until it tells something newer."""
    now = time.time()
    return {
        key: Reading(value=value, car_time=now, received=now, source=Source.COMMAND)
        for key, value in values.items()
        if value is not None
    }
