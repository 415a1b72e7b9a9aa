"""An energy site that lives under the world's clock."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from simulator.energy import data, history, physics
from simulator.energy.history import ALWAYS
from simulator.energy.state import EXPORT_RULES, MODES, SiteState, Span, no_energies
from simulator.energy.tariff import InvalidTariff, accept

if TYPE_CHECKING:
    from simulator.clock import Clock
    from simulator.energy.history import Between
    from simulator.energy.state import Settings

type Order = Callable[[Settings, Mapping[str, Any]], None]

_YEARS_BEFORE: Final = {
    2024: {"solar_energy_exported": 4_100_000.0, "grid_energy_imported": 1_900_000.0},
    2025: {"solar_energy_exported": 7_300_000.0, "grid_energy_imported": 2_700_000.0},
}


class SiteUnavailable(Exception):
    """Tesla's servers have no data of the site and cannot reach it."""


class InvalidSetting(Exception):
    """The body of a setting is not as documented."""


class EnergySite:
    """A house with solar, Powerwalls and a wall connector; it has been there since midnight."""

    def __init__(
        self,
        site_id: int,
        name: str,
        *,
        clock: Clock,
        owner: str,
        level: float = 60.0,
        time_zone: str = "Europe/Berlin",
    ) -> None:
        self.site_id = site_id
        self.name = name
        self.owner = owner
        self.time_zone = time_zone
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._state = SiteState(energy=physics.PACK * level / 100.0)
        for year, energies in _YEARS_BEFORE.items():
            self._state.earlier[year] = no_energies() | energies
        midnight = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
        self._settled = midnight.timestamp()

    @property
    def state(self) -> SiteState:
        """The site as it is now; may be changed."""
        self._settle()
        return self._state

    def product(self) -> dict[str, Any]:
        """The site in the list of products."""
        return data.product(self)

    def live_status(self) -> dict[str, Any]:
        """What flows now; raises SiteUnavailable."""
        self._check()
        return data.live_status(self, self._now())

    def site_info(self) -> dict[str, Any]:
        """Settings and components; raises SiteUnavailable."""
        self._check()
        return data.site_info(self)

    def energy_history(self, period: str, span: Between = ALWAYS) -> dict[str, Any]:
        """What was counted; raises SiteUnavailable, or InvalidSetting for an unknown period."""
        self._check()
        if period not in history.PERIODS:
            raise InvalidSetting
        return history.energy_history(self.state, period, self._now(), span)

    def backup_history(self, period: str, span: Between = ALWAYS) -> dict[str, Any]:
        """When the grid was away; raises as `energy_history` does."""
        self._check()
        if period not in history.PERIODS:
            raise InvalidSetting
        return history.backup_history(self.state, self._now(), span)

    def charge_history(self, span: Between) -> dict[str, Any]:
        """What cars charged at the wall connector; raises SiteUnavailable."""
        self._check()
        return history.charge_history(self.state, span)

    def set(self, name: str, body: Mapping[str, Any]) -> None:
        """Take a setting over; raises SiteUnavailable or InvalidSetting."""
        self._check()
        ORDERS[name](self.state.settings, body)

    def _check(self) -> None:
        if self._state.given_up:
            raise SiteUnavailable

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), self._zone)

    def _settle(self) -> None:
        now = self._clock.now()
        while self._settled < now:
            # No step goes over one of the history's boundaries, and midnight is one of them.
            start = self._settled - self._settled % physics.STEP
            seconds = min(start + physics.STEP, now) - self._settled
            local = datetime.fromtimestamp(self._settled, self._zone)
            self._count(local, int(start), physics.advance(self._state, local, seconds))
            self._note_spans(seconds)
            self._settled += seconds
        self._state.flow = physics.flow_at(self._state, self._now(), physics.STEP)
        self._forget()

    def _count(self, local: datetime, start: int, energies: Mapping[str, float]) -> None:
        if not self._state.today or self._begins_a_day(local):
            self._state.today.clear()
        row = self._state.today.setdefault(start, no_energies())
        day = self._state.days.setdefault(local.date(), no_energies())
        for name, energy in energies.items():
            row[name] += energy
            day[name] += energy

    def _note_spans(self, seconds: float) -> None:
        """Outages and charges grow as long as they last."""
        state, power = self._state, physics.connector_power(self._state)
        if not state.grid_up:
            self._grow(state.outages, seconds, 0.0)
        if power:
            self._grow(state.charges, seconds, power * seconds / physics.HOUR)

    def _grow(self, spans: list[Span], seconds: float, energy: float) -> None:
        vin = self._state.connector.vin if energy else None
        last = spans[-1] if spans else None
        if last is None or last.vin != vin or last.start + last.seconds < self._settled:
            last = Span(start=self._settled, vin=vin)
            spans.append(last)
        last.seconds += seconds
        last.energy += energy

    def _begins_a_day(self, local: datetime) -> bool:
        known = datetime.fromtimestamp(next(iter(self._state.today)), self._zone)
        return known.date() != local.date()

    def _forget(self) -> None:
        """Days of earlier years go into their year, so that a long life stays small."""
        oldest = self._now().date() - timedelta(days=366)
        for day in [day for day in self._state.days if day < oldest]:
            year = self._state.earlier.setdefault(day.year, no_energies())
            for name, energy in self._state.days.pop(day).items():
                year[name] += energy


def _percent(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100:  # noqa: PLR2004 - percent
        return value
    raise InvalidSetting


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise InvalidSetting


def _word(value: object, words: tuple[str, ...]) -> str:
    if isinstance(value, str) and value in words:
        return value
    raise InvalidSetting


def _backup(settings: Settings, body: Mapping[str, Any]) -> None:
    settings.reserve = _percent(body.get("backup_reserve_percent"))


def _off_grid(settings: Settings, body: Mapping[str, Any]) -> None:
    settings.off_grid_reserve = _percent(body.get("off_grid_vehicle_charging_reserve_percent"))


def _operation(settings: Settings, body: Mapping[str, Any]) -> None:
    settings.mode = _word(body.get("default_real_mode"), MODES)


def _storm_mode(settings: Settings, body: Mapping[str, Any]) -> None:
    settings.storm_watch = _flag(body.get("enabled"))


def _grid_import_export(settings: Settings, body: Mapping[str, Any]) -> None:
    charging, rule = (
        "disallow_charge_from_grid_with_solar_installed",
        "customer_preferred_export_rule",
    )
    if not body or body.keys() - {charging, rule}:
        raise InvalidSetting
    allowed = not _flag(body[charging]) if charging in body else settings.grid_charging
    wanted = _word(body[rule], EXPORT_RULES) if rule in body else settings.export_rule
    settings.grid_charging, settings.export_rule = allowed, wanted


def _time_of_use(settings: Settings, body: Mapping[str, Any]) -> None:
    wanted = body.get("tou_settings")
    if body.keys() != {"tou_settings"} or not isinstance(wanted, dict):
        raise InvalidSetting
    if wanted.keys() != {"tariff_content_v2"}:
        raise InvalidSetting
    try:
        settings.tariff = accept(wanted["tariff_content_v2"])
    except InvalidTariff as err:
        raise InvalidSetting from err


ORDERS: Final[Mapping[str, Order]] = {
    "backup": _backup,
    "off_grid_vehicle_charging_reserve": _off_grid,
    "operation": _operation,
    "storm_mode": _storm_mode,
    "grid_import_export": _grid_import_export,
    "time_of_use_settings": _time_of_use,
}
