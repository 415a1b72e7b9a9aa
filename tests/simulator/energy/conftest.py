"""A house at the coast at noon, on a day in autumn."""

from datetime import UTC, datetime

import pytest

from simulator.clock import Clock
from simulator.energy import EnergySite


@pytest.fixture
def clock() -> Clock:
    """Stands still at 12:00 in Berlin."""
    return Clock(0, start=datetime(2026, 11, 2, 11, tzinfo=UTC).timestamp())


@pytest.fixture
def site(clock: Clock) -> EnergySite:
    """A house whose battery was at 60 % at midnight."""
    return EnergySite(17, "Lighthouse", clock=clock, owner="owner")
