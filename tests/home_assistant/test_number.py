"""Limits and levels that people set."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from homeassistant.const import ATTR_ENTITY_ID, STATE_UNKNOWN
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.teslalogger.tesla import Availability, CommandAnswer, Scope
from custom_components.teslalogger.vehicle.coalescing import LONGEST_PAUSE

from .cloud import MODEL_X, FakeCar, FakeCloud
from .running import pass_time, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .running import Start

CURRENT = "number.falcon_charge_current"
NUMBERS_OF_CHARGING = [CURRENT, "number.falcon_charge_limit"]


@pytest.fixture
def cloud() -> FakeCloud:
    """A car that tells its limits."""
    return FakeCloud(
        FakeCar(
            vin=MODEL_X,
            name="Falcon",
            changes={
                "charge_state__charge_limit_soc_min": 60,
                "charge_state__charge_limit_soc_max": 90,
                "charge_state__charge_current_request_max": 32,
                "vehicle_state__media_info": {"audio_volume": 3.333, "audio_volume_max": 10.333},
                "vehicle_state__speed_limit_mode": {
                    "current_limit_mph": 75,
                    "min_limit_mph": 50,
                    "max_limit_mph": 120,
                },
            },
        )
    )


async def set_value(hass: HomeAssistant, entity_id: str, value: float) -> None:
    """Set a number and wait for what comes of it."""
    await hass.services.async_call(
        "number", "set_value", {ATTR_ENTITY_ID: entity_id, "value": value}, blocking=True
    )


async def settle() -> None:
    """Let everybody react, while no time passes."""
    for _ in range(20):
        await asyncio.sleep(0)


async def pass_seconds(hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float) -> None:
    """Let time pass without waiting for calls that wait for more of it."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    await settle()


def bounds(hass: HomeAssistant, entity_id: str) -> tuple[float, float]:
    """From where to where it goes."""
    state = hass.states.get(entity_id)
    assert state is not None
    return state.attributes["min"], state.attributes["max"]


@pytest.mark.usefixtures("everything_enabled", "loaded")
@pytest.mark.parametrize(
    ("name", "before", "limits", "value", "command"),
    [
        ("charge_limit", "80", (60, 90), 85, ("set_charge_limit", {"percent": 85})),
        ("charge_current", "16", (0, 32), 10, ("set_charging_amps", {"charging_amps": 10})),
        ("volume", "3.333", (0, 10.3), 5.5, ("adjust_volume", {"volume": 5.5})),
        ("speed_limit", "75", (50, 120), 60, ("speed_limit_set_limit", {"limit_mph": 60})),
    ],
)
async def test_number_has_the_limits_of_the_car_and_is_sent(
    hass: HomeAssistant,
    cloud: FakeCloud,
    name: str,
    before: str,
    limits: tuple[float, float],
    value: float,
    command: tuple[str, dict[str, float]],
) -> None:
    """And shows what the car has confirmed."""
    entity_id = f"number.falcon_{name}"
    assert state_of(hass, entity_id) == before
    assert bounds(hass, entity_id) == limits

    await set_value(hass, entity_id, value)

    assert cloud.commands == [command]
    assert float(state_of(hass, entity_id) or "nan") == value


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("name", "value"),
    [("charge_limit", 59), ("charge_limit", 91), ("charge_current", 33), ("charge_current", -1)],
)
async def test_what_is_out_of_bounds_is_not_sent(
    hass: HomeAssistant, cloud: FakeCloud, name: str, value: float
) -> None:
    """The bounds are those of this very car."""
    with pytest.raises(ServiceValidationError) as caught:
        await set_value(hass, f"number.falcon_{name}", value)

    assert caught.value.translation_key == "out_of_range"
    assert not cloud.commands


async def test_every_car_has_bounds_before_it_tells_its_own(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Those of any car; the car corrects them."""
    assert bounds(hass, "number.falcon_charge_limit") == (60, 90)
    cloud.cars[MODEL_X].changes["charge_state__charge_current_request_max"] = 48
    await loaded.runtime_data.cars[MODEL_X].async_refresh()
    assert bounds(hass, CURRENT) == (0, 48)

    car = loaded.runtime_data.cars[MODEL_X]
    del car.data._readings["charge_current_request_max"]
    car._changed.add("charge_current_request_max")
    car.async_update_listeners()
    assert bounds(hass, CURRENT) == (0, 32)


@pytest.mark.usefixtures("everything_enabled")
async def test_speed_limit_speaks_the_unit_of_the_cars_screen(
    hass: HomeAssistant, cloud: FakeCloud, start: Start
) -> None:
    """In whole kilometres per hour that the car accepts; the command is in miles."""
    cloud.cars[MODEL_X].changes["gui_settings__gui_distance_units"] = "km/hr"
    entry = await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    entity_id = "number.falcon_speed_limit"
    assert state_of(hass, entity_id) == "121"
    assert bounds(hass, entity_id) == (81, 193)
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.attributes["unit_of_measurement"] == "km/h"

    await set_value(hass, entity_id, 100)

    ((name, body),) = cloud.commands
    assert name == "speed_limit_set_limit"
    assert body["limit_mph"] == pytest.approx(62.137, abs=0.001)
    assert state_of(hass, entity_id) == "100"


@pytest.mark.parametrize("scopes", [(Scope.VEHICLE_DEVICE_DATA, Scope.VEHICLE_CHARGING_CMDS)])
@pytest.mark.usefixtures("everything_enabled", "loaded")
async def test_login_that_allows_charging_only_has_two_numbers(hass: HomeAssistant) -> None:
    """Numbers exist where the login allows their command."""
    assert sorted(hass.states.async_entity_ids("number")) == NUMBERS_OF_CHARGING


@pytest.mark.usefixtures("everything_enabled")
async def test_car_that_tells_no_volume_has_none(
    hass: HomeAssistant, start: Start, cloud: FakeCloud
) -> None:
    """Nor a speed limit."""
    cloud.cars[MODEL_X].changes = {}
    entry = await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()

    assert sorted(hass.states.async_entity_ids("number")) == NUMBERS_OF_CHARGING


async def test_value_that_the_car_never_told_is_unknown(
    hass: HomeAssistant, start: Start, cloud: FakeCloud
) -> None:
    """Not zero."""
    cloud.cars[MODEL_X].changes["charge_state__charge_current_request"] = None
    entry = await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()

    assert state_of(hass, CURRENT) == STATE_UNKNOWN


# What is wanted, and the truth


async def test_slider_stays_while_the_car_wakes_up_and_no_poll_moves_it(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """For as long as that takes; and the sensors tell the truth meanwhile."""
    car = loaded.runtime_data.cars[MODEL_X]
    awake = asyncio.Event()
    cloud.cars[MODEL_X].availability = Availability.ASLEEP
    await car.async_refresh()

    async def wake_up(_: str) -> Availability:
        await awake.wait()
        cloud.cars[MODEL_X].availability = Availability.ONLINE
        return Availability.ONLINE

    with patch.object(cloud, "wake_up", wake_up):
        call = asyncio.create_task(set_value(hass, CURRENT, 8))
        await settle()
        assert state_of(hass, CURRENT) == "8"
        assert car.value("charge_current_request") == 16

        cloud.cars[MODEL_X].availability = Availability.ONLINE
        await car.async_refresh()
        assert state_of(hass, CURRENT) == "8"
        awake.set()
        await call

    assert state_of(hass, CURRENT) == "8"
    assert car.commander.wanted("charge_current_request") is None


@pytest.mark.usefixtures("loaded")
async def test_refused_value_is_taken_back_at_once(hass: HomeAssistant, cloud: FakeCloud) -> None:
    """With the reason."""
    cloud.cars[MODEL_X].refusals["set_charging_amps"] = "not_charging_here"

    with pytest.raises(HomeAssistantError) as caught:
        await set_value(hass, CURRENT, 8)

    assert caught.value.translation_key == "command_refused"
    assert state_of(hass, CURRENT) == "16"


async def test_truth_follows_the_confirmation(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A car that has confirmed 8 and does 6 shows 6 when it is asked."""
    await set_value(hass, CURRENT, 8)
    assert state_of(hass, CURRENT) == "8"
    cloud.cars[MODEL_X].changes["charge_state__charge_current_request"] = 6

    await pass_time(hass, freezer, timedelta(seconds=7))

    assert loaded.runtime_data.cars[MODEL_X].value("charge_current_request") == 6
    assert state_of(hass, CURRENT) == "6"


# Many values


@pytest.mark.usefixtures("loaded")
async def test_of_many_values_the_newest_is_sent_and_always_shown(
    hass: HomeAssistant, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """A hundred in a minute: few commands, and the slider is where the last one put it."""
    calls = []
    for number in range(100):
        calls.append(asyncio.create_task(set_value(hass, CURRENT, number % 30)))
        await settle()
        await pass_seconds(hass, freezer, 0.6)
        assert state_of(hass, CURRENT) == str(number % 30)
    await pass_seconds(hass, freezer, LONGEST_PAUSE)
    await asyncio.gather(*calls)

    assert cloud.commands[0] == ("set_charging_amps", {"charging_amps": 0})
    assert cloud.commands[-1] == ("set_charging_amps", {"charging_amps": 99 % 30})
    assert len(cloud.commands) <= 8


@pytest.mark.usefixtures("loaded")
async def test_error_reaches_the_caller_whose_value_was_sent(
    hass: HomeAssistant, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """Those before it return without one, and all show the truth."""
    await set_value(hass, CURRENT, 8)

    async def refuse(_vin: str, _name: str, _body: Mapping[str, Any]) -> CommandAnswer:
        return CommandAnswer(result=False, reason="no")

    with patch.object(cloud, "command", refuse):
        replaced = asyncio.create_task(set_value(hass, CURRENT, 9))
        await settle()
        newest = asyncio.create_task(set_value(hass, CURRENT, 10))
        await settle()
        assert state_of(hass, CURRENT) == "10"
        await pass_seconds(hass, freezer, 3)
        await replaced
        with pytest.raises(HomeAssistantError):
            await newest

    assert state_of(hass, CURRENT) == "8"


async def test_what_waits_is_sent_before_the_entry_ends(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Afterwards nobody could send it."""
    await set_value(hass, CURRENT, 8)
    waiting = asyncio.create_task(set_value(hass, CURRENT, 9))
    await settle()
    assert len(cloud.commands) == 1

    await hass.config_entries.async_unload(loaded.entry_id)
    await waiting

    assert cloud.commands[-1] == ("set_charging_amps", {"charging_amps": 9})
