"""A hostile car: a million mutated frames, more than the tests of every day try.

Nothing may raise, everything is answered, and no memory is held afterwards.

Run: python -m benchmarks.fuzz
"""

import argparse
import time

from tests.fleet_telemetry.mutations import MAX_GROWTH, endure


def main() -> int:
    """The long run."""
    parser = argparse.ArgumentParser(description="Read mutated frames of cars.")
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=time.time_ns())
    arguments = parser.parse_args()
    began = time.perf_counter()
    outcomes, held = endure(arguments.frames, arguments.seed)
    seconds = time.perf_counter() - began
    print(f"seed {arguments.seed}: {arguments.frames} frames in {seconds:.0f} s, none raised")
    print(", ".join(f"{name} {count}" for name, count in outcomes.most_common()))
    print(f"memory held afterwards: {held} bytes")
    return int(held > MAX_GROWTH)


if __name__ == "__main__":
    raise SystemExit(main())
