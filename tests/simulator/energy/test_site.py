"""What a site tells and obeys."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from simulator.energy.data import CONNECTOR, STUB
from simulator.energy.history import ALWAYS
from simulator.energy.site import InvalidSetting, SiteUnavailable
from simulator.energy.state import Connector
from simulator.energy.tariff import STANDARD

if TYPE_CHECKING:
    from simulator.clock import Clock
    from simulator.energy import EnergySite

HOUR = 3600.0
DAY = 24 * HOUR


def rows(site: EnergySite, period: str) -> list[dict[str, Any]]:
    """The rows of a history."""
    told: list[dict[str, Any]] = site.energy_history(period)["time_series"]
    return told


def total(site: EnergySite, period: str, name: str) -> float:
    """The sum of a column."""
    return sum(float(row[name]) for row in rows(site, period))


def test_live_status_is_what_flows(site: EnergySite) -> None:
    """With Tesla's signs: import and discharge are above 0."""
    live = site.live_status()

    flow = site.state.flow
    assert live["solar_power"] == round(flow.solar)
    assert live["battery_power"] == round(flow.battery)
    assert live["grid_power"] == round(flow.grid)
    assert live["load_power"] == round(flow.home)
    assert (live["grid_status"], live["island_status"]) == ("Active", "on_grid")


def test_outage_is_told(site: EnergySite) -> None:
    """In both words."""
    site.state.grid_up = False

    live = site.live_status()
    assert (live["grid_status"], live["island_status"]) == ("Inactive", "off_grid_unintentional")
    assert live["grid_power"] == 0


def test_site_out_of_reach_tells_a_stub(site: EnergySite) -> None:
    """And no power at all."""
    site.state.reachable = False

    assert site.live_status().items() >= STUB.items()
    assert "solar_power" not in site.live_status()


def test_site_that_was_given_up_tells_nothing(site: EnergySite) -> None:
    """It is listed all the same."""
    site.state.given_up = True

    for ask in (
        site.live_status,
        site.site_info,
        lambda: site.energy_history("day"),
        lambda: site.backup_history("day"),
        lambda: site.charge_history(ALWAYS),
    ):
        with pytest.raises(SiteUnavailable):
            ask()
    with pytest.raises(SiteUnavailable):
        site.set("backup", {"backup_reserve_percent": 30})
    assert site.product()["site_name"] == "Lighthouse"


@pytest.mark.parametrize(
    ("connector", "state", "power"),
    [
        (Connector(), 2, 0),
        (Connector(vin="XP7YGCEK6SB012348"), 4, 0),
        (Connector(vin="XP7YGCEK6SB012348", charging=True), 1, 7400),
        (Connector(vin="XP7YGCEK6SB012348", fault=9), 7, 0),
    ],
)
def test_wall_connector_tells_its_state(
    site: EnergySite, connector: Connector, state: int, power: float
) -> None:
    """And the car that is plugged in."""
    site.state.connector = connector

    (told,) = site.live_status()["wall_connectors"]
    assert told["din"] == CONNECTOR
    assert (told["wall_connector_state"], told["wall_connector_power"]) == (state, power)
    assert told.get("vin") == connector.vin


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("backup", {"backup_reserve_percent": 35}, ("backup_reserve_percent", 35)),
        (
            "off_grid_vehicle_charging_reserve",
            {"off_grid_vehicle_charging_reserve_percent": 65},
            ("off_grid_vehicle_charging_reserve_percent", 65),
        ),
        ("operation", {"default_real_mode": "autonomous"}, ("default_real_mode", "autonomous")),
        ("storm_mode", {"enabled": False}, ("user_settings.storm_mode_enabled", False)),
        (
            "grid_import_export",
            {"customer_preferred_export_rule": "never"},
            ("components.customer_preferred_export_rule", "never"),
        ),
    ],
)
def test_settings_are_taken_over(
    site: EnergySite, name: str, body: dict[str, Any], told: tuple[str, object]
) -> None:
    """And told from then on."""
    site.set(name, body)

    value: Any = site.site_info()
    for part in told[0].split("."):
        value = value[part]
    assert value == told[1]


def test_charging_from_the_grid_is_told_where_it_is_forbidden(site: EnergySite) -> None:
    """Tesla leaves it out else; the export rule stays as it is."""
    name = "disallow_charge_from_grid_with_solar_installed"
    assert site.site_info()["components"][name] is True

    site.set("grid_import_export", {name: False})

    assert name not in site.site_info()["components"]
    assert site.site_info()["components"]["customer_preferred_export_rule"] == "pv_only"


def test_tariff_is_taken_over(site: EnergySite) -> None:
    """And told without zeros, as Tesla does."""
    hours = {"fromDayOfWeek": 0, "toDayOfWeek": 6, "fromHour": 0, "toHour": 24, "fromMinute": 0}
    year = {"fromMonth": 1, "fromDay": 1, "toMonth": 12, "toDay": 31}
    flat = {
        "name": "Flat",
        "seasons": {"Year": {**year, "tou_periods": {"ALL": {"periods": [hours]}}}, "Rest": {}},
        "energy_charges": {"ALL": {"rates": {"ALL": 0.3}}},
    }

    site.set("time_of_use_settings", {"tou_settings": {"tariff_content_v2": flat}})

    told = site.site_info()
    assert told["tariff_content_v2"]["name"] == "Flat"
    assert told["tariff_content_v2"]["seasons"] == {
        "Year": {
            **year,
            "tou_periods": {"ALL": {"periods": [{"toDayOfWeek": 6, "toHour": 24}]}},
        },
        "Rest": {},
    }
    assert told["tariff_id"] == ""
    site.set("time_of_use_settings", {"tou_settings": {"tariff_content_v2": STANDARD}})
    assert site.site_info()["tariff_id"] == "LIGHTHOUSE-FLEX"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("time_of_use_settings", {}),
        ("time_of_use_settings", {"tou_settings": STANDARD}),
        ("time_of_use_settings", {"tou_settings": {"tariff_content_v2": {}}}),
        ("time_of_use_settings", {"tou_settings": {"tariff_content_v2": STANDARD, "code": 1}}),
        ("time_of_use_settings", {"tou_settings": {"tariff_content_v2": STANDARD}, "code": 1}),
        ("backup", {}),
        ("backup", {"backup_reserve_percent": 101}),
        ("backup", {"backup_reserve_percent": -1}),
        ("backup", {"backup_reserve_percent": "20"}),
        ("backup", {"backup_reserve_percent": True}),
        ("backup", {"backup_reserve_percent": 20.5}),
        ("operation", {"default_real_mode": "party"}),
        ("operation", {"default_real_mode": None}),
        ("storm_mode", {"enabled": "true"}),
        ("grid_import_export", {}),
        ("grid_import_export", {"customer_preferred_export_rule": "all"}),
        ("grid_import_export", {"customer_preferred_export_rule": "never", "other": 1}),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(
    site: EnergySite, name: str, body: dict[str, Any]
) -> None:
    """As strict as the real one."""
    before = site.site_info()

    with pytest.raises(InvalidSetting):
        site.set(name, body)

    assert site.site_info() == before


def test_a_day_has_a_row_for_every_five_minutes_since_midnight(
    site: EnergySite, clock: Clock
) -> None:
    """In the site's own time; the next day begins anew."""
    clock.advance(10)
    assert len(rows(site, "day")) == 12 * 12 + 1
    assert rows(site, "day")[0]["timestamp"] == "2026-11-02T00:00:00+01:00"
    assert total(site, "day", "solar_energy_exported") > 5_000

    clock.advance(DAY / 2)
    assert rows(site, "day")[0]["timestamp"] == "2026-11-03T00:00:00+01:00"
    assert len(rows(site, "day")) == 1


def test_longer_histories_are_coarser(site: EnergySite, clock: Clock) -> None:
    """Whatever was counted today is in all of them."""
    clock.advance(40 * DAY)

    counts = {period: len(rows(site, period)) for period in ("week", "month", "year", "lifetime")}
    assert counts == {"week": 7, "month": 31, "year": 2, "lifetime": 3}
    week, month, year, life = (
        total(site, period, "solar_energy_exported")
        for period in ("week", "month", "year", "lifetime")
    )
    assert 0 < week < month < year < life


def test_a_life_does_not_shrink_when_days_become_years(site: EnergySite, clock: Clock) -> None:
    """Old days are kept as a sum."""
    before = total(site, "lifetime", "grid_energy_imported")
    clock.advance(400 * DAY)

    assert total(site, "lifetime", "grid_energy_imported") > before
    assert len(site.state.days) <= 367
    assert [datetime.fromisoformat(row["timestamp"]).year for row in rows(site, "lifetime")] == [
        2024,
        2025,
        2026,
        2027,
    ]


def test_unknown_periods_are_refused(site: EnergySite) -> None:
    """Tesla knows five."""
    for ask in (site.energy_history, site.backup_history):
        with pytest.raises(InvalidSetting):
            ask("hour")


def test_history_is_cut_where_somebody_says(site: EnergySite, clock: Clock) -> None:
    """The end is not in it."""
    now = clock.now()

    cut = site.energy_history("day", (now - HOUR, now - HOUR / 2))["time_series"]

    assert [row["timestamp"][11:16] for row in cut] == [
        f"11:{minute:02}" for minute in range(0, 30, 5)
    ]


def test_outages_are_told(site: EnergySite, clock: Clock) -> None:
    """Each with its length, the newest first."""
    for length in (90, 4000):
        site.state.grid_up = False
        clock.advance(length)
        site.state.grid_up = True
        clock.advance(HOUR)

    told = site.backup_history("week")

    assert told["total_events"] == 2
    assert [event["duration"] for event in told["events"]] == [4000, 90]
    assert told["events"][1]["timestamp"] == "2026-11-02T12:00:00+01:00"
    assert site.backup_history("week", (0, clock.now() - 3 * HOUR))["total_events"] == 1


def test_charges_at_the_wall_connector_are_told(site: EnergySite, clock: Clock) -> None:
    """With the car, its energy in Wh, and one after the other."""
    start = clock.now()
    for vin in ("XP7YGCEK6SB012348", "5YJ3E7EB8MF012346"):
        site.state.connector = Connector(vin=vin, charging=True)
        clock.advance(HOUR / 2)
    site.state.connector = Connector()
    clock.advance(HOUR)

    first, second = site.charge_history(ALWAYS)["charge_history"]

    assert first == {
        "charge_start_time": {"seconds": start},
        "charge_duration": {"seconds": 1800},
        "energy_added_wh": 3700,
        "din": CONNECTOR,
        "vin": "XP7YGCEK6SB012348",
    }
    assert second["charge_start_time"]["seconds"] == start + 1800
    assert site.charge_history((start + 1, start + HOUR))["charge_history"] == [second]
