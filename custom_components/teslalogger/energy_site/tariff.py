"""What electricity costs at a site, by the tariff that its owner set in Tesla's app.

`tariff_content_v2` has seasons, each with periods of the week that have a name, and a price for
each name. The tariff for what is sold lies within it as `sell_tariff`, in the same form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

from .numbers import is_number, is_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

_ALL: Final = "ALL"
_ONE_DAY: Final = timedelta(days=1)


def period_in_words(name: str) -> str:
    """Such as "Off peak" for OFF_PEAK; the names are the utility's, so there is no list of them."""
    return name.replace("_", " ").capitalize()


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A stretch of time with one price, in the tariff's currency for each kWh."""

    start: datetime
    end: datetime
    season: str
    period: str
    price: float | None

    @property
    def name(self) -> tuple[str, str]:
        """What makes it the same as its neighbour."""
        return self.season, self.period


@dataclass(frozen=True, kw_only=True, slots=True)
class _Hours:
    """Hours of some days of the week (Monday is 0).

    Where they end before they start it is the morning and the evening of each of these days.
    """

    period: str
    first_day: int
    last_day: int
    start: timedelta
    end: timedelta

    def of(self, day: date) -> list[tuple[timedelta, timedelta]]:
        """When they are on this day, since its midnight; nothing on other days of the week."""
        if self.first_day <= self.last_day:
            is_day = self.first_day <= day.weekday() <= self.last_day
        else:
            is_day = not self.last_day < day.weekday() < self.first_day
        if not is_day:
            return []
        if self.start < self.end:
            return [(self.start, self.end)]
        parts = [(timedelta(), self.end), (self.start, _ONE_DAY)]
        return [(start, end) for start, end in parts if start < end]


@dataclass(frozen=True, kw_only=True, slots=True)
class Season:
    """A part of the year, both ends included, each as (month, day)."""

    name: str
    first: tuple[int, int]
    last: tuple[int, int]
    hours: tuple[_Hours, ...]
    rates: Mapping[str, float]

    def covers(self, day: date) -> bool:
        """Whether the day is in it."""
        now = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= now <= self.last
        return now >= self.first or now <= self.last

    def price(self, period: str) -> float | None:
        """What a period of it costs; None if that is not said."""
        return self.rates.get(period, self.rates.get(_ALL))


@dataclass(frozen=True, kw_only=True, slots=True)
class Tariff:
    """A tariff for buying or for selling."""

    name: str
    currency: str
    seasons: tuple[Season, ...]

    @classmethod
    def read(cls, content: object) -> Self | None:
        """From `tariff_content_v2`; None where there is no tariff with a price in it."""
        if not isinstance(content, Mapping):
            return None
        seasons = tuple(_seasons(content))
        if not any(season.rates for season in seasons):
            return None
        return cls(
            name=_text(content.get("name")),
            currency=_text(content.get("currency")),
            seasons=seasons,
        )

    def slots(self, start: datetime, end: datetime) -> list[Slot]:
        """What applies between two times, in order; `start` has the site's time zone."""
        zone = start.tzinfo
        found: list[Slot] = []
        day, last = start.date() - _ONE_DAY, end.astimezone(zone).date() + _ONE_DAY
        while day <= last:
            for slot in self._of(day, zone):
                before = found[-1] if found else None
                if before and (before.end, before.name) == (slot.start, slot.name):
                    found[-1] = replace(before, end=slot.end)
                else:
                    found.append(slot)
            day += _ONE_DAY
        return [slot for slot in found if slot.start <= end and slot.end > start]

    def _of(self, day: date, zone: tzinfo | None) -> list[Slot]:
        """The slots of one day. The clock on the wall counts, also when it has been put."""
        season = next((season for season in self.seasons if season.covers(day)), None)
        if season is None:
            return []
        midnight = datetime.combine(day, time())
        return sorted(
            (
                Slot(
                    start=(midnight + start).replace(tzinfo=zone),
                    end=(midnight + end).replace(tzinfo=zone),
                    season=season.name,
                    period=hours.period,
                    price=season.price(hours.period),
                )
                for hours in season.hours
                for start, end in hours.of(day)
            ),
            key=lambda slot: slot.start,
        )

    def at(self, now: datetime) -> Slot | None:
        """What applies now; `now` has the site's time zone."""
        return next((slot for slot in self.slots(now, now) if slot.start <= now < slot.end), None)


def tariffs_of(site_info: Mapping[str, Any]) -> tuple[Tariff | None, Tariff | None]:
    """The tariffs for buying and for selling."""
    content = site_info.get("tariff_content_v2")
    if not isinstance(content, Mapping):
        return None, None
    sell = content.get("sell_tariff")
    if isinstance(sell, Mapping):
        # Tesla names the currency once.
        sell = {**sell, "currency": sell.get("currency") or content.get("currency")}
    return Tariff.read(content), Tariff.read(sell)


def _seasons(content: Mapping[str, Any]) -> Iterator[Season]:
    charges = _mapping(content.get("energy_charges"))
    for name, season in _mapping(content.get("seasons")).items():
        if not isinstance(season, Mapping) or not season:
            continue  # Tesla leaves the seasons of its form empty that a tariff does not have
        charge = _mapping(charges.get(name, charges.get(_ALL)))
        yield Season(
            name=name,
            first=(_whole(season.get("fromMonth"), 1), _whole(season.get("fromDay"), 1)),
            last=(_whole(season.get("toMonth"), 12), _whole(season.get("toDay"), 31)),
            hours=tuple(_hours(season)),
            rates={
                period: float(price)
                for period, price in _mapping(charge.get("rates")).items()
                if is_number(price)
            },
        )


def _hours(season: Mapping[str, Any]) -> Iterator[_Hours]:
    for name, group in _mapping(season.get("tou_periods")).items():
        # Older tariffs have the list where newer ones have an object with it.
        listed = group.get("periods") if isinstance(group, Mapping) else group
        for period in listed if isinstance(listed, list) else ():
            if not isinstance(period, Mapping):
                continue
            start, end = _of_day(period, "from"), _of_day(period, "to")
            if start is None or end is None:
                continue  # nobody guesses when it is
            yield _Hours(
                period=name,
                first_day=_whole(period.get("fromDayOfWeek"), 0),
                last_day=_whole(period.get("toDayOfWeek"), 0),
                start=start,
                end=end,
            )


def _of_day(period: Mapping[str, Any], side: str) -> timedelta | None:
    """A time since midnight, with the zeros that Tesla leaves out; None if no day has it."""
    hours, minutes = period.get(f"{side}Hour") or 0, period.get(f"{side}Minute") or 0
    if not (is_whole(hours, 24) and is_whole(minutes, 60)):
        return None
    return timedelta(hours=hours, minutes=minutes)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
