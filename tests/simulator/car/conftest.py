"""A car to look at."""

import pytest

from simulator.car import Car
from simulator.car.model import MODEL_3_2021
from simulator.clock import Clock

VIN = "5YJ3E7EB8MF012346"


@pytest.fixture
def clock() -> Clock:
    """A clock that only moves when told."""
    return Clock(0, start=1_790_000_000.0)


@pytest.fixture
def car(clock: Clock) -> Car:
    """A 2021 Model 3 at 64 %, parked and awake."""
    return Car(VIN, "Juniper", model=MODEL_3_2021, clock=clock, owner="owner")
