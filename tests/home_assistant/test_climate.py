"""The cabin, and its protection against the sun."""

import asyncio
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from homeassistant.components.climate import ClimateEntityFeature
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNKNOWN
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.teslalogger.tesla import CommandAnswer

from .cloud import MODEL_X, FakeCar, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant, State
    from pytest_homeassistant_custom_component.common import MockConfigEntry

CABIN = "climate.falcon_cabin"
PROTECTION = "climate.falcon_cabin_overheat_protection"
START: tuple[str, dict[str, Any]] = ("auto_conditioning_start", {})
STOP: tuple[str, dict[str, Any]] = ("auto_conditioning_stop", {})


@pytest.fixture
def cloud() -> FakeCloud:
    """A car that lets people choose the temperature of its protection."""
    changes = {
        "climate_state__min_avail_temp": 15.0,
        "climate_state__max_avail_temp": 28.0,
        "vehicle_config__cop_user_set_temp_supported": True,
    }
    return FakeCloud(FakeCar(vin=MODEL_X, name="Falcon", changes=changes))


@pytest.fixture(autouse=True)
def _enabled(everything_enabled: None) -> None:
    """The protection is disabled when it is new."""


async def act(hass: HomeAssistant, action: str, entity_id: str = CABIN, **data: Any) -> None:
    """Have the climate do something and wait for what comes of it."""
    target = {ATTR_ENTITY_ID: entity_id, **data}
    await hass.services.async_call("climate", action, target, blocking=True)


async def tell(loaded: MockConfigEntry, cloud: FakeCloud, **changes: Any) -> None:
    """Have the car tell something else."""
    cloud.cars[MODEL_X].changes |= {f"climate_state__{key}": changes[key] for key in changes}
    await loaded.runtime_data.cars[MODEL_X].async_refresh()


def shown(hass: HomeAssistant, entity_id: str = CABIN) -> State:
    """What is shown."""
    state = hass.states.get(entity_id)
    assert state is not None
    return state


def temperatures(degrees: float) -> tuple[str, dict[str, float]]:
    """The command for both sides."""
    return "set_temps", {"driver_temp": degrees, "passenger_temp": degrees}


def keeper(mode: int) -> tuple[str, dict[str, Any]]:
    """The command that keeps the climate on."""
    body = {"climate_keeper_mode": mode, "manual_override": False}
    return "set_climate_keeper_mode", body


def defrost(*, on: bool) -> tuple[str, dict[str, Any]]:
    """The command that defrosts everything."""
    return "set_preconditioning_max", {"on": on, "manual_override": False}


@pytest.mark.usefixtures("loaded")
async def test_cabin_tells_what_it_is(hass: HomeAssistant) -> None:
    """Bounds, steps, modes and temperatures."""
    state = shown(hass)
    assert state.state == "off"
    assert state.attributes["hvac_modes"] == ["off", "heat_cool"]
    assert (state.attributes["min_temp"], state.attributes["max_temp"]) == (15, 28)
    assert state.attributes["target_temp_step"] == 0.5
    assert state.attributes["current_temperature"] == 21.4
    assert state.attributes["temperature"] == 20.5
    assert state.attributes["preset_mode"] == "normal"
    assert state.attributes["fan_mode"] == "auto"


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("action", "data", "commands", "attributes"),
    [
        ("turn_on", {}, [START], {}),
        ("turn_off", {}, [STOP], {}),
        ("set_hvac_mode", {"hvac_mode": "heat_cool"}, [START], {}),
        ("set_hvac_mode", {"hvac_mode": "off"}, [STOP], {}),
        ("set_temperature", {"temperature": 22.5}, [temperatures(22.5)], {"temperature": 22.5}),
        ("set_temperature", {"temperature": 22.3}, [temperatures(22.5)], {"temperature": 22.5}),
        (
            "set_temperature",
            {"temperature": 19, "hvac_mode": "heat_cool"},
            [START, temperatures(19)],
            {"temperature": 19},
        ),
        ("set_preset_mode", {"preset_mode": "keep"}, [keeper(1)], {"preset_mode": "keep"}),
        ("set_preset_mode", {"preset_mode": "dog"}, [keeper(2)], {"preset_mode": "dog"}),
        ("set_preset_mode", {"preset_mode": "camp"}, [keeper(3)], {"preset_mode": "camp"}),
        (
            "set_preset_mode",
            {"preset_mode": "defrost"},
            [defrost(on=True)],
            {"preset_mode": "defrost"},
        ),
        ("set_preset_mode", {"preset_mode": "normal"}, [], {"preset_mode": "normal"}),
        (
            "set_fan_mode",
            {"fan_mode": "bioweapon"},
            [("set_bioweapon_mode", {"on": True, "manual_override": True})],
            {"fan_mode": "bioweapon"},
        ),
        (
            "set_fan_mode",
            {"fan_mode": "auto"},
            [("set_bioweapon_mode", {"on": False, "manual_override": False})],
            {"fan_mode": "auto"},
        ),
    ],
)
async def test_cabin_obeys(
    hass: HomeAssistant,
    cloud: FakeCloud,
    action: str,
    data: dict[str, Any],
    commands: list[tuple[str, dict[str, Any]]],
    attributes: dict[str, Any],
) -> None:
    """And shows what the car has confirmed."""
    await act(hass, action, **data)

    assert cloud.commands == commands
    assert shown(hass).attributes.items() >= attributes.items()


@pytest.mark.parametrize(
    ("told", "preset", "commands"),
    [
        ({"climate_keeper_mode": "dog"}, "normal", [keeper(0)]),
        ({"defrost_mode": 2}, "normal", [defrost(on=False)]),
        (
            {"climate_keeper_mode": "camp", "defrost_mode": 2},
            "normal",
            [keeper(0), defrost(on=False)],
        ),
        ({"climate_keeper_mode": "on"}, "defrost", [keeper(0), defrost(on=True)]),
    ],
)
async def test_preset_ends_the_one_before_it(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    told: dict[str, Any],
    preset: str,
    commands: list[tuple[str, dict[str, Any]]],
) -> None:
    """With as many commands as that takes."""
    await tell(loaded, cloud, is_climate_on=True, **told)

    await act(hass, "set_preset_mode", preset_mode=preset)

    assert cloud.commands == commands
    assert shown(hass).attributes["preset_mode"] == preset


async def test_turning_off_ends_the_presets(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """As in the car."""
    await tell(loaded, cloud, is_climate_on=True, climate_keeper_mode="dog")
    assert (shown(hass).state, shown(hass).attributes["preset_mode"]) == ("heat_cool", "dog")

    await act(hass, "turn_off")

    assert (shown(hass).state, shown(hass).attributes["preset_mode"]) == ("off", "normal")


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("temperature", [14.5, 28.5])
async def test_temperature_out_of_bounds_is_not_sent(
    hass: HomeAssistant, cloud: FakeCloud, temperature: float
) -> None:
    """The bounds are those of the car."""
    with pytest.raises(ServiceValidationError):
        await act(hass, "set_temperature", temperature=temperature)

    assert not cloud.commands


@pytest.mark.usefixtures("loaded")
async def test_wanted_temperature_is_shown_on_its_way_and_the_truth_after_a_failure(
    hass: HomeAssistant, cloud: FakeCloud
) -> None:
    """The dial does not jump back and forth."""
    arrived = asyncio.Event()

    async def answer(_vin: str, _name: str, _body: Mapping[str, Any]) -> CommandAnswer:
        await arrived.wait()
        return CommandAnswer(result=False, reason="no")

    with patch.object(cloud, "command", answer):
        call = asyncio.create_task(act(hass, "set_temperature", temperature=25))
        for _ in range(20):
            await asyncio.sleep(0)
        assert shown(hass).attributes["temperature"] == 25
        arrived.set()
        with pytest.raises(HomeAssistantError):
            await call

    assert shown(hass).attributes["temperature"] == 20.5


async def test_what_the_car_never_told_is_unknown(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Then the bounds are those of every car, and there is no filter to choose."""
    car = loaded.runtime_data.cars[MODEL_X]
    for key in ("is_climate_on", "min_avail_temp", "max_avail_temp", "bioweapon_mode"):
        del car.data._readings[key]
        car._changed.add(key)
    car.async_update_listeners()

    state = shown(hass)
    assert state.state == STATE_UNKNOWN
    assert (state.attributes["min_temp"], state.attributes["max_temp"]) == (15, 28)
    assert not state.attributes["supported_features"] & ClimateEntityFeature.FAN_MODE


# The protection


@pytest.mark.parametrize(
    ("entity", "off"),
    [
        (CABIN, STOP),
        (PROTECTION, ("set_cabin_overheat_protection", {"on": False, "fan_only": False})),
    ],
)
async def test_turning_off_does_not_wait_for_the_temperature(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    entity: str,
    off: tuple[str, dict[str, Any]],
) -> None:
    """Which waits its turn after many others, for up to a minute."""
    assert loaded
    temperature = {"temperature": 30 if entity == PROTECTION else 20}
    await act(hass, "set_temperature", entity, **temperature)
    cloud.commands.clear()

    call = asyncio.create_task(act(hass, "set_temperature", entity, hvac_mode="off", **temperature))
    for _ in range(50):
        await asyncio.sleep(0)
    assert cloud.commands == [off]

    assert await hass.config_entries.async_unload(loaded.entry_id)
    await call


def protection(*, on: bool, fan_only: bool = False) -> tuple[str, dict[str, Any]]:
    """The command."""
    return "set_cabin_overheat_protection", {"on": on, "fan_only": fan_only}


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("action", "data", "commands", "state"),
    [
        ("turn_on", {}, [protection(on=True)], "cool"),
        ("turn_off", {}, [protection(on=False)], "off"),
        (
            "set_hvac_mode",
            {"hvac_mode": "fan_only"},
            [protection(on=True, fan_only=True)],
            "fan_only",
        ),
        ("set_temperature", {"temperature": 30}, [("set_cop_temp", {"cop_temp": 0})], "cool"),
        ("set_temperature", {"temperature": 36}, [("set_cop_temp", {"cop_temp": 1})], "cool"),
        (
            "set_temperature",
            {"temperature": 40, "hvac_mode": "off"},
            [protection(on=False), ("set_cop_temp", {"cop_temp": 2})],
            "off",
        ),
    ],
)
async def test_protection_obeys(
    hass: HomeAssistant,
    cloud: FakeCloud,
    action: str,
    data: dict[str, Any],
    commands: list[tuple[str, dict[str, Any]]],
    state: str,
) -> None:
    """A temperature is one of three."""
    await act(hass, action, PROTECTION, **data)

    assert cloud.commands == commands
    assert state_of(hass, PROTECTION) == state


@pytest.mark.parametrize(
    ("mode", "is_cooling", "action"),
    [
        ("Off", False, "off"),
        ("On", True, "cooling"),
        ("On", False, "idle"),
        ("FanOnly", True, "fan"),
    ],
)
async def test_protection_tells_what_it_does(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    mode: str,
    *,
    is_cooling: bool,
    action: str,
) -> None:
    """From which temperature on, too."""
    await tell(
        loaded,
        cloud,
        cabin_overheat_protection=mode,
        cabin_overheat_protection_actively_cooling=is_cooling,
        cop_activation_temperature="Medium",
    )

    assert shown(hass, PROTECTION).attributes["hvac_action"] == action
    assert shown(hass, PROTECTION).attributes["temperature"] == 35


async def test_older_car_has_less_to_choose(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """No fan alone and no temperature."""
    cloud.cars[MODEL_X].changes["vehicle_config__cop_user_set_temp_supported"] = False
    await tell(
        loaded,
        cloud,
        supports_fan_only_cabin_overheat_protection=False,
        cabin_overheat_protection="Something new",
    )

    state = shown(hass, PROTECTION)
    assert state.attributes["hvac_modes"] == ["off", "cool"]
    assert not state.attributes["supported_features"] & ClimateEntityFeature.TARGET_TEMPERATURE
    assert state.state == STATE_UNKNOWN
    with pytest.raises(ServiceValidationError):
        await act(hass, "set_temperature", PROTECTION, temperature=30)
