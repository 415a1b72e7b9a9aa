"""When the car charges, warms up and leaves."""

from typing import TYPE_CHECKING, Any

import pytest

from simulator.car.model import MODEL_X_2018

if TYPE_CHECKING:
    from .conftest import Patient

CHARGING: dict[str, Any] = {
    "lat": 52.5,
    "lon": 13.25,
    "start_enabled": True,
    "start_time": 60,
    "end_enabled": False,
    "days_of_week": "All",
    "enabled": True,
}
PRECONDITIONING: dict[str, Any] = {
    "lat": 52.5,
    "lon": 13.25,
    "precondition_time": 480,
    "days_of_week": "Weekdays",
    "enabled": True,
    "one_time": True,
}
WEEK = ("SUN", "MON", "TUES", "WED", "THURS", "FRI", "SAT")
KINDS = [
    ("add_charge_schedule", "remove_charge_schedule", "charge.schedules", CHARGING),
    (
        "add_precondition_schedule",
        "remove_precondition_schedule",
        "charge.precondition_schedules",
        PRECONDITIONING,
    ),
]


def test_charging_can_wait_for_a_time(car: Patient) -> None:
    """Minutes after midnight."""
    assert car.obeys("set_scheduled_charging", enable=True, time=120) is None
    assert car.state.charge.scheduled == 120
    assert car.obeys("set_scheduled_charging", enable=False, time=120) is None
    assert car.has("charge.scheduled") is None


def test_a_departure_is_kept(car: Patient) -> None:
    """Until it is switched off; what is left out is off."""
    asked = {
        "enable": True,
        "departure_time": 375,
        "preconditioning_enabled": True,
        "off_peak_charging_weekdays_only": True,
    }
    assert car.obeys("set_scheduled_departure", **asked) is None
    assert car.state.charge.departure == {
        "departure_time": 375,
        "end_off_peak_time": 0,
        "preconditioning_enabled": True,
        "preconditioning_times": "all_week",
        "off_peak_charging_enabled": True,
        "off_peak_charging_times": "weekdays",
    }
    assert car.obeys("set_scheduled_departure", enable=False) is None
    assert car.has("charge.departure") == {}


def test_a_time_to_charge_and_a_time_to_leave_exclude_each_other(car: Patient) -> None:
    """Who comes last is right; ending the one that is not on changes nothing."""
    car.obeys("set_scheduled_charging", enable=True, time=120)
    car.obeys("set_scheduled_departure", enable=False)
    assert car.has("charge.scheduled") == 120
    car.obeys("set_scheduled_departure", enable=True, departure_time=375)
    assert car.has("charge.scheduled") is None
    assert car.has("charge.departure")["departure_time"] == 375
    car.obeys("set_scheduled_charging", enable=False)
    assert car.has("charge.departure")["departure_time"] == 375
    car.obeys("set_scheduled_charging", enable=True, time=0)
    assert (car.has("charge.scheduled"), car.has("charge.departure")) == (0, {})


@pytest.mark.parametrize(("add", "remove", "kept", "schedule"), KINDS)
def test_schedules_come_and_go_by_their_number(
    car: Patient, add: str, remove: str, kept: str, schedule: dict[str, Any]
) -> None:
    """The same number replaces."""
    assert car.obeys(add, **schedule, id=7) is None
    assert car.obeys(add, **schedule | {"enabled": False}, id=7) is None
    assert [*car.has(kept)] == [7]
    assert car.has(kept)[7]["enabled"] is False
    assert car.obeys(remove, id=7) is None
    assert car.has(kept) == {}
    assert car.obeys(remove, id=7) == "schedule_not_found"


@pytest.mark.parametrize(("add", "remove", "kept", "schedule"), KINDS)
def test_a_schedule_without_a_number_gets_one(
    car: Patient, add: str, remove: str, kept: str, schedule: dict[str, Any]
) -> None:
    """So a repetition makes another."""
    for given in ({}, {"id": 0}, {"id": 7}, {}):
        assert car.obeys(add, **schedule, **given) is None
    assert [*car.has(kept)] == [1, 2, 7, 8]
    assert car.obeys(remove, id=8) is None


def test_a_schedule_holds_what_it_was_given(car: Patient) -> None:
    """With defaults for the rest."""
    car.obeys("add_charge_schedule", **CHARGING)
    assert car.state.charge.schedules[1] == {
        "days_of_week": WEEK,
        "enabled": True,
        "latitude": 52.5,
        "longitude": 13.25,
        "one_time": False,
        "start_enabled": True,
        "start_time": 60,
        "end_enabled": False,
        "end_time": 0,
    }
    car.obeys("add_precondition_schedule", **PRECONDITIONING)
    assert car.state.charge.precondition_schedules[1] == {
        "days_of_week": WEEK[1:6],
        "enabled": True,
        "latitude": 52.5,
        "longitude": 13.25,
        "one_time": True,
        "precondition_time": 480,
    }


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ("Sun", ("SUN",)),
        ("friday, MON ,Tues,mon", ("MON", "TUES", "FRI")),
        ("weekdays,saturday", ("MON", "TUES", "WED", "THURS", "FRI", "SAT")),
        ("all", WEEK),
    ],
)
def test_days_have_two_names_each(car: Patient, given: str, days: tuple[str, ...]) -> None:
    """In any order and spelling."""
    car.obeys("add_charge_schedule", **CHARGING | {"days_of_week": given})
    assert car.state.charge.schedules[1]["days_of_week"] == days


@pytest.mark.parametrize("given", ["", "Tue", "Thu", "1", "Mon;Wed", "Mon,"])
def test_other_days_do_not_exist(car: Patient, given: str) -> None:
    """As in Tesla's proxy."""
    refused = car.obeys("add_charge_schedule", **CHARGING | {"days_of_week": given})
    assert refused == "invalid days_of_week param"
    assert car.state.charge.schedules == {}


@pytest.mark.parametrize(
    ("command", "params", "key"),
    [
        ("set_scheduled_charging", {"enable": True}, "time"),
        ("set_scheduled_departure", {"enable": True}, "departure_time"),
        ("add_charge_schedule", CHARGING, "end_time"),
        ("add_precondition_schedule", PRECONDITIONING, "precondition_time"),
    ],
)
@pytest.mark.parametrize("minutes", [-1, 1441])
def test_a_day_has_1440_minutes(
    car: Patient, command: str, params: dict[str, Any], key: str, minutes: int
) -> None:
    """And no time lies outside."""
    assert car.obeys(command, **params | {key: minutes}) == f"invalid {key} param"


@pytest.mark.parametrize(
    ("places", "left"), [({"home": True}, [2]), ({"other": True}, [1]), ({"work": True}, [1, 2])]
)
@pytest.mark.parametrize(("add", "remove", "path", "schedule"), KINDS)
def test_schedules_of_a_place_go_together(
    car: Patient,
    add: str,
    remove: str,
    path: str,
    schedule: dict[str, Any],
    places: dict[str, bool],
    left: list[int],
) -> None:
    """Those of other places stay."""
    assert car.obeys(add, **schedule | {"id": 1, "lat": 52.522, "lon": 13.413}) is None
    assert car.obeys(add, **schedule | {"id": 2}) is None
    batch = f"{remove.replace('remove', 'batch_remove')}s"
    assert car.obeys(batch, **places) is None
    assert list(car.has(path)) == left


@pytest.mark.parametrize(("add", "remove", "kept", "asked"), KINDS)
def test_an_old_car_takes_no_schedules(
    car: Patient, add: str, remove: str, kept: str, asked: dict[str, Any]
) -> None:
    """It only knows a time to charge and a time to leave."""
    car.model = MODEL_X_2018

    assert car.obeys(add, **asked) == "not_supported"
    assert car.obeys(remove, id=1) == "not_supported"
    assert car.has(kept) == {}
    assert car.obeys("set_scheduled_charging", enable=True, time=120) is None
