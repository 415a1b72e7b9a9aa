"""When the car charges, warms up and leaves."""

from typing import TYPE_CHECKING, Any, Final

from simulator.car.effects.params import NOT_SUPPORTED, BadParameter, flag, integer, number, text
from simulator.car.state import DAYS, NEAR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.car.effects.params import Effect, Params
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

MINUTES: Final = 24 * 60
WEEKDAYS: Final = DAYS[1:6]
LONG_DAYS: Final = (
    "SUNDAY",
    "MONDAY",
    "TUESDAY",
    "WEDNESDAY",
    "THURSDAY",
    "FRIDAY",
    "SATURDAY",
)
DAY_NAMES: Final = (
    {day: {day} for day in DAYS}
    | {long: {day} for long, day in zip(LONG_DAYS, DAYS, strict=True)}
    | {"ALL": set(DAYS), "WEEKDAYS": set(WEEKDAYS)}
)
HOME: Final = (52.5219, 13.4132)
PLACE_DIGITS: Final = 4
"""Decimals of a position, as many as survive the protocol's single precision."""


def _days(params: Params) -> tuple[str, ...]:
    """The days of a comma-separated list, in the order of the week."""
    chosen: set[str] = set()
    for name in text(params, "days_of_week").split(","):
        if (days := DAY_NAMES.get(name.strip().upper())) is None:
            msg = "invalid days_of_week param"
            raise BadParameter(msg)
        chosen |= days
    return tuple(day for day in DAYS if day in chosen)


def _minutes(params: Params, key: str) -> int:
    """Minutes after midnight; midnight if they are not given."""
    minutes = integer(params, key, 0)
    if not 0 <= minutes <= MINUTES:
        msg = f"invalid {key} param"
        raise BadParameter(msg)
    return minutes


def _common(params: Params) -> dict[str, Any]:
    """What both kinds of schedules have."""
    named = {"name": text(params, "name")} if "name" in params else {}
    return {
        **named,
        "days_of_week": _days(params),
        "enabled": flag(params, "enabled"),
        "latitude": round(number(params, "lat"), PLACE_DIGITS),
        "longitude": round(number(params, "lon"), PLACE_DIGITS),
        "one_time": flag(params, "one_time", default=False),
    }


def _keep(schedules: dict[int, dict[str, Any]], params: Params, schedule: dict[str, Any]) -> None:
    """Under its number; a schedule without one gets the next."""
    number_of = integer(params, "id", 0) or max(schedules, default=0) + 1
    schedules[number_of] = schedule


def _add_charging(state: CarState, _model: CarModel, params: Params) -> str | None:
    schedule = _common(params) | {
        "start_enabled": flag(params, "start_enabled"),
        "start_time": _minutes(params, "start_time"),
        "end_enabled": flag(params, "end_enabled"),
        "end_time": _minutes(params, "end_time"),
    }
    _keep(state.charge.schedules, params, schedule)
    return None


def _add_preconditioning(state: CarState, _model: CarModel, params: Params) -> str | None:
    if "precondition_time" not in params:
        msg = "missing precondition_time param"
        raise BadParameter(msg)
    schedule = _common(params) | {"precondition_time": _minutes(params, "precondition_time")}
    _keep(state.charge.precondition_schedules, params, schedule)
    return None


def _remove(schedules: dict[int, dict[str, Any]], params: Params) -> str | None:
    known = schedules.pop(integer(params, "id"), None)
    return "schedule_not_found" if known is None else None


def _remove_charging(state: CarState, _model: CarModel, params: Params) -> str | None:
    return _remove(state.charge.schedules, params)


def _remove_preconditioning(state: CarState, _model: CarModel, params: Params) -> str | None:
    return _remove(state.charge.precondition_schedules, params)


def _remove_at(name: str) -> Effect:
    """Remove the schedules at home, at work, elsewhere; nobody has told this car where work is."""

    def effect(state: CarState, _model: CarModel, params: Params) -> str | None:
        home, other = (flag(params, place, default=False) for place in ("home", "other"))
        schedules: dict[int, dict[str, Any]] = getattr(state.charge, name)
        for number_of, schedule in list(schedules.items()):
            if home if _is_at_home(schedule) else other:
                del schedules[number_of]
        return None

    return effect


def _is_at_home(schedule: Mapping[str, Any]) -> bool:
    return all(
        abs(schedule[name] - at_home) < NEAR
        for name, at_home in zip(("latitude", "longitude"), HOME, strict=True)
    )


def _scheduled_charging(state: CarState, _model: CarModel, params: Params) -> str | None:
    """A car either starts at a time or is ready by a time; who comes last is right."""
    time = _minutes(params, "time")
    state.charge.scheduled = time if flag(params, "enable") else None
    if state.charge.scheduled is not None:
        state.charge.departure = {}
    return None


def _departure(state: CarState, _model: CarModel, params: Params) -> str | None:
    departure: dict[str, Any] = {
        "departure_time": _minutes(params, "departure_time"),
        "end_off_peak_time": _minutes(params, "end_off_peak_time"),
    }
    for what in ("preconditioning", "off_peak_charging"):
        weekdays_only = flag(params, f"{what}_weekdays_only", default=False)
        enabled = flag(params, f"{what}_enabled", default=False)
        departure[f"{what}_enabled"] = enabled or weekdays_only
        departure[f"{what}_times"] = "weekdays" if weekdays_only else "all_week"
    state.charge.departure = departure if flag(params, "enable") else {}
    if state.charge.departure:
        state.charge.scheduled = None
    return None


def _with_schedules(effect: Effect) -> Effect:
    """Old cars only know a time to charge and a time to leave."""

    def checked(state: CarState, model: CarModel, params: Params) -> str | None:
        return effect(state, model, params) if model.has_schedules else NOT_SUPPORTED

    return checked


SCHEDULES: Final[dict[str, Effect]] = {
    "set_scheduled_charging": _scheduled_charging,
    "set_scheduled_departure": _departure,
    "add_charge_schedule": _with_schedules(_add_charging),
    "add_precondition_schedule": _with_schedules(_add_preconditioning),
    "remove_charge_schedule": _with_schedules(_remove_charging),
    "remove_precondition_schedule": _with_schedules(_remove_preconditioning),
    "batch_remove_charge_schedules": _with_schedules(_remove_at("schedules")),
    "batch_remove_precondition_schedules": _with_schedules(_remove_at("precondition_schedules")),
}
