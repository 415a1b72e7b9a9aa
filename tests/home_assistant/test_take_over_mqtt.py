"""Taking over what TeslaLogger announces by MQTT, through Home Assistant's own integration."""

import json
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message

from custom_components.teslalogger.takeover import Reason, Source

from .cloud import MODEL_3, MODEL_X
from .taking_over import (
    assert_alive,
    assert_as_before,
    assert_nothing_lost,
    live_in,
    look,
    mock_recorder_before_hass,  # noqa: F401 - a fixture
    persistent_database,  # noqa: F401 - a fixture
    recorder_config,  # noqa: F401 - a fixture
    take,
    undo,
)

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

pytestmark = pytest.mark.usefixtures("recorder_mock", "mqtt_mock")

ANNOUNCED: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("sensor", "battery_level", {"unit_of_meas": "%", "dev_cla": "battery"}),
    ("sensor", "odometer", {"unit_of_meas": "km", "dev_cla": "distance"}),
    ("sensor", "inside_temperature", {"unit_of_meas": "°C", "dev_cla": "temperature"}),
    ("sensor", "speed", {"unit_of_meas": "km/h", "dev_cla": "speed"}),
    ("sensor", "sleeping", {}),
    ("sensor", "trip_kwh", {}),
    ("binary_sensor", "locked", {"pl_on": "true", "pl_off": "false"}),
    ("switch", "sentry_mode", {"cmd_t": "~/sentry_mode_on_off", "pl_on": "On", "pl_off": "Off"}),
    ("number", "charge_limit_soc", {"cmd_t": "~/set_charge_limit", "min": 50, "max": 100}),
)
STATES: Final = {"binary_sensor": "true", "switch": "On", "sensor": "42", "number": "80"}


async def announce(hass: HomeAssistant) -> None:
    """What TeslaLogger sends when it starts, and a lamp of somebody else."""
    for vin in (MODEL_3, MODEL_X):
        for platform, key, more in ANNOUNCED:
            topic = f"teslalogger/car/{vin}/{key}"
            config = {
                "~": f"teslalogger/command/{vin}",
                "name": key.replace("_", " ").capitalize(),
                "uniq_id": f"{vin}_{key}",
                "stat_t": topic,
                "dev": {"ids": vin, "mf": "Tesla", "mdl": "Model 3", "name": f"Car {vin[-4:]}"},
            } | more
            async_fire_mqtt_message(
                hass, f"homeassistant/{platform}/{vin}/{key}/config", json.dumps(config)
            )
            await hass.async_block_till_done()
            async_fire_mqtt_message(hass, topic, STATES[platform])
    lamp = {"name": "Lamp", "uniq_id": "lamp", "stat_t": "lamp/on", "cmd_t": "lamp/set"}
    async_fire_mqtt_message(hass, "homeassistant/switch/lamp/config", json.dumps(lamp))
    await hass.async_block_till_done()


@pytest.fixture
async def theirs(hass: HomeAssistant, loaded: MockConfigEntry) -> ConfigEntry:  # noqa: ARG001 - the recorder listens first
    """Home Assistant's MQTT with both cars, and a life of its own."""
    (entry,) = hass.config_entries.async_entries("mqtt")
    await announce(hass)
    await live_in(hass, entry)
    return entry


@pytest.mark.parametrize("expected_lingering_timers", [True])  # MQTT's own, of the first start
async def test_nothing_is_lost_and_undo_restores_it(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: ConfigEntry
) -> None:
    """MQTT goes on for everybody else."""
    before = await look(hass)

    plan = await take(hass, loaded, Source.MQTT)

    after = await look(hass)
    assert len(plan.moves) == 12
    assert {(kept.theirs.original_name, kept.reason) for kept in plan.kept} == {
        ("Sleeping", Reason.NO_COUNTERPART),
        ("Trip kwh", Reason.NO_COUNTERPART),
        ("Locked", Reason.OTHER_PLATFORM),
    }
    assert_nothing_lost(before, after, plan)
    assert theirs.state is ConfigEntryState.LOADED
    for entry in before.entities.values():
        state = hass.states.get(entry["entity_id"])
        gone = {move.ours.entity_id for move in plan.moves}
        assert (state is None) is (
            entry["entity_id"] in gone or entry["disabled_by"] is not None
        ), entry["entity_id"]

    await undo(hass, loaded)

    assert_as_before(before, await look(hass))


@pytest.mark.parametrize("expected_lingering_timers", [True])  # MQTT's own, of the first start
@pytest.mark.parametrize("is_removed", [True, False])
async def test_what_is_given_back_is_alive(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: ConfigEntry, *, is_removed: bool
) -> None:
    """MQTT was never switched off, so it has to be started again to notice."""
    before = await look(hass)
    await take(hass, loaded, Source.MQTT)

    if is_removed:
        await hass.config_entries.async_remove(loaded.entry_id)
    else:
        await undo(hass, loaded)
    await hass.async_block_till_done()
    await announce(hass)  # as a broker does from memory

    assert theirs.state is ConfigEntryState.LOADED
    assert_alive(hass, before, platform="mqtt")


@pytest.mark.parametrize("expected_lingering_timers", [True])  # MQTT's own, of the first start
async def test_what_is_announced_again_does_not_come_back_beside_ours(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: ConfigEntry
) -> None:
    """TeslaLogger announces everything whenever it starts."""
    plan = await take(hass, loaded, Source.MQTT)
    ids = {entry.entity_id for entry in er.async_get(hass).entities.values()}
    shown = {state.entity_id for state in hass.states.async_all()}

    assert await hass.config_entries.async_reload(theirs.entry_id)
    await announce(hass)

    assert {entry.entity_id for entry in er.async_get(hass).entities.values()} == ids
    assert {state.entity_id for state in hass.states.async_all()} == shown
    for move in plan.moves:
        taken = er.async_get(hass).async_get(move.theirs.entity_id)
        assert taken is not None
        assert taken.platform == "teslalogger"
