"""The page on which a person takes an application's access back."""

import re
from typing import TYPE_CHECKING, Any

from aiohttp.test_utils import TestClient
import pytest

from tests.simulator.telemetry.configs import claims
from tests.simulator.telemetry.tokens import make_key, token

from .conftest import APP, EU, LENDER, OWNER, PAIRED, Caller

if TYPE_CHECKING:
    from simulator.world import World

type Client = TestClient[Any, Any]
PAGE = "/accounts.tesla.com/account-settings/security?tab=tpty-apps"
GERMAN = "/accounts.tesla.com/de_de/account-settings/security?tab=tpty-apps"
REVOKE = "/auth.tesla.com/user/revoke/consent?revoke_client_id=client"
OWNER_FORM = {"email": "owner@example.com", "password": "x"}


@pytest.fixture
def tokens(world: World) -> dict[str, str]:
    """What the owner's consent gave the application."""
    answer = world.authority.sign_in(
        client_id=APP.client_id,
        account=OWNER,
        region=world.accounts[OWNER].region,
        scopes=["openid", "offline_access", "vehicle_device_data", "vehicle_location"],
    )
    return {name: answer[name] for name in ("access_token", "refresh_token")}


async def _sign_in(client: Client, at: str = PAGE, email: str = "owner@example.com") -> str:
    assert "<button id=sign-in>" in await (await client.get(at)).text()
    return await (await client.post(at, data={"email": email, "password": "x"})).text()


async def _remove(client: Client, html: str, at: str = PAGE) -> str:
    """Press the button of the page."""
    session = re.search(r'name=session value="([^"]+)"', html)
    assert session is not None
    form = {"session": session[1], "client_id": APP.client_id}
    return await (await client.post(at, data=form)).text()


async def _refresh(client: Client, token: str) -> tuple[int, str | None]:
    form = {"grant_type": "refresh_token", "client_id": APP.client_id, "refresh_token": token}
    answer = await client.post("/auth.tesla.com/oauth2/v3/token", data=form)
    return answer.status, (await answer.json()).get("error")


@pytest.mark.parametrize("at", [PAGE, GERMAN])
async def test_access_is_removed(
    client: Client, world: World, tokens: dict[str, str], at: str
) -> None:
    """Both tokens die with the consent, and the page is empty then."""
    call = Caller(client=client, token=tokens["access_token"])
    assert (await call("GET", f"{EU}/products")).status == 200
    html = await _sign_in(client, at)
    assert "<h2>TeslaLogger</h2>" in html
    assert 'aria-label="Remove access of TeslaLogger">Remove access</button>' in html
    assert re.findall("<li>(.*?)</li>", html) == ["Vehicle information", "Vehicle location"]
    html = await _remove(client, html, at)
    assert "TeslaLogger can no longer reach your account" in html
    assert "No application has access" in html
    assert world.authority.consent(OWNER, APP.client_id) == frozenset()
    answer = await call("GET", f"{EU}/products")
    assert (answer.status, (await answer.json())["error"]) == (401, "invalid bearer token")
    assert await _refresh(client, tokens["refresh_token"]) == (401, "login_required")


async def test_the_revoke_page_does_the_same(
    client: Client, world: World, tokens: dict[str, str]
) -> None:
    """The one that an application links to."""
    assert "Revoke access" in await (await client.get(REVOKE)).text()
    assert (
        "What it told your cars to stream stays"
        in await (await client.post(REVOKE, data=OWNER_FORM)).text()
    )
    assert world.authority.consents(OWNER) == {}
    call = Caller(client=client, token=tokens["access_token"])
    assert (await call("GET", f"{EU}/products")).status == 401
    assert await _refresh(client, tokens["refresh_token"]) == (401, "login_required")


async def test_what_cars_stream_stays(client: Client, world: World, tokens: dict[str, str]) -> None:
    """Removing access deletes no configuration; only the application could."""
    assert tokens
    world.streaming.put(PAIRED, APP.client_id, OWNER, token(make_key(), claims()))
    assert "stream stays until it is deleted" in await _remove(client, await _sign_in(client))
    assert world.streaming.find(PAIRED, APP.client_id) is not None


@pytest.mark.usefixtures("tokens")
async def test_others_keep_what_they_gave(client: Client, world: World) -> None:
    """A person sees and ends nothing but their own consents, and owner logins are none."""
    owner_token = world.owner_token(OWNER)
    assert "No application has access" in await _sign_in(client, email="lender@example.com")
    world.authority.sign_in(
        client_id=APP.client_id,
        account=LENDER,
        region=world.accounts[LENDER].region,
        scopes=["vehicle_cmds"],
    )
    html = await _sign_in(client)
    assert html.count("Remove access</button>") == 1
    await _remove(client, html)
    assert world.authority.consents(LENDER) == {APP.client_id: frozenset({"vehicle_cmds"})}
    form = {
        "grant_type": "refresh_token",
        "client_id": "ownerapi",
        "refresh_token": owner_token,
    }
    assert (await client.post("/auth.tesla.com/oauth2/v3/token", data=form)).status == 200


@pytest.mark.usefixtures("tokens")
async def test_an_access_is_removed_once(client: Client, world: World) -> None:
    """And never by somebody who is not signed in."""
    html = await _sign_in(client)
    answer = await client.post(PAGE, data={"session": "other", "client_id": APP.client_id})
    assert "Your session has expired" in await answer.text()
    assert world.authority.consent(OWNER, APP.client_id)
    await _remove(client, html)
    assert "This application has no access" in await _remove(client, html)


@pytest.mark.parametrize("form", [{"email": "who@example.com", "password": "x"}, {"email": ""}])
async def test_a_stranger_is_not_signed_in(client: Client, form: dict[str, str]) -> None:
    """The sign-in page again."""
    html = await (await client.post(PAGE, data=form)).text()
    assert "We could not sign you in" in html


@pytest.mark.parametrize(
    "path", ["/", "/account-settings/security", "/account-settings/security?tab=password", "/x"]
)
async def test_there_is_nothing_else(client: Client, path: str) -> None:
    """404."""
    assert (await client.get(f"/accounts.tesla.com{path}")).status == 404
