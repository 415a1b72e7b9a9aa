"""The car's data as `vehicle_data` words it."""

from dataclasses import replace
from typing import Any

import pytest

from simulator.car import Car, data
from simulator.car.model import (
    CYBERTRUCK_2024,
    MODEL_3_2021,
    MODEL_3_2022,
    MODEL_S_2016,
    MODEL_X_2018,
    MODEL_Y_2025,
    CarModel,
)
from simulator.car.physics import depart
from simulator.car.state import CarState, Charge, Update

NOW = 1_790_000_000.5
PARTS = {
    "charge_schedule_data",
    "charge_state",
    "climate_state",
    "closures_state",
    "drive_state",
    "gui_settings",
    "preconditioning_schedule_data",
    "vehicle_config",
    "vehicle_state",
}
POSITION = {
    "gps_as_of": 1_790_000_000,
    "heading": 90,
    "latitude": 52.5219,
    "longitude": 13.4132,
    "native_latitude": 52.5219,
    "native_location_supported": 1,
    "native_longitude": 13.4132,
    "native_type": "wgs",
}


@pytest.fixture
def state() -> CarState:
    """A 2021 Model 3 at 64 %."""
    return CarState(name="Juniper", charge=Charge(energy=48.0))


def told(
    state: CarState, *asked: str, model: CarModel = MODEL_3_2021, location: bool = False
) -> dict[str, Any]:
    """What the car says."""
    return data.parts(state, model, now=NOW, asked=set(asked), location=location)


def one(state: CarState, part: str, model: CarModel = MODEL_3_2021) -> dict[str, Any]:
    """One part of it."""
    only: dict[str, Any] = told(state, part, model=model)[part]
    return only


@pytest.mark.parametrize(
    "asked", [set(), {"charge_state"}, {"drive_state", "vehicle_state"}, PARTS]
)
def test_a_car_tells_what_it_is_asked(state: CarState, asked: set[str]) -> None:
    """All of it, nothing else, with the car's time in milliseconds."""
    answer = told(state, *asked)
    assert answer.keys() == asked
    assert all(part["timestamp"] == 1_790_000_000_500 for part in answer.values())


def test_an_unknown_part_is_passed_over(state: CarState) -> None:
    """Tesla's list is longer than what these cars know."""
    assert told(state, "vehicle_data_combo", "nonsense", "gui_settings").keys() == {"gui_settings"}


def test_the_position_has_to_be_asked_for(state: CarState) -> None:
    """Since 2023.38 `drive_state` alone does not hold it."""
    assert not told(state, "drive_state")["drive_state"].keys() & POSITION.keys()
    both = told(state, "drive_state", "location_data", location=True)["drive_state"]
    assert both.items() >= POSITION.items()
    assert "shift_state" in both


def test_the_position_alone_comes_as_a_drive_state(state: CarState) -> None:
    """Without the rest of it."""
    answer = told(state, "location_data", location=True)
    assert answer == {"drive_state": {"timestamp": 1_790_000_000_500, **POSITION}}


def test_a_position_that_is_not_granted_is_not_told(state: CarState) -> None:
    """Whatever is asked for."""
    assert "latitude" not in repr(told(state, *PARTS, "location_data"))


def test_the_car_itself_tells_the_same(car: Car) -> None:
    """At the time of its clock."""
    answer = car.vehicle_data({"charge_state", "location_data"}, location=True)
    assert answer.keys() == {"charge_state", "drive_state"}
    assert answer["charge_state"]["timestamp"] == 1_790_000_000_000
    assert answer["drive_state"]["latitude"] == 52.5219


def test_distances_are_in_miles_and_speeds_in_mph(state: CarState) -> None:
    """Whatever the display shows."""
    state.motion.odometer = 16_093.44
    depart(state, 10)
    state.motion.speed, state.motion.power = 100.0, 15.4
    assert one(state, "vehicle_state")["odometer"] == 10_000
    drive = one(state, "drive_state")
    assert (drive["speed"], drive["power"], drive["shift_state"]) == (62, 15, "D")
    assert one(state, "charge_state")["battery_range"] == 211.2


def test_a_route_is_told_while_there_is_one(state: CarState) -> None:
    """To the next stop; its place only where places are granted."""
    assert not [name for name in one(state, "drive_state") if "route" in name]
    state.stops = ["52.6219,13.4132", "Berlin"]
    drive = one(state, "drive_state")
    assert drive["active_route_destination"] == "52.6219,13.4132"
    assert drive["active_route_miles_to_arrival"] == pytest.approx(6.91, abs=0.01)
    assert drive["active_route_minutes_to_arrival"] == pytest.approx(11.12)
    assert "active_route_latitude" not in drive
    place = told(state, "location_data", location=True)["drive_state"]
    assert (place["active_route_latitude"], place["active_route_longitude"]) == (52.6219, 13.4132)


@pytest.mark.parametrize("stop", ["Berlin", "Alexanderplatz, Berlin"])
def test_a_place_that_only_tesla_knows_is_some_way_off(state: CarState, stop: str) -> None:
    """Without degrees."""
    state.stops = [stop]
    drive = told(state, "drive_state", "location_data", location=True)["drive_state"]
    assert drive["active_route_destination"] == stop
    assert drive["active_route_minutes_to_arrival"] == 12
    assert "active_route_latitude" not in drive


def test_a_parked_car_has_no_speed_and_no_gear(state: CarState) -> None:
    """With somebody in it, it is in P."""
    drive = one(state, "drive_state")
    assert (drive["speed"], drive["shift_state"]) == (None, None)
    state.user_present = True
    assert one(state, "drive_state")["shift_state"] == "P"
    assert one(state, "vehicle_state")["center_display_state"] == 2


@pytest.mark.parametrize(
    ("cable", "expected"),
    [
        (
            None,
            {
                "charging_state": "Disconnected",
                "charge_port_latch": "Disengaged",
                "conn_charge_cable": "<invalid>",
                "charger_power": 0,
                "charger_voltage": 0,
                "charger_phases": None,
                "charger_actual_current": 0,
                "charger_pilot_current": 0,
                "charge_rate": 0,
                "fast_charger_present": False,
                "minutes_to_full_charge": 0,
            },
        ),
        (
            "ac",
            {
                "charging_state": "Charging",
                "charge_port_latch": "Engaged",
                "conn_charge_cable": "IEC",
                "charger_power": 11,
                "charger_voltage": 230,
                "charger_phases": 3,
                "charger_actual_current": 16,
                "charger_pilot_current": 16,
                "charge_rate": 44.7,
                "fast_charger_present": False,
                "minutes_to_full_charge": 71,
            },
        ),
        (
            "dc",
            {
                "charging_state": "Charging",
                "charge_port_latch": "Engaged",
                "conn_charge_cable": "IEC",
                "charger_power": 68,
                "charger_voltage": 0,
                "charger_phases": None,
                "charger_actual_current": 0,
                "charger_pilot_current": 0,
                "charge_rate": 276.9,
                "fast_charger_present": True,
                "minutes_to_full_charge": 12,
            },
        ),
    ],
)
def test_charging_shows(state: CarState, cable: Any, expected: dict[str, Any]) -> None:
    """By the kind of charger."""
    state.charge.cable = cable
    assert one(state, "charge_state").items() >= expected.items()


def test_a_stopped_charge_shows_the_waiting_cable(state: CarState) -> None:
    """Hardly a voltage, no current."""
    state.charge.cable, state.charge.wanted = "ac", False
    told_charge = one(state, "charge_state")
    assert (told_charge["charging_state"], told_charge["charger_voltage"]) == ("Stopped", 2)
    assert (told_charge["charger_actual_current"], told_charge["charge_enable_request"]) == (
        0,
        False,
    )


def test_schedules_show(state: CarState) -> None:
    """In minutes after midnight."""
    assert one(state, "charge_state")["scheduled_charging_mode"] == "Off"
    state.charge.scheduled, state.charge.cable = 120, "ac"
    state.charge.departure = {"departure_time": 375, "preconditioning_enabled": True}
    assert (
        one(state, "charge_state").items()
        >= {
            "scheduled_charging_mode": "StartAt",
            "scheduled_charging_pending": True,
            "scheduled_charging_start_time_minutes": 120,
            "scheduled_departure_time_minutes": 375,
            "preconditioning_enabled": True,
            "off_peak_charging_enabled": False,
            "off_peak_hours_end_time": 360,
        }.items()
    )
    state.charge.scheduled = None
    assert one(state, "charge_state")["scheduled_charging_mode"] == "DepartBy"


def test_the_climate_shows(state: CarState) -> None:
    """In °C."""
    climate = state.climate
    climate.on = climate.defrost = climate.bioweapon = climate.steering_wheel = True
    climate.keeper, climate.driver, climate.inside = 2, 22.5, 18.26
    climate.seat_heaters["rear_left"] = 2
    assert (
        one(state, "climate_state").items()
        >= {
            "is_climate_on": True,
            "is_preconditioning": True,
            "defrost_mode": 2,
            "bioweapon_mode": True,
            "climate_keeper_mode": "dog",
            "driver_temp_setting": 22.5,
            "passenger_temp_setting": 21.0,
            "inside_temp": 18.3,
            "outside_temp": 12.0,
            "seat_heater_rear_left": 2,
            "steering_wheel_heater": True,
        }.items()
    )


@pytest.mark.parametrize(
    ("on", "fan_only", "word"),
    [(False, True, "Off"), (True, False, "On"), (True, True, "FanOnly")],
)
def test_overheat_protection_shows(state: CarState, *, on: bool, fan_only: bool, word: str) -> None:
    """In one of three words, and its level in another."""
    state.climate.overheat, state.climate.overheat_fan_only = on, fan_only
    state.climate.overheat_level = 1
    climate = one(state, "climate_state")
    assert climate["cabin_overheat_protection"] == word
    assert climate["cop_activation_temperature"] == "Medium"


@pytest.mark.parametrize(
    ("model", "part", "key", "there"),
    [
        (MODEL_X_2018, "climate_state", "seat_heater_third_row_left", True),
        (MODEL_3_2021, "climate_state", "seat_heater_third_row_left", False),
        (MODEL_Y_2025, "climate_state", "seat_fan_front_left", True),
        (MODEL_3_2021, "climate_state", "seat_fan_front_left", False),
        (MODEL_3_2021, "climate_state", "steering_wheel_heat_level", True),
        (MODEL_X_2018, "climate_state", "steering_wheel_heat_level", False),
        (MODEL_3_2021, "climate_state", "steering_wheel_heater", True),
        (MODEL_S_2016, "climate_state", "steering_wheel_heater", False),
        (MODEL_S_2016, "climate_state", "auto_steering_wheel_heat", False),
        (MODEL_3_2021, "vehicle_config", "interior_trim_type", True),
        (CYBERTRUCK_2024, "vehicle_config", "interior_trim_type", False),
        (MODEL_3_2021, "vehicle_state", "dashcam_state", True),
        (MODEL_S_2016, "vehicle_state", "dashcam_state", False),
        (MODEL_S_2016, "vehicle_state", "sun_roof_state", True),
        (MODEL_3_2021, "vehicle_state", "sun_roof_state", False),
    ],
)
def test_a_car_only_tells_of_what_it_has(
    state: CarState, model: CarModel, part: str, key: str, *, there: bool
) -> None:
    """The rest is missing, not off."""
    assert (key in one(state, part, model)) is there


@pytest.mark.parametrize(
    ("model", "part", "key", "value"),
    [
        (MODEL_3_2021, "vehicle_state", "sentry_mode_available", True),
        (MODEL_S_2016, "vehicle_state", "sentry_mode_available", False),
        (MODEL_S_2016, "vehicle_config", "dashcam_clip_save_supported", False),
        (MODEL_3_2021, "vehicle_state", "homelink_device_count", 1),
        (MODEL_3_2022, "vehicle_state", "homelink_device_count", 0),
        (MODEL_3_2022, "vehicle_state", "homelink_nearby", False),
        (MODEL_3_2021, "charge_state", "not_enough_power_to_heat", None),
        (MODEL_X_2018, "charge_state", "not_enough_power_to_heat", False),
        (MODEL_X_2018, "vehicle_config", "wheel_type", "AeroTurbine20"),
        (MODEL_3_2021, "vehicle_config", "efficiency_package", "M32021"),
    ],
)
def test_a_car_tells_what_it_has_not(
    state: CarState, model: CarModel, part: str, key: str, value: object
) -> None:
    """Where Tesla has a word for it."""
    assert one(state, part, model)[key] == value


@pytest.mark.parametrize(("percent", "word"), [(0, "closed"), (15, "vent")])
def test_sunroof_says_how_it_is(state: CarState, percent: int, word: str) -> None:
    """In a word and in percent."""
    state.sun_roof = percent
    told = one(state, "vehicle_state", replace(MODEL_3_2021, has_sun_roof=True))
    assert (told["sun_roof_state"], told["sun_roof_percent_open"]) == (word, percent)


def test_the_car_s_kind_shows(state: CarState) -> None:
    """Type, trim, and where it was made for."""
    assert (
        one(state, "vehicle_config", CYBERTRUCK_2024).items()
        >= {
            "car_type": "cybertruck",
            "trim_badging": "awd",
            "charge_port_type": "US",
            "eu_vehicle": False,
        }.items()
    )
    assert one(state, "gui_settings", CYBERTRUCK_2024)["gui_distance_units"] == "mi/hr"
    assert one(state, "gui_settings")["gui_tirepressure_units"] == "Bar"
    assert one(state, "vehicle_state")["car_version"] == MODEL_3_2021.firmware


def test_the_body_shows(state: CarState) -> None:
    """Doors, lids, windows, locks and modes."""
    state.open_doors, state.open_trunks, state.open_windows = {"df"}, {"rt"}, {"fd", "rp"}
    state.locked, state.sentry_mode, state.valet_mode = False, True, True
    state.remote_start, state.update_in = 1.0, 60.0
    state.pins.valet = state.pins.speed_limit = "1234"
    shown = one(state, "vehicle_state")
    assert (
        shown.items()
        >= {
            "df": 1,
            "pf": 0,
            "rt": 1,
            "ft": 0,
            "fd_window": 2,
            "fp_window": 0,
            "rp_window": 2,
            "locked": False,
            "sentry_mode": True,
            "valet_mode": True,
            "valet_pin_needed": False,
            "remote_start": True,
            "dashcam_state": "Recording",
            "vehicle_name": "Juniper",
        }.items()
    )
    assert shown["software_update"]["status"] == "scheduled"
    assert shown["speed_limit_mode"]["pin_code_set"] is True
    assert "1234" not in repr(shown)


def test_tyres_warn(state: CarState) -> None:
    """In bar, softly and then hard."""
    state.tires |= {"fl": 2.4, "rr": 1.9}
    shown = one(state, "vehicle_state")
    warnings = {
        wheel: (shown[f"tpms_soft_warning_{wheel}"], shown[f"tpms_hard_warning_{wheel}"])
        for wheel in ("fl", "fr", "rl", "rr")
    }
    assert shown["tpms_pressure_fl"] == 2.4
    assert warnings == {
        "fl": (True, False),
        "fr": (False, False),
        "rl": (False, False),
        "rr": (True, True),
    }


def test_media_shows(state: CarState) -> None:
    """Whether it plays, and how loud."""
    state.playing, state.volume, state.track = True, 5.5, 3
    media = one(state, "vehicle_state")["media_info"]
    assert (media["media_playback_status"], media["audio_volume"]) == ("Playing", 5.5)
    assert media["now_playing_title"] == "Track 3"


def test_closures_are_part_of_the_vehicle_state(state: CarState) -> None:
    """Asked for alone they say the same."""
    state.open_doors, state.open_windows = {"pf"}, {"rd"}
    closures = one(state, "closures_state")

    assert (closures["pf"], closures["rd_window"], closures["locked"]) == (1, 2, True)
    assert closures.items() <= one(state, "vehicle_state").items()
    assert "odometer" not in closures


def test_schedules_are_listed_with_their_numbers(state: CarState) -> None:
    """And with the days as a mask, Sunday first."""
    plan = {
        "days_of_week": ("SUN", "MON", "SAT"),
        "enabled": True,
        "latitude": 52.5,
        "longitude": 13.25,
        "one_time": False,
    }
    times = {"start_enabled": True, "start_time": 60, "end_enabled": False, "end_time": 0}
    state.charge.schedules = {17: plan | times}
    state.charge.precondition_schedules = {18: plan | {"precondition_time": 480}}

    (charging,) = one(state, "charge_schedule_data")["charge_schedules"]
    (warming,) = one(state, "preconditioning_schedule_data")["precondition_schedules"]

    assert charging == plan | times | {"id": 17, "name": "", "days_of_week": 0b1000011}
    assert warming == plan | {
        "id": 18,
        "name": "",
        "days_of_week": 0b1000011,
        "precondition_time": 480,
    }


def test_an_old_car_has_no_schedules(state: CarState) -> None:
    """It leaves out the parts that it is asked for."""
    parts = ("charge_schedule_data", "preconditioning_schedule_data", "gui_settings")

    assert told(state, *parts, model=MODEL_X_2018).keys() == {"gui_settings"}


def test_an_update_on_its_way_shows(state: CarState) -> None:
    """Its version, and how far it is."""
    state.update = Update(status="downloading", version="2026.40.1", download=30)

    shown = one(state, "vehicle_state")["software_update"]

    assert (shown["status"], shown["version"], shown["download_perc"]) == (
        "downloading",
        "2026.40.1",
        30,
    )
