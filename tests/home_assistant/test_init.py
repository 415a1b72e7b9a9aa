"""Setting up an account, and its cars coming and going."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.storage import STORAGE_DIR
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.teslalogger import async_remove_config_entry_device
from custom_components.teslalogger.account import INTERVAL, MISSING_BEFORE_GONE
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.tesla import (
    AnswerLost,
    LoginRequired,
    NotSent,
    RateLimited,
    Region,
    TeslaError,
    TokenRejected,
)
from custom_components.teslalogger.vault import async_open_vault

from .cloud import MODEL_3, MODEL_X, MODEL_Y, FakeCar, FakeCloud
from .running import Start, asleep, pass_time, state_of

LENDER: Final = "22222222-bbbb-4bbb-8bbb-222222222222"

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant


async def test_entry_loads_and_unloads(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Every car of the account is there; unloading leaves nothing behind."""
    assert set(loaded.runtime_data.cars) == {MODEL_X, MODEL_3}

    assert await hass.config_entries.async_unload(loaded.entry_id)

    assert loaded.state is ConfigEntryState.NOT_LOADED


async def test_sleeping_cars_do_not_delay_the_start(
    hass: HomeAssistant, start: Start, cloud: FakeCloud
) -> None:
    """Nobody asks them, and their entities are there all the same."""
    asleep(cloud)

    entry = await start()

    assert entry.state is ConfigEntryState.LOADED
    assert cloud.counts["vehicle_data"] == cloud.counts["wake_up"] == 0
    assert state_of(hass, "sensor.falcon_status") == "asleep"
    assert state_of(hass, "sensor.falcon_battery_level") == STATE_UNAVAILABLE
    assert state_of(hass, "switch.falcon_climate") == STATE_UNAVAILABLE
    assert state_of(hass, "button.falcon_wake_up") == STATE_UNKNOWN


@pytest.mark.parametrize(
    ("error", "state", "asks_for_login"),
    [
        (LoginRequired(), ConfigEntryState.SETUP_ERROR, True),
        (TokenRejected(status=401), ConfigEntryState.SETUP_RETRY, False),
        (RateLimited(status=429), ConfigEntryState.SETUP_RETRY, False),
        (AnswerLost(status=502), ConfigEntryState.SETUP_RETRY, False),
        (NotSent(), ConfigEntryState.SETUP_RETRY, False),
    ],
)
async def test_only_an_ended_login_asks_for_a_new_one(
    hass: HomeAssistant,
    start: Start,
    cloud: FakeCloud,
    error: TeslaError,
    state: ConfigEntryState,
    *,
    asks_for_login: bool,
) -> None:
    """Whatever else Tesla answers, the set-up is tried again later."""
    cloud.failures["products"] = error

    entry = await start()

    assert entry.state is state
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH] * asks_for_login


async def test_entry_without_tokens_asks_for_a_login(
    hass: HomeAssistant, start: Start, entry: MockConfigEntry
) -> None:
    """A vault that was lost is a login that was lost."""
    entry.add_to_hass(hass)

    await start()

    assert entry.state is ConfigEntryState.SETUP_ERROR


@pytest.mark.usefixtures("loaded")
async def test_car_that_comes_later_appears_by_itself(
    hass: HomeAssistant, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """The product list is asked now and then."""
    cloud.cars[MODEL_Y] = FakeCar(vin=MODEL_Y, name="Yuki")

    await pass_time(hass, freezer, INTERVAL + timedelta(seconds=1))

    assert state_of(hass, "sensor.yuki_status") == "online"


async def test_car_that_is_gone_takes_its_device_along(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
    device_registry: dr.DeviceRegistry,
) -> None:
    """One list without it may be Tesla's mistake, several are not."""
    del cloud.cars[MODEL_3]

    def juniper() -> dr.DeviceEntry | None:
        return device_registry.async_get_device_by_identifier((DOMAIN, MODEL_3), loaded.entry_id)

    for _ in range(MISSING_BEFORE_GONE - 1):
        await pass_time(hass, freezer, INTERVAL + timedelta(seconds=1))
    assert juniper() is not None
    await pass_time(hass, freezer, INTERVAL + timedelta(seconds=1))

    assert juniper() is None
    assert set(loaded.runtime_data.cars) == {MODEL_X}
    assert hass.states.get("sensor.juniper_battery_level") is None


async def test_failed_product_list_takes_nobody_away(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """No answer is not an empty answer."""
    cloud.failures["products"] = AnswerLost()

    for _ in range(MISSING_BEFORE_GONE + 1):
        await pass_time(hass, freezer, INTERVAL + timedelta(seconds=1))

    assert set(loaded.runtime_data.cars) == {MODEL_X, MODEL_3}


async def test_new_name_of_a_car_reaches_its_device(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
    device_registry: dr.DeviceRegistry,
) -> None:
    """As people rename it in Tesla's app."""
    cloud.cars[MODEL_3].name = "Jupiter"

    await pass_time(hass, freezer, INTERVAL + timedelta(seconds=1))

    device = device_registry.async_get_device_by_identifier((DOMAIN, MODEL_3), loaded.entry_id)
    assert device is not None
    assert device.name == "Jupiter"


async def test_device_describes_its_car(
    loaded: MockConfigEntry, device_registry: dr.DeviceRegistry
) -> None:
    """Maker, model from the VIN, serial number, version without the build's fingerprint."""
    device = device_registry.async_get_device_by_identifier((DOMAIN, MODEL_X), loaded.entry_id)

    assert device is not None
    assert (device.manufacturer, device.model, device.name) == ("Tesla", "Model X", "Falcon")
    assert (device.serial_number, device.sw_version) == (MODEL_X, "2026.32.5")


async def test_only_devices_of_gone_cars_may_be_deleted(
    hass: HomeAssistant, loaded: MockConfigEntry, device_registry: dr.DeviceRegistry
) -> None:
    """A car that is there would only come back."""
    device = device_registry.async_get_device_by_identifier((DOMAIN, MODEL_X), loaded.entry_id)
    assert device is not None

    assert not await async_remove_config_entry_device(hass, loaded, device)
    del loaded.runtime_data.cars[MODEL_X]
    assert await async_remove_config_entry_device(hass, loaded, device)

    await hass.config_entries.async_unload(loaded.entry_id)
    assert not await async_remove_config_entry_device(hass, loaded, device), "nobody knows"


async def test_nothing_is_unknown_after_a_restart(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """A car that fell asleep meanwhile shows what it told last, and when that was."""
    told = state_of(hass, "sensor.falcon_last_update")
    await hass.config_entries.async_unload(loaded.entry_id)
    asleep(cloud)
    cloud.requests.clear()
    freezer.tick(timedelta(hours=9))

    await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert state_of(hass, "sensor.falcon_battery_level") == "72"
    assert state_of(hass, "switch.falcon_steering_wheel_heater") == "off"
    assert state_of(hass, "sensor.falcon_last_update") == told
    assert cloud.counts["vehicle_data"] == 0


async def test_region_that_tesla_names_is_kept(
    start: Start, cloud: FakeCloud, entry: MockConfigEntry
) -> None:
    """The next start asks the right one at once."""
    await start()

    await cloud.options["on_region"](Region.NA)

    assert entry.data["region"] == Region.NA


async def test_removing_an_entry_leaves_no_file(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    """Tokens, key, sessions, places: all gone."""
    storage = Path(hass.config.path(STORAGE_DIR))

    def kept() -> list[str]:
        files = [path.name for path in storage.iterdir()] if storage.exists() else []
        return [name for name in [*files, *hass_storage] if name.startswith(DOMAIN)]

    await loaded.runtime_data.states.async_save()
    assert len(kept()) == 2

    await hass.config_entries.async_remove(loaded.entry_id)
    await hass.async_block_till_done()

    assert not kept()


async def test_nothing_is_written_after_the_end(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
) -> None:
    """A command that is answered when the entry is gone brings no file back."""
    car = loaded.runtime_data.cars[MODEL_X]

    await hass.config_entries.async_remove(loaded.entry_id)
    await car.commander.async_send("honk_horn")
    await car.commander.async_send("set_sentry_mode", on=True)
    await pass_time(hass, freezer, timedelta(minutes=5))

    assert not [name for name in hass_storage if name.startswith(DOMAIN)]


async def test_two_accounts_can_share_a_car(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    """Each has its own device and entities; removing one leaves the other's alone."""
    lender = MockConfigEntry(
        domain=DOMAIN,
        title="Lender",
        unique_id=LENDER,
        data={**loaded.data, "account_id": LENDER, "domain": "lender.example.test"},
    )
    lender.add_to_hass(hass)
    vault = await async_open_vault(hass, LENDER)
    await vault.tokens.save(await loaded.runtime_data.vault.tokens.load())

    await hass.config_entries.async_setup(lender.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for car in lender.runtime_data.cars.values():
        await car.async_refresh()
    await hass.async_block_till_done()

    def owned(entry: MockConfigEntry) -> list[str]:
        devices = dr.async_entries_for_config_entry(device_registry, entry.entry_id)
        entities = er.async_entries_for_config_entry(entity_registry, entry.entry_id)
        return [str(device.name) for device in devices] + [
            entity.unique_id.removeprefix(str(entry.unique_id)) for entity in entities
        ]

    assert sorted(owned(lender)) == sorted(before := owned(loaded))
    assert {"Falcon", "Juniper"} < set(before)

    await hass.config_entries.async_remove(lender.entry_id)

    assert owned(loaded) == before
    assert not owned(lender)
    assert state_of(hass, "sensor.falcon_battery_level") == "72"


async def test_key_of_a_new_car_is_asked_for_at_once(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """Not only when the day is over."""
    asked = cloud.counts["fleet_status"]
    cloud.cars[MODEL_Y] = FakeCar(vin=MODEL_Y, name="Yuki", command_signing="required", paired=True)

    await pass_time(hass, freezer, INTERVAL + timedelta(seconds=1))

    assert cloud.counts["fleet_status"] == asked + 1
    assert loaded.runtime_data.cars[MODEL_Y].commander.key_status == "paired"


@pytest.mark.parametrize("damage", ["?", {"battery_level": "?"}, None])
async def test_damaged_state_is_no_state(
    hass: HomeAssistant,
    start: Start,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    damage: Any,
) -> None:
    """The car tells it anew."""
    hass_storage[f"{DOMAIN}.{entry.entry_id}.state"] = {
        "version": 1,
        "data": {MODEL_X: damage},
    }

    await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()

    assert state_of(hass, "sensor.falcon_battery_level") == "72"


async def test_gone_car_is_let_go_even_if_the_disk_is_full(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What could not be wiped is told, without the whole VIN."""
    del cloud.cars[MODEL_3]

    with patch("custom_components.teslalogger.vault.save_json", side_effect=OSError):
        for _ in range(MISSING_BEFORE_GONE):
            await pass_time(hass, freezer, INTERVAL + timedelta(seconds=1))

    assert set(loaded.runtime_data.cars) == {MODEL_X}
    assert "…012346 is still on disk" in caplog.text
    assert MODEL_3 not in caplog.text
