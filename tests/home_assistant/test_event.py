"""Moments, seen in how a car changes."""

import time
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.streaming.car import CarStream
from custom_components.teslalogger.vehicle.alerts import Alert, read_alerts
from custom_components.teslalogger.vehicle.state import UNKNOWN_AGE
from simulator.car.state import Update
from simulator.garage import FALCON, YUKI

from .cloud import MODEL_X, FakeCloud
from .streamed import stream_fields

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import device_registry as dr
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .live import Live
    from .running import Start

    type Tell = Callable[..., Awaitable[None]]
    type Ask = Callable[..., Awaitable[None]]

CHARGING: Final = "event.falcon_charging_event"
OPENED: Final = "event.falcon_opened_while_nobody_is_in"
SOFTWARE: Final = "event.falcon_software_update"
COMMAND: Final = "event.falcon_command"
ALERT: Final = "event.falcon_alert"
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


@pytest.fixture
async def streamed(hass: HomeAssistant, loaded: MockConfigEntry) -> CarStream:
    """The stream of the Model X, in which nobody sat when it was asked."""
    stream = CarStream(hass, loaded.runtime_data.cars[MODEL_X])
    stream.async_open()
    stream_fields(stream, {"DoorState": {}}, time.time())
    return stream


async def stream_on(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    stream: CarStream,
    hours: float,
    created_at: float | None = None,
    **fields: object,
) -> None:
    """Let the car stream something, so much later."""
    freezer.tick(hours * 3600)
    stream_fields(stream, fields, created_at)
    freezer.tick(5)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("before", "is_news"),
    [
        ({}, False),  # nobody was in it hours ago
        ({"DriverSeatOccupied": False}, True),  # the car would have told
        ({"DriverSeatOccupied": True}, False),
        ({"DriverSeatOccupied": True, "Gear": "ShiftStateD"}, False),
        ({"DriverSeatOccupied": False, "created_at": UNKNOWN_AGE}, False),  # a broker kept it
    ],
)
async def test_what_opens_while_the_stream_tells_who_is_in(
    hass: HomeAssistant,
    streamed: CarStream,
    freezer: FrozenDateTimeFactory,
    before: dict[str, Any],
    *,
    is_news: bool,
) -> None:
    """An old answer about that is no evidence, what is streamed stays true until it changes."""
    await stream_on(hass, freezer, streamed, 0.01, **before)
    await stream_on(hass, freezer, streamed, 5, DoorState={"DriverFront": True})
    streamed.async_close()

    assert streamed.car.value("door_front_driver") is True
    assert (last(hass, OPENED) is not None) == is_news


async def test_person_in_the_car_is_seen_in_its_stream(
    hass: HomeAssistant, streamed: CarStream, freezer: FrozenDateTimeFactory
) -> None:
    """Getting in, driving off and getting out; afterwards a door is news again."""
    seen = []
    steps: tuple[dict[str, Any], ...] = (
        {"DriverSeatOccupied": True},
        {"Gear": "ShiftStateD"},
        {"Gear": "ShiftStateP"},
        {"DriverSeatOccupied": False},
    )
    for fields in steps:
        await stream_on(hass, freezer, streamed, 0.1, **fields)
        seen.append(streamed.car.value("is_user_present"))
    await stream_on(hass, freezer, streamed, 0.1, DoorState={"TrunkRear": True})
    streamed.async_close()

    assert seen == [True, True, True, False]
    happened = last(hass, OPENED)
    assert happened is not None
    assert happened["opening"] == "rear_trunk"


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

    await car.commander.async_send("flash_lights")
    assert last(hass, COMMAND) is None
    cloud.cars[MODEL_X].refusals["honk_horn"] = "user_not_present"
    with pytest.raises(HomeAssistantError):
        await car.commander.async_send("honk_horn")

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


# Alerts


def alert(name: str, time: str, *audience: str) -> dict[str, Any]:
    """An alert in Tesla's words."""
    return {"name": name, "time": time, "audience": list(audience), "user_text": f"About {name}"}


@pytest.fixture
def ask(
    hass: HomeAssistant,
    cloud: FakeCloud,
    entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> Ask:
    """Ask for the Model X's alerts, of which Tesla then knows these."""

    async def ask(*alerts: dict[str, Any]) -> None:
        device = device_registry.async_get_device_by_identifier((DOMAIN, MODEL_X), entry.entry_id)
        assert device is not None
        cloud.answers["recent_alerts"] = {"recent_alerts": list(alerts)}
        await hass.services.async_call(
            DOMAIN,
            "get_recent_alerts",
            {"device_id": device.id},
            blocking=True,
            return_response=True,
        )

    return ask


@pytest.fixture
async def entry_with_event(hass: HomeAssistant, start: Start) -> MockConfigEntry:
    """The account, with a car that has answered once."""
    entry = await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()
    return entry


OLD: Final = alert("VCFRONT_a182", "2026-10-20T08:00:00.500+00:00", "customer")
NEW: Final = alert("APP_w222", "2026-11-01T11:30:00+00:00", "service-fix", "customer")
FOR_SERVICE: Final = alert("BMS_a066", "2026-11-01T11:40:00Z", "service")


@pytest.mark.usefixtures("entry_with_event")
async def test_alert_that_was_not_known_is_raised(hass: HomeAssistant, ask: Ask) -> None:
    """With what Tesla says about it; of old ones nobody hears when they are seen first."""
    await ask(OLD)
    assert last(hass, ALERT) is None

    await ask(OLD, NEW)

    assert last(hass, ALERT) == {
        "event_type": "raised",
        "alert": "APP_w222",
        "text": "About APP_w222",
        "audiences": ["customer", "service_fix"],
        "since": "2026-11-01T11:30:00+00:00",
    }


@pytest.mark.usefixtures("entry_with_event")
async def test_every_new_alert_is_an_event_of_its_own(hass: HomeAssistant, ask: Ask) -> None:
    """In the order in which they were raised."""
    seen: list[tuple[str, str]] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        assert state is not None
        seen.append((state.attributes["event_type"], state.attributes["alert"]))

    async_track_state_change_event(hass, ALERT, note)
    await ask(FOR_SERVICE, OLD, NEW)
    await ask(FOR_SERVICE, OLD, NEW)
    await hass.async_block_till_done()

    assert seen == [("raised", "APP_w222"), ("raised_for_service", "BMS_a066")]


@pytest.mark.usefixtures("entry_with_event")
async def test_nothing_is_an_answer_too(hass: HomeAssistant, ask: Ask) -> None:
    """What comes after it is new, however old it is; what else a car tells raises nothing."""
    await ask()
    assert last(hass, ALERT) is None

    await ask(OLD)

    event = last(hass, ALERT)
    assert event is not None
    assert event["alert"] == "VCFRONT_a182"


async def test_alerts_are_known_over_a_restart(
    hass: HomeAssistant, entry_with_event: MockConfigEntry, ask: Ask, freezer: FrozenDateTimeFactory
) -> None:
    """None is raised twice, also if the car itself streams it again."""
    entry = entry_with_event
    await ask(OLD, NEW)
    before = hass.states.get(ALERT)
    assert before is not None
    freezer.tick(5)

    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await ask(OLD, NEW)
    streamed = Alert(name="APP_w222", started_at=read_alerts([NEW])[0].started_at + 0.25)
    entry.runtime_data.cars[MODEL_X].async_tell_alerts([streamed])

    after = hass.states.get(ALERT)
    assert after is not None
    assert after.state == before.state
    again = Alert(name="APP_w222", started_at=streamed.started_at + 300)
    entry.runtime_data.cars[MODEL_X].async_tell_alerts([again])
    raised = last(hass, ALERT)
    assert raised is not None
    assert raised["since"] == "2026-11-01T11:35:00.250000+00:00"
    assert raised["event_type"] == "raised_for_service"


async def test_simulated_car_raises_an_alert(
    live: Live, device_registry: dr.DeviceRegistry
) -> None:
    """Seen by whoever asks Tesla."""
    live.world.cars[YUKI].wake_now()
    await live.look_at(YUKI)
    now = dt_util.utc_from_timestamp(live.world.clock.now()).isoformat()
    live.world.record(YUKI).alerts.append(alert("APP_w009", now, "customer"))
    device = device_registry.async_get_device_by_identifier((DOMAIN, YUKI), live.entry.entry_id)
    assert device is not None

    response = await live.hass.services.async_call(
        DOMAIN,
        "get_recent_alerts",
        {"device_id": device.id},
        blocking=True,
        return_response=True,
    )

    assert response is not None
    assert response["alerts"] == [alert("APP_w009", now, "customer")]
    assert live.state("event", YUKI, "alert").attributes["alert"] == "APP_w009"


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
