"""What an entry's cars are told about streaming: given, looked after, taken back.

What is due for a car, and what is wrong with it, its dossier knows; here Tesla is asked.
"""

import asyncio
import base64
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
import hashlib
import json
import logging
import time
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.event import async_track_time_interval

from custom_components.teslalogger import issues
from custom_components.teslalogger.commander import KeyStatus
from custom_components.teslalogger.const import CONF_DOMAIN, DOMAIN
from custom_components.teslalogger.fleet_telemetry.attempts import TURNED_AWAY, Reason
from custom_components.teslalogger.fleet_telemetry.checks import InvalidConfiguration
from custom_components.teslalogger.fleet_telemetry.configuration import Car, Configuration, build
from custom_components.teslalogger.fleet_telemetry.dossier import Dossier, Given, blocks_giving
from custom_components.teslalogger.fleet_telemetry.eligibility import Evidence, diagnose
from custom_components.teslalogger.fleet_telemetry.field import possible_hardware
from custom_components.teslalogger.fleet_telemetry.fields import FIELDS
from custom_components.teslalogger.fleet_telemetry.firmware import read_firmware
from custom_components.teslalogger.fleet_telemetry.remote_errors import read_errors
from custom_components.teslalogger.pairing import pairing_url
from custom_components.teslalogger.tesla.errors import RateLimited, TeslaError
from custom_components.teslalogger.tesla.models import Availability, VehicleInfo
from custom_components.teslalogger.tesla.redact import short_vin
from custom_components.teslalogger.topics import Topic
from custom_components.teslalogger.vehicle.vin import model_letter, signing_by_vin
from custom_components.teslalogger.vehicle_command.jws import telemetry_token

from .file import TelemetryFile, async_take_back
from .identity import TelemetryIdentityError, async_get_identity
from .status import StreamingStatus, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from custom_components.teslalogger.coordinator import CarCoordinator
    from custom_components.teslalogger.data import TeslaLoggerConfigEntry
    from custom_components.teslalogger.fleet_telemetry.dossier import BackOff
    from custom_components.teslalogger.fleet_telemetry.eligibility import Check
    from custom_components.teslalogger.fleet_telemetry.records import CarError
    from custom_components.teslalogger.tesla.fleet import FleetClient
    from custom_components.teslalogger.tesla.models import FleetStatus
    from custom_components.teslalogger.vehicle_command.keys import CommandKey

    from .options import TelemetryOptions
    from .server import TelemetryServer

_LOGGER = logging.getLogger(__name__)

LOOK: Final = timedelta(minutes=1)
"""How often it is considered what is due; most times, nothing is."""


class CarConfigurations:
    """The configurations of an entry's cars.

    `server` gives the receiver, or None as long as there is none or none is wanted.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: TeslaLoggerConfigEntry,
        options: TelemetryOptions,
        server: Callable[[], TelemetryServer | None],
    ) -> None:
        self.problem: InvalidConfiguration | None = None
        self._hass = hass
        self._entry = entry
        self._options = options
        self._server = server
        self._wants_location = any(FIELDS[name].needs_location for name in options.choice)
        self._file = TelemetryFile(hass, entry.entry_id)
        self._infos: dict[str, tuple[VehicleInfo, bool | None]] = {}
        self._built: dict[Car, Configuration] = {}
        self._words: dict[str, StreamingStatus | None] = {}
        self._lock = asyncio.Lock()

    async def async_load(self) -> None:
        """Read what was given before."""
        await self._file.async_load()

    @callback
    def async_start(self, *, wanted: bool) -> None:
        """Look after the cars from now on, or take back what they were given."""
        if not wanted:
            for vin in self._entry.runtime_data.cars:
                issues.async_clear_streaming(self._hass, self._entry, vin)
            if not self._file.given:
                return
        self._entry.async_on_unload(
            async_track_time_interval(self._hass, self._async_tick, LOOK, cancel_on_shutdown=True)
        )
        self.async_soon()

    # What is known

    def dossier(self, vin: str) -> Dossier:
        """The file of a car."""
        return self._file.dossiers.setdefault(vin, Dossier())

    def findings(self, car: CarCoordinator) -> list[Check]:
        """What keeps a car from streaming, or may."""
        return diagnose(self.dossier(car.vin).evidence(self._facts(car)))

    def status(self, car: CarCoordinator) -> StreamingStatus | None:
        """How far a car has come; None as long as nobody knows."""
        if self._server() is None:
            return StreamingStatus.OFF
        return status_of(self.dossier(car.vin), self.findings(car))

    # What happens

    @callback
    def async_note_fleet_status(self, vins: Sequence[str], status: FleetStatus) -> None:
        """Take over what Tesla says about these cars."""
        for vin in vins:
            paired = True if vin in status.paired else False if vin in status.unpaired else None
            self._infos[vin] = status.info.get(vin, VehicleInfo()), paired
        self.async_soon()

    @callback
    def async_hello(self, car: CarCoordinator, since: float) -> None:
        """A car has connected, or has been so since then."""
        self.dossier(car.vin).note_hello(since)
        self._judge(car)

    @callback
    def async_goodbye(self, car: CarCoordinator) -> None:
        """It is gone."""
        self.dossier(car.vin).note_goodbye()
        self._judge(car)

    @callback
    def async_errors(self, car: CarCoordinator, errors: Iterable[CarError]) -> None:
        """It told what is wrong with its stream."""
        self.dossier(car.vin).note_streamed_errors(car.vin, errors, time.time())
        self._judge(car)

    @callback
    def _async_tick(self, _now: datetime) -> None:
        self.async_soon()

    @callback
    def async_soon(self) -> None:
        """Consider now what is due."""
        self._entry.async_create_background_task(
            self._hass, self._async_look(), "Look after the streams of cars"
        )

    async def async_check(self, car: CarCoordinator) -> bool:
        """Do for a car at once whatever can be done, because somebody asked; whether it worked.

        A configuration for another server is replaced.
        """
        answered = await self._entry.runtime_data.account.async_ask_fleet_status()
        async with self._lock:
            dossier = self.dossier(car.vin)
            dossier.asking.worked()
            await self._async_round([car], at_once=True)
        return answered and not (dossier.asking.failures or dossier.giving.failures)

    # What is done

    async def _async_look(self) -> None:
        async with self._lock:
            data = self._entry.runtime_data
            await self._async_take_back([vin for vin in self._file.given if self._is_gone(vin)])
            if self._server() is not None:
                await self._async_round(list(data.cars.values()))

    def _is_gone(self, vin: str) -> bool:
        """Whether a car is not to stream to us any more; a list without it proves nothing."""
        data = self._entry.runtime_data
        if not data.telemetry.receives:
            return True
        registry = dr.async_get(self._hass)
        device = registry.async_get_device_by_identifier((DOMAIN, vin), self._entry.entry_id)
        return vin not in data.cars and device is None

    async def _async_round(self, cars: Sequence[CarCoordinator], *, at_once: bool = False) -> None:
        """Do what is due for these cars."""
        for car in cars:
            self._note_what_is_seen(car)
        key = self._entry.runtime_data.vault.key
        if cars and key is not None:
            try:
                authority = (await async_get_identity(self._hass).async_authority()).certificate
                await self._async_see_to(cars, key, authority, at_once=at_once)
            except TelemetryIdentityError as err:
                _LOGGER.warning("Cars cannot be told whom to trust: %s", err)
            await self._file.async_save()
        for car in cars:
            self._judge(car)

    def _note_what_is_seen(self, car: CarCoordinator) -> None:
        dossier, now = self.dossier(car.vin), time.time()
        dossier.note_online(now, is_online=car.policy.availability is Availability.ONLINE)
        server = self._server()
        if server is not None and server.receiver is not None:
            for attempt in server.receiver.attempts.newest:
                if attempt.dialled != self._options.hostname.lower():
                    continue
                if attempt.reason is Reason.OUR_CERTIFICATE_REFUSED:
                    dossier.note_refused(attempt.when)
                elif attempt.reason in TURNED_AWAY:
                    dossier.note_turned_away(attempt.when, attempt.reason)

    async def _async_see_to(
        self, cars: Sequence[CarCoordinator], key: CommandKey, authority: str, *, at_once: bool
    ) -> None:
        """Ask and give."""
        problem = None
        signer = hashlib.sha256(key.public_point).hexdigest()[:16]
        batches: dict[str, dict[str, tuple[Given, str]]] = {}
        for car in cars:
            if car.vin not in self._infos or blocks_giving(self._facts(car)):
                continue
            dossier = self.dossier(car.vin)
            try:
                wanted = self._wanted_for(car, authority, signer)
            except InvalidConfiguration as err:
                problem = err
                continue
            try:
                await self._async_ask(car, wanted, key, at_once=at_once)
            except TeslaError as err:
                _note_failure(car.vin, dossier.asking, err)
                if err.temporary:
                    break  # the others would fare no better
                continue
            attempt = self._attempt(car.vin, wanted)
            if dossier.asking.failures:
                continue  # what Tesla holds is not known
            if dossier.needs(wanted, by_hand=at_once) and (
                at_once or dossier.may_try(attempt, wanted.at)
            ):
                batch = batches.setdefault(_canonical(wanted.content), {})
                batch[car.vin] = wanted, attempt
        for batch in batches.values():
            await self._async_give(batch, key)
        self._note_problem(problem)

    async def _async_ask(
        self, car: CarCoordinator, wanted: Given, key: CommandKey, *, at_once: bool
    ) -> None:
        """Look at what Tesla holds and what the car complains of, if it is time."""
        dossier = self.dossier(car.vin)
        telemetry = self._client.telemetry
        if dossier.is_look_due(wanted.at) or (at_once and not dossier.is_proven):
            held = await telemetry.get(car.vin)
            dossier.note_held(
                wanted,
                synced=held.synced,
                config=held.config,
                limit_reached=held.limit_reached,
                key_paired=held.key_paired,
                needs_key=self._facts(car).old_design is not True,
                issuer=base64.b64encode(key.public_point).decode(),
            )
        if dossier.are_errors_due(wanted.at) or (at_once and dossier.is_asked_for):
            errors = None
            with suppress(TeslaError):  # some applications may not ask this
                errors = read_errors(await telemetry.errors(car.vin), vin=car.vin)
            dossier.note_errors(errors, wanted.at)

    async def _async_give(self, batch: Mapping[str, tuple[Given, str]], key: CommandKey) -> None:
        """Give cars the same configuration."""
        content = next(iter(batch.values()))[0].content
        token = await self._hass.async_add_executor_job(telemetry_token, key, content)
        try:
            answer = await self._client.telemetry.create(list(batch), token)
        except TeslaError as err:
            for vin in batch:
                dossier = self.dossier(vin)
                _note_failure(vin, dossier.giving, err)
                dossier.note_not_taken(str(err), temporary=err.temporary)
            return
        for vin, (given, attempt) in batch.items():
            if (reason := answer.skipped.get(vin)) is not None:
                self.dossier(vin).note_skipped(reason, attempt, given.at)
            else:
                self.dossier(vin).note_given(given, attempt)
        given_to = [short_vin(vin) for vin in batch if vin not in answer.skipped]
        _LOGGER.info("Cars that were told what to stream: %s", ", ".join(given_to) or "none")

    async def _async_take_back(self, vins: Iterable[str]) -> None:
        """Take back what these cars were given."""
        for vin in vins:
            dossier = self.dossier(vin)
            if dossier.given is None or time.time() < dossier.asking.until:
                continue
            try:
                await async_take_back(self._client, vin, dossier.given)
            except TeslaError as err:
                _note_failure(vin, dossier.asking, err)
            else:
                del self._file.dossiers[vin]
            await self._file.async_save()

    @property
    def _client(self) -> FleetClient:
        return self._entry.runtime_data.require_fleet()

    def _note_problem(self, problem: InvalidConfiguration | None) -> None:
        """What was chosen cannot be streamed by any car, or can."""
        if problem is not None:
            issues.async_receiver_problem(
                self._hass,
                self._entry,
                "telemetry_choice_invalid",
                {"reason": ", ".join([str(problem), *problem.placeholders.values()])},
            )
        elif self.problem is not None:
            issues.async_clear_receiver_problem(self._hass, self._entry)
        self.problem = problem

    # What is wanted

    def _facts(self, car: CarCoordinator) -> Evidence:
        """What is known about a car apart from what it was given."""
        info, paired = self._infos.get(car.vin, (VehicleInfo(), None))
        signs = signing_by_vin(car.vin)
        return Evidence(
            access_type=car.product.access_type,
            scopes=car.scopes,
            wants_location=self._wants_location,
            old_design=None if signs is None else not signs,
            discounted=info.discounted_device_data,
            firmware=_newest(info.firmware_version, car.software_version),
            toggle=info.safety_screen_streaming_toggle_enabled,
            # Tesla has called cars unpaired that obeyed.
            key_paired=car.commander.key_status is KeyStatus.PAIRED or paired,
            keys=info.total_number_of_keys,
        )

    def _wanted_for(self, car: CarCoordinator, authority: str, signer: str) -> Given:
        """What a car ought to have, as of now; raises InvalidConfiguration."""
        assist = car.value("driver_assist")
        able = Car(
            firmware=self._facts(car).firmware,
            scopes=car.scopes,
            hardware=possible_hardware(
                model_letter(car.vin), assist if isinstance(assist, str) else None
            ),
        )
        if able not in self._built:
            self._built[able] = build(
                self._options.choice,
                able,
                hostname=self._options.hostname,
                port=self._options.port,
                ca=authority,
            )
        built = self._built[able]
        return Given(content=built.content, signer=signer, at=time.time(), left_out=built.left_out)

    def _attempt(self, vin: str, wanted: Given) -> str:
        """What tells an attempt from another: with the same facts it would end the same way."""
        info, paired = self._infos[vin]
        facts = _canonical([wanted.content, wanted.signer, asdict(info), paired])
        return hashlib.sha256(facts.encode()).hexdigest()

    # What a person sees

    @callback
    def _judge(self, car: CarCoordinator) -> None:
        """Open and close the car's repairs, and show how far it is."""
        dossier = self.dossier(car.vin)
        check = dossier.to_mend(self._facts(car))
        if check is None:
            issues.async_clear_streaming(self._hass, self._entry, car.vin)
        else:
            issues.async_keeps_from_streaming(
                self._hass,
                self._entry,
                car.vin,
                check.finding.translation_key,
                self._placeholders(car, dossier),
            )
        word = self.status(car)
        if self._words.get(car.vin) != word:
            self._words[car.vin] = word
            car.async_tell(Topic.STREAM)

    def _placeholders(self, car: CarCoordinator, dossier: Dossier) -> dict[str, str]:
        _, turned_away = dossier.turned_away
        remote = dossier.remote and (dossier.remote.text or dossier.remote.name)
        return {
            "car": car.title,
            "hostname": self._options.hostname,
            "port": str(self._options.port),
            "listen_port": str(self._options.listen_port),
            "url": pairing_url(self._entry.data[CONF_DOMAIN]),
            "reason": dossier.refusal or dossier.skipped or remote or turned_away or "-",
        }


def _note_failure(vin: str, back_off: BackOff, error: TeslaError) -> None:
    if not back_off.failures:
        _LOGGER.info("%s: its stream is not looked after: %s", short_vin(vin), error)
    retry_after = error.retry_after if isinstance(error, RateLimited) else None
    back_off.failed(time.time(), retry_after=retry_after)


def _newest(*versions: str | None) -> str | None:
    """Tesla's word is of yesterday, and the car's may be older."""
    known = {read: text for text in versions if (read := read_firmware(text)) is not None}
    return known[max(known)] if known else None


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
