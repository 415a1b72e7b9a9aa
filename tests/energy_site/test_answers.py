"""What Tesla's answers become, and what of them is left out."""

from typing import Any, Final

from hypothesis import example, given
import pytest

from custom_components.teslalogger.energy_site import (
    SITE_SIGNALS,
    Kind,
    connector_key,
    connectors_in,
    info_values,
    live_values,
)
from custom_components.teslalogger.energy_site.numbers import is_number

from .odd_json import answers_like

DIN: Final = "1529455-02-D--PGT21234012345"
LIVE: Final[dict[str, Any]] = {
    "solar_power": 1185,
    "energy_left": 38896.5,
    "total_pack_energy": 40727,
    "percentage_charged": 95.5,
    "backup_capable": True,
    "battery_power": -5060,
    "load_power": 6245,
    "grid_status": "Active",
    "grid_services_active": False,
    "grid_power": 0,
    "grid_services_power": 0,
    "generator_power": 0,
    "island_status": "on_grid",
    "storm_mode_active": False,
    "timestamp": "2026-11-01T12:00:00+01:00",
    "wall_connectors": [
        {
            "din": DIN,
            "wall_connector_state": 4,
            "wall_connector_fault_state": 2,
            "wall_connector_power": 0,
            "vin": "5YJXCDE22JF012345",
        }
    ],
}
INFO: Final[dict[str, Any]] = {
    "backup_reserve_percent": 20,
    "default_real_mode": "self_consumption",
    "user_settings": {"storm_mode_enabled": True},
    "components": {
        "solar": True,
        "battery": True,
        "customer_preferred_export_rule": "pv_only",
        "disallow_charge_from_grid_with_solar_installed": True,
    },
    "version": "26.34.1 c1d2e3f4",
    "battery_count": 2,
}


def test_live_status_is_read_whole() -> None:
    """Zero is a value, and so is no."""
    values = live_values(LIVE)

    assert values["solar_power"] == 1185
    assert values["battery_power"] == -5060
    assert values["grid_power"] == 0
    assert values["grid_status"] is True
    assert values["storm_mode_active"] is False
    assert values["island_status"] == "on_grid"
    assert "timestamp" not in values


@pytest.mark.parametrize(
    "stub",
    [
        {},
        {"grid_status": "Unknown"},
        {"grid_status": "Unknown", "island_status": "island_status_unknown"},
        {"solar_power": None, "grid_power": "", "battery_power": True, "load_power": float("nan")},
        {"solar_power": 10**400},
        {"solar_power": 10**30},
        {"wall_connectors": None},
        {"wall_connectors": [None, 7, {}, {"din": None}, {"din": DIN}]},
        {"wall_connectors": [{"din": 7, "wall_connector_state": 1}]},
    ],
)
def test_stub_tells_nothing(stub: dict[str, Any]) -> None:
    """So that the last values stay."""
    assert live_values(stub) == {}


def test_grid_that_is_down_is_told() -> None:
    """In two ways."""
    values = live_values({"grid_status": "Inactive", "island_status": "off_grid_unintentional"})

    assert values == {"grid_status": False, "island_status": "off_grid_unintentional"}


@pytest.mark.parametrize(
    ("code", "word"),
    [(0, "booting"), (1, "charging"), (2, "disconnected"), (10, "charging_reduced")],
)
def test_state_of_a_wall_connector_gets_a_word(code: int, word: str) -> None:
    """Its car is there as long as it is told."""
    told = {"din": DIN, "wall_connector_state": code, "wall_connector_power": 0.5, "vin": "VIN"}

    assert live_values({"wall_connectors": [told]}) == {
        connector_key(DIN, "wall_connector_state"): word,
        connector_key(DIN, "wall_connector_power"): 0.5,
        connector_key(DIN, "wall_connector_vin"): "VIN",
    }
    del told["vin"]
    assert (
        live_values({"wall_connectors": [told]})[connector_key(DIN, "wall_connector_vin")] is None
    )


def test_new_state_of_a_wall_connector_is_news() -> None:
    """The last word would be wrong now; and whether there is a car is told with any state."""
    assert live_values({"wall_connectors": [{"din": DIN, "wall_connector_state": 99}]}) == {
        connector_key(DIN, "wall_connector_state"): None,
        connector_key(DIN, "wall_connector_vin"): None,
    }


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"island_status": "on_the_moon"}, {"island_status": None}),
        ({"default_real_mode": "party"}, {"operation_mode": None}),
        ({"island_status": "island_status_unknown"}, {}),
        ({"island_status": "Unknown"}, {}),
        ({"default_real_mode": " "}, {}),
        ({"island_status": ["on_grid"]}, {}),
        ({"island_status": True}, {}),
    ],
)
def test_new_word_is_news_and_a_word_for_unknown_is_not(
    answer: dict[str, Any], told: dict[str, Any]
) -> None:
    """What is no word at all is none either."""
    assert live_values(answer) | info_values(answer) == told


def test_settings_are_read() -> None:
    """Charging from the grid is told as its opposite."""
    values = info_values(INFO)

    assert values["backup_reserve_percent"] == 20
    assert values["operation_mode"] == "self_consumption"
    assert values["storm_watch"] is True
    assert values["export_rule"] == "pv_only"
    assert values["grid_charging"] is False
    assert values["version"] == "26.34.1 c1d2e3f4"


@pytest.mark.parametrize(
    ("components", "allowed"),
    [
        ({"battery": True}, True),
        ({"battery": True, "disallow_charge_from_grid_with_solar_installed": False}, True),
        ({"battery": True, "disallow_charge_from_grid_with_solar_installed": True}, False),
        ({}, None),
        (None, None),
    ],
)
def test_charging_from_the_grid_is_allowed_unless_it_is_told(
    components: object, *, allowed: bool | None
) -> None:
    """But an answer without components tells nothing."""
    assert info_values({"components": components}).get("grid_charging") is allowed


def test_site_that_must_not_export_exports_nothing() -> None:
    """Whatever its owner would prefer."""
    components = {"non_export_configured": True, "customer_preferred_export_rule": "pv_only"}

    assert info_values({"components": components})["export_rule"] == "never"


def test_wall_connectors_are_put_together_from_all_answers() -> None:
    """The product list names them, the settings describe them, the live status knows the power."""
    other = "1529455-02-D--OTHER"
    found = connectors_in(
        {"components": {"wall_connectors": [{"din": DIN, "part_name": "Gen 3 Wall Connector"}]}},
        {"components": None, "wall_connectors": [{"din": other}]},
        {"wall_connectors": [{"din": DIN, "wall_connector_power": 7400}, {"din": ""}, {}]},
    )

    assert list(found) == [DIN, other]
    assert found[DIN]["part_name"] == "Gen 3 Wall Connector"
    assert found[DIN]["wall_connector_power"] == 7400


@given(answers_like(LIVE) | answers_like(INFO))
@example({"solar_power": 10**400})
@example({"version": " "})
def test_no_answer_breaks_the_reading(answer: dict[str, Any]) -> None:
    """And every value that comes out is of its signal's kind."""
    assert all(isinstance(din, str) for din in connectors_in(answer))
    for key, value in (live_values(answer) | info_values(answer)).items():
        signal = SITE_SIGNALS[key.partition("@")[0]]
        match signal.kind:
            case Kind.NUMBER:
                assert is_number(value)
            case Kind.FLAG:
                assert type(value) is bool
            case Kind.WORD:
                assert value is None or value in signal.options
            case Kind.TEXT:
                assert value is None or (isinstance(value, str) and value.strip())
