"""The token endpoint as this application uses it."""

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest

from custom_components.teslalogger.tesla import errors
from custom_components.teslalogger.tesla.hosts import Region, hosts
from custom_components.teslalogger.tesla.oauth import OAuthClient, consent_revoke_url
from custom_components.teslalogger.tesla.scopes import Scope

from .test_claims import make_token

if TYPE_CHECKING:
    import aiohttp

    from .conftest import Internet, Seen

NOW = 1_790_000_000.0
SCOPES = (Scope.OPENID, Scope.VEHICLE_CMDS)


class Clock:
    """Seconds since 1970."""

    now = NOW

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The time."""
    return Clock()


@pytest.fixture
async def oauth(session: aiohttp.ClientSession, clock: Clock) -> OAuthClient:
    """An application with a secret."""
    return OAuthClient(session, client_id="id", client_secret="planted", clock=clock)


def form(seen: Seen) -> dict[str, str]:
    """What was sent."""
    return dict(parse_qsl(seen.body.decode()))


async def test_a_refresh_needs_no_secret(oauth: OAuthClient, internet: Internet) -> None:
    """And brings both tokens and their time."""
    internet.say(200, {"access_token": "a", "refresh_token": "r2", "expires_in": 100})
    tokens = await oauth.refresh("r1")
    assert (tokens.access_token, tokens.refresh_token) == ("a", "r2")
    assert tokens.expires_at == NOW + 100
    (seen,) = internet.seen
    assert seen.path == "/fleet-auth.prd.vn.cloud.tesla.com/oauth2/v3/token"
    assert form(seen) == {
        "grant_type": "refresh_token",
        "client_id": "id",
        "refresh_token": "r1",
    }


@pytest.mark.parametrize(
    ("code", "region"),
    [("EU_c", Region.EU), ("NA_c", Region.NA), ("CN_c", Region.CN), ("c", Region.NA)],
)
async def test_a_code_is_exchanged_in_its_own_region(
    oauth: OAuthClient, internet: Internet, code: str, region: Region
) -> None:
    """With the secret, and with the proof that it is us who asked for it."""
    internet.say(200, {"access_token": "a", "refresh_token": "r", "expires_in": 100, "x": 1})

    token = await oauth.exchange(code, redirect_uri="https://here.example", verifier="v")

    assert token == {"access_token": "a", "refresh_token": "r", "expires_in": 100, "x": 1}
    (seen,) = internet.seen
    assert f"https:/{seen.path}" == hosts(region).token_url
    assert form(seen) == {
        "grant_type": "authorization_code",
        "client_id": "id",
        "client_secret": "planted",
        "code": code,
        "code_verifier": "v",
        "audience": hosts(region).fleet_url,
        "redirect_uri": "https://here.example",
    }


async def test_an_application_without_a_secret_sends_none(
    session: aiohttp.ClientSession, internet: Internet
) -> None:
    """The proof key stands for it; what the answer leaves out is assumed."""
    internet.say(200, {"access_token": "a"})

    token = await OAuthClient(session, client_id="id", clock=lambda: NOW).exchange(
        "c", redirect_uri="https://here.example", verifier="v"
    )

    assert token == {"access_token": "a", "expires_in": 3600}
    assert "client_secret" not in form(internet.seen[0])


async def test_china_has_its_own_hosts(session: aiohttp.ClientSession, internet: Internet) -> None:
    """Untested against Tesla's."""
    internet.say(200, {"access_token": "a", "expires_in": 100})
    await OAuthClient(session, client_id="id", region=Region.CN).refresh("r")
    assert internet.seen[0].path == "/auth.tesla.cn/oauth2/v3/token"


@pytest.mark.parametrize(
    ("access_token", "more", "lifetime"),
    [
        ("opaque", {}, 3600.0),
        ("opaque", {"expires_in": "soon"}, 3600.0),
        ("opaque", {"expires_in": True}, 3600.0),
        (make_token({"sub": "me", "exp": NOW + 50}), {}, 50.0),
        (make_token({"sub": "me"}), {"expires_in": -1}, 3600.0),
    ],
)
async def test_what_tesla_leaves_out_costs_no_login(
    oauth: OAuthClient,
    internet: Internet,
    access_token: str,
    more: dict[str, Any],
    lifetime: float,
) -> None:
    """The token knows its end, or it is asked for again soon; the refresh token stays as it was."""
    internet.say(200, {"access_token": access_token} | more)
    tokens = await oauth.refresh("r1")
    assert tokens.refresh_token == "r1"
    assert tokens.expires_at == NOW + lifetime


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"error": "login_required"}, errors.LoginRequired),
        (400, {"error": "invalid_grant"}, errors.LoginRequired),
        (400, {"error": "unauthorized_client"}, errors.InvalidRequest),
        (401, {"error": "invalid_client"}, errors.InvalidRequest),
        (429, {}, errors.RateLimited),
        (500, {"error": "server_error"}, errors.AnswerLost),
        (503, b"<html>", errors.AnswerLost),
        (200, b"<html>", errors.UnexpectedAnswer),
        (200, {}, errors.UnexpectedAnswer),
        (200, [], errors.UnexpectedAnswer),
        (200, {"access_token": ""}, errors.UnexpectedAnswer),
        (302, b"", errors.UnexpectedAnswer),
    ],
)
async def test_only_tesla_ends_a_login(
    oauth: OAuthClient, internet: Internet, status: int, body: Any, error: type[Exception]
) -> None:
    """Everything else is told as what it is, without the token."""
    internet.say(status, body)
    with pytest.raises(errors.TeslaError) as caught:
        await oauth.refresh("secret")
    assert type(caught.value) is error
    assert "secret" not in f"{caught.value!r} {caught.value.placeholders}"


async def test_a_partner_token_is_for_one_region_and_kept(
    oauth: OAuthClient, internet: Internet, clock: Clock
) -> None:
    """Until just before its end, or until it is rejected."""
    for number in range(4):
        internet.say(200, {"access_token": f"p{number}", "expires_in": 3600})
    assert await oauth.partner_token(Region.EU, SCOPES) == "p0"
    assert await oauth.partner_token(Region.EU, reversed(SCOPES)) == "p0"
    assert form(internet.seen[0]) == {
        "grant_type": "client_credentials",
        "client_id": "id",
        "client_secret": "planted",
        "audience": hosts(Region.EU).fleet_url,
        "scope": "openid vehicle_cmds",
    }
    assert await oauth.partner_token(Region.NA, SCOPES) == "p1"
    oauth.forget_partner_token("p0")
    assert await oauth.partner_token(Region.EU, SCOPES) == "p2"
    assert await oauth.partner_token(Region.NA, SCOPES) == "p1"
    clock.now += 3590
    assert await oauth.partner_token(Region.NA, SCOPES) == "p3"


async def test_without_a_secret_there_is_no_partner_token(session: aiohttp.ClientSession) -> None:
    """Tesla's kind of application for open source has none."""
    with pytest.raises(errors.InvalidRequest) as caught:
        await OAuthClient(session, client_id="id").partner_token(Region.EU, SCOPES)
    assert caught.value.translation_key == "client_secret_missing"


def test_the_page_to_revoke_consent_comes_back() -> None:
    """Its address carries ours."""
    url = consent_revoke_url("id", "https://home.example/a?b=c&d")
    assert url == (
        "https://auth.tesla.com/user/revoke/consent?revoke_client_id=id"
        "&back_url=https%3A%2F%2Fhome.example%2Fa%3Fb%3Dc%26d"
    )
