"""SIGNALS: every converter is total, every row consistent."""

from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.vehicle import INVALID, SIGNALS, Kind, OnInvalid
from custom_components.teslalogger.vehicle.signals.converters import (
    boolean,
    cable_connected,
    coded,
    guest_mode,
    number,
    one_of,
    text,
    when_null,
    within,
)

JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3)
    ),
    max_leaves=5,
)
TYPES: Final = {
    Kind.BOOL: (bool,),
    Kind.NUMBER: (int, float),
    Kind.TEXT: (str,),
    Kind.ENUM: (str,),
}
UNITS: Final = {None, "%", "mi", "mph", "bar", "V", "A", "kW", "kWh", "°C", "°", "min", "h"}


def test_every_row_is_consistent() -> None:
    """Keys, units, options, and no two rows for one path without a reason."""
    for key, signal in SIGNALS.items():
        assert signal.key == key
        assert signal.unit in UNITS
        assert signal.path or signal.telemetry
        assert bool(signal.options) == (signal.kind is Kind.ENUM)
        assert len(set(signal.options)) == len(signal.options)
        if signal.kind is Kind.ENUM:
            assert signal.on_invalid is OnInvalid.CLEAR
    paths = [signal.path for signal in SIGNALS.values() if signal.path]
    assert {path for path in paths if paths.count(path) > 1} == {
        ("charge_state", "conn_charge_cable")
    }
    fields = [signal.telemetry for signal in SIGNALS.values() if signal.telemetry]
    assert len(fields) == len(set(fields))


@given(raw=JSON)
def test_no_signal_is_surprised_by_anything(raw: object) -> None:
    """Whatever Tesla sends, the answer is INVALID or a value of the row's kind."""
    for signal in SIGNALS.values():
        value = signal.convert(raw)
        if value is INVALID:
            continue
        assert isinstance(value, TYPES[signal.kind])
        if signal.kind is Kind.NUMBER:
            assert not isinstance(value, bool)
        if signal.kind is Kind.ENUM:
            assert value in signal.options


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
        (number, "x", INVALID),
        (number, True, INVALID),
        (number, float("inf"), INVALID),
        (number, 10**400, INVALID),
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
