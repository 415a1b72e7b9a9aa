"""What is kept of a site."""

import json

import pytest

from custom_components.teslalogger.energy_site import SiteState, connector_key

NOW = 1_790_000_000.0


def test_what_an_answer_leaves_out_stays() -> None:
    """Only what changed is reported."""
    state = SiteState()
    assert state.apply({"solar_power": 5, "grid_power": 0}, NOW) == {"solar_power", "grid_power"}

    assert state.apply({"grid_power": 0}, NOW + 60) == frozenset()
    assert state.apply({}, NOW + 120) == frozenset()

    assert (state.value("solar_power"), state.moment("solar_power")) == (5, NOW)
    assert state.moment("grid_power") == NOW + 60
    assert (state.value("load_power"), state.moment("load_power")) == (None, None)


def test_confirmed_setting_stands_against_old_answers_for_a_while() -> None:
    """Then the truth counts again, whatever it is."""
    state = SiteState()
    state.apply({"storm_watch": False}, NOW)

    assert state.confirm("storm_watch", value=True, now=NOW, hold=120) == {"storm_watch"}
    assert state.apply({"storm_watch": False}, NOW + 60) == frozenset()
    assert state.value("storm_watch") is True

    assert state.apply({"storm_watch": False}, NOW + 121) == {"storm_watch"}


def test_newer_setting_replaces_one_that_is_held() -> None:
    """Somebody changed their mind."""
    state = SiteState()
    state.confirm("storm_watch", value=True, now=NOW, hold=120)

    assert state.confirm("storm_watch", value=False, now=NOW + 1, hold=120) == {"storm_watch"}


def test_state_survives_json() -> None:
    """Values of wall connectors included."""
    state = SiteState()
    key = connector_key("DIN", "wall_connector_vin")
    state.apply({"solar_power": 1.5, "grid_status": True, key: None}, NOW)

    restored = SiteState.from_dict(json.loads(json.dumps(state.to_dict())))

    assert restored.to_dict() == state.to_dict()
    assert set(restored) == {"solar_power", "grid_status", key}
    assert len(restored) == 3


@pytest.mark.parametrize(
    "stored",
    [
        {"solar_power": 5},
        {"solar_power": [5]},
        {"solar_power": [[5], NOW]},
        {"solar_power": [5, "now"]},
        {"solar_power": [5, float("inf")]},
        {"solar_power": [5, 10**400]},
        {"a signal of another version": [5, NOW]},
    ],
)
def test_what_cannot_be_read_is_left_out(stored: dict[str, object]) -> None:
    """Tesla tells it again."""
    assert len(SiteState.from_dict(stored)) == 0


def test_wall_connector_can_be_forgotten() -> None:
    """The others and the site stay."""
    state = SiteState()
    gone, other = (connector_key(din, "wall_connector_power") for din in ("GONE", "OTHER"))
    state.apply({gone: 1, other: 2, "solar_power": 3}, NOW)

    state.drop(connector_key("GONE", ""))

    assert set(state) == {other, "solar_power"}
