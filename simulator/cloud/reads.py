"""What Tesla tells of a car on request: Superchargers, notes, alerts, people, papers."""

from datetime import UTC, datetime
from math import cos, hypot, radians
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from simulator.cloud.answers import LOCATION_NOT_GRANTED, Refusal
from simulator.cloud.fleet import Call, Endpoint
from simulator.cloud.ledger import PriceClass
from simulator.cloud.ratelimit import RateClass
from simulator.cloud.visit import json_response
from simulator.records import options_of, warranty_of
from simulator.vehicle import CarUnavailable

if TYPE_CHECKING:
    from simulator.cloud.fleet import FleetHandler
    from simulator.records import ChargingSession, Invitation
    from simulator.vehicle import Vehicle

DEVICE: Final = frozenset({"vehicle_device_data"})
LOCATION: Final = "vehicle_location"
CHARGING: Final = frozenset({"vehicle_charging_cmds"})

# Name, type, latitude, longitude, stalls, free stalls; around the garage's cars.
SITES: Final = (
    ("Berlin - Mall of Berlin", "supercharger", 52.5105, 13.3800, 12, 7),
    ("Berlin - Schoeneweide", "supercharger", 52.4560, 13.5090, 20, 20),
    ("Potsdam", "supercharger", 52.3906, 13.0645, 16, 0),
    ("Hotel Adlon", "destination", 52.5160, 13.3803, 0, 0),
)
MILES_PER_DEGREE: Final = 69.0
_DEFAULT_COUNT: Final = 10
_PAGE_SIZE: Final = 50


def _told(response: Any) -> web.Response:
    return json_response({"response": response})


def _listed(items: list[dict[str, Any]]) -> web.Response:
    return json_response({"response": items, "count": len(items)})


def _number(call: Call, key: str, default: int) -> int:
    try:
        number = int(call.visit.query.get(key, default))
    except ValueError as err:
        raise Refusal(400, "invalid_request") from err
    if number < 1:
        raise Refusal(400, "invalid_request")
    return number


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _awake(call: Call) -> Vehicle:
    if call.car.availability != "online":
        raise CarUnavailable
    return call.car


def _distance(car: Vehicle, latitude: float, longitude: float) -> float:
    """In miles, as if the earth were flat around here."""
    north = latitude - car.state.motion.latitude
    east = (longitude - car.state.motion.longitude) * cos(radians(latitude))
    return round(hypot(north, east) * MILES_PER_DEGREE, 2)


async def _nearby_charging_sites(call: Call) -> web.Response:
    if LOCATION not in call.access.scopes:
        raise Refusal(403, LOCATION_NOT_GRANTED)
    car = _awake(call)
    count = _number(call, "count", _DEFAULT_COUNT)
    radius = _number(call, "radius", 10_000)
    found: dict[str, list[dict[str, Any]]] = {"supercharger": [], "destination": []}
    for name, kind, latitude, longitude, stalls, free in SITES:
        distance = _distance(car, latitude, longitude)
        if distance > radius:
            continue
        site: dict[str, Any] = {
            "location": {"lat": latitude, "long": longitude},
            "name": name,
            "type": kind,
            "distance_miles": distance,
        }
        if kind == "supercharger":
            site |= {"available_stalls": free, "total_stalls": stalls, "site_closed": False}
        found[kind].append(site)
    for sites in found.values():
        sites.sort(key=lambda site: float(site["distance_miles"]))
    now = call.world.clock.now()
    return _told(
        {
            "congestion_sync_time_utc_secs": int(now),
            "destination_charging": found["destination"][:count],
            "superchargers": found["supercharger"][:count],
            "timestamp": int(now * 1000),
        }
    )


async def _release_notes(call: Call) -> web.Response:
    version = call.car.model.firmware.split()[0]
    notes = [
        {
            "title": "Dashcam",
            "subtitle": "More minutes",
            "description": "Clips are longer than before.",
            "customer_version": version,
            "icon": "release_notes_icon",
            "image_url": "",
        },
        {
            "title": "Minor fixes",
            "subtitle": "",
            "description": "This release contains minor fixes.",
            "customer_version": version,
            "icon": "release_notes_icon",
            "image_url": "",
        },
    ]
    waiting = call.visit.query.get("staged") == "true"
    return _told({"response": {"release_notes": [] if waiting else notes}})


async def _recent_alerts(call: Call) -> web.Response:
    return _told({"recent_alerts": call.world.record(call.car.vin).alerts})


async def _service_data(call: Call) -> web.Response:
    return _told(call.world.record(call.car.vin).service)


def _owned(call: Call) -> Vehicle:
    if call.car.owner != call.account.sub:
        raise Refusal(403, "forbidden")
    return call.car


async def _drivers(call: Call) -> web.Response:
    car = _owned(call)
    return _listed(
        [
            {
                "my_tesla_unique_id": number,
                "user_id": number,
                "user_id_s": sub,
                "driver_first_name": call.world.accounts[sub].full_name.partition(" ")[0],
                "driver_last_name": call.world.accounts[sub].full_name.partition(" ")[2],
                "granular_access": {"hide_private": False},
                "active_pubkeys": [],
                "public_key": "",
            }
            for number, sub in enumerate(sorted(call.world.guests.get(car.vin, ())), start=1)
        ]
    )


async def _remove_driver(call: Call) -> web.Response:
    """Owners remove anybody, drivers only themselves."""
    driver = call.visit.query.get("share_user_id")
    if call.car.owner != call.account.sub and driver not in {None, call.account.sub}:
        raise Refusal(403, "forbidden")
    guests = call.world.guests.get(call.car.vin, set())
    if (driver or call.account.sub) not in guests:
        raise Refusal(404, "not_found")
    guests.discard(driver or call.account.sub)
    return _told("ok")


def _as_json(call: Call, invitation: Invitation) -> dict[str, Any]:
    return {
        "id": invitation.number,
        "id_s": str(invitation.number),
        "owner_id_s": call.car.owner,
        "share_user_id_s": "",
        "product_id": call.car.vin,
        "vin": call.car.vin,
        "state": "pending",
        "code": invitation.code,
        "expires_at": _time(invitation.expires_at),
        "revoked_at": None,
        "product_type": "vehicle",
        "share_type": "customer",
        "active_pubkeys": [None],
        "share_link": f"https://www.tesla.com/_rs/1/{invitation.code}",
    }


async def _invitations(call: Call) -> web.Response:
    now = call.world.clock.now()
    invitations = call.world.record(_owned(call).vin).invitations.values()
    return _listed([_as_json(call, known) for known in invitations if known.expires_at > now])


async def _create_invitation(call: Call) -> web.Response:
    invitation = call.world.record(_owned(call).vin).invite(call.world.clock.now())
    return _told(_as_json(call, invitation))


async def _revoke_invitation(call: Call) -> web.Response:
    invitations = call.world.record(_owned(call).vin).invitations
    number = call.parts["id"]
    if not number.isdecimal() or invitations.pop(int(number), None) is None:
        raise Refusal(404, "not_found")
    return _told(True)  # noqa: FBT003 - the whole answer


def _asked_car(call: Call) -> Vehicle:
    """The car of the query; these endpoints have no car in their path."""
    cars = {car.vin: car for car in call.world.cars_of(call.account.sub)}
    vin = call.visit.query.get("vin", "")
    if vin not in cars:
        raise Refusal(404, "not_found")
    return cars[vin]


async def _options(call: Call) -> web.Response:
    return _told({"codes": options_of(_asked_car(call).model)})


async def _warranty(call: Call) -> web.Response:
    year = datetime.fromtimestamp(call.world.clock.now(), UTC).year
    return _told(warranty_of(_asked_car(call).model, year))


def _session(car: Vehicle, session: ChargingSession) -> dict[str, Any]:
    return {
        "sessionId": session.number,
        "vin": car.vin,
        "siteLocationName": session.site,
        "chargeStartDateTime": _time(session.started_at),
        "chargeStopDateTime": _time(session.stopped_at),
        "unlatchDateTime": _time(session.stopped_at),
        "countryCode": session.country,
        "billingType": "IMMEDIATE",
        "vehicleMakeType": "TSLA",
        "fees": [
            {
                "sessionFeeId": session.number,
                "feeType": "CHARGING",
                "currencyCode": session.currency,
                "pricingType": "PAYMENT",
                "rateBase": session.rate,
                "usageBase": session.energy,
                "totalDue": session.due,
                "netDue": session.due,
                "uom": "kwh",
                "isPaid": True,
                "status": "PAID",
            }
        ],
        "invoices": [
            {
                "fileName": f"{session.invoice}.pdf",
                "contentId": session.invoice,
                "invoiceType": "IMMEDIATE",
            }
        ],
    }


def _moment(call: Call, key: str, default: float) -> float:
    text = call.visit.query.get(key)
    if text is None:
        return default
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as err:
        raise Refusal(400, "invalid_request") from err


async def _charging_history(call: Call) -> web.Response:
    car = _asked_car(call)
    start, end = _moment(call, "startTime", 0.0), _moment(call, "endTime", float("inf"))
    page, size = _number(call, "pageNo", 1), _number(call, "pageSize", _PAGE_SIZE)
    found = sorted(
        (known for known in call.world.record(car.vin).sessions if start <= known.started_at < end),
        key=lambda known: known.started_at,
        reverse=True,
    )
    sessions = found[(page - 1) * size : page * size]
    return _told({"data": [_session(car, known) for known in sessions], "totalResults": len(found)})


async def _charging_invoice(call: Call) -> web.Response:
    for car in call.world.cars_of(call.account.sub):
        for session in call.world.record(car.vin).sessions:
            if session.invoice == call.parts["id"]:
                text = f"%PDF-1.4\n% {session.site}: {session.due} {session.currency}\n%%EOF\n"
                return web.Response(body=text.encode(), content_type="application/pdf")
    raise Refusal(404, "not_found")


def _row(
    method: str,
    name: str,
    path: str,
    handler: FleetHandler,
    scopes: frozenset[str] = DEVICE,
) -> Endpoint:
    return Endpoint(
        name=name,
        method=method,
        path=path,
        handler=handler,
        scopes=scopes,
        price=PriceClass.DATA,
        rate=RateClass.DATA,
    )


_CAR: Final = "vehicles/{car}"
_SITES: Final = "nearby_charging_sites"

ENDPOINTS: Final = (
    _row("GET", _SITES, f"{_CAR}/{_SITES}", _nearby_charging_sites),
    _row("GET", "release_notes", f"{_CAR}/release_notes", _release_notes),
    _row("GET", "recent_alerts", f"{_CAR}/recent_alerts", _recent_alerts),
    _row("GET", "service_data", f"{_CAR}/service_data", _service_data),
    _row("GET", "drivers", f"{_CAR}/drivers", _drivers),
    _row("DELETE", "remove_driver", f"{_CAR}/drivers", _remove_driver),
    _row("GET", "invitations", f"{_CAR}/invitations", _invitations),
    _row("POST", "create_invitation", f"{_CAR}/invitations", _create_invitation),
    _row("POST", "revoke_invitation", f"{_CAR}/invitations/{{id}}/revoke", _revoke_invitation),
    _row("GET", "options", "dx/vehicles/options", _options),
    _row("GET", "warranty", "dx/warranty/details", _warranty),
    _row("GET", "charging_history", "dx/charging/history", _charging_history, CHARGING),
    _row("GET", "charging_invoice", "dx/charging/invoice/{id}", _charging_invoice, CHARGING),
)
