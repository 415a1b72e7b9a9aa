"""Every signal from each of its sources: real-looking values, zero, absent and invalid."""

import csv
from functools import reduce
import json
from pathlib import Path
from typing import Any, Final

import pytest

from custom_components.teslalogger.tesla.scopes import Scope
from custom_components.teslalogger.vehicle import (
    SIGNALS,
    endpoints_for,
    readings_from,
    readings_from_stream,
)
from custom_components.teslalogger.vehicle.signals import NOT_POLLED, Kind, Signal
from simulator.car import data as simulated
from simulator.garage import standard_world

NOW: Final = 1_795_415_400.0
KEEP: Final = "keep"
# Lists of schedules have tests of their own.
SCHEDULES: Final = {"charge_schedule_data", "preconditioning_schedule_data"}

with (Path(__file__).parents[1] / "data" / "signal-values.csv").open() as file:
    VALUES: Final = list(csv.DictReader(file))


def _told(signal: Signal, source: str, raw: Any) -> Any:
    """What one report makes of a signal."""
    if source == "stream":
        assert signal.telemetry is not None
        readings = readings_from_stream({signal.telemetry: raw}, NOW, NOW)
    else:
        assert signal.path is not None
        readings = readings_from(
            reduce(lambda inner, name: {name: inner}, reversed(signal.path), raw), NOW
        )
    return readings[signal.key].value if signal.key in readings else KEEP


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        pytest.param(key, [row for row in VALUES if row["signal"] == key], id=key)
        for key, signal in SIGNALS.items()
        if signal.path is None or signal.path[0] not in SCHEDULES
    ],
)
def test_signal(key: str, rows: list[dict[str, str]]) -> None:
    """The same words and units from either source; what is invalid is kept or cleared."""
    signal = SIGNALS[key]
    for row in rows:
        value = _told(signal, row["source"], json.loads(row["raw"]))
        expected = KEEP if row["value"] == KEEP else json.loads(row["value"])
        assert value == pytest.approx(expected), row
        assert isinstance(value, bool) == isinstance(expected, bool), row
    sources = {"poll": signal.path, "stream": signal.telemetry}
    for source, exists in sources.items():
        raws = [json.loads(row["raw"]) for row in rows if row["source"] == source]
        assert bool(raws) == bool(exists)
        if exists:
            assert None in raws
            assert signal.kind is not Kind.NUMBER or 0 in raws or signal.part or "0" in raws
            assert signal.kind is not Kind.BOOL or len(raws) > 2


@pytest.mark.parametrize(
    "key", [key for key, signal in SIGNALS.items() if signal.path and signal.telemetry]
)
def test_both_sources_use_the_same_words(key: str) -> None:
    """Every word that a poll can tell is one that the row knows, and so is every streamed one."""
    signal = SIGNALS[key]
    words = {
        row["source"]: {
            json.loads(other["value"])
            for other in VALUES
            if other["signal"] == key
            and other["source"] == row["source"]
            and other["value"] not in {KEEP, "null"}
        }
        for row in VALUES
        if row["signal"] == key
    }
    if signal.kind is Kind.ENUM:
        assert words["poll"] | words["stream"] <= set(signal.options)
        assert words["poll"] & words["stream"]


def test_absent_is_no_news_but_for_what_vanishes() -> None:
    """Tesla leaves the route out when there is none, and so it does with schedules."""
    parts: dict[str, Any] = {signal.path[0]: {} for signal in SIGNALS.values() if signal.path}

    readings = readings_from({**parts, "state": "online"}, NOW)

    assert {key for key in readings if key != "availability"} == {
        key for key, signal in SIGNALS.items() if signal.vanishes
    }
    assert {reading.value for reading in readings.values()} <= {None, "online", "[]"}


@pytest.mark.parametrize("car", standard_world().cars.values(), ids=lambda car: car.vin)
def test_nothing_that_a_car_is_polled_for_is_forgotten(car: Any) -> None:
    """A signal, or a reason."""
    answer = simulated.parts(
        car.state, car.model, now=NOW, asked=set(endpoints_for(frozenset(Scope))), location=True
    )
    paths = {".".join(signal.path) for signal in SIGNALS.values() if signal.path}

    def leaves(node: dict[str, Any], path: str = "") -> set[str]:
        return {
            leaf
            for name, value in node.items()
            for leaf in (
                leaves(value, f"{path}{name}.")
                if isinstance(value, dict) and f"{path}{name}" not in paths
                else {f"{path}{name}"}
            )
            if name != "timestamp" and name not in SCHEDULES
        }

    assert leaves(answer) - paths == leaves(answer) & set(NOT_POLLED)
