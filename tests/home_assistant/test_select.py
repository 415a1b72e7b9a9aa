"""Levels and modes of which a car has a few."""

from typing import TYPE_CHECKING, Any

from homeassistant.const import ATTR_ENTITY_ID, STATE_UNKNOWN
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from .cloud import MODEL_X, FakeCar, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .running import Start

SEATS = ("left", "right", "rear_left", "rear_center", "rear_right")
THIRD_ROW = ("third_row_left", "third_row_right")


@pytest.fixture
def cloud() -> FakeCloud:
    """A car with every seat and every comfort."""
    changes: dict[str, Any] = {
        f"climate_state__seat_heater_{seat}": 0 for seat in (*SEATS, *THIRD_ROW)
    }
    changes |= {
        "climate_state__is_climate_on": True,
        "climate_state__seat_fan_front_left": 0,
        "climate_state__seat_fan_front_right": 0,
        "climate_state__steering_wheel_heat_level": 0,
        "vehicle_config__rear_seat_heaters": 1,
        "vehicle_config__third_row_seats": "FuturisFoldFlat",
        "vehicle_config__has_seat_cooling": True,
        "vehicle_config__cop_user_set_temp_supported": True,
    }
    return FakeCloud(FakeCar(vin=MODEL_X, name="Falcon", changes=changes))


async def select(hass: HomeAssistant, name: str, option: str) -> None:
    """Select an option and wait for what comes of it."""
    target = {ATTR_ENTITY_ID: f"select.falcon_{name}", "option": option}
    await hass.services.async_call("select", "select_option", target, blocking=True)


def heater(position: int, level: int) -> tuple[str, dict[str, int]]:
    """The command for a seat; the unsigned form names the seat twice."""
    body = {"seat_position": position, "heater": position, "level": level}
    return "remote_seat_heater_request", body


def cooler(position: int, level: int) -> tuple[str, dict[str, int]]:
    """The command for a front seat."""
    body = {"seat_position": position, "seat_cooler_level": level}
    return "remote_seat_cooler_request", body


@pytest.mark.usefixtures("everything_enabled", "loaded")
@pytest.mark.parametrize(
    ("name", "option", "command"),
    [
        ("seat_heater_front_left", "low", heater(0, 1)),
        ("seat_heater_front_right", "high", heater(1, 3)),
        ("seat_heater_rear_left", "medium", heater(2, 2)),
        ("seat_heater_rear_center", "low", heater(4, 1)),
        ("seat_heater_rear_right", "low", heater(5, 1)),
        ("seat_heater_third_row_left", "low", heater(7, 1)),
        ("seat_heater_third_row_right", "off", heater(8, 0)),
        ("seat_cooler_front_left", "low", cooler(1, 1)),
        ("seat_cooler_front_right", "high", cooler(2, 3)),
        (
            "steering_wheel_heater_level",
            "high",
            ("remote_steering_wheel_heat_level_request", {"level": 3}),
        ),
        (
            "cabin_overheat_protection",
            "off",
            ("set_cabin_overheat_protection", {"on": False, "fan_only": False}),
        ),
        (
            "cabin_overheat_protection",
            "fan_only",
            ("set_cabin_overheat_protection", {"on": True, "fan_only": True}),
        ),
        (
            "cabin_overheat_protection",
            "on",
            ("set_cabin_overheat_protection", {"on": True, "fan_only": False}),
        ),
        ("cabin_overheat_temperature", "low", ("set_cop_temp", {"cop_temp": 0})),
    ],
)
async def test_option_is_sent_and_shown(
    hass: HomeAssistant,
    cloud: FakeCloud,
    name: str,
    option: str,
    command: tuple[str, dict[str, Any]],
) -> None:
    """Each with its own command."""
    await select(hass, name, option)

    assert cloud.commands == [command]
    assert state_of(hass, f"select.falcon_{name}") == option


@pytest.mark.usefixtures("loaded")
async def test_option_that_there_is_not_is_not_sent(hass: HomeAssistant, cloud: FakeCloud) -> None:
    """Home Assistant says so."""
    with pytest.raises(ServiceValidationError):
        await select(hass, "seat_heater_front_left", "scorching")

    assert not cloud.commands


@pytest.mark.usefixtures("loaded")
async def test_refused_option_is_taken_back(hass: HomeAssistant, cloud: FakeCloud) -> None:
    """With the car's reason."""
    cloud.cars[MODEL_X].refusals["remote_seat_heater_request"] = "seat_gone"

    with pytest.raises(HomeAssistantError, match="seat_gone"):
        await select(hass, "seat_heater_front_left", "high")

    assert state_of(hass, "select.falcon_seat_heater_front_left") == "off"


async def test_seat_gets_warm_with_the_climate_only(
    hass: HomeAssistant, start: Start, cloud: FakeCloud
) -> None:
    """So the climate is started first; a seat that is off with it needs no command."""
    cloud.cars[MODEL_X].changes["climate_state__is_climate_on"] = False
    entry = await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()

    await select(hass, "seat_heater_front_right", "off")
    assert not cloud.commands
    await select(hass, "seat_heater_front_left", "low")

    assert cloud.commands == [("auto_conditioning_start", {}), heater(0, 1)]


@pytest.mark.usefixtures("everything_enabled")
@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        (
            {"vehicle_config__rear_seat_heaters": 0},
            {f"seat_heater_{seat}" for seat in SEATS if "rear" in seat},
        ),
        (
            {"vehicle_config__third_row_seats": "None"},
            {f"seat_heater_{seat}" for seat in THIRD_ROW},
        ),
        (
            {"vehicle_config__has_seat_cooling": False},
            {"seat_cooler_front_left", "seat_cooler_front_right"},
        ),
        (
            {"vehicle_config__cop_user_set_temp_supported": False},
            {"cabin_overheat_temperature"},
        ),
    ],
)
async def test_car_without_the_thing_has_no_select_for_it(
    hass: HomeAssistant,
    start: Start,
    cloud: FakeCloud,
    changes: dict[str, Any],
    missing: set[str],
) -> None:
    """And all others."""
    cloud.cars[MODEL_X].changes |= changes
    entry = await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()

    there = {name.removeprefix("select.falcon_") for name in hass.states.async_entity_ids("select")}
    assert not there & missing
    assert len(there | missing) == 12


async def test_car_that_cannot_blow_only_has_no_such_option(
    hass: HomeAssistant, start: Start, cloud: FakeCloud
) -> None:
    """The protection is on or off."""
    cloud.cars[MODEL_X].changes["climate_state__supports_fan_only_cabin_overheat_protection"] = (
        False
    )
    entry = await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()

    state = hass.states.get("select.falcon_cabin_overheat_protection")
    assert state is not None
    assert state.attributes["options"] == ["off", "on"]


async def test_level_that_nobody_knows_is_unknown(
    hass: HomeAssistant, start: Start, cloud: FakeCloud
) -> None:
    """Some cars have told 4."""
    cloud.cars[MODEL_X].changes["climate_state__seat_heater_left"] = 4
    entry = await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()

    assert state_of(hass, "select.falcon_seat_heater_front_left") == STATE_UNKNOWN
