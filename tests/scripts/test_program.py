"""A program in the background."""

import sys
from typing import TYPE_CHECKING

import pytest

from scripts.workshop.problem import Problem, report
from scripts.workshop.program import Program

if TYPE_CHECKING:
    from pathlib import Path

PATIENT = "import signal; print('up', flush=True); signal.pause()"


def _program(tmp_path: Path, code: str) -> Program:
    return Program(
        "the program", [sys.executable, "-c", code], log=tmp_path / "logs" / "program.log"
    )


def test_it_is_stopped_at_the_end(tmp_path: Path) -> None:
    """Nothing is left behind."""
    with _program(tmp_path, PATIENT) as program:
        program.wait_until(lambda: program.last_lines() == "up", seconds=30)
        assert program.running
        program.check()
    assert not program.running


def test_an_early_end_is_reported_with_its_last_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And with what to do next."""
    with (
        _program(tmp_path, "raise SystemExit('no disk')") as program,
        pytest.raises(Problem, match=r"the program ended with status 1\nno disk") as caught,
    ):
        program.wait_until(lambda: False, seconds=30)
    assert report(caught.value) == 1
    assert "next: read " in capsys.readouterr().err


def test_patience_has_an_end(tmp_path: Path) -> None:
    """A program that never gets ready does not hold up everything."""
    with (
        _program(tmp_path, PATIENT) as program,
        pytest.raises(Problem, match="was not ready after 0 seconds"),
    ):
        program.wait_until(lambda: False, seconds=0)
