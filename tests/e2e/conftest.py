"""Starts Home Assistant, the simulator and Chromium, once for each module."""

from dataclasses import dataclass
import json
import os
from pathlib import Path
import shutil
from typing import TYPE_CHECKING, Final

from playwright.sync_api import BrowserContext, Page, Route, ViewportSize, expect, sync_playwright
import pytest
import pytest_socket

from scripts.workshop.home_assistant import HomeAssistantApi, start_home_assistant
from scripts.workshop.household import Household
from scripts.workshop.loopback import HOST, free_port
from scripts.workshop.places import CACHE
from scripts.workshop.simulator import start_simulator

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

WINDOW: Final[ViewportSize] = {"width": 1280, "height": 900}
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
QUIET: Final = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]
PATIENCE: Final = 30_000
"""Milliseconds that the frontend gets for each step."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """What a test plays on."""

    home_assistant: HomeAssistantApi
    simulator_url: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here, so that `-m "not browser"` leaves it out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Playwright's synchronous side keeps an event loop running in this thread, so the fixtures with
# which Home Assistant's plugin looks after one for each test have to stand aside here.


@pytest.fixture(autouse=True)
def configure_event_loop() -> None:
    """Leave the loop alone."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the loop alone."""


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Leave the loop alone."""


@pytest.fixture(autouse=True)
def _sockets() -> None:
    """Let this process talk to the programs that it started."""
    pytest_socket.enable_socket()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stage]:
    """Start a simulator and a fresh Home Assistant that know of each other."""
    pytest_socket.enable_socket()
    folder = tmp_path_factory.mktemp("stage")
    port = free_port(0)
    simulator, simulator_url = start_simulator(
        port=free_port(0),
        home_assistant_url=f"http://{HOST}:{port}",
        log=folder / "simulator.log",
    )
    with simulator:
        program, api = start_home_assistant(
            Household(folder=folder / "config"),
            port=port,
            simulator_url=simulator_url,
            log=folder / "home-assistant.log",
        )
        with program:
            yield Stage(home_assistant=api, simulator_url=simulator_url)


@pytest.fixture(scope="module")
def browser_context(stage: Stage) -> Iterator[BrowserContext]:
    """Open a browser that is logged in to Home Assistant and cannot leave this machine."""
    executable = _chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        context = browser.new_context(viewport=WINDOW, locale="en-GB", color_scheme="light")
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)  # which the context's does not cover
        context.route("**/*", _only_this_machine)
        context.add_init_script(_login(stage.home_assistant))
        yield context
        browser.close()


@pytest.fixture
def page(browser_context: BrowserContext) -> Iterator[Page]:
    """Open a tab."""
    page = browser_context.new_page()
    yield page
    page.close()


def _chromium() -> str | None:
    """The machine's browser; None for the one that scripts/setup had to fetch."""
    named = os.environ.get("TESLALOGGER_CHROMIUM")
    for candidate in (named, *BROWSERS):
        if candidate and (found := shutil.which(candidate)):
            return found
    os.environ["PLAYWRIGHT_BROWSERS_PATH"] = str(CACHE / "browsers")
    return None


def _only_this_machine(route: Route) -> None:
    if route.request.url.startswith((f"http://{HOST}:", "data:", "blob:")):
        route.continue_()
    else:
        route.abort()


def _login(api: HomeAssistantApi) -> str:
    tokens = {
        "hassUrl": api.url,
        "clientId": f"{api.url}/",
        "access_token": api.token,
        "refresh_token": "",
        "expires": 4102444800000,
        "expires_in": 315360000,
        "token_type": "Bearer",
    }
    return (
        f"if (location.origin === {json.dumps(api.url)}) "
        f"localStorage.setItem('hassTokens', {json.dumps(json.dumps(tokens))});"
    )
