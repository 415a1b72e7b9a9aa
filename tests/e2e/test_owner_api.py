"""A person sets up an owner entry in a browser, moves it to the Fleet API, and loses nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import expect
import pytest

from scripts.workshop import walk as workshop
from scripts.workshop.loopback import ask
from scripts.workshop.places import DOMAIN, PUBLIC_DOMAIN

from . import walk
from .test_set_up import PEARL, car

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from scripts.workshop.home_assistant import HomeAssistantApi

    from .conftest import Stage

OWNER: Final = "11111111-aaaa-4aaa-8aaa-111111111111"
FALCON: Final = "5YJXCDE22JF012345"
OWNER_HOST: Final = "owner-api.teslamotors.com"
FLEET_HOST: Final = "fleet-api.prd.eu.vn.cloud.tesla.com"
SENTRY: Final = "Sentry mode"
SWITCH: Final = "switch.the_old_one_guards"
NAME: Final = "On guard"
ODOMETER: Final = "sensor.falcon_odometer"
AREA: Final = "Barn"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What a person has of an owner entry that has been used for a while."""

    entry_id: str
    began: datetime
    devices: dict[str, dict[str, Any]]
    entities: dict[str, dict[str, Any]]
    states: list[str]
    statistics: dict[str, Any]
    hosts: list[str]


@pytest.fixture(scope="module")
def settled(stage: Stage, browser_context: BrowserContext) -> Settled:
    """Set the owner entry up, settle in, and turn sentry mode on, once for all tests."""
    api, began = stage.home_assistant, datetime.now(UTC)
    page = browser_context.new_page()
    walk.begin_set_up(page, api.url)
    walk.choose(page, "Owner API (unsupported by Tesla)")
    expect(walk.dialog(page)).to_contain_text("it may end any day")
    walk.dialog(page).locator("input").first.fill(owner_token(stage))
    walk.submit(page)
    walk.dialog(page).get_by_role("button", name="Skip and finish").click()
    walk.wait_until(page, lambda: ODOMETER in states(api))
    settle_in(api)
    forget_requests(stage)
    walk.show_device(page, api, "Falcon")
    walk.press(page, NAME)
    expect(walk.row(page, NAME).get_by_role("switch")).to_be_checked()
    walk.wait_until(page, lambda: car(stage, FALCON)["sentry_mode"])
    walk.wait_until(page, lambda: history(api, began)[-1:] == ["on"])
    walk.show_entry(page, api.url)
    walk.picture(page, "owner-api", size=walk.LOW)
    page.close()
    return Settled(
        entry_id=workshop.entries(api)[0]["entry_id"],
        began=began,
        devices=devices(api),
        entities=entities(api),
        states=history(api, began),
        statistics=statistics(api),
        hosts=command_hosts(stage),
    )


@pytest.fixture(scope="module")
def moved(settled: Settled, stage: Stage, browser_context: BrowserContext) -> Settled:
    """Move it to the Fleet API, with the virtual key for Pearl on the way."""
    api = stage.home_assistant
    page = browser_context.new_page()
    walk.reconfigure(page, api.url)
    walk.choose(page, walk.TO_FLEET)
    walk.store_credentials(page, api.url)
    walk.reconfigure(page, api.url)
    walk.picture(page, "move-to-fleet", size=walk.LOW)
    with browser_context.expect_page() as opened:
        walk.choose(page, walk.TO_FLEET)
    walk.log_in_at_tesla(opened.value)
    walk.name_domain(page)
    put_key_into(stage, browser_context, "Pearl")
    walk.submit(page)
    expect(walk.dialog(page).locator("tbody tr", has_text="Pearl")).not_to_contain_text("Not")
    walk.submit(page)
    expect(walk.dialog(page)).to_contain_text("is an account of the Fleet API now")
    page.close()
    return settled


def owner_token(stage: Stage) -> str:
    """A refresh token, as another program had it."""
    answer = ask(
        f"{stage.simulator_url}/_simulator/accounts/{OWNER}/owner_token", method="POST"
    ).json()
    return str(answer["refresh_token"])


def settle_in(api: HomeAssistantApi) -> None:
    """Rename an entity, put the car into an area, and have statistics of months ago."""
    area = api.command("config/area_registry/create", name=AREA)["area_id"]
    falcon = next(d for d in api.command("config/device_registry/list") if d["name"] == "Falcon")
    api.command("config/device_registry/update", device_id=falcon["id"], area_id=area)
    api.command(
        "config/entity_registry/update",
        entity_id="switch.falcon_sentry_mode",
        new_entity_id=SWITCH,
        name=NAME,
    )
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=90)
    api.command(
        "recorder/import_statistics",
        metadata={
            "has_mean": False,
            "mean_type": 0,
            "has_sum": True,
            "name": None,
            "source": "recorder",
            "statistic_id": ODOMETER,
            "unit_class": "distance",
            "unit_of_measurement": "km",
        },
        stats=[
            {"start": (hour + timedelta(hours=after)).isoformat(), "state": km, "sum": km}
            for after, km in enumerate((41_000, 41_030, 41_080))
        ],
    )


def states(api: HomeAssistantApi) -> dict[str, str]:
    """Every entity's state."""
    return {state["entity_id"]: state["state"] for state in api.command("get_states")}


def history(api: HomeAssistantApi, since: datetime) -> list[str]:
    """What the recorder has of the switch, the oldest first."""
    found = api.command(
        "history/history_during_period",
        start_time=since.isoformat(),
        entity_ids=[SWITCH],
        minimal_response=True,
        no_attributes=True,
    )
    return [state["s"] for state in found.get(SWITCH, [])]


def statistics(api: HomeAssistantApi) -> dict[str, Any]:
    """What the odometer read months ago."""
    found: dict[str, Any] = api.command(
        "recorder/statistics_during_period",
        start_time=(datetime.now(UTC) - timedelta(days=91)).isoformat(),
        end_time=(datetime.now(UTC) - timedelta(days=1)).isoformat(),
        statistic_ids=[ODOMETER],
        period="hour",
    )
    return found


def devices(api: HomeAssistantApi) -> dict[str, dict[str, Any]]:
    """What a person sees and has chosen of each car, by the device's id."""
    wanted = ("name", "name_by_user", "area_id", "identifiers", "serial_number")
    return {
        device["id"]: {key: device[key] for key in wanted}
        for device in api.command("config/device_registry/list")
        if DOMAIN in dict(device["identifiers"])
    }


def entities(api: HomeAssistantApi) -> dict[str, dict[str, Any]]:
    """The same of each entity, by the registry's own id."""
    wanted = ("entity_id", "unique_id", "name", "area_id", "device_id", "disabled_by")
    return {
        entity["id"]: {key: entity[key] for key in wanted}
        for entity in api.command("config/entity_registry/list")
        if entity["platform"] == DOMAIN
    }


def forget_requests(stage: Stage) -> None:
    """Begin a new list of requests."""
    assert ask(f"{stage.simulator_url}/_simulator/ledger", method="DELETE").status == 200


def command_hosts(stage: Stage) -> list[str]:
    """Over which hosts Falcon was told something since."""
    entries = ask(f"{stage.simulator_url}/_simulator/ledger").json()["entries"]
    return [
        entry["host"]
        for entry in entries
        if entry["vin"] == FALCON and "command" in entry["endpoint"]
    ]


def put_key_into(stage: Stage, context: BrowserContext, name: str) -> None:
    """What the Tesla app does behind the link."""
    page = context.new_page()
    page.goto(f"{stage.simulator_url}/www.tesla.com/_ak/{PUBLIC_DOMAIN}")
    page.locator("select[name=vin]").select_option(PEARL)
    expect(page.locator("select[name=vin] option:checked")).to_contain_text(name)
    page.get_by_role("button", name="Approve").click()
    page.wait_for_load_state()
    page.close()


def test_sentry_mode_is_turned_on_over_the_owner_host(settled: Settled, stage: Stage) -> None:
    """Once, and nothing else of Tesla's was asked for it."""
    assert settled.hosts == [OWNER_HOST]
    assert car(stage, FALCON)["last_execution"]["route"] == "unsigned"
    assert settled.states[-2:] == ["off", "on"]


def test_refusal_leads_to_the_dialog_that_moves(settled: Settled, stage: Stage, page: Page) -> None:
    """The repair's page goes on in the entry's own dialog, which may be closed again."""
    api = stage.home_assistant
    walk.show_device(page, api, "Falcon")
    expect(walk.row(page, NAME).get_by_role("switch")).to_be_checked()
    set_day(stage, "closed")
    walk.press(page, NAME)
    walk.wait_until(page, lambda: bool(api.command("repairs/list_issues")["issues"]))
    page.goto(f"{api.url}/config/repairs")
    page.get_by_text("does not serve").first.click()
    expect(walk.dialog(page)).to_contain_text("Tesla is closing this interface")

    walk.submit(page)

    expect(walk.dialog(page).get_by_text(walk.TO_FLEET)).to_be_visible()
    set_day(stage, "good")
    walk.dialog(page).get_by_role("button", name="Close").click()
    expect(walk.dialog(page)).not_to_be_visible()
    assert [entry["entry_id"] for entry in workshop.entries(api)] == [settled.entry_id]


def set_day(stage: Stage, day: str) -> None:
    """How the owner host behaves."""
    url = f"{stage.simulator_url}/_simulator/owner_day"
    assert ask(url, method="PUT", json_body={"day": day}).status == 200


def test_entry_devices_and_entities_are_the_same_after_the_move(
    moved: Settled, stage: Stage, page: Page
) -> None:
    """With their ids, names and area; what only the Fleet API has comes besides."""
    api = stage.home_assistant
    assert [entry["entry_id"] for entry in workshop.entries(api)] == [moved.entry_id]
    walk.wait_until(page, lambda: len(devices(api)) > len(moved.devices))
    assert moved.devices.items() <= devices(api).items()
    assert moved.entities.items() <= entities(api).items()
    assert SWITCH in {entity["entity_id"] for entity in moved.entities.values()}


def test_history_and_statistics_go_on(moved: Settled, stage: Stage) -> None:
    """What was recorded before is still there, under the same ids."""
    api = stage.home_assistant
    assert [row["sum"] for row in moved.statistics[ODOMETER]] == [41_000, 41_030, 41_080]
    assert statistics(api) == moved.statistics
    assert history(api, moved.began)[: len(moved.states)] == moved.states


@pytest.mark.usefixtures("moved")
def test_same_switch_works_over_the_fleet_host(stage: Stage, page: Page) -> None:
    """Unsigned, because this car knows nothing else."""
    api = stage.home_assistant
    walk.show_device(page, api, "Falcon")
    expect(walk.row(page, NAME).get_by_role("switch")).to_be_checked()
    forget_requests(stage)

    walk.press(page, NAME)

    walk.wait_until(page, lambda: not car(stage, FALCON)["sentry_mode"])
    assert car(stage, FALCON)["last_execution"]["route"] == "unsigned"
    assert command_hosts(stage) == [FLEET_HOST]
    walk.wait_until(page, lambda: states(api)[SWITCH] == "off")


@pytest.mark.usefixtures("moved")
def test_car_that_has_the_key_now_takes_signed_commands(stage: Stage, page: Page) -> None:
    """Which the owner API could not carry."""
    walk.show_device(page, stage.home_assistant, "Pearl")
    walk.press(page, SENTRY)

    walk.wait_until(page, lambda: car(stage, PEARL)["sentry_mode"])
    assert car(stage, PEARL)["last_execution"]["route"] == "signed"


@pytest.mark.usefixtures("moved")
def test_page_says_what_is_held_and_how_to_take_it_back(stage: Stage, page: Page) -> None:
    """Permissions, key and where it is, streams, and Tesla's own page."""
    walk.reconfigure(page, stage.home_assistant.url)
    walk.choose(page, "What we hold, and how to take it back")

    shown = walk.dialog(page)
    expect(shown).to_contain_text("Vehicle commands")
    expect(shown).to_contain_text("Pearl")
    expect(shown.get_by_role("link", name="accounts.tesla.com")).to_have_attribute(
        "href", "https://accounts.tesla.com/account-settings/security?tab=tpty-apps"
    )
    expect(shown.get_by_text("Delete streams and secrets")).to_be_visible()
    walk.picture(page, "holdings")
