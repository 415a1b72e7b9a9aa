"""Home Assistant killed again and again while cars stream: what is lost, what is applied twice.

Simulated cars stream over mutual TLS by the delivery policy `latest` into a real Home Assistant,
which was set up through the integration's own flows. It is killed with SIGKILL at random moments
(the same ones for the same seed): while cars stream, while they come back, while it starts. The
cars live on; what was not acknowledged they send again. Tesla's cloud answers no question about a
car meanwhile, so that nothing but the stream tells anything.

After each return: every value that was acknowledged is there before a car can tell it again; every
change that a car still held is shown; no reading is written twice, and what only grows never goes
back and forth.

The first kills are of the program `hass`, to which cars come back by their own patience. The others
are of a fork of it, made after its imports and before anything else: the same program, which starts
within a second. The last ones have a journal that is written anew at each commit.

Run: scripts/bench kills [times]
"""

import argparse
import asyncio
from collections import Counter
from pathlib import Path
import platform
import tempfile
import time
from typing import TYPE_CHECKING, Final

from scripts.workshop.places import CACHE
from tests.crash.trial import Plan, Report, carry_out, open_stage

if TYPE_CHECKING:
    from collections.abc import Callable

_WHOLE: Final = 0.08
_REWRITTEN: Final = 0.2
_SMALL: Final = 1_000  # bytes; one car's state has more


def _plans(times: int, seed: int) -> dict[str, Plan]:
    whole, rewritten = round(_WHOLE * times), round(_REWRITTEN * times)
    return {
        "the program": Plan(kills=0, whole=whole, seed=seed),
        "forks of it": Plan(kills=times - whole - rewritten, seed=seed),
        "with a small journal": Plan(kills=rewritten, journal=_SMALL, seed=seed),
    }


async def _run(times: int, seed: int, tell: Callable[[str], None]) -> dict[str, Report]:
    # Beside the project and not in memory, where a write costs nothing.
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        async with open_stage(Path(folder), seed) as stage:
            return {
                name: await carry_out(stage, plan, tell)
                for name, plan in _plans(times, seed).items()
                if plan.kills or plan.whole
            }


def _figures(report: Report) -> dict[str, float]:
    return {
        "kills": report.kills.total(),
        "records sent": report.records,
        "records acknowledged": report.acked,
        "acknowledged values looked for": report.promises,
        "of them lost": len(report.broken),
        "acknowledged alerts told again": report.alerts,
        "changes that cars held": report.held,
        "of them looked for": report.arrived,
        "of them lost ": len(report.lost),
        "readings written": report.journaled,
        "odometer readings shown": report.shown,
        "applied twice": len(report.twice),
        "shown, lost unacknowledged, shown again": report.shown_again,
        "seconds": report.seconds,
    }


def main() -> int:
    """Kill, and print what came of it; the exit status is 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("times", type=int, nargs="?", default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()

    def tell(line: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {line}", flush=True)

    reports = asyncio.run(_run(options.times, options.seed, tell))
    print(f"\n{platform.machine()}, CPython {platform.python_version()}, seed {options.seed}")
    figures = {name: _figures(report) for name, report in reports.items()}
    print("".join(f"{name:>22}" for name in ("", *figures, "together")))
    for key in next(iter(figures.values())):
        row = [each[key] for each in figures.values()]
        print(f"{key:40}" + "".join(f"{value:12.0f}" for value in (*row, sum(row))))
    moments = sum((report.kills for report in reports.values()), Counter())
    print("killed " + ", ".join(f"{moment} {times}" for moment, times in moments.items()))
    wrong = [
        f"{name}, {line}"
        for name, report in reports.items()
        for line in (*report.broken, *report.lost, *report.twice)
    ]
    print("\n".join(wrong) or "nothing lost, nothing applied twice")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
