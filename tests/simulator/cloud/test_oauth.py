"""Signing in with Tesla."""

import base64
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from aiohttp.test_utils import TestClient
import pytest
from yarl import URL

from .conftest import EU, OWNER, Caller

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aiohttp import ClientResponse

    from simulator.world import World

type Client = TestClient[Any, Any]

AUTHORIZE = "/auth.tesla.com/oauth2/v3/authorize"
TOKEN = "/fleet-auth.prd.vn.cloud.tesla.com/oauth2/v3/token"
REVOKE = "/auth.tesla.com/user/revoke/consent"
CALLBACK = "https://example.com/callback"
VERIFIER = "v" * 50
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)
AUDIENCE = "https://fleet-api.prd.eu.vn.cloud.tesla.com"
ASKED = {
    "response_type": "code",
    "client_id": "client",
    "redirect_uri": CALLBACK,
    "scope": "openid offline_access vehicle_device_data vehicle_location vehicle_cmds",
    "state": "xyz",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
EXCHANGE = {
    "grant_type": "authorization_code",
    "client_id": "client",
    "client_secret": "secret",
    "audience": AUDIENCE,
    "redirect_uri": CALLBACK,
    "code_verifier": VERIFIER,
}
CREDENTIALS = {"step": "login", "email": "Owner@example.com", "password": "any"}


async def _login(client: Client, asked: Mapping[str, str] = ASKED) -> ClientResponse:
    return await client.post(AUTHORIZE, params=asked, data=CREDENTIALS, allow_redirects=False)


async def _decide(
    client: Client, *scopes: str, decision: str = "allow", asked: Mapping[str, str] = ASKED
) -> ClientResponse:
    html = await (await _login(client, asked)).text()
    session = re.search(r'name=session value="([^"]+)"', html)
    assert session is not None
    fields = [("step", "consent"), ("session", session[1]), ("decision", decision)]
    return await client.post(
        AUTHORIZE,
        params=asked,
        data=[*fields, *(("scope", scope) for scope in scopes)],
        allow_redirects=False,
    )


def _returned(answer: ClientResponse) -> URL:
    assert answer.status == 302
    return URL(answer.headers["Location"])


async def _code(client: Client, *scopes: str) -> str:
    wanted = scopes or ("vehicle_device_data", "vehicle_location", "vehicle_cmds")
    return _returned(await _decide(client, *wanted)).query["code"]


async def _exchange(client: Client, code: str, **changes: str) -> ClientResponse:
    fields = {**EXCHANGE, "code": code, **changes}
    return await client.post(TOKEN, data={key: value for key, value in fields.items() if value})


async def _refresh(client: Client, refresh_token: str, client_id: str = "client") -> ClientResponse:
    return await client.post(
        TOKEN,
        data={
            "grant_type": "refresh_token",
            "client_id": client_id,
            "refresh_token": refresh_token,
        },
    )


async def _tokens(client: Client) -> dict[str, Any]:
    answer = await _exchange(client, await _code(client))
    assert answer.status == 200
    tokens: dict[str, Any] = await answer.json()
    return tokens


def _claims(token: str) -> dict[str, Any]:
    middle = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    return claims


async def _assert_refused(answer: ClientResponse, status: int, error: str) -> None:
    data = await answer.json()
    assert (answer.status, data["error"]) == (status, error)
    assert data["error_description"]
    assert data["referenceID"]


async def test_the_sign_in_page_knows_the_owner(client: Client) -> None:
    """The e-mail is filled in; a hint replaces it."""
    html = await (await client.get(AUTHORIZE, params=ASKED)).text()
    assert 'value="owner@example.com"' in html
    hinted = {**ASKED, "login_hint": "lender@example.com"}
    assert 'value="lender@example.com"' in await (await client.get(AUTHORIZE, params=hinted)).text()


async def test_the_consent_page_has_a_box_for_each_requested_scope(client: Client) -> None:
    """Only what was asked, without the two that mean no data."""
    html = await (await _login(client)).text()
    assert re.findall(r"name=scope value=(\w+)", html) == [
        "vehicle_device_data",
        "vehicle_location",
        "vehicle_cmds",
    ]


async def test_a_login_gives_tokens_for_what_was_granted(client: Client) -> None:
    """The code starts with the region; the token tells scopes, region and account."""
    code = await _code(client, "vehicle_device_data")
    assert code.startswith("EU_")
    tokens = await (await _exchange(client, code)).json()
    claims = _claims(tokens["access_token"])
    assert claims["scp"] == ["openid", "offline_access", "vehicle_device_data"]
    assert (claims["sub"], claims["ou_code"], claims["azp"]) == (OWNER, "EU", "client")
    assert AUDIENCE in claims["aud"]
    assert claims["exp"] - claims["iat"] == tokens["expires_in"] == 8 * 3600
    assert tokens["token_type"] == "Bearer"
    assert _claims(tokens["id_token"])["sub"] == OWNER
    answer = await client.get(
        f"{EU}/products", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    assert answer.status == 200


async def test_the_browser_comes_back_with_state_and_issuer(client: Client) -> None:
    """The state is the caller's own."""
    to = _returned(await _decide(client, "vehicle_cmds"))
    assert to.with_query(None) == URL(CALLBACK)
    assert (to.query["state"], to.query["issuer"]) == ("xyz", "https://auth.tesla.com/oauth2/v3")


async def test_a_scope_that_was_not_asked_for_is_not_granted(client: Client) -> None:
    """A forged form gets no more than the page offered."""
    tokens = await (await _exchange(client, await _code(client, "energy_cmds"))).json()
    assert _claims(tokens["access_token"])["scp"] == ["openid", "offline_access"]


async def test_a_person_can_deny(client: Client) -> None:
    """The browser returns with access_denied."""
    to = _returned(await _decide(client, decision="deny"))
    assert (to.query["error"], to.query["state"]) == ("access_denied", "xyz")


async def test_all_scopes_can_be_required(client: Client) -> None:
    """A partial consent shows the page again."""
    asked = {**ASKED, "require_requested_scopes": "true"}
    assert (await _decide(client, "vehicle_cmds", asked=asked)).status == 400
    scopes = ("vehicle_device_data", "vehicle_location", "vehicle_cmds")
    assert (await _decide(client, *scopes, asked=asked)).status == 302


async def test_a_consent_is_not_asked_for_twice(client: Client) -> None:
    """The second login returns at once, with the scopes granted before."""
    await _code(client, "vehicle_device_data")
    code = _returned(await _login(client)).query["code"]
    tokens = await (await _exchange(client, code)).json()
    assert _claims(tokens["access_token"])["scp"][2:] == ["vehicle_device_data"]


async def test_missing_scopes_are_asked_for_on_demand(client: Client) -> None:
    """prompt_missing_scopes shows the refused ones, and adds what is granted."""
    await _code(client, "vehicle_device_data")
    asked = {**ASKED, "prompt_missing_scopes": "true"}
    html = await (await _login(client, asked)).text()
    assert re.findall(r"name=scope value=(\w+)", html) == ["vehicle_location", "vehicle_cmds"]
    code = _returned(await _decide(client, "vehicle_cmds", asked=asked)).query["code"]
    tokens = await (await _exchange(client, code)).json()
    assert _claims(tokens["access_token"])["scp"][2:] == ["vehicle_device_data", "vehicle_cmds"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", "somebody"),
        ("redirect_uri", "https://example.com/callback/"),
        ("redirect_uri", "https://evil.example/callback"),
        ("state", ""),
    ],
)
async def test_nobody_is_sent_back_to_where_they_may_not_be(
    client: Client, name: str, value: str
) -> None:
    """Unknown client, other redirect URI or no state end on Tesla's page."""
    answer = await client.get(AUTHORIZE, params={**ASKED, name: value}, allow_redirects=False)
    assert answer.status == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "vehicle_cmds everything", "invalid_scope"),
        ("scope", "", "invalid_scope"),
        ("code_challenge_method", "plain", "invalid_request"),
    ],
)
async def test_other_mistakes_are_told_to_the_application(
    client: Client, name: str, value: str, error: str
) -> None:
    """The browser returns with the error."""
    answer = await client.get(AUTHORIZE, params={**ASKED, name: value}, allow_redirects=False)
    assert _returned(answer).query["error"] == error


async def test_a_loopback_redirect_may_have_any_port(client: Client) -> None:
    """As a Home Assistant under test has."""
    asked = {**ASKED, "redirect_uri": "http://127.0.0.1:41234/auth/external/callback"}
    assert (await client.get(AUTHORIZE, params=asked)).status == 200


@pytest.mark.parametrize(
    "changes", [{"email": "nobody@example.com"}, {"password": ""}, {"step": "consent"}]
)
async def test_a_wrong_login_stays_on_the_page(client: Client, changes: dict[str, str]) -> None:
    """Unknown e-mail, no password, or a session that never was."""
    answer = await client.post(
        AUTHORIZE, params=ASKED, data={**CREDENTIALS, **changes}, allow_redirects=False
    )
    assert answer.status == 200
    assert "class=problem" in await answer.text()


async def test_a_locked_account_cannot_sign_in(client: Client, world: World) -> None:
    """The page says why."""
    world.accounts[OWNER].locked = True
    assert "locked" in await (await _login(client)).text()


async def test_a_code_is_good_once(client: Client) -> None:
    """The second exchange is refused."""
    code = await _code(client)
    assert (await _exchange(client, code)).status == 200
    await _assert_refused(await _exchange(client, code), 400, "invalid_auth_code")


async def test_a_code_is_good_for_a_minute(client: Client, world: World) -> None:
    """Afterwards it is like any invented one."""
    code = await _code(client)
    world.clock.advance(60)
    await _assert_refused(await _exchange(client, code), 400, "invalid_auth_code")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "wrong"}, "unauthorized_client"),
        ({"client_secret": ""}, "invalid_request"),
        ({"client_id": "other"}, "unauthorized_client"),
        ({"redirect_uri": "https://example.com/other"}, "invalid_redirect_url"),
        ({"code_verifier": "w" * 50}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"audience": "https://owner-api.teslamotors.com"}, "invalid_request"),
        ({"audience": ""}, "invalid_request"),
        ({"code": "EU_00"}, "invalid_auth_code"),
        ({"code": ""}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
    ],
)
async def test_every_field_of_an_exchange_is_checked(
    client: Client, changes: dict[str, str], error: str
) -> None:
    """One wrong field, one refusal with its name."""
    answer = await _exchange(client, **{"code": await _code(client), **changes})
    await _assert_refused(answer, 400, error)


async def test_without_a_challenge_no_verifier_is_needed(client: Client) -> None:
    """PKCE binds those who began with it."""
    asked = {key: value for key, value in ASKED.items() if not key.startswith("code_challenge")}
    code = _returned(await _decide(client, "vehicle_cmds", asked=asked)).query["code"]
    assert (await _exchange(client, code, code_verifier="")).status == 200


async def test_without_offline_access_there_is_no_refresh_token(client: Client) -> None:
    """Nor an identity without openid."""
    asked = {**ASKED, "scope": "vehicle_cmds"}
    code = _returned(await _decide(client, "vehicle_cmds", asked=asked)).query["code"]
    tokens = await (await _exchange(client, code)).json()
    assert tokens.keys() == {"access_token", "expires_in", "token_type"}


async def test_a_nonce_comes_back_in_the_identity(client: Client) -> None:
    """As OpenID Connect wants it."""
    asked = {**ASKED, "nonce": "n-1"}
    code = _returned(await _decide(client, "vehicle_cmds", asked=asked)).query["code"]
    assert _claims((await (await _exchange(client, code)).json())["id_token"])["nonce"] == "n-1"


async def test_a_token_request_may_be_json(client: Client) -> None:
    """Tesla takes either; what is neither is an invalid request."""
    fields = {**EXCHANGE, "code": await _code(client)}
    assert (await client.post(TOKEN, json=fields)).status == 200
    answer = await client.post(TOKEN, data="[", headers={"Content-Type": "application/json"})
    await _assert_refused(answer, 400, "invalid_request")


async def test_a_refresh_rotates_the_token(client: Client) -> None:
    """The new one works, and carries the same scopes."""
    first = await _tokens(client)
    second = await (await _refresh(client, first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert _claims(second["access_token"])["scp"] == _claims(first["access_token"])["scp"]
    assert (await _refresh(client, second["refresh_token"])).status == 200


async def test_the_token_used_last_has_a_day_of_grace(client: Client, world: World) -> None:
    """In case its answer was lost; the answer that was lost is void then."""
    first = (await _tokens(client))["refresh_token"]
    lost = (await (await _refresh(client, first)).json())["refresh_token"]
    world.clock.advance(86_399)
    again = await _refresh(client, first)
    assert again.status == 200
    await _assert_refused(await _refresh(client, lost), 401, "login_required")
    assert (await _refresh(client, (await again.json())["refresh_token"])).status == 200


async def test_the_grace_ends(client: Client, world: World) -> None:
    """A day after its use, whatever happened since."""
    first = (await _tokens(client))["refresh_token"]
    await _refresh(client, first)
    world.clock.advance(40_000)
    assert (await _refresh(client, first)).status == 200
    world.clock.advance(46_400)
    await _assert_refused(await _refresh(client, first), 401, "login_required")


async def test_an_older_token_is_dead(client: Client) -> None:
    """Two uses back is superseded."""
    first = (await _tokens(client))["refresh_token"]
    second = (await (await _refresh(client, first)).json())["refresh_token"]
    await _refresh(client, second)
    await _assert_refused(await _refresh(client, first), 401, "login_required")


async def test_an_unused_token_lives_three_months(client: Client, world: World) -> None:
    """Then a new login is due."""
    token = (await _tokens(client))["refresh_token"]
    world.clock.advance(90 * 86_400)
    await _assert_refused(await _refresh(client, token), 401, "login_required")


async def test_a_refresh_token_belongs_to_its_application(client: Client) -> None:
    """Another one, or none, cannot use it."""
    token = (await _tokens(client))["refresh_token"]
    await _assert_refused(await _refresh(client, token, "other"), 400, "unauthorized_client")
    await _assert_refused(await _refresh(client, ""), 400, "invalid_request")


async def test_a_changed_password_ends_every_login(client: Client, world: World) -> None:
    """Access and refresh tokens are dead; the consent stays."""
    tokens = await _tokens(client)
    world.authority.sign_out(OWNER)
    await _assert_refused(await _refresh(client, tokens["refresh_token"]), 401, "login_required")
    answer = await Caller(client=client, token=tokens["access_token"])("GET", f"{EU}/products")
    assert answer.status == 401
    assert (await _login(client)).status == 302


async def test_a_person_can_take_the_consent_back(client: Client) -> None:
    """On Tesla's page; the next login asks again."""
    tokens = await _tokens(client)
    params = {"revoke_client_id": "client", "back_url": "https://example.com/done"}
    assert "Revoke access" in await (await client.get(REVOKE, params=params)).text()
    wrong = await client.post(REVOKE, params=params, data={"email": "nobody@example.com"})
    assert "class=problem" in await wrong.text()
    assert (await _refresh(client, tokens["refresh_token"])).status == 200
    done = await client.post(REVOKE, params=params, data={"email": "owner@example.com"})
    assert 'href="https://example.com/done"' in await done.text()
    await _assert_refused(await _refresh(client, tokens["refresh_token"]), 401, "login_required")
    assert "name=scope" in await (await _login(client)).text()


async def test_a_code_dies_with_the_consent(client: Client, world: World) -> None:
    """Nobody can finish a login that was taken back."""
    code = await _code(client)
    world.authority.revoke(OWNER, "client")
    await _assert_refused(await _exchange(client, code), 400, "invalid_auth_code")


async def test_only_a_known_application_can_be_revoked(client: Client) -> None:
    """Otherwise a page says so."""
    assert (await client.get(REVOKE, params={"revoke_client_id": "other"})).status == 400


async def test_an_application_gets_a_token_in_its_own_name(client: Client) -> None:
    """With secret, audience and scopes, and without a refresh token."""
    fields = {
        "grant_type": "client_credentials",
        "client_id": "client",
        "client_secret": "secret",
        "audience": AUDIENCE,
        "scope": "openid vehicle_device_data",
    }
    tokens = await (await client.post(TOKEN, data=fields)).json()
    assert tokens.keys() == {"access_token", "expires_in", "token_type"}
    assert _claims(tokens["access_token"])["aud"] == AUDIENCE
    for changes, error in (
        ({"scope": "all"}, "invalid_scope"),
        ({"client_secret": "x"}, "unauthorized_client"),
        ({"audience": "x"}, "invalid_request"),
    ):
        await _assert_refused(await client.post(TOKEN, data={**fields, **changes}), 400, error)


async def test_the_metadata_names_the_endpoints(client: Client) -> None:
    """OpenID discovery, and nothing at other addresses."""
    base = TOKEN.removesuffix("/token")
    data = await (await client.get(f"{base}/thirdparty/.well-known/openid-configuration")).json()
    assert data["token_endpoint"].endswith("/oauth2/v3/token")
    assert (await client.get(f"{base}/nothing")).status == 404


async def test_the_ledger_counts_logins_too(
    client: Client, world: World, log_in: Callable[..., Caller]
) -> None:
    """Free of charge, with the status."""
    log_in()
    await _refresh(client, "EU_none")
    assert [(entry.endpoint, entry.status) for entry in world.ledger.entries] == [
        ("oauth/token", 401)
    ]
    assert world.ledger.cost == 0
