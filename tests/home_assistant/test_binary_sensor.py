"""What a car tells as yes or no."""

from typing import TYPE_CHECKING

from homeassistant.const import STATE_OFF, STATE_ON
import homeassistant.util.dt as dt_util
import pytest

from custom_components.teslalogger.binary_sensor import BINARY_SENSORS
from custom_components.teslalogger.tesla import Scope
from custom_components.teslalogger.vehicle import SIGNALS, Kind, readings_from_stream

from .cloud import MODEL_X, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .live import Live


async def test_thing_that_a_car_lacks_has_no_entity(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """It appears once the car tells of it."""
    assert hass.states.get("binary_sensor.falcon_tire_pressure_notice_front_right") is None

    cloud.cars[MODEL_X].changes = {"vehicle_state__tpms_soft_warning_fr": True}
    await loaded.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()

    state = hass.states.get("binary_sensor.falcon_tire_pressure_notice_front_right")
    assert state is not None
    assert state.state == STATE_ON
    assert hass.states.get("binary_sensor.juniper_tire_pressure_notice_front_right") is None


@pytest.mark.parametrize("scopes", [(Scope.VEHICLE_DEVICE_DATA, Scope.OFFLINE_ACCESS)])
@pytest.mark.parametrize(("locked", "state"), [(True, STATE_OFF), (False, STATE_ON)])
async def test_login_without_commands_sees_whether_the_doors_are_locked(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud, state: str, *, locked: bool
) -> None:
    """Where commands are allowed the lock shows it; on means unlocked."""
    cloud.cars[MODEL_X].changes = {"vehicle_state__locked": locked}
    await loaded.runtime_data.cars[MODEL_X].async_refresh()

    assert state_of(hass, "binary_sensor.falcon_doors") == state


@pytest.mark.usefixtures("loaded")
async def test_login_with_commands_has_the_lock_instead(hass: HomeAssistant) -> None:
    """Nothing is there twice."""
    assert state_of(hass, "binary_sensor.falcon_doors") is None


async def test_streamed_place_comes_with_its_first_value(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Only the stream knows it."""
    car = loaded.runtime_data.cars[MODEL_X]
    now = dt_util.utcnow().timestamp()
    assert state_of(hass, "binary_sensor.falcon_at_home") is None

    car.async_apply(readings_from_stream({"LocatedAtHome": True}, now, now))
    car.async_update_listeners()
    await hass.async_block_till_done()

    assert state_of(hass, "binary_sensor.falcon_at_home") == STATE_ON


async def test_door_of_a_simulated_car(live: Live) -> None:
    """Opened in the car, open in Home Assistant."""
    await live.look_at(MODEL_X)
    assert live.state("binary_sensor", MODEL_X, "door_front_driver").state == STATE_OFF
    live.world.cars[MODEL_X].state.open_doors = {"df"}

    await live.look_at(MODEL_X)

    assert live.state("binary_sensor", MODEL_X, "door_front_driver").state == STATE_ON


@pytest.mark.parametrize(
    ("key", "word", "is_on"),
    [
        ("hvil", "fault", True),
        ("hvil", "ok", False),
        ("hvac_auto_mode", "on", True),
        ("hvac_auto_mode", "override", False),
    ],
)
def test_word_that_counts_as_on(key: str, word: str, *, is_on: bool) -> None:
    """Where Tesla says it with a word."""
    row = next(row for row in BINARY_SENSORS if row.key == key)

    assert row.is_on_fn(word) is is_on
    assert word in SIGNALS[key].options


def test_every_key_is_a_signal() -> None:
    """Which is what the entity shows, unless it is known without the car's telling."""
    rows = [row for row in BINARY_SENSORS if row.known_fn is None]
    assert {row.key for row in BINARY_SENSORS} - {row.key for row in rows} == {"streaming"}
    assert {row.key for row in rows} <= set(SIGNALS)
    assert all(row.topics == (row.key,) for row in rows)
    others = {row.key for row in rows if SIGNALS[row.key].kind is not Kind.BOOL}
    assert others == {"hvil", "hvac_auto_mode"}
