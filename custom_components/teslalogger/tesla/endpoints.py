"""What is asked of Tesla: path, permission, price and limit of each endpoint."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .prices import PriceClass
from .scopes import Scope


class RateClass(StrEnum):
    """Requests that Tesla counts together, per car and account, over all applications."""

    ACCOUNT = "account"
    DATA = "data"  # 60 a minute
    COMMANDS = "commands"  # 30 a minute
    WAKES = "wakes"  # 3 a minute
    ENERGY = "energy"
    ENERGY_COMMANDS = "energy_commands"
    AUTH = "auth"


class EndpointKind(StrEnum):
    """Endpoints to whose answers the same words mean the same."""

    ACCOUNT = "account"
    VEHICLE = "vehicle"
    COMMAND = "command"
    SIGNED_COMMAND = "signed_command"
    ENERGY = "energy"
    PARTNER = "partner"
    TOKEN = "token"  # noqa: S105 - a name


class AnswerForm(StrEnum):
    """What an endpoint's yes looks like."""

    RESPONSE = "response"  # JSON below `response`
    EITHER = "either"  # JSON that has been seen with `response` around it and without
    FILE = "file"  # bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """One endpoint; any one of `scopes` suffices, and `time_limit` is in seconds."""

    name: str
    method: str
    path: str
    kind: EndpointKind
    rate: RateClass
    price: PriceClass = PriceClass.FREE
    scopes: tuple[Scope, ...] = ()
    time_limit: float = 15.0
    form: AnswerForm = AnswerForm.RESPONSE


_COMMANDING: Final = (Scope.VEHICLE_CMDS, Scope.VEHICLE_CHARGING_CMDS)
_READING: Final = (Scope.VEHICLE_DEVICE_DATA,)
_CHARGING: Final = (Scope.VEHICLE_CHARGING_CMDS,)


def _about_car(name: str, path: str, *, method: str = "GET") -> Endpoint:
    """What Tesla tells of a car on request. Where its price list is silent: as much as data."""
    return Endpoint(
        name=name,
        method=method,
        path=f"/api/1/vehicles/{{vin}}/{path}",
        kind=EndpointKind.VEHICLE,
        rate=RateClass.DATA,
        price=PriceClass.DATA,
        scopes=_READING,
    )


def _customer(
    name: str,
    path: str,
    *,
    scopes: tuple[Scope, ...] = _READING,
    form: AnswerForm = AnswerForm.EITHER,
) -> Endpoint:
    """What Tesla tells its customers; asks no car. Counted as what it costs at most."""
    return Endpoint(
        name=name,
        method="GET",
        path=f"/api/1/dx/{path}",
        kind=EndpointKind.ACCOUNT,
        rate=RateClass.DATA,
        price=PriceClass.DATA,
        scopes=scopes,
        form=form,
        time_limit=30.0,
    )


def _about_site(name: str, path: str | None = None) -> Endpoint:
    """What Tesla tells of an energy site; free so far."""
    return Endpoint(
        name=name,
        method="GET",
        path=f"/api/1/energy_sites/{{item}}/{path or name}",
        kind=EndpointKind.ENERGY,
        rate=RateClass.ENERGY,
        scopes=(Scope.ENERGY_DEVICE_DATA,),
    )


def _site_setting(name: str) -> Endpoint:
    """A setting of an energy site; free so far."""
    return Endpoint(
        name=name,
        method="POST",
        path=f"/api/1/energy_sites/{{item}}/{name}",
        kind=EndpointKind.ENERGY,
        rate=RateClass.ENERGY_COMMANDS,
        scopes=(Scope.ENERGY_CMDS,),
    )


def _telemetry(
    name: str,
    path: str,
    *,
    method: str = "GET",
    form: AnswerForm = AnswerForm.RESPONSE,
) -> Endpoint:
    """The Fleet Telemetry configuration of cars; not on Tesla's list of prices."""
    return Endpoint(
        name=name,
        method=method,
        path=f"/api/1/vehicles/{path}",
        kind=EndpointKind.VEHICLE,
        rate=RateClass.ACCOUNT,
        scopes=_READING,
        form=form,
        time_limit=30.0,
    )


_ROWS: Final = (
    Endpoint(
        name="user_region",
        method="GET",
        path="/api/1/users/region",
        kind=EndpointKind.ACCOUNT,
        rate=RateClass.ACCOUNT,
    ),
    Endpoint(
        name="user",
        method="GET",
        path="/api/1/users/me",
        kind=EndpointKind.ACCOUNT,
        rate=RateClass.ACCOUNT,
        scopes=(Scope.USER_DATA,),
    ),
    Endpoint(
        name="products",
        method="GET",
        path="/api/1/products",
        kind=EndpointKind.ACCOUNT,
        rate=RateClass.ACCOUNT,
        scopes=(*_READING, Scope.ENERGY_DEVICE_DATA),
    ),
    Endpoint(
        name="vehicle",
        method="GET",
        path="/api/1/vehicles/{vin}",
        kind=EndpointKind.VEHICLE,
        rate=RateClass.ACCOUNT,
        scopes=_READING,
    ),
    Endpoint(
        name="vehicle_data",
        method="GET",
        path="/api/1/vehicles/{vin}/vehicle_data",
        kind=EndpointKind.VEHICLE,
        rate=RateClass.DATA,
        price=PriceClass.DATA,
        scopes=_READING,
        time_limit=25.0,
    ),
    Endpoint(
        name="fleet_status",
        method="POST",
        path="/api/1/vehicles/fleet_status",
        kind=EndpointKind.ACCOUNT,
        rate=RateClass.ACCOUNT,
        # Tesla's list does not say; counted as what it costs at most.
        price=PriceClass.DATA,
        scopes=_READING,
    ),
    Endpoint(
        name="wake_up",
        method="POST",
        path="/api/1/vehicles/{vin}/wake_up",
        kind=EndpointKind.VEHICLE,
        rate=RateClass.WAKES,
        price=PriceClass.WAKE,
        scopes=_COMMANDING,
    ),
    Endpoint(
        name="command",
        method="POST",
        path="/api/1/vehicles/{vin}/command/{command}",
        kind=EndpointKind.COMMAND,
        rate=RateClass.COMMANDS,
        price=PriceClass.COMMAND,
        scopes=_COMMANDING,
        time_limit=12.0,
    ),
    Endpoint(
        name="signed_command",
        method="POST",
        path="/api/1/vehicles/{vin}/signed_command",
        kind=EndpointKind.SIGNED_COMMAND,
        rate=RateClass.COMMANDS,
        price=PriceClass.COMMAND,
        scopes=_COMMANDING,
        time_limit=12.0,
    ),
    _about_car("nearby_charging_sites", "nearby_charging_sites"),
    _about_car("release_notes", "release_notes"),
    _about_car("recent_alerts", "recent_alerts"),
    _about_car("service_data", "service_data"),
    _about_car("drivers", "drivers"),
    _about_car("remove_driver", "drivers", method="DELETE"),
    _about_car("invitations", "invitations"),
    _about_car("create_invitation", "invitations", method="POST"),
    _about_car("revoke_invitation", "invitations/{item}/revoke", method="POST"),
    _telemetry("create_telemetry", "fleet_telemetry_config_jws", method="POST"),
    _telemetry("telemetry", "{vin}/fleet_telemetry_config"),
    _telemetry("delete_telemetry", "{vin}/fleet_telemetry_config", method="DELETE"),
    _telemetry("telemetry_errors", "{vin}/fleet_telemetry_errors", form=AnswerForm.EITHER),
    _customer("options", "vehicles/options"),
    _customer("warranty", "warranty/details"),
    _customer("charging_history", "charging/history", scopes=_CHARGING),
    _customer(
        "charging_invoice", "charging/invoice/{item}", scopes=_CHARGING, form=AnswerForm.FILE
    ),
    _about_site("live_status"),
    _about_site("site_info"),
    _about_site("calendar_history"),
    _about_site("charge_history", "telemetry_history"),
    _site_setting("backup"),
    _site_setting("off_grid_vehicle_charging_reserve"),
    _site_setting("operation"),
    _site_setting("storm_mode"),
    _site_setting("grid_import_export"),
    _site_setting("time_of_use_settings"),
    Endpoint(
        name="register",
        method="POST",
        path="/api/1/partner_accounts",
        kind=EndpointKind.PARTNER,
        rate=RateClass.ACCOUNT,
        time_limit=30.0,  # Tesla downloads our public key meanwhile
    ),
    Endpoint(
        name="partner_public_key",
        method="GET",
        path="/api/1/partner_accounts/public_key",
        kind=EndpointKind.PARTNER,
        rate=RateClass.ACCOUNT,
    ),
    Endpoint(
        name="partner_telemetry_errors",
        method="GET",
        path="/api/1/partner_accounts/fleet_telemetry_errors",
        kind=EndpointKind.PARTNER,
        rate=RateClass.ACCOUNT,
        form=AnswerForm.EITHER,
    ),
    Endpoint(
        name="token",
        method="POST",
        path="/oauth2/v3/token",
        kind=EndpointKind.TOKEN,
        rate=RateClass.AUTH,
        time_limit=30.0,  # a lost answer uses up the refresh token's period of grace
    ),
)

ENDPOINTS: Final = {row.name: row for row in _ROWS}
