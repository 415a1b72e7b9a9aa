"""Home Assistant is killed while cars stream, and has kept what it promised."""

from typing import TYPE_CHECKING

import pytest

from .conftest import PLANS
from .trial import Moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .trial import Report

STREAMING = ("as it is", "small journal")
SOUND = pytest.mark.parametrize("plan", [*STREAMING, Moment.RETURNING, Moment.STARTING])


@pytest.mark.parametrize("plan", STREAMING)
def test_cars_streamed_and_it_was_killed(reports: Mapping[str, Report], plan: str) -> None:
    """There was something to lose each time."""
    report = reports[plan]
    assert report.kills.total() == PLANS[plan].kills
    assert report.acked > 0
    assert report.held > 0
    assert report.arrived > 0
    assert report.promises > 0
    assert report.alerts > 0
    assert report.shown > 0


@SOUND
def test_what_was_acknowledged_is_known(reports: Mapping[str, Report], plan: str) -> None:
    """After the return, before any car can tell it again."""
    assert reports[plan].broken == []


@SOUND
def test_what_cars_held_arrives(reports: Mapping[str, Report], plan: str) -> None:
    """Also what changed while nobody was there."""
    assert reports[plan].lost == []


@SOUND
def test_nothing_is_applied_twice(reports: Mapping[str, Report], plan: str) -> None:
    """No reading is written twice, what only grows does not go back and forth, nor do alerts."""
    assert reports[plan].twice == []


def test_a_receiver_that_acknowledges_too_early_is_found_out(
    reports: Mapping[str, Report],
) -> None:
    """Once it was killed: values are gone that cars were told to forget."""
    broken = reports["acknowledges at once"].broken
    assert [line for line in broken if line.startswith("last life: ")]
    assert not [line for line in broken if line.startswith("life 1: ")]  # nobody had lied yet


def test_a_receiver_that_applies_twice_is_found_out(reports: Mapping[str, Report]) -> None:
    """What was applied before is shown again after what came later."""
    assert reports["applies twice"].twice != []
