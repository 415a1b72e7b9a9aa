"""A car's state, and a way to tell it something."""

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pytest

from simulator.car.effects import carry_out
from simulator.car.model import MODEL_3_2021
from simulator.car.state import CarState, Charge

if TYPE_CHECKING:
    from simulator.car.model import CarModel


@dataclass(kw_only=True, slots=True)
class Patient:
    """A state, the kind of car that it belongs to, and what commands make of it."""

    state: CarState
    model: CarModel = MODEL_3_2021

    def obeys(self, name: str, /, **params: Any) -> str | None:
        """Carry a command out: None, or why not."""
        return carry_out(name, params, self.state, self.model)

    def has(self, path: str) -> Any:
        """A value of the state, like "climate.on"."""
        return attrgetter(path)(self.state)


@pytest.fixture
def car() -> Patient:
    """A 2021 Model 3 at 64 %, parked, locked and with everything off."""
    charge = Charge(energy=MODEL_3_2021.pack * 0.64)
    return Patient(state=CarState(name="Juniper", charge=charge))
