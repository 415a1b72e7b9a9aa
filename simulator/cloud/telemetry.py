"""The endpoints of Fleet Telemetry: what a car is to stream, and what it says of it.

Source: https://developer.tesla.com/docs/fleet-api/endpoints/vehicle-endpoints
"""

from typing import TYPE_CHECKING, Any, Final

from simulator.cloud import partner
from simulator.cloud.answers import Refusal
from simulator.cloud.fleet import Call, Endpoint
from simulator.cloud.visit import json_response
from simulator.telemetry import config, jws
from simulator.telemetry.subscriptions import Skip

if TYPE_CHECKING:
    from aiohttp import web

    from simulator.cloud.fleet import FleetHandler

SCOPES: Final = frozenset({"vehicle_device_data"})


async def _create(call: Call) -> web.Response:
    """Give every car its configuration that can have one.

    Tesla does not look at the signature; the car does.
    """
    vins, token = call.body.get("vins"), call.body.get("token")
    if not isinstance(vins, list) or not vins or not isinstance(token, str) or not token:
        raise Refusal(400, "invalid_field")
    cars = {car.vin: car for car in call.world.cars_of(call.account.sub)}
    if any(vin not in cars for vin in vins):
        raise Refusal(404, "not_found")
    _check(call, token)
    client_id = call.access.client_id
    updated, skipped = 0, {skip: list[str]() for skip in Skip}
    for vin in dict.fromkeys(vins):
        skip = call.world.streaming.skip(cars[vin], client_id, _key(call))
        if skip is None:
            call.world.streaming.put(vin, client_id, call.account.sub, token)
            updated += 1
        else:
            skipped[skip].append(vin)
    told: dict[str, Any] = {"updated_vehicles": updated}
    if any(skipped.values()):
        told["skipped_vehicles"] = skipped
    return json_response({"response": told})


def _check(call: Call, token: str) -> None:
    try:
        wanted = config.read(jws.claims_of(token))
    except (jws.MalformedToken, config.InvalidConfig) as err:
        raise Refusal(400, f"invalid config: {err}") from err
    if wanted.expires_at is not None and wanted.expires_at <= call.world.clock.now():
        raise Refusal(400, "invalid config: exp is in the past")


def _key(call: Call) -> bytes | None:
    registration = call.world.registration(call.access.client_id, call.region)
    return None if registration is None else registration.public_key


async def _read(call: Call) -> web.Response:
    streaming = call.world.streaming
    streaming.settle(call.car)
    kept = streaming.find(call.car.vin, call.access.client_id)
    wanted = None if kept is None else kept.claims
    dropped = kept is not None and kept.dropped
    return json_response(
        {
            "response": {
                "synced": dropped or (kept is not None and kept.synced and wanted is not None),
                "config": wanted,
                "limit_reached": streaming.limit_reached(call.car.vin, call.access.client_id),
                "key_paired": _key(call) in call.car.paired_keys,
            }
        }
    )


async def _delete(call: Call) -> web.Response:
    deleted = call.world.streaming.delete(call.car.vin, call.access.client_id)
    return json_response({"response": {"updated_vehicles": int(deleted)}})


def _errors(call: Call, vin: str | None = None) -> list[dict[str, Any]]:
    for car in call.world.cars.values():
        call.world.streaming.settle(car)
    return [
        report.as_json()
        for report in call.world.streaming.reports
        if report.client_id == call.access.client_id and vin in {None, report.vin}
    ]


async def _errors_of_car(call: Call) -> web.Response:
    return json_response({"response": {"fleet_telemetry_errors": _errors(call, call.car.vin)}})


async def _errors_of_app(call: Call) -> web.Response:
    return json_response({"response": {"fleet_telemetry_errors": _errors(call)}})


async def _cars_with_errors(call: Call) -> web.Response:
    return json_response({"response": sorted({row["vin"] for row in _errors(call)})})


def _row(method: str, name: str, path: str, handler: FleetHandler) -> Endpoint:
    return Endpoint(
        name=name,
        method=method,
        path=f"vehicles/{path}",
        handler=handler,
        scopes=SCOPES,
    )


def _partner_row(name: str, handler: FleetHandler) -> Endpoint:
    path = f"partner_accounts/{name}"
    return Endpoint(
        name=path, method="GET", path=path, handler=handler, scopes=partner.SCOPES, partner=True
    )


_CONFIG: Final = "fleet_telemetry_config"
_ERRORS: Final = "fleet_telemetry_errors"

ENDPOINTS: Final = (
    _row("POST", f"{_CONFIG}_jws", f"{_CONFIG}_jws", _create),
    _row("GET", _CONFIG, f"{{car}}/{_CONFIG}", _read),
    _row("DELETE", f"delete_{_CONFIG}", f"{{car}}/{_CONFIG}", _delete),
    _row("GET", _ERRORS, f"{{car}}/{_ERRORS}", _errors_of_car),
    _partner_row(_ERRORS, _errors_of_app),
    _partner_row("fleet_telemetry_error_vins", _cars_with_errors),
)
