"""Where the car goes, and in which order."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Patient

HERE = "52.5000,13.2500"


@pytest.mark.parametrize(("order", "stops"), [(1, [HERE]), (2, [HERE, "x"]), (3, ["x", HERE])])
def test_a_stop_replaces_or_joins_the_others(car: Patient, order: int, stops: list[str]) -> None:
    """In front or at the end."""
    car.state.stops = ["x"]
    assert car.obeys("navigation_gps_request", lat=52.5, lon=13.25, order=order) is None
    assert car.state.stops == stops


@pytest.mark.parametrize(
    ("command", "params", "stops"),
    [
        ("navigation_request", {"value": {"android.intent.extra.TEXT": "Berlin"}}, ["Berlin"]),
        ("navigation_request", {"value": {}}, []),
        ("navigation_request", {"value": "Berlin"}, []),
        ("navigation_sc_request", {"id": 114}, ["supercharger 114"]),
        ("navigation_waypoints_request", {"waypoints": "refId:a, refId:b"}, ["refId:a", "refId:b"]),
    ],
)
def test_without_an_order_the_old_stops_are_gone(
    car: Patient, command: str, params: dict[str, Any], stops: list[str]
) -> None:
    """A new way is a new way."""
    car.state.stops = ["x"]
    assert car.obeys(command, **params) is None
    assert car.state.stops == stops
    assert car.state.counts == {"navigation": 1}


@pytest.mark.parametrize(
    ("command", "params", "reason"),
    [
        ("navigation_sc_request", {"id": 114, "order": 4}, "invalid_order"),
        ("navigation_waypoints_request", {"waypoints": "refId:a,Berlin"}, "invalid_waypoints"),
    ],
)
def test_nonsense_leaves_the_way_alone(
    car: Patient, command: str, params: dict[str, Any], reason: str
) -> None:
    """And is called by its name."""
    assert car.obeys(command, **params) == reason
    assert (car.state.stops, car.state.counts) == ([], {})
