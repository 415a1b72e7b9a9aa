"""Asking a car as little as possible, commanding it, and telling only what changed."""

import asyncio
from datetime import timedelta
import logging
from typing import TYPE_CHECKING, Any
from unittest.mock import AsyncMock, patch

from homeassistant.const import ATTR_ENTITY_ID, STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.entity import Entity
from homeassistant.setup import async_setup_component
import pytest

from custom_components.teslalogger.commander import KeyStatus
from custom_components.teslalogger.coordinator import CarCoordinator
from custom_components.teslalogger.tesla import (
    AnswerLost,
    Availability,
    InService,
    LocationNotGranted,
    LoginRequired,
    MissingScope,
    NotSent,
    PaymentRequired,
    RateLimited,
    Scope,
    SigningUnsupported,
    TeslaError,
    VehicleTimeout,
)
from custom_components.teslalogger.vehicle import SignedChannel
from custom_components.teslalogger.vehicle.outcome import Outcome, Result, Route
from custom_components.teslalogger.vehicle_command import KeyNotPaired, Refused

from .cloud import MODEL_3, MODEL_X, FakeCar, FakeCloud
from .running import Start, asleep, pass_time, state_of

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

SENTRY = "switch.falcon_sentry_mode"


@pytest.fixture
def cloud() -> FakeCloud:
    """One car, which takes unsigned commands."""
    return FakeCloud(FakeCar(vin=MODEL_X, name="Falcon"))


@pytest.fixture
def car(loaded: MockConfigEntry) -> CarCoordinator:
    """The car, which has answered once."""
    found = loaded.runtime_data.cars[MODEL_X]
    assert isinstance(found, CarCoordinator)
    return found


async def turn(hass: HomeAssistant, entity_id: str, *, on: bool) -> None:
    """Press a switch, and wait for what comes of it."""
    action = "turn_on" if on else "turn_off"
    await hass.services.async_call("switch", action, {ATTR_ENTITY_ID: entity_id}, blocking=True)


def outcome(result: Result, **more: Any) -> Outcome:
    """An outcome of a press on the sentry switch."""
    facts: dict[str, Any] = {
        "route": Route.SIGNED,
        "attempts": 1,
        "requests": 1,
        "duration": 0.5,
        "cost": 0.001,
    }
    return Outcome(command="set_sentry_mode", result=result, **(facts | more))


# Asking


async def test_sleeping_car_is_left_alone_for_a_day(
    hass: HomeAssistant, start: Start, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """Only the free state check goes on; nothing wakes the car and nothing keeps it awake."""
    asleep(cloud)
    await start()

    for _ in range(24 * 60):
        await pass_time(hass, freezer, timedelta(minutes=1))

    assert cloud.counts["wake_up"] == 0
    assert cloud.counts["vehicle_data"] == 0
    assert cloud.counts["vehicle"] > 24 * 50


@pytest.mark.usefixtures("loaded")
async def test_idle_car_may_fall_asleep(
    hass: HomeAssistant, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """For longer than it takes to fall asleep it is asked nothing that keeps it awake."""
    before = cloud.counts["vehicle_data"]

    for _ in range(18):
        await pass_time(hass, freezer, timedelta(minutes=1))

    assert cloud.counts["vehicle_data"] == before


async def test_car_that_wakes_up_is_asked_for_data(
    hass: HomeAssistant, start: Start, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """The state check finds it online, and the data follow at once."""
    asleep(cloud)
    await start()

    cloud.cars[MODEL_X].availability = Availability.ONLINE
    await pass_time(hass, freezer, timedelta(seconds=62))

    assert state_of(hass, "sensor.falcon_battery_level") == "72"
    assert cloud.counts["vehicle_data"] == 1


async def test_driving_car_is_asked_every_minute(
    hass: HomeAssistant, start: Start, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """As the policy says."""
    cloud.cars[MODEL_X].changes = {"drive_state__shift_state": "D", "drive_state__speed": 30}
    await start()

    for _ in range(10):
        await pass_time(hass, freezer, timedelta(seconds=61))

    assert cloud.counts["vehicle_data"] == pytest.approx(10, abs=1)


async def test_car_asleep_behind_a_stale_online_counts_as_asleep(
    hass: HomeAssistant, car: CarCoordinator, cloud: FakeCloud
) -> None:
    """Tesla's idea of who is online lags; nothing becomes unavailable for that."""
    cloud.cars[MODEL_X].availability = Availability.ASLEEP
    with patch.object(cloud, "vehicle", AsyncMock(return_value=Availability.ONLINE)):
        await car.async_refresh()
    await hass.async_block_till_done()

    assert car.policy.availability is Availability.ASLEEP
    assert state_of(hass, "sensor.falcon_battery_level") == "72"


async def test_only_entities_whose_signals_changed_are_written(
    car: CarCoordinator, cloud: FakeCloud
) -> None:
    """Counted, not believed."""
    cloud.cars[MODEL_X].changes = {"climate_state__inside_temp": 30.0, "vehicle_state__df": 1}
    written: list[str] = []

    def note(entity: Entity) -> None:
        written.append(entity.entity_id)

    with patch.object(Entity, "async_write_ha_state", note):
        await car.async_refresh()

    assert sorted(written) == [
        "binary_sensor.falcon_driver_door",
        "climate.falcon_cabin",
        "event.falcon_opened_while_nobody_is_in",
        "sensor.falcon_inside_temperature",
    ]


@pytest.mark.usefixtures("car")
async def test_news_can_be_asked_for(hass: HomeAssistant, cloud: FakeCloud) -> None:
    """Before its time, with the free state check first."""
    await async_setup_component(hass, "homeassistant", {})
    cloud.requests.clear()
    cloud.cars[MODEL_X].changes = {"charge_state__battery_level": 55}

    await hass.services.async_call(
        "homeassistant", "update_entity", {ATTR_ENTITY_ID: SENTRY}, blocking=True
    )

    assert [endpoint for endpoint, _ in cloud.requests] == ["vehicle", "vehicle_data"]
    assert state_of(hass, "sensor.falcon_battery_level") == "55"


async def test_outage_is_shown_and_logged_once(
    hass: HomeAssistant,
    car: CarCoordinator,
    cloud: FakeCloud,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Unavailable while Tesla gives no answer, back with the first one."""
    cloud.failures["vehicle"] = AnswerLost(status=502)
    for _ in range(3):
        await car.async_refresh()
    assert state_of(hass, "sensor.falcon_battery_level") == STATE_UNAVAILABLE
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 1
    assert MODEL_X not in caplog.text

    cloud.failures.clear()
    await car.async_refresh()

    assert state_of(hass, "sensor.falcon_battery_level") == "72"


async def test_rate_limit_keeps_values_and_survives_a_command(
    hass: HomeAssistant, car: CarCoordinator, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """Commands are a class of their own; data wait until Tesla's time has come."""
    cloud.failures["vehicle"] = RateLimited(status=429, retry_after=1800)
    await car.async_refresh()
    del cloud.failures["vehicle"]
    cloud.requests.clear()

    await turn(hass, SENTRY, on=True)
    await car.async_refresh()
    for _ in range(25):
        await pass_time(hass, freezer, timedelta(minutes=1))
    assert set(cloud.counts) == {"command"}
    assert state_of(hass, "sensor.falcon_battery_level") == "72"

    for _ in range(8):
        await pass_time(hass, freezer, timedelta(minutes=1))
    assert cloud.counts["vehicle_data"] >= 1


async def test_car_in_service_is_asked_seldom(
    hass: HomeAssistant, car: CarCoordinator, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """Every half an hour at most."""
    cloud.failures["vehicle_data"] = InService(status=405)
    await car.async_refresh()
    cloud.requests.clear()

    for _ in range(28):
        await pass_time(hass, freezer, timedelta(minutes=1))

    assert not cloud.counts["vehicle_data"]


async def test_refused_location_costs_only_the_location(
    hass: HomeAssistant, start: Start, cloud: FakeCloud
) -> None:
    """An owner can hide it from a login that allows it."""
    refusals = [LocationNotGranted(status=403)]
    ask = cloud.vehicle_data

    async def refuse_once(vin: str, endpoints: tuple[str, ...]) -> dict[str, Any]:
        if "location_data" in endpoints and refusals:
            raise refusals[0]
        return await ask(vin, endpoints)

    entry = await start()
    with patch.object(cloud, "vehicle_data", refuse_once):
        await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()

    assert state_of(hass, "sensor.falcon_battery_level") == "72"
    assert all("location_data" not in endpoints for endpoints in cloud.asked_for)


async def test_stale_online_is_not_believed_at_once(
    hass: HomeAssistant, car: CarCoordinator, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """Each vain question for data is billed."""
    await pass_time(hass, freezer, timedelta(hours=1))
    cloud.cars[MODEL_X].availability = Availability.ASLEEP
    await car.async_refresh()
    cloud.requests.clear()
    with patch.object(cloud, "vehicle", AsyncMock(return_value=Availability.ONLINE)):
        for _ in range(4):
            await pass_time(hass, freezer, timedelta(minutes=1, seconds=1))

    assert cloud.counts["vehicle_data"] <= 1


@pytest.mark.parametrize(
    "error", [MissingScope(status=403), PaymentRequired(status=402), AnswerLost(status=503)]
)
async def test_refused_data_are_asked_for_less_and_less(
    hass: HomeAssistant,
    car: CarCoordinator,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    error: TeslaError,
) -> None:
    """Although the free check goes well each time; said once, and mended by itself."""
    cloud.failures["vehicle_data"] = error
    await pass_time(hass, freezer, timedelta(hours=1))
    cloud.requests.clear()

    for _ in range(120):
        await pass_time(hass, freezer, timedelta(minutes=1))

    assert state_of(hass, "sensor.falcon_battery_level") == STATE_UNAVAILABLE
    assert 4 <= cloud.counts["vehicle_data"] <= 12
    said = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(said) == 1
    assert car.last_exception is not None
    assert str(car.last_exception) in said[0].getMessage()
    assert not hass.config_entries.flow.async_progress()

    cloud.failures.clear()
    for _ in range(16):
        await pass_time(hass, freezer, timedelta(minutes=1))
    assert state_of(hass, "sensor.falcon_battery_level") == "72"


# Commanding


@pytest.mark.usefixtures("car")
async def test_switch_moves_after_the_car_confirmed(
    hass: HomeAssistant, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """At once then, without asking; a little later the car is asked what came of it."""
    cloud.requests.clear()

    await turn(hass, SENTRY, on=True)

    assert state_of(hass, SENTRY) == STATE_ON
    assert cloud.commands == [("set_sentry_mode", {"on": True})]
    assert set(cloud.counts) == {"command"}
    cloud.cars[MODEL_X].changes = {"vehicle_state__sentry_mode": True}
    await pass_time(hass, freezer, timedelta(seconds=7))
    assert cloud.counts["vehicle_data"] == 1
    assert state_of(hass, SENTRY) == STATE_ON


@pytest.mark.usefixtures("car")
async def test_truth_follows_the_wish(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """A car that confirmed and did not do it shows what it did."""
    await turn(hass, SENTRY, on=True)

    await pass_time(hass, freezer, timedelta(seconds=7))

    assert state_of(hass, SENTRY) == STATE_OFF


@pytest.mark.usefixtures("car")
async def test_refused_command_says_why_and_moves_nothing(
    hass: HomeAssistant, cloud: FakeCloud
) -> None:
    """In the car's own words."""
    cloud.cars[MODEL_X].refusals["set_sentry_mode"] = "user_present"

    with pytest.raises(HomeAssistantError) as caught:
        await turn(hass, SENTRY, on=True)

    assert caught.value.translation_key == "command_refused"
    assert str(caught.value) == "Falcon refused the command set_sentry_mode: user_present"
    assert state_of(hass, SENTRY) == STATE_OFF


@pytest.mark.parametrize(
    ("error", "result", "key"),
    [
        (NotSent(), Result.UNREACHABLE, "tesla_unreachable"),
        (VehicleTimeout(status=408), Result.UNKNOWN, "command_unknown"),
        (AnswerLost(status=500), Result.UNKNOWN, "command_unknown"),
        (Refused("user_present"), Result.REFUSED, "command_refused"),
    ],
)
async def test_every_outcome_has_its_sentence(
    hass: HomeAssistant, car: CarCoordinator, error: TeslaError, result: Result, key: str
) -> None:
    """Above all the one that nobody knows."""
    failed = outcome(result, error=error, reason=error.translation_key)
    with (
        patch.object(car.commander.router, "send", AsyncMock(return_value=failed)),
        pytest.raises(HomeAssistantError) as caught,
    ):
        await turn(hass, SENTRY, on=True)

    assert caught.value.translation_key == key
    assert not isinstance(caught.value, ServiceValidationError)
    assert state_of(hass, SENTRY) == STATE_OFF


async def test_doubtful_command_is_looked_after(
    hass: HomeAssistant, car: CarCoordinator, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """What nobody knows, the next answer shows."""
    cloud.cars[MODEL_X].changes = {"vehicle_state__sentry_mode": True}
    doubt = outcome(Result.UNKNOWN, error=AnswerLost(), reason="tesla_answer_lost")
    with (
        patch.object(car.commander.router, "send", AsyncMock(return_value=doubt)),
        pytest.raises(HomeAssistantError),
    ):
        await turn(hass, SENTRY, on=True)

    await pass_time(hass, freezer, timedelta(seconds=7))

    assert state_of(hass, SENTRY) == STATE_ON


async def test_sleeping_car_is_woken_for_a_command(
    hass: HomeAssistant, car: CarCoordinator, cloud: FakeCloud
) -> None:
    """Once, and without a vain attempt before."""
    cloud.cars[MODEL_X].availability = Availability.ASLEEP
    await car.async_refresh()
    cloud.requests.clear()

    await turn(hass, SENTRY, on=True)

    assert [endpoint for endpoint, _ in cloud.requests] == ["wake_up", "command"]
    assert state_of(hass, SENTRY) == STATE_ON


async def test_wrong_parameter_is_the_users_mistake(car: CarCoordinator, cloud: FakeCloud) -> None:
    """Named, never repeated, and nothing is sent."""
    with pytest.raises(ServiceValidationError) as caught:
        await car.commander.async_send("set_charge_limit", percent=300)

    assert caught.value.translation_key == "invalid_parameter"
    assert "300" not in str(caught.value)
    assert not cloud.commands


async def test_scope_that_is_missing_is_named(car: CarCoordinator) -> None:
    """A row of a table may ask for more than the login allows."""
    car.scopes = frozenset({Scope.VEHICLE_CHARGING_CMDS})

    with pytest.raises(ServiceValidationError, match="vehicle_cmds"):
        await car.commander.async_send("honk_horn")


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (MissingScope(status=403, placeholders={"scopes": "vehicle_cmds"}), "missing_scope"),
        (PaymentRequired(status=402), "payment_required"),
        (RateLimited(status=429, retry_after=60), "rate_limited"),
        (LoginRequired(status=401), "login_required"),
    ],
)
async def test_tesla_refuses_a_command(
    hass: HomeAssistant, car: CarCoordinator, cloud: FakeCloud, error: TeslaError, key: str
) -> None:
    """In plain words, and the readings stay."""
    cloud.failures["command"] = error

    with pytest.raises(HomeAssistantError) as caught:
        await turn(hass, SENTRY, on=True)

    assert caught.value.translation_key == key
    assert str(caught.value) != key
    assert "{" not in str(caught.value)
    assert car.last_update_success
    assert state_of(hass, SENTRY) == STATE_OFF


async def test_sleeper_makes_no_other_car_wait(
    hass: HomeAssistant, start: Start, cloud: FakeCloud
) -> None:
    """Waking one takes up to a minute and a half."""
    cloud.cars[MODEL_3] = FakeCar(vin=MODEL_3, name="Juniper")
    entry = await start()
    for car in entry.runtime_data.cars.values():
        await car.async_refresh()
    await hass.async_block_till_done()
    cloud.cars[MODEL_X].availability = Availability.ASLEEP
    entry.runtime_data.cars[MODEL_X]._see_availability(Availability.ASLEEP)
    awake = asyncio.Event()

    async def wake_up(_: str) -> Availability:
        await awake.wait()
        return Availability.ONLINE

    with patch.object(cloud, "wake_up", wake_up):
        slow = hass.async_create_task(turn(hass, SENTRY, on=True))
        await turn(hass, "switch.juniper_sentry_mode", on=True)
        assert not slow.done()
        awake.set()
        await slow

    assert state_of(hass, "switch.juniper_sentry_mode") == STATE_ON


async def test_what_cannot_be_kept_does_not_stop_a_command(
    hass: HomeAssistant, car: CarCoordinator, caplog: pytest.LogCaptureFixture
) -> None:
    """The next start learns it again."""
    car.commander.router.beliefs.learn(Route.SIGNED)
    with (
        patch("custom_components.teslalogger.vault.save_json", side_effect=OSError),
        patch.object(SignedChannel, "send", AsyncMock(side_effect=SigningUnsupported(status=422))),
    ):
        await turn(hass, SENTRY, on=True)

    assert state_of(hass, SENTRY) == STATE_ON
    assert car.commander.route is Route.UNSIGNED
    assert "…012345: what was learnt is not kept" in caplog.text


# The key


@pytest.fixture
def signing_cloud(cloud: FakeCloud) -> FakeCloud:
    """A car that takes signed commands only."""
    cloud.cars = {MODEL_3: FakeCar(vin=MODEL_3, name="Juniper", command_signing="required")}
    return cloud


@pytest.mark.parametrize(("paired", "status"), [(True, "paired"), (False, "not_paired")])
async def test_pairing_is_asked_for_at_the_start(
    hass: HomeAssistant, signing_cloud: FakeCloud, start: Start, *, paired: bool, status: str
) -> None:
    """In the background, for all cars at once, and then for a day no more."""
    signing_cloud.cars[MODEL_3].paired = paired

    await start()

    assert state_of(hass, "sensor.juniper_virtual_key") == status
    assert state_of(hass, "sensor.juniper_command_route") == "signed"
    assert signing_cloud.counts["fleet_status"] == 1


async def test_no_key_question_for_cars_that_need_none(start: Start, cloud: FakeCloud) -> None:
    """The question may cost money."""
    await start()

    assert not cloud.counts["fleet_status"]


async def test_failed_key_question_changes_nothing(
    hass: HomeAssistant, signing_cloud: FakeCloud, start: Start, freezer: FrozenDateTimeFactory
) -> None:
    """Nobody knows is not unpaired; an hour later it is asked again."""
    signing_cloud.failures["fleet_status"] = AnswerLost()

    entry = await start()

    assert entry.runtime_data.cars[MODEL_3].commander.key_status is None
    assert state_of(hass, "sensor.juniper_virtual_key") == "unknown"

    signing_cloud.failures.clear()
    await pass_time(hass, freezer, timedelta(hours=1, seconds=1))

    assert state_of(hass, "sensor.juniper_virtual_key") == "not_paired"


async def test_repair_opens_with_the_fault_and_closes_with_the_pairing(
    hass: HomeAssistant,
    signing_cloud: FakeCloud,
    start: Start,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody has to close it."""
    entry = await start()
    juniper = entry.runtime_data.cars[MODEL_3]
    failed = outcome(Result.REFUSED, error=KeyNotPaired(), reason="key_not_paired")

    async def refuse(*_: object, **__: object) -> Outcome:
        juniper.commander._note_key(paired=False)
        return failed

    with (
        patch.object(juniper.commander.router, "send", refuse),
        pytest.raises(HomeAssistantError, match="virtual key"),
    ):
        await juniper.commander.async_send("set_sentry_mode", on=True)
    assert state_of(hass, "sensor.juniper_virtual_key") == "not_paired"
    assert juniper.commander.waits_for_pairing
    asked = signing_cloud.counts["fleet_status"]

    signing_cloud.cars[MODEL_3].paired = True
    await pass_time(hass, freezer, timedelta(hours=1, seconds=1))

    assert signing_cloud.counts["fleet_status"] == asked + 1
    assert juniper.commander.key_status is KeyStatus.PAIRED
    assert not juniper.commander.waits_for_pairing


async def test_the_cars_own_word_counts_for_more_than_teslas(
    signing_cloud: FakeCloud, start: Start
) -> None:
    """A car that obeyed has the key, whatever fleet_status says."""
    entry = await start()
    juniper = entry.runtime_data.cars[MODEL_3]
    juniper.commander._note_key(paired=True)

    juniper.commander.async_note_fleet_status(await signing_cloud.fleet_status([MODEL_3]))

    assert juniper.commander.key_status is KeyStatus.PAIRED


async def test_new_firmware_is_noted(
    hass: HomeAssistant, car: CarCoordinator, cloud: FakeCloud
) -> None:
    """It can change the way that commands take, and shows on the device."""
    car.commander.router.beliefs.learn(Route.SIGNED)
    cloud.cars[MODEL_X].changes = {"vehicle_state__car_version": "2026.40.1 123456"}

    await car.async_refresh()
    await hass.async_block_till_done()

    assert car.commander.route is Route.UNSIGNED
    assert car.device_info["sw_version"] == "2026.40.1"
