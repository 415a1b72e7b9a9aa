"""The user's own developer application in Home Assistant."""

import re
from typing import TYPE_CHECKING, Any

from homeassistant.components.application_credentials import (
    ClientCredential,
    async_import_client_credential,
)
import pytest

from custom_components.teslalogger.application_credentials import (
    async_get_auth_implementation,
    async_get_description_placeholders,
)
from custom_components.teslalogger.const import DOMAIN

from .dialog import DOMAIN_PAGE, Dialog, query_of
from .test_translations import LANGUAGES, texts

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

    from simulator.world import World

CREDENTIAL = ClientCredential("my-client", "my-secret", "My application")
TOKEN_URL = "https://fleet-auth.prd.vn.cloud.tesla.com/oauth2/v3/token"


async def test_tesla_is_where_people_log_in(hass: HomeAssistant) -> None:
    """Without the simulator's variable."""
    implementation = await async_get_auth_implementation(hass, DOMAIN, CREDENTIAL)

    assert implementation.authorize_url == "https://auth.tesla.com/oauth2/v3/authorize"
    assert implementation.token_url == TOKEN_URL
    assert implementation.name == "My application"
    assert implementation.domain == DOMAIN


async def test_an_application_without_a_name_is_known_by_its_id(hass: HomeAssistant) -> None:
    """Better than nothing."""
    credential = ClientCredential("my-client", "my-secret")

    assert (await async_get_auth_implementation(hass, DOMAIN, credential)).name == "my-client"


@pytest.mark.parametrize(
    ("code", "region"), [("EU_abc", "eu"), ("NA_abc", "na"), ("CN_abc", "cn"), ("abc", "na")]
)
async def test_the_code_is_exchanged_for_its_region(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, code: str, region: str
) -> None:
    """With the secret, and with the proof that it is us who asked for it."""
    aioclient_mock.post(TOKEN_URL, json={"access_token": "a", "expires_in": "28800"})
    implementation = await async_get_auth_implementation(hass, DOMAIN, CREDENTIAL)

    answer = await implementation.async_resolve_external_data(
        {"code": code, "state": {"redirect_uri": "https://my.example/redirect"}}
    )

    assert answer == {"access_token": "a", "expires_in": 28800}
    sent: dict[str, Any] = aioclient_mock.mock_calls[0][2]
    zone = "tesla.cn" if region == "cn" else "tesla.com"
    assert sent == {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": "https://my.example/redirect",
        "audience": f"https://fleet-api.prd.{region}.vn.cloud.{zone}",
        "code_verifier": implementation.code_verifier,
        "client_id": "my-client",
        "client_secret": "my-secret",
    }


async def test_one_of_several_applications_is_chosen_by_its_name(
    hass: HomeAssistant, dialog: Dialog, world: World
) -> None:
    """Then everything goes on with that one."""
    await async_import_client_credential(hass, DOMAIN, CREDENTIAL, "second")
    page = await dialog.begin()
    assert page["step_id"] == "pick_implementation"
    schema = page["data_schema"]
    assert schema is not None
    assert schema.schema["implementation"].container == {
        "teslalogger": "Import from configuration.yaml",
        "second": "My application",
    }

    page = await dialog.answer(page, {"implementation": "teslalogger"})
    assert query_of(page)["client_id"] == "simulated-client"
    entry = await dialog.finish(await dialog.answer(await dialog.sign_in(page), DOMAIN_PAGE))
    assert entry.data["auth_implementation"] == "teslalogger"
    assert {kept.client_id for kept in world.registrations} == {"simulated-client"}


@pytest.mark.parametrize(
    ("components", "external_url", "redirect_url", "origin_url"),
    [
        (
            ["my"],
            "https://home.example.com",
            "https://my.home-assistant.io/redirect/oauth",
            "https://home.example.com",
        ),
        (
            [],
            "https://home.example.com:8443",
            "https://home.example.com:8443/auth/external/callback",
            "https://home.example.com",
        ),
        (
            [],
            None,
            "https://home.example.com/auth/external/callback",
            "https://home.example.com",
        ),
    ],
)
async def test_the_values_for_teslas_portal_are_shown(
    hass: HomeAssistant,
    components: list[str],
    external_url: str | None,
    redirect_url: str,
    origin_url: str,
) -> None:
    """As they are in this Home Assistant, or as an example."""
    hass.config.components.update(components)
    hass.config.internal_url = None
    hass.config.external_url = external_url
    hass.config.api = None

    placeholders = await async_get_description_placeholders(hass)

    assert placeholders["redirect_url"] == redirect_url
    assert placeholders["origin_url"] == origin_url
    for language in LANGUAGES:
        text = texts(language)["application_credentials"]["description"]
        assert set(re.findall(r"{(\w+)}", text)) == set(placeholders)
