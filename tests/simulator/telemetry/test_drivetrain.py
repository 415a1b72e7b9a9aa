"""What motors, pedals and the road say while a car follows a road, and while it stands."""

import random
from typing import Any, Final

import pytest

from simulator.car import Car
from simulator.car.model import MODEL_Y_2025
from simulator.car.road import Road, ordinary_road
from simulator.clock import Clock
from simulator.telemetry.drivetrain import DRIVETRAIN
from simulator.telemetry.look import look_at
from simulator.telemetry.values import read

VIN: Final = "XP7YGCEK6SB012348"
NAMES: Final = (*DRIVETRAIN, "VehicleSpeed", "PackCurrent", "MilesToArrival", "MinutesToArrival")
MILE: Final = 1.609344


@pytest.fixture
def clock() -> Clock:
    """Stands still."""
    return Clock(0.0, start=1_793_577_600.0)


@pytest.fixture
def car(clock: Clock) -> Car:
    """A parked Model Y."""
    return Car(VIN, "Yuki", model=MODEL_Y_2025, clock=clock, owner="")


@pytest.fixture
def road() -> Road:
    """Five kilometres through a town."""
    return ordinary_road(5.0, random.Random(11))  # noqa: S311 - repeatable, not secret


def _told(car: Car, clock: Clock) -> dict[str, Any]:
    return {name: each.content for name, each in read(look_at(car, clock.now()), NAMES).items()}


def _driven(car: Car, clock: Clock, road: Road) -> list[dict[str, Any]]:
    """What it tells each second of the road."""
    car.drive_along(road)
    told = []
    for _ in range(int(road.duration) - 1):
        clock.advance(1.0)
        told.append(_told(car, clock))
    return told


def test_a_parked_car_is_still(car: Car, clock: Clock) -> None:
    """Nothing turns, nothing pulls."""
    told = _told(car, clock)
    still = ("PedalPosition", "DiAxleSpeedR", "DiTorqueActualF", "LateralAcceleration")
    assert [told[name] for name in still] == [0.0, 0.0, 0.0, 0.0]
    assert (told["DiStateR"], told["LightsTurnSignal"]) == ("Standby", "Off")
    clock.advance(600.0)
    later = _told(car, clock)
    assert {name: later[name] for name in DRIVETRAIN} == {name: told[name] for name in DRIVETRAIN}


def test_the_pedals_say_what_the_speed_does(car: Car, clock: Clock, road: Road) -> None:
    """Faster with one of them, slower with the other, never both."""
    for told in _driven(car, clock, road):
        assert not (told["BrakePedalPos"] and told["PedalPosition"] > 20.0)
        if told["LongitudinalAcceleration"] > 0.5:
            assert told["PedalPosition"] > 0.0
            assert not told["BrakePedal"]
        if told["LongitudinalAcceleration"] < -1.0:
            assert told["BrakePedal"]
            assert told["DiTorqueActualR"] <= 0.0 or told["GradeEstimatePercent"] > 0.0


def test_values_agree_with_each_other(car: Car, clock: Clock, road: Road) -> None:
    """Axles turn with the speed, and both motors share the torque."""
    for told in _driven(car, clock, road):
        speed = told["VehicleSpeed"] * MILE / 3.6
        assert told["DiAxleSpeedR"] * 0.35 == pytest.approx(speed, abs=0.05)
        both = told["DiTorqueActualF"] + told["DiTorqueActualR"]
        assert told["DiTorqueActualR"] == pytest.approx(0.6 * both, abs=1.0)
        assert told["DiStateF"] == "Enable"


def test_a_drive_warms_up_turns_and_blinks(car: Car, clock: Clock, road: Road) -> None:
    """Within what parts stand."""
    told = _driven(car, clock, road)
    assert told[-1]["DiStatorTempR"] > told[0]["DiStatorTempR"] + 5.0
    assert max(each["DiStatorTempR"] for each in told) < 100.0
    assert {each["LightsTurnSignal"] for each in told} == {"Off", "Left", "Right"}
    bends = [abs(each["LateralAcceleration"]) for each in told]
    assert 0.5 < max(bends) < 12.0
    assert any(each["PackCurrent"] > 0.0 for each in told)  # braking brings something back


def test_the_way_to_go_is_the_rest_of_the_road(car: Car, clock: Clock, road: Road) -> None:
    """Less each second, and nothing at the end; without a destination nobody counts."""
    car.state.stops = ["52.6,13.5"]
    told = _driven(car, clock, road)
    minutes = [each["MinutesToArrival"] for each in told]
    assert minutes == sorted(minutes, reverse=True)
    assert minutes[0] == pytest.approx(road.duration / 60.0, abs=0.1)
    assert told[0]["MilesToArrival"] == pytest.approx(road.length / MILE, abs=0.05)
    assert told[-1]["MilesToArrival"] < 0.05
    car.state.stops = []
    assert _told(car, clock)["MinutesToArrival"] is None


def test_an_even_drive_has_no_bends(car: Car, clock: Clock) -> None:
    """Without a road a car goes straight on."""
    car.drive(20.0)
    clock.advance(120.0)
    told = _told(car, clock)
    assert told["VehicleSpeed"] > 0.0
    assert (told["LateralAcceleration"], told["GradeEstimatePercent"]) == (0.0, 0.0)
