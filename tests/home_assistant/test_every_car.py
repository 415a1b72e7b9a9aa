"""Whatever Tesla has built, and whoever owns it, has its basic readings."""

from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
import pytest

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.tesla import Availability

from .cloud import FakeCar, FakeCloud
from .running import ACCOUNT, asleep, state_of

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import entity_registry as er

    from .running import Start

CARS: Final = {
    "2014 S": "5YJSA1H10EF012301",
    "2018 X": "5YJXCDE22JF012302",
    "2020 3": "5YJ3E7EB8LF012303",
    "2022 S": "5YJSA1E25NF012304",
    "2025 Y": "XP7YGCEK6SB012305",
    "Cybertruck": "7G2CEHED3RA012306",
    "Semi": "7G2TEHED3RA012307",
    "not built yet": "7SAQEHED3TA012308",
}
BASICS: Final = {
    ("sensor", "availability"): "online",
    ("sensor", "battery_level"): "72",
    ("sensor", "battery_range"): "339",
    ("sensor", "odometer"): "37750",
    ("sensor", "charging_state"): "stopped",
    ("sensor", "charge_limit_soc"): "80",
    ("sensor", "inside_temp"): "21.4",
    ("sensor", "outside_temp"): "8.5",
    ("sensor", "car_version"): "2026.32.5",
    ("device_tracker", "location"): "not_home",
    ("lock", "doors"): "locked",
}


@pytest.fixture
def cloud() -> FakeCloud:
    """One of each; every other one is shared by its owner."""
    return FakeCloud(
        *(
            FakeCar(vin=vin, name=name, access_type=("OWNER", "DRIVER")[number % 2])
            for number, (name, vin) in enumerate(CARS.items())
        )
    )


async def test_every_car_has_the_basic_readings(
    hass: HomeAssistant, start: Start, cloud: FakeCloud, entity_registry: er.EntityRegistry
) -> None:
    """Unavailable until it is awake for the first time, which nobody waits for."""
    asleep(cloud)
    entry = await start()
    assert entry.state is ConfigEntryState.LOADED
    assert set(entry.runtime_data.cars) == set(CARS.values())

    def readings(vin: str) -> dict[tuple[str, str], str | None]:
        found = {}
        for platform, key in BASICS:
            entity_id = entity_registry.async_get_entity_id(
                platform, DOMAIN, f"{ACCOUNT}_{vin}_{key}"
            )
            assert entity_id is not None, (vin, key)
            found[platform, key] = state_of(hass, entity_id)
        return found

    for vin in CARS.values():
        before = readings(vin)
        assert before.pop(("sensor", "availability")) == "asleep"
        assert set(before.values()) == {STATE_UNAVAILABLE}

    for vin, car in entry.runtime_data.cars.items():
        cloud.cars[vin].availability = Availability.ONLINE
        await car.async_refresh()
    await hass.async_block_till_done()

    for vin in CARS.values():
        now = readings(vin)
        for number in (("sensor", "battery_range"), ("sensor", "odometer")):
            now[number] = f"{float(now[number] or 0):.0f}"
        assert now == BASICS
