"""The streaming configuration: asked at the right address, and checked where it comes in."""

from typing import TYPE_CHECKING, Any, Final

import pytest

from custom_components.teslalogger.tesla import (
    ENDPOINTS,
    AnswerLost,
    FleetClient,
    InvalidRequest,
    MissingScope,
    OAuthClient,
    PartnerClient,
    PriceClass,
    RateLimited,
    Region,
    RequestRecord,
    UnexpectedAnswer,
)

from .conftest import VIN, Internet

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import aiohttp

HOST: Final = "/fleet-api.prd.eu.vn.cloud.tesla.com"
CAR: Final = f"{HOST}/api/1/vehicles/{VIN}"
OTHER: Final = "LRW3E7EK9NC012347"
ROW: Final = {"vin": VIN, "error_name": "config_manager_error", "error": "why"}
PARTNER_TOKEN: Final = {"access_token": "partner", "expires_in": 3600}
NO_SCOPE: Final = {"error": "Unauthorized missing scopes"}


class Wallet:
    """One access token for ever."""

    async def access_token(self) -> str:
        """The token."""
        return "user"

    async def renew(self, rejected: str) -> str:
        """The same again."""
        return rejected


@pytest.fixture
def records() -> list[RequestRecord]:
    """What the client reports."""
    return []


@pytest.fixture
async def client(
    session: aiohttp.ClientSession,
    internet: Internet,  # noqa: ARG001 - where it asks
    records: list[RequestRecord],
) -> FleetClient:
    """A client of the EU region."""
    return FleetClient(session, tokens=Wallet(), region=Region.EU, on_request=records.append)


@pytest.fixture
async def partner(session: aiohttp.ClientSession) -> PartnerClient:
    """The application itself."""
    oauth = OAuthClient(session, client_id="id", client_secret="s")
    return PartnerClient(session, oauth, Region.EU)


async def test_a_signed_configuration_goes_to_all_cars_at_once(
    client: FleetClient, internet: Internet, records: list[RequestRecord]
) -> None:
    """As the token that the cars verify."""
    internet.respond({"updated_vehicles": 2})
    answer = await client.telemetry.create([VIN, OTHER], "e.y.s")
    assert (answer.updated, answer.skipped) == (2, {})
    (seen,) = internet.seen
    assert (seen.method, seen.path) == (
        "POST",
        f"{HOST}/api/1/vehicles/fleet_telemetry_config_jws",
    )
    assert seen.json == {"vins": [VIN, OTHER], "token": "e.y.s"}
    assert seen.headers["authorization"] == "Bearer user"
    assert [record.price_class for record in records] == [PriceClass.FREE]


@pytest.mark.parametrize(
    ("skipped", "read"),
    [
        (None, {}),
        ({}, {}),
        ({"missing_key": [], "max_configs": None}, {}),
        (
            {"missing_key": [VIN], "unsupported_hardware": [], "max_configs": [OTHER]},
            {VIN: "missing_key", OTHER: "max_configs"},
        ),
        ({"a new reason": [VIN]}, {VIN: "a new reason"}),
    ],
)
async def test_a_skipped_car_has_its_reason(
    client: FleetClient, internet: Internet, skipped: Any, read: dict[str, str]
) -> None:
    """Also one that nobody has seen before."""
    internet.respond({"updated_vehicles": 0, "skipped_vehicles": skipped})
    answer = await client.telemetry.create([VIN], "t")
    assert answer.updated == 0
    assert answer.skipped == read
    assert VIN not in repr(answer)


CONFIG: Final = {"hostname": "car.example.org", "port": 443, "fields": {}}


@pytest.mark.parametrize(
    ("response", "read"),
    [
        (
            {"synced": True, "config": CONFIG, "limit_reached": False, "key_paired": True},
            (True, CONFIG, False, True),
        ),
        ({"synced": False, "config": CONFIG}, (False, CONFIG, None, None)),
        # The car refused: https://github.com/teslamotors/fleet-telemetry/issues/313
        ({"synced": True, "config": None, "limit_reached": True}, (True, None, True, None)),
        ({"synced": True, "config": None, "update_available": False}, (True, None, None, None)),
    ],
)
async def test_what_tesla_holds_is_read(
    client: FleetClient, internet: Internet, response: Any, read: tuple[Any, ...]
) -> None:
    """Flags that it leaves out are None."""
    internet.respond(response)
    stored = await client.telemetry.get(VIN)
    assert (stored.synced, stored.config, stored.limit_reached, stored.key_paired) == read
    assert "example" not in repr(stored)
    (seen,) = internet.seen
    assert (seen.method, seen.path) == ("GET", f"{CAR}/fleet_telemetry_config")


async def test_a_configuration_is_taken_back(client: FleetClient, internet: Internet) -> None:
    """For one car; a second time changes nothing."""
    internet.respond({"updated_vehicles": 1})
    internet.respond({"updated_vehicles": 0})
    assert await client.telemetry.delete(VIN) == 1
    assert await client.telemetry.delete(VIN) == 0
    assert {(seen.method, seen.path) for seen in internet.seen} == {
        ("DELETE", f"{CAR}/fleet_telemetry_config")
    }


type Question = Callable[[FleetClient], Awaitable[Any]]

CREATE: Final[Question] = lambda client: client.telemetry.create([VIN], "t")  # noqa: E731 - a row
GET: Final[Question] = lambda client: client.telemetry.get(VIN)  # noqa: E731 - a row
DELETE: Final[Question] = lambda client: client.telemetry.delete(VIN)  # noqa: E731 - a row
ERRORS: Final[Question] = lambda client: client.telemetry.errors(VIN)  # noqa: E731 - a row


@pytest.mark.parametrize(
    ("question", "response"),
    [
        (CREATE, None),
        (CREATE, {}),
        (CREATE, {"updated_vehicles": "1"}),
        (CREATE, {"updated_vehicles": 0, "skipped_vehicles": [VIN]}),
        (CREATE, {"updated_vehicles": 0, "skipped_vehicles": {"missing_key": VIN}}),
        (GET, None),
        (GET, {"synced": True}),
        (GET, {"config": None}),
        (GET, {"synced": "yes", "config": None}),
        (GET, {"synced": True, "config": "none"}),
        (DELETE, {}),
        (ERRORS, None),
        (ERRORS, "none"),
        (ERRORS, {"errors": []}),
        (ERRORS, {"fleet_telemetry_errors": {}}),
        (ERRORS, ["config_manager_error"]),
    ],
)
async def test_what_is_not_as_documented_is_told_as_such(
    client: FleetClient, internet: Internet, question: Question, response: Any
) -> None:
    """And the car's VIN is not in what is told."""
    internet.respond(response)
    with pytest.raises(UnexpectedAnswer) as caught:
        await question(client)
    assert VIN not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        {"response": {"fleet_telemetry_errors": [ROW]}},
        {"response": [ROW]},
        {"fleet_telemetry_errors": [ROW]},
        [ROW],
    ],
)
async def test_errors_are_found_in_every_form_of_the_answer(
    client: FleetClient, internet: Internet, partner: PartnerClient, body: Any
) -> None:
    """With the user's token, and with the application's for one car and for all."""
    internet.say(200, body)
    internet.say(200, PARTNER_TOKEN)
    internet.say(200, body)
    assert await client.telemetry.errors(VIN, partner=partner) == [ROW]
    assert await partner.telemetry_errors(domain="car.example.org") == [ROW]
    assert await partner.telemetry_errors(vin=VIN) == [ROW]
    asked = [(seen.method, seen.path, seen.query) for seen in internet.seen if HOST in seen.path]
    of_one = ("GET", f"{CAR}/fleet_telemetry_errors", "")
    of_all = f"{HOST}/api/1/partner_accounts/fleet_telemetry_errors"
    assert asked == [of_one, ("GET", of_all, "domain=car.example.org"), of_one]


async def test_no_errors_is_an_empty_list(
    client: FleetClient, internet: Internet, partner: PartnerClient
) -> None:
    """Also where Tesla says null for it; but no answer at all is none."""
    internet.respond({"fleet_telemetry_errors": None})
    assert await client.telemetry.errors(VIN) == []
    internet.answers.clear()
    internet.say(200, PARTNER_TOKEN)
    internet.say(200, b"<html>")
    with pytest.raises(UnexpectedAnswer):
        await partner.telemetry_errors()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_the_application_asks_where_the_user_may_not(
    client: FleetClient, internet: Internet, partner: PartnerClient, status: int
) -> None:
    """Reports differ about whose token this needs."""
    for _ in range(2 if status == 401 else 1):  # 401 first renews the user's token
        internet.say(status, {"error": "no"})
    internet.say(200, PARTNER_TOKEN)
    internet.respond([ROW])
    assert await client.telemetry.errors(VIN, partner=partner) == [ROW]
    seen = internet.seen[-1]
    assert seen.path == f"{CAR}/fleet_telemetry_errors"
    assert seen.headers["authorization"] == "Bearer partner"


async def test_without_an_application_the_refusal_is_told(
    client: FleetClient, internet: Internet
) -> None:
    """As what it is."""
    internet.say(403, NO_SCOPE)
    with pytest.raises(MissingScope):
        await client.telemetry.errors(VIN)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [(429, {}, RateLimited), (500, {}, AnswerLost)],
)
async def test_no_other_failure_makes_the_application_ask(
    client: FleetClient,
    internet: Internet,
    partner: PartnerClient,
    status: int,
    body: Any,
    error: type[Exception],
) -> None:
    """Another token would not help there."""
    internet.say(status, body)
    with pytest.raises(error):
        await client.telemetry.errors(VIN, partner=partner)
    assert all("partner" not in seen.headers["authorization"] for seen in internet.seen)


async def test_a_refused_configuration_is_an_error(client: FleetClient, internet: Internet) -> None:
    """With Tesla's words."""
    internet.say(400, {"error": "invalid_field", "error_description": "no such field"})
    with pytest.raises(InvalidRequest, match="no such field"):
        await client.telemetry.create([VIN], "t")


def test_every_telemetry_endpoint_names_its_scope() -> None:
    """So that a refusal can be explained; the application's own question has none."""
    named = {name: row.scopes for name, row in ENDPOINTS.items() if "telemetry" in name}
    assert len(named) == 5
    assert [name for name, scopes in named.items() if not scopes] == ["partner_telemetry_errors"]
