"""What differs between the cars of the garage: facts of the kind of car, not of the moment."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class CarModel:
    """A kind of car.

    Energies in kWh, consumption in kWh/km, powers in kW. `rated_per_kwh` is the rated range in
    miles that a kWh shows on the display. What is None is not told.
    Some firmware goes no lower than 5 A when it is told so once, and lower when it is told again.
    The cameras are those around the car, without which there is no sentry and no dashcam.
    """

    car_type: str
    trim_badging: str
    exterior_color: str
    option_year: int
    pack: float
    consumption: float
    rated_per_kwh: float
    dc_power: float
    wheels: str
    interior: str | None = None
    efficiency_package: str = "Default"
    ac_amps: int = 16
    firmware: str = "2026.38.6 8b1f3c2d4e5f"
    has_sun_roof: bool = False
    has_tonneau: bool = False
    has_rear_seat_heaters: bool = True
    has_third_row: bool = False
    has_seat_cooling: bool = False
    has_air_suspension: bool = False
    has_steering_wheel_heater: bool = True
    has_steering_wheel_levels: bool = True
    has_power_liftgate: bool = True
    has_homelink: bool = True
    has_cameras: bool = True
    has_schedules: bool = True
    needs_low_amps_twice: bool = False
    right_hand_drive: bool = False
    eu_vehicle: bool = True
    infotainment: Literal["tegra", "intel", "amd"] = "amd"


MODEL_S_2016 = CarModel(
    car_type="models",
    trim_badging="90d",
    exterior_color="MetallicBlack",
    option_year=2016,
    pack=81.0,
    consumption=0.19,
    rated_per_kwh=3.4,
    dc_power=110.0,
    wheels="Slipstream19",
    interior="AllBlack",
    firmware="2023.44.30.14 1c7e5a9b3d42",
    has_sun_roof=True,
    has_cameras=False,
    has_steering_wheel_heater=False,
    has_steering_wheel_levels=False,
    has_schedules=False,
    has_air_suspension=True,
    infotainment="tegra",
)
MODEL_X_2018 = CarModel(
    car_type="modelx",
    trim_badging="100d",
    exterior_color="DeepBlue",
    option_year=2018,
    pack=95.0,
    consumption=0.21,
    rated_per_kwh=3.1,
    dc_power=140.0,
    wheels="AeroTurbine20",
    interior="AllBlack",
    firmware="2024.44.25.3 3e9a1b7c5d2f",
    has_steering_wheel_levels=False,
    has_schedules=False,
    has_third_row=True,
    has_air_suspension=True,
    infotainment="intel",
)
MODEL_3_2021 = CarModel(
    car_type="model3",
    trim_badging="74d",
    exterior_color="MidnightSilver",
    option_year=2021,
    pack=75.0,
    consumption=0.15,
    rated_per_kwh=4.4,
    dc_power=190.0,
    wheels="Pinwheel18CapKit",
    interior="Black2",
    efficiency_package="M32021",
)
MODEL_3_2022 = CarModel(
    car_type="model3",
    trim_badging="50",
    exterior_color="PearlWhite",
    option_year=2022,
    pack=57.5,
    consumption=0.14,
    rated_per_kwh=4.6,
    dc_power=170.0,
    wheels="Pinwheel18CapKit",
    interior="Black2",
    efficiency_package="M32021",
    has_homelink=False,
)
MODEL_Y_2025 = CarModel(
    car_type="modely",
    trim_badging="74d",
    exterior_color="StealthGrey",
    option_year=2025,
    pack=78.0,
    consumption=0.16,
    rated_per_kwh=4.2,
    dc_power=250.0,
    wheels="Crossflow19",
    interior="Black2",
    has_seat_cooling=True,
)
CYBERTRUCK_2024 = CarModel(
    car_type="cybertruck",
    trim_badging="awd",
    exterior_color="StainlessSteel",
    option_year=2024,
    pack=122.0,
    consumption=0.25,
    rated_per_kwh=2.6,
    dc_power=250.0,
    wheels="Cyber20",
    ac_amps=48,
    has_tonneau=True,
    has_seat_cooling=True,
    has_air_suspension=True,
    eu_vehicle=False,
)
MODEL_S_2021 = CarModel(
    car_type="models2",
    trim_badging="p100d",
    exterior_color="UltraRed",
    option_year=2021,
    pack=96.0,
    consumption=0.18,
    rated_per_kwh=4.1,
    dc_power=250.0,
    wheels="Tempest19",
    interior="AllBlack",
    has_seat_cooling=True,
    has_air_suspension=True,
)
