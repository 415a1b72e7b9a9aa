"""Energies of a day and of a life."""

from typing import Any

from hypothesis import given
import pytest

from custom_components.teslalogger.energy_site import DAY_START, SiteState, day_of, lifetime_values
from custom_components.teslalogger.energy_site.numbers import is_number

from .odd_json import answers_like

NOW = 1_790_000_000.0


def answer(*rows: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """A history with these rows."""
    return {"time_series": [{"timestamp": moment, **energies} for moment, energies in rows]}


MONDAY = answer(
    ("2026-11-02T00:05:00+01:00", {"grid_energy_imported": 100}),
    ("2026-11-02T12:00:00+01:00", {"grid_energy_imported": 50.5, "solar_energy_exported": 700}),
)
TUESDAY = answer(("2026-11-03T00:00:00+01:00", {"grid_energy_imported": 7}))


def test_a_day_is_the_sum_of_its_rows() -> None:
    """Since midnight at the site, not here."""
    day = day_of(MONDAY)

    assert day is not None
    assert day.start.isoformat() == "2026-11-02T00:00:00+01:00"
    assert day.energies["grid_energy_imported"] == 150.5
    assert day.energies["solar_energy_exported"] == 700


def test_totals_are_put_together_where_tesla_leaves_them_out() -> None:
    """Of what is told of their parts."""
    rows = {
        "consumer_energy_imported_from_grid": 1,
        "consumer_energy_imported_from_solar": 2,
        "battery_energy_exported": 4,
        "solar_energy_exported": 8,
        "grid_energy_exported_from_solar": 16,
        "grid_energy_exported_from_battery": 32,
    }
    day = day_of(answer(("2026-11-02T12:00:00Z", rows)))

    assert day is not None
    assert day.energies.items() >= {
        ("total_home_usage", 3),
        ("total_battery_discharge", 4),
        ("total_solar_generation", 8),
        ("total_grid_energy_exported", 48),
    }
    assert "total_battery_charge" not in day.energies


def test_totals_that_tesla_tells_are_taken() -> None:
    """They may hold what no part does."""
    day = day_of(
        answer(("2026-11-02T12:00:00Z", {"total_home_usage": 9, "solar_energy_exported": 1}))
    )

    assert day is not None
    assert day.energies["total_home_usage"] == 9


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"time_series": None},
        {"time_series": []},
        {"time_series": ["x", {}, {"timestamp": None}, {"timestamp": "yesterday"}]},
        {"time_series": [{"timestamp": "2026-11-02T12:00:00", "grid_energy_imported": 1}]},
        answer(("2026-11-02T12:00:00Z", {})),
        answer(("2026-11-02T12:00:00Z", {"grid_energy_imported": None})),
        answer(("2026-11-02T12:00:00Z", {"grid_energy_imported": float("nan")})),
        answer(("2026-11-02T12:00:00Z", {"grid_energy_imported": 10**400})),
        answer(("2026-11-02T12:00:00Z", {"grid_energy_imported": True})),
        answer(*[("2026-11-02T12:00:00Z", {"grid_energy_imported": 1e308})] * 2),
    ],
)
def test_day_without_energies_is_none(told: dict[str, Any]) -> None:
    """A time without zone says not when the day began."""
    assert day_of(told) is None


@given(answers_like(MONDAY), answers_like(TUESDAY))
def test_no_history_breaks_the_reading(first: dict[str, Any], second: dict[str, Any]) -> None:
    """And what comes out of it can be counted with."""
    state = SiteState()
    for told in (first, second):
        day = day_of(told)
        state.apply({**lifetime_values(told), **(day.news(state) if day else {})}, NOW)
    assert all(is_number(state.value(key)) for key in state if key != DAY_START)


def test_only_the_latest_day_counts() -> None:
    """Whichever others the answer brings along."""
    day = day_of({"time_series": [*MONDAY["time_series"], *TUESDAY["time_series"]]})

    assert day is not None
    assert day.energies == {"grid_energy_imported": 7}


def test_a_new_day_begins_at_zero() -> None:
    """Also where nothing has been counted yet; yesterday's answers change nothing any more."""
    state = SiteState()
    monday, tuesday = day_of(MONDAY), day_of(TUESDAY)
    assert monday is not None
    assert tuesday is not None
    state.apply(monday.news(state), NOW)
    assert state.value("solar_energy_exported") == 700

    state.apply(tuesday.news(state), NOW)
    assert state.value("solar_energy_exported") == 0
    assert state.value("grid_energy_imported") == 7
    assert state.value("day_start") == "2026-11-03T00:00:00+01:00"

    assert monday.news(state) == {}


def test_a_life_is_the_sum_of_its_years() -> None:
    """Only what the dashboard counts."""
    told = answer(
        ("2025-01-01T00:00:00+01:00", {"grid_energy_imported": 100, "solar_energy_exported": 5}),
        ("2026-01-01T00:00:00+01:00", {"grid_energy_imported": 11}),
    )

    assert lifetime_values(told) == {
        "lifetime_grid_energy_imported": 111,
        "lifetime_total_solar_generation": 5,
    }
    assert lifetime_values({}) == {}
