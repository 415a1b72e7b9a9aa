"""The one way these scripts give up."""

import sys


class Problem(Exception):  # it is reported to a person, not handled
    """Something a person has to act on: what went wrong, and the next step."""

    def __init__(self, message: str, *, next_step: str) -> None:
        super().__init__(message)
        self.next_step = next_step


def report(problem: Problem) -> int:
    """Print the problem as the shell scripts do; the answer is the exit status."""
    print(f"\nerror: {problem}\n  next: {problem.next_step}", file=sys.stderr)
    return 1
