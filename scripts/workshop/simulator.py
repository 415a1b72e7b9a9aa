"""The simulated Tesla cloud as a program."""

import sys
from typing import TYPE_CHECKING, Final

from .loopback import HOST, NoAnswer, ask
from .places import PUBLIC_DOMAIN, ROOT
from .program import Program

if TYPE_CHECKING:
    from pathlib import Path

START: Final = 60.0
CLIENT_ID: Final = "simulated-client"
CLIENT_SECRET: Final = "simulated-secret"  # noqa: S105  # of a simulated developer application


def start_simulator(*, port: int, home_assistant_url: str, log: Path) -> tuple[Program, str]:
    """Start it and return once it answers; it reaches our public name at `home_assistant_url`.

    Raises:
        Problem: it did not come up.
    """
    url = f"http://{HOST}:{port}"
    program = Program(
        "the simulator",
        [
            sys.executable,
            "-m",
            "simulator",
            "--port",
            str(port),
            "--internet",
            f"{PUBLIC_DOMAIN}={home_assistant_url}",
        ],
        log=log,
        environment={"PYTHONPATH": str(ROOT)},
    )

    def answers() -> bool:
        try:
            ask(url)
        except NoAnswer:
            return False
        return True

    try:
        program.wait_until(answers, seconds=START)
    except BaseException:
        program.stop()
        raise
    return program, url
