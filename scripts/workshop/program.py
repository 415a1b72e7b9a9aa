"""A program in the background: its log, its end."""

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Final, Self

from .problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

POLL: Final = 0.2
LAST_LINES: Final = 25
PATIENCE: Final = 20.0
"""Seconds that a program gets to stop before it is killed."""


class Program:
    """A child process in a session of its own: Ctrl-C reaches only us, and we end it in order."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether the process still lives."""
        return self._process.poll() is None

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Return once it is ready.

        Raises:
            Problem: it ended, or the time is up.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                late = f"was not ready after {seconds:.0f} seconds"
                raise self._problem(late)
            time.sleep(POLL)

    def check(self) -> None:
        """Do nothing as long as it lives.

        Raises:
            Problem: it ended.
        """
        if not self.running:
            ended = f"ended with status {self._process.returncode}"
            raise self._problem(ended)

    def _problem(self, what: str) -> Problem:
        return Problem(
            f"{self.name} {what}\n{self.last_lines()}",
            next_step=f"read {self.log}, then run this again",
        )

    def last_lines(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LAST_LINES:])

    def stop(self) -> None:
        """Ask it to end, and insist when it does not."""
        if not self.running:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
