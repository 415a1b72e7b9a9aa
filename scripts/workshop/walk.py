"""Sets the integration up over Home Assistant's own API, page by page, as its frontend does."""

import time
from typing import TYPE_CHECKING, Any, Final

from .forms import Visitor
from .home_assistant import HomeAssistantApi, Refused
from .places import DOMAIN, PUBLIC_DOMAIN
from .problem import Problem
from .simulator import CLIENT_ID, CLIENT_SECRET

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FLOWS: Final = "/api/config/config_entries/flow"
MOST_PAGES: Final = 30
PROGRESS: Final = 0.3
"""Seconds between two looks at a page that is busy."""

ANSWERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "domain": {"domain": PUBLIC_DOMAIN, "key_hosting": "home_assistant"},
    "virtual_key": {"next": "finish"},
}
"""What a person types on the pages that ask for something; every other page is only confirmed."""


def entries(api: HomeAssistantApi) -> list[dict[str, Any]]:
    """The integration's config entries."""
    found: list[dict[str, Any]] = api.json(
        "GET", f"/api/config/config_entries/entry?domain={DOMAIN}"
    )
    return found


def set_up(api: HomeAssistantApi) -> str:
    """Walk the whole set-up; the answer is the new entry's id.

    Raises:
        Problem: a page did not lead on.
    """
    _store_credentials(api)
    page = api.json("POST", FLOWS, {"handler": DOMAIN, "show_advanced_options": False})
    for _ in range(MOST_PAGES):
        if page["type"] == "create_entry":
            return str(page["result"]["entry_id"])
        turn = TURNS.get(page["type"])
        if turn is None:
            break
        page = turn(api, page)
    message = f"the set-up stopped: {_describe(page)}"
    raise Problem(message, next_step="walk it by hand: scripts/develop --reset --empty")


def remove(api: HomeAssistantApi) -> None:
    """Remove every entry; nobody has to be told what is left of it at a simulated Tesla."""
    for entry in entries(api):
        api.json("DELETE", f"/api/config/config_entries/entry/{entry['entry_id']}")
    for issue in api.command("repairs/list_issues")["issues"]:
        if issue["domain"] == DOMAIN:
            api.command(
                "repairs/ignore_issue", domain=DOMAIN, issue_id=issue["issue_id"], ignore=True
            )


def _store_credentials(api: HomeAssistantApi) -> None:
    known = api.command("application_credentials/list")
    if any(credential["domain"] == DOMAIN for credential in known):
        return
    api.command(
        "application_credentials/create",
        domain=DOMAIN,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        name="Simulated application",
    )


def _log_in(api: HomeAssistantApi, page: dict[str, Any]) -> dict[str, Any]:
    """Be the owner at Tesla: log in, agree to everything, and come back."""
    visitor = Visitor()
    visitor.open(page["url"])
    for _ in range(MOST_PAGES):
        if not visitor.url.startswith(page["url"].partition("/oauth2/")[0]):
            return _look(api, page)
        forms = visitor.forms()
        if not forms:
            break
        agreeing = [button for button in forms[0].buttons if "den" not in button[1].lower()]
        visitor.submit(forms[0], agreeing[0] if agreeing else None)
    message = f"the simulator's login page led nowhere ({visitor.url.partition('?')[0]})"
    raise Problem(message, next_step="open the simulator's address and log in by hand")


def _fill_in(api: HomeAssistantApi, page: dict[str, Any]) -> dict[str, Any]:
    if page.get("errors"):
        message = f"the page {page['step_id']} was refused: {page['errors']}"
        raise Problem(message, next_step="walk it by hand: scripts/develop --reset --empty")
    return _answer(api, page, ANSWERS.get(page["step_id"], {}))


def _choose(api: HomeAssistantApi, page: dict[str, Any]) -> dict[str, Any]:
    return _answer(api, page, {"next_step_id": next(iter(page["menu_options"]))})


def _wait(api: HomeAssistantApi, page: dict[str, Any]) -> dict[str, Any]:
    time.sleep(PROGRESS)
    return _look(api, page)


def _look(api: HomeAssistantApi, page: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = api.json("GET", f"{FLOWS}/{page['flow_id']}")
    return found


def _answer(
    api: HomeAssistantApi, page: dict[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    try:
        found: dict[str, Any] = api.json("POST", f"{FLOWS}/{page['flow_id']}", given)
    except Refused as err:
        message = f"the page {page.get('step_id')} was refused: {err}"
        raise Problem(
            message, next_step="walk it by hand: scripts/develop --reset --empty"
        ) from err
    return found


def _describe(page: dict[str, Any]) -> str:
    return ", ".join(
        f"{name} {page[name]}" for name in ("type", "step_id", "reason", "errors") if page.get(name)
    )


TURNS: Final[Mapping[str, Callable[[HomeAssistantApi, dict[str, Any]], dict[str, Any]]]] = {
    "external": _log_in,
    "external_done": _look,
    "form": _fill_in,
    "menu": _choose,
    "progress": _wait,
    "progress_done": _look,
}
"""What a person does with each kind of page."""
