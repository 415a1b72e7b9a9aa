"""What electricity costs at a site: the tariff it comes with, and which ones Tesla takes.

Source: https://developer.tesla.com/docs/fleet-api/endpoints/energy#time-of-use-settings
"""

from collections.abc import Mapping
import datetime as dt
from typing import Any, Final

_MINUTES_OF_A_DAY: Final = 24 * 60
_LEAP_YEAR: Final = 2024
_DAYS_OF_MONTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PERIOD: Final = {
    "fromDayOfWeek": 6,
    "toDayOfWeek": 6,
    "fromHour": 24,
    "fromMinute": 60,
    "toHour": 24,
    "toMinute": 60,
}
_CHARGES: Final = ("energy_charges", "demand_charges")

_HOURS: Final = {
    "ON_PEAK": [{"toDayOfWeek": 4, "fromHour": 17, "toHour": 21}],
    "OFF_PEAK": [
        {"toDayOfWeek": 4, "fromHour": 21, "toHour": 17},
        {"fromDayOfWeek": 5, "toDayOfWeek": 6},
    ],
}


def _seasons() -> dict[str, Any]:
    periods = {name: {"periods": hours} for name, hours in _HOURS.items()}
    return {
        "Summer": {
            "fromMonth": 4,
            "fromDay": 1,
            "toMonth": 9,
            "toDay": 30,
            "tou_periods": periods,
        },
        "Winter": {
            "fromMonth": 10,
            "fromDay": 1,
            "toMonth": 3,
            "toDay": 31,
            "tou_periods": periods,
        },
    }


STANDARD: Final[dict[str, Any]] = {
    "version": 1,
    "code": "LIGHTHOUSE-FLEX",
    "name": "Flex",
    "utility": "Coast Power",
    "currency": "EUR",
    "daily_charges": [{"name": "Charge"}],
    "demand_charges": {"ALL": {"rates": {"ALL": 0}}, "Summer": {}, "Winter": {}},
    "energy_charges": {
        "ALL": {"rates": {"ALL": 0}},
        "Summer": {"rates": {"ON_PEAK": 0.34, "OFF_PEAK": 0.25}},
        "Winter": {"rates": {"ON_PEAK": 0.42, "OFF_PEAK": 0.28}},
    },
    "seasons": _seasons(),
    "sell_tariff": {
        "name": "Feed-in",
        "utility": "Coast Power",
        "daily_charges": [{"name": "Charge"}],
        "energy_charges": {
            "ALL": {"rates": {"ALL": 0}},
            "Summer": {"rates": {"ALL": 0.08}},
            "Winter": {"rates": {"ALL": 0.08}},
        },
        "seasons": _seasons(),
    },
}


class InvalidTariff(Exception):
    """Tesla does not take it."""


def accept(content: Any) -> dict[str, Any]:
    """The tariff as Tesla keeps it, without zeros in its periods; raises InvalidTariff."""
    kept = _accept(content)
    sell = kept.get("sell_tariff")
    if sell is not None:
        _need(isinstance(sell, Mapping))
        if any(_object(sell.get("seasons", {})).values()):
            kept["sell_tariff"] = _accept(sell)
    return kept


def _accept(content: Any) -> dict[str, Any]:
    kept = dict(_object(content))
    for charges in _CHARGES:
        for charge in _object(kept.get(charges, {})).values():
            for price in _object(_object(charge).get("rates", {})).values():
                _need(isinstance(price, int | float) and not isinstance(price, bool) and price >= 0)
    prices = _object(kept.get("energy_charges"))
    seasons = {name: _object(season) for name, season in _object(kept.get("seasons")).items()}
    _need(any(seasons.values()))
    kept["seasons"] = {
        name: _season(season, _object(prices.get(name) or prices.get("ALL")).get("rates"))
        for name, season in seasons.items()
    }
    year = [0] * 365
    for season in filter(None, seasons.values()):
        first = _day(season.get("fromMonth"), season.get("fromDay"))
        last = _day(season.get("toMonth"), season.get("toDay"))
        for day in range(first, last + 1 if first <= last else last + 366):
            year[day % 365] += 1
    _need(set(year) == {1})
    return kept


def _season(season: Mapping[str, Any], rates: Any) -> dict[str, Any]:
    if not season:
        return {}
    _need(isinstance(rates, Mapping))
    week = [[0] * _MINUTES_OF_A_DAY for _ in range(7)]
    periods = _object(season.get("tou_periods"))
    kept: dict[str, Any] = {}
    for name, group in periods.items():
        _need(name in rates or "ALL" in rates)
        # Older tariffs have the list itself.
        listed = _list(group if isinstance(group, list) else _object(group).get("periods"))
        kept[name] = {"periods": [_period(_object(period), week) for period in listed]}
    _need(all(count == 1 for day in week for count in day))
    return {**season, "tou_periods": kept}


def _period(period: Mapping[str, Any], week: list[list[int]]) -> dict[str, int]:
    """Count its minutes; what is left of it without zeros."""
    told = {name: period.get(name, 0) for name in _PERIOD}
    for name, highest in _PERIOD.items():
        _need(type(told[name]) is int and 0 <= told[name] <= highest)
    start = told["fromHour"] * 60 + told["fromMinute"]
    end = told["toHour"] * 60 + told["toMinute"]
    _need(max(start, end) <= _MINUTES_OF_A_DAY)
    minutes = range(start, end) if start < end else (*range(end), *range(start, _MINUTES_OF_A_DAY))
    day = told["fromDayOfWeek"]
    while True:
        for minute in minutes:
            week[day][minute] += 1
        if day == told["toDayOfWeek"]:
            return {name: value for name, value in told.items() if value}
        day = (day + 1) % 7


def _day(month: Any, day: Any) -> int:
    """Its number in a year of 365 days; the 29th of February counts as the 28th."""
    try:
        date = dt.date(_LEAP_YEAR, month, day)
    except (TypeError, ValueError) as err:
        raise InvalidTariff from err
    longest = _DAYS_OF_MONTHS[date.month - 1]
    return sum(_DAYS_OF_MONTHS[: date.month - 1]) + min(date.day, longest) - 1


def _object(value: Any) -> Mapping[str, Any]:
    _need(isinstance(value, Mapping))
    found: Mapping[str, Any] = value
    return found


def _list(value: Any) -> list[Any]:
    _need(isinstance(value, list))
    found: list[Any] = value
    return found


def _need(condition: bool) -> None:  # noqa: FBT001 - reads like assert
    if not condition:
        raise InvalidTariff
