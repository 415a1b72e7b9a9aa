"""What a site does by itself."""

from typing import TYPE_CHECKING

import pytest

from simulator.energy import physics
from simulator.energy.state import Connector

if TYPE_CHECKING:
    from simulator.clock import Clock
    from simulator.energy import EnergySite

HOUR = 3600.0


def balance(site: EnergySite) -> float:
    """What flows in less what flows out; nothing is lost and nothing comes from nowhere."""
    flow = site.state.flow
    return flow.solar + flow.battery + flow.grid - flow.home


@pytest.mark.parametrize("hours", [0, 3, 7, 10, 14, 22])
@pytest.mark.parametrize("mode", ["autonomous", "self_consumption", "backup"])
@pytest.mark.parametrize("rule", ["pv_only", "battery_ok", "never"])
def test_power_is_neither_made_nor_lost(
    site: EnergySite, clock: Clock, hours: int, mode: str, rule: str
) -> None:
    """At any time of the day, whatever is set."""
    site.state.settings.mode = mode
    site.state.settings.export_rule = rule
    site.state.settings.grid_charging = True
    clock.advance(hours * HOUR)

    assert balance(site) == pytest.approx(0.0)
    assert 0 <= physics.charge(site.state) <= 100


def test_the_sun_fills_the_battery_and_the_rest_is_sold(site: EnergySite, clock: Clock) -> None:
    """By day."""
    clock.advance(HOUR)
    site.state.energy = physics.PACK / 2
    assert site.state.flow.battery < -1_000
    assert site.state.flow.grid == pytest.approx(0)

    site.state.energy = physics.PACK

    assert site.state.flow.battery == pytest.approx(0)
    assert site.state.flow.grid < -1_000


def test_nothing_is_sold_where_that_is_forbidden(site: EnergySite) -> None:
    """The roof gives what is used."""
    site.state.energy = physics.PACK
    site.state.settings.export_rule = "never"

    assert site.state.flow.grid == pytest.approx(0)


@pytest.mark.parametrize(
    ("mode", "gives"), [("self_consumption", True), ("autonomous", True), ("backup", False)]
)
def test_the_battery_gives_in_the_evening(
    site: EnergySite, clock: Clock, mode: str, *, gives: bool
) -> None:
    """Unless it is kept for emergencies."""
    site.state.settings.mode = mode
    clock.advance(7 * HOUR)

    assert (site.state.flow.battery > 0) is gives


def test_the_reserve_is_kept_on_grid_only(site: EnergySite, clock: Clock) -> None:
    """It is what the reserve is for."""
    clock.advance(7 * HOUR)
    site.state.energy = physics.PACK * 0.2
    assert site.state.flow.battery == pytest.approx(0)

    site.state.grid_up = False
    assert site.state.flow.battery > 0
    assert site.state.flow.grid == 0


def test_a_storm_fills_the_battery_from_the_grid(site: EnergySite, clock: Clock) -> None:
    """If the owner lets it."""
    clock.advance(10 * HOUR)
    site.state.storm = True
    assert physics.storm_mode_active(site.state)
    assert site.state.flow.battery < 0
    assert site.state.flow.grid > 0

    site.state.settings.storm_watch = False
    assert not physics.storm_mode_active(site.state)


@pytest.mark.parametrize(
    ("mode", "charges"), [("backup", True), ("autonomous", True), ("self_consumption", False)]
)
def test_the_grid_charges_where_that_is_allowed(
    site: EnergySite, clock: Clock, mode: str, *, charges: bool
) -> None:
    """At night."""
    site.state.settings.mode = mode
    site.state.settings.grid_charging = True
    clock.advance(14 * HOUR)
    site.state.energy = physics.PACK / 2

    assert (site.state.flow.grid_to_battery > 0) is charges


def test_the_battery_sells_in_the_evening_if_told_so(site: EnergySite, clock: Clock) -> None:
    """In time-based control, down to the reserve."""
    site.state.settings.mode = "autonomous"
    site.state.settings.export_rule = "battery_ok"
    clock.advance(6 * HOUR)
    site.state.energy = physics.PACK

    assert site.state.flow.battery_to_grid > 0


def test_the_car_charges_at_the_wall_connector(site: EnergySite) -> None:
    """A fault, an empty cable or a low battery off the grid stops it."""
    site.state.connector = Connector(vin="XP7YGCEK6SB012348", charging=True)
    assert physics.connector_power(site.state) == physics.CONNECTOR_POWER
    assert site.state.flow.home > physics.CONNECTOR_POWER

    site.state.grid_up = False
    site.state.energy = physics.PACK * 0.4
    assert physics.connector_power(site.state) == 0

    site.state.grid_up = True
    site.state.connector.fault = 9
    assert physics.connector_power(site.state) == 0
    site.state.connector = Connector(charging=True)
    assert physics.connector_power(site.state) == 0
