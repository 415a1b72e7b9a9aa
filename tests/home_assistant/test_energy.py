"""Energy sites in Home Assistant: what there is, what is shown, and what stays."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from homeassistant.components.diagnostics import REDACTED
from homeassistant.const import (
    EVENT_STATE_CHANGED,
    EVENT_STATE_REPORTED,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    Platform,
)
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest

from custom_components.teslalogger import async_remove_config_entry_device
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.diagnostics import (
    async_get_config_entry_diagnostics,
    async_get_device_diagnostics,
)
from custom_components.teslalogger.energy_site import Part
from custom_components.teslalogger.tesla import (
    AccessDenied,
    AnswerLost,
    LoginRequired,
    NotSent,
    RateLimited,
    Scope,
    SiteUnreachable,
    TeslaError,
    UnexpectedAnswer,
)

from .cloud import MODEL_X, FakeCloud
from .energy_cloud import DIN, OTHER_DIN, SITE_ID, FakeSite
from .running import ACCOUNT, pass_time, state_of

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import Event, HomeAssistant, State
    from homeassistant.helpers import entity_registry as er

    from custom_components.teslalogger.energy.account import EnergySites
    from custom_components.teslalogger.energy.coordinator import SiteCoordinator

    from .running import Start

HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(seconds=62)
STUB: Final = {"grid_status": "Unknown"}


@pytest.fixture
def platforms() -> tuple[Platform, ...]:
    """Those that energy sites have."""
    return (
        Platform.BINARY_SENSOR,
        Platform.NUMBER,
        Platform.SELECT,
        Platform.SENSOR,
        Platform.SWITCH,
    )


@pytest.fixture
def house(cloud: FakeCloud) -> FakeSite:
    """The account's house, beside its cars."""
    house = cloud.sites[SITE_ID] = FakeSite()
    return house


@pytest.fixture
async def site(house: FakeSite, start: Start, hass: HomeAssistant) -> SiteCoordinator:  # noqa: ARG001 - before the start
    """The integration's side of the house, which has answered once."""
    entry = await start()
    site: SiteCoordinator = entry.runtime_data.energy.by_id[SITE_ID]
    await site.async_refresh()
    await hass.async_block_till_done()
    return site


def entity(hass: HomeAssistant, entity_id: str) -> State:
    """An entity's state."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state


async def refresh(hass: HomeAssistant, site: SiteCoordinator) -> None:
    """Have all questions asked anew."""
    site._due = dict.fromkeys(site._due, 0.0)
    await site.async_refresh()
    await hass.async_block_till_done()


@pytest.mark.usefixtures("everything_enabled", "site")
async def test_site_shows_what_flows(hass: HomeAssistant) -> None:
    """With the sign that the energy dashboard wants: import and discharge are above zero."""
    shown = {
        name: entity(hass, f"sensor.lighthouse_{name}").state
        for name in (
            "solar_power",
            "battery_power",
            "grid_power",
            "load_power",
            "battery_charge_power",
            "battery_discharge_power",
            "grid_import_power",
            "grid_export_power",
        )
    }
    assert shown == {
        "solar_power": "3.2",
        "battery_power": "-1.5",
        "grid_power": "-0.8",
        "load_power": "0.9",
        "battery_charge_power": "1.5",
        "battery_discharge_power": "0.0",
        "grid_import_power": "0.0",
        "grid_export_power": "0.8",
    }
    assert entity(hass, "sensor.lighthouse_solar_power").attributes["unit_of_measurement"] == "kW"
    assert state_of(hass, "binary_sensor.lighthouse_grid") == STATE_ON
    assert state_of(hass, "binary_sensor.lighthouse_battery_charging") == STATE_ON
    assert state_of(hass, "sensor.lighthouse_island_status") == "on_grid"


@pytest.mark.usefixtures("everything_enabled", "site")
async def test_energies_are_fit_for_the_energy_dashboard(hass: HomeAssistant) -> None:
    """Those of a day begin at midnight at the site, those of a life never do."""
    today = entity(hass, "sensor.lighthouse_solar_generated_today")
    assert float(today.state) == 9.0
    assert today.attributes["state_class"] == "total"
    assert today.attributes["device_class"] == "energy"
    assert today.attributes["last_reset"] == "2026-11-01T00:00:00+01:00"

    ever = entity(hass, "sensor.lighthouse_grid_imported")
    assert float(ever.state) == 2001.2
    assert ever.attributes["state_class"] == "total"
    assert ever.attributes.get("last_reset") is None


@pytest.mark.usefixtures("site")
async def test_settings_are_shown(hass: HomeAssistant) -> None:
    """As Tesla tells them."""
    assert state_of(hass, "select.lighthouse_operation_mode") == "self_consumption"
    assert state_of(hass, "select.lighthouse_energy_exports") == "pv_only"
    assert state_of(hass, "number.lighthouse_backup_reserve") == "20"
    assert state_of(hass, "number.lighthouse_off_grid_vehicle_charging_reserve") == "50"
    assert state_of(hass, "switch.lighthouse_storm_watch") == STATE_ON
    assert state_of(hass, "switch.lighthouse_charge_from_grid") == STATE_OFF


async def test_price_is_that_of_the_hour_at_the_site(
    hass: HomeAssistant, site: SiteCoordinator, freezer: FrozenDateTimeFactory
) -> None:
    """It is one o'clock in the afternoon there."""
    price = entity(hass, "sensor.lighthouse_electricity_price")
    assert (price.state, price.attributes["unit_of_measurement"]) == ("0.28", "EUR/kWh")
    assert state_of(hass, "sensor.lighthouse_feed_in_price") == "0.08"
    assert state_of(hass, "sensor.lighthouse_tariff_period") == "Off peak"

    freezer.tick(4 * HOUR)
    await refresh(hass, site)

    assert state_of(hass, "sensor.lighthouse_electricity_price") == "0.42"
    assert state_of(hass, "sensor.lighthouse_tariff_period") == "On peak"


@pytest.mark.usefixtures("everything_enabled")
async def test_tariff_that_is_removed_is_gone(
    hass: HomeAssistant, site: SiteCoordinator, house: FakeSite
) -> None:
    """Once Tesla has told so: a stub, or the time after a restart, says nothing about it."""
    shown = {
        "sensor.lighthouse_electricity_price": "0.28",
        "sensor.lighthouse_feed_in_price": "0.08",
        "sensor.lighthouse_tariff_period": "Off peak",
        "sensor.lighthouse_tariff": "Flex",
    }

    def now() -> dict[str, str | None]:
        return {name: state_of(hass, name) for name in shown}

    assert now() == shown
    told, house.info = house.info, {}
    await refresh(hass, site)
    await hass.config_entries.async_reload(site.config_entry.entry_id)
    site = site.config_entry.runtime_data.energy.by_id[SITE_ID]
    await refresh(hass, site)
    assert now() == shown

    house.info = {name: value for name, value in told.items() if name != "tariff_content_v2"}
    await refresh(hass, site)
    assert now() == dict.fromkeys(shown, STATE_UNKNOWN)

    house.info = told
    await refresh(hass, site)
    assert now() == shown


async def test_site_that_never_had_a_tariff_has_nothing_of_it(
    hass: HomeAssistant, house: FakeSite, start: Start
) -> None:
    """No prices without a value."""
    del house.info["tariff_content_v2"]
    entry = await start()
    await refresh(hass, entry.runtime_data.energy.by_id[SITE_ID])

    ids = hass.states.async_entity_ids()
    assert not [name for name in ids if "tariff" in name or "price" in name]


@pytest.mark.usefixtures("everything_enabled")
async def test_wall_connector_is_a_device_of_its_own(
    hass: HomeAssistant,
    site: SiteCoordinator,
    house: FakeSite,
    device_registry: dr.DeviceRegistry,
) -> None:
    """It says which car is plugged in, without its whole VIN."""
    entry_id = site.config_entry.entry_id
    parent = device_registry.async_get_device_by_identifier((DOMAIN, SITE_ID), entry_id)
    device = device_registry.async_get_device_by_identifier((DOMAIN, DIN), entry_id)
    assert parent is not None
    assert device is not None
    assert device.via_device_id == parent.id
    assert (parent.name, parent.model, parent.sw_version) == ("Lighthouse", "Powerwall", "26.34.1")
    assert (device.serial_number, device.name) == ("PGT21234012345", "Wall Connector")
    assert state_of(hass, "sensor.wall_connector_state") == "disconnected"
    assert state_of(hass, "sensor.wall_connector_vehicle") == STATE_UNKNOWN
    assert state_of(hass, "binary_sensor.wall_connector_vehicle_connected") == STATE_OFF

    (connector,) = house.live["wall_connectors"]
    connector |= {"wall_connector_state": 1, "wall_connector_power": 7400, "vin": MODEL_X}
    await refresh(hass, site)
    assert state_of(hass, "sensor.wall_connector_state") == "charging"
    assert state_of(hass, "sensor.wall_connector_power") == "7.4"
    assert state_of(hass, "sensor.wall_connector_vehicle") == "Falcon"
    assert state_of(hass, "binary_sensor.wall_connector_vehicle_connected") == STATE_ON

    connector["wall_connector_state"] = 99
    await refresh(hass, site)
    assert state_of(hass, "sensor.wall_connector_state") == STATE_UNKNOWN
    assert state_of(hass, "binary_sensor.wall_connector_vehicle_connected") == STATE_UNKNOWN

    connector["vin"] = "5YJSA1E25MF999999"
    await refresh(hass, site)
    assert state_of(hass, "sensor.wall_connector_vehicle") == "…999999"

    del connector["vin"]
    await refresh(hass, site)
    assert state_of(hass, "sensor.wall_connector_vehicle") == STATE_UNKNOWN


@pytest.mark.usefixtures("everything_enabled")
async def test_wall_connector_comes_and_goes(
    hass: HomeAssistant,
    site: SiteCoordinator,
    house: FakeSite,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It is gone when three lists in a row have not named it, and may come back."""
    entry_id = site.config_entry.entry_id

    def entities() -> set[str]:
        return {
            entry.unique_id
            for entry in entity_registry.entities.values()
            if entry.unique_id.startswith(f"{ACCOUNT}_{OTHER_DIN}_")
        }

    house.components["wall_connectors"].append({"din": OTHER_DIN})
    await pass_time(hass, freezer, HOUR)
    assert len(entities()) == 5
    device = device_registry.async_get_device_by_identifier((DOMAIN, OTHER_DIN), entry_id)
    assert device is not None
    assert device.name == "Wall Connector 9999"

    house.components["wall_connectors"].pop()
    for _ in range(2):
        await pass_time(hass, freezer, HOUR)
        assert len(entities()) == 5
    await pass_time(hass, freezer, HOUR)
    assert entities() == set()
    assert device_registry.async_get_device_by_identifier((DOMAIN, OTHER_DIN), entry_id) is None
    assert not [key for key in site.data if OTHER_DIN in key]
    assert device_registry.async_get_device_by_identifier((DOMAIN, DIN), entry_id) is not None

    house.components["wall_connectors"].append({"din": OTHER_DIN})
    await pass_time(hass, freezer, HOUR)
    assert len(entities()) == 5


async def test_site_that_leaves_the_account_goes_away(
    hass: HomeAssistant,
    site: SiteCoordinator,
    cloud: FakeCloud,
    device_registry: dr.DeviceRegistry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """After three lists without it, with its wall connector and all that was kept of it."""
    entry = site.config_entry
    del cloud.sites[SITE_ID]

    def devices() -> set[str]:
        return {
            name
            for device in dr.async_entries_for_config_entry(device_registry, entry.entry_id)
            for _, name in device.identifiers
        }

    for _ in range(2):
        await pass_time(hass, freezer, HOUR)
        assert {SITE_ID, DIN} <= devices()
    await pass_time(hass, freezer, HOUR)

    assert not {SITE_ID, DIN} & devices()
    assert MODEL_X in devices()
    assert entry.runtime_data.energy.by_id == {}
    assert SITE_ID not in entry.runtime_data.energy.states._states
    requests = cloud.counts["live_status"]
    await pass_time(hass, freezer, HOUR)
    assert cloud.counts["live_status"] == requests


async def test_site_that_appears_is_added(
    hass: HomeAssistant,
    start: Start,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Without a restart."""
    await start()
    assert state_of(hass, "sensor.lighthouse_solar_power") is None

    cloud.sites[SITE_ID] = FakeSite()
    await pass_time(hass, freezer, HOUR)
    await pass_time(hass, freezer, MINUTE)

    assert state_of(hass, "sensor.lighthouse_solar_power") == "3.2"


async def test_every_question_has_its_own_time(
    hass: HomeAssistant, site: SiteCoordinator, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """What flows every minute, the rest rarely, and nothing more often than Tesla refreshes it."""
    cloud.requests.clear()

    for _ in range(60):
        await pass_time(hass, freezer, timedelta(minutes=1))

    assert 55 <= cloud.counts["live_status"] <= 60
    assert 5 <= cloud.counts["site_info"] <= 6
    assert 11 <= cloud.counts["calendar_history"] <= 13
    assert site.last_update_success


async def test_who_asks_for_news_gets_them(
    hass: HomeAssistant, site: SiteCoordinator, cloud: FakeCloud, house: FakeSite
) -> None:
    """Of what flows and what is set, even if it was not yet time."""
    cloud.requests.clear()
    house.live["solar_power"] = 10

    await site.async_refresh()
    await hass.async_block_till_done()

    assert set(cloud.counts) == {"live_status", "site_info"}
    assert state_of(hass, "sensor.lighthouse_solar_power") == "0.01"


@pytest.mark.parametrize(
    "answer", [{}, STUB, {**STUB, "island_status": "island_status_unknown", "wall_connectors": []}]
)
async def test_stub_leaves_everything_as_it_was(
    hass: HomeAssistant, site: SiteCoordinator, house: FakeSite, answer: dict[str, Any]
) -> None:
    """Only the connection says that nothing new is known."""
    before = {state.entity_id: state.state for state in hass.states.async_all()}
    house.live, house.info, house.day, house.lifetime = answer, {}, {}, {}

    await refresh(hass, site)

    after = {state.entity_id: state.state for state in hass.states.async_all()}
    assert before.pop("binary_sensor.lighthouse_connection") == STATE_ON
    assert after.pop("binary_sensor.lighthouse_connection") == STATE_OFF
    assert after == before


@pytest.mark.parametrize("error", [SiteUnreachable, AnswerLost, UnexpectedAnswer])
async def test_stale_site_keeps_its_values(
    hass: HomeAssistant,
    site: SiteCoordinator,
    cloud: FakeCloud,
    caplog: pytest.LogCaptureFixture,
    error: type[TeslaError],
) -> None:
    """Tesla's own failures are not unknown values; they are logged once, and it is asked less."""
    for endpoint in ("live_status", "site_info", "calendar_history"):
        cloud.failures[endpoint] = error("upstream internal error", status=500)

    for _ in range(3):
        await refresh(hass, site)

    assert state_of(hass, "sensor.lighthouse_solar_power") == "3.2"
    assert state_of(hass, "binary_sensor.lighthouse_connection") == STATE_OFF
    assert site.last_update_success
    assert caplog.text.count("its last values stay") == 1
    assert site.update_interval is not None
    assert site.update_interval.total_seconds() > 200

    cloud.failures.clear()
    await refresh(hass, site)
    assert state_of(hass, "binary_sensor.lighthouse_connection") == STATE_ON
    assert site.update_interval.total_seconds() <= 60


async def test_network_that_is_down_makes_unavailable(
    hass: HomeAssistant, site: SiteCoordinator, cloud: FakeCloud
) -> None:
    """For then nobody was asked."""
    cloud.failures["live_status"] = NotSent()
    await refresh(hass, site)
    assert state_of(hass, "sensor.lighthouse_solar_power") == STATE_UNAVAILABLE

    cloud.failures.clear()
    await refresh(hass, site)
    assert state_of(hass, "sensor.lighthouse_solar_power") == "3.2"


@pytest.mark.parametrize("error", [NotSent(), AccessDenied(status=403)])
async def test_outage_is_one_outage(
    hass: HomeAssistant,
    site: SiteCoordinator,  # noqa: ARG001 - it is there
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    error: TeslaError,
) -> None:
    """Whichever question is due during it: nothing comes back before what flows is told again."""
    cloud.failures = dict.fromkeys(("live_status", "site_info", "calendar_history"), error)
    await pass_time(hass, freezer, MINUTE)
    cloud.requests.clear()

    seen = set()
    for _ in range(60):
        await pass_time(hass, freezer, MINUTE)
        seen.add(state_of(hass, "sensor.lighthouse_solar_power"))

    assert seen == {STATE_UNAVAILABLE}
    assert {"site_info", "calendar_history"} <= set(cloud.counts)
    assert caplog.text.count("Error fetching Energy site") == 1
    assert "recovered" not in caplog.text

    del cloud.failures["live_status"]
    for _ in range(60):
        await pass_time(hass, freezer, MINUTE)
    assert state_of(hass, "sensor.lighthouse_solar_power") == "3.2"
    assert caplog.text.count("recovered") == 1


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (SiteUnreachable(status=500), "3.2"),
        (UnexpectedAnswer("no JSON"), "3.2"),
        (AnswerLost("the line is dead"), STATE_UNAVAILABLE),
        (RateLimited(status=429), STATE_UNAVAILABLE),
    ],
)
async def test_outage_ends_with_an_answer(
    hass: HomeAssistant, site: SiteCoordinator, cloud: FakeCloud, error: TeslaError, state: str
) -> None:
    """Also with one that tells nothing of the site: its last values stay then."""
    cloud.failures["live_status"] = NotSent()
    await refresh(hass, site)

    cloud.failures["live_status"] = error
    await refresh(hass, site)

    assert state_of(hass, "sensor.lighthouse_solar_power") == state


async def test_refusal_of_one_question_leaves_the_others(
    hass: HomeAssistant, site: SiteCoordinator, cloud: FakeCloud, house: FakeSite
) -> None:
    """They are asked when they are due, for the time when what flows is told again."""
    cloud.failures["live_status"] = AccessDenied(status=403)
    house.info["backup_reserve_percent"] = 35

    await refresh(hass, site)
    assert state_of(hass, "number.lighthouse_backup_reserve") == STATE_UNAVAILABLE

    cloud.failures.clear()
    cloud.requests.clear()
    site._due[Part.LIVE] = 0.0
    await site.async_refresh()
    await hass.async_block_till_done()
    assert set(cloud.counts) == {"live_status"}
    assert state_of(hass, "number.lighthouse_backup_reserve") == "35"


async def test_one_answer_that_fails_does_not_take_the_others_along(
    hass: HomeAssistant, site: SiteCoordinator, cloud: FakeCloud, house: FakeSite
) -> None:
    """A site without history has power all the same."""
    cloud.failures["calendar_history"] = NotSent()
    cloud.failures["site_info"] = NotSent()
    house.live["solar_power"] = 100

    await refresh(hass, site)

    assert state_of(hass, "sensor.lighthouse_solar_power") == "0.1"


async def test_tesla_that_wants_a_pause_gets_it(
    hass: HomeAssistant, site: SiteCoordinator, cloud: FakeCloud
) -> None:
    """The values stay meanwhile."""
    limited = RateLimited(status=429, retry_after=900.0)
    cloud.failures = dict.fromkeys(("live_status", "site_info", "calendar_history"), limited)

    await refresh(hass, site)

    assert site.last_update_success
    assert site.update_interval is not None
    assert site.update_interval.total_seconds() == pytest.approx(900, abs=2)
    assert state_of(hass, "binary_sensor.lighthouse_connection") == STATE_ON


@pytest.mark.parametrize("endpoint", ["live_status", "site_info"])
async def test_login_that_has_ended_asks_for_a_new_one(
    hass: HomeAssistant, site: SiteCoordinator, cloud: FakeCloud, endpoint: str
) -> None:
    """Whichever question finds it out."""
    cloud.failures[endpoint] = LoginRequired(status=401)

    await refresh(hass, site)

    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"


async def test_values_survive_a_restart(
    hass: HomeAssistant, site: SiteCoordinator, cloud: FakeCloud
) -> None:
    """Also if Tesla cannot be asked after it."""
    for endpoint in ("live_status", "site_info", "calendar_history"):
        cloud.failures[endpoint] = SiteUnreachable(status=500)

    await hass.config_entries.async_reload(site.config_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert state_of(hass, "sensor.lighthouse_solar_power") == "3.2"
    assert state_of(hass, "sensor.wall_connector_state") == "disconnected"
    assert state_of(hass, "select.lighthouse_operation_mode") == "self_consumption"


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("scopes", [(Scope.VEHICLE_DEVICE_DATA, Scope.ENERGY_DEVICE_DATA)])
async def test_login_that_may_only_read_has_no_settings(hass: HomeAssistant) -> None:
    """Their values are no sensors either."""
    assert state_of(hass, "sensor.lighthouse_solar_power") == "3.2"
    for platform in ("number", "select", "switch"):
        assert not hass.states.async_entity_ids(platform)


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("scopes", [(Scope.VEHICLE_DEVICE_DATA, Scope.VEHICLE_CMDS)])
async def test_login_without_energy_has_no_site(
    hass: HomeAssistant, start: Start, cloud: FakeCloud
) -> None:
    """And asks nothing about it."""
    entry = await start()

    assert entry.runtime_data.energy.by_id == {}
    assert state_of(hass, "sensor.lighthouse_solar_power") is None
    assert "live_status" not in cloud.counts


@pytest.mark.usefixtures("everything_enabled")
async def test_site_has_only_what_it_consists_of(
    hass: HomeAssistant, house: FakeSite, start: Start
) -> None:
    """A roof without Powerwall has no charge, whatever zeros Tesla tells."""
    house.components = {"solar": True}
    house.info["components"] = {"solar": True, "battery": False}
    entry = await start()
    await entry.runtime_data.energy.by_id[SITE_ID].async_refresh()
    await hass.async_block_till_done()

    ids = set(hass.states.async_entity_ids())
    assert "sensor.lighthouse_solar_power" in ids
    assert "sensor.lighthouse_grid_power" in ids
    assert not {name for name in ids if "lighthouse" in name and "battery" in name}
    assert not {name for name in ids if name.startswith(("number.lighthouse", "select.lighthouse"))}


async def test_site_without_anything_is_left_out(
    hass: HomeAssistant, house: FakeSite, start: Start, freezer: FrozenDateTimeFactory
) -> None:
    """It is being planned; nothing is built or kept for it with each list, until it is there."""
    house.components = {}
    entry = await start()
    sites: EnergySites = entry.runtime_data.energy

    with patch("custom_components.teslalogger.energy.account.SiteCoordinator") as built:
        for _ in range(3):
            await pass_time(hass, freezer, HOUR)
    assert not built.called
    assert sites.by_id == {}
    assert SITE_ID not in sites.states._states
    assert not [name for name in hass.states.async_entity_ids() if "lighthouse" in name]

    house.components = {"solar": True}
    await pass_time(hass, freezer, HOUR)
    assert set(sites.by_id) == {SITE_ID}


@pytest.mark.parametrize("zone", ["../Berlin", "Europe", "Nowhere/Land", "\0"])
async def test_time_zone_that_is_none_leaves_the_own(
    hass: HomeAssistant, house: FakeSite, start: Start, zone: str
) -> None:
    """And what else was told is shown."""
    house.info["installation_time_zone"] = zone
    entry = await start()
    site: SiteCoordinator = entry.runtime_data.energy.by_id[SITE_ID]
    await refresh(hass, site)

    assert site.last_update_success
    assert site.time_zone == dt_util.get_default_time_zone()
    assert state_of(hass, "number.lighthouse_backup_reserve") == "20"


async def test_wall_connector_alone_is_a_site(
    hass: HomeAssistant, house: FakeSite, start: Start
) -> None:
    """Without power of a house."""
    house.components = {"wall_connectors": [{"din": DIN}]}
    house.info = {"components": {"wall_connectors": [{"din": DIN}]}}
    entry = await start()
    await entry.runtime_data.energy.by_id[SITE_ID].async_refresh()
    await hass.async_block_till_done()

    assert state_of(hass, "sensor.wall_connector_state") == "disconnected"
    assert state_of(hass, "sensor.lighthouse_grid_power") is None


async def test_update_writes_only_what_changed(
    hass: HomeAssistant, site: SiteCoordinator, house: FakeSite
) -> None:
    """Sixty sensors once a minute would fill any database."""
    written: list[str] = []

    @callback
    def note(event: Event[Any]) -> None:
        written.append(event.data["entity_id"])

    hass.bus.async_listen(EVENT_STATE_REPORTED, note, event_filter=callback(lambda _: True))
    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    house.live["solar_power"] = 3100

    await refresh(hass, site)

    assert [name for name in written if "lighthouse" in name] == ["sensor.lighthouse_solar_power"]


async def test_device_can_be_deleted_only_when_it_is_gone(
    hass: HomeAssistant, site: SiteCoordinator, device_registry: dr.DeviceRegistry
) -> None:
    """What Tesla still names would come back."""
    entry = site.config_entry
    for name in (SITE_ID, DIN):
        device = device_registry.async_get_device_by_identifier((DOMAIN, name), entry.entry_id)
        assert device is not None
        assert not await async_remove_config_entry_device(hass, entry, device)
    gone = device_registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "gone")}
    )
    assert await async_remove_config_entry_device(hass, entry, gone)


async def test_diagnostics_tell_all_but_whose_it_is(
    hass: HomeAssistant,
    site: SiteCoordinator,
    house: FakeSite,
    device_registry: dr.DeviceRegistry,
) -> None:
    """For the account and for each device."""
    house.live["wall_connectors"][0]["vin"] = MODEL_X
    await refresh(hass, site)
    entry = site.config_entry
    device = device_registry.async_get_device_by_identifier((DOMAIN, DIN), entry.entry_id)
    assert device is not None

    of_entry = (await async_get_config_entry_diagnostics(hass, entry))["sites"]
    of_device = (await async_get_device_diagnostics(hass, entry, device))["sites"]

    assert of_entry == of_device
    (told,) = of_entry
    assert told["signals"]["solar_power"] == {"value": 3200, "age_seconds": 0}
    assert told["signals"]["wall_connector_state@1"]["value"] == "disconnected"
    assert told["signals"]["wall_connector_vin@1"]["value"] == REDACTED
    assert told["failures_in_a_row"] == dict.fromkeys(
        ("live_status", "site_info", "day", "lifetime"), 0
    )
    assert not [secret for secret in (SITE_ID, DIN, MODEL_X, "Lighthouse") if secret in str(told)]
