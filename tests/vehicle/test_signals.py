"""SIGNALS: every converter is total, every row consistent."""

from collections import Counter
import math
import re
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.vehicle import INVALID, SIGNALS, Kind, Value
from custom_components.teslalogger.vehicle.signals.converters import (
    boolean,
    cable_connected,
    coded,
    first_word,
    guest_mode,
    number,
    numbered,
    one_of,
    or_nothing,
    positive,
    scaled,
    text,
    truth,
    when_null,
    within,
)

# The members that converters look into: without their names nothing below them is ever tried.
MEMBERS: Final = st.sampled_from(
    [
        *("hour", "minute", "second"),
        *("latitude", "longitude"),
        *("DriverFront", "front_left", "GuestModeActive", "guest_mode_active"),
        *("id", "days_of_week", "enabled", "name"),
        *("start_enabled", "start_time", "end_enabled", "end_time", "precondition_time"),
    ]
)
JSON: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 10**308, math.nan, math.inf, 1e308])
    | st.floats()
    | st.text(),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(MEMBERS | st.text(), children, max_size=3)
    ),
    max_leaves=5,
)
TYPES: Final = {
    Kind.BOOL: (bool,),
    Kind.NUMBER: (int, float),
    Kind.TEXT: (str,),
    Kind.ENUM: (str,),
    Kind.TIME: (int, float, str),
}
UNITS: Final = {
    None,
    *("%", "bar", "V", "A", "kW", "kWh", "kΩ", "°C", "kg", "Nm"),
    *("mi", "mph", "m", "m/s²", "°", "rad/s"),
    *("h", "min", "s", "ms"),
}
OLD_FIRMWARE: Final = st.sampled_from(
    [
        "",
        "true",
        "1.5e-05",
        "<invalid>",
        "D",
        "SNA",
        "DriverFront|TrunkRear",
        "(37.412374 N, 122.145867 W)",
        "(99.9 N, 999 W)",
        "1e999",
        "nan",
        "24:61:00",
        "1731000000",
    ]
)


def test_every_row_is_consistent() -> None:
    """Keys, units, options, and no row that nobody could ever tell."""
    for key, signal in SIGNALS.items():
        assert signal.key == key
        assert signal.unit in UNITS
        assert signal.path or signal.telemetry
        assert bool(signal.options) == (signal.kind is Kind.ENUM)
        assert len(set(signal.options)) == len(signal.options)
        assert all(re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", word) for word in signal.options)
        assert signal.telemetry or not (signal.stream or signal.part)


def test_no_thing_is_two_signals_without_a_reason() -> None:
    """One field of Tesla's makes one signal, or several that tell different things of it."""
    paths = Counter(signal.path for signal in SIGNALS.values() if signal.path)
    assert {path[-1] for path, count in paths.items() if count > 1} == {
        "conn_charge_cable",  # the type, and whether there is one
        "status",  # of the update: the word, whether there is one, whether it is under way
    }
    fields = Counter(
        (signal.telemetry, signal.part) for signal in SIGNALS.values() if signal.telemetry
    )
    assert {field for (field, _), count in fields.items() if count > 1} == {
        "DetailedChargeState",
        "DriverSeatOccupied",  # the seat, and whether anybody is in the car
        "HvacPower",
        "HvacSteeringWheelHeatLevel",
        "SentryMode",
    }


@pytest.mark.parametrize("source", ["polled", "streamed"])
@given(raw=JSON)
def test_no_signal_is_surprised_by_anything(source: str, raw: object) -> None:
    """Whatever Tesla sends, it is left as it is or becomes a value of the row's kind."""
    for signal in SIGNALS.values():
        value = getattr(signal, source)(raw)
        if value is INVALID or value is None:
            continue
        assert isinstance(value, TYPES[signal.kind])
        if signal.kind is Kind.NUMBER:
            assert not isinstance(value, bool | str)
            assert math.isfinite(value)
        if signal.kind is Kind.ENUM:
            assert value in signal.options


@pytest.mark.parametrize("member", [None, [], {}, [None], 10**400, math.nan, math.inf, "", "7", -1])
@pytest.mark.parametrize("source", ["polled", "streamed"])
def test_no_signal_is_surprised_by_what_a_message_holds(source: str, member: object) -> None:
    """Also deep within one whose members have the right names."""
    names = ("hour", "minute", "latitude", "longitude", "DriverFront", "GuestModeActive", "id")
    message = dict.fromkeys(names, member)
    for signal in SIGNALS.values():
        for raw in (message, [message], {"hour": member}, {"minute": member}, member, [member]):
            value = getattr(signal, source)(raw)
            assert value is INVALID or value is None or isinstance(value, TYPES[signal.kind])


@pytest.mark.parametrize("key", SIGNALS)
def test_signal_holds_the_values_of_its_kind_only(key: str) -> None:
    """What was stored by another release may be none of them."""
    signal = SIGNALS[key]
    values: dict[Kind, Value] = {
        Kind.BOOL: True,
        Kind.NUMBER: 5,
        Kind.TEXT: "a text",
        Kind.ENUM: next(iter(signal.options), None),
        Kind.TIME: "2026-11-22T22:30:00",
    }

    assert signal.holds(None)
    assert signal.holds(values[signal.kind])
    held = {kind for kind, value in values.items() if value is not None and signal.holds(value)}
    assert (
        held
        == {
            Kind.BOOL: {Kind.BOOL},
            Kind.NUMBER: {Kind.NUMBER},
            Kind.TEXT: {Kind.TEXT, Kind.TIME},
            Kind.ENUM: {Kind.ENUM},
            Kind.TIME: {Kind.NUMBER, Kind.TEXT, Kind.TIME},
        }[signal.kind]
    )


@given(raw=st.text() | OLD_FIRMWARE)
def test_no_text_of_old_firmware_is_a_surprise(raw: str) -> None:
    """Cars before 2024.44 stream everything as text."""
    for signal in SIGNALS.values():
        value = signal.streamed(raw)
        assert value is INVALID or value is None or isinstance(value, TYPES[signal.kind])


@pytest.mark.parametrize(
    ("converter", "raw", "value"),
    [
        (boolean, True, True),
        (boolean, 0, False),
        (boolean, 2, True),
        (boolean, "true", True),
        (boolean, "False", False),
        (boolean, -1, INVALID),
        (boolean, "yes", INVALID),
        (boolean, None, INVALID),
        (number, 0, 0),
        (number, "3.5", 3.5),
        (number, "-3", -3),
        (number, "9" * 5000, INVALID),
        (number, "x", INVALID),
        (number, True, INVALID),
        (number, float("inf"), INVALID),
        (number, 10**400, INVALID),
        (number, 2**63, INVALID),
        (number, str(2**63), INVALID),
        (number, -(2**63), INVALID),
        (number, 2**63 - 1, 2**63 - 1),
        (number, None, INVALID),
        (text, " IEC ", "IEC"),
        (text, "<invalid>", INVALID),
        (text, "", INVALID),
        (text, 5, INVALID),
        (text, "x" * 300, "x" * 255),
        (cable_connected, "SAE", True),
        (cable_connected, "<invalid>", False),
        (cable_connected, None, INVALID),
        (guest_mode, True, True),
        (guest_mode, {"GuestModeActive": True}, True),
        (guest_mode, {"guest_mode_active": False}, False),
        (guest_mode, {}, INVALID),
        (within(0, 100), 100, 100),
        (within(0, 100), 101, INVALID),
        (within(0, 100), "x", INVALID),
        (one_of({"Charging": "charging"}), "charging", "charging"),
        (one_of({"Charging": "charging"}), "Flying", INVALID),
        (one_of({"Charging": "charging"}), 1, INVALID),
        (coded({0: "off"}), 0, "off"),
        (coded({0: "off"}), False, INVALID),
        (coded({0: "off"}), 7, INVALID),
        (coded({2: "max"}), 2.0, "max"),
        (coded({2: "max"}), 2.5, INVALID),
        (one_of({"D": "d"}, "ShiftState"), "ShiftStateD", "d"),
        (one_of({"D": "d"}, "ShiftState"), " d ", "d"),
        (one_of({"D": "d"}, "ShiftState"), "42", INVALID),
        (truth({"Closed": False}, "WindowState"), "WindowStateClosed", False),
        (truth({"Closed": False}, "WindowState"), True, True),
        (truth({"Closed": False}, "WindowState"), "WindowStateUnknown", INVALID),
        (numbered({"Gen1": 1}, "Roof"), "RoofGen1", 1),
        (numbered({"Gen1": 1}, "Roof"), 1, 1),
        (numbered({"Gen1": 1}, "Roof"), "1", 1),
        (numbered({"Gen1": 1}, "Roof"), 2, INVALID),
        (truth({"Closed": False, "Broken": None}), "Broken", None),
        (positive, 0, False),
        (positive, 3, True),
        (positive, None, INVALID),
        (first_word, "2026.32.5 abcdef", "2026.32.5"),
        (first_word, " ", INVALID),
        (scaled(60), 1.5, 90.0),
        (scaled(60), 1e308, INVALID),
        (scaled(60), "x", INVALID),
        (or_nothing(number), "x", None),
        (or_nothing(number), 0, 0),
        (when_null(0, number), None, 0),
        (when_null(0, number), 5, 5),
    ],
)
def test_converters(converter: object, raw: object, value: object) -> None:
    """Real values, zero, null and nonsense."""
    assert callable(converter)
    result = converter(raw)
    assert result == value
    assert type(result) is type(value)


def test_a_parked_car_stands_still_in_park() -> None:
    """Tesla sends null for both."""
    assert SIGNALS["shift_state"].convert(None) == "p"
    assert SIGNALS["speed"].convert(None) == 0
