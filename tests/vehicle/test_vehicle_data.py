"""Readings from `vehicle_data`."""

import math
from typing import Any, Final

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.tesla.scopes import Scope
from custom_components.teslalogger.vehicle import (
    SIGNALS,
    Source,
    Value,
    VehicleState,
    availability_reading,
    endpoints_for,
    readings_from,
)

NOW: Final = 1_700_000_100.0
ANSWER: Final[dict[str, Any]] = {
    "state": "online",
    "charge_state": {
        "timestamp": 1_700_000_000_000,
        "battery_level": 72,
        "battery_range": 215.6,
        "charging_state": "Stopped",
        "charge_port_latch": "Engaged",
        "conn_charge_cable": "IEC",
        "fast_charger_type": "<invalid>",
        "minutes_to_full_charge": 0,
        "charger_voltage": None,
        "charge_enable_request": None,
    },
    "climate_state": {"timestamp": 1_700_000_001_000, "inside_temp": 21.5, "defrost_mode": 0},
    "drive_state": {
        "timestamp": 1_700_000_002_000,
        "shift_state": None,
        "speed": None,
        "latitude": 52.5,
        "longitude": 13.25,
    },
    "vehicle_state": {
        "timestamp": 1_700_000_003_000,
        "locked": True,
        "df": 0,
        "fd_window": 1,
        "odometer": 15_734.2,
        "car_version": "2026.32.1 1ab2c3",
        "tpms_pressure_fl": 2.9,
    },
    "vehicle_config": {"car_type": "model3", "has_seat_cooling": False},
}


@pytest.mark.parametrize(
    ("key", "value", "car_time"),
    [
        ("availability", "online", NOW),
        ("battery_level", 72, 1_700_000_000),
        ("charging_state", "stopped", 1_700_000_000),
        ("charge_cable_connected", True, 1_700_000_000),
        ("fast_charger_type", None, 1_700_000_000),
        ("charge_enable_request", False, 1_700_000_000),
        ("minutes_to_full_charge", 0, 1_700_000_000),
        ("inside_temp", 21.5, 1_700_000_001),
        ("defrost_mode", "off", 1_700_000_001),
        ("shift_state", "p", 1_700_000_002),
        ("latitude", 52.5, 1_700_000_002),
        ("locked", True, 1_700_000_003),
        ("door_front_driver", False, 1_700_000_003),
        ("window_front_driver", True, 1_700_000_003),
        ("odometer", 15_734.2, 1_700_000_003),
        ("car_type", "model3", NOW),
    ],
)
def test_values_come_with_the_time_of_the_car(key: str, value: Value, car_time: float) -> None:
    """Each part of the answer has its own time, in milliseconds; where there is none, now."""
    reading = readings_from(ANSWER, NOW)[key]
    assert (reading.value, reading.car_time) == (value, car_time)
    assert (reading.received, reading.source) == (NOW, Source.POLL)


@pytest.mark.parametrize(
    ("part", "told", "key", "value"),
    [
        ("climate_state", {"seat_heater_left": 0}, "seat_heater_left", "off"),
        (
            "climate_state",
            {"seat_heater_third_row_right": 3},
            "seat_heater_third_row_right",
            "high",
        ),
        ("climate_state", {"seat_fan_front_left": 2}, "seat_fan_front_left", "medium"),
        ("climate_state", {"seat_heater_left": 4}, "seat_heater_left", None),
        ("climate_state", {"auto_seat_climate_left": False}, "auto_seat_climate_left", False),
        ("climate_state", {"steering_wheel_heat_level": 3}, "steering_wheel_heat_level", "high"),
        ("vehicle_state", {"sun_roof_state": "vent"}, "sun_roof_state", "vent"),
        ("vehicle_state", {"sun_roof_state": "unknown"}, "sun_roof_state", None),
        ("vehicle_state", {"sun_roof_percent_open": 0}, "sun_roof_percent_open", 0),
        ("vehicle_state", {"media_info": {"audio_volume": 0}}, "media_volume", 0),
        ("vehicle_state", {"media_info": {"audio_volume_max": 10.333}}, "media_volume_max", 10.333),
        ("vehicle_state", {"speed_limit_mode": {"current_limit_mph": 75}}, "speed_limit", 75),
        ("vehicle_state", {"homelink_device_count": 0}, "homelink_device_count", 0),
        ("vehicle_config", {"rear_seat_heaters": 1}, "rear_seat_heaters", 1),
        ("vehicle_config", {"third_row_seats": "None"}, "third_row_seats", "None"),
        ("vehicle_config", {"sun_roof_installed": 0}, "sun_roof_installed", 0),
        ("vehicle_config", {"plg": True}, "plg", True),
        ("gui_settings", {"gui_distance_units": "km/hr"}, "gui_distance_units", "km"),
    ],
)
def test_what_people_set_is_told_in_words(
    part: str, told: dict[str, Any], key: str, value: Value
) -> None:
    """Levels by name, numbers as they are, and nothing where Tesla writes nonsense."""
    assert readings_from({part: told}, NOW)[key].value == value


def test_what_is_absent_or_keeps_its_last_value_makes_no_reading() -> None:
    """An absent voltage and a null one leave the last voltage alone."""
    readings = readings_from(ANSWER, NOW)
    assert "charger_voltage" not in readings
    assert "est_battery_range" not in readings


def test_what_is_cleared_becomes_nothing() -> None:
    """An unknown charging state is not the last one."""
    state = VehicleState(readings_from(ANSWER, NOW))
    later = {"charge_state": {"timestamp": 1_700_000_050_000, "charging_state": "Dancing"}}
    assert state.apply(readings_from(later, NOW)) == {"charging_state"}
    assert state.value("charging_state") is None


@pytest.mark.parametrize("timestamp", [None, "now", True, -5, 0, math.nan, math.inf, 10**400])
def test_a_time_that_is_none_counts_as_now(timestamp: object) -> None:
    """The reading is not lost."""
    answer = {"charge_state": {"timestamp": timestamp, "battery_level": 50}}
    assert readings_from(answer, NOW)["battery_level"].car_time == NOW


def test_the_free_check_brings_a_reading_too() -> None:
    """Of the state alone."""
    readings = availability_reading("asleep", NOW)
    assert set(readings) == {"availability"}
    assert readings["availability"].value == "asleep"
    assert readings["availability"].source is Source.CHECK


def test_the_position_is_asked_for_only_where_it_is_granted() -> None:
    """Without the scope Tesla answers the whole request with an error."""
    assert "location_data" not in endpoints_for(frozenset({Scope.VEHICLE_DEVICE_DATA}))
    assert "location_data" in endpoints_for(frozenset({Scope.VEHICLE_LOCATION}))


def test_every_signal_lies_in_a_part_that_is_asked_for() -> None:
    """Else its row would be dead."""
    parts = {*endpoints_for(frozenset(Scope)), "state"}
    assert {signal.path[0] for signal in SIGNALS.values() if signal.path} <= parts


@given(
    answer=st.dictionaries(
        st.sampled_from(sorted(ANSWER)),
        st.none()
        | st.text()
        | st.integers()
        | st.dictionaries(
            st.sampled_from(["timestamp", "battery_level", "charging_state", "locked"]),
            st.none()
            | st.integers()
            | st.just(10**400)
            | st.floats()
            | st.text()
            | st.lists(st.none()),
        ),
    )
)
def test_no_answer_is_a_surprise(answer: dict[str, Any]) -> None:
    """Whatever it is made of, readings come out or not."""
    VehicleState().apply(readings_from(answer, NOW))
