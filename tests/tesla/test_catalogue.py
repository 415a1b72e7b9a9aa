"""Every answer of Tesla's that is known means what the table says, in every form."""

import json
from typing import Any

import pytest

from custom_components.teslalogger.tesla import catalogue, errors
from custom_components.teslalogger.tesla.catalogue import CATALOGUE, classify, refusal_within
from custom_components.teslalogger.tesla.endpoints import ENDPOINTS, EndpointKind
from custom_components.teslalogger.tesla.errors import TeslaError
from custom_components.teslalogger.tesla.hosts import Region

SEED = (
    b'{"response":null,"error":"Tesla Vehicle Command Protocol required, please refer to the '
    b"documentation here: https://developer.tesla.com/docs/fleet-api"
    b'#2023-10-09-rest-api-vehicle-commands-endpoint-deprecation-warning","error_description":""}'
)
KEY = "Public key download failed for https://404.tls.example/x.pem, error: {}"

KNOWN: list[tuple[int, str, str, type[TeslaError], str]] = [
    (400, "invalid_request", "command", errors.InvalidRequest, "invalid_request"),
    (400, "invalid_command", "command", errors.InvalidRequest, "invalid_command"),
    (400, "invalid_field", "command", errors.InvalidRequest, "invalid_field"),
    (400, "invalid_auth_code", "token", errors.InvalidRequest, "invalid_auth_code"),
    (400, "invalid_redirect_url", "token", errors.InvalidRequest, "invalid_redirect_url"),
    (400, "unauthorized_client", "token", errors.InvalidRequest, "client_rejected"),
    (401, "invalid_client", "token", errors.InvalidRequest, "client_rejected"),
    (400, "invalid_grant", "token", errors.LoginRequired, "login_required"),
    (400, "invalid_grant", "command", errors.InvalidRequest, "invalid_request"),
    (400, "Invalid domain: x", "register", errors.InvalidRequest, "invalid_domain"),
    (
        422,
        "Validation failed: Root domain must match registered allowed origin",
        "register",
        errors.InvalidRequest,
        "invalid_domain",
    ),
    (400, "something else", "command", errors.InvalidRequest, "invalid_request"),
    (404, "not_found", "site_info", errors.NotFound, "site_not_found"),
    (500, "upstream internal error", "site_info", errors.SiteUnreachable, "site_unreachable"),
    (401, "token expired (401)", "products", errors.TokenRejected, "access_token_rejected"),
    (401, "invalid bearer token", "products", errors.TokenRejected, "access_token_rejected"),
    (401, "", "products", errors.TokenRejected, "access_token_rejected"),
    (401, "login_required", "token", errors.LoginRequired, "login_required"),
    (401, "invalid_grant", "token", errors.LoginRequired, "login_required"),
    (401, "mobile_access_disabled", "vehicle", errors.MobileAccessDisabled, ""),
    (403, "mobile_access_disabled", "vehicle", errors.MobileAccessDisabled, ""),
    (402, "", "vehicle_data", errors.PaymentRequired, "payment_required"),
    (403, "Unauthorized missing scopes", "command", errors.MissingScope, "missing_scope"),
    (403, "Tesla Vehicle Command Protocol required, x", "command", errors.SigningRequired, ""),
    (500, "tesla vehicle command protocol required", "command", errors.SigningRequired, ""),
    (
        403,
        "forbidden, see https://developer.tesla.com/docs/fleet-api",
        "command",
        errors.OwnerApiClosed,
        "owner_api_closed",
    ),
    (403, "location access not granted", "vehicle_data", errors.LocationNotGranted, ""),
    (403, "unsupported vehicle", "command", errors.UnsupportedVehicle, "unsupported_vehicle"),
    (403, "", "command", errors.AccessDenied, "access_denied"),
    (404, "not_found", "vehicle", errors.NotFound, "not_found"),
    (405, "vehicle is currently in service", "vehicle_data", errors.InService, "in_service"),
    (405, "method", "vehicle_data", errors.InvalidRequest, "method_not_allowed"),
    (406, "", "command", errors.InvalidRequest, "invalid_content_type"),
    (
        408,
        "vehicle unavailable: vehicle is offline or asleep",
        "vehicle_data",
        errors.VehicleUnavailable,
        "vehicle_unavailable",
    ),
    (408, "request timeout", "command", errors.VehicleTimeout, "vehicle_timeout"),
    (410, "Gone", "command", errors.EndpointGone, "endpoint_gone"),
    (
        412,
        "Account x must be registered in the current region",
        "products",
        errors.NotRegistered,
        "not_registered",
    ),
    (412, "Endpoint is only available on fleetapi", "products", errors.OwnerApiClosed, ""),
    (412, "", "products", errors.NotRegistered, "not_registered"),
    (422, "", "signed_command", errors.SigningUnsupported, "signing_unsupported"),
    (422, "", "command", errors.InvalidRequest, "unprocessable"),
    (
        422,
        "Validation failed: Public key hash has already been taken",
        "register",
        errors.DomainTaken,
        "domain_taken",
    ),
    (400, "domain is registered to another application", "register", errors.DomainTaken, ""),
    (
        412,
        "Expected partner account",
        "register",
        errors.InvalidRequest,
        "partner_account_not_ready",
    ),
    (423, "", "products", errors.AccountLocked, "account_locked"),
    (424, KEY.format("too large"), "register", errors.KeyDownloadFailed, "key_download_too_large"),
    (424, KEY.format("x509: bad"), "register", errors.KeyDownloadFailed, "key_download_tls"),
    (424, KEY.format("404"), "register", errors.KeyDownloadFailed, "key_download_not_found"),
    (
        424,
        KEY.format("dial tcp: connection refused"),
        "register",
        errors.KeyDownloadFailed,
        "key_download_unreachable",
    ),
    (
        424,
        KEY.format("failed to decode PEM"),
        "register",
        errors.KeyDownloadFailed,
        "key_download_not_pem",
    ),
    (
        424,
        KEY.format("not a NIST P-256 public key"),
        "register",
        errors.KeyDownloadFailed,
        "key_download_not_pem",
    ),
    (
        424,
        KEY.format("unexpected status 500"),
        "register",
        errors.KeyDownloadFailed,
        "key_download_failed",
    ),
    (424, KEY.format("bad luck"), "register", errors.KeyDownloadFailed, "key_download_failed"),
    (429, "", "command", errors.RateLimited, "rate_limited"),
    (451, "", "products", errors.LegallyBlocked, "legally_blocked"),
    (499, "", "command", errors.AnswerLost, "tesla_answer_lost"),
    (500, "upstream internal error", "command", errors.AnswerLost, "tesla_internal_error"),
    (502, "", "command", errors.AnswerLost, "tesla_answer_lost"),
    (503, "", "command", errors.AnswerLost, "tesla_overloaded"),
    (504, "", "command", errors.AnswerLost, "tesla_answer_lost"),
    (540, "device unexpected response", "command", errors.VehicleMalfunction, ""),
    (418, "", "command", errors.InvalidRequest, "invalid_request"),
    (599, "", "command", errors.AnswerLost, "tesla_answer_lost"),
    (302, "", "command", errors.UnexpectedAnswer, "tesla_unexpected_answer"),
]


def bodies(text: str) -> list[bytes]:
    """The forms in which Tesla says the same."""
    forms: list[Any] = [
        {"response": None, "error": text, "error_description": "", "messages": {}},
        {"response": None, "error": "", "error_description": text},
        {"error": {"message": text}},
    ]
    return [*(json.dumps(form).encode() for form in forms), text.encode()]


@pytest.mark.parametrize(("status", "text", "endpoint", "kind", "key"), KNOWN)
def test_a_known_answer_means_what_the_table_says(
    status: int, text: str, endpoint: str, kind: type[TeslaError], key: str
) -> None:
    """In every form of the body."""
    for body in bodies(text):
        error = classify(status, body, {"X-Txid": "abc"}, ENDPOINTS[endpoint])
        assert type(error) is kind
        assert error.translation_key == key or not key
        assert (error.status, error.txid) == (status, "abc")


def test_every_row_is_met_by_a_known_answer() -> None:
    """No row is shadowed by one before it, and none is without a test."""
    met = {
        id(catalogue.find(status, text, ENDPOINTS[endpoint].kind))
        for status, text, endpoint, _, _ in [
            *KNOWN,
            (421, "", "products", TeslaError, ""),
            (200, "unsigned_cmds_hardlocked", "command", TeslaError, ""),
            (400, "unauthorized_client", "register", TeslaError, ""),
        ]
    }
    assert [row for row in CATALOGUE if id(row) not in met] == []


def test_the_seeds_answer_asks_for_signing() -> None:
    """Byte for byte, with its status and with any other."""
    for status in (403, 401, 422, 500, 503):
        assert isinstance(classify(status, SEED, {}, ENDPOINTS["command"]), errors.SigningRequired)
    assert isinstance(refusal_within(200, SEED, ENDPOINTS["command"]), errors.SigningRequired)


def test_a_refusal_may_stand_in_a_yes() -> None:
    """`unsigned_cmds_hardlocked` comes with status 200; an ordinary refusal is no error."""
    body = b'{"response":{"result":false,"reason":"%s"}}'
    command = ENDPOINTS["command"]
    hardlocked = refusal_within(200, body % b"unsigned_cmds_hardlocked", command)
    assert isinstance(hardlocked, errors.SigningRequired)
    assert refusal_within(200, body % b"already_set", command) is None
    assert refusal_within(403, body % b"already_set", command) is None


@pytest.mark.parametrize(
    ("text", "region"),
    [
        (
            "use base URL: https://fleet-api.prd.eu.vn.cloud.tesla.com, see https://x.example",
            Region.EU,
        ),
        ("use base URL: https://fleet-api.prd.na.vn.cloud.tesla.com.", Region.NA),
        ("use base URL: https://fleet-api.prd.eu.vn.cloud.tesla.com.evil.example", None),
        ("use base URL: https://evil.example", None),
        ("use base URL: http://fleet-api.prd.eu.vn.cloud.tesla.com", None),
        ("", None),
    ],
)
def test_a_wrong_region_names_only_regions_of_teslas(text: str, region: Region | None) -> None:
    """A stranger's address is never taken over."""
    error = classify(421, bodies(text)[0], {}, ENDPOINTS["products"])
    assert isinstance(error, errors.WrongRegion)
    assert error.region is region


def test_a_rate_limit_says_how_long() -> None:
    """And the sentence for the user can, too."""
    error = classify(429, b"", {"Retry-After": "17"}, ENDPOINTS["command"])
    assert isinstance(error, errors.RateLimited)
    assert error.retry_after == 17.0
    assert error.placeholders["retry_after"] == "17"


def test_a_missing_scope_is_named() -> None:
    """Whichever of them the endpoint needs."""
    error = classify(403, b"Unauthorized missing scopes", {}, ENDPOINTS["command"])
    assert error.placeholders["scopes"] == "vehicle_cmds, vehicle_charging_cmds"


def test_an_error_repeats_no_secret_and_no_novel() -> None:
    """Neither as text, nor in what fills its sentence."""
    vin = "5YJ3E7EB8MF012346"
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
    for body in bodies(f"{vin} {token} " + "word " * 1_000):
        error = classify(404, body, {"x-txid": "t" * 500}, ENDPOINTS["vehicle"])
        said = f"{error} {error!r} {error.placeholders} {error.text}"
        assert vin not in said
        assert token not in said
        assert len(error.text) <= 300


def test_an_error_without_words_is_called_by_its_name() -> None:
    """There is always something to show."""
    assert str(errors.NotSent()) == "NotSent"
    assert errors.NotSent().placeholders["text"] == "NotSent"
    assert str(errors.NotSent("why", status=500, txid="t")) == "why (HTTP 500, txid t)"


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: f"{row.status}-{row.text}")
def test_what_cannot_have_been_executed_is_known(row: catalogue.KnownAnswer) -> None:
    """A refusal was not; a time-out of Tesla's or of the car's may have been."""
    doubtful = row.status in {499, 500, 502, 503, 504, 540} or row.error is errors.VehicleTimeout
    assert row.error.may_have_succeeded is doubtful


def test_kinds_are_all_used() -> None:
    """No endpoint kind is there for nothing."""
    assert {endpoint.kind for endpoint in ENDPOINTS.values()} == set(EndpointKind)
