"""Registration of a domain and its key."""

from typing import TYPE_CHECKING, Any

import pytest

from custom_components.teslalogger.tesla import errors
from custom_components.teslalogger.tesla.hosts import Region
from custom_components.teslalogger.tesla.oauth import OAuthClient
from custom_components.teslalogger.tesla.partner import PartnerClient

if TYPE_CHECKING:
    import aiohttp

    from .conftest import Internet

EU = "fleet-api.prd.eu.vn.cloud.tesla.com"
POINT = b"\x04" + bytes(range(64))
TOKEN = {"access_token": "p", "expires_in": 3600}


@pytest.fixture
async def partner(session: aiohttp.ClientSession, internet: Internet) -> PartnerClient:
    """An application that has just got its token."""
    internet.say(200, TOKEN)
    oauth = OAuthClient(session, client_id="id", client_secret="s")
    return PartnerClient(session, oauth, Region.EU)


async def test_a_domain_is_registered_with_the_region(
    partner: PartnerClient, internet: Internet
) -> None:
    """With the application's own token for it."""
    internet.respond({"account_id": "x"})
    await partner.register("home.example")
    seen = internet.seen[1]
    assert (seen.method, seen.path) == ("POST", f"/{EU}/api/1/partner_accounts")
    assert seen.json == {"domain": "home.example"}
    assert seen.headers["authorization"] == "Bearer p"


async def test_the_registered_key_is_read(partner: PartnerClient, internet: Internet) -> None:
    """As a point of the curve."""
    internet.respond({"public_key": POINT.hex()})
    assert await partner.public_key("home.example") == POINT
    seen = internet.seen[1]
    assert seen.path == f"/{EU}/api/1/partner_accounts/public_key"
    assert seen.query == "domain=home.example"


@pytest.mark.parametrize("status", [404, 412])
async def test_no_registered_key_is_none(
    partner: PartnerClient, internet: Internet, status: int
) -> None:
    """Whichever way Tesla says it."""
    internet.say(status, {"error": "no"})
    assert await partner.public_key("home.example") is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        [],
        {},
        {"response": None},
        {"response": {"public_key": 7}},
        {"response": {"public_key": "zz"}},
        {"response": {"public_key": "04"}},
    ],
)
async def test_a_malformed_key_is_told_as_such(
    partner: PartnerClient, internet: Internet, body: Any
) -> None:
    """Never as a KeyError."""
    internet.say(200, body)
    with pytest.raises(errors.UnexpectedAnswer):
        await partner.public_key("home.example")


async def test_a_rejected_token_is_replaced_once(
    partner: PartnerClient, internet: Internet
) -> None:
    """And a second rejection is told."""
    internet.say(401, {"error": "invalid bearer token"})
    internet.say(200, {"access_token": "p2", "expires_in": 3600})
    internet.say(401, {"error": "invalid bearer token"})
    with pytest.raises(errors.TokenRejected):
        await partner.register("home.example")
    assert [seen.headers.get("authorization") for seen in internet.seen] == [
        None,
        "Bearer p",
        None,
        "Bearer p2",
    ]


@pytest.mark.parametrize(
    ("status", "text", "error", "key"),
    [
        (
            424,
            "Public key download failed for https://h.example/k.pem, error: too large",
            errors.KeyDownloadFailed,
            "key_download_too_large",
        ),
        (
            400,
            "Validation failed: Public key hash has already been taken",
            errors.DomainTaken,
            "domain_taken",
        ),
        (400, "Invalid domain: x", errors.InvalidRequest, "invalid_domain"),
        (400, "Expected partner account", errors.InvalidRequest, "partner_account_not_ready"),
    ],
)
async def test_what_is_wrong_with_a_registration_is_told_apart(
    partner: PartnerClient,
    internet: Internet,
    status: int,
    text: str,
    error: type[errors.TeslaError],
    key: str,
) -> None:
    """Each has its own sentence."""
    internet.say(status, {"response": None, "error": text, "error_description": ""})
    with pytest.raises(error) as caught:
        await partner.register("h.example")
    assert caught.value.translation_key == key
