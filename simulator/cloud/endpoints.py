"""Every endpoint of the Fleet API that is simulated, and what it answers."""

import base64
import binascii
import math
from typing import TYPE_CHECKING, Any, Final

from simulator.cloud import answers, energy, partner, reads, telemetry
from simulator.cloud.answers import Refusal
from simulator.cloud.fleet import Call, Endpoint, FleetApi
from simulator.cloud.hosts import FLEET_URLS
from simulator.cloud.ledger import PriceClass
from simulator.cloud.ratelimit import RateClass
from simulator.cloud.signed_scope import allowed_by
from simulator.cloud.visit import json_response

if TYPE_CHECKING:
    from aiohttp import web

USER: Final = frozenset({"user_data"})
DEVICE: Final = frozenset({"vehicle_device_data"})
ANY_DEVICE: Final = frozenset({"vehicle_device_data", "energy_device_data"})
LOCATION: Final = frozenset({"vehicle_location"})
COMMANDS: Final = frozenset({"vehicle_cmds"})
ANY_COMMANDS: Final = frozenset({"vehicle_cmds", "vehicle_charging_cmds"})

DEFAULT_PARTS: Final = frozenset(
    {
        "charge_state",
        "climate_state",
        "closures_state",
        "drive_state",
        "gui_settings",
        "vehicle_config",
        "vehicle_state",
    }
)
CHARGING_COMMANDS: Final = frozenset(
    {
        "add_charge_schedule",
        "charge_max_range",
        "charge_port_door_close",
        "charge_port_door_open",
        "charge_standard",
        "charge_start",
        "charge_stop",
        "remove_charge_schedule",
        "set_charge_limit",
        "set_charging_amps",
        "set_scheduled_charging",
        "set_scheduled_departure",
    }
)
UNSIGNED_ALWAYS: Final = frozenset(
    {
        "navigation_request",
        "set_managed_charge_current_request",
        "set_managed_charger_location",
        "set_managed_scheduled_charging_time",
    }
)
_PAGE_SIZE: Final = 50


def _told(response: Any) -> web.Response:
    return json_response({"response": response})


async def _me(call: Call) -> web.Response:
    person = call.account
    return _told(
        {
            "email": person.email,
            "full_name": person.full_name,
            "profile_image_url": "https://vehicle-files.prd.usw2.vn.cloud.tesla.com/profile.jpg",
            "vault_uuid": person.sub,
        }
    )


async def _region(call: Call) -> web.Response:
    region = call.account.region
    return _told({"region": region, "fleet_api_base_url": FLEET_URLS[region]})


async def _feature_config(_: Call) -> web.Response:
    return _told({"signaling": {"enabled": True, "subscribe_connectivity": False}})


async def _nothing(_: Call) -> web.Response:
    return json_response({"response": [], "count": 0})


def _products_of(call: Call) -> list[dict[str, Any]]:
    return [car.product(call.account.sub) for car in call.world.cars_of(call.account.sub)]


async def _products(call: Call) -> web.Response:
    products = _products_of(call) if call.access.scopes & DEVICE else []
    if call.access.scopes & energy.READING:
        products += [site.product() for site in call.world.sites_of(call.account.sub)]
    return json_response({"response": products, "count": len(products)})


async def _vehicles(call: Call) -> web.Response:
    query = call.visit.query
    try:
        current = int(query.get("page", 1))
        size = int(query.get("page_size", _PAGE_SIZE))
    except ValueError as err:
        raise Refusal(400, "invalid_request") from err
    if current < 1 or size < 1:
        raise Refusal(400, "invalid_request")
    every = _products_of(call)
    pages = max(1, math.ceil(len(every) / size))
    return json_response(
        {
            "response": every[(current - 1) * size : current * size],
            "pagination": {
                "previous": current - 1 if current > 1 else None,
                "next": current + 1 if current < pages else None,
                "current": current,
                "per_page": size,
                "count": len(every),
                "pages": pages,
            },
            "count": len(every),
        }
    )


async def _vehicle(call: Call) -> web.Response:
    return _told(call.car.product(call.account.sub))


async def _vehicle_data(call: Call) -> web.Response:
    asked = call.visit.query.get("endpoints")
    parts = {part for part in asked.split(";") if part} if asked else set(DEFAULT_PARTS)
    location = "location_data" in parts and bool(call.access.scopes & LOCATION)
    data = call.car.vehicle_data(parts, location=location)
    return _told({**call.car.product(call.account.sub), **data})


async def _fleet_status(call: Call) -> web.Response:
    vins = call.body.get("vins")
    if not isinstance(vins, list):
        raise Refusal(400, "invalid_field")
    world, cars = call.world, {car.vin: car for car in call.world.cars_of(call.account.sub)}
    if any(vin not in cars for vin in vins):
        raise Refusal(404, "not_found")
    registration = world.registration(call.access.client_id, call.region)
    paired: list[str] = []
    unpaired: list[str] = []
    info: dict[str, Any] = {}
    for vin in vins:
        lie = world.lies.get(vin)
        truth = registration is not None and registration.public_key in cars[vin].paired_keys
        said = truth if lie is None or lie.paired is None else lie.paired
        (paired if said else unpaired).append(vin)
        info[vin] = {**cars[vin].fleet_info(), **(lie.info if lie else {})}
    return _told({"key_paired_vins": paired, "unpaired_vins": unpaired, "vehicle_info": info})


async def _mobile_enabled(call: Call) -> web.Response:
    return _told({"reason": "", "result": call.car.mobile_access})


async def _wake_up(call: Call) -> web.Response:
    call.car.begin_wake()
    return _told(call.car.product(call.account.sub))


async def _command(call: Call) -> web.Response:
    name = call.parts["name"]
    needed = ANY_COMMANDS if name in CHARGING_COMMANDS else COMMANDS
    if not needed & call.access.scopes:
        raise Refusal(403, answers.MISSING_SCOPES)
    if call.car.protocol and name not in UNSIGNED_ALWAYS:
        raise Refusal(403, answers.SIGNING_REQUIRED)
    result, reason = call.car.execute_unsigned(name, call.body)
    return _told({"result": result, "reason": reason})


async def _signed_command(call: Call) -> web.Response:
    encoded = call.body.get("routable_message")
    if not isinstance(encoded, str) or not encoded:
        raise Refusal(400, "invalid_field")
    try:
        message = base64.b64decode(encoded, validate=True)
    except binascii.Error as err:
        raise Refusal(400, "invalid_field") from err
    if not allowed_by(call.access.scopes, message):
        raise Refusal(403, answers.MISSING_SCOPES)
    return _told(base64.b64encode(call.car.signed(message)).decode())


def _get(
    path: str,
    handler: Any,
    scopes: frozenset[str],
    *,
    name: str = "",
    price: PriceClass = PriceClass.FREE,
) -> Endpoint:
    rate = RateClass.DATA if price is PriceClass.DATA else None
    return Endpoint(
        name=name or path.rsplit("/", 1)[-1],
        method="GET",
        path=path,
        handler=handler,
        scopes=scopes,
        price=price,
        rate=rate,
    )


ENDPOINTS: Final = (
    _get("users/me", _me, USER),
    _get("users/region", _region, USER),
    _get("users/feature_config", _feature_config, USER),
    _get("users/orders", _nothing, USER),
    _get("products", _products, ANY_DEVICE),
    _get("vehicles", _vehicles, DEVICE),
    _get("vehicles/{car}", _vehicle, DEVICE, name="vehicle"),
    _get("vehicles/{car}/vehicle_data", _vehicle_data, DEVICE, price=PriceClass.DATA),
    _get("vehicles/{car}/mobile_enabled", _mobile_enabled, DEVICE, price=PriceClass.DATA),
    Endpoint(
        name="fleet_status",
        method="POST",
        path="vehicles/fleet_status",
        handler=_fleet_status,
        scopes=DEVICE,
        price=PriceClass.DATA,
        rate=RateClass.DATA,
    ),
    Endpoint(
        name="wake_up",
        method="POST",
        path="vehicles/{car}/wake_up",
        handler=_wake_up,
        scopes=ANY_COMMANDS,
        price=PriceClass.WAKE,
        rate=RateClass.WAKES,
    ),
    Endpoint(
        name="command/*",
        method="POST",
        path="vehicles/{car}/command/{name}",
        handler=_command,
        scopes=ANY_COMMANDS,
        price=PriceClass.COMMAND,
        rate=RateClass.COMMANDS,
    ),
    Endpoint(
        name="signed_command",
        method="POST",
        path="vehicles/{car}/signed_command",
        handler=_signed_command,
        scopes=ANY_COMMANDS,
        price=PriceClass.COMMAND,
        rate=RateClass.COMMANDS,
    ),
    *reads.ENDPOINTS,
    *energy.ENDPOINTS,
    *partner.ENDPOINTS,
    *telemetry.ENDPOINTS,
)
FLEET_API: Final = FleetApi(ENDPOINTS)
