"""What electricity costs when."""

import contextlib
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.energy_site import Tariff, TariffError, check_tariff, tariffs_of
from custom_components.teslalogger.energy_site.numbers import is_number

from .odd_json import answers_like

BERLIN: Final = ZoneInfo("Europe/Berlin")
PERIODS: Final[dict[str, Any]] = {
    "ON_PEAK": {"periods": [{"toDayOfWeek": 4, "fromHour": 17, "toHour": 21}]},
    "OFF_PEAK": {
        "periods": [
            {"toDayOfWeek": 4, "fromHour": 21, "toHour": 17},
            {"fromDayOfWeek": 5, "toDayOfWeek": 6},
        ]
    },
}
CONTENT: Final[dict[str, Any]] = {
    "name": "Flex",
    "currency": "EUR",
    "energy_charges": {
        "ALL": {"rates": {"ALL": 0.3}},
        "Summer": {"rates": {"ON_PEAK": 0.34, "OFF_PEAK": 0.25}},
        "Winter": {"rates": {"ON_PEAK": 0.42, "OFF_PEAK": 0.28}},
    },
    "seasons": {
        "Summer": {
            "fromMonth": 4,
            "fromDay": 1,
            "toMonth": 9,
            "toDay": 30,
            "tou_periods": PERIODS,
        },
        "Winter": {
            "fromMonth": 10,
            "fromDay": 1,
            "toMonth": 3,
            "toDay": 31,
            "tou_periods": PERIODS,
        },
        "Rainy": {},
    },
    "sell_tariff": {
        "name": "Feed-in",
        "energy_charges": {"ALL": {"rates": {"ALL": 0.08}}},
        "seasons": {"All year": {"tou_periods": {"ALL": [{"toDayOfWeek": 6}]}}},
    },
}


def flex() -> Tariff:
    """The tariff for buying."""
    tariff = Tariff.read(CONTENT)
    assert tariff is not None
    return tariff


def at(text: str) -> datetime:
    """A time at the site."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("when", "season", "period", "price"),
    [
        ("2026-11-02T16:59", "Winter", "OFF_PEAK", 0.28),
        ("2026-11-02T17:00", "Winter", "ON_PEAK", 0.42),
        ("2026-11-02T20:59", "Winter", "ON_PEAK", 0.42),
        ("2026-11-02T21:00", "Winter", "OFF_PEAK", 0.28),
        ("2026-11-03T03:00", "Winter", "OFF_PEAK", 0.28),
        ("2026-11-02T00:00", "Winter", "OFF_PEAK", 0.28),
        ("2026-11-07T00:00", "Winter", "OFF_PEAK", 0.28),
        ("2026-11-07T18:00", "Winter", "OFF_PEAK", 0.28),
        ("2026-03-31T18:00", "Winter", "ON_PEAK", 0.42),
        ("2026-04-01T18:00", "Summer", "ON_PEAK", 0.34),
        ("2026-09-30T18:00", "Summer", "ON_PEAK", 0.34),
        ("2026-01-01T18:00", "Winter", "ON_PEAK", 0.42),
    ],
)
def test_price_follows_season_day_and_hour(
    when: str, season: str, period: str, price: float
) -> None:
    """By the clock on the wall at the site."""
    slot = flex().at(at(when))

    assert slot is not None
    assert (slot.season, slot.period, slot.price) == (season, period, price)


def test_both_tariffs_are_read() -> None:
    """The currency stands only once; a period's list may stand without an object around it."""
    buying, selling = tariffs_of({"tariff_content_v2": CONTENT})

    assert buying is not None
    assert selling is not None
    assert (buying.name, buying.currency) == ("Flex", "EUR")
    assert (selling.name, selling.currency) == ("Feed-in", "EUR")
    slot = selling.at(at("2026-07-01T03:00"))
    assert slot is not None
    assert slot.price == 0.08


def test_season_without_prices_of_its_own_has_the_common_ones() -> None:
    """Every period of it."""
    content = {**CONTENT, "energy_charges": {"ALL": {"rates": {"ALL": 0.3}}}}
    tariff = Tariff.read(content)

    assert tariff is not None
    assert (slot := tariff.at(at("2026-11-02T18:00"))) is not None
    assert slot.price == 0.3


@pytest.mark.parametrize(
    "content",
    [
        None,
        {},
        "none",
        {"seasons": None, "energy_charges": None},
        {"seasons": {"Summer": {}}, "energy_charges": {"ALL": {"rates": {"ALL": 0.3}}}},
        {"seasons": {"Summer": {"fromMonth": 1}}, "energy_charges": {"ALL": {"rates": {}}}},
        {
            "seasons": {"Summer": {"fromMonth": 1}},
            "energy_charges": {"ALL": {"rates": {"X": True}}},
        },
    ],
)
def test_no_tariff_is_none(content: object) -> None:
    """Most sites have none."""
    assert Tariff.read(content) is None
    assert tariffs_of({"tariff_content_v2": content})[0] is None


@given(answers_like({"tariff_content_v2": CONTENT}), st.sampled_from([0, 181, 364]))
def test_no_tariff_breaks_the_reading(answer: dict[str, Any], days: int) -> None:
    """Nor the asking for what applies, nor the check of what Tesla may be given."""
    now = at("2026-01-01T18:00") + timedelta(days=days)
    for tariff in tariffs_of(answer):
        if tariff is not None:
            slot = tariff.at(now)
            assert slot is None or slot.price is None or is_number(slot.price)
            assert tariff.slots(now, now + timedelta(days=2)) is not None
    with contextlib.suppress(TariffError):
        check_tariff(answer.get("tariff_content_v2"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("toHour", 10**12), ("toHour", 25), ("fromHour", -1), ("toMinute", 61), ("fromHour", "17")],
)
def test_hours_that_no_day_has_are_none(name: str, value: object) -> None:
    """What lies at that time has no price, and the rest of the tariff has."""
    periods: dict[str, Any] = {
        "ODD": [{"toDayOfWeek": 6, "fromHour": 9, "toHour": 17, name: value}]
    }
    periods["NIGHT"] = [{"toDayOfWeek": 6, "fromHour": 17, "toHour": 9}]
    tariff = Tariff.read(
        {
            "energy_charges": {"ALL": {"rates": {"ALL": 0.3}}},
            "seasons": {"Year": {"tou_periods": periods}},
        }
    )

    assert tariff is not None
    assert tariff.at(at("2026-11-02T12:00")) is None
    assert (slot := tariff.at(at("2026-11-02T18:00"))) is not None
    assert slot.price == 0.3


def test_gap_in_a_tariff_has_no_price() -> None:
    """Nobody guesses."""
    content = {**CONTENT, "seasons": {"Summer": CONTENT["seasons"]["Summer"]}}
    tariff = Tariff.read(content)

    assert tariff is not None
    assert tariff.at(at("2026-11-02T18:00")) is None


def test_days_of_the_week_may_go_over_sunday() -> None:
    """From Friday to Monday."""
    periods = {"WEEKEND": {"periods": [{"fromDayOfWeek": 4, "toDayOfWeek": 0}, "nonsense"]}}
    content = {
        "energy_charges": {"ALL": {"rates": {"WEEKEND": 0.1}}},
        "seasons": {"Year": {"tou_periods": periods}},
    }
    tariff = Tariff.read(content)

    assert tariff is not None
    days = [tariff.at(at(f"2026-11-0{day}T12:00")) is not None for day in range(2, 9)]
    assert days == [True, False, False, False, True, True, True]


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.integers(1, 72))  # noqa: DTZ001 - the site's zone comes after
def test_slots_cover_the_time_without_holes(start: datetime, hours: int) -> None:
    """Each begins where the one before ends, also when the clocks are changed."""
    begin = start.replace(tzinfo=BERLIN)
    end = begin + timedelta(hours=hours)

    slots = flex().slots(begin, end)

    assert slots[0].start <= begin
    assert slots[-1].end >= end
    assert all(before.end == after.start for before, after in pairwise(slots))
