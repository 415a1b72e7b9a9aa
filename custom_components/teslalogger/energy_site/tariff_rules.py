"""What a tariff has to be like before Tesla is given it.

Tesla answers a wrong one with a word, so what is wrong is found here. Whether selling may bring
more than buying costs depends on the site; that is left to Tesla.

Source: https://developer.tesla.com/docs/fleet-api/endpoints/energy#time-of-use-settings
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from .numbers import is_number, is_whole
from .tariff import Tariff, tariffs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .tariff import Season

_ONE_DAY: Final = timedelta(days=1)
# Not a leap year: a season may end on either last day of February.
_NEW_YEAR: Final = date(2025, 1, 1)
_A_MONDAY: Final = date(2025, 1, 6)
_DATES: Final = {"fromMonth": 12, "fromDay": 31, "toMonth": 12, "toDay": 31}
_TIMES: Final = {
    "fromDayOfWeek": 6,
    "toDayOfWeek": 6,
    "fromHour": 24,
    "fromMinute": 60,
    "toHour": 24,
    "toMinute": 60,
}


class TariffError(Exception):
    """Tesla would not take the tariff. `placeholders` say where it is wrong."""

    translation_key: ClassVar[str]

    def __init__(self, **placeholders: str) -> None:
        super().__init__(f"{self.translation_key}: {placeholders}")
        self.placeholders = placeholders


class TariffMalformed(TariffError):
    """Something in it is missing or of another form than Tesla's."""

    translation_key = "tariff_malformed"


class TariffDayMissing(TariffError):
    """A day of the year is in no season."""

    translation_key = "tariff_day_missing"


class TariffDayTwice(TariffError):
    """A day of the year is in several seasons."""

    translation_key = "tariff_day_twice"


class TariffHourMissing(TariffError):
    """A time of the week is in no period."""

    translation_key = "tariff_hour_missing"


class TariffHourTwice(TariffError):
    """A time of the week is in several periods."""

    translation_key = "tariff_hour_twice"


class TariffPriceMissing(TariffError):
    """A period has no price."""

    translation_key = "tariff_price_missing"


def check_tariff(content: object) -> None:
    """Whether this may be sent as `tariff_content_v2`; raises a TariffError."""
    if not isinstance(content, Mapping):
        raise TariffMalformed(where="tariff")
    buying, selling = tariffs_of({"tariff_content_v2": content})
    _check(content, buying, "")
    sell = content.get("sell_tariff")
    if sell is not None and not isinstance(sell, Mapping):
        raise TariffMalformed(where="sell_tariff")
    # Where nothing is sold, Tesla's form stays there without seasons.
    if sell and any(_mapping(sell.get("seasons")).values()):
        _check(sell, selling, "sell_tariff.")


def _check(content: Mapping[str, Any], tariff: Tariff | None, path: str) -> None:
    _check_form(content, path)
    if tariff is None:
        has_seasons = any(content["seasons"].values())
        raise TariffMalformed(where=f"{path}{'energy_charges' if has_seasons else 'seasons'}")
    _check_year(tariff)
    for season in tariff.seasons:
        _check_week(season)


def _check_form(tariff: Mapping[str, Any], path: str) -> None:
    for name, charge in _object(tariff, "energy_charges", path).items():
        where = f"{path}energy_charges.{name}"
        if not isinstance(charge, Mapping):
            raise TariffMalformed(where=where)
        for period, price in _mapping(charge.get("rates")).items():
            if not (is_number(price) and price >= 0):
                raise TariffMalformed(where=f"{where}.rates.{period}")
    for name, season in _object(tariff, "seasons", path).items():
        where = f"{path}seasons.{name}"
        if not isinstance(season, Mapping):
            raise TariffMalformed(where=where)
        if season:  # Tesla's form names seasons that a tariff does not have
            _check_season(season, f"{where}.")


def _check_season(season: Mapping[str, Any], path: str) -> None:
    for name, highest in _DATES.items():
        if not (is_whole(season.get(name), highest) and season[name]):
            raise TariffMalformed(where=f"{path}{name}")
    for name, group in _object(season, "tou_periods", path).items():
        where = f"{path}tou_periods.{name}"
        periods = group.get("periods") if isinstance(group, Mapping) else group
        if not isinstance(periods, list):
            raise TariffMalformed(where=f"{where}.periods")
        for index, period in enumerate(periods):
            if not isinstance(period, Mapping):
                raise TariffMalformed(where=f"{where}.periods[{index}]")
            for side, highest in _TIMES.items():
                if not is_whole(period.get(side, 0), highest):  # zeros may be left out
                    raise TariffMalformed(where=f"{where}.periods[{index}].{side}")


def _check_year(tariff: Tariff) -> None:
    for number in range(365):
        day = _NEW_YEAR + timedelta(days=number)
        seasons = [season for season in tariff.seasons if season.covers(day)]
        if not seasons:
            raise TariffDayMissing(day=f"{day:%m-%d}")
        if len(seasons) > 1:
            raise TariffDayTwice(day=f"{day:%m-%d}")


def _check_week(season: Season) -> None:
    for weekday in range(7):
        reached = timedelta()
        for start, end in sorted(_spans(season, _A_MONDAY + timedelta(days=weekday))):
            if start > reached:
                raise TariffHourMissing(**_moment(season, weekday, reached))
            if start < reached:
                raise TariffHourTwice(**_moment(season, weekday, start))
            reached = end
        if reached < _ONE_DAY:
            raise TariffHourMissing(**_moment(season, weekday, reached))
        if reached > _ONE_DAY:
            raise TariffHourTwice(**_moment(season, (weekday + 1) % 7, timedelta()))


def _spans(season: Season, day: date) -> Iterator[tuple[timedelta, timedelta]]:
    for hours in season.hours:
        if season.price(hours.period) is None:
            raise TariffPriceMissing(season=season.name, period=hours.period)
        yield from hours.of(day)


def _moment(season: Season, weekday: int, time: timedelta) -> dict[str, str]:
    hours, minutes = divmod(int(time.total_seconds()) // 60, 60)
    return {"season": season.name, "weekday": str(weekday), "time": f"{hours:02}:{minutes:02}"}


def _object(parent: Mapping[str, Any], name: str, path: str) -> Mapping[str, Any]:
    value = parent.get(name)
    if not isinstance(value, Mapping):
        raise TariffMalformed(where=f"{path}{name}")
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
