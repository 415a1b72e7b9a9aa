"""The parts of `vehicle_data` that a car is delivered with."""

from typing import TYPE_CHECKING, Any, Final

from simulator.car.times import UTC_OFFSET

if TYPE_CHECKING:
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

HEAT_PUMP_YEAR: Final = 2021


def display(state: CarState, model: CarModel) -> dict[str, Any]:
    """How the car's screen writes things: as where it was sold, or as people have set it."""

    def metric(command: str, word: str) -> bool:
        return bool(state.extras.get(command, word if model.eu_vehicle else "") == word)

    return {
        "gui_24_hour_time": metric("set_time_format", "24"),
        "gui_charge_rate_units": "kW",
        "gui_distance_units": "km/hr" if metric("set_distance_unit", "km") else "mi/hr",
        "gui_range_display": "Rated",
        "gui_temperature_units": "C" if metric("set_temperature_unit", "celsius") else "F",
        "gui_tirepressure_units": "Bar" if metric("set_tire_pressure_unit", "bar") else "Psi",
        "show_range_units": False,
    }


def configuration(_state: CarState, model: CarModel) -> dict[str, Any]:
    """What the car was built as."""
    return {
        "aux_park_lamps": "Eu" if model.eu_vehicle else "NaPremium",
        "can_accept_navigation_requests": True,
        "can_actuate_trunks": True,
        "car_special_type": "base",
        "car_type": model.car_type,
        "charge_port_type": "CCS" if model.eu_vehicle else "US",
        "cop_user_set_temp_supported": model.option_year >= HEAT_PUMP_YEAR,
        "dashcam_clip_save_supported": model.has_cameras,
        "driver_assist": "TeslaAP3",
        "ece_restrictions": model.eu_vehicle,
        "efficiency_package": model.efficiency_package,
        "eu_vehicle": model.eu_vehicle,
        "exterior_color": model.exterior_color,
        "has_air_suspension": model.has_air_suspension,
        "has_ludicrous_mode": False,
        "has_seat_cooling": model.has_seat_cooling,
        "motorized_charge_port": True,
        "plg": model.has_power_liftgate,
        "pws": True,
        "rear_seat_heaters": int(model.has_rear_seat_heaters),
        "rhd": model.right_hand_drive,
        "roof_color": "RoofColorGlass",
        "sun_roof_installed": int(model.has_sun_roof),
        "supports_qr_pairing": False,
        "third_row_seats": "FuturisFoldFlat" if model.has_third_row else "None",
        "trim_badging": model.trim_badging,
        "use_range_badging": True,
        "utc_offset": UTC_OFFSET,
        "wheel_type": model.wheels,
        **({"interior_trim_type": model.interior} if model.interior else {}),
    }
