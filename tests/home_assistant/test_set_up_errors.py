"""Every error that the set-up can show has a text."""

import re
from typing import Any, cast

from homeassistant.exceptions import (
    HomeAssistantError,
    ImplementationUnavailableError,
    UnknownImplementationError,
)
import pytest

from custom_components.teslalogger import config_flow
from custom_components.teslalogger.flows import domains, registration
from custom_components.teslalogger.flows.errors import (
    NO_PLACEHOLDERS,
    FormError,
    SetUpError,
    form_error,
)
from custom_components.teslalogger.tesla import (
    EndpointKind,
    NotFound,
    TeslaError,
    VehicleUnavailable,
)
from custom_components.teslalogger.tesla.catalogue import CATALOGUE
from custom_components.teslalogger.vault import VaultDamaged, VaultNotSaved

from .test_translations import LANGUAGES, ROOT, subclasses, texts

# Raised with a key of their own, or not by an error at all.
OTHER_KEYS = {
    "application_missing",
    "client_secret_missing",
    "not_loaded",
    "owner_token_of_other_cars",
    "owner_token_refused",
    "unknown",
    "vault_damaged",
    "vault_not_saved",
    "wrong_account",
}
ABORTS = {
    "already_configured",
    "application_first",
    "application_gone",
    "client_rejected",
    "given_back",
    "given_back_in_part",
    "given_back_to_nobody",
    "invalid_auth_code",
    "invalid_redirect_url",
    "malformed_token",
    "missing_configuration",
    "missing_scope",
    "moved_to_fleet",
    "not_stopped",
    "not_unloaded",
    "nothing_to_take_over",
    "take_over_failed",
    "take_over_not_saved",
    "taken_back",
    "taken_back_but_streams",
    "taken_back_owner",
    "taken_over",
    "token_removed",
    "token_replaced",
    "unknown",
    "vault_damaged",
    "vault_not_saved",
    "wrong_account",
}
HOME_ASSISTANTS = {"reauth_successful", "reconfigure_successful"}
STEPS = {
    "domain",
    "external_key",
    "holdings",
    "holdings_owner",
    "last_resort",
    "no_cars",
    "owner_api",
    "owner_token",
    "pick_implementation",
    "reauth_confirm",
    "reconfigure",
    "reconfigure_owner",
    "take_back",
    "take_back_owner",
    "take_over",
    "take_over_confirm",
    "take_over_undo",
    "user",
    "virtual_key",
    "without_cars",
}


def keys_of_errors() -> set[str]:
    """The keys under which forms show the errors of the rooms."""
    kinds = [
        cast("type[TeslaError]", error)
        for error in subclasses(TeslaError)
        if error.__module__.startswith("custom_components")
    ]
    rows = [
        row.error("", translation_key=row.translation_key)
        for row in CATALOGUE
        if row.endpoint_kind is not EndpointKind.ENERGY  # no energy site is asked
    ]
    shown = {form_error(error).key for error in [*(kind() for kind in kinds), *rows]}
    assert registration.RegisteredKeyIsAnother.translation_key in shown
    refusals = {
        value
        for name, value in vars(domains).items()
        if isinstance(value, str) and value.startswith("domain_") and not name.startswith("__")
    }
    return shown | refusals | OTHER_KEYS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_its_text(language: str) -> None:
    """And no text is left over."""
    errors = texts(language)["config"]["error"]

    assert set(errors) == keys_of_errors()
    assert all(errors.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_gets_all_that_it_names(language: str) -> None:
    """Forms fill these placeholders whatever happens."""
    for key, text in texts(language)["config"]["error"].items():
        assert set(re.findall(r"{(\w+)}", text)) <= set(NO_PLACEHOLDERS), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_and_every_end_has_its_text(language: str) -> None:
    """Those that Home Assistant does not bring along."""
    config = texts(language)["config"]

    assert set(config["abort"]) == ABORTS
    assert set(config["step"]) == STEPS


def test_both_languages_say_the_same() -> None:
    """Same keys, same placeholders."""
    english, german = texts("en"), texts("de")

    for section in ("application_credentials", "config", "selector"):
        assert flat(english[section]) == flat(german[section]), section


def test_every_key_in_the_code_is_known_here() -> None:
    """A new abort or error must be added to the tables above."""
    flows = ("entry", "holdings", "key", "move", "owner", "take_over")
    files = (ROOT / "config_flow.py", *(ROOT / f"flows/{name}.py" for name in flows))
    code = "".join(file.read_text() for file in files)

    assert set(re.findall(r'FormError\(key="(\w+)"', code)) <= OTHER_KEYS
    assert set(re.findall(r'reason="(\w+)"', code)) - HOME_ASSISTANTS <= ABORTS
    assert config_flow._TOLD_REFUSALS <= ABORTS


def flat(node: Any, path: str = "") -> dict[str, frozenset[str]]:
    """Every text's path and placeholders."""
    if not isinstance(node, dict):
        return {path: frozenset(re.findall(r"{(\w+)}", node))}
    return {
        key: value
        for name, child in node.items()
        for key, value in flat(child, f"{path}.{name}").items()
    }


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (domains.DomainRefused("domain_malformed"), ("domain", "domain_malformed")),
        (NotFound("gone"), ("base", "not_found")),
        (VehicleUnavailable("asleep"), ("base", "tesla_error")),
        (VaultDamaged(ROOT), ("base", "vault_damaged")),
        (VaultNotSaved(ROOT), ("base", "vault_not_saved")),
        (ImplementationUnavailableError(), ("base", "application_missing")),
        (UnknownImplementationError(), ("base", "application_missing")),
        (HomeAssistantError("whatever"), ("base", "unknown")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_errors_are_shown_where_they_belong(error: SetUpError, shown: tuple[str, str]) -> None:
    """Under the field, or above the page."""
    found = form_error(error)

    assert (found.at, found.key) == shown


def test_an_errors_facts_are_shown_with_it() -> None:
    """As far as it has any."""
    assert form_error(NotFound("gone", status=404)).placeholders["text"] == "gone"
    assert form_error(VaultDamaged(ROOT)).placeholders == {"file": ROOT.name}
    assert form_error(HomeAssistantError("whatever")) == FormError(key="unknown")
