"""The simulator as a program."""

import runpy
import sys
from typing import Any

from aiohttp import web
import pytest

from simulator import __main__ as program
from simulator.cloud.app import WORLD


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[web.Application, dict[str, Any]]]:
    """What would have been served."""
    calls: list[tuple[web.Application, dict[str, Any]]] = []

    def run_app(app: web.Application, **settings: Any) -> None:
        calls.append((app, settings))

    monkeypatch.setattr(web, "run_app", run_app)
    return calls


def test_it_listens_on_loopback(started: list[tuple[web.Application, dict[str, Any]]]) -> None:
    """Nobody else can reach it unless told so."""
    program.main([])
    app, settings = started[0]
    assert (settings["host"], settings["port"]) == ("127.0.0.1", 8765)
    assert len(app[WORLD].cars) == 6


def test_it_takes_its_settings(started: list[tuple[web.Application, dict[str, Any]]]) -> None:
    """Port, speed and the way to domains."""
    program.main(["--port", "1", "--speed", "60", "--internet", "a.test=http://127.0.0.1:2"])
    app, settings = started[0]
    assert settings["port"] == 1
    assert app[WORLD].clock.speed == 60
    assert app[WORLD].internet == {"a.test": "http://127.0.0.1:2"}


def test_it_takes_the_ways_to_receivers(
    started: list[tuple[web.Application, dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Which the cars then go."""
    program.main(["--telemetry-route", "home.example.com:443=127.0.0.1:4443"])
    assert started[0][0][WORLD].streaming.routes == {"home.example.com:443": "127.0.0.1:4443"}
    with pytest.raises(SystemExit):
        program.main(["--telemetry-route", "home.example.com"])
    assert "is not HOST[:PORT]=ADDRESS[:PORT]" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["a.test", "=http://x", "a.test=ftp://x"])
def test_a_domain_needs_an_address(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Anything else is explained."""
    with pytest.raises(SystemExit):
        program.main(["--internet", text])
    assert "is not DOMAIN=URL" in capsys.readouterr().err


def test_it_runs_as_a_module(
    started: list[tuple[web.Application, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m simulator`."""
    monkeypatch.setattr(sys, "argv", ["simulator", "--port", "7"])
    runpy.run_path(program.__file__, run_name="__main__")
    assert [settings["port"] for _, settings in started] == [7]
