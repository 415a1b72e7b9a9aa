"""The repair of a closed owner API, as Home Assistant's frontend walks through it."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest

from custom_components.teslalogger.const import DOMAIN
from simulator.cloud.owner_days import OwnerDay

from .dialog import DOMAIN_PAGE, FINISH, OWNER_EMAIL
from .test_config_flow_entry import remove_application
from .test_translations import LANGUAGES, placeholders_in, texts

if TYPE_CHECKING:
    from aiohttp.test_utils import TestClient
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

    from simulator.world import World

    from .dialog import Dialog

pytestmark = pytest.mark.usefixtures("pages")
"""Before the dialog, which begins the server."""

type Frontend = TestClient[Any, Any]

FIX: Final = "/api/repairs/issues/fix"
CONFIG: Final = "/api/config/config_entries/flow"


@pytest.fixture
async def pages(hass: HomeAssistant) -> None:
    """Home Assistant's own pages about repairs and entries."""
    for component in ("config", REPAIRS):
        assert await async_setup_component(hass, component, {})


@pytest.fixture
async def owner(hass: HomeAssistant, dialog: Dialog, world: World) -> ConfigEntry:
    """An entry that the owner API does not serve any more."""
    entry = await dialog.set_up_owner()
    world.owner_day = OwnerDay.CLOSED
    await entry.runtime_data.account.async_refresh()
    await hass.async_block_till_done()
    return entry


@pytest.fixture
async def frontend(owner: ConfigEntry, hass_client: ClientSessionGenerator) -> Frontend:  # noqa: ARG001 - afterwards
    """Somebody who is signed in."""
    client: Frontend = await hass_client()
    return client


def issue_of(hass: HomeAssistant) -> ir.IssueEntry:
    """The only repair."""
    (issue,) = (one for (domain, _), one in ir.async_get(hass).issues.items() if domain == DOMAIN)
    return issue


async def post(frontend: Frontend, url: str, **body: str) -> dict[str, Any]:
    """Send what the frontend sends."""
    answer = await frontend.post(url, json=body)
    assert answer.status == HTTPStatus.OK, await answer.text()
    page: dict[str, Any] = await answer.json()
    return page


async def begin(hass: HomeAssistant, frontend: Frontend) -> dict[str, Any]:
    """Press the repair's button."""
    return await post(frontend, FIX, handler=DOMAIN, issue_id=issue_of(hass).issue_id)


async def test_repair_leads_to_the_fleet_api_and_closes_there(
    hass: HomeAssistant, dialog: Dialog, owner: ConfigEntry, frontend: Frontend
) -> None:
    """Page, menu, login, domain, key; the repair stays until the last of them."""
    issue = issue_of(hass)
    assert (issue.translation_key, issue.is_fixable) == ("owner_api_closed", True)
    assert issue.severity is ir.IssueSeverity.ERROR

    page = await begin(hass, frontend)
    assert (page["type"], page["step_id"]) == ("form", "move")
    assert page["description_placeholders"]["account"] == owner.title
    end = await post(frontend, f"{FIX}/{page['flow_id']}")
    assert (end["type"], end["reason"]) == ("abort", "go_on_there")
    kind, flow_id = end["next_flow"]
    assert kind == "config_flow"
    assert end["result"]["entry_id"] == owner.entry_id
    assert issue_of(hass) == issue

    answer = await frontend.get(f"{CONFIG}/{flow_id}")
    menu = await answer.json()
    assert (menu["type"], menu["step_id"]) == ("menu", "reconfigure_owner")
    assert menu["menu_options"][0] == "move_to_fleet"
    login: Any = await post(frontend, f"{CONFIG}/{flow_id}", next_step_id="move_to_fleet")
    last = await dialog.answer(await dialog.sign_in(login), DOMAIN_PAGE)
    assert issue_of(hass) == issue
    done = await dialog.answer(last, FINISH)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert done["reason"] == "moved_to_fleet"
    assert owner.title == OWNER_EMAIL
    assert not [domain for domain, _ in ir.async_get(hass).issues if domain == DOMAIN]


async def test_repair_page_that_was_left_open_finds_nothing_to_mend(
    hass: HomeAssistant, dialog: Dialog, owner: ConfigEntry, world: World, frontend: Frontend
) -> None:
    """The owner API serves the account again, or the entry was moved from elsewhere."""
    page = await begin(hass, frontend)
    world.owner_day = OwnerDay.GOOD
    await hass.config_entries.async_reload(owner.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    page_of_login = await dialog.reconfigure(owner, "move_to_fleet")
    last = await dialog.answer(await dialog.sign_in(page_of_login), DOMAIN_PAGE)
    await dialog.answer(last, FINISH)
    await hass.async_block_till_done(wait_background_tasks=True)

    end = await post(frontend, f"{FIX}/{page['flow_id']}")

    assert end["type"] == "create_entry"
    assert "next_flow" not in end
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_repair_page_of_a_removed_entry_closes(
    hass: HomeAssistant, owner: ConfigEntry, frontend: Frontend
) -> None:
    """There is nothing to move."""
    page = await begin(hass, frontend)
    await hass.config_entries.async_remove(owner.entry_id)

    assert (await post(frontend, f"{FIX}/{page['flow_id']}"))["type"] == "create_entry"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_text_on_the_way_is_filled_in(
    hass: HomeAssistant, owner: ConfigEntry, language: str
) -> None:
    """Title and page of the repair, name by name."""
    issue, repair = issue_of(hass), texts(language)["issues"]["owner_api_closed"]
    assert issue.translation_placeholders == {"account": owner.title, "car": "-"}
    text = repair["title"] + "".join(repair["fix_flow"]["step"]["move"].values())

    assert placeholders_in(text) <= set(issue.translation_placeholders)


async def test_application_is_asked_for_before_the_move(
    hass: HomeAssistant, dialog: Dialog, owner: ConfigEntry
) -> None:
    """With a link: the frontend's own prompt would lead into the set-up of another account."""
    await remove_application(hass)

    page = await dialog.reconfigure(owner, "move_to_fleet")

    assert page["reason"] == "application_first"
    assert page["description_placeholders"] == {"url": "/config/application_credentials"}
