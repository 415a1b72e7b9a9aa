"""A person turns streaming on in a browser, after seeing what it costs, and cars stream."""

from dataclasses import dataclass
import re
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import expect
import pytest

from scripts.workshop import board, streaming as streams, walk as workshop
from scripts.workshop.loopback import ask, free_port

from . import walk
from .test_set_up import JUNIPER

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize

    from .conftest import Stage

HOST: Final = streams.HOST
YUKI: Final = "XP7YGCEK6SB012348"
CARS: Final = ("Anvil", "Falcon", "Guest S", "Juniper", "Pearl", "Yuki")
PRESETS: Final = ("Economy", "Balanced", "Live", "Logger")
DOLLARS: Final = re.compile(r"\d+\.\d\d(–\d+\.\d\d)?")  # noqa: RUF001 - as the page has it

STREAMING: Final = 4
"""Cars: the other two are too old for it, or lack the key."""
LOW: Final[ViewportSize] = {"width": 1280, "height": 640}


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What the options showed before anything was saved, and where cars stream to since."""

    costs: dict[str, list[str]]
    cars: dict[str, list[str]]
    streaming_before: list[str]
    port: int


@pytest.fixture(scope="module")
def seen(stage: Stage, browser_context: BrowserContext) -> Seen:
    """Set the account up, and walk through the options once for all tests."""
    api, port = stage.home_assistant, free_port(0)
    workshop.set_up(api)
    page = browser_context.new_page()
    walk.wait_for_cars(page, api, CARS)
    dialog = walk.show_receiver_form(page, api.url)
    dialog.locator("input").first.fill(HOST)
    dialog.locator("input[type=number]").first.fill(str(port))
    walk.submit(page)
    expect(dialog).to_contain_text("What streaming will cost")
    expect(dialog.locator("table").nth(1)).to_be_visible()
    shown = Seen(
        costs=rows(dialog.locator("table").nth(0)),
        cars=rows(dialog.locator("table").nth(1)),
        streaming_before=[stream["vin"] for stream in told(stage)],
        port=port,
    )
    walk.picture(page, "streaming-costs")
    walk.choose(page, "Save and stream")
    expect(dialog).to_contain_text("Options successfully saved")
    dialog.get_by_role("button", name="Finish").click()
    page.close()
    return shown


def rows(table: Locator) -> dict[str, list[str]]:
    """A table of the page: cells by the first one, without what it has in brackets."""
    lines = [row.split("\t") for row in table.locator("tbody tr").all_inner_texts()]
    return {title.partition(" (")[0]: cells for title, *cells in lines}


def told(stage: Stage) -> list[dict[str, Any]]:
    """The cars that Tesla told to stream, from the simulator."""
    found: list[dict[str, Any]] = ask(f"{stage.simulator_url}/_simulator/telemetry").json()[
        "streams"
    ]
    return found


def asked_for_data(stage: Stage, vin: str) -> int:
    """How often a car was asked for its data."""
    entries = ask(f"{stage.simulator_url}/_simulator/ledger").json()["entries"]
    return sum(entry["endpoint"] == "vehicle_data" and entry["vin"] == vin for entry in entries)


def change(stage: Stage, vin: str, **changes: object) -> None:
    """Do something to a car that nobody tells Home Assistant of."""
    done = ask(f"{stage.simulator_url}/_simulator/cars/{vin}", method="PATCH", json_body=changes)
    assert done.status == 200


def test_costs_are_shown_before_anything_is_saved(seen: Seen) -> None:
    """In dollars, for asking and for each preset; then car by car."""
    assert seen.streaming_before == []
    assert list(seen.costs) == ["Asking, without streaming", *PRESETS, "Your choice"]
    for _, each_car, all_cars, to_pay in seen.costs.values():
        assert DOLLARS.fullmatch(each_car)
        assert DOLLARS.fullmatch(all_cars)
        assert DOLLARS.fullmatch(to_pay)
    economy, balanced = (float(seen.costs[preset][2]) for preset in PRESETS[:2])
    assert 0 < economy < balanced < float(seen.costs["Asking, without streaming"][2])
    assert seen.costs["Your choice"] == seen.costs["Balanced"]
    assert set(seen.cars) == set(CARS)


def test_choice_is_there_the_next_time(seen: Seen, stage: Stage, page: Page) -> None:
    """The form begins with what was saved."""
    dialog = walk.show_receiver_form(page, stage.home_assistant.url)

    expect(dialog.locator("input").first).to_have_value(HOST)
    expect(dialog.locator("input[type=number]").first).to_have_value(str(seen.port))


def test_cars_come_to_the_address_that_was_typed(seen: Seen, stage: Stage, page: Page) -> None:
    """By themselves, a moment after the dialog was finished."""
    walk.wait_until(page, lambda: len(streams.connected(stage.simulator_url)) == STREAMING)

    ways = {(car["hostname"], car["port"]) for car in told(stage) if car["connected"]}
    assert ways == {(HOST, seen.port)}


@pytest.mark.usefixtures("seen")
def test_a_change_in_the_car_is_shown_without_asking_for_it(stage: Stage, page: Page) -> None:
    """On the device's page, within seconds."""
    walk.show_device(page, stage.home_assistant, "Juniper")
    expect(walk.row(page, "Streaming")).to_contain_text("Connected")
    expect(walk.row(page, "Sentry mode").get_by_role("switch")).not_to_be_checked()
    asked = asked_for_data(stage, JUNIPER)

    change(stage, JUNIPER, sentry_mode=True)

    expect(walk.row(page, "Sentry mode").get_by_role("switch")).to_be_checked()
    assert asked_for_data(stage, JUNIPER) == asked
    walk.picture(page, "streaming", size=LOW)


@pytest.mark.usefixtures("seen")
def test_dashboard_tells_who_streams(stage: Stage, page: Page) -> None:
    """Falcon is too old for it, and Pearl lacks the key."""
    board.put_up(stage.home_assistant)
    walk.show_dashboard(page, stage.home_assistant.url)

    for car in ("Anvil", "Guest S", "Juniper", "Yuki"):
        expect(walk.tile(page, car, "Streaming")).to_contain_text("Connected")
    for car in ("Falcon", "Pearl"):
        expect(walk.tile(page, car, "Streaming")).to_contain_text("Disconnected")
    walk.picture(page, "dashboard")
