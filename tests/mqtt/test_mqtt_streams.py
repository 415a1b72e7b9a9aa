"""Real broker, Home Assistant's real MQTT integration, real entities."""

import asyncio
import time
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.fleet_telemetry.mqtt_topics import filters
from custom_components.teslalogger.fleet_telemetry.records import read_frame
from custom_components.teslalogger.streaming.car import TICK
from custom_components.teslalogger.streaming.mqtt import PATIENCE, MqttProblem
from custom_components.teslalogger.tesla import Availability
from custom_components.teslalogger.topics import Topic
from custom_components.teslalogger.vehicle.state import Source
from custom_components.teslalogger.vehicle.streamed import readings_from_stream
from tests.fleet_telemetry.frames import CAR, FRAMES
from tests.home_assistant.cloud import MODEL_3
from tests.home_assistant.running import state_of

from .conftest import BASE, is_subscribed

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import Event, EventStateChangedData, HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from custom_components.teslalogger.coordinator import CarCoordinator
    from tests.home_assistant.cloud import FakeCloud
    from tests.home_assistant.running import Start

    from .broker import Broker
    from .conftest import Patience

LEVEL: Final = "sensor.juniper_battery_level"
STATUS: Final = "sensor.juniper_status"
CONNECTED: Final = {"ConnectionId": "1", "Status": "CONNECTED", "CreatedAt": "2026-11-01T12:00:00Z"}
DISCONNECTED: Final = CONNECTED | {"Status": "DISCONNECTED"}


def topic(rest: str, vin: str = MODEL_3) -> str:
    """Of the car that streams."""
    return f"{BASE}/{vin}/{rest}"


def problems(hass: HomeAssistant) -> set[str | None]:
    """What a person is asked to mend."""
    issues = ir.async_get(hass).issues
    return {issue.translation_key for (domain, _), issue in issues.items() if domain == DOMAIN}


@pytest.fixture
async def streaming(
    hass: HomeAssistant, mqtt_entry: MockConfigEntry, start: Start, patience: Patience
) -> MockConfigEntry:
    """The entry, loaded and subscribed."""
    assert await hass.config_entries.async_setup(mqtt_entry.entry_id)
    entry = await start()
    await patience.until(lambda: is_subscribed(hass))
    return entry


@pytest.fixture
def car(streaming: MockConfigEntry) -> CarCoordinator:
    """The car that streams."""
    car: CarCoordinator = streaming.runtime_data.cars[MODEL_3]
    return car


def is_streaming(car: CarCoordinator) -> bool:
    """Whether its stream is open."""
    return car.policy.is_streaming


async def test_every_frame_gives_what_the_receiver_would_make_of_it(
    broker: Broker, car: CarCoordinator, patience: Patience
) -> None:
    """All that Tesla's own server published of the reference's frames."""
    await broker.publish({topic("connectivity"): CONNECTED})
    await patience.until(lambda: is_streaming(car))
    told = 0
    for frame in FRAMES:
        fields = {name: content for name, content in frame.mqtt.items() if name.startswith("v/")}
        record = read_frame(frame.content, CAR).record
        if not fields or record is None:
            continue
        expected = readings_from_stream(record.fields, time.time(), time.time(), Source.MQTT)
        await patience.look()
        since = time.time()
        await broker.publish({topic(name): content for name, content in fields.items()})

        def has_told() -> bool:
            readings = [car.data.get(key) for key in expected]  # noqa: B023 - used at once
            return all(reading and reading.received >= since for reading in readings)  # noqa: B023

        await patience.until(has_told)
        found = {key: (reading.value, reading.source) for key, reading in car.data.readings.items()}
        assert {key: found[key] for key in expected} == {
            key: (reading.value, Source.MQTT) for key, reading in expected.items()
        }, frame.name
        told += len(expected)
    assert told > 80


SHOWN: Final = {
    LEVEL: "62.9",
    "sensor.juniper_gear": "d",
    "sensor.juniper_outside_temperature": "9.5",
    "sensor.juniper_charging_state": "charging",
    "sensor.juniper_charger_power": "11.04",
    "sensor.juniper_time_to_full_charge": "195.0",
    "binary_sensor.juniper_driver_door": "on",
    "binary_sensor.juniper_trunk": "off",
    "lock.juniper_doors": "locked",
    "switch.juniper_sentry_mode": "on",
    "number.juniper_charge_limit": "80",
    "device_tracker.juniper_location": "not_home",
}


async def test_what_is_published_is_shown(
    broker: Broker, car: CarCoordinator, patience: Patience
) -> None:
    """By entities of many kinds; the first value opens the stream, though nobody announced it."""
    assert not is_streaming(car)
    for frame in FRAMES[:4]:
        await broker.publish({topic(name): content for name, content in frame.mqtt.items()})
    for entity_id, state in SHOWN.items():
        await patience.shown(entity_id, state)
    assert is_streaming(car)


async def test_fields_of_a_record_are_one_record(
    broker: Broker, car: CarCoordinator, patience: Patience, streaming: MockConfigEntry
) -> None:
    """In whichever order they come."""
    telemetry = streaming.runtime_data.telemetry
    listener, behind = telemetry.cars[MODEL_3], telemetry._channel._cars[MODEL_3]
    frame = FRAMES[0]

    def has_come() -> bool:
        return behind._live is not None and len(behind._live.fields) == len(frame.mqtt)

    with patch.object(listener, "async_records", wraps=listener.async_records) as taken:
        await broker.publish(
            {topic(name): content for name, content in reversed(frame.mqtt.items())}
        )
        await patience.until(has_come, seconds=0)
        await patience.until(lambda: car.value("speed") is not None)
    [[record]] = [call.args[0] for call in taken.call_args_list]
    assert {f"v/{name}": value for name, value in record.fields.items()} == frame.mqtt
    assert record.signals == 20
    assert record.created_at is None


async def test_car_comes_and_goes(
    hass: HomeAssistant, broker: Broker, car: CarCoordinator, patience: Patience, cloud: FakeCloud
) -> None:
    """As the server says; what it told stays, and Tesla is asked why it went."""
    await broker.publish({topic("connectivity"): CONNECTED})
    await patience.shown(STATUS, "online")
    await broker.publish({topic("v/BatteryLevel"): 63})
    await patience.shown(LEVEL, "63")
    await patience.until(lambda: cloud.counts["vehicle_data"] > 0)  # refused: it lags behind
    await patience.look()
    assert state_of(hass, STATUS) == "online"
    cloud.requests.clear()
    await broker.publish({topic("connectivity"): DISCONNECTED})
    await patience.shown(STATUS, "asleep")
    assert not is_streaming(car)
    assert state_of(hass, LEVEL) == "63"
    assert cloud.counts["vehicle"] == 1
    assert not cloud.counts["vehicle_data"]


async def test_retained_messages_fill_gaps_alone(
    hass: HomeAssistant,
    broker: Broker,
    mqtt_entry: MockConfigEntry,
    start: Start,
    patience: Patience,
    cloud: FakeCloud,
) -> None:
    """Nobody knows their age: what Tesla told yesterday counts for more, and nobody is online."""
    await broker.publish(
        {
            topic("connectivity"): CONNECTED,
            topic("v/BatteryLevel"): 12,
            topic("v/SoftwareUpdateVersion"): "2026.44.1",
            topic("alerts/A/current"): {"StartedAt": "2026-11-01T11:59:00Z", "Audiences": None},
        },
        retained=True,
    )
    cloud.cars[MODEL_3].availability = Availability.ONLINE
    entry = await start()
    car = entry.runtime_data.cars[MODEL_3]
    await car.async_refresh()
    level = state_of(hass, LEVEL)
    updated = car.data.last_told
    assert await hass.config_entries.async_setup(mqtt_entry.entry_id)
    await patience.until(lambda: car.value("software_update_version") == "2026.44.1")
    assert state_of(hass, LEVEL) == level != "12"
    assert not is_streaming(car)
    assert car.data.last_told == updated
    await broker.publish({topic("v/BatteryLevel"): 13}, retained=True)
    await patience.shown(LEVEL, "13")
    assert is_streaming(car)


async def test_broker_dies_and_returns(
    hass: HomeAssistant,
    broker: Broker,
    car: CarCoordinator,
    patience: Patience,
    freezer: FrozenDateTimeFactory,
    cloud: FakeCloud,
) -> None:
    """Meanwhile cars are asked, what they told stays, and before long a person hears of it."""
    await broker.publish({topic("connectivity"): CONNECTED, topic("v/BatteryLevel"): 63})
    await patience.shown(LEVEL, "63")
    broker.kill()
    await patience.until(lambda: not is_streaming(car))
    await patience.shown(STATUS, "asleep")
    assert state_of(hass, LEVEL) == "63"
    assert not problems(hass)
    freezer.tick(PATIENCE)
    async_fire_time_changed(hass)
    await patience.until(lambda: problems(hass) == {MqttProblem.BROKER_AWAY})
    cloud.requests.clear()

    await asyncio.to_thread(broker.start)
    await patience.until(lambda: not problems(hass) and is_subscribed(hass))
    assert not is_streaming(car)
    await broker.publish({topic("v/BatteryLevel"): 64})
    await patience.shown(LEVEL, "64")
    assert is_streaming(car)


async def test_integration_that_is_set_up_later(
    hass: HomeAssistant,
    broker: Broker,
    mqtt_entry: MockConfigEntry,
    start: Start,
    patience: Patience,
) -> None:
    """Until then a person is told to; nothing fails."""
    await hass.config_entries.async_remove(mqtt_entry.entry_id)
    entry = await start()
    assert entry.state is ConfigEntryState.LOADED
    assert problems(hass) == {MqttProblem.NOT_SET_UP}
    await hass.config_entries.async_add(mqtt_entry)
    await patience.until(lambda: is_subscribed(hass))
    assert not problems(hass)
    await broker.publish({topic("v/BatteryLevel"): 63})
    await patience.shown(LEVEL, "63")


@pytest.mark.parametrize("base", ["fleet/+"])
async def test_base_that_is_none_is_a_problem(
    hass: HomeAssistant, mqtt_entry: MockConfigEntry, start: Start
) -> None:
    """And nothing is subscribed."""
    assert await hass.config_entries.async_setup(mqtt_entry.entry_id)
    entry = await start()
    assert entry.state is ConfigEntryState.LOADED
    assert problems(hass) == {MqttProblem.TOPIC_INVALID}
    assert not any("fleet" in sub.topic for sub in hass.data[mqtt.DATA_MQTT].client.subscriptions)


async def test_refused_subscription_is_a_problem(
    hass: HomeAssistant, mqtt_entry: MockConfigEntry, start: Start
) -> None:
    """And no exception."""
    assert await hass.config_entries.async_setup(mqtt_entry.entry_id)
    with patch.object(mqtt, "async_subscribe", side_effect=HomeAssistantError("refused")):
        entry = await start()
    assert entry.state is ConfigEntryState.LOADED
    assert problems(hass) == {MqttProblem.BROKER_AWAY}
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not problems(hass)


async def test_messages_of_others_and_nonsense_change_nothing(
    broker: Broker, car: CarCoordinator, patience: Patience
) -> None:
    """Foreign cars, foreign topics, and payloads that nobody understands."""
    before = dict(car.data.readings)
    for frame in (frame for frame in FRAMES if frame.mqtt):
        await broker.publish(
            {topic(name, CAR.device_id): content for name, content in frame.mqtt.items()}
        )
    await broker.publish({topic("w/Soc"): 1, f"other/{MODEL_3}/v/Soc": 1, topic("v/Nothing"): 1})
    payloads = ["", "{", "[1]", "NaN", "\x00", "{}", "1e999", b"\xff\xfe"]
    names = ["v/BatteryLevel", "connectivity", "alerts/A/current", "alerts/A/history", "errors/E"]
    await broker.publish_all(
        [(topic(name), payload) for name in names for payload in payloads], raw=True
    )
    await broker.publish({topic("v/Locked"): True})
    await patience.until(lambda: car.value("locked") is True)
    changed = {key for key, reading in car.data.readings.items() if before.get(key) != reading}
    assert changed == {"locked", "availability"}


async def test_thousands_of_messages_are_few_writes(
    hass: HomeAssistant, broker: Broker, car: CarCoordinator, patience: Patience
) -> None:
    """One a second at most, and none of entities that they do not concern."""
    assert not is_streaming(car)
    written: list[tuple[str, float]] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        written.append((event.data["entity_id"], time.time()))

    await broker.publish({topic("connectivity"): CONNECTED, topic("v/BatteryLevel"): 0})
    await patience.shown(LEVEL, "0")
    for _ in range(40):
        await patience.look()
    began = time.time()
    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    levels = [(topic("v/BatteryLevel"), level % 90 + 1) for level in range(3_000)]
    published = asyncio.create_task(broker.publish_all([*levels, (topic("v/BatteryLevel"), 99)]))
    while not published.done():
        await patience.look()
    await published
    await patience.shown(LEVEL, "99")
    ticks = (time.time() - began) / TICK + 1
    times = [at for entity_id, at in written if entity_id == LEVEL]
    assert 1 <= len(times) <= ticks
    assert {name for name, _ in written} <= {LEVEL, "sensor.juniper_last_update"}


async def test_unloading_unsubscribes(
    hass: HomeAssistant,
    broker: Broker,
    streaming: MockConfigEntry,
    mqtt_entry: MockConfigEntry,
    patience: Patience,
) -> None:
    """Also after the MQTT integration was reloaded, and as often as one likes."""

    def subscribed() -> list[str]:
        client = hass.data[mqtt.DATA_MQTT].client
        return sorted(sub.topic for sub in client.subscriptions if sub.topic in filters(BASE))

    assert subscribed() == sorted(filters(BASE))
    assert await hass.config_entries.async_reload(mqtt_entry.entry_id)
    await patience.until(lambda: is_subscribed(hass))
    assert subscribed() == sorted(filters(BASE))
    assert await hass.config_entries.async_reload(streaming.entry_id)
    await patience.until(lambda: is_subscribed(hass))
    assert subscribed() == sorted(filters(BASE))
    assert await hass.config_entries.async_unload(streaming.entry_id)
    assert subscribed() == []
    await broker.publish({topic("v/BatteryLevel"): 63})
    for _ in range(20):
        await patience.look()
    assert state_of(hass, LEVEL) == "unavailable"


async def test_alert_is_told_once(broker: Broker, car: CarCoordinator, patience: Patience) -> None:
    """Though it comes as the current one and in its history."""
    told: list[list[str]] = []
    car.async_add_listener(
        lambda: told.append([alert.name for alert in car.alerts or ()]), {Topic.ALERTS}
    )
    frame = next(frame for frame in FRAMES if frame.name.startswith("081"))
    await broker.publish({topic(name): content for name, content in frame.mqtt.items()})
    await patience.until(lambda: bool(any(told)))
    assert [names for names in told if names] == [["UI_a006_svcMode"]]
