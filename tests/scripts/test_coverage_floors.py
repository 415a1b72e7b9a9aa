"""The floor under each module's coverage."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from scripts.workshop.coverage_floors import below_floor, main

if TYPE_CHECKING:
    from pathlib import Path

FLOW = "custom_components/teslalogger/config_flow.py"


def _report(**covered: float) -> dict[str, Any]:
    return {
        "files": {
            name: {"summary": {"percent_covered": percent}, "missing_lines": [3, 4]}
            for name, percent in covered.items()
        },
        "totals": {"percent_covered": 97.0},
    }


@pytest.mark.parametrize(
    ("name", "percent", "passes"),
    [
        ("simulator/world.py", 95.0, True),
        ("simulator/world.py", 94.9, False),
        (FLOW, 100.0, True),
        (FLOW, 99.9, False),
    ],
)
def test_each_module_has_its_floor(name: str, percent: float, *, passes: bool) -> None:
    """At least 95 % for most, everything for the config flow."""
    assert (below_floor(_report(**{name: percent})) == []) is passes


def test_the_list_names_module_and_lines() -> None:
    """Whoever reads it knows where to look."""
    (line,) = below_floor(_report(**{"simulator/world.py": 10.0, "simulator/clock.py": 99.0}))
    assert line == "simulator/world.py: 10.0 % of 95 %, lines 3, 4"


@pytest.mark.parametrize(("percent", "status"), [(100.0, 0), (50.0, 1)])
def test_the_exit_status_tells(tmp_path: Path, percent: float, status: int) -> None:
    """Other scripts go by it."""
    report = tmp_path / "coverage.json"
    report.write_text(json.dumps(_report(**{FLOW: percent})))
    assert main([str(report)]) == status
