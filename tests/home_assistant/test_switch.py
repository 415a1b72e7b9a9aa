"""What a car can be told to turn on and off."""

from typing import TYPE_CHECKING

from homeassistant.const import ATTR_ENTITY_ID, STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.teslalogger.switch import SWITCHES
from custom_components.teslalogger.tesla import Scope

from .cloud import MODEL_X, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .running import Start


async def turn(hass: HomeAssistant, name: str, *, on: bool) -> None:
    """Press a switch."""
    action = "turn_on" if on else "turn_off"
    entity_id = f"switch.falcon_{name}"
    await hass.services.async_call("switch", action, {ATTR_ENTITY_ID: entity_id}, blocking=True)


@pytest.fixture
def cloud(cloud: FakeCloud) -> FakeCloud:
    """A car with every comfort, all of it off."""
    cloud.cars[MODEL_X].changes = {
        "climate_state__auto_seat_climate_left": False,
        "climate_state__auto_seat_climate_right": False,
        "climate_state__auto_steering_wheel_heat": False,
    }
    return cloud


@pytest.mark.usefixtures("everything_enabled", "loaded")
@pytest.mark.parametrize(
    ("name", "on", "off"),
    [
        ("sentry_mode", ("set_sentry_mode", {"on": True}), ("set_sentry_mode", {"on": False})),
        ("charging", ("charge_start", {}), ("charge_stop", {})),
        ("climate", ("auto_conditioning_start", {}), ("auto_conditioning_stop", {})),
        (
            "defrost",
            ("set_preconditioning_max", {"on": True, "manual_override": False}),
            ("set_preconditioning_max", {"on": False, "manual_override": False}),
        ),
        (
            "bioweapon_defense_mode",
            ("set_bioweapon_mode", {"on": True, "manual_override": True}),
            ("set_bioweapon_mode", {"on": False, "manual_override": False}),
        ),
        ("guest_mode", ("guest_mode", {"enable": True}), ("guest_mode", {"enable": False})),
        (
            "auto_seat_climate_left",
            (
                "remote_auto_seat_climate_request",
                {"auto_seat_position": 1, "auto_climate_on": True},
            ),
            (
                "remote_auto_seat_climate_request",
                {"auto_seat_position": 1, "auto_climate_on": False},
            ),
        ),
        (
            "auto_seat_climate_right",
            (
                "remote_auto_seat_climate_request",
                {"auto_seat_position": 2, "auto_climate_on": True},
            ),
            (
                "remote_auto_seat_climate_request",
                {"auto_seat_position": 2, "auto_climate_on": False},
            ),
        ),
        (
            "auto_steering_wheel_heater",
            ("remote_auto_steering_wheel_heat_climate_request", {"on": True}),
            ("remote_auto_steering_wheel_heat_climate_request", {"on": False}),
        ),
    ],
)
async def test_switch_turns_on_and_off(
    hass: HomeAssistant,
    cloud: FakeCloud,
    name: str,
    on: tuple[str, dict[str, bool]],
    off: tuple[str, dict[str, bool]],
) -> None:
    """Each with its own command, and shows it when the car has confirmed."""
    await turn(hass, name, on=True)
    assert state_of(hass, f"switch.falcon_{name}") == STATE_ON

    await turn(hass, name, on=False)
    assert state_of(hass, f"switch.falcon_{name}") == STATE_OFF

    assert cloud.commands == [on, off]


@pytest.mark.usefixtures("everything_enabled", "loaded")
async def test_steering_wheel_gets_warm_with_the_climate_only(
    hass: HomeAssistant, cloud: FakeCloud
) -> None:
    """So the climate is started first, unless it runs; turning off needs none."""
    await turn(hass, "steering_wheel_heater", on=True)
    await turn(hass, "steering_wheel_heater", on=False)
    await turn(hass, "steering_wheel_heater", on=True)

    assert cloud.commands == [
        ("auto_conditioning_start", {}),
        ("remote_steering_wheel_heater_request", {"on": True}),
        ("remote_steering_wheel_heater_request", {"on": False}),
        ("remote_steering_wheel_heater_request", {"on": True}),
    ]


@pytest.mark.usefixtures("loaded")
async def test_valet_mode_turns_on_with_a_pin_only(hass: HomeAssistant, cloud: FakeCloud) -> None:
    """A switch cannot ask for one: the error says what can."""
    with pytest.raises(ServiceValidationError, match=r"teslalogger\.set_valet_mode"):
        await turn(hass, "valet_mode", on=True)
    assert not cloud.commands

    await turn(hass, "valet_mode", on=False)
    assert cloud.commands == [("set_valet_mode", {"on": False})]


@pytest.mark.parametrize("scopes", [(Scope.VEHICLE_DEVICE_DATA, Scope.VEHICLE_CHARGING_CMDS)])
@pytest.mark.usefixtures("loaded")
async def test_login_that_allows_charging_only_has_one_switch(hass: HomeAssistant) -> None:
    """Switches exist where the login allows their command."""
    assert hass.states.async_entity_ids("switch") == [
        "switch.falcon_charging",
        "switch.juniper_charging",
    ]


async def test_car_without_sentry_mode_has_no_switch_for_it(
    hass: HomeAssistant, start: Start, cloud: FakeCloud
) -> None:
    """As long as nobody knows, there is none either."""
    cloud.cars[MODEL_X].changes["vehicle_state__sentry_mode_available"] = False
    entry = await start()
    assert hass.states.get("switch.juniper_sentry_mode") is None

    for car in entry.runtime_data.cars.values():
        await car.async_refresh()
    await hass.async_block_till_done()

    assert hass.states.get("switch.falcon_sentry_mode") is None
    assert hass.states.get("switch.juniper_sentry_mode") is not None


async def test_value_that_the_car_never_told_is_unknown(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Not off."""
    cloud.cars[MODEL_X].changes = {"charge_state__charging_state": "Something new"}

    await loaded.runtime_data.cars[MODEL_X].async_refresh()

    assert state_of(hass, "switch.falcon_charging") == STATE_UNKNOWN


def test_every_refusal_is_for_a_switch_that_cannot_turn_on() -> None:
    """Else it would never be said."""
    assert all(bool(row.refusal) == (row.turn_on is None) for row in SWITCHES)
