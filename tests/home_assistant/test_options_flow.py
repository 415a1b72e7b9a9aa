"""Streaming is set up in the browser: each page, each error, and what it will cost."""

import asyncio
from dataclasses import dataclass, replace
import errno
from itertools import product
import json
from pathlib import Path
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import AsyncMock

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import Platform
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.fleet_telemetry.authorities import BUNDLE_URL
from custom_components.teslalogger.fleet_telemetry.checks import MAX_SECONDS
from custom_components.teslalogger.fleet_telemetry.eligibility import Evidence, Severity, diagnose
from custom_components.teslalogger.fleet_telemetry.fields import OFFERED
from custom_components.teslalogger.fleet_telemetry.forecast import forecast_streaming
from custom_components.teslalogger.fleet_telemetry.polling_costs import (
    PollingPace,
    forecast_polling,
)
from custom_components.teslalogger.fleet_telemetry.presets import PRESETS, Preset
from custom_components.teslalogger.streaming.options import (
    OPTIONS,
    TelemetryOptions,
    TelemetrySource,
)
from custom_components.teslalogger.tesla import Availability, Scope

from .cloud import MODEL_3, MODEL_X, MODEL_Y, FakeCar, FakeCloud
from .dialog import shown, suggestions
from .test_telemetry import office  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from homeassistant.config_entries import ConfigFlowResult
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

    from tests.fleet_telemetry.passports import Office

    from .live import Live
    from .running import Start

KEYS_DOMAIN: Final = "home.example.test"
HOST: Final = "cars.example.test"
ROOT: Final = Path(__file__).parents[2] / "custom_components" / "teslalogger"
SIGNAL: Final = 1 / 150_000
ANSWER: Final = 1 / 500
USUAL: Final = PollingPace(state=60, driving=60, charging=300, attended=600, idle=1260)


@dataclass(kw_only=True)
class Pages:
    """A person in front of an entry's options."""

    hass: HomeAssistant
    entry: MockConfigEntry

    async def begin(self) -> ConfigFlowResult:
        """Press Configure."""
        return await self.hass.config_entries.options.async_init(self.entry.entry_id)

    async def choose(self, page: ConfigFlowResult, option: str) -> ConfigFlowResult:
        """Choose from a menu."""
        assert page["type"] is FlowResultType.MENU
        assert option in page["menu_options"]
        return await self.fill(page, next_step_id=option)

    async def fill(self, page: ConfigFlowResult, **given: Any) -> ConfigFlowResult:
        """Fill in a page and send it."""
        return await self.hass.config_entries.options.async_configure(page["flow_id"], given)

    async def open(self, *options: str) -> ConfigFlowResult:
        """Press Configure, and choose from one menu after the other."""
        page = await self.begin()
        for option in options:
            page = await self.choose(page, option)
        return page

    async def to_costs(self, **given: Any) -> ConfigFlowResult:
        """Go on until the costs are shown."""
        page = await self.open("receiver")
        page = await self.fill(page, **{"hostname": HOST, "preset": "balanced", **given})
        assert page["step_id"] == "costs", page
        return page

    @property
    def options(self) -> TelemetryOptions:
        """What is saved."""
        return TelemetryOptions.of(self.entry)


@pytest.fixture
def platforms() -> tuple[Platform, ...]:
    """What entities there are does not matter here."""
    return (Platform.BUTTON,)


@pytest.fixture
def scopes() -> tuple[Scope, ...]:
    """What the login allows."""
    return tuple(Scope)


@pytest.fixture
def cloud() -> FakeCloud:
    """Two cars of which one is of the old design."""
    return FakeCloud(FakeCar(vin=MODEL_X, name="Falcon"), FakeCar(vin=MODEL_3, name="Juniper"))


@pytest.fixture
def chosen() -> TelemetryOptions | None:
    """What was chosen before; None for nothing."""
    return None


@pytest.fixture
def entry(entry: MockConfigEntry, chosen: TelemetryOptions | None, port: int) -> MockConfigEntry:
    """An account with what was chosen, on a port that nobody has."""
    chosen = chosen and replace(chosen, port=port, listen_port=port)
    return MockConfigEntry(
        domain=entry.domain,
        title=entry.title,
        unique_id=entry.unique_id,
        data=dict(entry.data),
        options={OPTIONS: chosen.as_dict()} if chosen else {},
    )


@pytest.fixture
def _no_authorities(aioclient_mock: AiohttpClientMocker) -> None:
    """Tesla's authorities cannot be had: nothing is received, whatever is saved."""
    aioclient_mock.get(BUNDLE_URL, status=404)


@pytest.fixture
async def pages(
    hass: HomeAssistant,
    socket_enabled: None,  # noqa: ARG001 - a port is tried
    _no_authorities: None,
    loaded: MockConfigEntry,
) -> AsyncIterator[Pages]:
    """The options of an account whose cars have told their software."""
    yield Pages(hass=hass, entry=loaded)
    await hass.async_block_till_done(wait_background_tasks=True)
    if loaded.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(loaded.entry_id)


@pytest.fixture
def port(socket_enabled: None, unused_tcp_port: int) -> int:  # noqa: ARG001 - it is looked for
    """A port that nobody listens on."""
    return unused_tcp_port


def rows(page: ConfigFlowResult, table: str) -> dict[str, list[str]]:
    """A table by its first column."""
    cells = [line.strip("| ").split(" | ") for line in shown(page, table).splitlines()]
    return {first: rest for first, *rest in cells}


# The way through


async def test_the_first_page_asks_where_streams_come_in(pages: Pages) -> None:
    """A menu, and nothing happens yet."""
    page = await pages.begin()

    assert page["type"] is FlowResultType.MENU
    assert page["menu_options"] == ["receiver", "mqtt", "off"]
    assert pages.options.source is TelemetrySource.OFF


async def test_receiving_here_is_saved_after_the_costs_were_shown(
    hass: HomeAssistant, pages: Pages, port: int
) -> None:
    """Not before; then the account starts anew with what was chosen."""
    before = pages.entry.runtime_data
    page = await pages.to_costs(port=port, preset="logger")
    assert page["type"] is FlowResultType.MENU
    assert page["menu_options"] == ["save", "preset", "fields", "receiver"]
    assert pages.entry.options == {}

    page = await pages.choose(page, "save")

    assert page["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert pages.entry.state is ConfigEntryState.LOADED
    assert pages.entry.runtime_data is not before
    assert pages.options == pages.entry.runtime_data.telemetry.options
    assert pages.options == TelemetryOptions(
        source=TelemetrySource.RECEIVER,
        hostname=HOST,
        port=port,
        listen_port=port,
        preset=Preset.LOGGER,
    )
    assert type(pages.entry.options[OPTIONS]["port"]) is int


async def test_the_machine_may_listen_on_another_port_than_cars_dial(
    pages: Pages, port: int
) -> None:
    """The router translates."""
    page = await pages.to_costs(port=443, listen_port=port)
    await pages.choose(page, "save")

    assert (pages.options.port, pages.options.listen_port) == (443, port)


async def test_a_name_is_read_as_people_paste_it(pages: Pages, port: int) -> None:
    """In any case, with a dot at its end."""
    page = await pages.to_costs(hostname="  Cars.Example.TEST. ", port=port)
    await pages.choose(page, "save")

    assert pages.options.hostname == HOST


async def test_nothing_is_lost_when_streaming_is_turned_off(
    hass: HomeAssistant, pages: Pages, port: int
) -> None:
    """It is suggested again the next time; other options stay, too."""
    hass.config_entries.async_update_entry(pages.entry, options={"other": 1})
    page = await pages.to_costs(port=443, listen_port=port, preset="live")
    await pages.choose(page, "save")
    await hass.async_block_till_done(wait_background_tasks=True)

    page = await pages.open("off")

    assert page["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert pages.entry.options["other"] == 1
    assert pages.entry.runtime_data.telemetry.options.source is TelemetrySource.OFF
    assert suggestions(await pages.open("receiver")) == {
        "hostname": HOST,
        "port": 443,
        "listen_port": port,
        "preset": "live",
    }


async def test_saving_what_is_saved_already_does_not_restart_the_account(
    hass: HomeAssistant, pages: Pages
) -> None:
    """Cars would be sent away for nothing."""
    await pages.open("off")
    await hass.async_block_till_done(wait_background_tasks=True)
    before = pages.entry.runtime_data

    await pages.open("off")

    await hass.async_block_till_done(wait_background_tasks=True)
    assert pages.entry.runtime_data is before


async def test_from_the_costs_back_to_the_address(pages: Pages, port: int) -> None:
    """What was typed is still there."""
    page = await pages.to_costs(port=port, preset="economy")

    page = await pages.choose(page, "receiver")

    assert page["step_id"] == "receiver"
    assert suggestions(page) == {"hostname": HOST, "port": port, "preset": "economy"}


# The address


async def test_the_keys_domain_is_suggested_with_a_port_that_is_free(pages: Pages) -> None:
    """On 443 Tesla fetches the key."""
    assert suggestions(await pages.open("receiver")) == {
        "hostname": KEYS_DOMAIN,
        "port": 4443,
        "preset": "balanced",
    }


async def test_an_address_of_the_cloud_is_not_suggested(hass: HomeAssistant, pages: Pages) -> None:
    """It passes on web pages only."""
    data = {**pages.entry.data, "domain": "abc123.ui.nabu.casa"}
    hass.config_entries.async_update_entry(pages.entry, data=data)

    assert suggestions(await pages.open("receiver")) == {
        "hostname": "",
        "port": 443,
        "preset": "balanced",
    }


WRONG: Final[list[tuple[str, Any, str]]] = [
    ("hostname", "192.0.2.7", "telemetry_hostname_is_address"),
    ("hostname", "[2001:db8::1]", "telemetry_hostname_is_address"),
    ("hostname", "homeassistant.local", "telemetry_hostname_not_public"),
    ("hostname", "https://cars.example.test", "telemetry_hostname_malformed"),
    ("hostname", "cars.example.test:443", "telemetry_hostname_malformed"),
    ("hostname", "", "telemetry_hostname_malformed"),
    ("hostname", "abc123.ui.nabu.casa", "telemetry_hostname_is_cloud"),
    ("port", 0, "telemetry_port_invalid"),
    ("port", 65536, "telemetry_port_invalid"),
    ("port", 443.5, "telemetry_port_invalid"),
    ("port", float("inf"), "telemetry_port_invalid"),
    ("listen_port", -1, "telemetry_port_invalid"),
    ("listen_port", 70000, "telemetry_port_invalid"),
    ("listen_port", 0.1, "telemetry_port_invalid"),
]


@pytest.mark.parametrize(("field", "typed", "error"), WRONG)
async def test_a_wrong_address_is_told_where_it_is_wrong(
    pages: Pages, port: int, field: str, typed: object, error: str
) -> None:
    """What was typed stays; mended, the dialog goes on."""
    right = {"hostname": HOST, "port": 443, "listen_port": port, "preset": "live"}
    page = await pages.fill(await pages.open("receiver"), **{**right, field: typed})

    assert page["type"] is FlowResultType.FORM
    assert page["errors"] == {field: error}
    assert suggestions(page) == {**right, field: typed}
    assert (await pages.fill(page, **right))["step_id"] == "costs"


async def test_a_port_that_is_taken_is_told(pages: Pages, port: int) -> None:
    """Before anything is saved; once it is free, the dialog goes on."""
    somebody = await asyncio.start_server(lambda *_: None, None, port)
    page = await pages.open("receiver")
    given = {"hostname": HOST, "port": 443, "listen_port": port, "preset": "balanced"}

    page = await pages.fill(page, **given)

    assert page["errors"] == {"listen_port": "telemetry_port_taken"}
    assert suggestions(page) == given
    somebody.close()
    await somebody.wait_closed()
    assert (await pages.fill(page, **given))["step_id"] == "costs"


async def test_a_port_that_needs_more_rights_is_told(
    hass: HomeAssistant, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what the machine says about it."""
    refusal = PermissionError(errno.EACCES, "Permission denied")
    monkeypatch.setattr(hass.loop, "create_server", AsyncMock(side_effect=refusal))

    page = await pages.fill(
        await pages.open("receiver"), hostname=HOST, port=443, preset="balanced"
    )

    assert page["errors"] == {"listen_port": "telemetry_port_forbidden"}
    assert shown(page, "reason") == "Permission denied"


async def test_the_port_that_was_tried_is_free_again(pages: Pages, port: int) -> None:
    """The receiver needs it."""
    await pages.to_costs(port=port)

    server = await asyncio.start_server(lambda *_: None, None, port)
    server.close()
    await server.wait_closed()


async def test_the_address_of_the_key_is_doubted_once(pages: Pages, port: int) -> None:
    """Who sends it again knows better."""
    given = {"hostname": KEYS_DOMAIN, "port": 443, "listen_port": port, "preset": "balanced"}
    page = await pages.fill(await pages.open("receiver"), **given)
    assert page["errors"] == {"port": "telemetry_port_of_the_key"}
    assert shown(page, "port") == "443"

    assert (await pages.fill(page, **given))["step_id"] == "costs"


async def test_another_port_of_the_keys_domain_is_fine(pages: Pages, port: int) -> None:
    """Nothing is doubted."""
    await pages.to_costs(hostname=KEYS_DOMAIN, port=port)


@pytest.mark.parametrize(
    "chosen", [TelemetryOptions(source=TelemetrySource.RECEIVER, hostname=HOST)]
)
async def test_the_port_that_our_own_receiver_has_is_not_taken(
    hass: HomeAssistant,
    office: Office,  # noqa: ARG001, F811 - lets a receiver start
    start: Start,
    port: int,
) -> None:
    """Its account may change everything else, and stay on it."""
    entry = await start()
    assert entry.runtime_data.telemetry.problem is None
    with pytest.raises(OSError, match="in use"):
        await asyncio.start_server(lambda *_: None, None, port)

    await Pages(hass=hass, entry=entry).to_costs(hostname="other.example.test", port=port)

    assert await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize(
    "chosen", [TelemetryOptions(source=TelemetrySource.RECEIVER, hostname=HOST)]
)
async def test_a_receiver_that_could_not_start_does_not_have_its_port(
    pages: Pages, port: int
) -> None:
    """Who has it is still in the way."""
    assert pages.entry.runtime_data.telemetry.problem is not None
    somebody = await asyncio.start_server(lambda *_: None, None, port)

    page = await pages.fill(
        await pages.open("receiver"), hostname=HOST, port=port, preset="balanced"
    )

    assert page["errors"] == {"listen_port": "telemetry_port_taken"}
    somebody.close()
    await somebody.wait_closed()


async def test_two_accounts_share_a_port_under_one_name(
    hass: HomeAssistant, pages: Pages, port: int
) -> None:
    """A receiver has one certificate."""
    theirs = TelemetryOptions(
        source=TelemetrySource.RECEIVER, hostname=HOST, port=port, listen_port=port
    )
    other = MockConfigEntry(domain=DOMAIN, unique_id="another", options={OPTIONS: theirs.as_dict()})
    other.add_to_hass(hass)
    other.mock_state(hass, ConfigEntryState.LOADED)
    other.runtime_data = SimpleNamespace(telemetry=SimpleNamespace(problem=None))
    given = {"port": 443, "listen_port": port, "preset": "balanced"}

    page = await pages.fill(await pages.open("receiver"), hostname="b.example.test", **given)

    assert page["errors"] == {"listen_port": "telemetry_other_hostname"}
    assert shown(page, "other") == HOST
    assert (await pages.fill(page, hostname=HOST, **given))["step_id"] == "costs"
    other.mock_state(hass, ConfigEntryState.NOT_LOADED)


# What it costs


def signals(preset: Preset) -> float:
    """What a car with new software streams in a month."""
    return forecast_streaming(PRESETS[preset], price=SIGNAL).total.count


async def test_each_preset_stands_beside_asking_and_the_choice(pages: Pages, port: int) -> None:
    """For two cars that can stream what is chosen, all of it free of charge."""
    page = await pages.to_costs(port=port, preset="live")

    table = rows(page, "presets")
    assert list(table) == [
        "Asking, without streaming",
        "Economy",
        "Balanced",
        "Live",
        "Logger",
        "**Your choice**",
    ]
    asked = forecast_polling(USUAL, price=ANSWER)
    assert table["Asking, without streaming"] == [
        f"{round(asked.count, -2):,.0f}",
        f"{asked.cost:,.2f}",
        f"{2 * asked.cost:,.2f}",
        f"{max(0.0, 2 * asked.cost - 10):,.2f}",
    ]
    assert table["**Your choice**"] == table["Live"]
    for preset in ("Economy", "Balanced", "Live", "Logger"):
        values, each, both, to_pay = table[preset]
        assert float(values.split("–")[0].replace(",", "")) > 10_000  # noqa: RUF001
        assert float(both) == pytest.approx(
            sum(float(cost) for cost in (each.split("–") * 2)[:2]),  # noqa: RUF001
            abs=0.011,
        )
        assert float(to_pay) == max(0.0, float(both) - 10)
    assert shown(page, "count") == "2"


async def told(hass: HomeAssistant, pages: Pages, cloud: FakeCloud, **changes: Any) -> None:
    """Have every car tell something else."""
    for car in cloud.cars.values():
        car.changes = changes
    for coordinator in pages.entry.runtime_data.cars.values():
        await coordinator.async_refresh()
    await hass.async_block_till_done()


NEW: Final = "2026.40.1 0123abc"


async def test_a_car_with_new_software_costs_what_the_forecast_says(
    hass: HomeAssistant, pages: Pages, cloud: FakeCloud, port: int
) -> None:
    """For each, and for both."""
    await told(hass, pages, cloud, vehicle_state__car_version=NEW)

    page = await pages.to_costs(port=port, preset="economy")

    total = forecast_streaming(PRESETS[Preset.ECONOMY], price=SIGNAL).total
    values, each = f"{round(total.count, -2):,.0f}", f"{total.cost:,.2f}"
    both = f"{2 * total.cost:,.2f}"
    assert rows(page, "presets")["Economy"] == [values, each, both, "0.00"]
    assert rows(page, "cars") == {
        "Falcon (…012345)": [str(len(PRESETS[Preset.ECONOMY])), values, each],
        "Juniper (…012346)": [str(len(PRESETS[Preset.ECONOMY])), values, each],
    }


async def test_the_page_says_what_the_figures_suppose(pages: Pages, port: int) -> None:
    """And what they leave out."""
    page = await pages.to_costs(port=port)

    said = {name: shown(page, name) for name in (page["description_placeholders"] or {})}
    del said["presets"], said["cars"]
    assert said == {
        "count": "2",
        "km": "40",
        "trips": "2",
        "charging": "0.85",
        "awake": "0.85",
        "discount": "10",
        "asks": "4",
        "asked": "0.24",
    }


async def test_figures_are_written_as_the_language_does(
    hass: HomeAssistant, pages: Pages, port: int
) -> None:
    """And the words of the table are the page's."""
    hass.config.language = "de"

    page = await pages.to_costs(port=port)

    assert shown(page, "asked") == "0,24"
    polling = rows(page, "presets")["Befragen, ohne Streaming"]
    assert polling == ["1.800", "3,55", "7,09", "0,00"]


@pytest.mark.parametrize("scopes", [[scope for scope in Scope if "location" not in scope]])
async def test_a_car_is_counted_with_what_it_can_send(
    hass: HomeAssistant, pages: Pages, cloud: FakeCloud, port: int
) -> None:
    """Positions that the login does not allow cost nothing."""
    await told(hass, pages, cloud, vehicle_state__car_version=NEW)

    page = await pages.to_costs(port=port, preset="economy")

    streamed = {name: PRESETS[Preset.ECONOMY][name] for name in PRESETS[Preset.ECONOMY]}
    del streamed["Location"]
    total = forecast_streaming(streamed, price=SIGNAL).total
    fields, values, each = rows(page, "cars")["Juniper (…012346)"]
    assert fields == str(len(streamed))
    assert values == f"{round(total.count, -2):,.0f}"
    assert each == f"{total.cost:,.2f}"


async def test_cars_that_differ_are_shown_from_the_cheapest_to_the_dearest(
    hass: HomeAssistant, pages: Pages, cloud: FakeCloud, port: int
) -> None:
    """What does not know of least changes sends more of less."""
    cloud.cars[MODEL_3].changes = {"vehicle_state__car_version": "2024.38.1"}
    cloud.cars[MODEL_X].changes = {"vehicle_state__car_version": NEW}
    for coordinator in pages.entry.runtime_data.cars.values():
        await coordinator.async_refresh()
    await hass.async_block_till_done()

    page = await pages.to_costs(port=port, preset="logger")

    cars, logger = rows(page, "cars"), rows(page, "presets")["Logger"]
    new, old = cars["Falcon (…012345)"], cars["Juniper (…012346)"]
    assert int(old[0]) < int(new[0])
    assert float(old[2]) > float(new[2])
    assert logger[1] == f"{new[2]}–{old[2]}"  # noqa: RUF001
    assert float(logger[2]) == pytest.approx(float(new[2]) + float(old[2]), abs=0.011)


async def test_a_car_that_cannot_stream_is_not_counted(
    hass: HomeAssistant, pages: Pages, cloud: FakeCloud, port: int
) -> None:
    """The page says why."""
    cloud.cars[MODEL_X].changes = {"vehicle_state__car_version": "2025.14.3"}
    cloud.cars[MODEL_3].changes = {"vehicle_state__car_version": NEW}
    for coordinator in pages.entry.runtime_data.cars.values():
        await coordinator.async_refresh()
    await hass.async_block_till_done()

    page = await pages.to_costs(port=port)

    assert shown(page, "count") == "1"
    assert rows(page, "cars")["Falcon (…012345)"] == ["its software is too old", "–", "–"]  # noqa: RUF001
    assert rows(page, "presets")["Asking, without streaming"] == ["1,800", "3.55", "3.55", "0.00"]


async def test_where_no_car_can_stream_there_is_nothing_to_pay(
    hass: HomeAssistant, pages: Pages, cloud: FakeCloud, port: int
) -> None:
    """It may be saved all the same: cars get new software."""
    await told(hass, pages, cloud, vehicle_state__car_version="2024.8.9")

    page = await pages.to_costs(port=port)

    assert shown(page, "count") == "0"
    assert rows(page, "presets")["Live"] == ["–", "–", "0.00", "0.00"]  # noqa: RUF001
    assert (await pages.choose(page, "save"))["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    "scopes", [[scope for scope in Scope if scope is not Scope.VEHICLE_DEVICE_DATA]]
)
async def test_a_login_that_does_not_allow_it_is_why_no_car_can_stream(
    pages: Pages, port: int
) -> None:
    """The page says so for each."""
    page = await pages.to_costs(port=port)

    assert {row[0] for row in rows(page, "cars").values()} == {"not allowed by the login"}


@pytest.mark.parametrize(
    "cloud", [FakeCloud(FakeCar(vin=MODEL_3, name="Juniper", availability=Availability.ASLEEP))]
)
async def test_a_car_that_has_not_told_its_software_counts_as_up_to_date(
    pages: Pages, port: int
) -> None:
    """It sleeps, and is not woken for this."""
    page = await pages.to_costs(port=port)

    total = forecast_streaming(PRESETS[Preset.BALANCED], price=SIGNAL).total
    assert rows(page, "cars")["Juniper (…012346)"][2] == f"{total.cost:,.2f}"


@pytest.mark.parametrize(
    "cloud", [FakeCloud(*(FakeCar(vin=f"{MODEL_Y[:-1]}{i}", name=f"{i}") for i in range(5)))]
)
async def test_the_free_amount_is_taken_off_once_for_all_cars(
    hass: HomeAssistant, pages: Pages, cloud: FakeCloud, port: int
) -> None:
    """It is the application's."""
    await told(hass, pages, cloud, vehicle_state__car_version=NEW)

    page = await pages.to_costs(port=port, preset="live")

    _, each, all_cars, to_pay = rows(page, "presets")["Live"]
    assert float(all_cars) == pytest.approx(5 * float(each), abs=0.03)
    assert float(all_cars) > 10
    assert float(to_pay) == pytest.approx(float(all_cars) - 10)


async def test_without_the_cars_any_one_is_counted(
    hass: HomeAssistant, pages: Pages, port: int
) -> None:
    """An account that does not run has its options, too."""
    assert await hass.config_entries.async_unload(pages.entry.entry_id)

    page = await pages.to_costs(port=port)

    total = forecast_streaming(PRESETS[Preset.BALANCED], price=SIGNAL).total
    count, cost = f"{round(total.count, -2):,.0f}", f"{total.cost:,.2f}"
    assert shown(page, "count") == "1"
    assert rows(page, "cars") == {
        "A car with new software": [str(len(PRESETS[Preset.BALANCED])), count, cost]
    }
    assert rows(page, "presets")["Balanced"] == [count, cost, cost, "0.00"]


@pytest.mark.parametrize("cloud", [FakeCloud(FakeCar(vin=MODEL_3, name="Mine | *or* [yours](x)"))])
async def test_a_cars_name_does_not_change_the_table(pages: Pages, port: int) -> None:
    """Somebody else may have named it."""
    page = await pages.to_costs(port=port)

    assert shown(page, "cars").startswith(r"| Mine \| \*or\* \[yours\]\(x\) (…012346) | ")


# Another preset, single fields


async def test_another_preset_is_chosen_beside_the_costs(pages: Pages, port: int) -> None:
    """The costs follow."""
    page = await pages.choose(await pages.to_costs(port=port, preset="live"), "preset")
    assert suggestions(page) == {"preset": "live"}

    page = await pages.fill(page, preset="economy")

    assert page["step_id"] == "costs"
    table = rows(page, "presets")
    assert table["**Your choice**"] == table["Economy"] != table["Live"]
    await pages.choose(page, "save")
    assert pages.options.preset is Preset.ECONOMY


async def test_single_fields_are_changed_and_counted(pages: Pages, port: int) -> None:
    """One more, one less; then it is saved."""
    page = await pages.choose(await pages.to_costs(port=port, preset="economy"), "fields")
    assert page["menu_options"] == ["field", "costs"]
    assert shown(page, "changes") == "| - | 0 s |"

    page = await pages.choose(page, "field")
    page = await pages.fill(page, field="PackCurrent", interval=1)
    page = await pages.choose(page, "field")
    page = await pages.fill(page, field="Location", interval=0)

    assert page["menu_options"] == ["field", "remove", "costs"]
    assert shown(page, "changes") == "| Location | 0 s |\n| PackCurrent | 1 s |"
    page = await pages.choose(page, "costs")
    table = rows(page, "presets")
    assert float(table["**Your choice**"][2]) > float(table["Economy"][2])
    await pages.choose(page, "save")
    assert pages.options.fields == {"PackCurrent": 1, "Location": 0}
    assert pages.options.choice["PackCurrent"].interval == 1
    assert "Location" not in pages.options.choice


async def test_the_list_of_fields_tells_their_intervals(pages: Pages, port: int) -> None:
    """Also what was just changed; whatever is not streamed has 0."""
    page = await pages.choose(await pages.to_costs(port=port), "fields")
    page = await pages.fill(await pages.choose(page, "field"), field="Hvil", interval=7)
    page = await pages.choose(page, "field")

    schema = page["data_schema"]
    assert schema is not None
    offered = {each["value"]: each["label"] for each in schema.schema["field"].config["options"]}
    assert set(offered) == set(OFFERED)
    assert offered["Hvil"] == "Hvil (7 s)"
    assert offered["VehicleSpeed"] == "VehicleSpeed (10 s)"
    assert offered["PackCurrent"] == "PackCurrent (0 s)"


@pytest.mark.parametrize("typed", [-1, 0.5, MAX_SECONDS + 1, float("inf")])
async def test_an_interval_that_cannot_be_is_told(pages: Pages, port: int, typed: float) -> None:
    """What was typed stays; mended, the dialog goes on."""
    page = await pages.choose(await pages.to_costs(port=port), "fields")

    page = await pages.fill(await pages.choose(page, "field"), field="Soc", interval=typed)

    assert page["errors"] == {"interval": "telemetry_interval_invalid"}
    assert shown(page, "most") == str(MAX_SECONDS)
    assert suggestions(page) == {"field": "Soc", "interval": typed}
    page = await pages.fill(page, field="Soc", interval=MAX_SECONDS)
    assert shown(page, "changes") == f"| Soc | {MAX_SECONDS} s |"


ALL_BUT_SOC: Final = dict.fromkeys((name for name in PRESETS[Preset.ECONOMY] if name != "Soc"), 0)


@pytest.mark.parametrize("chosen", [TelemetryOptions(preset=Preset.ECONOMY, fields=ALL_BUT_SOC)])
async def test_the_last_field_cannot_be_left_out(pages: Pages, port: int) -> None:
    """A car refuses a configuration without any."""
    page = await pages.choose(await pages.to_costs(port=port, preset="economy"), "fields")

    page = await pages.fill(await pages.choose(page, "field"), field="Soc", interval=0)

    assert page["errors"] == {"interval": "telemetry_no_fields"}
    assert (await pages.fill(page, field="Soc", interval=60))["step_id"] == "fields"


@pytest.mark.parametrize("chosen", [TelemetryOptions(fields={"Soc": 0, "Gear": 60, "Hvil": 5})])
async def test_changes_are_taken_back(pages: Pages, port: int) -> None:
    """Some, then all."""
    page = await pages.choose(await pages.to_costs(port=port), "fields")
    page = await pages.fill(await pages.choose(page, "remove"), fields=["Soc", "Hvil"])
    assert shown(page, "changes") == "| Gear | 60 s |"

    page = await pages.fill(await pages.choose(page, "remove"), fields=["Gear"])

    assert page["menu_options"] == ["field", "costs"]
    await pages.choose(await pages.choose(page, "costs"), "save")
    assert pages.options.fields == {}


# From Tesla's own server


@pytest.fixture
def _mqtt(hass: HomeAssistant) -> None:
    """The MQTT integration is set up."""
    MockConfigEntry(domain="mqtt").add_to_hass(hass)


@pytest.mark.parametrize(
    ("typed", "topic"),
    [("telemetry", "telemetry"), (" fleet/cars/ ", "fleet/cars"), ("/fleet", "/fleet")],
)
@pytest.mark.usefixtures("_mqtt")
async def test_the_topic_of_teslas_server_is_saved(
    hass: HomeAssistant, pages: Pages, typed: str, topic: str
) -> None:
    """As the server's configuration has it."""
    page = await pages.open("mqtt")
    assert suggestions(page) == {"mqtt_topic": "telemetry"}

    page = await pages.fill(page, mqtt_topic=typed)

    assert page["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (pages.options.source, pages.options.mqtt_topic) == (TelemetrySource.MQTT, topic)
    assert pages.entry.runtime_data.telemetry.options == pages.options


@pytest.mark.parametrize("typed", ["", " / ", "cars/#", "cars/+", "ca\x00rs", "ca\nrs"])
@pytest.mark.usefixtures("_mqtt")
async def test_what_is_no_topic_is_told(pages: Pages, typed: str) -> None:
    """What was typed stays; mended, it is saved."""
    page = await pages.fill(await pages.open("mqtt"), mqtt_topic=typed)

    assert page["errors"] == {"mqtt_topic": "telemetry_topic_invalid"}
    assert suggestions(page) == {"mqtt_topic": typed}
    page = await pages.fill(page, mqtt_topic="cars")
    assert page["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("disabler", [None, ConfigEntryDisabler.USER])
async def test_without_mqtt_there_is_no_topic_to_ask_for(
    hass: HomeAssistant, pages: Pages, disabler: ConfigEntryDisabler | None
) -> None:
    """The dialog says what is missing, also if it is only turned off; nothing is changed."""
    if disabler:
        MockConfigEntry(domain="mqtt", disabled_by=disabler).add_to_hass(hass)

    page = await pages.open("mqtt")

    assert page["type"] is FlowResultType.ABORT
    assert page["reason"] == "mqtt_missing"
    assert pages.entry.options == {}


# Texts


def texts(language: str) -> Any:
    """The texts of a language."""
    return json.loads((ROOT / "translations" / f"{language}.json").read_text())


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_page_and_error_has_its_text(language: str) -> None:
    """And none is left over."""
    code = "".join(
        (ROOT / name).read_text() for name in ("flows/streaming.py", "flows/receiver_address.py")
    )
    options = texts(language)["options"]

    steps = set(re.findall(r"def async_step_(\w+)", code))
    assert set(options["step"]) == steps - {"off", "save"}
    assert set(options["abort"]) == set(re.findall(r'reason="(\w+)"', code))
    mistakes = {error for _, _, error in WRONG} | {
        "telemetry_interval_invalid",
        "telemetry_no_fields",
    }
    assert set(options["error"]) == mistakes | set(re.findall(r'"(telemetry_\w+)"', code))
    for step in options["step"].values():
        assert set(step.get("data", {})) == set(step.get("data_description", {}))
        assert set(step.get("menu_options", {})) == set(step.get("menu_option_descriptions", {}))


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_preset_has_a_name(language: str) -> None:
    """In the list and in the table."""
    assert set(texts(language)["selector"]["telemetry_preset"]["options"]) == set(Preset)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_reason_why_a_car_cannot_stream_has_a_word(language: str) -> None:
    """Of those that can be known before anything is saved."""
    known = product(
        ("OWNER", "DRIVER", None), ((), tuple(Scope)), (True, False, None), (None, NEW, "2024.2")
    )
    found = {
        check.finding
        for access_type, scopes, old_design, firmware in known
        for check in diagnose(
            Evidence(
                access_type=access_type, scopes=scopes, old_design=old_design, firmware=firmware
            )
        )
        if check.severity is Severity.BLOCKS
    }

    assert set(texts(language)["selector"]["telemetry_hindrance"]["options"]) == found


# The real thing


async def test_a_simulated_account_is_set_up_for_streaming(
    live: Live, unused_tcp_port: int
) -> None:
    """Its six cars, as far as they can stream."""
    for vin in live.entry.runtime_data.cars:
        await live.look_at(vin)
    pages = Pages(hass=live.hass, entry=live.entry)

    page = await pages.to_costs(port=unused_tcp_port, preset="live")

    assert len(rows(page, "cars")) == 6
    able = [row for row in rows(page, "cars").values() if row[1] != "–"]  # noqa: RUF001
    assert shown(page, "count") == str(len(able))
    assert float(rows(page, "presets")["**Your choice**"][2]) == pytest.approx(
        sum(float(row[2]) for row in able), abs=0.05
    )
    await pages.choose(page, "save")
    await live.hass.async_block_till_done(wait_background_tasks=True)
    assert live.entry.state is ConfigEntryState.LOADED
    assert live.entry.runtime_data.telemetry.options.hostname == HOST
    assert live.entry.runtime_data.telemetry.options.source is TelemetrySource.RECEIVER
    assert await live.hass.config_entries.async_unload(live.entry.entry_id)
