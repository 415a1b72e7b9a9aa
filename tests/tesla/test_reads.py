"""What Tesla tells on request: asked at the right address, and checked where it comes in."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from custom_components.teslalogger.tesla import (
    FleetClient,
    NotFound,
    PriceClass,
    Region,
    RequestRecord,
    UnexpectedAnswer,
)

from .conftest import VIN, Internet

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import aiohttp

CAR: Final = f"/fleet-api.prd.eu.vn.cloud.tesla.com/api/1/vehicles/{VIN}"
CUSTOMER: Final = "/fleet-api.prd.eu.vn.cloud.tesla.com/api/1/dx"
NOON: Final = datetime(2026, 11, 1, 12, tzinfo=UTC)
NOTE: Final = {"title": "Better wipers"}
PDF: Final = b"%PDF-1.7 paid"


class Wallet:
    """One access token for ever."""

    async def access_token(self) -> str:
        """The token."""
        return "token"

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


type Question = Callable[[FleetClient], Awaitable[Any]]

# Question; method, path and query it becomes; Tesla's `response`; the answer.
QUESTIONS: Final[dict[str, tuple[Question, str, str, Any, Any]]] = {
    "nearby_charging_sites": (
        lambda client: client.reads.nearby_charging_sites(VIN, count=3, radius=20),
        f"GET {CAR}/nearby_charging_sites",
        "count=3&radius=20",
        {"superchargers": [{"name": "Here"}], "timestamp": 1},
        {"superchargers": [{"name": "Here"}], "destination_charging": []},
    ),
    "release_notes": (
        lambda client: client.reads.release_notes(VIN),
        f"GET {CAR}/release_notes",
        "",
        {"response": {"release_notes": [NOTE]}},
        [NOTE],
    ),
    "staged release_notes": (
        lambda client: client.reads.release_notes(VIN, staged=True),
        f"GET {CAR}/release_notes",
        "staged=true",
        {"release_notes": [NOTE]},
        [NOTE],
    ),
    "recent_alerts": (
        lambda client: client.reads.recent_alerts(VIN),
        f"GET {CAR}/recent_alerts",
        "",
        {"recent_alerts": [{"name": "A001"}]},
        [{"name": "A001"}],
    ),
    "service_data": (
        lambda client: client.reads.service_data(VIN),
        f"GET {CAR}/service_data",
        "",
        {"service_status": "in_service"},
        {"service_status": "in_service"},
    ),
    "drivers": (
        lambda client: client.reads.drivers(VIN),
        f"GET {CAR}/drivers",
        "",
        [{"user_id_s": "1"}],
        [{"user_id_s": "1"}],
    ),
    "no drivers": (
        lambda client: client.reads.drivers(VIN),
        f"GET {CAR}/drivers",
        "",
        None,
        [],
    ),
    "remove_driver": (
        lambda client: client.reads.remove_driver(VIN, "a b"),
        f"DELETE {CAR}/drivers",
        "share_user_id=a b",
        "ok",
        None,
    ),
    "invitations": (
        lambda client: client.reads.invitations(VIN),
        f"GET {CAR}/invitations",
        "",
        [{"id_s": "7"}],
        [{"id_s": "7"}],
    ),
    "create_invitation": (
        lambda client: client.reads.create_invitation(VIN),
        f"POST {CAR}/invitations",
        "",
        {"share_link": "https://www.tesla.com/_rs/1/abc"},
        {"share_link": "https://www.tesla.com/_rs/1/abc"},
    ),
    "revoke_invitation": (
        lambda client: client.reads.revoke_invitation(VIN, "7"),
        f"POST {CAR}/invitations/7/revoke",
        "",
        True,
        None,
    ),
    "options": (
        lambda client: client.reads.options(VIN),
        f"GET {CUSTOMER}/vehicles/options",
        f"vin={VIN}",
        {"codes": [{"code": "$PPSW"}]},
        [{"code": "$PPSW"}],
    ),
    "warranty": (
        lambda client: client.reads.warranty(VIN),
        f"GET {CUSTOMER}/warranty/details",
        f"vin={VIN}",
        {"activeWarranty": [{"warrantyType": "BATTERY"}], "upcomingWarranty": []},
        {"active": [{"warrantyType": "BATTERY"}], "upcoming": [], "expired": []},
    ),
    "charging_history": (
        lambda client: client.reads.charging_history(VIN, start=NOON, page=1, page_size=5),
        f"GET {CUSTOMER}/charging/history",
        f"vin={VIN}&startTime=2026-11-01T12:00:00%2B00:00&pageNo=1&pageSize=5",
        {"data": [{"sessionId": 1}]},
        [{"sessionId": 1}],
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_question_goes_to_its_address_and_gives_what_it_holds(
    client: FleetClient, internet: Internet, records: list[RequestRecord], name: str
) -> None:
    """Counted as the car's, at the price of data."""
    ask, request, query, response, expected = QUESTIONS[name]
    internet.respond(response)

    assert await ask(client) == expected

    seen = internet.seen[-1]
    assert f"{seen.method} {seen.path}" == request
    assert seen.query == query
    record = records[-1]
    assert (record.vin, record.price_class, record.billed) == (VIN, PriceClass.DATA, True)


@pytest.mark.parametrize("name", [name for name in QUESTIONS if CUSTOMER in QUESTIONS[name][1]])
async def test_papers_come_with_or_without_an_envelope(
    client: FleetClient, internet: Internet, name: str
) -> None:
    """Both have been seen."""
    ask, _, _, response, expected = QUESTIONS[name]
    internet.say(200, response)

    assert await ask(client) == expected


@pytest.mark.parametrize(
    "name", ["nearby_charging_sites", "drivers", "options", "charging_history", "release_notes"]
)
@pytest.mark.parametrize(
    "nonsense",
    [["a"], 7, "text", {"codes": "x", "superchargers": 1, "data": 1, "release_notes": 1}],
)
async def test_nonsense_is_no_answer(
    client: FleetClient, internet: Internet, name: str, nonsense: Any
) -> None:
    """Nobody has to guess later."""
    internet.respond(nonsense)

    with pytest.raises(UnexpectedAnswer):
        await QUESTIONS[name][0](client)


async def test_an_invoice_is_a_file(client: FleetClient, internet: Internet) -> None:
    """As bytes, whatever is in it."""
    internet.say(200, PDF)

    assert await client.reads.charging_invoice(VIN, "abc/d") == PDF
    assert internet.seen[-1].path == f"{CUSTOMER}/charging/invoice/abc/d"


async def test_a_page_is_no_invoice(client: FleetClient, internet: Internet) -> None:
    """Nor is JSON."""
    internet.say(200, {"response": "soon"})

    with pytest.raises(UnexpectedAnswer):
        await client.reads.charging_invoice(VIN, "abc")


async def test_an_invoice_that_does_not_exist_is_not_found(
    client: FleetClient, internet: Internet
) -> None:
    """Errors are errors, also where a file was expected."""
    internet.say(404, {"error": "not_found"})

    with pytest.raises(NotFound):
        await client.reads.charging_invoice(VIN, "abc")
