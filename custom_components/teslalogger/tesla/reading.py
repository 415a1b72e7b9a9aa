"""Tesla's JSON as our models; what is not of its documented shape raises UnexpectedAnswer."""

from typing import Any, Final

import voluptuous as vol

from .endpoints import EndpointKind
from .errors import UnexpectedAnswer
from .models import (
    Availability,
    CommandAnswer,
    EnergyProduct,
    FleetStatus,
    Product,
    Products,
    SettingAnswer,
    StoredTelemetryConfig,
    TelemetryConfigAnswer,
    VehicleInfo,
)
from .redact import sanitise

type Objects = list[dict[str, Any]]

COMMAND_KINDS: Final = frozenset({EndpointKind.COMMAND, EndpointKind.SIGNED_COMMAND})

_VIN: Final = vol.All(str, vol.Length(min=1))
_PRODUCT: Final = vol.Schema({vol.Required("vin"): _VIN}, extra=vol.ALLOW_EXTRA)
_SITE: Final = vol.Schema(
    {vol.Required("energy_site_id"): vol.Any(int, str)}, extra=vol.ALLOW_EXTRA
)
_FLEET_STATUS: Final = vol.Schema(
    {
        vol.Required("key_paired_vins"): [_VIN],
        vol.Required("unpaired_vins"): [_VIN],
        vol.Optional("vehicle_info", default=dict): vol.Any(
            {_VIN: dict}, vol.All(None, lambda _: {})
        ),
    },
    extra=vol.ALLOW_EXTRA,
)
_COMMAND: Final = vol.Schema(
    {
        vol.Required("result"): bool,
        vol.Optional("reason", default=""): vol.Any(str, vol.All(None, lambda _: "")),
    },
    extra=vol.ALLOW_EXTRA,
)

_SETTING: Final = vol.Schema(
    {
        vol.Required("code"): int,
        vol.Optional("message", default=""): vol.Any(str, vol.All(None, lambda _: "")),
    },
    extra=vol.ALLOW_EXTRA,
)
_SKIPPED: Final = vol.Any({str: vol.Any([_VIN], vol.All(None, lambda _: []))}, None)
_TELEMETRY: Final = vol.Schema(
    {
        vol.Required("updated_vehicles"): int,
        vol.Optional("skipped_vehicles", default=dict): _SKIPPED,
    },
    extra=vol.ALLOW_EXTRA,
)
_STORED_TELEMETRY: Final = vol.Schema(
    {vol.Required("synced"): bool, vol.Required("config"): vol.Any(dict, None)},
    extra=vol.ALLOW_EXTRA,
)
_YES: Final = range(200, 300)


def mapping(response: Any) -> dict[str, Any]:
    """A JSON object."""
    if isinstance(response, dict):
        return response
    msg = f"an object was expected, not {type(response).__name__}"
    raise UnexpectedAnswer(msg)


def objects(response: Any) -> Objects:
    """A JSON array of objects; null is an empty one."""
    if response is None:
        return []
    if isinstance(response, list) and all(isinstance(item, dict) for item in response):
        return response
    msg = "a list of objects was expected"
    raise UnexpectedAnswer(msg)


def availability(response: Any) -> Availability:
    """The `state` of a car."""
    state = mapping(response).get("state")
    if isinstance(state, str):
        return Availability.of(state)
    msg = "a car without state"
    raise UnexpectedAnswer(msg)


def products(response: Any) -> Products:
    """The cars and the energy sites among an account's products."""
    if not isinstance(response, list):
        msg = "a list of products was expected"
        raise UnexpectedAnswer(msg)
    items = [item for item in response if isinstance(item, dict)]
    return Products(
        cars=[_product(item) for item in items if item.get("vin")],
        sites=[_site(item) for item in items if item.get("energy_site_id")],
    )


def _site(item: dict[str, Any]) -> EnergyProduct:
    site = _checked(_SITE, item)
    return EnergyProduct(
        site_id=str(site["energy_site_id"]), name=_if(str, site.get("site_name")) or "", raw=site
    )


def _product(item: dict[str, Any]) -> Product:
    car = _checked(_PRODUCT, item)
    return Product(
        vin=car["vin"],
        id=_if(int, car.get("id")),
        name=_if(str, car.get("display_name")) or "",
        availability=Availability.of(car.get("state")),
        access_type=_if(str, car.get("access_type")),
        command_signing=_if(str, car.get("command_signing")),
        raw=car,
    )


def fleet_status(response: Any) -> FleetStatus:
    """Pairing of the cars that were asked about."""
    status = _checked(_FLEET_STATUS, response)
    return FleetStatus(
        paired=frozenset(status["key_paired_vins"]),
        unpaired=frozenset(status["unpaired_vins"]),
        info={vin: _vehicle_info(info) for vin, info in status["vehicle_info"].items()},
    )


def _vehicle_info(info: dict[str, Any]) -> VehicleInfo:
    toggle = "safety_screen_streaming_toggle_enabled"
    return VehicleInfo(
        firmware_version=_if(str, info.get("firmware_version")),
        vehicle_command_protocol_required=_if(bool, info.get("vehicle_command_protocol_required")),
        fleet_telemetry_version=_if(str, info.get("fleet_telemetry_version")),
        total_number_of_keys=_if(int, info.get("total_number_of_keys")),
        discounted_device_data=_if(bool, info.get("discounted_device_data")),
        safety_screen_streaming_toggle_enabled=_if(bool, info.get(toggle)),
    )


def command_answer(response: Any) -> CommandAnswer:
    """What the car said to an unsigned command."""
    said = _checked(_COMMAND, response)
    return CommandAnswer(result=said["result"], reason=sanitise(said["reason"]))


def setting_answer(response: Any) -> SettingAnswer:
    """What Tesla said to a new setting of an energy site."""
    said = _checked(_SETTING, response)
    done = said["code"] in _YES
    return SettingAnswer(done=done, reason="" if done else sanitise(said["message"]))


def telemetry_config_answer(response: Any) -> TelemetryConfigAnswer:
    """What Tesla did with a streaming configuration."""
    said = _checked(_TELEMETRY, response)
    skipped = (said["skipped_vehicles"] or {}).items()
    return TelemetryConfigAnswer(
        updated=said["updated_vehicles"],
        skipped={vin: sanitise(reason) for reason, vins in skipped for vin in vins},
    )


def stored_telemetry_config(response: Any) -> StoredTelemetryConfig:
    """The streaming configuration of a car, as Tesla has it."""
    stored = _checked(_STORED_TELEMETRY, response)
    return StoredTelemetryConfig(
        synced=stored["synced"],
        config=stored["config"],
        limit_reached=_if(bool, stored.get("limit_reached")),
        key_paired=_if(bool, stored.get("key_paired")),
    )


def _checked(schema: vol.Schema, response: Any) -> dict[str, Any]:
    try:
        checked: dict[str, Any] = schema(response)
    except vol.Invalid as err:
        # Where, not what: keys of the answer may be VINs.
        msg = f"an answer that is not as documented: {type(err).__name__}"
        raise UnexpectedAnswer(msg) from None
    return checked


def _if[T](kind: type[T], value: Any) -> T | None:
    """The value if it is of this kind; a truth value is no number."""
    return value if isinstance(value, kind) and isinstance(value, bool) <= (kind is bool) else None
