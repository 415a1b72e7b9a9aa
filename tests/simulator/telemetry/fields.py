"""What is known of the fields."""

import csv
from pathlib import Path
import re

_ROWS = list(
    csv.DictReader(Path("tests/data/telemetry-fields.csv").read_text("utf-8").splitlines())
)

TYPES = {row["name"]: row["value_type"] for row in _ROWS}
"""The typed form of a value, by field."""
ENUMS = {row["name"]: row["enum_type"] for row in _ROWS if row["enum_type"]}
FLOORS = {
    row["name"]: found[1] for row in _ROWS if (found := re.search(r"fw>=([\d.]+)", row["notes"]))
}
"""The software that a field needs."""
