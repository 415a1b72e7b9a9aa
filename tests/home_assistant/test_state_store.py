"""The file of states is written, however much happens."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.teslalogger.state_store import StateStore
from custom_components.teslalogger.vehicle.state import Reading, Source, VehicleState

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

VIN = "5YJ3E7EB8MF012346"
KEY = "teslalogger.entry.state"


async def test_states_that_change_all_the_time_are_written_once_a_minute(
    hass: HomeAssistant, hass_storage: dict[str, Any], freezer: FrozenDateTimeFactory
) -> None:
    """A car that streams for hours does not put the write off."""
    store = StateStore(hass, "entry", VehicleState)
    written = []
    for second in range(0, 300, 10):
        reading = Reading(value=second, car_time=second, received=second, source=Source.STREAM)
        store.state(VIN).apply({"battery_level": reading})
        store.async_changed()
        freezer.tick(timedelta(seconds=10))
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
        if (content := hass_storage.pop(KEY, None)) is not None:
            written.append(content["data"][VIN]["battery_level"][0])
    assert written == [50, 110, 170, 230, 290]

    await store.async_save()
    assert hass_storage[KEY]["data"][VIN]["battery_level"][0] == 290
