"""What can go wrong while an account is set up: it is said, and it can be put right."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.teslalogger import vault
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.flows import key as key_steps
from custom_components.teslalogger.flows.domains import DOMAIN_IN_USE
from custom_components.teslalogger.public_key_view import async_serve_public_key
from custom_components.teslalogger.tesla import WELL_KNOWN_PATH, PublicKeyProblem, Region, Scope
from custom_components.teslalogger.tesla.public_key import PublicKeyUnreachable
from custom_components.teslalogger.vault import async_open_vault
from simulator.cloud.faults import FaultKind, FaultRule
from simulator.garage import LENDER, OWNER
from tests.simulator_fixtures import DOMAIN as HOST

from .dialog import (
    CHECK,
    DOMAIN_PAGE,
    EXTERNAL_PAGE,
    LENDER_EMAIL,
    Dialog,
    claims_with,
    next_step,
    shown,
)

if TYPE_CHECKING:
    from pathlib import Path

    from homeassistant.config_entries import ConfigFlowResult
    from homeassistant.core import HomeAssistant

    from simulator.world import World

    from .dialog import WebHost


def assert_aborted(page: ConfigFlowResult, reason: str) -> None:
    """The dialog has ended for this reason."""
    assert page["type"] is FlowResultType.ABORT, page
    assert page["reason"] == reason


# Signing in


@pytest.mark.usefixtures("current_request_with_host")
async def test_without_an_application_home_assistant_asks_for_one(hass: HomeAssistant) -> None:
    """Its frontend shows the form for credentials for this reason."""
    assert await async_setup_component(hass, "application_credentials", {})

    menu = await hass.config_entries.flow.async_init(DOMAIN, context={"source": "user"})
    page = await hass.config_entries.flow.async_configure(
        menu["flow_id"], {"next_step_id": "fleet_api"}
    )

    assert_aborted(page, "missing_credentials")


async def test_nothing_happens_to_somebody_who_denies(dialog: Dialog) -> None:
    """And they may think again."""
    assert_aborted(
        await dialog.sign_in(await dialog.begin(), allow=False), "user_rejected_authorize"
    )

    await dialog.set_up()


PLANTED = "a-token-that-nobody-may-see"
TOKEN_FAULTS: dict[str, tuple[FaultRule, str]] = {
    "wrong secret": (
        FaultRule(kind=FaultKind.STATUS, status=400, body={"error": "unauthorized_client"}),
        "client_rejected",
    ),
    "late": (
        FaultRule(kind=FaultKind.STATUS, status=400, body={"error": "invalid_auth_code"}),
        "invalid_auth_code",
    ),
    "another redirect": (
        FaultRule(kind=FaultKind.STATUS, status=400, body={"error": "invalid_redirect_url"}),
        "invalid_redirect_url",
    ),
    "no proof": (
        FaultRule(kind=FaultKind.STATUS, status=400, body={"error": "invalid_grant"}),
        "oauth_failed",
    ),
    "overloaded": (FaultRule(kind=FaultKind.STATUS, status=503), "oauth_failed"),
    "no answer": (FaultRule(kind=FaultKind.LOST), "oauth_failed"),
    "a web page": (FaultRule(kind=FaultKind.HTML, status=200), "oauth_failed"),
    "half an answer": (FaultRule(kind=FaultKind.TRUNCATED), "oauth_failed"),
    "a list": (FaultRule(kind=FaultKind.STATUS, status=200, body=[]), "oauth_failed"),
    "no token": (
        FaultRule(kind=FaultKind.STATUS, status=200, body={"refresh_token": PLANTED}),
        "oauth_failed",
    ),
    "no JWT": (
        FaultRule(
            kind=FaultKind.STATUS,
            status=200,
            body={"access_token": PLANTED, "refresh_token": "EU_1", "expires_in": "28800"},
        ),
        "malformed_token",
    ),
}


@pytest.mark.parametrize("name", TOKEN_FAULTS)
async def test_a_failed_login_says_so_and_can_be_repeated(
    dialog: Dialog, world: World, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """Whatever the token endpoint answers, and none of it is in the log."""
    fault, reason = TOKEN_FAULTS[name]
    world.faults.add(replace(fault, endpoint="oauth/token"))

    assert_aborted(await dialog.to_domain(), reason)
    assert PLANTED not in caplog.text

    await dialog.set_up()


async def test_a_login_without_the_cars_is_refused(dialog: Dialog) -> None:
    """With the permission's name and the way to grant it."""
    refused = frozenset({Scope.VEHICLE_DEVICE_DATA})
    page = await dialog.sign_in(await dialog.begin(), refused=refused)

    assert_aborted(page, "missing_scope")
    assert shown(page, "scope") == "vehicle_device_data"
    assert shown(page, "url") == (
        "https://auth.tesla.com/user/revoke/consent"
        "?revoke_client_id=simulated-client&back_url=https%3A%2F%2Fexample.com"
    )

    # Tesla asks again for what was refused.
    await dialog.set_up()


async def test_a_login_that_does_not_last_is_refused(dialog: Dialog, world: World) -> None:
    """Tesla gives a refresh token only with the permission for it."""
    honest = world.authority.redeem_code

    def redeem_code(*args: Any, **kwargs: Any) -> dict[str, Any]:
        answer = honest(*args, **kwargs)
        del answer["refresh_token"]
        return answer

    with patch.object(world.authority, "redeem_code", redeem_code):
        page = await dialog.to_domain()
    assert_aborted(page, "missing_scope")
    assert shown(page, "scope") == "offline_access"

    await dialog.set_up()


async def test_everything_else_may_be_refused(dialog: Dialog) -> None:
    """The commands then say themselves what they lack."""
    refused = frozenset({Scope.VEHICLE_CMDS, Scope.VEHICLE_LOCATION, Scope.USER_DATA})
    page = await dialog.sign_in(await dialog.begin(), refused=refused)

    entry = await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))

    assert entry.runtime_data.scopes == frozenset(Scope) - refused
    assert entry.title == "Tesla"


async def test_an_account_is_set_up_only_once(hass: HomeAssistant, dialog: Dialog) -> None:
    """And the running entry keeps its login."""
    entry = await dialog.set_up()
    kept = (await async_open_vault(hass, OWNER)).tokens
    before = await kept.load()

    assert_aborted(await dialog.to_domain(), "already_configured")

    assert await kept.load() == before
    assert entry.state is ConfigEntryState.LOADED


async def test_two_dialogs_for_one_account_do_not_meet(dialog: Dialog) -> None:
    """The second ends, the first goes on."""
    first = await dialog.to_domain()

    assert_aborted(await dialog.to_domain(), "already_in_progress")

    await dialog.finish(await dialog.answer(first, DOMAIN_PAGE))


async def test_a_damaged_vault_is_left_alone(hass: HomeAssistant, dialog: Dialog) -> None:
    """It may hold the only copy of the key."""
    path = await hass.async_add_executor_job(_break_vault, (await async_open_vault(hass, OWNER)))
    hass.data[vault._VAULTS].clear()

    page = await dialog.to_domain()
    assert_aborted(page, "vault_damaged")
    assert shown(page, "file") == path.name
    assert await hass.async_add_executor_job(path.read_text) == "{"

    await hass.async_add_executor_job(path.unlink)
    await dialog.set_up()


def _break_vault(opened: vault.Vault) -> Path:
    opened._path.parent.mkdir(exist_ok=True)
    opened._path.write_text("{")
    return opened._path


async def test_a_login_that_cannot_be_kept_is_not_used(dialog: Dialog) -> None:
    """A full disk is said before anything depends on it."""
    with patch.object(vault, "_write", side_effect=OSError(28, "No space left on device")):
        page = await dialog.to_domain()
    assert_aborted(page, "vault_not_saved")

    await dialog.set_up()


# Domain


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "domain_malformed"),
        ("ho me.example.test", "domain_malformed"),
        ("192.0.2.1", "domain_is_address"),
        ("homeassistant.local", "domain_not_public"),
        ("www.tesla.com", "domain_is_teslas"),
    ],
)
async def test_a_domain_that_cannot_be_one_is_refused_at_once(
    dialog: Dialog, world: World, typed: str, error: str
) -> None:
    """At its field; Tesla does not hear of it."""
    page = await dialog.answer(await dialog.to_domain(), {**DOMAIN_PAGE, "domain": typed})

    assert page["errors"] == {"domain": error}
    assert world.registrations == []
    await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))


async def test_an_address_is_taken_for_its_domain(dialog: Dialog) -> None:
    """People paste what they see."""
    given = {**DOMAIN_PAGE, "domain": f" https://{HOST.upper()}:443/lovelace "}

    entry = await dialog.finish(await dialog.answer(await dialog.to_domain(), given))

    assert entry.data["domain"] == HOST


async def test_two_accounts_cannot_share_a_domain(hass: HomeAssistant, dialog: Dialog) -> None:
    """It can only serve one key."""
    MockConfigEntry(
        domain=DOMAIN, unique_id=LENDER, data={"domain": HOST, "account_id": LENDER}
    ).add_to_hass(hass)

    page = await dialog.answer(await dialog.to_domain(), DOMAIN_PAGE)

    assert page["errors"] == {"domain": DOMAIN_IN_USE}
    (other,) = hass.config_entries.async_entries(DOMAIN)
    await hass.config_entries.async_remove(other.entry_id)
    await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))


async def test_a_key_that_cannot_be_kept_is_not_used(dialog: Dialog, world: World) -> None:
    """Tesla must not know a key that the next restart forgets."""
    page = await dialog.to_domain()
    with patch.object(vault, "_write", side_effect=OSError(28, "No space left on device")):
        page = await dialog.answer(page, DOMAIN_PAGE)

    assert page["errors"] == {"base": "vault_not_saved"}
    assert shown(page, "file").startswith("teslalogger.")
    assert world.registrations == []
    await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))


# Public key


def _leaves(error: type[PublicKeyProblem]) -> list[type[PublicKeyProblem]]:
    children = error.__subclasses__()
    return [leaf for child in children for leaf in _leaves(child)] if children else [error]


@pytest.mark.parametrize("problem", _leaves(PublicKeyProblem), ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("given", [DOMAIN_PAGE, EXTERNAL_PAGE], ids=["own", "external"])
async def test_whatever_is_wrong_with_the_key_is_said_before_tesla_is_asked(
    dialog: Dialog, world: World, problem: type[PublicKeyProblem], given: dict[str, Any]
) -> None:
    """On the page where it can be put right."""
    page = await dialog.to_domain()
    with patch.object(key_steps, "fetch_public_key", side_effect=problem("why")):
        page = await dialog.answer(page, given)
        if given is EXTERNAL_PAGE:
            page = await dialog.answer(page, CHECK)

    assert page["errors"] == {"base": problem.translation_key}
    assert shown(page, "url") == f"https://{HOST}{WELL_KNOWN_PATH}"
    assert shown(page, "text") == "why"
    assert world.registrations == []
    if given is EXTERNAL_PAGE:
        page = await dialog.answer(page, {"next": "change_domain"})
    await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))


@pytest.mark.parametrize(
    ("given", "on_the_way", "anyway"),
    [
        (DOMAIN_PAGE, [], DOMAIN_PAGE | {"unseen": True}),
        (EXTERNAL_PAGE, [CHECK], {"next": "unseen"}),
    ],
    ids=["own", "external"],
)
async def test_a_network_that_does_not_see_itself_can_leave_the_looking_to_tesla(
    dialog: Dialog,
    world: World,
    given: dict[str, Any],
    on_the_way: list[dict[str, Any]],
    anyway: dict[str, Any],
) -> None:
    """Tesla says so if it cannot see the key either, and the choice is still there then."""
    page = await dialog.to_domain()
    vault = await async_open_vault(dialog.hass, OWNER)
    if given is EXTERNAL_PAGE:
        key = await vault.async_make_key()
        async_serve_public_key(dialog.hass, HOST, key.public_pem())
    with patch.object(key_steps, "fetch_public_key", side_effect=PublicKeyUnreachable("why")):
        for answer in (given, *on_the_way):
            page = await dialog.answer(page, answer)
        assert page["errors"] == {"base": "public_key_unreachable"}

        own = world.internet.pop(HOST)
        page = await dialog.answer(page, anyway)
        assert page["errors"] == {"base": "key_download_unreachable"}
        assert world.registrations == []

        world.internet[HOST] = own
        page = await dialog.answer(page, anyway)

    assert page["step_id"] == "virtual_key"
    assert world.registrations
    await dialog.finish(page)


async def test_somebody_elses_page_at_the_domain_is_noticed(
    dialog: Dialog, world: World, web_host: WebHost
) -> None:
    """Such as a login page before Home Assistant."""
    own = world.internet[HOST]
    world.internet[HOST], web_host.content = web_host.url, "<html>Sign in</html>"

    page = await dialog.answer(await dialog.to_domain(), DOMAIN_PAGE)

    assert page["errors"] == {"base": "public_key_not_pem"}
    world.internet[HOST] = own
    await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))


# Registration


def _refusal(status: int, error: str) -> dict[str, Any]:
    return {"status": status, "body": {"response": None, "error": error}}


REGISTRATION_FAULTS: dict[str, dict[str, Any]] = {
    "invalid_domain": _refusal(
        400, "Validation failed: Root domain must match registered allowed origin"
    ),
    "domain_taken": _refusal(422, "Validation failed: Domain has already been taken"),
    "invalid_field": _refusal(400, "invalid_field"),
    "invalid_request": _refusal(400, "something else"),
    "key_download_not_found": _refusal(
        424, "Public key download failed for https://x, error: unexpected status 404"
    ),
    "key_download_unreachable": _refusal(
        424, "Public key download failed for https://x, error: host unreachable"
    ),
    "key_download_tls": _refusal(
        424, "Public key download failed for https://x, error: tls: failed to verify certificate"
    ),
    "key_download_not_pem": _refusal(
        424, "Public key download failed for https://x, error: not a PEM-encoded public key"
    ),
    "key_download_too_large": _refusal(
        424, "Public key download failed for https://x, error: too large"
    ),
    "key_download_failed": _refusal(424, "Public key download failed for https://x, error: hm"),
    "payment_required": _refusal(402, "payment"),
    "account_locked": _refusal(423, "locked"),
    "legally_blocked": _refusal(451, "privacy"),
    "rate_limited": _refusal(429, "Retry in 7 seconds"),
    "tesla_internal_error": _refusal(500, "oops"),
    "tesla_overloaded": _refusal(503, "oops"),
    "tesla_answer_lost": _refusal(504, "oops"),
    # Only a car can be asleep: no text of its own.
    "tesla_error": _refusal(408, "vehicle unavailable: vehicle is offline or asleep"),
}


@pytest.mark.parametrize("error", REGISTRATION_FAULTS)
async def test_whatever_tesla_answers_to_the_registration_is_said(
    dialog: Dialog, world: World, error: str
) -> None:
    """And submitting the page again repeats it."""
    fault = FaultRule(
        kind=FaultKind.STATUS, endpoint="partner_accounts", **REGISTRATION_FAULTS[error]
    )
    world.faults.add(fault)

    page = await dialog.answer(await dialog.to_domain(), DOMAIN_PAGE)

    assert page["step_id"] == "domain"
    assert page["errors"] == {"base": error}
    await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))


async def test_a_lost_answer_is_repeated_by_submitting_again(dialog: Dialog, world: World) -> None:
    """Registering twice does no harm."""
    world.faults.add(FaultRule(kind=FaultKind.LOST, endpoint="partner_accounts"))

    page = await dialog.answer(await dialog.to_domain(), DOMAIN_PAGE)

    assert page["errors"] == {"base": "tesla_answer_lost"}
    await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))


async def test_a_rejected_application_is_said(dialog: Dialog, world: World) -> None:
    """Its secret may have been replaced in Tesla's portal since the login."""
    page = await dialog.to_domain()
    world.apps["simulated-client"].client_secret = "a new one"
    page = await dialog.answer(page, DOMAIN_PAGE)

    assert page["errors"] == {"base": "client_rejected"}
    world.apps["simulated-client"].client_secret = "simulated-secret"
    await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))


async def test_an_application_without_a_secret_is_said(hass: HomeAssistant, dialog: Dialog) -> None:
    """Tesla's applications for public clients cannot be registered."""
    page = await dialog.to_domain()
    flow = hass.config_entries.flow._progress[page["flow_id"]]
    implementation = flow.flow_impl  # type: ignore[attr-defined] # of every OAuth flow
    secret, implementation.client_secret = implementation.client_secret, ""
    page = await dialog.answer(page, DOMAIN_PAGE)

    assert page["errors"] == {"base": "client_secret_missing"}
    implementation.client_secret = secret
    await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))


async def test_another_key_at_tesla_is_noticed(dialog: Dialog, world: World) -> None:
    """A cache between Tesla and the domain would make every command fail later."""
    world.faults.add(
        FaultRule(
            kind=FaultKind.STATUS,
            endpoint="partner_accounts/public_key",
            status=200,
            body={"response": {"public_key": "04" + "11" * 64}},
        )
    )

    page = await dialog.answer(await dialog.to_domain(), DOMAIN_PAGE)

    assert page["errors"] == {"base": "registered_key_is_another"}
    await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))


@pytest.mark.parametrize(
    "fault",
    [
        {"endpoint": "partner_accounts/public_key", "count": None},
        {"endpoint": "partner_accounts", "skip": 1},
    ],
    ids=["Tesla does not tell the key", "the other region fails"],
)
async def test_what_is_not_needed_may_fail(
    dialog: Dialog, world: World, fault: dict[str, Any]
) -> None:
    """The account's own region is registered."""
    world.faults.add(FaultRule(kind=FaultKind.STATUS, status=500, **fault))

    await dialog.set_up()

    assert "eu" in {registration.region.value for registration in world.registrations}


# Region


async def test_a_token_that_names_no_region_is_no_obstacle(dialog: Dialog, world: World) -> None:
    """Tesla knows the region, and tells it to registered applications."""
    with claims_with(None):
        page = await dialog.to_domain()
    world.faults.add(FaultRule(kind=FaultKind.STATUS, status=500, endpoint="region"))
    page = await dialog.answer(page, DOMAIN_PAGE)
    assert page["errors"] == {"base": "tesla_internal_error"}

    entry = await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))

    assert entry.data["region"] == "eu"


async def test_a_token_that_names_the_wrong_region_is_corrected(dialog: Dialog) -> None:
    """By Tesla's first answer."""
    with claims_with(Region.NA):
        page = await dialog.to_domain()

    entry = await dialog.finish(await dialog.answer(page, DOMAIN_PAGE))

    assert entry.data["region"] == "eu"


async def test_chinas_applications_are_known_in_china_only(dialog: Dialog, world: World) -> None:
    """Registering them elsewhere would only fail."""
    with claims_with(Region.CN):
        page = await dialog.to_domain()
    page = await dialog.answer(page, DOMAIN_PAGE)

    assert {registration.region.value for registration in world.registrations} == {"cn"}
    await dialog.finish(page)


# Virtual key


@pytest.mark.parametrize(
    ("endpoint", "cars"),
    [("products", 0), ("fleet_status", 6)],
)
async def test_the_set_up_is_not_lost_when_tesla_does_not_answer_at_its_end(
    dialog: Dialog, world: World, endpoint: str, cars: int
) -> None:
    """What is not known is called so, and it is possible to go on."""
    world.faults.add(FaultRule(kind=FaultKind.STATUS, status=500, endpoint=endpoint, count=1))

    page = await dialog.to_virtual_key()

    assert page["step_id"] == "virtual_key"
    assert page["errors"] == {"base": "tesla_internal_error"}
    rows = shown(page, "cars").splitlines()
    assert len(rows) == cars
    assert sum("Unknown" in row for row in rows) == max(cars - 1, 0)
    assert next_step(page) == "check"
    await dialog.finish(page)


async def test_another_account_can_be_set_up_beside_the_first(
    hass: HomeAssistant, dialog: Dialog, world: World
) -> None:
    """With a domain of its own."""
    await dialog.set_up()
    second = "second.example.test"
    world.internet[second] = world.internet[HOST]
    world.apps["simulated-client"].allowed_origins += (f"https://{second}",)
    page = await dialog.sign_in(await dialog.begin(), email=LENDER_EMAIL)

    entry = await dialog.finish(await dialog.answer(page, {**DOMAIN_PAGE, "domain": second}))

    assert entry.unique_id == LENDER
    assert len(hass.config_entries.async_entries(DOMAIN)) == 2
