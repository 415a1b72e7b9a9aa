"""A tariff is looked at before Tesla sees it, and whatever is wrong is named."""

import json
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.energy_site import TariffError, check_tariff
from custom_components.teslalogger.energy_site.tariff_rules import (
    TariffDayMissing,
    TariffDayTwice,
    TariffHourMissing,
    TariffHourTwice,
    TariffMalformed,
    TariffPriceMissing,
)
from simulator.energy.tariff import STANDARD, InvalidTariff, accept

from .test_tariff import CONTENT

if TYPE_CHECKING:
    from collections.abc import Mapping

type Path = tuple[str | int, ...]

PEAK: Final[Path] = ("seasons", "Winter", "tou_periods", "ON_PEAK", "periods", 0)
WEEKEND: Final[Path] = ("seasons", "Winter", "tou_periods", "OFF_PEAK", "periods", 1)
SELL: Final[Path] = ("sell_tariff", "seasons", "Winter", "tou_periods", "ON_PEAK")
MISSING: Final = object()


def changed(path: Path, value: object) -> dict[str, Any]:
    """The simulated house's tariff with one difference."""
    tariff: dict[str, Any] = json.loads(json.dumps(STANDARD))  # nothing shared
    node: Any = tariff
    for part in path[:-1]:
        node = node[part]
    if value is MISSING:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return tariff


GOOD: Final[dict[str, Mapping[str, Any]]] = {
    "as it is": STANDARD,
    "without selling": changed(("sell_tariff",), MISSING),
    "selling nothing": changed(("sell_tariff",), {"seasons": {"Summer": {}}}),
    "an unused season": changed(("seasons", "Rainy"), {}),
    "free of charge": changed(("energy_charges", "Winter", "rates", "OFF_PEAK"), 0),
    "until midnight, said otherwise": changed(
        (*WEEKEND,), {"fromDayOfWeek": 5, "toDayOfWeek": 6, "toHour": 24}
    ),
    "in the older form": changed(
        PEAK[:4], STANDARD["seasons"]["Winter"]["tou_periods"]["ON_PEAK"]["periods"]
    ),
    "until a leap day": changed(
        ("seasons",),
        {
            "Cold": {**STANDARD["seasons"]["Winter"], "toMonth": 2, "toDay": 29},
            "Warm": {**STANDARD["seasons"]["Summer"], "fromMonth": 3, "toMonth": 9},
        },
    )
    | {"energy_charges": {"ALL": {"rates": {"ALL": 0.3}}}},
}

BAD: Final[dict[str, tuple[Any, type[TariffError], dict[str, str]]]] = {
    "no object": ([], TariffMalformed, {"where": "tariff"}),
    "nothing": ({}, TariffMalformed, {"where": "energy_charges"}),
    "no seasons": (changed(("seasons",), {}), TariffMalformed, {"where": "seasons"}),
    "only unused seasons": (
        changed(("seasons",), {"Winter": {}}),
        TariffMalformed,
        {"where": "seasons"},
    ),
    "a season that is a word": (
        changed(("seasons", "Winter"), "cold"),
        TariffMalformed,
        {"where": "seasons.Winter"},
    ),
    "a month too many": (
        changed(("seasons", "Winter", "toMonth"), 13),
        TariffMalformed,
        {"where": "seasons.Winter.toMonth"},
    ),
    "a season without an end": (
        changed(("seasons", "Winter", "toDay"), MISSING),
        TariffMalformed,
        {"where": "seasons.Winter.toDay"},
    ),
    "no periods": (
        changed(("seasons", "Winter", "tou_periods"), MISSING),
        TariffMalformed,
        {"where": "seasons.Winter.tou_periods"},
    ),
    "periods that are a word": (
        changed(PEAK[:4], "evenings"),
        TariffMalformed,
        {"where": "seasons.Winter.tou_periods.ON_PEAK.periods"},
    ),
    "a period that is a word": (
        changed(PEAK, "evening"),
        TariffMalformed,
        {"where": "seasons.Winter.tou_periods.ON_PEAK.periods[0]"},
    ),
    "an hour too many": (
        changed((*PEAK, "toHour"), 25),
        TariffMalformed,
        {"where": "seasons.Winter.tou_periods.ON_PEAK.periods[0].toHour"},
    ),
    "half an hour": (
        changed((*PEAK, "fromHour"), 17.5),
        TariffMalformed,
        {"where": "seasons.Winter.tou_periods.ON_PEAK.periods[0].fromHour"},
    ),
    "a charge that is a number": (
        changed(("energy_charges", "Winter"), 0.3),
        TariffMalformed,
        {"where": "energy_charges.Winter"},
    ),
    "a price below zero": (
        changed(("energy_charges", "Winter", "rates", "ON_PEAK"), -0.01),
        TariffMalformed,
        {"where": "energy_charges.Winter.rates.ON_PEAK"},
    ),
    "a price without bounds": (
        changed(("energy_charges", "Winter", "rates", "ON_PEAK"), float("inf")),
        TariffMalformed,
        {"where": "energy_charges.Winter.rates.ON_PEAK"},
    ),
    "no price at all": (
        changed(("energy_charges",), {}),
        TariffMalformed,
        {"where": "energy_charges"},
    ),
    "a period without a price": (
        changed(("energy_charges", "Winter", "rates"), {"OFF_PEAK": 0.28}),
        TariffPriceMissing,
        {"season": "Winter", "period": "ON_PEAK"},
    ),
    "a day in no season": (
        changed(("seasons", "Winter", "fromDay"), 2),
        TariffDayMissing,
        {"day": "10-01"},
    ),
    "a day in two seasons": (
        changed(("seasons", "Winter", "fromMonth"), 9),
        TariffDayTwice,
        {"day": "09-01"},
    ),
    "an hour in no period": (
        changed((*PEAK, "toHour"), 20),
        TariffHourMissing,
        {"season": "Winter", "weekday": "0", "time": "20:00"},
    ),
    "an evening in no period": (
        changed(WEEKEND, {"fromDayOfWeek": 5, "toDayOfWeek": 6, "toHour": 22, "toMinute": 30}),
        TariffHourMissing,
        {"season": "Winter", "weekday": "5", "time": "22:30"},
    ),
    "a day in no period": (
        changed(WEEKEND, {"fromDayOfWeek": 6, "toDayOfWeek": 6}),
        TariffHourMissing,
        {"season": "Winter", "weekday": "5", "time": "00:00"},
    ),
    "an hour in two periods": (
        changed((*PEAK, "fromHour"), 16),
        TariffHourTwice,
        {"season": "Winter", "weekday": "0", "time": "16:00"},
    ),
    "more than a day": (
        changed(WEEKEND, {"fromDayOfWeek": 5, "toDayOfWeek": 6, "toHour": 24, "toMinute": 1}),
        TariffHourTwice,
        {"season": "Winter", "weekday": "6", "time": "00:00"},
    ),
    "selling that is a word": (
        changed(("sell_tariff",), "never"),
        TariffMalformed,
        {"where": "sell_tariff"},
    ),
    "selling without periods": (
        changed(SELL, {}),
        TariffMalformed,
        {"where": "sell_tariff.seasons.Winter.tou_periods.ON_PEAK.periods"},
    ),
    "selling without a price": (
        changed(("sell_tariff", "energy_charges"), {}),
        TariffMalformed,
        {"where": "sell_tariff.energy_charges"},
    ),
}


@pytest.mark.parametrize("tariff", GOOD.values(), ids=GOOD)
def test_what_tesla_takes_is_taken(tariff: Mapping[str, Any]) -> None:
    """Of the simulated house, and in every form that is documented."""
    check_tariff(tariff)
    check_tariff(accept(tariff))  # as Tesla tells it back


@pytest.mark.parametrize(("tariff", "error", "where"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_named(
    tariff: Any, error: type[TariffError], where: dict[str, str]
) -> None:
    """And Tesla would have refused it."""
    with pytest.raises(error) as caught:
        check_tariff(tariff)

    assert caught.value.placeholders == where
    if tariff != BAD["a price without bounds"][0]:  # JSON has no such number
        with pytest.raises(InvalidTariff):
            accept(tariff)


def test_price_that_no_float_holds_is_not_sent() -> None:
    """Nobody could reckon with it."""
    with pytest.raises(TariffMalformed):
        check_tariff(changed(("energy_charges", "Winter", "rates", "ON_PEAK"), 10**400))


def test_what_is_told_without_dates_is_not_sent() -> None:
    """It can be shown, but Tesla wants to know when a season is."""
    with pytest.raises(TariffMalformed):
        check_tariff(CONTENT)


@given(
    st.dictionaries(
        st.sampled_from(["seasons", "energy_charges", "sell_tariff", "name"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["ALL", "rates", "tou_periods", "periods", "fromMonth"]),
                    inner,
                    max_size=3,
                )
            ),
            max_leaves=8,
        ),
    )
)
def test_nothing_breaks_the_check(content: dict[str, Any]) -> None:
    """Whatever somebody sends is a tariff or an error with a name."""
    with pytest.raises(TariffError):
        check_tariff(content)
