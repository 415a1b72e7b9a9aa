"""A person sets the integration up in a browser, presses a switch, and mends what was left out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import expect
import pytest

from scripts.workshop import board
from scripts.workshop.loopback import ask
from scripts.workshop.places import PUBLIC_DOMAIN

from . import walk

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from .conftest import Stage

JUNIPER: Final = "5YJ3E7EB8MF012346"
PEARL: Final = "LRW3E7EK9NC012347"
CARS: Final = ("Falcon", "Juniper", "Pearl", "Yuki", "Anvil", "Guest S")
LINK: Final = f"https://www.tesla.com/_ak/{PUBLIC_DOMAIN}"
SENTRY: Final = "Sentry mode"


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What the set-up's last page showed."""

    link: str | None
    code: str
    cars: dict[str, str]


@pytest.fixture(scope="module")
def seen(stage: Stage, browser_context: BrowserContext) -> Seen:
    """Walk the whole set-up, once for all tests, and put up a dashboard."""
    page = browser_context.new_page()
    walk.walk_to_virtual_key(browser_context, page, stage.home_assistant.url)
    dialog = walk.dialog(page)
    code = dialog.locator("ha-qr-code")
    expect(code.locator("canvas")).to_be_visible()
    rows = [row.split("\t") for row in dialog.locator("tbody tr").all_inner_texts()]
    shown = Seen(
        link=dialog.get_by_role("link", name=LINK).get_attribute("href"),
        code=code.evaluate("element => element.data"),
        cars={car.partition(" (")[0]: status.strip() for car, status in rows},
    )
    walk.picture(page, "setup")
    walk.go_on_without_pairing(page, stage.home_assistant.url)
    walk.wait_for_cars(page, stage.home_assistant, CARS)
    board.put_up(stage.home_assistant)
    page.close()
    return shown


def car(stage: Stage, vin: str) -> dict[str, Any]:
    """The truth about a car, from the simulator."""
    found: dict[str, Any] = ask(f"{stage.simulator_url}/_simulator/cars/{vin}").json()
    return found


def test_set_up_shows_the_way_to_the_virtual_key(seen: Seen) -> None:
    """As a link, as a code with the same content, and with what each car needs."""
    assert seen.link == LINK
    assert seen.code == LINK
    assert seen.cars == {
        "Anvil": "Paired",
        "Falcon": "Not needed",
        "Guest S": "Paired",
        "Juniper": "Paired",
        "Pearl": "Not paired",
        "Yuki": "Paired",
    }


@pytest.mark.usefixtures("seen")
def test_sentry_mode_is_turned_on_from_the_dashboard(stage: Stage, page: Page) -> None:
    """The tile says on once the car has confirmed it, and the car has it on."""
    assert not car(stage, JUNIPER)["sentry_mode"]
    walk.show_dashboard(page, stage.home_assistant.url)
    expect(walk.tile(page, "Juniper", SENTRY)).to_contain_text("Off")

    walk.toggle(page, "Juniper", SENTRY)

    expect(walk.tile(page, "Juniper", SENTRY)).to_contain_text("On")
    assert car(stage, JUNIPER)["sentry_mode"]
    assert car(stage, JUNIPER)["last_execution"]["route"] == "signed"


@pytest.mark.usefixtures("seen")
def test_device_page_offers_what_the_car_can_do(stage: Stage, page: Page) -> None:
    """Controls, readings and diagnostics, with the car's name, model and firmware."""
    devices = stage.home_assistant.command("config/device_registry/list")
    device = next(device for device in devices if device["name"] == "Juniper")
    page.goto(f"{stage.home_assistant.url}/config/devices/device/{device['id']}")

    expect(page.get_by_text("Model 3", exact=True).first).to_be_visible()
    expect(page.get_by_text(f"Serial number: {JUNIPER}")).to_be_visible()
    for control in (SENTRY, "Charging", "Climate", "Doors", "Wake up"):
        expect(page.get_by_text(control, exact=True).first).to_be_visible()
    walk.picture(page, "device")


@pytest.mark.usefixtures("seen")
def test_car_without_the_key_leads_to_a_repair_that_mends_it(stage: Stage, page: Page) -> None:
    """A press says what is missing; the repair shows link and code, and closes after pairing."""
    walk.show_dashboard(page, stage.home_assistant.url)
    walk.toggle(page, "Pearl", SENTRY)
    expect(page.locator("notification-manager")).to_contain_text("virtual key")
    assert not car(stage, PEARL)["sentry_mode"]

    page.goto(f"{stage.home_assistant.url}/config/repairs")
    page.get_by_text("Pearl").first.click()
    dialog = walk.dialog(page)
    expect(dialog.get_by_role("link", name=LINK)).to_be_visible()
    expect(dialog.locator("ha-qr-code canvas")).to_be_visible()
    walk.picture(page, "repair")
    walk.submit(page)
    expect(dialog).to_contain_text("Tesla does not see the virtual key")

    changed = ask(
        f"{stage.simulator_url}/_simulator/cars/{PEARL}", method="PATCH", json_body={"paired": True}
    )
    assert changed.status == 200
    walk.submit(page)
    expect(dialog).not_to_contain_text("Tesla does not see")

    walk.show_dashboard(page, stage.home_assistant.url)
    walk.toggle(page, "Pearl", SENTRY)
    expect(walk.tile(page, "Pearl", SENTRY)).to_contain_text("On")
    assert car(stage, PEARL)["sentry_mode"]
