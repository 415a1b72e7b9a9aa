"""What the pages say about streaming is what the code does."""

from dataclasses import replace
from pathlib import Path
import re
from typing import Final

import pytest

from custom_components.teslalogger.fleet_telemetry.firmware import (
    CONFIGURABLE,
    OLD_DESIGN,
    show_firmware,
)
from custom_components.teslalogger.fleet_telemetry.forecast import Day, forecast_streaming
from custom_components.teslalogger.fleet_telemetry.polling_costs import (
    PollingPace,
    forecast_polling,
)
from custom_components.teslalogger.fleet_telemetry.presets import PRESETS, Preset
from custom_components.teslalogger.tesla.prices import PRICES, PriceClass
from custom_components.teslalogger.vehicle.polling import Speeds

DOCS: Final = Path(__file__).parents[2] / "docs"
COSTS: Final = (DOCS / "costs.md").read_text()
GUIDE: Final = (DOCS / "telemetry.md").read_text()
SIGNAL: Final = PRICES[PriceClass.STREAMING_SIGNAL]
DATA: Final = PRICES[PriceClass.DATA]
PACE: Final = PollingPace(
    state=Speeds().state,
    driving=Speeds().driving,
    charging=Speeds().charging,
    attended=Speeds().attended,
    idle=Speeds().idle,
)


def row(label: str) -> list[str]:
    """The rest of a row of the table about streaming."""
    found = re.search(rf"^\| {label} \|(.+)\|$", COSTS, re.MULTILINE)
    assert found is not None
    return [cell.strip() for cell in found[1].split("|")]


@pytest.mark.parametrize("preset", Preset)
def test_presets_cost_what_the_page_says(preset: Preset) -> None:
    """Fields, values and dollars."""
    total = forecast_streaming(PRESETS[preset], price=SIGNAL).total

    assert row(preset.capitalize()) == [
        str(len(PRESETS[preset])),
        f"{round(total.count, -2):,.0f}",
        f"{total.cost:.2f}",
    ]


def test_asking_costs_what_the_page_says() -> None:
    """At the pace of the integration."""
    total = forecast_polling(PACE, price=DATA)

    assert row("Asking, without streaming") == [
        "",
        f"{round(total.count, -2):,.0f}",
        f"{total.cost:.2f}",
    ]


@pytest.mark.parametrize(
    ("life", "day", "sentry"),
    [
        ("10 km a day, a quarter of the charging", replace(Day(), km=10, charging=0.2125), 0),
        ("80 km a day, twice the charging", replace(Day(), km=80, charging=1.7), 0),
        ("40 km a day, and ten hours of sentry mode a night", replace(Day(), awake=10.85), 10),
    ],
)
def test_other_lives_cost_what_the_page_says(life: str, day: Day, sentry: int) -> None:
    """Asked, where sentry mode has a pace of its own, and streamed."""
    asked = forecast_polling(PACE, price=DATA, day=day).cost
    asked += 30 * sentry * 3600 / PACE.attended * DATA

    streamed = [
        forecast_streaming(PRESETS[preset], price=SIGNAL, day=day).total.cost for preset in Preset
    ]
    assert row(life) == [f"{cost:.2f}" for cost in (asked, *streamed)]


def test_the_ordinary_car_is_that_of_the_forecast() -> None:
    """Way, trips and hours."""
    day = Day()
    sentence = (
        f"{day.km:.0f} km a day in {day.trips:.0f} trips, {day.charging} hours of charging, "
        f"awake for another {day.awake} hours"
    )
    assert sentence in " ".join(COSTS.split())


@pytest.mark.parametrize("preset", [Preset.LIVE, Preset.LOGGER])
def test_twice_the_way_costs_nearly_twice_as_much(preset: Preset) -> None:
    """As the page says of these two."""
    once, twice = (
        forecast_streaming(PRESETS[preset], price=SIGNAL, day=replace(Day(), km=km)).total.cost
        for km in (40, 80)
    )
    assert 1.6 < twice / once < 2


def test_what_is_still_asked_is_what_the_pages_say() -> None:
    """Of a car that streams."""
    times = 24 * 3600 / Speeds().streaming
    assert f"asked up to {times:.0f} times a day" in COSTS
    assert f"at most US$ {times * 30 * PRICES[PriceClass.DATA]:.2f} a month" in COSTS
    assert times == 4
    assert "asked up to four times a day" in GUIDE


@pytest.mark.parametrize("firmware", [CONFIGURABLE, OLD_DESIGN])
def test_the_software_that_cars_need_is_that_of_the_code(firmware: tuple[int, ...]) -> None:
    """For both designs."""
    assert f"software {show_firmware(firmware)}" in GUIDE
