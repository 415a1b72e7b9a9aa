"""A person turns streaming on in a browser, and sees what it costs before that."""

from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect
import pytest

from scripts.workshop.loopback import free_port
from scripts.workshop.places import DOMAIN

from . import walk

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

    from .conftest import Stage

HOST: Final = "cars.example.com"
CARS: Final = {"Anvil", "Falcon", "Guest S", "Juniper", "Pearl", "Yuki"}


@pytest.fixture(scope="module")
def account(stage: Stage, browser_context: BrowserContext) -> None:
    """Set the account up, and wait until its cars have answered."""
    page = browser_context.new_page()
    walk.walk_to_virtual_key(browser_context, page, stage.home_assistant.url)
    walk.go_on_without_pairing(page, stage.home_assistant.url)
    page.close()


def table(dialog: Locator, number: int) -> list[list[str]]:
    """A table of the page: its rows by cells."""
    rows = dialog.locator("table").nth(number).locator("tbody tr")
    return [row.split("\t") for row in rows.all_inner_texts()]


def configure(page: Page, home_assistant: str) -> Locator:
    """Open the page about the address."""
    page.goto(f"{home_assistant}/config/integrations/integration/{DOMAIN}")
    page.get_by_role("button", name="Configure").first.click()
    dialog = walk.dialog(page)
    dialog.get_by_text("Receive here").click()
    expect(dialog).to_contain_text("Where cars connect to")
    expect(dialog.locator("input[type=number]").first).to_be_visible()
    return dialog


@pytest.mark.usefixtures("account")
def test_the_costs_are_shown_before_streaming_is_saved(stage: Stage, page: Page) -> None:
    """From the button to the saved options."""
    dialog = configure(page, stage.home_assistant.url)
    dialog.locator("input").first.fill(HOST)
    dialog.locator("input[type=number]").first.fill(str(free_port(0)))
    walk.submit(page)

    expect(dialog).to_contain_text("What streaming will cost")
    expect(dialog.locator("table").nth(1)).to_be_visible()
    presets, cars = table(dialog, 0), table(dialog, 1)
    assert [row[0] for row in presets] == [
        "Asking, without streaming",
        "Economy",
        "Balanced",
        "Live",
        "Logger",
        "Your choice",
    ]
    assert presets[2][1:] == presets[-1][1:]
    assert {row[0].partition(" (")[0] for row in cars} == CARS
    walk.picture(page, "streaming")
    dialog.get_by_text("Save and stream").click()
    expect(dialog).to_contain_text("Options successfully saved")
    dialog.get_by_role("button", name="Finish").click()

    again = configure(page, stage.home_assistant.url)
    expect(again.locator("input").first).to_have_value(HOST)
