"""Every signal from each of its sources: real-looking values, zero, absent and invalid."""

import csv
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
# Their values are lists, written as one text; a car without any may leave the list out.
LISTS: Final = {"charge_schedules", "precondition_schedules"}
NO_SCHEDULES: Final = '"[]"'
SCHEDULES: Final = {"charge_schedule_data", "preconditioning_schedule_data"}

CASES: Final = {"real", "zero", "absent", "invalid", "unknown", "old"}
# Fields from this number on were never sent as text.
FIRST_TYPED: Final = 179
# Numbers that are never zero, by source; each with the reason.
NO_ZERO: Final = {
    ("cruise_follow_distance", "stream"): "the steps begin at one",
    ("scheduled_charging_start_time_minutes", "stream"): "a moment, and that of zero is in 1970",
    ("scheduled_departure_time_minutes", "stream"): "a moment, and that of zero is in 1970",
}
# A car that tells neither speed nor gear stands in park.
STANDING: Final = {"speed", "shift_state"}


def _table(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parents[1] / "data" / name).open() as file:
        return list(csv.DictReader(file))


VALUES: Final = _table("signal-values.csv")
FIELDS: Final = {row["name"]: int(row["number"]) for row in _table("telemetry-fields.csv")}


def _told(signal: Signal, source: str, raw: str) -> Any:
    """What one report makes of a signal. An empty `raw` stands for a report without it."""
    if source == "stream":
        assert signal.telemetry is not None
        readings = readings_from_stream(
            {signal.telemetry: json.loads(raw)} if raw else {}, NOW, NOW
        )
    else:
        assert signal.path is not None
        *parts, name = signal.path
        report: Any = {name: json.loads(raw)} if raw else {}
        for part in reversed(parts):
            report = {part: report}
        readings = readings_from(report, NOW)
    return readings[signal.key].value if signal.key in readings else KEEP


def _rows(key: str, source: str | None = None) -> list[dict[str, str]]:
    return [row for row in VALUES if row["signal"] == key and source in {None, row["source"]}]


def _sources(signal: Signal) -> set[str]:
    sources = {"poll": signal.path, "stream": signal.telemetry}
    return {source for source, exists in sources.items() if exists}


@pytest.mark.parametrize("key", SIGNALS)
def test_signal(key: str) -> None:
    """The same words and units from either source; what is invalid is kept or cleared."""
    for row in _rows(key):
        value = _told(SIGNALS[key], row["source"], row["raw"])
        expected = KEEP if row["value"] == KEEP else json.loads(row["value"])
        assert value == pytest.approx(expected), row
        assert isinstance(value, bool) == isinstance(expected, bool), row


@pytest.mark.parametrize("key", SIGNALS)
def test_every_case_of_every_signal_is_tried(key: str) -> None:
    """What is real, zero, absent, invalid or unknown, and the texts of old firmware."""
    signal = SIGNALS[key]
    assert {row["source"] for row in _rows(key)} == _sources(signal)
    for source in _sources(signal):
        rows = _rows(key, source)
        cases = {"real", "absent", "invalid", "unknown"}
        if signal.kind in {Kind.NUMBER, Kind.BOOL}:
            cases.add("zero")
        if source == "stream" and signal.kind is not Kind.TEXT and _was_text(signal):
            cases.add("old")
        assert cases <= {row["case"] for row in rows} <= CASES
        assert "null" in {row["raw"] for row in rows if row["case"] == "invalid"}
        assert len({row["raw"] for row in rows}) == len(rows)


@pytest.mark.parametrize("key", SIGNALS)
def test_case_is_what_it_is_called(key: str) -> None:
    """Real values and zero tell something; what is absent or invalid has no value to tell."""
    signal = SIGNALS[key]
    for row in _rows(key):
        match row["case"]:
            case "real":
                assert row["value"] != KEEP, row
            case "zero" if signal.kind is Kind.BOOL:
                assert row["value"] == "false", row
            case "zero" if signal.kind is Kind.NUMBER and (key, row["source"]) in NO_ZERO:
                assert row["value"] in {KEEP, "null"}, row
            case "zero" if signal.kind is Kind.NUMBER:
                assert json.loads(row["value"]) == 0, row
            case "absent":
                assert row["raw"] == "", row
                ends_it = signal.vanishes and row["source"] == "poll"
                nothing = NO_SCHEDULES if key in LISTS else "null"
                assert row["value"] == (nothing if ends_it else KEEP), row
            case "invalid" if row["source"] == "stream" and key not in STANDING:
                assert row["value"] in {KEEP, "null"}, row
            case "old":
                assert isinstance(json.loads(row["raw"]), str), row


def _was_text(signal: Signal) -> bool:
    """Whether old firmware streamed it, which wrote all as text."""
    return signal.telemetry is not None and FIELDS[signal.telemetry] < FIRST_TYPED


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
    """Tesla leaves the route out when there is none, and so it does with what is planned."""
    parts: dict[str, Any] = {}
    for signal in SIGNALS.values():
        part = parts
        for name in (signal.path or ())[:-1]:
            part = part.setdefault(name, {})

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
