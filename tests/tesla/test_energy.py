"""Energy sites: asked at the right address, and checked where it comes in."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from custom_components.teslalogger.tesla import (
    ENDPOINTS,
    FleetClient,
    HistoryKind,
    MissingScope,
    NotFound,
    Period,
    PriceClass,
    Region,
    RequestRecord,
    SettingAnswer,
    SiteUnreachable,
    TeslaError,
    UnexpectedAnswer,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import aiohttp

    from .conftest import Internet

SITE: Final = "/fleet-api.prd.eu.vn.cloud.tesla.com/api/1/energy_sites/17"

START: Final = datetime(2026, 10, 1, tzinfo=UTC)

type Question = Callable[[FleetClient], Awaitable[Any]]

QUESTIONS: Final[dict[str, tuple[Question, str, str]]] = {
    "live_status": (lambda client: client.energy.live_status("17"), f"{SITE}/live_status", ""),
    "site_info": (lambda client: client.energy.site_info("17"), f"{SITE}/site_info", ""),
    "day": (
        lambda client: client.energy.energy_history("17", Period.DAY),
        f"{SITE}/calendar_history",
        "kind=energy&period=day",
    ),
    "lifetime": (
        lambda client: client.energy.energy_history("17", Period.LIFETIME),
        f"{SITE}/calendar_history",
        "kind=energy&period=lifetime",
    ),
    "backup": (
        lambda client: client.energy.history(
            "17", HistoryKind.BACKUP, Period.WEEK, start=START, time_zone="Europe/Berlin"
        ),
        f"{SITE}/calendar_history",
        ("kind=backup&period=week&start_date=2026-10-01T00:00:00%2B00:00&time_zone=Europe/Berlin"),
    ),
    "charging": (
        lambda client: client.energy.charge_history("17", START, START + timedelta(days=1)),
        f"{SITE}/telemetry_history",
        ("kind=charge&start_date=2026-10-01T00:00:00%2B00:00&end_date=2026-10-02T00:00:00%2B00:00"),
    ),
}


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


@pytest.mark.parametrize("name", QUESTIONS)
async def test_questions_about_a_site_are_free(
    client: FleetClient, internet: Internet, records: list[RequestRecord], name: str
) -> None:
    """Each at its own address; the answer is handed on as Tesla gives it."""
    question, path, query = QUESTIONS[name]
    internet.respond({"grid_status": "Active"})

    assert await question(client) == {"grid_status": "Active"}

    (seen,) = internet.seen
    assert (seen.method, seen.path, seen.query) == ("GET", path, query)
    assert [record.price_class for record in records] == [PriceClass.FREE]


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("response", [None, [], "no", 7])
async def test_answer_that_is_no_object_is_told_as_such(
    client: FleetClient, internet: Internet, name: str, response: Any
) -> None:
    """Never as a KeyError."""
    internet.respond(response)

    with pytest.raises(UnexpectedAnswer):
        await QUESTIONS[name][0](client)


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ({"code": 201, "message": "Updated"}, SettingAnswer(done=True, reason="")),
        ({"code": 200}, SettingAnswer(done=True, reason="")),
        ({"code": 400, "message": "Bad percent"}, SettingAnswer(done=False, reason="Bad percent")),
        ({"code": 500, "message": None}, SettingAnswer(done=False, reason="")),
    ],
)
async def test_setting_is_done_when_tesla_says_so(
    client: FleetClient, internet: Internet, response: Any, answer: SettingAnswer
) -> None:
    """An HTTP status of success is not enough: the answer has a code of its own."""
    internet.respond(response)

    assert await client.energy.set("17", "backup", {"backup_reserve_percent": 20}) == answer

    (seen,) = internet.seen
    assert (seen.method, seen.path) == ("POST", f"{SITE}/backup")
    assert seen.json == {"backup_reserve_percent": 20}


@pytest.mark.parametrize("response", [None, {}, {"code": "201"}, {"code": None}, []])
async def test_setting_without_a_code_is_not_done(
    client: FleetClient, internet: Internet, response: Any
) -> None:
    """Nor is it refused: nobody knows."""
    internet.respond(response)

    with pytest.raises(UnexpectedAnswer):
        await client.energy.set("17", "operation", {"default_real_mode": "backup"})


@pytest.mark.parametrize(
    ("status", "text", "error"),
    [
        (500, "upstream internal error", SiteUnreachable),
        (404, "not_found", NotFound),
        (403, "Unauthorized missing scopes", MissingScope),
    ],
)
async def test_errors_of_sites_have_names(
    client: FleetClient, internet: Internet, status: int, text: str, error: type[TeslaError]
) -> None:
    """Each asks for something else."""
    internet.say(status, {"response": None, "error": text, "error_description": ""})

    with pytest.raises(error):
        await client.energy.site_info("17")


def test_a_site_does_not_share_its_limits_with_the_cars() -> None:
    """Tesla counts by device: a busy car must not stop the Powerwall's readings."""
    of_sites = {row.rate for row in ENDPOINTS.values() if "energy_sites" in row.path}
    of_others = {row.rate for row in ENDPOINTS.values() if "energy_sites" not in row.path}

    assert not of_sites & of_others
