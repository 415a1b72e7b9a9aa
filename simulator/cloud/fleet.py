"""The Fleet API: who is admitted to which endpoint, and what it costs.

Source: https://developer.tesla.com/docs/fleet-api
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
import re
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from aiohttp import web

from simulator.cloud import answers, disturbance
from simulator.cloud.answers import Refusal
from simulator.cloud.grants import Access, GrantError
from simulator.cloud.hosts import FLEET_URLS, Region
from simulator.cloud.ledger import Entry, PriceClass
from simulator.vehicle import (
    CarUnavailable,
    MalformedMessage,
    MobileAccessDisabled,
    ProtocolUnsupported,
    ReplyLost,
    UnknownCommand,
    Vehicle,
)

if TYPE_CHECKING:
    from simulator.cloud.ratelimit import RateClass
    from simulator.cloud.visit import Visit
    from simulator.world import Account, World

type FleetHandler = Callable[[Call], Awaitable[web.Response]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """One row of the API.

    Args:
        name: in the ledger and the fault rules; "*" stands for the last path segment.
        path: behind "/api/1/", with {car}, {name} or {id}.
        scopes: any of these admits; none are needed when empty.
        partner: whether it is for an application in its own name, and needs no registration.
    """

    name: str
    method: str
    path: str
    handler: FleetHandler
    scopes: frozenset[str] = frozenset()
    price: PriceClass = PriceClass.FREE
    rate: RateClass | None = None
    partner: bool = False
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        expression = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.path)
        object.__setattr__(self, "pattern", re.compile(f"/api/1/{expression}/?"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """An admitted request."""

    visit: Visit
    world: World
    region: Region
    access: Access
    parts: dict[str, str]
    body: dict[str, Any]
    person: Account | None
    vehicle: Vehicle | None

    @property
    def account(self) -> Account:
        """The person in whose name the call is made."""
        assert self.person is not None  # noqa: S101 - only partner endpoints have nobody
        return self.person

    @property
    def car(self) -> Vehicle:
        """The car that the path names."""
        assert self.vehicle is not None  # noqa: S101 - only for endpoints with {car}
        return self.vehicle


class FleetApi:
    """All endpoints of a region's host."""

    def __init__(self, endpoints: tuple[Endpoint, ...]) -> None:
        self._endpoints = endpoints

    async def serve(self, visit: Visit, region: Region) -> web.StreamResponse:
        """Answer, and write the request into the ledger."""
        if visit.path == "/status":
            return web.Response(text="ok")
        endpoint, parts = self.find(visit.request.method, visit.path)

        async def execute() -> web.Response:
            return await _execute(visit, region, endpoint, parts)

        return await recorded(
            visit,
            ledger_name(endpoint, parts),
            execute,
            vin=vin_of(visit.world, parts.get("car")),
            price=PriceClass.FREE if endpoint is None else endpoint.price,
        )

    def find(self, method: str, path: str) -> tuple[Endpoint | None, dict[str, str]]:
        """The row that a request is for, and the parts of its path."""
        for endpoint in self._endpoints:
            if endpoint.method == method and (match := endpoint.pattern.fullmatch(path)):
                return endpoint, match.groupdict()
        return None, {}


def ledger_name(endpoint: Endpoint | None, parts: dict[str, str]) -> str:
    """What a request is called in the ledger and the fault rules."""
    return "unknown" if endpoint is None else endpoint.name.replace("*", parts.get("name", ""))


async def recorded(
    visit: Visit,
    name: str,
    execute: Callable[[], Awaitable[web.Response]],
    *,
    vin: str | None,
    price: PriceClass,
) -> web.Response:
    """Answer as far as the faults allow, and write the request into the ledger."""
    outcome = await disturbance.answer(visit, name, vin, execute)
    txid = uuid4().hex
    outcome.response.headers["x-txid"] = txid
    visit.world.ledger.entries.append(
        Entry(
            when=visit.world.clock.now(),
            endpoint=name,
            method=visit.request.method,
            vin=vin,
            status=outcome.status,
            price_class=price,
            txid=txid,
            host=visit.host,
        )
    )
    return outcome.response


async def _execute(
    visit: Visit, region: Region, endpoint: Endpoint | None, parts: dict[str, str]
) -> web.Response:
    if endpoint is None:
        return Refusal(404, "not_found").response()
    headers: dict[str, str] = {}

    async def work() -> web.Response:
        return await endpoint.handler(await _admit(visit, region, endpoint, parts, headers))

    response = await said(work)
    response.headers.update(headers)
    return response


_SAID: Final[Mapping[type[Exception], tuple[int, str]]] = {
    CarUnavailable: (408, answers.UNAVAILABLE),
    MobileAccessDisabled: (401, "mobile_access_disabled"),
    ProtocolUnsupported: (422, answers.SIGNING_UNSUPPORTED),
    UnknownCommand: (400, "invalid_command"),
    MalformedMessage: (400, "invalid_field"),
    ReplyLost: (504, answers.REPLY_LOST),
}


async def said(work: Callable[[], Awaitable[web.Response]]) -> web.Response:
    """The answer of `work`; whatever keeps it from one in Tesla's words."""
    try:
        return await work()
    except Refusal as refusal:
        return refusal.response()
    except tuple(_SAID) as err:
        return Refusal(*_SAID[type(err)]).response()


async def _admit(
    visit: Visit,
    region: Region,
    endpoint: Endpoint,
    parts: dict[str, str],
    headers: dict[str, str],
) -> Call:
    """Check everything in Tesla's order; the rate limit's headers go into `headers`."""
    world = visit.world
    access = bearer(visit)
    person = None if access.account is None else world.accounts[access.account]
    _check_place(world, region, endpoint, access, person)
    if endpoint.rate is not None:
        allowance = world.rates.hit(
            endpoint.rate, access.account or access.client_id, vin_of(world, parts.get("car"))
        )
        headers.update(allowance.headers())
        if not allowance.allowed:
            raise answers.RateLimited(allowance.reset)
    if endpoint.scopes and not endpoint.scopes & access.scopes:
        raise Refusal(403, answers.MISSING_SCOPES)
    return Call(
        visit=visit,
        world=world,
        region=region,
        access=access,
        parts=parts,
        body=await body_of(visit),
        person=person,
        vehicle=_vehicle(world, person, parts.get("car")),
    )


def bearer(visit: Visit) -> Access:
    """What the request's token allows; raises Refusal."""
    scheme, _, token = visit.request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refusal(401, answers.INVALID_BEARER)
    try:
        return visit.world.authority.check(token)
    except GrantError as err:
        raise Refusal(err.status, err.error) from err


def _check_place(
    world: World, region: Region, endpoint: Endpoint, access: Access, person: Account | None
) -> None:
    if access.audiences.isdisjoint(FLEET_URLS.values()):
        raise Refusal(401, answers.INVALID_BEARER)
    if endpoint.partner and person is not None:
        raise Refusal(403, answers.EXPECTED_PARTNER)
    if not endpoint.partner and person is None:
        raise Refusal(403, answers.MISSING_SCOPES)
    if person is not None and person.locked:
        raise Refusal(423, answers.ACCOUNT_LOCKED)
    if person is not None and person.region is not region:
        raise answers.wrong_region(person.region)
    if FLEET_URLS[region] not in access.audiences:
        raise Refusal(401, answers.INVALID_BEARER)
    if not endpoint.partner and world.registration(access.client_id, region) is None:
        raise answers.not_registered(access.client_id)


async def body_of(visit: Visit) -> dict[str, Any]:
    """The JSON object that was sent; raises Refusal."""
    if not visit.request.can_read_body:
        return {}
    if visit.request.content_type != "application/json":
        raise Refusal(406, "Content-Type header must be application/json")
    try:
        return await visit.json()
    except ValueError as err:
        raise Refusal(400, "invalid_request") from err


def _named(car: Vehicle, tag: str) -> bool:
    return tag in {car.vin, str(car.product(car.owner)["id"])}


def vin_of(world: World, tag: str | None) -> str | None:
    """The VIN behind a tag of a path, or the tag where no car has it."""
    if tag is None:
        return None
    return next((car.vin for car in world.cars.values() if _named(car, tag)), tag)


def _vehicle(world: World, person: Account | None, tag: str | None) -> Vehicle | None:
    if tag is None or person is None:
        return None
    for car in world.cars_of(person.sub):
        if _named(car, tag):
            return car
    raise Refusal(404, "not_found")
