"""Charging and the schedules around it."""

from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol

from .model import (
    CHARGING_COMMAND,
    Command,
    Expectation,
    Fields,
    Params,
    RouteRule,
    becomes,
    becomes_parameter,
)
from .parameters import (
    MINUTES_OF_A_DAY,
    day_names,
    days,
    flag,
    integer,
    new_schedule_id,
    number,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from custom_components.teslalogger.vehicle.signals import Value

_NEEDS_TWO_BELOW: Final = 5
_MINUTE: Final = integer(0, MINUTES_OF_A_DAY)
_MAX_SCHEDULE_NAME: Final = 255
_SCHEDULE_ID: Final = integer(1, 2**64 - 1)
_CHARGE_SCHEDULES: Final = ("charge_schedules",)
_PRECONDITION_SCHEDULES: Final = ("precondition_schedules",)
_PLACES: Final = ("home", "work", "other")
_SCHEDULED_CHARGING: Final = (
    "scheduled_charging_mode",
    "scheduled_charging_pending",
    "scheduled_charging_start_time_minutes",
)
_PLACE: Final[dict[vol.Marker, Any]] = {
    vol.Required("lat"): number(-90, 90),
    vol.Required("lon"): number(-180, 180),
}
_SCHEDULE: Final[dict[vol.Marker, Any]] = {
    **_PLACE,
    vol.Required("days_of_week"): days,
    vol.Required("enabled"): flag,
    vol.Optional("id", default=new_schedule_id): _SCHEDULE_ID,
    vol.Optional("one_time", default=False): flag,
    # What people call it in Tesla's app; a schedule that is sent without one loses it.
    vol.Optional("name"): text(_MAX_SCHEDULE_NAME),
}


def _charging(
    name: str,
    message: Callable[[Params], Fields],
    schema: dict[vol.Marker, Any] | None = None,
    *,
    rest: Callable[[Params], Fields] = dict,
    expects: Mapping[str, Expectation] | None = None,
    changes: tuple[str, ...] = (),
    stays: Mapping[str, frozenset[Value]] | None = None,
    ceilings: Mapping[str, str] | None = None,
    presses: Callable[[Params], int] = lambda _: 1,
) -> Command:
    return Command(
        name=name,
        message=message,
        rest=rest,
        schema=vol.Schema(schema or {}),
        scopes=CHARGING_COMMAND,
        expects=expects or {},
        changes=changes,
        stays=stays or {},
        ceilings=ceilings or {},
        presses=presses,
    )


# A car that does not charge has stopped in its own opinion, whatever keeps it from charging.
_NOT_CHARGING: Final[Mapping[str, frozenset[Value]]] = {
    "charging_state": frozenset({"disconnected", "no_power", "complete"})
}


def _start_stop(name: str, action: str, **expects: Expectation) -> Command:
    return _charging(
        name,
        lambda _: {"chargingStartStopAction": {action: {}}},
        expects=expects,
        changes=() if expects else ("charge_limit_soc",),
        stays=_NOT_CHARGING if action == "stop" else None,
    )


def _scheduled_charging(params: Params) -> Fields:
    fields: Fields = {"enabled": params["enable"]}
    if "time" in params:
        fields["charging_time"] = params["time"]
    return {"scheduledChargingAction": fields}


def _times(params: Params, what: str) -> Fields:
    if params[f"{what}_weekdays_only"]:
        return {"weekdays": {}}
    return {"all_week": {}}


def _scheduled_departure(params: Params) -> Fields:
    fields: Fields = {}
    if params["enable"]:
        fields["enabled"] = True
        if "departure_time" in params:
            fields["departure_time"] = params["departure_time"]
        for what, block in (
            ("preconditioning", "preconditioning_times"),
            ("off_peak_charging", "off_peak_charging_times"),
        ):
            if params[f"{what}_enabled"] or params[f"{what}_weekdays_only"]:
                fields[block] = _times(params, what)
        if "end_off_peak_time" in params:
            fields["off_peak_hours_end_time"] = params["end_off_peak_time"]
    return {"scheduledDepartureAction": fields}


def _charge_schedule(params: Params) -> Fields:
    same = ("id", "days_of_week", "start_enabled", "end_enabled", "one_time", "enabled")
    fields: Fields = {name: params[name] for name in same}
    fields |= {name: params[name] for name in ("name", "start_time", "end_time") if name in params}
    return {
        "addChargeScheduleAction": {
            **fields,
            "latitude": params["lat"],
            "longitude": params["lon"],
        }
    }


def _precondition_schedule(params: Params) -> Fields:
    same = ("id", "name", "days_of_week", "precondition_time", "one_time", "enabled")
    return {
        "addPreconditionScheduleAction": {
            **{name: params[name] for name in same if name in params},
            "latitude": params["lat"],
            "longitude": params["lon"],
        }
    }


def _removal_at(name: str, field: str, changes: tuple[str, ...]) -> Command:
    """Removes all schedules at some kinds of places; the REST API has no such command."""
    return Command(
        name=name,
        message=lambda params: {field: dict(params)},
        schema=vol.Schema({vol.Optional(place, default=False): flag for place in _PLACES}),
        scopes=CHARGING_COMMAND,
        route=RouteRule.SIGNED_ONLY,
        changes=changes,
    )


def _rest_schedule(params: Params) -> Fields:
    """Days by their names; the REST API documents no name of the schedule."""
    body = {**params, "days_of_week": day_names(params["days_of_week"])}
    body.pop("name", None)
    return body


CHARGING_COMMANDS: Final = (
    _start_stop("charge_start", "start", charging_state=becomes("charging")),
    _start_stop("charge_stop", "stop", charging_state=becomes("stopped")),
    _start_stop("charge_standard", "start_standard"),
    _start_stop("charge_max_range", "start_max_range"),
    _charging(
        "charge_port_door_open",
        lambda _: {"chargePortDoorOpen": {}},
        expects={"charge_port_door_open": becomes(value=True)},
    ),
    _charging(
        "charge_port_door_close",
        lambda _: {"chargePortDoorClose": {}},
        expects={"charge_port_door_open": becomes(value=False)},
    ),
    _charging(
        "set_charge_limit",
        lambda params: {"chargingSetLimitAction": {"percent": params["percent"]}},
        {vol.Required("percent"): integer(50, 100)},
        expects={"charge_limit_soc": becomes_parameter("percent")},
    ),
    _charging(
        "set_charging_amps",
        lambda params: {"setChargingAmpsAction": {"charging_amps": params["charging_amps"]}},
        {vol.Required("charging_amps"): integer(0, 100)},
        expects={"charge_current_request": becomes_parameter("charging_amps")},
        ceilings={"charge_current_request": "charge_current_request_max"},
        # Some firmware stops at 5 A the first time and goes below it the second time.
        presses=lambda params: 2 if params["charging_amps"] < _NEEDS_TWO_BELOW else 1,
    ),
    _charging(
        "set_scheduled_charging",
        _scheduled_charging,
        {vol.Required("enable"): flag, vol.Optional("time"): _MINUTE},
        changes=_SCHEDULED_CHARGING,
    ),
    _charging(
        "set_scheduled_departure",
        _scheduled_departure,
        {
            vol.Required("enable"): flag,
            vol.Optional("departure_time"): _MINUTE,
            vol.Optional("end_off_peak_time"): _MINUTE,
            vol.Optional("preconditioning_enabled", default=False): flag,
            vol.Optional("preconditioning_weekdays_only", default=False): flag,
            vol.Optional("off_peak_charging_enabled", default=False): flag,
            vol.Optional("off_peak_charging_weekdays_only", default=False): flag,
        },
        # The one takes turns with the other.
        changes=(
            *_SCHEDULED_CHARGING,
            "scheduled_departure_time_minutes",
            "preconditioning_enabled",
            "preconditioning_times",
            "off_peak_charging_enabled",
            "off_peak_charging_times",
            "off_peak_hours_end_time",
        ),
    ),
    _charging(
        "add_charge_schedule",
        _charge_schedule,
        {
            **_SCHEDULE,
            vol.Required("start_enabled"): flag,
            vol.Required("end_enabled"): flag,
            vol.Optional("start_time"): _MINUTE,
            vol.Optional("end_time"): _MINUTE,
        },
        rest=_rest_schedule,
        changes=_CHARGE_SCHEDULES,
    ),
    _charging(
        "remove_charge_schedule",
        lambda params: {"removeChargeScheduleAction": {"id": params["id"]}},
        {vol.Required("id"): _SCHEDULE_ID},
        changes=_CHARGE_SCHEDULES,
    ),
    _charging(
        "add_precondition_schedule",
        _precondition_schedule,
        {**_SCHEDULE, vol.Required("precondition_time"): _MINUTE},
        rest=_rest_schedule,
        changes=_PRECONDITION_SCHEDULES,
    ),
    _charging(
        "remove_precondition_schedule",
        lambda params: {"removePreconditionScheduleAction": {"id": params["id"]}},
        {vol.Required("id"): _SCHEDULE_ID},
        changes=_PRECONDITION_SCHEDULES,
    ),
    _removal_at(
        "batch_remove_charge_schedules", "batchRemoveChargeSchedulesAction", _CHARGE_SCHEDULES
    ),
    _removal_at(
        "batch_remove_precondition_schedules",
        "batchRemovePreconditionSchedulesAction",
        _PRECONDITION_SCHEDULES,
    ),
)
