"""The forecast that is shown before anything is saved is within 5 % of a simulated car's bill.

Days of one fixed seed stand for the month that `scripts/bench month` lives through: enough of
them that chance does not decide, few enough for every run of the tests. A car that is asked a few
times a day needs three months for that.
"""

from typing import Final

import pytest

from benchmarks.month import PACES, STILL, Bill, Life, poll, stream
from custom_components.teslalogger.fleet_telemetry.forecast import DAYS
from custom_components.teslalogger.fleet_telemetry.presets import PRESETS, Preset

OFF: Final = 0.05
STREAMED_DAYS: Final = 6
POLLED_DAYS: Final = 90


@pytest.fixture(scope="module")
def streamed() -> dict[str, Bill]:
    """All presets, which one car can follow at once."""
    life = Life(days=STREAMED_DAYS)
    return stream(life, {f"{preset}": choice for preset, choice in PRESETS.items()})


def _deviation(bill: Bill, days: int) -> float:
    return bill.forecast.cost / (bill.ledger.cost * DAYS / days) - 1.0


@pytest.mark.parametrize("preset", Preset)
def test_streaming_costs_what_was_forecast(preset: Preset, streamed: dict[str, Bill]) -> None:
    """Before Tesla takes its discount off."""
    assert _deviation(streamed[preset], STREAMED_DAYS) == pytest.approx(0.0, abs=OFF)


@pytest.mark.parametrize("pace", PACES)
def test_asking_costs_what_was_forecast(pace: str) -> None:
    """At the pace of the integration, at a faster and at a slower one."""
    bill = poll(Life(days=POLLED_DAYS, tick=STILL), pace, PACES[pace])
    assert _deviation(bill, POLLED_DAYS) == pytest.approx(0.0, abs=OFF)


def test_a_dashboard_is_fresher_the_more_is_streamed(streamed: dict[str, Bill]) -> None:
    """At the 95th percentile of the time that the car is awake; doors are told at once."""
    late = {
        preset: {key: ages.quantile(0.95) for key, ages in streamed[preset].ages.items()}
        for preset in Preset
    }
    for key in ("battery", "location"):
        assert late[Preset.ECONOMY][key] > late[Preset.BALANCED][key] > late[Preset.LIVE][key]
    assert {ages["doors"] for ages in late.values()} == {0}
    assert max(late[Preset.LIVE].values()) <= 5
