"""One energy site: asks for each of its answers when it is time, and changes its settings."""

from contextlib import suppress
from datetime import timedelta
import logging
import time
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.energy_site import (
    SETTINGS,
    Kind,
    Part,
    SiteState,
    Tariff,
    TariffError,
    check_tariff,
    connector_key,
    connectors_in,
    day_of,
    has_component,
    info_values,
    lifetime_values,
    live_values,
    of_part,
    tariffs_of,
)
from custom_components.teslalogger.errors import needs_login, request_failed, update_failed
from custom_components.teslalogger.tesla.energy import Period
from custom_components.teslalogger.tesla.errors import (
    AnswerLost,
    RateLimited,
    TeslaError,
    UnexpectedAnswer,
)

from . import issues as energy_issues
from .issues import SILENT_AFTER, SILENT_ANSWERS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import tzinfo

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry
    from custom_components.teslalogger.energy_site import Value
    from custom_components.teslalogger.tesla.models import EnergyProduct

_LOGGER = logging.getLogger(__name__)

# Tesla refreshes what flows once a minute; all of it is free so far.
INTERVALS: Final[Mapping[Part, float]] = {
    Part.LIVE: 60.0,
    Part.INFO: 10 * 60.0,
    Part.DAY: 5 * 60.0,
    Part.LIFETIME: 3600.0,
}
LONGEST_PAUSE: Final = 3600.0
READ_BACK_AFTER: Final = 30.0
"""Seconds after a new setting until Tesla's answer is asked for again."""
HOLD: Final = 120.0
"""Seconds for which a confirmed setting stands against answers that are still the old ones."""
FIRST_QUESTION_AFTER: Final = 1.0
TARIFF: Final = "tariff_content_v2"
TARIFF_SIGNALS: Final = frozenset({"buy_price", "sell_price", "tariff_period", "tariff_name"})

# The timer may ring this much early (seconds): Home Assistant rounds its start down.
_EARLY: Final = 1.5
_SITE: Final = "Energy site"
_CONNECTOR: Final = "Wall Connector"


class SiteCoordinator(DataUpdateCoordinator[SiteState]):
    """One site of an account. Its entry's runtime data must be there before it."""

    config_entry: TeslaLoggerConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: TeslaLoggerConfigEntry, product: EnergyProduct
    ) -> None:
        self.site_id = product.site_id
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=f"{_SITE} {product.name}".rstrip(),
            update_interval=timedelta(seconds=FIRST_QUESTION_AFTER),
        )
        account = entry.runtime_data
        self.scopes = account.scopes
        self.product = product
        self.data = account.energy.states.state(self.site_id)
        self.buying: Tariff | None = None
        self.selling: Tariff | None = None
        self._tariff_held_until = 0.0
        self._silent_answers = 0
        self._begun = time.time()
        self.connectors: dict[str, Mapping[str, Any]] = {}
        self._api = account.require_fleet().energy
        self._states = account.energy.states
        self._told: dict[Part, Mapping[str, Any]] = {}
        self._due = dict.fromkeys(INTERVALS, 0.0)
        self._failures = dict.fromkeys(INTERVALS, 0)
        self._outage: TeslaError | None = None
        self._changed: set[str] = set()
        self._zone = dt_util.get_default_time_zone()
        self.connectors.update(self.listed_connectors)

    # What entities ask

    @property
    def account_id(self) -> str:
        """The account, which is part of every unique id: two accounts can share a site."""
        return self.config_entry.unique_id or self.config_entry.entry_id

    @property
    def title(self) -> str:
        """What people call the site."""
        return self.product.name or _SITE

    @property
    def device_info(self) -> DeviceInfo:
        """The site as a device."""
        version = self.value("version")
        return DeviceInfo(
            identifiers={(DOMAIN, self.site_id)},
            manufacturer="Tesla",
            model="Powerwall" if self.has("battery") else "Solar" if self.has("solar") else _SITE,
            name=self.title,
            serial_number=self.site_id,
            sw_version=version.split()[0] if isinstance(version, str) else None,
        )

    def connector_device_info(self, din: str) -> DeviceInfo:
        """A wall connector as a device behind the site's."""
        known = self.connectors[din]
        serial = known.get("serial_number") or din.rpartition("--")[2]
        model = known.get("part_name") or _CONNECTOR
        info = DeviceInfo(
            identifiers={(DOMAIN, din)},
            manufacturer="Tesla",
            model=str(model),
            name=_CONNECTOR if len(self.connectors) == 1 else f"{_CONNECTOR} {str(serial)[-4:]}",
            serial_number=str(serial),
        )
        site = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, self.site_id), self.config_entry.entry_id
        )
        if site is not None:
            info["via_device_id"] = site.id
        return info

    @property
    def listed_connectors(self) -> dict[str, Mapping[str, Any]]:
        """The wall connectors that Tesla names at the moment, by DIN."""
        return connectors_in(self.product.raw, *self._told.values())

    @property
    def time_zone(self) -> tzinfo:
        """The site's own, as far as is known."""
        return self._zone

    @property
    def failures(self) -> dict[str, int]:
        """How often each question failed since it was last answered."""
        return {part.value: count for part, count in self._failures.items()}

    def value(self, signal: str) -> Value:
        """The latest value of a signal."""
        return self.data.value(signal)

    def has(self, component: str) -> bool:
        """Whether the site has it: "battery" or "solar"."""
        told = self.value(component)
        return has_component(self.product.raw, component) if told is None else told is True

    def concerns(self, topics: Collection[str]) -> bool:
        """Whether what is being told right now is about one of these topics."""
        return not self._changed.isdisjoint(topics)

    # Asking

    @override
    async def _async_update_data(self) -> SiteState:
        now = time.monotonic()
        # Where nothing is due, somebody asks for news.
        due = [part for part, when in self._due.items() if when <= now + _EARLY]
        try:
            for part in due or (Part.LIVE, Part.INFO):
                await self._async_ask(part)
        finally:
            self._apply(self._tariff_values())
            self._plan()
        if self._outage is not None:
            raise update_failed(self._outage) from self._outage
        return self.data

    async def _async_ask(self, part: Part) -> None:
        """Ask one question; only a login that has ended is raised at once."""
        try:
            match part:
                case Part.LIVE:
                    await self._async_ask_live()
                case Part.INFO:
                    await self._async_ask_info()
                case Part.DAY:
                    await self._async_ask_day()
                case _:
                    answer = await self._api.energy_history(self.site_id, Period.LIFETIME)
                    self._apply(lifetime_values(answer))
        except TeslaError as err:
            self._failures[part] += 1
            pause = INTERVALS[part] * 2.0 ** min(self._failures[part] - 1, 6)
            if isinstance(err, RateLimited):
                pause = max(pause, err.retry_after or 0.0)
            self._due[part] = time.monotonic() + min(pause, LONGEST_PAUSE)
            self._note_failure(part, err)
        else:
            self._failures[part] = 0
            self._due[part] = time.monotonic() + INTERVALS[part]

    async def _async_ask_live(self) -> None:
        answer = await self._api.live_status(self.site_id)
        self._outage = None
        values = live_values(answer)
        # A gateway that Tesla cannot reach has words for it, and no numbers.
        is_reachable = any(type(value) in {int, float} for value in values.values())
        if is_reachable:
            self._told[Part.LIVE] = answer
            self.connectors.update(self.listed_connectors)
        self._note_reachable(reachable=is_reachable)
        self._apply(values)

    async def _async_ask_info(self) -> None:
        answer = await self._api.site_info(self.site_id)
        if not answer.get("components"):
            return  # a stub
        self._told[Part.INFO] = answer
        self.connectors.update(self.listed_connectors)
        if time.monotonic() >= self._tariff_held_until:
            self.buying, self.selling = tariffs_of(answer)
        self._apply(info_values(answer))
        zone = self.value("installation_time_zone")
        if isinstance(zone, str):
            with suppress(ValueError, OSError):  # no name, or that of a folder
                self._zone = await dt_util.async_get_time_zone(zone) or self._zone
        self._update_device()

    async def _async_ask_day(self) -> None:
        day = day_of(await self._api.energy_history(self.site_id, Period.DAY))
        if day is not None:
            self._apply(day.news(self.data))

    def _note_failure(self, part: Part, error: TeslaError) -> None:
        """Raises what only a login helps with.

        Of the rest what flows decides: who cannot be asked for it, or will not tell, is out until
        the question is answered again, whatever else is asked meanwhile. A site that Tesla cannot
        reach is not: its last values stay.
        """
        if needs_login(error):
            raise update_failed(error) from error
        _LOGGER.debug("%s: no %s: %s", self.name, part, error)
        if part is not Part.LIVE or isinstance(error, RateLimited):
            return
        if not isinstance(error, AnswerLost | UnexpectedAnswer):
            self._outage = error
            return
        if isinstance(error, UnexpectedAnswer) or error.status is not None:
            self._outage = None  # Tesla can be asked again, even if it has nothing to tell
        self._note_reachable(reachable=False)

    def _note_reachable(self, *, reachable: bool) -> None:
        if not reachable and self.value("reachable") is not False:
            _LOGGER.info("%s: Tesla cannot reach it; its last values stay", self.name)
        self._apply({"reachable": reachable})
        self._silent_answers = 0 if reachable else self._silent_answers + 1
        if reachable:
            energy_issues.async_clear_site_silent(self.hass, self.config_entry, self.site_id)
        elif self._silent_answers >= SILENT_ANSWERS and self._silence >= SILENT_AFTER:
            energy_issues.async_site_silent(self.hass, self.config_entry, self.site_id, self.title)

    @property
    def _silence(self) -> float:
        """Seconds since the site's newest reading, or since it is here."""
        moments = (
            self.data.moment(signal.key)
            for signal in of_part(Part.LIVE)
            if signal.kind is Kind.NUMBER
        )
        return time.time() - max((moment for moment in moments if moment), default=self._begun)

    @callback
    def _apply(self, values: Mapping[str, Value]) -> None:
        changed = self.data.apply(values, time.time())
        self._changed |= changed
        if changed:
            self._states.async_changed()

    def _tariff_values(self) -> dict[str, Value]:
        """What electricity costs by now; nothing until Tesla has told whether there is a tariff."""
        is_told = self.buying is not None or Part.INFO in self._told
        values: dict[str, Value] = {
            key: None for key in TARIFF_SIGNALS if is_told and key in self.data
        }
        now = dt_util.now(self._zone)
        if self.buying is not None:
            slot = self.buying.at(now)
            values |= {
                "buy_price": slot.price if slot else None,
                "tariff_period": slot.period if slot else None,
                "tariff_name": self.buying.name or None,
                "tariff_currency": self.buying.currency or None,
            }
        if self.selling is not None:
            slot = self.selling.at(now)
            values["sell_price"] = slot.price if slot else None
        return values

    @callback
    def _plan(self) -> None:
        delay = min(self._due.values()) - time.monotonic()
        self.update_interval = timedelta(seconds=max(delay, 1.0))

    @callback
    @override
    def async_update_listeners(self) -> None:
        super().async_update_listeners()
        self._changed.clear()

    # Settings

    async def async_set(self, signal: str, value: Value) -> None:
        """Change a setting; return once Tesla has confirmed it.

        Raises:
            ServiceValidationError: It cannot be this.
            HomeAssistantError: It was not done, or nobody can tell.
        """
        setting = SETTINGS[signal]
        if not setting.accepts(value):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="site_setting_invalid",
                translation_placeholders={"site": self.title},
            )
        await self._async_change(
            setting.endpoint,
            setting.body(value),
            is_done=lambda info: info_values(info).get(signal) == value,
        )
        self._changed |= self.data.confirm(signal, value=value, now=time.time(), hold=HOLD)
        self._async_changed()

    async def async_set_tariff(self, content: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Give the site another tariff, in Tesla's form; the one that it had.

        Raises:
            ServiceValidationError: It cannot be this.
            HomeAssistantError: It was not done, or nobody can tell.
        """
        try:
            check_tariff(content)
        except TariffError as err:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=err.translation_key,
                translation_placeholders=err.placeholders,
            ) from err
        wanted = tariffs_of({TARIFF: content})
        try:
            before = await self._api.site_info(self.site_id)
        except TeslaError as err:
            raise request_failed(err) from err
        await self._async_change(
            "time_of_use_settings",
            {"tou_settings": {TARIFF: content}},
            is_done=lambda info: tariffs_of(info) == wanted,
        )
        self.buying, self.selling = wanted
        self._tariff_held_until = time.monotonic() + HOLD
        self._apply(self._tariff_values())
        self._changed |= TARIFF_SIGNALS  # the price may be the same, but until another time
        self._async_changed()
        return before.get(TARIFF) or None

    async def _async_change(
        self,
        endpoint: str,
        body: Mapping[str, Any],
        *,
        is_done: Callable[[Mapping[str, Any]], bool],
    ) -> None:
        """Send a setting; if the answer is lost, `is_done` finds it in what `site_info` tells."""
        try:
            answer = await self._api.set(self.site_id, endpoint, body)
        except TeslaError as err:
            if not err.may_have_succeeded:
                raise request_failed(err) from err
            if not await self._async_is_done(is_done):
                raise HomeAssistantError(
                    translation_domain=DOMAIN,
                    translation_key="site_setting_unknown",
                    translation_placeholders={"site": self.title},
                ) from err
        else:
            if not answer.done:
                raise HomeAssistantError(
                    translation_domain=DOMAIN,
                    translation_key="site_setting_refused",
                    translation_placeholders={"site": self.title, "reason": answer.reason or "-"},
                )

    async def _async_is_done(self, is_done: Callable[[Mapping[str, Any]], bool]) -> bool:
        try:
            return is_done(await self._api.site_info(self.site_id))
        except TeslaError:
            return False

    @callback
    def _async_changed(self) -> None:
        """Tell of a new setting, and read it back soon."""
        self._states.async_changed()
        self._due[Part.INFO] = time.monotonic() + READ_BACK_AFTER
        self._plan()
        self.async_set_updated_data(self.data)

    # What is known about the site without asking it

    @callback
    def async_note_product(self, product: EnergyProduct) -> None:
        """Take over the site's line of a new product list."""
        self.product = product
        self.connectors.update(self.listed_connectors)
        self._update_device()
        self.async_update_listeners()

    @callback
    def async_forget_connector(self, din: str) -> None:
        """Let go of a wall connector that is gone."""
        self.connectors.pop(din, None)
        self.data.drop(connector_key(din, ""))
        self._states.async_changed()
        self.async_update_listeners()

    @callback
    def _update_device(self) -> None:
        registry = dr.async_get(self.hass)
        device = registry.async_get_device_by_identifier(
            (DOMAIN, self.site_id), self.config_entry.entry_id
        )
        if device is not None:
            info = self.device_info
            registry.async_update_device(
                device.id, name=info["name"], model=info["model"], sw_version=info["sw_version"]
            )
