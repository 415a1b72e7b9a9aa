"""A person in front of the set-up's dialog, with the simulated Tesla in the browser."""

from dataclasses import dataclass, replace
import re
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.components.application_credentials import (
    ClientCredential,
    async_import_client_credential,
)
from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.setup import async_setup_component
import pytest

from custom_components.teslalogger import config_flow
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.tesla import Claims, read_claims
from simulator.garage import OWNER
from tests.simulator_fixtures import CLIENT_ID, DOMAIN as HOST

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractContextManager

    from aiohttp.test_utils import TestClient
    from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

    from custom_components.teslalogger.tesla import Region, Scope
    from simulator.world import World

SECRET: Final = "simulated-secret"
OWNER_EMAIL: Final = "owner@example.com"
LENDER_EMAIL: Final = "lender@example.com"
NOTHING_REFUSED: Final[frozenset[Scope]] = frozenset()

DOMAIN_PAGE: Final = {"domain": HOST, "key_hosting": "home_assistant"}
EXTERNAL_PAGE: Final = {"domain": HOST, "key_hosting": "external"}
_WITH_VIEWS: Final = ("calendar", "image", "media_player")
CHECK: Final = {"next": "check"}
FINISH: Final = {"next": "finish"}


@dataclass(kw_only=True)
class Dialog:
    """Home Assistant's set-up dialog; `browser` reaches Home Assistant from outside."""

    hass: HomeAssistant
    world: World
    browser: TestClient[Any, Any]

    async def begin(self, choice: str = "fleet_api") -> ConfigFlowResult:
        """Press Add integration, and choose the way to Tesla."""
        menu = await self.hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_USER}
        )
        assert menu["type"] == "menu"
        assert choice in menu["menu_options"]
        return await self.answer(menu, {"next_step_id": choice})

    async def open_menu(self, entry: ConfigEntry) -> ConfigFlowResult:
        """Press Reconfigure."""
        return await self.hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
        )

    async def reconfigure(self, entry: ConfigEntry, choice: str) -> ConfigFlowResult:
        """Press Reconfigure, and choose from the menu."""
        menu = await self.open_menu(entry)
        assert menu["type"] == "menu"
        assert choice in menu["menu_options"]
        return await self.answer(menu, {"next_step_id": choice})

    async def reauthenticate(self, entry: ConfigEntry) -> ConfigFlowResult:
        """Follow the request to sign in again."""
        entry.async_start_reauth(self.hass)
        await self.hass.async_block_till_done()
        (flow,) = self.hass.config_entries.flow.async_progress_by_handler(
            DOMAIN, match_context={"source": "reauth"}
        )
        assert flow["step_id"] == "reauth_confirm"
        return await self.answer(flow, {})

    async def answer(self, page: Any, given: dict[str, Any]) -> ConfigFlowResult:
        """Fill in a page and send it."""
        return await self.hass.config_entries.flow.async_configure(page["flow_id"], given)

    async def sign_in(
        self,
        page: ConfigFlowResult,
        *,
        email: str = OWNER_EMAIL,
        refused: frozenset[Scope] = NOTHING_REFUSED,
        allow: bool = True,
    ) -> ConfigFlowResult:
        """Click through Tesla's pages; the answer is the page that the dialog shows then."""
        assert page["type"] == "external"
        await self.come_back(await self.click_through(page, email, refused, allow=allow))
        return await self.hass.config_entries.flow.async_configure(page["flow_id"])

    async def click_through(
        self,
        page: ConfigFlowResult,
        email: str = OWNER_EMAIL,
        refused: frozenset[Scope] = NOTHING_REFUSED,
        *,
        allow: bool = True,
    ) -> str:
        """Be the owner at Tesla; the answer is where Tesla sends the browser."""
        session, url = async_get_clientsession(self.hass), page["url"]
        form: dict[str, Any] = {"step": "login", "email": email, "password": "any"}
        async with session.post(url, data=form, allow_redirects=False) as answer:
            if answer.status == 302:
                return answer.headers["Location"]
            text = await answer.text()
        found = re.search(r'name=session value="([^"]+)"', text)
        assert found, text
        offered = re.findall(r"name=scope value=(\w+)", text)
        form = {
            "step": "consent",
            "session": found[1],
            "decision": "allow" if allow else "deny",
            "scope": [scope for scope in offered if scope not in refused],
        }
        async with session.post(url, data=_pairs(form), allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            return answer.headers["Location"]

    async def come_back(self, location: str) -> None:
        """Follow Tesla's redirect to Home Assistant."""
        parts = urlsplit(location)
        answer = await self.browser.get(f"{parts.path}?{parts.query}")
        assert answer.status == 200
        await self.hass.async_block_till_done()

    async def to_domain(self) -> ConfigFlowResult:
        """Go on until the page that asks for the domain."""
        return await self.sign_in(await self.begin())

    async def to_virtual_key(self) -> ConfigFlowResult:
        """Go on until the page about the virtual key."""
        return await self.answer(await self.to_domain(), DOMAIN_PAGE)

    async def finish(self, page: ConfigFlowResult) -> ConfigEntry:
        """Go on from the page about the virtual key to the entry."""
        done = await self.answer(page, FINISH)
        assert done["type"] == "create_entry", done
        await self.hass.async_block_till_done(wait_background_tasks=True)
        return done["result"]

    async def set_up(self) -> ConfigEntry:
        """Walk the whole way."""
        return await self.finish(await self.to_virtual_key())

    async def set_up_owner(self, account: str = OWNER) -> ConfigEntry:
        """The same by the owner API."""
        page = await self.begin("owner_api")
        done = await self.answer(page, {"refresh_token": self.world.owner_token(account)})
        assert done["type"] == "create_entry", done
        await self.hass.async_block_till_done(wait_background_tasks=True)
        return done["result"]


def query_of(page: ConfigFlowResult) -> dict[str, str]:
    """What the authorize page is asked."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page["url"]).query).items()}


def claims_with(region: Region | None) -> AbstractContextManager[object]:
    """Let access tokens name this region."""

    def read(access_token: str) -> Claims:
        return replace(read_claims(access_token), region=region)

    return patch.object(config_flow, "read_claims", read)


def shown(page: ConfigFlowResult, placeholder: str) -> str:
    """What stands for a placeholder in the page's text."""
    return dict(page["description_placeholders"] or {})[placeholder]


def suggestions(page: ConfigFlowResult) -> dict[str, Any]:
    """What is in the page's fields before anybody types."""
    found = {field: (field.description or {}).get("suggested_value") for field in _fields(page)}
    return {str(field): value for field, value in found.items() if value is not None}


def next_step(page: ConfigFlowResult) -> str:
    """What happens if the page is only confirmed."""
    (field,) = (field for field in _fields(page) if field == "next")
    chosen: str = field.default()
    return chosen


def qr_code(page: ConfigFlowResult) -> str:
    """What the page's QR code leads to."""
    data: str = _fields(page)["qr_code"].config["data"]
    return data


def _fields(page: ConfigFlowResult) -> dict[Any, Any]:
    schema = page["data_schema"]
    assert schema is not None
    fields: dict[Any, Any] = schema.schema
    return fields


def _pairs(form: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in form.items()
        for value in (values if isinstance(values, list) else [values])
    ]


@dataclass(kw_only=True)
class WebHost:
    """A web server of the user's; it answers with `content`, or 404 without."""

    url: str = ""
    content: str | None = None

    async def answer(self, _request: web.Request) -> web.Response:
        """The same for every address."""
        return web.Response(status=404 if self.content is None else 200, text=self.content)


@pytest.fixture
async def web_host(socket_enabled: None) -> AsyncIterator[WebHost]:  # noqa: ARG001 - loopback
    """A server that does not know the key yet."""
    host = WebHost()
    app = web.Application()
    app.router.add_get("/{path:.*}", host.answer)
    async with TestServer(app) as server:
        host.url = str(server.make_url("")).rstrip("/")
        yield host


@pytest.fixture
async def dialog(
    hass: HomeAssistant,
    world: World,
    simulator_url: str,  # noqa: ARG001 - the way to it
    current_request_with_host: None,  # noqa: ARG001 - the frontend says where it is
    hass_client_no_auth: ClientSessionGenerator,
) -> Dialog:
    """The application is known to Home Assistant, and Home Assistant to the internet."""
    # What answers HTTP is there before the server begins.
    for component in ("application_credentials", "auth", *_WITH_VIEWS, DOMAIN):
        assert await async_setup_component(hass, component, {})
    await async_import_client_credential(hass, DOMAIN, ClientCredential(CLIENT_ID, SECRET))
    browser = await hass_client_no_auth()
    world.internet[HOST] = str(browser.make_url("")).rstrip("/")
    return Dialog(hass=hass, world=world, browser=browser)
