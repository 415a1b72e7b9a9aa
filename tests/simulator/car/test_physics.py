"""How a car changes by itself."""

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from hypothesis import given, strategies as st
import pytest

from simulator.car import physics
from simulator.car.model import CYBERTRUCK_2024, MODEL_3_2021, MODEL_3_2022, MODEL_X_2018
from simulator.car.physics import HOUR
from simulator.car.state import CarState, Charge, Trip, Update

if TYPE_CHECKING:
    from simulator.car.model import CarModel
    from simulator.car.state import Cable

MODELS = st.sampled_from([MODEL_3_2021, MODEL_3_2022, MODEL_X_2018, CYBERTRUCK_2024])
LEVELS = st.floats(min_value=0, max_value=100)
DAY = 24 * HOUR


def parked(level: float = 64, model: CarModel = MODEL_3_2021, **charge: Any) -> CarState:
    """A car at `level` percent."""
    energy = model.pack * level / 100
    return CarState(name="Juniper", charge=Charge(energy=energy, **charge))


@st.composite
def cars(draw: st.DrawFn) -> tuple[CarState, CarModel]:
    """Any car, in any situation."""
    model = draw(MODELS)
    state = parked(
        draw(LEVELS),
        model,
        cable=draw(st.sampled_from([None, "ac", "dc"])),
        limit=draw(st.integers(50, 100)),
        amps=draw(st.integers(0, model.ac_amps)),
        wanted=draw(st.booleans()),
    )
    state.climate.on = draw(st.booleans())
    if draw(st.booleans()):
        physics.depart(state, draw(st.floats(min_value=0.1, max_value=900)))
    return state, model


def pass_time(state: CarState, model: CarModel, seconds: float, step: float) -> None:
    """Let time pass in steps."""
    while seconds > 0:
        physics.advance(state, model, min(step, seconds))
        seconds -= step


@given(cars(), st.lists(st.floats(min_value=0, max_value=DAY), max_size=12))
def test_whatever_happens_stays_possible(
    car: tuple[CarState, CarModel], steps: list[float]
) -> None:
    """No battery beyond its ends, no car that drives backwards, no charge beyond the limit."""
    state, model = car
    for seconds in steps:
        odometer, energy = state.motion.odometer, state.charge.energy
        physics.advance(state, model, seconds)
        assert 0 <= state.charge.energy <= model.pack * (1 + 1e-12)
        assert state.motion.odometer >= odometer
        assert state.charge.energy <= max(energy, model.pack * state.charge.limit / 100)
        assert state.charge.added >= 0


@given(cars(), st.floats(min_value=1, max_value=4 * HOUR), st.floats(min_value=1, max_value=30))
def test_the_length_of_the_steps_hardly_matters(
    car: tuple[CarState, CarModel], seconds: float, step: float
) -> None:
    """Only a battery that runs empty within a step makes a difference, of less than a km."""
    state, model = car
    fine = deepcopy(state)
    pass_time(state, model, seconds, physics.STEP)
    pass_time(fine, model, seconds, step)
    for coarse, exact, tolerance in (
        (state.charge.energy, fine.charge.energy, 0.01),
        (state.motion.odometer, fine.motion.odometer, 1),
        (state.motion.longitude, fine.motion.longitude, 0.02),
        (state.climate.inside, fine.climate.inside, 0.01),
    ):
        assert coarse == pytest.approx(exact, abs=tolerance)


@given(MODELS, LEVELS, st.integers(50, 100), st.sampled_from(["ac", "dc"]))
def test_charging_ends_at_the_limit(
    model: CarModel, level: float, limit: int, cable: Cable
) -> None:
    """Exactly, or where it was if that was more."""
    state = parked(level, model, cable=cable, limit=limit)
    before = state.charge.energy
    pass_time(state, model, 2 * DAY, HOUR)
    assert physics.charging_state(state, model) == "Complete"
    assert state.charge.energy == max(before, model.pack * limit / 100)
    assert state.charge.added == pytest.approx(state.charge.energy - before)


@pytest.mark.parametrize(
    ("cable", "wanted", "limit", "named", "power"),
    [
        (None, True, 80, "Disconnected", 0),
        ("ac", True, 80, "Charging", 11.04),
        ("dc", True, 80, "Charging", 68.4),
        ("dc", False, 80, "Stopped", 0),
        ("ac", True, 64, "Complete", 0),
        ("ac", False, 50, "Complete", 0),
    ],
)
def test_charging_has_tesla_s_names(
    *, cable: Cable, wanted: bool, limit: int, named: str, power: float
) -> None:
    """And draws power in only one of the states."""
    state = parked(cable=cable, wanted=wanted, limit=limit)
    assert physics.charging_state(state, MODEL_3_2021) == named
    assert physics.charging_power(state, MODEL_3_2021) == pytest.approx(power)


def test_a_fast_charger_never_gets_too_slow() -> None:
    """The taper has a floor."""
    state = parked(99.5, cable="dc", limit=100)
    assert physics.charging_power(state, MODEL_3_2021) == physics.SLOWEST_DC


def test_an_hour_at_home_brings_ten_kilowatt_hours() -> None:
    """16 A on three phases, less the losses."""
    state = parked(cable="ac")
    physics.advance(state, MODEL_3_2021, HOUR)
    assert state.charge.added == pytest.approx(16 * 3 * 0.230 * 0.92)


def test_a_trip_goes_through_town_and_country() -> None:
    """20 km: one in town at each end, eighteen on the road."""
    state = parked()
    physics.depart(state, 20)
    assert state.user_present
    speeds = []
    for _ in range(8):
        physics.advance(state, MODEL_3_2021, 107)
        speeds.append(state.motion.speed)
    assert speeds == [100, 100, 100, 100, 100, 100, 50, 0]
    assert state.motion.odometer == pytest.approx(24_520)
    assert state.charge.energy == pytest.approx(48 - 20 * 0.15)
    assert (state.motion.trip, state.motion.power, state.user_present) == (None, 0, False)
    assert state.motion.latitude == pytest.approx(52.5219)
    assert state.motion.longitude > 13.4132


def test_a_car_drives_off_closed_and_without_its_cable() -> None:
    """Whoever forgot them."""
    state = parked(cable="ac", port_open=True)
    state.open_trunks, state.open_doors, state.sentry_mode = {"rt"}, {"df"}, True
    state.remote_start = 60
    physics.depart(state, 5)
    assert (state.charge.cable, state.charge.port_open) == (None, False)
    assert (state.open_trunks, state.open_doors, state.sentry_mode) == (set(), set(), False)
    assert (state.remote_start, state.motion.trip) == (0, Trip(length=5))


def test_an_empty_car_stops() -> None:
    """Somewhere on the way."""
    state = parked(1)
    physics.depart(state, 200)
    pass_time(state, MODEL_3_2021, HOUR, 30)
    assert (state.charge.energy, state.motion.trip, state.motion.speed) == (0, None, 0)
    assert state.motion.odometer == pytest.approx(24_500 + 0.75 / 0.15)


def test_a_cabin_warms_up_and_cools_down() -> None:
    """Fast with the climate on, slowly without; the battery pays unless there is a cable."""
    state = parked()
    state.climate.on = True
    physics.advance(state, MODEL_3_2021, HOUR / 2)
    assert state.climate.inside == pytest.approx(21, abs=0.1)
    assert state.charge.energy == pytest.approx(48 - 1)
    state.climate.on = False
    physics.advance(state, MODEL_3_2021, DAY)
    assert state.climate.inside == pytest.approx(12, abs=0.1)
    state.climate.on = True
    state.charge.cable, state.charge.wanted = "ac", False
    physics.advance(state, MODEL_3_2021, HOUR)
    assert state.charge.energy == pytest.approx(47)


def test_what_was_promised_for_a_while_ends() -> None:
    """A remote start runs out, an update takes place."""
    state = parked()
    state.remote_start, state.update_in = 120, 60
    physics.advance(state, MODEL_3_2021, 30)
    assert (state.remote_start, state.update_in) == (90, 30)
    physics.advance(state, MODEL_3_2021, 100)
    assert [state.remote_start, state.update_in] == [0, None]


def test_a_scheduled_update_is_installed() -> None:
    """If there is one."""
    state = parked()
    state.update_in, state.update = 60, Update(status="available")
    physics.advance(state, MODEL_3_2021, 61)
    assert state.update == Update(status="installing")
