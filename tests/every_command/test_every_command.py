"""Each command makes of a car what it says, over both routes, and nothing else."""

from typing import TYPE_CHECKING, Final

import pytest

from custom_components.teslalogger.vehicle import COMMANDS, SIGNALS, Result, RouteRule
from custom_components.teslalogger.vehicle.commands.unpublished import UNPUBLISHED_COMMANDS

from .at_the_bounds import AT_THE_BOUNDS
from .driver import difference
from .table import CASES

if TYPE_CHECKING:
    from custom_components.teslalogger.vehicle import Route

    from .case import Case
    from .conftest import Drive

ON_EVERY_CAR: Final = [(case, car) for case in CASES for car in case.cars]
AT_EVERY_BOUND: Final = [(case, car) for case in AT_THE_BOUNDS for car in case.cars]
# Tesla's answers do not hold it; only cars that stream tell it.
NEVER_POLLED: Final = {"gui_charge_unit", "tonneau_position"}
CLOCK_DRIVEN_SIGNALS: Final = {"inside_temp", "gps_as_of"}


def test_there_is_a_case_for_every_command_and_for_no_other() -> None:
    """A new row without one is not done."""
    assert {case.command for case in CASES} == set(COMMANDS)


def test_most_commands_know_both_ways() -> None:
    """The others are those that Tesla documents for one way, or that are in one's protocol only."""
    assert {
        name: row.route for name, row in COMMANDS.items() if row.route is not RouteRule.ANY
    } == {
        "batch_remove_charge_schedules": RouteRule.SIGNED_ONLY,
        "batch_remove_precondition_schedules": RouteRule.SIGNED_ONLY,
        "clear_pin_to_drive_admin": RouteRule.SIGNED_ONLY,
        "close_trunk": RouteRule.SIGNED_ONLY,
        "navigation_gps_destination_request": RouteRule.SIGNED_ONLY,
        **{row.name: RouteRule.SIGNED_ONLY for row in UNPUBLISHED_COMMANDS},
        "open_trunk": RouteRule.SIGNED_ONLY,
        "parental_controls_clear_pin": RouteRule.SIGNED_ONLY,
        "reset_pin_to_drive_pin": RouteRule.SIGNED_ONLY,
        "set_vehicle_name": RouteRule.SIGNED_ONLY,
        "navigation_request": RouteRule.UNSIGNED_ONLY,
        "wake_up": RouteRule.WAKE,
    }


def test_rows_name_the_signals_that_change_and_no_others() -> None:
    """Each is seen to change in a case, and what a case is about is named by the row."""
    assert all(SIGNALS[name].path is None for name in NEVER_POLLED)
    for name, row in COMMANDS.items():
        cases = [case for case in CASES if case.command == name]
        named = {*row.expects, *row.changes} - NEVER_POLLED
        read = {signal for case in cases for signal in case.reads}
        moved = {signal for case in cases for signal in case.moves}
        assert read <= named <= read | moved, name


@pytest.mark.parametrize(("case", "car"), ON_EVERY_CAR + AT_EVERY_BOUND, ids=str)
async def test_a_car_does_what_it_is_told_and_nothing_else(
    drive: Drive, case: Case, car: Route
) -> None:
    """Once, with these parameters, and everything else about it stays as it was."""
    driver = drive(car)
    driver.prepare(case)
    before = driver.look()

    outcome = await driver.send(case.command, case.params)

    assert (outcome.result, outcome.reason, outcome.error) == (Result.DONE, "", None)
    assert outcome.route is case.route(car)
    assert outcome.attempts == (0 if case.rule is RouteRule.WAKE else case.times)
    assert outcome.requests == len(driver.ledger)
    assert driver.log == case.heard(car)
    assert difference(before, driver.look()) == case.after


@pytest.mark.parametrize(("case", "car"), ON_EVERY_CAR, ids=str)
async def test_signals_read_what_the_row_foretells(drive: Drive, case: Case, car: Route) -> None:
    """Those that it names, with these values, and no other signal of the car moves."""
    driver = drive(car)
    driver.prepare(case, awake=True)
    before = await driver.read()
    if case.asleep:
        driver.car.fall_asleep()
        before |= await driver.read()

    outcome = await driver.send(case.command, case.params)

    moved = difference(before, await driver.read(), apart_from=CLOCK_DRIVEN_SIGNALS)
    followed = {signal: moved.pop(signal) for signal in case.moves}
    assert len(followed) == len(case.moves)
    assert moved == case.reads
    assert case.known.items() <= before.items()
    foretold = {
        signal: value for signal, value in outcome.expected.items() if signal not in NEVER_POLLED
    }
    assert foretold.items() <= {**case.reads, **case.known}.items()
