"""The owner host: what Tesla's app once lived on, and what is left of it.

Its paths name cars by the number of the list of products, never by VIN. Nothing of it is billed.
Sources: https://github.com/timdorr/tesla-api/issues/792 and
https://github.com/alandtse/tesla/issues/724 (reports of users; it changes monthly).
"""

from dataclasses import replace
import re
from typing import TYPE_CHECKING, Final

from simulator.cloud import answers, fleet
from simulator.cloud.answers import Refusal
from simulator.cloud.endpoints import FLEET_API
from simulator.cloud.fleet import Call, Endpoint
from simulator.cloud.grants import CONSENT_SCOPES
from simulator.cloud.ledger import PriceClass
from simulator.cloud.owner_days import DAYS
from simulator.cloud.ratelimit import RateClass

if TYPE_CHECKING:
    from aiohttp import web

    from simulator.cloud.grants import Access
    from simulator.cloud.visit import Visit
    from simulator.vehicle import Vehicle
    from simulator.world import Account

PREFIX: Final = "owner/"
"""Before the names of its requests in the ledger and the fault rules."""

SERVED: Final = frozenset({"products", "vehicle", "vehicle_data", "wake_up", "command/*"})
_COMMAND: Final = "command/*"
_GONE: Final = re.compile(r"/api/1/(powerwalls(/.*)?|vehicles/[^/]+/(data|data_request/.*))")


async def serve(visit: Visit) -> web.StreamResponse:
    """Answer, and write the request into the ledger."""
    endpoint, parts = FLEET_API.find(visit.request.method, visit.path)
    headers: dict[str, str] = {}

    async def work() -> web.Response:
        access, person = _admit(visit, endpoint)
        if endpoint is None or endpoint.name not in SERVED:
            raise _not_served(endpoint, visit.path)
        allowance = visit.world.rates.hit(RateClass.OWNER, person.sub, None)
        headers.update(allowance.headers())
        if not allowance.allowed:
            raise answers.RateLimited(allowance.reset)
        return await endpoint.handler(
            Call(
                visit=visit,
                world=visit.world,
                region=person.region,
                access=replace(access, scopes=frozenset(CONSENT_SCOPES)),
                parts=parts,
                body=await fleet.body_of(visit),
                person=person,
                vehicle=_car(visit, person, parts.get("car")),
            )
        )

    async def execute() -> web.Response:
        response = await fleet.said(work)
        response.headers.update(headers)
        return response

    return await fleet.recorded(
        visit,
        PREFIX + fleet.ledger_name(endpoint, parts),
        execute,
        vin=fleet.vin_of(visit.world, parts.get("car")),
        price=PriceClass.FREE,
    )


def _admit(visit: Visit, endpoint: Endpoint | None) -> tuple[Access, Account]:
    access = fleet.bearer(visit)
    if access.account is None or f"https://{visit.host}/" not in access.audiences:
        raise Refusal(401, answers.INVALID_BEARER)
    person = visit.world.accounts[access.account]
    if person.locked:
        raise Refusal(423, answers.ACCOUNT_LOCKED)
    command = endpoint is not None and endpoint.name == _COMMAND
    DAYS[visit.world.owner_day].check(command=command, renewed=access.renewed)
    return access, person


def _not_served(endpoint: Endpoint | None, path: str) -> Refusal:
    if _GONE.fullmatch(path):
        return Refusal(410, answers.GONE)
    if endpoint is not None:
        return Refusal(412, answers.FLEET_ONLY)
    return Refusal(404, "not_found")


def _car(visit: Visit, person: Account, tag: str | None) -> Vehicle | None:
    if tag is None:
        return None
    for car in visit.world.cars_of(person.sub):
        if str(car.product(person.sub)["id"]) == tag:
            return car
    raise Refusal(404, "not_found")
