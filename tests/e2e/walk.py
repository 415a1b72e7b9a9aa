"""What a person clicks in Home Assistant's frontend."""

from contextlib import suppress
import os
from typing import TYPE_CHECKING, Final

from playwright.sync_api import Locator, Page, ViewportSize, expect

from scripts.workshop import board
from scripts.workshop.places import DOMAIN, PUBLIC_DOMAIN, ROOT
from scripts.workshop.simulator import CLIENT_ID, CLIENT_SECRET

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import BrowserContext

    from scripts.workshop.home_assistant import HomeAssistantApi

IMAGES: Final = ROOT / "docs" / "images"
NAME: Final = "TeslaLogger"
TO_FLEET: Final = "Tesla Fleet API (recommended)"
LOW: Final[ViewportSize] = {"width": 1280, "height": 640}
TALL: Final[ViewportSize] = {"width": 1280, "height": 1120}
TEXTS: Final = """root => {
  const found = [];
  const look = node => {
    if (node.nodeType === Node.TEXT_NODE && node.data.trim()) found.push(node.data.trim());
    if (node.localName === "style") return;
    for (const child of [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes]) look(child);
  };
  look(root);
  return found;
}"""
_HEARD: Final = 10_000  # ms; the dialog shows at once that it waits for the next page
UPDATE: Final = "UPDATE_SCREENSHOTS"
"""Set in the environment, it has the pictures of the documentation taken anew."""


def picture(page: Page, name: str, *, size: ViewportSize = TALL) -> None:
    """Take a picture for the documentation, if that was asked for."""
    if not os.environ.get(UPDATE):
        return
    IMAGES.mkdir(exist_ok=True)
    before = page.viewport_size
    page.set_viewport_size(size)
    page.wait_for_timeout(1000)  # until nothing moves any more
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
    if before:
        page.set_viewport_size(before)


def dialog(page: Page) -> Locator:
    """The set-up's dialog, a repair's too."""
    return page.locator("dialog-data-entry-flow")


def submit(page: Page) -> None:
    """Go on in the dialog."""
    dialog(page).get_by_role("button", name="Submit").click()


def choose(page: Page, item: str) -> None:
    """Choose from a menu of the dialog, again if need be: a click is lost while it is drawn anew.

    Raises AssertionError if nothing comes of it.
    """
    chosen = dialog(page).locator("step-flow-menu").get_by_text(item)
    for _ in range(3):
        chosen.click()
        with suppress(AssertionError):
            expect(chosen).to_be_hidden(timeout=_HEARD)
            return
    message = f"nothing comes of choosing {item}"
    raise AssertionError(message)


def begin_set_up(page: Page, home_assistant: str) -> None:
    """Everything from an empty Home Assistant to the choice of the API."""
    page.goto(f"{home_assistant}/config/integrations/dashboard")
    page.get_by_role("button", name="Add integration").click()
    page.get_by_placeholder("Search for a brand name").fill(NAME)
    page.locator("ha-integration-list-item").filter(has_text=NAME).click()


def walk_to_virtual_key(context: BrowserContext, page: Page, home_assistant: str) -> None:
    """Everything from an empty Home Assistant to the page with the link."""
    begin_set_up(page, home_assistant)
    choose(page, TO_FLEET)
    _enter_credentials(page)
    with context.expect_page() as opened:
        choose(page, TO_FLEET)
    log_in_at_tesla(opened.value)
    name_domain(page)


def name_domain(page: Page) -> None:
    """Enter the domain, and go on to the page with the link."""
    expect(dialog(page)).to_contain_text("Domain and public key")
    dialog(page).locator("input").first.fill(PUBLIC_DOMAIN)
    submit(page)
    expect(dialog(page)).to_contain_text("Put the virtual key into your cars")


def show_entry(page: Page, home_assistant: str) -> None:
    """Open the integration's page."""
    page.goto(f"{home_assistant}/config/integrations/integration/{DOMAIN}")
    expect(page.locator("ha-config-entry-row")).to_be_visible()


def reconfigure(page: Page, home_assistant: str) -> None:
    """Choose Reconfigure from the entry's three dots."""
    show_entry(page, home_assistant)
    page.locator("ha-config-entry-row").get_by_role("button", name="Menu").first.click()
    page.get_by_role("menuitem", name="Reconfigure").click()
    expect(dialog(page)).to_contain_text("Change the account")


def store_credentials(page: Page, home_assistant: str) -> None:
    """Follow the dialog's link to the page of the application credentials, and enter them."""
    dialog(page).get_by_role("link", name="application credentials").click()
    expect(page).to_have_url(f"{home_assistant}/config/application_credentials")
    page.get_by_role("button", name="Add application credential").click()
    page.locator("dialog-add-application-credential ha-generic-picker").click()
    page.get_by_placeholder("Search").last.fill(NAME)
    page.locator("ha-combo-box-item").get_by_text(NAME, exact=True).click()
    form = page.locator("dialog-add-application-credential")
    expect(form.get_by_role("link", name="Step by step")).to_be_visible()
    _enter_credentials(page)
    expect(page.locator("ha-data-table").get_by_text(CLIENT_ID)).to_be_visible()


def go_on_without_pairing(page: Page, home_assistant: str) -> None:
    """Leave the page with the link, and the dialog, and look what has been set up."""
    dialog(page).get_by_text("Go on", exact=True).click()
    submit(page)
    dialog(page).get_by_role("button", name="Skip and finish").click()
    expect(dialog(page)).not_to_be_visible()
    page.goto(f"{home_assistant}/config/integrations/integration/{DOMAIN}")
    # Six cars, a house and its wall connector.
    expect(page.get_by_role("link", name="8 devices")).to_be_visible()


def show_receiver_form(page: Page, home_assistant: str) -> Locator:
    """Open the options and choose to receive here."""
    page.goto(f"{home_assistant}/config/integrations/integration/{DOMAIN}")
    page.get_by_role("button", name="Configure").first.click()
    shown = dialog(page)
    choose(page, "Receive here")
    expect(shown).to_contain_text("Where cars connect to")
    expect(shown.locator("input[type=number]").first).to_be_visible()
    return shown


def show_device(page: Page, api: HomeAssistantApi, name: str) -> None:
    """Open a device's page."""
    devices = api.command("config/device_registry/list")
    device = next(device for device in devices if device["name"] == name)
    page.goto(f"{api.url}/config/devices/device/{device['id']}")


def row(page: Page, name: str) -> Locator:
    """An entity's row on a device's page."""
    title = page.get_by_text(name, exact=True)
    return page.locator("hui-generic-entity-row").filter(has=title)


def press(page: Page, name: str) -> None:
    """Press a switch on a device's page."""
    row(page, name).locator("ha-switch").click()


def show_dashboard(page: Page, home_assistant: str) -> None:
    """Open the dashboard with a section for each car."""
    page.goto(f"{home_assistant}/{board.PATH}")


def tile(page: Page, car: str, name: str) -> Locator:
    """A car's tile on the dashboard."""
    section = page.locator("hui-grid-section").filter(has_text=car)
    return section.locator("hui-tile-card").filter(has_text=name)


def toggle(page: Page, car: str, name: str) -> None:
    """Press the tile's icon."""
    tile(page, car, name).locator("ha-tile-icon").click()


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    """Wait until something is so that no page shows; raises AssertionError."""
    for _ in range(120):
        if is_so():
            return
        page.wait_for_timeout(500)
    message = "it never came to be"
    raise AssertionError(message)


def wait_for_cars(page: Page, api: HomeAssistantApi, cars: Sequence[str]) -> None:
    """Wait until each of these has answered for the first time, and the house has, too."""
    wanted = {f"media_player.{slug}_media_player" for slug in map(_slug, cars)}
    wanted.add("sensor.lighthouse_grid_imported")
    for _ in range(120):
        missing = wanted - {state["entity_id"] for state in api.command("get_states")}
        if not missing:
            return
        page.wait_for_timeout(500)
    message = f"never seen: {', '.join(sorted(missing))}"
    raise AssertionError(message)


def texts(shown: Locator) -> list[str]:
    """Every text within, also what custom elements keep to themselves."""
    found: list[str] = shown.evaluate(TEXTS)
    return found


def sections(page: Page) -> dict[str, list[str]]:
    """The names on the tiles of a dashboard that Home Assistant made, by the sections' headings."""
    found: dict[str, list[str]] = {}
    for section in page.locator("hui-grid-section").filter(has=page.locator("hui-tile-card")).all():
        heading = section.locator("hui-heading-card .title").first.inner_text()
        found[heading] = section.locator("hui-tile-card [slot=primary]").all_inner_texts()
    return found


def _slug(name: str) -> str:
    return name.lower().replace(" ", "_")


def _enter_credentials(page: Page) -> None:
    """Type what Tesla's developer portal showed."""
    form = page.locator("dialog-add-application-credential")
    form.locator("input[name=name]").fill("My application")
    form.locator("input[name=clientId]").fill(CLIENT_ID)
    form.locator("input[name=clientSecret]").fill(CLIENT_SECRET)
    form.get_by_role("button", name="Add", exact=True).click()


def log_in_at_tesla(tesla: Page) -> None:
    """Sign in and agree to everything; the tab closes by itself."""
    tesla.get_by_role("button", name="Sign in").click()
    with tesla.expect_event("close"):
        tesla.get_by_role("button", name="Allow").click()
