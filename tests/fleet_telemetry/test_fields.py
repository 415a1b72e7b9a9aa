"""The table of fields says what Tesla's list says."""

import csv
from pathlib import Path
import re
from typing import Final

import pytest
from tesla_protocol.telemetry import vehicle_data_pb2

from custom_components.teslalogger.fleet_telemetry.field import (
    Activity,
    Group,
    Hardware,
    possible_hardware,
)
from custom_components.teslalogger.fleet_telemetry.fields import FIELDS, OFFERED
from custom_components.teslalogger.fleet_telemetry.firmware import (
    CONFIGURABLE,
    read_firmware,
    show_firmware,
)
from custom_components.teslalogger.vehicle.signals import BY_FIELD, NOT_OFFERED, SIGNALS

_FILE: Final = Path(__file__).parents[1] / "data" / "telemetry-fields.csv"
with _FILE.open() as _file:
    LIST: Final = {
        row["name"]: row for row in csv.DictReader(_file) if row["category"] != "Reserved"
    }
_FLOOR: Final = re.compile(r"fw>=([\d.]*\d)")
_DELTA: Final = re.compile(r"min(?:imum_| )delta (?:~|>= ?)?([\d.]+\d|\d)")
NUMBERS: Final = {"double", "int"}
PLACE: Final = "location"
# The car itself takes these where none is given; the list says so in another sentence.
OWN_DELTA: Final = {"ChargerVoltage": 1, "MilesSinceReset": 0.1, "SelfDrivingMilesSinceReset": 1}


def test_every_real_field_is_there_and_no_other() -> None:
    """By Tesla's numbers, which the protocol has too."""
    assert set(FIELDS) == set(LIST)
    assert len({field.number for field in FIELDS.values()}) == len(FIELDS)
    numbers = dict(vehicle_data_pb2.Field.items())
    assert {name: field.number for name, field in FIELDS.items()} == {
        name: numbers[name] for name in LIST
    }


def test_what_is_offered_is_what_the_state_can_hold() -> None:
    """The others have a reason."""
    assert set(OFFERED) == set(BY_FIELD) - {SIGNALS[key].telemetry for key in NOT_OFFERED}
    assert not any(field.startswith("Deprecated_") for field in FIELDS)
    assert {name for name, field in FIELDS.items() if field.never} == {
        "RouteLastUpdated",
        "RouteLine",
    }


@pytest.mark.parametrize("name", sorted(LIST))
def test_a_row_is_that_of_the_list(name: str) -> None:
    """Section, interval, firmware, permission, hardware, and which values take a delta."""
    field, row = FIELDS[name], LIST[name]
    notes = row["notes"]
    assert field.name == name
    assert field.group == row["category"].lower().replace(" ", "_")
    assert field.interval == int(row["suggested_interval_s"])
    floor = _FLOOR.search(notes)
    if floor:
        assert show_firmware(field.firmware) == floor[1]
    else:
        newest = "newest proto" in notes or "proto of 2026" in notes
        assert field.firmware == ((2026, 33) if newest else CONFIGURABLE)
    assert field.needs_location == (row["value_type"] == PLACE)
    assert field.takes_delta == (row["value_type"] in {*NUMBERS, PLACE})
    for words, hardware in {
        "HW4 only": Hardware.HW4,
        "Semi only": Hardware.SEMI,
        "(tri-motor)": Hardware.TRI_MOTOR,
    }.items():
        assert (words in notes) == (field.hardware is hardware)


@pytest.mark.parametrize("name", [name for name, row in LIST.items() if "delta" in row["notes"]])
def test_an_advised_delta_is_taken(name: str) -> None:
    """Or the reason why the list speaks of one is another."""
    advised = _DELTA.search(LIST[name]["notes"])
    delta = FIELDS[name].delta
    if name in OWN_DELTA:
        assert delta == OWN_DELTA[name]
    elif name == "Location":
        assert advised is None
        assert delta is None
    else:
        assert advised is not None
        assert delta == float(advised[1])


def test_no_delta_is_below_what_makes_the_car_speak() -> None:
    """The self-driving counters are silent without one."""
    least = {name: field.least_delta for name, field in FIELDS.items() if field.least_delta}
    assert least == {"MilesSinceReset": 0.1, "SelfDrivingMilesSinceReset": 1}
    assert all((FIELDS[name].delta or 0) >= delta for name, delta in least.items())
    assert FIELDS["MilesSinceReset"].partner == "SelfDrivingMilesSinceReset"
    assert FIELDS["SelfDrivingMilesSinceReset"].partner == "MilesSinceReset"


def test_edges_that_must_not_get_lost_are_sent_again() -> None:
    """Where the list advises it, and for the other states that people automate on."""
    again = {name for name, field in FIELDS.items() if field.resend}
    assert {name for name, row in LIST.items() if "resend 300 advised" in row["notes"]} <= again
    assert again == {"Locked", "DetailedChargeState", "DoorState", "Gear", "SentryMode"}
    assert {FIELDS[name].resend for name in again} == {300}


def test_every_group_and_activity_is_used() -> None:
    """None is left over."""
    assert {field.group for field in FIELDS.values()} == set(Group)
    assert {field.activity for field in FIELDS.values()} == set(Activity)


@pytest.mark.parametrize(
    ("model", "driver_assist", "hardware"),
    [
        (None, None, set(Hardware)),
        ("3", None, {Hardware.HW4}),
        ("Y", "TeslaAP3", set()),
        ("Y", "TeslaAP4", {Hardware.HW4}),
        ("S", "TeslaAP2", {Hardware.TRI_MOTOR}),
        ("X", "none", {Hardware.HW4, Hardware.TRI_MOTOR}),
        ("C", "TeslaAP4", {Hardware.HW4, Hardware.TRI_MOTOR, Hardware.CYBERTRUCK}),
        ("T", "TeslaAP4", {Hardware.HW4, Hardware.SEMI}),
    ],
)
def test_hardware_is_excluded_only_by_what_is_known(
    model: str | None, driver_assist: str | None, hardware: set[Hardware]
) -> None:
    """A word that nobody knows excludes nothing."""
    assert possible_hardware(model, driver_assist) == hardware


@pytest.mark.parametrize(
    ("text", "firmware"),
    [
        ("2025.44.25.5", (2025, 44, 25, 5)),
        ("2026.32 1f3d5e7b9a", (2026, 32)),
        (" 2024.26.1-x", (2024, 26, 1)),
        ("2026", None),
        ("2026.x", None),
        ("unknown", None),
        ("", None),
        (None, None),
    ],
)
def test_a_version_is_read(text: str | None, firmware: tuple[int, ...] | None) -> None:
    """As numbers, of which the later version's are greater."""
    assert read_firmware(text) == firmware
