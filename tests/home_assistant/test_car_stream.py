"""A car that streams: shown within a tick, written once, hardly polled."""

from datetime import timedelta
import time
from typing import TYPE_CHECKING
from unittest.mock import PropertyMock, patch

from homeassistant.const import EVENT_STATE_CHANGED, STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import callback
import pytest

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.fleet_telemetry.records import Record
from custom_components.teslalogger.sensor import CarSensor
from custom_components.teslalogger.streaming.car import TICK, CarStream
from custom_components.teslalogger.tesla import Availability, NotSent

from .cloud import MODEL_X, FakeCar, FakeCloud
from .running import ACCOUNT, asleep, pass_time, state_of
from .streamed import stream_fields

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import Event, EventStateChangedData, HomeAssistant
    from homeassistant.helpers import entity_registry as er
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .running import Start

LEVEL = "sensor.falcon_battery_level"
LOCKED = "lock.falcon_doors"


@pytest.fixture
def cloud() -> FakeCloud:
    """One car."""
    return FakeCloud(FakeCar(vin=MODEL_X, name="Falcon"))


@pytest.fixture
def stream(hass: HomeAssistant, loaded: MockConfigEntry) -> CarStream:
    """The stream of a car that has been polled once."""
    return CarStream(hass, loaded.runtime_data.cars[MODEL_X])


@pytest.fixture
def written(hass: HomeAssistant) -> list[str]:
    """The entities whose state is written from now on."""
    entity_ids: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        entity_ids.append(event.data["entity_id"])

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return entity_ids


async def settle(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let two ticks pass."""
    await pass_time(hass, freezer, timedelta(seconds=2 * TICK))


async def test_what_is_streamed_is_shown(
    hass: HomeAssistant,
    stream: CarStream,
    freezer: FrozenDateTimeFactory,
    cloud: FakeCloud,
    written: list[str],
) -> None:
    """Nobody else's state is written, and Tesla is asked nothing."""
    stream.async_open()
    await settle(hass, freezer)
    cloud.requests.clear()
    written.clear()
    readings = stream_fields(stream, {"BatteryLevel": 63.0, "Locked": False}, time.time())
    assert readings["battery_level"].value == 63
    await settle(hass, freezer)
    assert state_of(hass, LEVEL) == "63.0"
    assert state_of(hass, LOCKED) == "unlocked"
    assert {LEVEL, LOCKED} <= set(written)
    assert len(written) == len(set(written)) <= 4
    assert not cloud.requests


async def test_listener_that_fails_keeps_no_other_from_hearing(
    hass: HomeAssistant,
    stream: CarStream,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log names it, whether it is an entity or not, and it is told again the next time."""

    def fail() -> None:
        raise ValueError

    stream.async_open()
    await settle(hass, freezer)
    stream.car.async_add_listener(fail, frozenset({"battery_level"}))
    with patch.object(CarSensor, "native_value", PropertyMock(side_effect=ValueError)):
        stream_fields(stream, {"BatteryLevel": 63.0, "Locked": False}, time.time())
        await settle(hass, freezer)
    assert state_of(hass, LOCKED) == "unlocked"
    failures = [
        record.message for record in caplog.records if "could not be told" in record.message
    ]
    assert any(message.endswith(f"told to {LEVEL}") for message in failures)
    assert any(fail.__qualname__ in message for message in failures)
    stream_fields(stream, {"BatteryLevel": 64.0}, time.time())
    await settle(hass, freezer)
    assert state_of(hass, LEVEL) == "64.0"


async def test_many_records_within_a_tick_are_one_write(
    hass: HomeAssistant,
    stream: CarStream,
    freezer: FrozenDateTimeFactory,
    written: list[str],
) -> None:
    """The last one counts; one that is older than it does not."""
    stream.async_open()
    now = time.time()
    stream_fields(stream, {"BatteryLevel": 60.0}, now)
    await settle(hass, freezer)
    written.clear()
    for level in range(1, 61):
        stream_fields(stream, {"BatteryLevel": float(level)}, now + level)
    stream_fields(stream, {"BatteryLevel": 99.0}, now + 1)
    freezer.tick(120)  # else the car's clock would be ahead of ours
    await settle(hass, freezer)
    assert state_of(hass, LEVEL) == "60.0"
    assert written.count(LEVEL) <= 1


async def test_last_update_is_told_to_the_minute(
    hass: HomeAssistant,
    stream: CarStream,
    freezer: FrozenDateTimeFactory,
    written: list[str],
) -> None:
    """However often a car streams, the logbook has room for other things."""
    freezer.move_to("2026-11-02T08:00:00+00:00")
    for _ in range(60):
        stream_fields(stream, {"BatteryLevel": 60.0}, time.time())
        await pass_time(hass, freezer, timedelta(seconds=2))
    assert state_of(hass, "sensor.falcon_last_update") == "2026-11-02T08:01:00+00:00"
    assert written.count("sensor.falcon_last_update") == 2


async def test_streaming_car_is_asked_a_few_times_a_day(
    hass: HomeAssistant,
    stream: CarStream,
    freezer: FrozenDateTimeFactory,
    cloud: FakeCloud,
) -> None:
    """Whatever it does; the free questions stop as well."""
    stream.async_open()
    cloud.requests.clear()
    for _ in range(24 * 12):
        stream_fields(stream, {"Gear": "ShiftStateD", "VehicleSpeed": 40.0}, time.time())
        await pass_time(hass, freezer, timedelta(minutes=5))
    assert cloud.counts["vehicle_data"] == 4
    assert cloud.counts["vehicle"] <= 4


async def test_command_that_the_stream_confirms_costs_no_question(
    hass: HomeAssistant, stream: CarStream, freezer: FrozenDateTimeFactory, cloud: FakeCloud
) -> None:
    """Whether the car streams it before or after it answers; a horn changes nothing."""
    commander = stream.car.commander
    stream.async_open()
    stream_fields(stream, {"Locked": True}, time.time())
    await settle(hass, freezer)
    cloud.requests.clear()
    await commander.async_send("door_unlock")
    stream_fields(stream, {"Locked": False}, time.time())
    await commander.async_send("door_unlock")
    await commander.async_send("honk_horn")
    for _ in range(10):
        await pass_time(hass, freezer, timedelta(minutes=1))
    assert cloud.counts["vehicle_data"] == 0


@pytest.mark.parametrize(
    ("command", "parameters"),
    [
        ("door_unlock", {}),  # streamed, but the car says nothing about it
        ("set_bioweapon_mode", {"on": True, "manual_override": True}),  # in no stream
        ("media_next_track", {}),  # nobody knows what will play
    ],
)
async def test_command_that_the_stream_does_not_confirm_costs_one_question(
    hass: HomeAssistant,
    stream: CarStream,
    freezer: FrozenDateTimeFactory,
    cloud: FakeCloud,
    command: str,
    parameters: dict[str, bool],
) -> None:
    """And what the car did is seen without waiting for hours."""
    stream.async_open()
    stream_fields(stream, {"Locked": True}, time.time())
    await settle(hass, freezer)
    cloud.cars[MODEL_X].changes = {"vehicle_state__media_info": {"now_playing_title": "Falling"}}
    await stream.car.async_refresh()
    cloud.requests.clear()
    await stream.car.commander.async_send(command, **parameters)
    for _ in range(10):
        await pass_time(hass, freezer, timedelta(minutes=1))
    assert cloud.counts["vehicle_data"] == 1


async def test_climate_that_ends_nothing_else_costs_no_question(
    hass: HomeAssistant, stream: CarStream, freezer: FrozenDateTimeFactory, cloud: FakeCloud
) -> None:
    """What does not run cannot have ended with it, though no stream tells it."""
    stream.async_open()
    stream_fields(
        stream,
        {"HvacPower": "HvacPowerStateOn", "ClimateKeeperMode": "Off", "DefrostMode": "Off"},
        time.time(),
    )
    await settle(hass, freezer)
    cloud.requests.clear()
    await stream.car.commander.async_send("auto_conditioning_stop")
    stream_fields(stream, {"HvacPower": "HvacPowerStateOff"}, time.time())
    for _ in range(10):
        await pass_time(hass, freezer, timedelta(minutes=1))
    assert stream.car.value("bioweapon_mode") is False
    assert cloud.counts["vehicle_data"] == 0


async def test_end_of_the_stream_is_looked_into(
    hass: HomeAssistant,
    stream: CarStream,
    freezer: FrozenDateTimeFactory,
    cloud: FakeCloud,
) -> None:
    """The free question shows that the car sleeps; what it told stays."""
    stream.async_open()
    stream_fields(stream, {"BatteryLevel": 63.0}, time.time())
    asleep(cloud)
    stream.async_close()
    assert state_of(hass, LEVEL) == "63.0"
    cloud.requests.clear()
    await settle(hass, freezer)
    assert state_of(hass, "sensor.falcon_status") == "asleep"
    await pass_time(hass, freezer, timedelta(hours=1))
    assert cloud.counts["vehicle_data"] == 0
    stream.async_close()


async def test_stream_shows_while_tesla_does_not_answer(
    hass: HomeAssistant,
    stream: CarStream,
    freezer: FrozenDateTimeFactory,
    cloud: FakeCloud,
) -> None:
    """And without it nothing would be shown."""
    cloud.failures["vehicle"] = NotSent()
    await stream.car.async_refresh()
    assert state_of(hass, LEVEL) == STATE_UNAVAILABLE
    stream.async_open()
    stream_fields(stream, {"BatteryLevel": 63.0}, time.time())
    await settle(hass, freezer)
    assert state_of(hass, LEVEL) == "63.0"


async def test_thing_that_is_streamed_for_the_first_time_appears(
    hass: HomeAssistant,
    stream: CarStream,
    freezer: FrozenDateTimeFactory,
    entity_registry: er.EntityRegistry,
) -> None:
    """The car turns out to have it."""
    unique_id = f"{ACCOUNT}_{MODEL_X}_brake_pedal"
    stream.async_open()
    assert not entity_registry.async_get_entity_id("binary_sensor", DOMAIN, unique_id)
    stream_fields(stream, {"BrakePedal": True}, time.time())
    await settle(hass, freezer)
    assert entity_registry.async_get_entity_id("binary_sensor", DOMAIN, unique_id)


@pytest.mark.parametrize(
    ("entity_id", "absent", "present"),
    [
        ("button.falcon_homelink", {"HomelinkDeviceCount": 0}, {"HomelinkDeviceCount": 2}),
        (
            "cover.falcon_sunroof",
            {"SunroofInstalled": "SunroofInstalledStateNotInstalled"},
            {"SunroofInstalled": "SunroofInstalledStateGen2Installed"},
        ),
        (
            "sensor.falcon_tire_pressure_front_right",
            {"TpmsPressureFr": None},
            {"TpmsPressureFr": 2.9},
        ),
    ],
)
async def test_thing_that_was_first_told_to_be_absent_appears(
    hass: HomeAssistant,
    stream: CarStream,
    freezer: FrozenDateTimeFactory,
    cloud: FakeCloud,
    entity_id: str,
    absent: dict[str, object],
    present: dict[str, object],
) -> None:
    """As soon as it is streamed, though the car had spoken of it before."""
    cloud.cars[MODEL_X].changes = {"vehicle_state__tpms_pressure_fr": None}
    await stream.car.async_refresh()
    stream.async_open()
    stream_fields(stream, absent, time.time())
    await settle(hass, freezer)
    assert hass.states.get(entity_id) is None
    stream_fields(stream, present, time.time())
    await settle(hass, freezer)
    assert hass.states.get(entity_id) is not None
    stream.async_close()


async def test_stream_before_the_first_answer_proves_nothing_absent(
    hass: HomeAssistant, start: Start, freezer: FrozenDateTimeFactory, cloud: FakeCloud
) -> None:
    """A car may have what no stream tells; without it, it has something else instead."""
    asleep(cloud)
    cloud.cars[MODEL_X].changes = {
        "charge_schedule_data__charge_schedules": [],
        "vehicle_state__sentry_mode_available": False,
        "vehicle_config__can_accept_navigation_requests": False,
    }
    entry = await start()
    stream = CarStream(hass, entry.runtime_data.cars[MODEL_X])
    stream_fields(
        stream,
        {
            "ScheduledChargingStartTime": "01:30:00",
            "ScheduledDepartureTime": "07:00:00",
            "ScheduledChargingMode": "ScheduledChargingModeOff",
            "SentryMode": "SentryModeStateOff",
        },
        None,
    )
    await settle(hass, freezer)
    assert stream.car.knows("scheduled_charging_start_time_minutes")
    entities = (
        "switch.falcon_scheduled_charging",
        "time.falcon_scheduled_charging_time",
        "switch.falcon_sentry_mode",
        "text.falcon_navigate_to",
    )
    assert not any(map(hass.states.get, entities))
    cloud.cars[MODEL_X].availability = Availability.ONLINE
    await stream.car.async_refresh()
    await hass.async_block_till_done()
    assert not any(map(hass.states.get, entities))
    assert hass.states.get("calendar.falcon_charge_schedules") is not None
    stream.async_close()


@pytest.mark.usefixtures("everything_enabled")
@pytest.mark.parametrize(
    ("mode", "switch", "preset"),
    [
        ("DefrostModeStateOff", STATE_OFF, "normal"),
        ("DefrostModeStateAutoDefog", STATE_OFF, "normal"),
        ("DefrostModeStateNormal", STATE_ON, "defrost"),
        ("DefrostModeStateMax", STATE_ON, "defrost"),
    ],
)
async def test_car_that_clears_its_glass_by_itself_does_not_defrost(
    hass: HomeAssistant,
    stream: CarStream,
    freezer: FrozenDateTimeFactory,
    mode: str,
    switch: str,
    preset: str,
) -> None:
    """That is part of ordinary climate; nobody has asked for it."""
    stream.async_open()
    stream_fields(stream, {"DefrostMode": mode}, time.time())
    await settle(hass, freezer)
    climate = hass.states.get("climate.falcon_cabin")
    assert climate is not None
    assert (state_of(hass, "switch.falcon_defrost"), climate.attributes["preset_mode"]) == (
        switch,
        preset,
    )


@pytest.mark.parametrize(("right", "driver"), [(False, 20.5), (True, 22.0)])
async def test_driver_s_side_is_the_one_with_the_wheel(
    hass: HomeAssistant, start: Start, cloud: FakeCloud, *, right: bool, driver: float
) -> None:
    """The car has said in its data on which side that is."""
    cloud.cars[MODEL_X].changes = {"vehicle_config__rhd": right}
    entry = await start()
    car = entry.runtime_data.cars[MODEL_X]
    await car.async_refresh()

    stream = CarStream(hass, car)
    stream_fields(
        stream, {"HvacLeftTemperatureRequest": 20.5, "HvacRightTemperatureRequest": 22.0}, None
    )
    stream.async_close()

    assert car.value("driver_temp_setting") == driver


@pytest.mark.parametrize(("side", "driver"), [(True, 22.0), (False, 20.5), (None, 20.5)])
async def test_side_of_the_wheel_counts_from_the_record_that_tells_it(
    stream: CarStream, *, side: bool | None, driver: float
) -> None:
    """The first one tells all there is, and others may have come with it; "invalid" is no word."""
    seats = {"HvacLeftTemperatureRequest": 20.5, "HvacRightTemperatureRequest": 22.0}
    first, second = stream.async_take(
        [Record(fields={**seats, "RightHandDrive": side}), Record(fields=seats)]
    )
    stream.async_close()
    assert [told["driver_temp_setting"].value for told in (first, second)] == [driver, driver]


async def test_records_that_come_together_count_one_after_the_other(
    hass: HomeAssistant, stream: CarStream, freezer: FrozenDateTimeFactory, cloud: FakeCloud
) -> None:
    """An older one undoes nothing, and a step that was over before the last one came is a step."""
    stream.async_open()
    await settle(hass, freezer)
    cloud.requests.clear()
    now = time.time()
    told = stream.async_take(
        [
            Record(now - 3, {"BatteryLevel": 60.0, "SoftwareUpdateInProgress": True}),
            Record(now - 2),
            Record(now - 1, {"BatteryLevel": 61.0, "SoftwareUpdateInProgress": False}),
            Record(now - 2, {"BatteryLevel": 50.0}),
        ]
    )
    assert [readings["battery_level"].value for readings in told] == [60, 61, 50]
    await settle(hass, freezer)
    assert state_of(hass, LEVEL) == "61.0"
    await pass_time(hass, freezer, timedelta(minutes=1))
    assert cloud.requests.count(("vehicle_data", MODEL_X)) == 1
    stream.async_close()


async def test_first_word_of_a_car_may_be_streamed(
    hass: HomeAssistant, start: Start, freezer: FrozenDateTimeFactory, cloud: FakeCloud
) -> None:
    """Everything becomes available with it."""
    asleep(cloud)
    entry = await start()
    assert state_of(hass, LEVEL) == STATE_UNAVAILABLE
    stream = CarStream(hass, entry.runtime_data.cars[MODEL_X])
    stream.async_open()
    assert stream.is_open
    stream_fields(stream, {"BatteryLevel": 63.0}, None)
    await settle(hass, freezer)
    assert state_of(hass, LEVEL) == "63.0"
    assert state_of(hass, LOCKED) == "unknown"
    stream.async_close()
    assert not stream.is_open
