"""Fails when a module is tested less than promised: at least 95 %, the config flow wholly."""

import json
from pathlib import Path
import sys
from typing import Any, Final

FLOOR: Final = 95.0
HIGHER: Final = {"custom_components/teslalogger/config_flow.py": 100.0}


def below_floor(report: dict[str, Any]) -> list[str]:
    """One line for each module of the coverage report that misses its floor."""
    lines = []
    for name, module in sorted(report["files"].items()):
        floor = HIGHER.get(name, FLOOR)
        covered = module["summary"]["percent_covered"]
        if covered < floor:
            missing = ", ".join(map(str, module["missing_lines"])) or "branches only"
            lines.append(f"{name}: {covered:.1f} % of {floor:.0f} %, lines {missing}")
    return lines


def main(arguments: list[str]) -> int:
    """Read the report named on the command line; the answer is the exit status."""
    report = json.loads(Path(arguments[0]).read_text())
    lines = below_floor(report)
    if lines:
        print("error: not tested enough\n  " + "\n  ".join(lines), file=sys.stderr)
        print("  next: test these lines, or delete them", file=sys.stderr)
        return 1
    print(f"coverage {report['totals']['percent_covered']:.1f} %, no module below its floor")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
