"""The simulator's own pages and its JSON API under /_simulator/.

GET    /                            a page that shows everything
GET    /_simulator/state            clock, cars, sites, registrations, totals
GET    /_simulator/ledger           every request; DELETE forgets them
GET    /_simulator/faults           the rules; POST adds one (FaultRule's fields), DELETE all
DELETE /_simulator/faults/ID        one rule
GET    /_simulator/cars[/VIN]       the truth about the cars
PATCH  /_simulator/cars/VIN         what is in `controls.CONTROLS`: {"awake": true, "drive": 20}
GET    /_simulator/sites[/ID]       the truth about the energy sites
PATCH  /_simulator/sites/ID         what is in `site_controls.CONTROLS`: {"grid_up": false}
GET    /_simulator/clock            POST {"speed": 60, "advance": 3600}
POST   /_simulator/accounts/SUB     {"do": "revoke" | "change_password" | "lock" | "unlock"}
POST   /_simulator/accounts/SUB/tokens   {"scopes": [...]}: the token answer of a fresh login
POST   /_simulator/accounts/SUB/owner_token   the token answer of a fresh owner login
GET    /_simulator/owner_day        PUT {"day": "closed"}: how the owner host behaves (OwnerDay)
GET    /_simulator/owner            the same as a page, with refresh tokens for people
GET    /_simulator/locks            a page on which a car's keys are removed
PUT    /_simulator/internet         {"domain": "base URL"}
PUT    /_simulator/lies/VIN         {"paired": false, "info": {...}} in fleet_status; {} ends it
GET    /_simulator/telemetry        who streams what to whom
GET    /_simulator/telemetry/ca.pem the authorities of the cars' certificates
PUT    /_simulator/telemetry/routes {"HOST[:PORT]": "ADDRESS[:PORT]"}, where cars find a receiver
"""

from collections.abc import Awaitable, Callable
import re
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.cloud import controls, desk, pages, site_controls
from simulator.cloud.faults import FaultRule
from simulator.cloud.grants import SCOPES
from simulator.cloud.owner_days import DAYS, OwnerDay
from simulator.cloud.visit import Visit, json_response, page
from simulator.world import Account, Lie

if TYPE_CHECKING:
    from simulator.energy import EnergySite
    from simulator.vehicle import Vehicle

type AdminHandler = Callable[[Visit, str], Awaitable[web.Response]]


class _UnknownError(Exception):
    """There is no such thing."""


async def serve(visit: Visit) -> web.StreamResponse:
    """Answer a request that is for none of the simulated hosts."""
    if visit.path == "/":
        cars = map(controls.row, visit.world.cars.values())
        sites = map(site_controls.row, visit.world.sites.values())
        return page(pages.status(visit.world, cars, sites))
    for method, pattern, handler in _ROUTES:
        match = pattern.fullmatch(visit.path)
        if match is None or method != visit.request.method:
            continue
        try:
            return await handler(visit, match.group(1) if pattern.groups else "")
        except _UnknownError:
            return json_response({"error": "not found"}, status=404)
        except ValueError as err:
            return json_response({"error": str(err)}, status=400)
        except (KeyError, TypeError) as err:
            return json_response({"error": repr(err)}, status=400)
    return json_response({"error": "not found"}, status=404)


def _ok() -> web.Response:
    return json_response({"ok": True})


async def _state(visit: Visit, _: str) -> web.Response:
    world = visit.world
    return json_response(
        {
            "clock": _time(visit),
            "cars": {vin: controls.truth(car) for vin, car in world.cars.items()},
            "sites": {site_id: site_controls.truth(site) for site_id, site in world.sites.items()},
            "registrations": [
                {
                    "client_id": kept.client_id,
                    "region": kept.region,
                    "domain": kept.domain,
                    "public_key": kept.public_key.hex(),
                }
                for kept in world.registrations
            ],
            "internet": world.internet,
            "requests": {"counts": dict(world.ledger.counts()), "cost": world.ledger.cost},
            "signals": dict(world.ledger.signals),
        }
    )


async def _ledger(visit: Visit, _: str) -> web.Response:
    ledger = visit.world.ledger
    return json_response(
        {
            "entries": [entry.as_json() for entry in ledger.entries],
            "counts": dict(ledger.counts()),
            "cost": ledger.cost,
            "signals": dict(ledger.signals),
        }
    )


async def _forget(visit: Visit, _: str) -> web.Response:
    visit.world.ledger.clear()
    return _ok()


async def _faults(visit: Visit, _: str) -> web.Response:
    return json_response([rule.as_json() for rule in visit.world.faults.rules])


async def _add_fault(visit: Visit, _: str) -> web.Response:
    rule = visit.world.faults.add(FaultRule.from_json(await visit.json()))
    return json_response(rule.as_json(), status=201)


async def _clear_faults(visit: Visit, _: str) -> web.Response:
    visit.world.faults.clear()
    return _ok()


async def _remove_fault(visit: Visit, rule_id: str) -> web.Response:
    if not visit.world.faults.remove(rule_id):
        raise _UnknownError
    return _ok()


async def _cars(visit: Visit, _: str) -> web.Response:
    return json_response({vin: controls.truth(car) for vin, car in visit.world.cars.items()})


async def _car(visit: Visit, vin: str) -> web.Response:
    return json_response(controls.truth(_known_car(visit, vin)))


async def _change_car(visit: Visit, vin: str) -> web.Response:
    car = _known_car(visit, vin)
    controls.apply(visit.world, car, await visit.json())
    return json_response(controls.truth(car))


async def _sites(visit: Visit, _: str) -> web.Response:
    sites = visit.world.sites.items()
    return json_response({site_id: site_controls.truth(site) for site_id, site in sites})


async def _site(visit: Visit, site_id: str) -> web.Response:
    return json_response(site_controls.truth(_known_site(visit, site_id)))


async def _change_site(visit: Visit, site_id: str) -> web.Response:
    site = _known_site(visit, site_id)
    site_controls.apply(site, await visit.json())
    return json_response(site_controls.truth(site))


async def _clock(visit: Visit, _: str) -> web.Response:
    return json_response(_time(visit))


async def _set_clock(visit: Visit, _: str) -> web.Response:
    wanted, clock = await visit.json(), visit.world.clock
    if unknown := wanted.keys() - {"speed", "advance"}:
        raise ValueError(unknown)
    if "speed" in wanted:
        clock.speed = float(wanted["speed"])
    clock.advance(float(wanted.get("advance", 0)))
    return json_response(_time(visit))


def _time(visit: Visit) -> dict[str, float]:
    return {"now": visit.world.clock.now(), "speed": visit.world.clock.speed}


async def _change_account(visit: Visit, sub: str) -> web.Response:
    person, authority = _known_account(visit, sub), visit.world.authority
    match (await visit.json()).get("do"):
        case "revoke":
            for client_id in visit.world.apps:
                authority.revoke(sub, client_id)
        case "change_password":
            authority.sign_out(sub)
        case "expire_access":
            authority.expire_access()
        case "lock":
            person.locked = True
        case "unlock":
            person.locked = False
        case other:
            raise ValueError(other)
    return _ok()


async def _tokens(visit: Visit, sub: str) -> web.Response:
    person, wanted = _known_account(visit, sub), await visit.json()
    answer = visit.world.authority.sign_in(
        client_id=wanted.get("client_id", next(iter(visit.world.apps))),
        account=sub,
        region=person.region,
        scopes=wanted.get("scopes", sorted(SCOPES)),
    )
    return json_response(answer)


async def _owner_token(visit: Visit, sub: str) -> web.Response:
    person = _known_account(visit, sub)
    return json_response(visit.world.authority.owner_sign_in(sub, person.region))


async def _owner_day(visit: Visit, _: str) -> web.Response:
    days = {day: row.told for day, row in DAYS.items()}
    return json_response({"day": visit.world.owner_day, "days": days})


async def _set_owner_day(visit: Visit, _: str) -> web.Response:
    visit.world.owner_day = OwnerDay((await visit.json())["day"])
    return await _owner_day(visit, "")


async def _internet(visit: Visit, _: str) -> web.Response:
    visit.world.internet.update({str(key): str(url) for key, url in (await visit.json()).items()})
    return _ok()


async def _lie(visit: Visit, vin: str) -> web.Response:
    _known_car(visit, vin)
    wanted: dict[str, Any] = await visit.json()
    if wanted:
        visit.world.lies[vin] = Lie(**wanted)
    else:
        visit.world.lies.pop(vin, None)
    return _ok()


async def _telemetry(visit: Visit, _: str) -> web.Response:
    world = visit.world
    return json_response(
        {
            "streams": [kept.as_json() for kept in world.streaming],
            "signals": dict(world.ledger.signals),
            "routes": world.streaming.routes,
        }
    )


async def _authorities(visit: Visit, _: str) -> web.Response:
    pem = visit.world.streaming.authorities.bundle.decode()
    return web.Response(text=pem, content_type="application/x-pem-file")


async def _routes(visit: Visit, _: str) -> web.Response:
    wanted = await visit.json()
    visit.world.streaming.routes.update({str(key): str(way) for key, way in wanted.items()})
    return _ok()


def _known_car(visit: Visit, vin: str) -> Vehicle:
    if (car := visit.world.cars.get(vin)) is None:
        raise _UnknownError
    return car


def _known_site(visit: Visit, site_id: str) -> EnergySite:
    if (site := visit.world.sites.get(site_id)) is None:
        raise _UnknownError
    return site


def _known_account(visit: Visit, sub: str) -> Account:
    if (account := visit.world.accounts.get(sub)) is None:
        raise _UnknownError
    return account


def _route(
    method: str, path: str, handler: AdminHandler
) -> tuple[str, re.Pattern[str], AdminHandler]:
    return method, re.compile(f"/_simulator/{path}/?"), handler


_ROUTES: Final = (
    _route("GET", "state", _state),
    _route("GET", "ledger", _ledger),
    _route("DELETE", "ledger", _forget),
    _route("GET", "faults", _faults),
    _route("POST", "faults", _add_fault),
    _route("DELETE", "faults", _clear_faults),
    _route("DELETE", "faults/([^/]+)", _remove_fault),
    _route("GET", "cars", _cars),
    _route("GET", "cars/([^/]+)", _car),
    _route("PATCH", "cars/([^/]+)", _change_car),
    _route("GET", "sites", _sites),
    _route("GET", "sites/([^/]+)", _site),
    _route("PATCH", "sites/([^/]+)", _change_site),
    _route("GET", "clock", _clock),
    _route("POST", "clock", _set_clock),
    _route("POST", "accounts/([^/]+)", _change_account),
    _route("POST", "accounts/([^/]+)/tokens", _tokens),
    _route("POST", "accounts/([^/]+)/owner_token", _owner_token),
    _route("GET", "owner_day", _owner_day),
    _route("PUT", "owner_day", _set_owner_day),
    _route("GET", "owner", desk.owner),
    _route("POST", "owner", desk.change_owner),
    _route("GET", "locks", desk.locks),
    _route("POST", "locks", desk.remove_key),
    _route("PUT", "internet", _internet),
    _route("PUT", "lies/([^/]+)", _lie),
    _route("GET", "telemetry", _telemetry),
    _route("GET", "telemetry/ca.pem", _authorities),
    _route("PUT", "telemetry/routes", _routes),
)
