"""The Fleet API's errors, word for word.

Sources: https://developer.tesla.com/docs/fleet-api (response codes) and answers quoted in public
issues of teslamotors/vehicle-command and teslamotors/fleet-telemetry.
"""

from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.cloud.hosts import FLEET_URLS, Region
from simulator.cloud.visit import json_response

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNING_REQUIRED: Final = (
    "Tesla Vehicle Command Protocol required, please refer to the documentation here: "
    "https://developer.tesla.com/docs/fleet-api"
    "#2023-10-09-rest-api-vehicle-commands-endpoint-deprecation-warning"
)
SIGNING_UNSUPPORTED: Final = (
    "vehicle does not support the Tesla Vehicle Command Protocol, please use the REST API commands"
    " instead: https://developer.tesla.com/docs/fleet-api/endpoints/vehicle-commands"
)
INVALID_BEARER: Final = "invalid bearer token"
UNAVAILABLE: Final = "vehicle unavailable: vehicle is offline or asleep"
REPLY_LOST: Final = "upstream request timeout"
MISSING_SCOPES: Final = "Unauthorized missing scopes"
OWNER_API_CLOSED: Final = "forbidden, see https://developer.tesla.com/docs/fleet-api"
FLEET_ONLY: Final = (
    "Endpoint is only available on fleetapi. Visit https://developer.tesla.com/docs for more info"
)
GONE: Final = "endpoint_deprecated:_please_update_your_app"
ACCOUNT_LOCKED: Final = "account is locked"
EXPECTED_PARTNER: Final = "Expected partner account"
KEY_TAKEN: Final = "Validation failed: Public key hash has already been taken"
DOMAIN_TAKEN: Final = "Validation failed: Domain has already been taken"
SITE_UNAVAILABLE: Final = "upstream internal error"
LOCATION_NOT_GRANTED: Final = "location access not granted"


class Refusal(Exception):
    """An error of the Fleet API."""

    def __init__(
        self, status: int, error: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.headers = dict(headers or {})

    def response(self) -> web.Response:
        """The refusal on the wire."""
        return json_response(error_body(self.error), status=self.status, headers=self.headers)


class RateLimited(Refusal):
    """Too many requests; Tesla answers this one in plain text."""

    def __init__(self, reset: int) -> None:
        super().__init__(429, f"Retry in {reset} seconds")

    def response(self) -> web.Response:
        """The refusal on the wire."""
        return web.Response(text=self.error, status=self.status)


def error_body(error: str) -> dict[str, Any]:
    """The shape of every error."""
    return {"response": None, "error": error, "error_description": ""}


def wrong_region(region: Region) -> Refusal:
    """The account lives elsewhere."""
    url = FLEET_URLS[region]
    text = (
        f"user out of region, use base URL: {url}, see "
        "https://developer.tesla.com/docs/fleet-api/getting-started/base-urls"
    )
    host = url.removeprefix("https://")
    return Refusal(421, text, headers={"Alt-Svc": f'h2="{host}:443"'})


def not_registered(client_id: str) -> Refusal:
    """The application has not registered its domain in this region."""
    return Refusal(
        412,
        f"Account {client_id} must be registered in the current region. Learn more at "
        "https://developer.tesla.com/docs/fleet-api/endpoints/partner-endpoints#register",
    )


def invalid_domain(domain: str) -> Refusal:
    """The domain is written as none is."""
    return Refusal(
        400,
        f"Invalid domain: {domain}. Ensure that domain is lowercase and starts without https://",
    )


def download_failed(url: str, why: str) -> Refusal:
    """Tesla could not get the public key."""
    return Refusal(424, f"Public key download failed for {url}, error: {why}")
