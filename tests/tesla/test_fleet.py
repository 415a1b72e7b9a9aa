"""The Fleet client repeats what Tesla has not acted on, once, and nothing else."""

import asyncio
import base64
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import pytest

from custom_components.teslalogger.tesla import errors
from custom_components.teslalogger.tesla.client import DEFAULT_PAUSE
from custom_components.teslalogger.tesla.endpoints import ENDPOINTS, EndpointKind, RateClass
from custom_components.teslalogger.tesla.fleet import FleetClient
from custom_components.teslalogger.tesla.hosts import Region
from custom_components.teslalogger.tesla.models import Availability
from custom_components.teslalogger.tesla.prices import PRICES, PriceClass

from .conftest import VIN, Internet

if TYPE_CHECKING:
    import aiohttp

    from custom_components.teslalogger.tesla.request_record import RequestRecord

EU = "fleet-api.prd.eu.vn.cloud.tesla.com"
NA = "fleet-api.prd.na.vn.cloud.tesla.com"
TO_NA = {"error": f"user out of region, use base URL: https://{NA}, see https://x.example"}
SIGNING = {"error": "Tesla Vehicle Command Protocol required, please refer to the documentation"}


class Wallet:
    """Access tokens as the keeper gives them out."""

    def __init__(self) -> None:
        self.renewed: list[str] = []
        self.error: Exception | None = None

    async def access_token(self) -> str:
        """The current one."""
        return f"token-{len(self.renewed) + 1}"

    async def renew(self, rejected: str) -> str:
        """The next one."""
        if self.error is not None:
            raise self.error
        self.renewed.append(rejected)
        return await self.access_token()


class Household:
    """A client and all that it reports."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.wallet = Wallet()
        self.regions: list[Region] = []
        self.records: list[RequestRecord] = []
        self.now = 1_000.0
        self.client = FleetClient(
            session,
            tokens=self.wallet,
            region=Region.EU,
            on_region=self.on_region,
            on_request=self.records.append,
            clock=lambda: self.now,
        )

    async def on_region(self, region: Region) -> None:
        """Keep it."""
        self.regions.append(region)


@pytest.fixture
async def home(session: aiohttp.ClientSession, internet: Internet) -> Household:  # noqa: ARG001 - where it asks
    """A client of the EU region."""
    return Household(session)


async def test_a_command_goes_to_the_region_with_token_and_body(
    home: Household, internet: Internet
) -> None:
    """As Tesla wants it."""
    internet.respond({"result": True, "reason": ""})
    answer = await home.client.command(VIN, "set_sentry_mode", {"on": True})
    assert answer.result
    (seen,) = internet.seen
    assert seen.method == "POST"
    assert seen.path == f"/{EU}/api/1/vehicles/{VIN}/command/set_sentry_mode"
    assert seen.headers["authorization"] == "Bearer token-1"
    assert seen.json == {"on": True}


async def test_a_refusal_of_the_cars_is_an_answer(home: Household, internet: Internet) -> None:
    """With its reason, or without."""
    internet.respond({"result": False, "reason": "already_set"})
    internet.respond({"result": False, "reason": None})
    assert (await home.client.command(VIN, "x", {})).reason == "already_set"
    answer = await home.client.command(VIN, "x", {})
    assert (answer.result, answer.reason) == (False, "")


async def test_a_signed_message_is_carried_both_ways(home: Household, internet: Internet) -> None:
    """As base64."""
    internet.respond(base64.b64encode(b"\x00answer").decode())
    assert await home.client.signed_command(VIN, b"\xffquestion") == b"\x00answer"
    (seen,) = internet.seen
    assert seen.path == f"/{EU}/api/1/vehicles/{VIN}/signed_command"
    assert base64.b64decode(seen.json["routable_message"]) == b"\xffquestion"


async def test_sub_states_are_asked_for_by_name(home: Household, internet: Internet) -> None:
    """Joined by semicolons; none means Tesla's own choice."""
    internet.respond({"charge_state": {"battery_level": 7}})
    data = await home.client.vehicle_data(VIN, ["charge_state", "location_data"])
    await home.client.vehicle_data(VIN, [])
    assert data == {"charge_state": {"battery_level": 7}}
    assert [seen.query for seen in internet.seen] == ["endpoints=charge_state%3Blocation_data", ""]


@pytest.mark.parametrize(
    ("state", "availability"),
    [
        ("online", Availability.ONLINE),
        ("asleep", Availability.ASLEEP),
        ("offline", Availability.OFFLINE),
        ("waking", Availability.UNKNOWN),
    ],
)
async def test_a_cars_state_is_read(
    home: Household, internet: Internet, state: str, availability: Availability
) -> None:
    """Also after waking it."""
    internet.respond({"state": state})
    assert await home.client.vehicle(VIN) is availability
    assert await home.client.wake_up(VIN) is availability


async def test_products_are_cars_of_every_kind_and_energy_sites(
    home: Household, internet: Internet
) -> None:
    """Sites have no VIN; a car of an unknown model counts, and odd values are left out."""
    internet.respond(
        [
            {
                "vin": VIN,
                "id": 7,
                "display_name": "Pearl",
                "state": "asleep",
                "access_type": "DRIVER",
                "command_signing": "required",
            },
            {"energy_site_id": 17, "id": "STE", "site_name": "Lighthouse"},
            {"energy_site_id": "18", "site_name": None},
            {"vin": "ZZZ", "id": "text", "display_name": None, "state": 3, "access_type": True},
            "nonsense",
            {"vin": None},
        ]
    )
    products = await home.client.products()
    assert [(site.site_id, site.name) for site in products.sites] == [
        ("17", "Lighthouse"),
        ("18", ""),
    ]
    car, unknown = products.cars
    assert (car.vin, car.id, car.name, car.availability) == (VIN, 7, "Pearl", Availability.ASLEEP)
    assert (car.access_type, car.command_signing) == ("DRIVER", "required")
    assert car.raw["display_name"] == "Pearl"
    assert VIN not in repr(car)
    assert (unknown.vin, unknown.id, unknown.name) == ("ZZZ", None, "")
    assert (unknown.availability, unknown.access_type) == (Availability.UNKNOWN, None)


async def test_fleet_status_tells_pairing_and_hints(home: Household, internet: Internet) -> None:
    """Hints of a wrong kind are left out."""
    internet.respond(
        {
            "key_paired_vins": [VIN],
            "unpaired_vins": ["B"],
            "vehicle_info": {
                VIN: {
                    "firmware_version": "2026.14.6",
                    "vehicle_command_protocol_required": True,
                    "total_number_of_keys": 8,
                },
                "B": {"vehicle_command_protocol_required": "yes", "total_number_of_keys": True},
            },
        }
    )
    status = await home.client.fleet_status([VIN, "B"])
    assert internet.seen[0].json == {"vins": [VIN, "B"]}
    assert status.paired == {VIN}
    assert status.unpaired == {"B"}
    assert status.info[VIN].firmware_version == "2026.14.6"
    assert status.info[VIN].vehicle_command_protocol_required is True
    assert status.info[VIN].total_number_of_keys == 8
    assert status.info["B"].vehicle_command_protocol_required is None
    assert status.info["B"].total_number_of_keys is None
    internet.answers.clear()
    internet.respond({"key_paired_vins": [], "unpaired_vins": [], "vehicle_info": None})
    assert (await home.client.fleet_status([])).info == {}


async def test_the_region_is_the_one_that_tesla_names(home: Household, internet: Internet) -> None:
    """If it is one of Tesla's."""
    internet.respond({"region": "na", "fleet_api_base_url": f"https://{NA}"})
    assert await home.client.user_region() is Region.NA
    internet.answers.clear()
    internet.respond({"region": "xx", "fleet_api_base_url": "https://evil.example"})
    with pytest.raises(errors.UnexpectedAnswer):
        await home.client.user_region()


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"email": "owner@example.com", "full_name": "Olivia"}, "owner@example.com"),
        ({"email": "", "full_name": "Olivia"}, "Olivia"),
        ({"email": None, "full_name": 7}, None),
        ({}, None),
    ],
)
async def test_an_account_is_known_by_its_address(
    home: Household, internet: Internet, user: dict[str, Any], name: str | None
) -> None:
    """Else by its holder's name, as far as Tesla tells them."""
    internet.respond(user)

    assert await home.client.user_name() == name


type Ask = Callable[[FleetClient], Coroutine[Any, Any, Any]]

ASKS: dict[str, Ask] = {
    "user_region": lambda client: client.user_region(),
    "user": lambda client: client.user_name(),
    "products": lambda client: client.products(),
    "vehicle": lambda client: client.vehicle(VIN),
    "vehicle_data": lambda client: client.vehicle_data(VIN, []),
    "fleet_status": lambda client: client.fleet_status([VIN]),
    "wake_up": lambda client: client.wake_up(VIN),
    "command": lambda client: client.command(VIN, "x", {}),
    "signed_command": lambda client: client.signed_command(VIN, b""),
}

MALFORMED: list[Any] = [
    b"",
    b"<html>",
    b'{"response": {"state"',
    b"[" * 100_000,
    [],
    None,
    {},
    {"response": None},
    {"response": 7},
    {"response": [[VIN]], "x": 1},
    {"response": "%%%"},
    {"response": {"state": 7, "result": "yes", "key_paired_vins": {}, "vehicle_info": [VIN]}},
    {"response": {"key_paired_vins": [7], "unpaired_vins": None, "result": None}},
    {"response": [{"vin": 7}, {"vin": ["x"]}]},
]


@pytest.mark.parametrize("name", ASKS)
async def test_a_malformed_answer_is_told_as_such(
    home: Household, internet: Internet, name: str
) -> None:
    """Never as a KeyError; a shape that fits is read."""
    for body in MALFORMED:
        internet.answers.clear()
        internet.say(200, body)
        fits = isinstance(body, dict) and (
            (name in {"vehicle_data", "user"} and isinstance(body.get("response"), dict))
            or (name == "products" and body == {"response": [[VIN]], "x": 1})
        )
        if fits:
            await ASKS[name](home.client)
            continue
        with pytest.raises(errors.UnexpectedAnswer) as caught:
            await ASKS[name](home.client)
        assert VIN not in str(caught.value)


async def test_a_rejected_token_is_renewed_and_the_request_repeated_once(
    home: Household, internet: Internet
) -> None:
    """With the new token."""
    internet.say(401, {"error": "token expired (401)"})
    internet.respond({"state": "online"})
    assert await home.client.vehicle(VIN) is Availability.ONLINE
    assert home.wallet.renewed == ["token-1"]
    assert [seen.headers["authorization"] for seen in internet.seen] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


@pytest.mark.parametrize("text", ["invalid bearer token", "login_required"])
async def test_a_new_token_that_is_rejected_too_is_the_end_of_it(
    home: Household, internet: Internet, text: str
) -> None:
    """Two requests, not three; whatever the host calls it, the login has just proved to be good."""
    internet.say(401, {"error": text})
    with pytest.raises(errors.TokenRejected) as caught:
        await home.client.products()
    assert (caught.value.status, caught.value.text) == (401, text)
    assert len(internet.seen) == 2


async def test_a_login_that_has_ended_is_told_by_the_token_endpoint(
    home: Household, internet: Internet
) -> None:
    """The request is not repeated."""
    internet.say(401, {"error": "token expired (401)"})
    home.wallet.error = errors.LoginRequired()
    with pytest.raises(errors.LoginRequired):
        await home.client.products()
    assert len(internet.seen) == 1


async def test_a_switch_in_the_car_is_no_matter_of_tokens(
    home: Household, internet: Internet
) -> None:
    """Although Tesla says it with a 401."""
    internet.say(401, {"error": "mobile_access_disabled"})
    with pytest.raises(errors.MobileAccessDisabled):
        await home.client.vehicle(VIN)
    assert home.wallet.renewed == []


async def test_the_region_is_found_by_itself_and_kept(home: Household, internet: Internet) -> None:
    """The request is repeated there, and the next one goes there at once."""
    internet.say(421, TO_NA)
    internet.respond({"state": "online"})
    await home.client.vehicle(VIN)
    await home.client.vehicle(VIN)
    assert home.regions == [Region.NA]
    assert home.client.region is Region.NA
    assert [seen.path.split("/")[1] for seen in internet.seen] == [EU, NA, NA]


async def test_two_requests_that_find_out_at_once_both_succeed(
    home: Household, internet: Internet
) -> None:
    """And the region is told once."""
    internet.say(421, TO_NA)
    internet.say(421, TO_NA)
    internet.respond({"state": "online"})
    await asyncio.gather(home.client.vehicle(VIN), home.client.vehicle(VIN))
    assert home.regions == [Region.NA]


@pytest.mark.parametrize(
    "body",
    [TO_NA | {"error": "use base URL: https://evil.example"}, {}, {"error": f"see https://{EU}"}],
)
async def test_no_other_address_is_followed(
    home: Household, internet: Internet, body: dict[str, str]
) -> None:
    """Neither a stranger's, nor the one that has just been asked."""
    internet.say(421, body)
    with pytest.raises(errors.WrongRegion):
        await home.client.products()
    assert len(internet.seen) == 1
    assert home.regions == []


async def test_regions_that_send_to_each_other_are_asked_once_each(
    session: aiohttp.ClientSession, internet: Internet
) -> None:
    """No ping-pong; without `on_region` nobody is told."""
    client = FleetClient(session, tokens=Wallet(), region=Region.EU)
    internet.say(421, TO_NA)
    internet.say(421, {"error": f"use base URL: https://{EU}"})
    with pytest.raises(errors.WrongRegion):
        await client.products()
    assert len(internet.seen) == 2


@pytest.mark.parametrize("status", [400, 402, 403, 404, 408, 422, 500, 502, 503, 504, 540])
@pytest.mark.parametrize("name", ["command", "signed_command", "vehicle_data"])
async def test_nothing_else_is_ever_sent_twice(
    home: Household, internet: Internet, name: str, status: int
) -> None:
    """Whatever is to be done about it is not done here."""
    internet.say(status, {"error": "x"})
    with pytest.raises(errors.TeslaError):
        await ASKS[name](home.client)
    assert len(internet.seen) == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, SIGNING),
        (200, SIGNING | {"response": None}),
        (200, {"response": {"result": False, "reason": "unsigned_cmds_hardlocked"}}),
        (200, {"response": {"result": False, "reason": SIGNING["error"]}}),
    ],
)
async def test_a_car_that_needs_signing_says_so_in_many_ways(
    home: Household, internet: Internet, status: int, body: Any
) -> None:
    """Each means the same."""
    internet.say(status, body)
    with pytest.raises(errors.SigningRequired):
        await home.client.command(VIN, "x", {})


async def test_a_car_may_be_named_like_an_error(home: Household, internet: Internet) -> None:
    """Only answers to commands are searched for it."""
    internet.say(200, {"response": {"state": "online", "reason": SIGNING["error"]}})
    assert await home.client.vehicle(VIN) is Availability.ONLINE


async def test_a_rate_limit_holds_for_its_class_until_its_time(
    home: Household, internet: Internet
) -> None:
    """Refused here without a request; the other classes go on."""
    internet.say(429, {}, {"Retry-After": "30"})
    internet.respond({"state": "online"})
    with pytest.raises(errors.RateLimited) as caught:
        await home.client.vehicle_data(VIN, [])
    assert caught.value.retry_after == 30
    assert home.client.blocked_until(RateClass.DATA) == home.now + 30
    home.now += 10
    with pytest.raises(errors.RateLimited) as caught:
        await home.client.vehicle_data(VIN, [])
    assert (caught.value.retry_after, caught.value.status) == (20, None)
    assert len(internet.seen) == len(home.records) == 1
    await home.client.vehicle(VIN)
    await home.client.wake_up(VIN)
    home.now += 20
    assert home.client.blocked_until(RateClass.DATA) is None
    await home.client.vehicle_data(VIN, [])
    assert len(internet.seen) == 4


async def test_a_rate_limit_without_a_time_is_for_a_minute(
    home: Household, internet: Internet
) -> None:
    """As Tesla's limits are."""
    internet.say(429)
    with pytest.raises(errors.RateLimited):
        await home.client.command(VIN, "x", {})
    assert home.client.blocked_until(RateClass.COMMANDS) == home.now + DEFAULT_PAUSE


async def test_each_request_is_reported_once_with_its_price(
    home: Household, internet: Internet
) -> None:
    """Repeated ones, too; failures of Tesla's are not billed."""
    internet.say(401, {"error": "token expired (401)"})
    internet.say(500, {})
    with pytest.raises(errors.AnswerLost):
        await home.client.wake_up(VIN)
    first, second = home.records
    assert (first.endpoint, first.vin, first.status) == ("wake_up", VIN, 401)
    assert (first.price_class, first.billed) == (PriceClass.WAKE, True)
    assert (second.status, second.billed) == (500, False)
    assert VIN not in repr(first)


async def test_a_request_without_answer_is_reported_too(
    home: Household, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    """It has no status and costs nothing."""
    monkeypatch.setenv("TESLALOGGER_SIMULATOR", f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(errors.NotSent):
        await home.client.products()
    (record,) = home.records
    assert (record.status, record.billed, record.price_class) == (None, False, PriceClass.FREE)


def test_prices_are_those_of_teslas_list() -> None:
    """Units for one US$."""
    units = {price: round(1 / PRICES[price]) for price in PriceClass if PRICES[price]}
    assert units == {
        PriceClass.DATA: 500,
        PriceClass.COMMAND: 1_000,
        PriceClass.WAKE: 50,
        PriceClass.STREAMING_SIGNAL: 150_000,
    }


def test_commands_wakes_and_data_have_classes_of_their_own() -> None:
    """Price and limit go together."""
    assert {
        row.name: row.rate
        for row in ENDPOINTS.values()
        if row.rate not in {RateClass.ACCOUNT, RateClass.DATA}
        and row.kind is not EndpointKind.ENERGY
    } == {
        "wake_up": RateClass.WAKES,
        "command": RateClass.COMMANDS,
        "signed_command": RateClass.COMMANDS,
        "token": RateClass.AUTH,
    }
    limited = {row.name for row in ENDPOINTS.values() if row.rate is RateClass.DATA}
    assert "vehicle_data" in limited
    assert {ENDPOINTS[name].price for name in limited} == {PriceClass.DATA}
