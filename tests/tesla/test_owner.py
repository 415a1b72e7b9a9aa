"""The owner API: cars by their number, nothing to pay, and no asking where it is closed."""

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest

from custom_components.teslalogger.tesla import errors
from custom_components.teslalogger.tesla.client import Restraint
from custom_components.teslalogger.tesla.hosts import Region
from custom_components.teslalogger.tesla.models import Availability
from custom_components.teslalogger.tesla.owner import (
    FIRST_PAUSE,
    FIRST_WAIT,
    LONGEST_PAUSE,
    LONGEST_WAIT,
    OwnerClient,
    OwnerLogin,
)
from custom_components.teslalogger.tesla.prices import PriceClass

from .conftest import VIN, Internet
from .test_fleet import SIGNING, Wallet
from .test_oauth import form

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import aiohttp

    from custom_components.teslalogger.tesla.request_record import RequestRecord

HOST: Final = "owner-api.teslamotors.com"
CAR: Final = {"id": 100021, "vin": VIN, "display_name": "Falcon", "state": "online"}
CLOSED: Final = (403, {"response": None, "error": "forbidden, see https://developer.tesla.com/x"})


def yes(response: Any) -> tuple[int, Any]:
    """An answer that is one."""
    return 200, {"response": response}


def now(internet: Internet, *answers: tuple[int, Any]) -> None:
    """Answer like this from now on, the last one again and again."""
    internet.answers.clear()
    for status, body in answers:
        internet.say(status, body)


class Household:
    """A client and all that it reports."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.wallet = Wallet()
        self.records: list[RequestRecord] = []
        self.now = 1_000.0
        self.client = OwnerClient(
            session,
            tokens=self.wallet,
            region=Region.NA,
            on_request=self.records.append,
            clock=lambda: self.now,
        )


@pytest.fixture
async def home(session: aiohttp.ClientSession, internet: Internet) -> Household:
    """A client that knows the account's car."""
    home = Household(session)
    now(internet, yes([CAR]))
    await home.client.products()
    return home


def paths(internet: Internet) -> list[str]:
    """What was asked, by path."""
    return [seen.path.removeprefix(f"/{HOST}/api/1/") for seen in internet.seen]


async def test_a_car_goes_by_its_number(home: Household, internet: Internet) -> None:
    """As the owner API wants it; and nothing of it is billed."""
    now(internet, yes({"state": "asleep"}), yes({"result": True, "reason": ""}))
    assert await home.client.vehicle(VIN) is Availability.ASLEEP
    assert (await home.client.command(VIN, "honk_horn", {})).result
    assert paths(internet) == ["products", "vehicles/100021", "vehicles/100021/command/honk_horn"]
    assert {record.price_class for record in home.records} == {PriceClass.FREE}
    assert {record.vin for record in home.records} == {None, VIN}


async def test_number_of_a_car_is_looked_up_once(
    session: aiohttp.ClientSession, internet: Internet
) -> None:
    """Where the list of products was not asked for yet; a car that is not in it is not found."""
    client = Household(session).client
    now(internet, yes([CAR]), yes({"state": "online"}), yes({"state": "online"}))
    await client.vehicle(VIN)
    await client.vehicle(VIN)
    assert paths(internet) == ["products", "vehicles/100021", "vehicles/100021"]
    now(internet, yes([CAR]))
    with pytest.raises(errors.NotFound):
        await client.vehicle(VIN[:-1] + "0")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, {"response": None, "error": "forbidden, see https://developer.tesla.com/docs/x"}),
        (403, {"error": "no"}),
        (410, {"error": "gone"}),
        (
            412,
            {"error": "Endpoint is only available on fleetapi. Visit https://developer.tesla.com"},
        ),
        (412, {"error": "precondition failed"}),
        (401, {"error": "invalid bearer token"}),
        (401, {"error": "login_required"}),
    ],
)
async def test_every_way_of_being_closed_is_one(
    home: Household, internet: Internet, status: int, body: dict[str, Any]
) -> None:
    """With Tesla's text; a token that is refused is renewed once, and no more."""
    now(internet, (status, body))
    with pytest.raises(errors.OwnerApiClosed) as caught:
        await home.client.vehicle(VIN)
    assert caught.value.status == status
    assert caught.value.text == body["error"]
    assert len(home.wallet.renewed) == (status == 401)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (403, errors.MobileAccessDisabled),
        (404, errors.NotFound),
        (408, errors.VehicleUnavailable),
        (429, errors.RateLimited),
    ],
)
async def test_what_means_something_else_closes_nothing(
    home: Household, internet: Internet, status: int, error: type[errors.TeslaError]
) -> None:
    """And the next question is asked."""
    text = "mobile access disabled" if status == 403 else "vehicle unavailable"
    now(internet, (status, {"error": text}))
    with pytest.raises(error):
        await home.client.vehicle(VIN)
    asked = len(internet.seen)
    home.now += 60
    with pytest.raises(error):
        await home.client.vehicle(VIN)
    assert len(internet.seen) == asked + 1


@pytest.mark.parametrize(
    ("status", "error", "first", "longest"),
    [
        (403, errors.OwnerApiClosed, FIRST_PAUSE, LONGEST_PAUSE),
        (423, errors.AccountLocked, FIRST_PAUSE, LONGEST_PAUSE),
        (503, errors.Withheld, FIRST_WAIT, LONGEST_WAIT),
    ],
)
async def test_a_closed_host_is_asked_ever_less(
    home: Household,
    internet: Internet,
    status: int,
    error: type[errors.TeslaError],
    first: float,
    longest: float,
) -> None:
    """A week of somebody who asks every minute, and gets the same answer every time."""
    now(internet, (status, CLOSED[1]))
    asked_at, began = [], home.now
    for _ in range(7 * 24 * 60):
        before = len(internet.seen)
        for question in questions(home.client):
            with pytest.raises(errors.TeslaError) as caught:
                await question()
            assert caught.value.status == status
            assert isinstance(caught.value, error) or len(internet.seen) > before
        asked_at += [home.now - began] * (len(internet.seen) - before)
        home.now += 60.0
    pauses = [later - earlier for earlier, later in pairwise(asked_at)]
    growing = [pause for pause in (first * 2**doubled for doubled in range(9)) if pause < longest]
    assert pauses[: len(growing)] == growing
    assert set(pauses[len(growing) :]) == {longest}


def questions(client: OwnerClient) -> list[Callable[[], Awaitable[object]]]:
    """Everything that is asked without somebody pressing."""
    return [client.products, lambda: client.vehicle(VIN), lambda: client.vehicle_data(VIN, [])]


async def test_questions_of_one_moment_count_as_one(home: Household, internet: Internet) -> None:
    """All cars are asked at once: that is one refusal, and afterwards one asks for all."""
    now(internet, CLOSED)
    for _ in range(3):
        before = len(internet.seen)
        answers = await asyncio.gather(
            *(home.client.vehicle(VIN) for _ in range(6)), return_exceptions=True
        )
        assert all(isinstance(answer, errors.OwnerApiClosed) for answer in answers)
        asked = len(internet.seen) - before
        assert asked == (6 if before == 1 else 1)
        home.now += FIRST_PAUSE if before == 1 else 2 * FIRST_PAUSE


async def test_next_client_goes_on_waiting(
    session: aiohttp.ClientSession, internet: Internet
) -> None:
    """An entry whose set-up failed is set up again every minute."""
    restraint = Restraint()
    now(internet, CLOSED)
    for _ in range(10):
        client = OwnerClient(session, tokens=Wallet(), region=Region.NA, restraint=restraint)
        with pytest.raises(errors.OwnerApiClosed):
            await client.products()
    assert len(internet.seen) == 1


async def test_an_answer_ends_the_waiting(home: Household, internet: Internet) -> None:
    """So the next bad day begins with a short pause."""
    now(internet, CLOSED)
    with pytest.raises(errors.OwnerApiClosed):
        await home.client.vehicle(VIN)
    home.now += FIRST_PAUSE
    now(internet, yes({"state": "online"}))
    assert await home.client.vehicle(VIN) is Availability.ONLINE
    now(internet, CLOSED)
    with pytest.raises(errors.OwnerApiClosed):
        await home.client.vehicle(VIN)
    home.now += FIRST_PAUSE
    now(internet, yes({"state": "online"}))
    assert await home.client.vehicle(VIN) is Availability.ONLINE


async def test_a_press_is_sent_even_so(home: Household, internet: Internet) -> None:
    """Its refusal says nothing of questions, and theirs nothing of it."""
    now(internet, CLOSED)
    with pytest.raises(errors.OwnerApiClosed):
        await home.client.vehicle(VIN)
    now(internet, yes({"result": True, "reason": ""}))
    assert (await home.client.command(VIN, "honk_horn", {})).result
    home.now += FIRST_PAUSE
    now(internet, CLOSED)
    with pytest.raises(errors.OwnerApiClosed):
        await home.client.command(VIN, "honk_horn", {})
    now(internet, yes({"state": "online"}))
    assert await home.client.vehicle(VIN) is Availability.ONLINE


@pytest.mark.parametrize("status", [403, 423, 503])
async def test_what_is_not_asked_has_not_been_done(
    home: Household, internet: Internet, status: int
) -> None:
    """Nor is it worth another try; the reason is the one for which it is not asked."""
    now(internet, (status, CLOSED[1]))
    with pytest.raises(errors.TeslaError) as first:
        await home.client.vehicle(VIN)
    asked = len(internet.seen)
    with pytest.raises(errors.TeslaError) as caught:
        await home.client.vehicle(VIN)
    assert len(internet.seen) == asked
    assert not caught.value.may_have_succeeded
    assert not caught.value.temporary
    assert caught.value.translation_key == first.value.translation_key


async def test_what_a_press_needs_is_asked_even_so(
    session: aiohttp.ClientSession, internet: Internet
) -> None:
    """The wake-up, whether the car is awake, and by which number it goes."""
    restraint = Restraint()
    clock = 1_000.0
    client = OwnerClient(
        session, tokens=Wallet(), region=Region.NA, restraint=restraint, clock=lambda: clock
    )
    now(internet, (503, {}))
    with pytest.raises(errors.AnswerLost):
        await client.products()
    now(
        internet,
        yes([CAR]),
        yes({"state": "asleep"}),
        yes({"state": "online"}),
        yes({"result": True, "reason": ""}),
    )
    assert await client.wake_up(VIN) is Availability.ASLEEP
    clock += 10.0
    assert await client.vehicle(VIN) is Availability.ONLINE
    assert (await client.command(VIN, "honk_horn", {})).result
    assert paths(internet) == [
        "products",
        "products",
        "vehicles/100021/wake_up",
        "vehicles/100021",
        "vehicles/100021/command/honk_horn",
    ]


@pytest.mark.parametrize("status", [503, 504])
async def test_press_that_is_not_sent_is_not_in_doubt(
    session: aiohttp.ClientSession, internet: Internet, status: int
) -> None:
    """Where the car's number is not to be had, nothing has reached the car."""
    client = Household(session).client
    now(internet, (status, {}))
    with pytest.raises(errors.Withheld) as caught:
        await client.command(VIN, "honk_horn", {})
    assert not caught.value.may_have_succeeded
    assert paths(internet) == ["products"]


async def test_wake_up_that_is_not_answered_opens_nothing(
    home: Household, internet: Internet
) -> None:
    """Nobody looks for a minute and a half at a host that is out of order."""
    now(internet, (503, {}))
    for question in (home.client.products, lambda: home.client.wake_up(VIN)):
        with pytest.raises(errors.AnswerLost):
            await question()
    asked = len(internet.seen)
    with pytest.raises(errors.Withheld):
        await home.client.vehicle(VIN)
    assert len(internet.seen) == asked


async def test_a_car_that_wants_signatures_says_so_here_too(
    home: Household, internet: Internet
) -> None:
    """It is not the host that is closed."""
    now(internet, (403, SIGNING))
    with pytest.raises(errors.SigningRequired):
        await home.client.command(VIN, "honk_horn", {})


@pytest.mark.parametrize(
    ("region", "host"), [(Region.EU, "auth.tesla.com"), (Region.CN, "auth.tesla.cn")]
)
async def test_login_is_that_of_the_app(
    session: aiohttp.ClientSession, internet: Internet, region: Region, host: str
) -> None:
    """Its client id, without a secret."""
    internet.say(200, {"access_token": "a", "refresh_token": "b", "expires_in": 28800})
    tokens = await OwnerLogin(session, region=region, clock=lambda: 100.0).refresh("old")
    assert (tokens.access_token, tokens.refresh_token) == ("a", "b")
    assert tokens.expires_at == 28900.0
    (seen,) = internet.seen
    assert seen.path == f"/{host}/oauth2/v3/token"
    assert form(seen) == {
        "grant_type": "refresh_token",
        "client_id": "ownerapi",
        "refresh_token": "old",
    }
