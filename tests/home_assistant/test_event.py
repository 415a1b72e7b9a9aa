"""Moments, seen in how a car changes."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.exceptions import HomeAssistantError
import pytest

from simulator.car.state import Update
from simulator.garage import FALCON, YUKI

from .cloud import MODEL_X, FakeCloud

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .live import Live
    from .running import Start

    type Tell = Callable[..., Awaitable[None]]

CHARGING: Final = "event.falcon_charging_event"
OPENED: Final = "event.falcon_opened_while_nobody_is_in"
SOFTWARE: Final = "event.falcon_software_update"
COMMAND: Final = "event.falcon_command"
AVAILABLE: Final = {"status": "available", "version": "2026.40.1"}


def charging(state: str, **more: Any) -> dict[str, Any]:
    """What the car tells while it charges, or does not."""
    return {"charge_state__charging_state": state, **more}


def update(**told: Any) -> dict[str, Any]:
    """What the car tells of its software."""
    return {"vehicle_state__software_update": {"status": "", "version": " "} | told}


def last(hass: HomeAssistant, entity_id: str) -> dict[str, Any] | None:
    """What happened last; None if nothing did."""
    state = hass.states.get(entity_id)
    assert state is not None
    if state.state == "unknown":
        return None
    known = {"event_types", "friendly_name", "icon"}
    return {name: value for name, value in state.attributes.items() if name not in known}


@pytest.fixture
def tell(
    hass: HomeAssistant, start: Start, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> Tell:
    """Let the Model X tell one thing after the other."""

    async def one_by_one(*steps: dict[str, Any]) -> None:
        entry = await start()
        for step in steps:
            freezer.tick(1)
            cloud.cars[MODEL_X].changes = step
            await entry.runtime_data.cars[MODEL_X].async_refresh()
            await hass.async_block_till_done()

    return one_by_one


@pytest.mark.parametrize(
    ("before", "after", "event"),
    [
        ("Stopped", "Charging", {"event_type": "started"}),
        ("Disconnected", "Starting", {"event_type": "started"}),
        ("Charging", "Complete", {"event_type": "complete"}),
        ("Charging", "Stopped", {"event_type": "stopped", "reason": "stopped"}),
        ("Charging", "Disconnected", {"event_type": "stopped", "reason": "disconnected"}),
        ("Starting", "Charging", None),
        ("Stopped", "Disconnected", None),
        ("Charging", "Charging", None),
    ],
)
async def test_charging(
    hass: HomeAssistant, tell: Tell, before: str, after: str, event: dict[str, Any] | None
) -> None:
    """Where it begins and ends, with how full the battery is."""
    await tell(charging(before), charging(after))

    facts = {"battery_level": 72, "charge_limit_soc": 80, "charge_energy_added": 12.3}
    assert last(hass, CHARGING) == (facts | event if event else None)


@pytest.mark.parametrize(
    ("steps", "opening"),
    [
        (({}, {"vehicle_state__df": 1}), "door_front_driver"),
        (({}, {"vehicle_state__rt": 1}), "rear_trunk"),
        (({"vehicle_state__pr": 1}, {}, {"vehicle_state__pr": 1}), "door_rear_passenger"),
        (({"vehicle_state__df": 1}, {"vehicle_state__df": 1}), None),
        (({}, {"vehicle_state__df": 1, "vehicle_state__is_user_present": True}), None),
        (({"vehicle_state__df": 1}, {}), None),
    ],
)
async def test_what_opens_while_nobody_is_in(
    hass: HomeAssistant, tell: Tell, steps: tuple[dict[str, Any], ...], opening: str | None
) -> None:
    """Doors and trunks, by name."""
    await tell(*steps)

    expected = {"event_type": "opened", "opening": opening, "locked": True}
    assert last(hass, OPENED) == (expected if opening else None)


@pytest.mark.parametrize(
    ("steps", "version"),
    [
        ((update(), update(**AVAILABLE)), "2026.40.1"),
        ((update(**AVAILABLE), update(**AVAILABLE | {"version": "2026.44"})), "2026.44"),
        ((update(**AVAILABLE), update(**AVAILABLE)), None),
        ((update(**AVAILABLE), update()), None),
        ((update(status="available"), update(**AVAILABLE)), None),
        ((update(**AVAILABLE), update(**AVAILABLE | {"status": "downloading"})), None),
    ],
)
async def test_new_software(
    hass: HomeAssistant, tell: Tell, steps: tuple[dict[str, Any], ...], version: str | None
) -> None:
    """Each version once."""
    await tell(*steps)

    expected = {"event_type": "available", "version": version}
    assert last(hass, SOFTWARE) == (expected if version else None)


async def test_nothing_happened_before_the_start(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """What changed while Home Assistant was off is no news: nobody knows when."""
    freezer.tick(1)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    freezer.tick(3600)
    cloud.cars[MODEL_X].changes = charging("Charging") | {"vehicle_state__df": 1}
    await hass.config_entries.async_setup(loaded.entry_id)
    car = loaded.runtime_data.cars[MODEL_X]
    assert car.value("charging_state") == "stopped"

    freezer.tick(1)
    await car.async_refresh()
    await hass.async_block_till_done()

    assert car.value("charging_state") == "charging"
    assert [last(hass, entity) for entity in (CHARGING, OPENED)] == [None, None]


@pytest.mark.usefixtures("everything_enabled")
async def test_refused_command(
    hass: HomeAssistant, start: Start, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """With the car's own reason; what it does is no event."""
    entry = await start()
    car = entry.runtime_data.cars[MODEL_X]
    await car.async_refresh()
    await hass.async_block_till_done()

    await car.async_send("flash_lights")
    assert last(hass, COMMAND) is None
    cloud.cars[MODEL_X].refusals["honk_horn"] = "user_not_present"
    with pytest.raises(HomeAssistantError):
        await car.async_send("honk_horn")

    assert last(hass, COMMAND) == {
        "event_type": "refused",
        "command": "honk_horn",
        "reason": "user_not_present",
    }
    first = hass.states.get(COMMAND)
    freezer.tick(1)
    await car.async_refresh()
    await hass.async_block_till_done()
    assert hass.states.get(COMMAND) == first


@pytest.mark.usefixtures("loaded")
async def test_refusals_are_disabled_at_first(hass: HomeAssistant) -> None:
    """The person who pressed has read the message."""
    assert hass.states.get(COMMAND) is None
    assert hass.states.get(CHARGING) is not None


@pytest.mark.parametrize("vin", [FALCON, YUKI])
async def test_simulated_car_makes_news(live: Live, vin: str) -> None:
    """Its owner starts charging, somebody opens a door, Tesla has an update."""
    car = live.world.cars[vin]
    car.wake_now()
    car.plug_in("ac")
    car.state.charge.wanted = False
    await live.look_at(vin)

    target = {ATTR_ENTITY_ID: live.entity_id("switch", vin, "charging")}
    await live.hass.services.async_call("switch", "turn_on", target, blocking=True)
    car.state.open_doors.add("pf")
    car.state.update = Update(status="available", version="2026.40.1")
    await live.look_at(vin)

    types = {
        key: live.state("event", vin, key).attributes["event_type"]
        for key in ("charging", "opened_while_away", "software_update")
    }
    assert types == {
        "charging": "started",
        "opened_while_away": "opened",
        "software_update": "available",
    }
    assert live.state("event", vin, "opened_while_away").attributes["opening"] == (
        "door_front_passenger"
    )
