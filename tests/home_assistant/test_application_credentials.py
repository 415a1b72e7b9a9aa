"""The user's own developer application in Home Assistant."""

import re
from typing import TYPE_CHECKING

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

    from simulator.world import World

CREDENTIAL = ClientCredential("my-client", "my-secret", "My application")


async def test_tesla_is_where_people_log_in(hass: HomeAssistant) -> None:
    """Without the simulator's variable."""
    implementation = await async_get_auth_implementation(hass, DOMAIN, CREDENTIAL)

    assert implementation.authorize_url == "https://auth.tesla.com/oauth2/v3/authorize"
    assert implementation.token_url == "https://fleet-auth.prd.vn.cloud.tesla.com/oauth2/v3/token"
    assert implementation.name == "My application"
    assert implementation.domain == DOMAIN


async def test_an_application_without_a_name_is_known_by_its_id(hass: HomeAssistant) -> None:
    """Better than nothing."""
    credential = ClientCredential("my-client", "my-secret")

    assert (await async_get_auth_implementation(hass, DOMAIN, credential)).name == "my-client"


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
