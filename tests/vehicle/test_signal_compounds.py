"""Doors, places, wheels and moments: fields that need more than a word or a number."""

from typing import Final

import pytest

from custom_components.teslalogger.vehicle.signals import INVALID
from custom_components.teslalogger.vehicle.signals.compounds import (
    latitude,
    longitude,
    opening,
    wheel,
)
from custom_components.teslalogger.vehicle.signals.times import (
    epoch,
    minute_of_day,
    wall_clock,
    wall_clock_minute,
)

# 2026-11-22 22:30 in Los Angeles, 2026-11-23 06:30 UTC.
NOVEMBER: Final = 1_795_415_400


@pytest.mark.parametrize(
    ("raw", "is_open"),
    [
        ({"DriverFront": True}, True),
        ({"DriverFront": False, "TrunkRear": True}, False),
        ({}, False),
        ("DriverFront|TrunkRear", True),
        ("TrunkRear", False),
        ("", False),
        ("<invalid>", INVALID),
        ({"DriverFront": "ajar"}, INVALID),
        (None, INVALID),
        (True, INVALID),
    ],
)
def test_door(raw: object, is_open: object) -> None:
    """All closed is an empty message, in either form."""
    assert opening("DriverFront")(raw) is is_open


@pytest.mark.parametrize(
    ("raw", "warns"),
    [({"rear_left": True}, True), ({}, False), (None, INVALID), ("rear_left", INVALID)],
)
def test_wheel(raw: object, warns: object) -> None:
    """Tesla's server names only the wheels in trouble."""
    assert wheel("rear_left")(raw) is warns


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ({"latitude": 52.52, "longitude": -13.4}, (52.52, -13.4)),
        ({"latitude": 0, "longitude": 0.0}, (0, 0.0)),
        ("(37.412374 N, 122.145867 W)", (37.412374, -122.145867)),
        ("(33.9 S, 151.2 E)", (-33.9, 151.2)),
        ("(91 N, 181 E)", (INVALID, INVALID)),
        ("somewhere", (INVALID, INVALID)),
        ({}, (INVALID, INVALID)),
        (None, (INVALID, INVALID)),
    ],
)
def test_place(raw: object, place: object) -> None:
    """Degrees north and east; a place without degrees is none."""
    assert (latitude(raw), longitude(raw)) == place


@pytest.mark.parametrize(
    ("raw", "clock", "minute"),
    [
        (NOVEMBER, "2026-11-22T22:30:00", 22 * 60 + 30),
        (str(NOVEMBER), "2026-11-22T22:30:00", 22 * 60 + 30),
        ("06:45:00", INVALID, 6 * 60 + 45),
        ({"hour": 6, "minute": 45, "second": 0}, INVALID, 6 * 60 + 45),
        ({"minute": 5}, INVALID, 5),
        ("25:00:00", INVALID, INVALID),
        ({"hour": "x"}, INVALID, INVALID),
        ({}, INVALID, INVALID),
        (0, INVALID, INVALID),
        (1e300, INVALID, INVALID),
        (None, INVALID, INVALID),
    ],
)
def test_streamed_moment_is_the_wall_clock_of_the_car(
    raw: object, clock: object, minute: object
) -> None:
    """Tesla counts as if every car stood in California."""
    assert (wall_clock(raw), wall_clock_minute(raw)) == (clock, minute)


def test_polled_moment_is_a_moment() -> None:
    """In seconds, whatever Tesla counts in; zero is none."""
    assert epoch()(NOVEMBER) == NOVEMBER
    assert epoch(per_second=1000)(NOVEMBER * 1000) == NOVEMBER
    assert epoch()(0) is INVALID
    assert epoch()(None) is INVALID


def test_minute_of_the_day() -> None:
    """From midnight to midnight."""
    assert minute_of_day(0) == 0
    assert minute_of_day(1440) == 1440
    assert minute_of_day(1441) is INVALID
