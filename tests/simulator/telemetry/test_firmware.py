"""Which cars stream, and what they understand."""

from dataclasses import replace
from typing import Final

import pytest
from tesla_protocol.telemetry.vehicle_data_pb2 import Field

from simulator.car.model import MODEL_3_2021, MODEL_S_2021, MODEL_X_2018
from simulator.telemetry import firmware

from .fields import FLOORS

OLD: Final = replace(MODEL_X_2018, firmware="2025.20 6d6f1d0")


@pytest.mark.parametrize(
    ("version", "client"),
    [
        ("2024.44.32", ""),
        ("2025.2.6", "1.0.0"),
        ("2025.44.25.4 8b1f3c2d4e5f", "1.0.0"),
        ("2025.44.25.5", "1.2.0"),
        ("2026.26.6.1", "1.3.0"),
    ],
)
def test_the_program_in_the_car_comes_with_its_software(version: str, client: str) -> None:
    """Which says so when it connects."""
    assert firmware.client_of(replace(MODEL_3_2021, firmware=version)) == client


@pytest.mark.parametrize(
    ("model", "old", "toggle"),
    [
        (MODEL_X_2018, True, False),
        (OLD, True, True),
        (replace(OLD, infotainment="tegra"), True, False),
        (MODEL_S_2021, False, False),
        (MODEL_3_2021, False, False),
    ],
)
def test_old_cars_ask_their_owner(model: object, *, old: bool, toggle: bool) -> None:
    """If they have the better of their two computers, and new software."""
    assert isinstance(model, type(OLD))
    assert (firmware.has_old_design(model), firmware.has_toggle(model)) == (old, toggle)


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_a_field_needs_its_software(name: str, floor: str) -> None:
    """From that version on, and not before."""
    number = Field.Value(name)
    assert firmware.knows(replace(MODEL_3_2021, firmware=floor), number)
    assert not firmware.knows(replace(MODEL_3_2021, firmware="2024.20"), number)


def test_the_oldest_fields_need_nothing() -> None:
    """They were there from the start."""
    assert firmware.knows(replace(MODEL_3_2021, firmware="2023.20.6"), Field.Soc)


@pytest.mark.parametrize(
    ("version", "field", "preferred", "typed"),
    [
        ("2025.2.6", Field.Soc, False, False),
        ("2025.2.6", Field.Soc, True, True),
        ("2025.2.6", Field.DetailedChargeState, False, True),
        ("2025.26", Field.Soc, False, True),
    ],
)
def test_old_software_writes_text(
    version: str, field: int, *, preferred: bool, typed: bool
) -> None:
    """Unless asked for more, or where the field is younger than that habit."""
    model = replace(MODEL_3_2021, firmware=version)
    assert firmware.sends_types(model, field, preferred=preferred) is typed
