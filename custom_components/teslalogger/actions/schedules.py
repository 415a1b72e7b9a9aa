"""Actions for what the car does at times: charge, warm up, be ready."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from homeassistant.exceptions import ServiceValidationError

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.vehicle.commands.parameters import new_schedule_id
from custom_components.teslalogger.vehicle.schedule_rules import params_of
from custom_components.teslalogger.vehicle.schedules import from_text

from .model import (
    PLACE,
    WEEKDAYS,
    Action,
    Data,
    Step,
    choice,
    choices,
    coordinates,
    flag,
    minutes,
    number,
    time_of_day,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custom_components.teslalogger.coordinator import CarCoordinator

    from .model import Field

_PLACES: Final = ("home", "work", "other")
_OFF: Final = "off"
_WEEKDAYS: Final = "weekdays"
_ON_DAYS: Final = (_OFF, "every_day", _WEEKDAYS)
_KINDS: Final = (
    ("charge_schedules", "add_charge_schedule", True),
    ("precondition_schedules", "add_precondition_schedule", False),
)
_SCHEDULE_ID: Final = number("schedule_id", 1, 2**53)


def _schedule_fields(*times: Field) -> tuple[Field, ...]:
    return (
        _SCHEDULE_ID,
        choices("days", WEEKDAYS, words="weekday", required=True),
        *times,
        flag("one_time", default=False),
        flag("enabled", default=True),
        PLACE,
    )


def _add(command: str, car: CarCoordinator, data: Data, times: dict[str, Any]) -> Sequence[Step]:
    """A schedule at a place, else at home; under a new number, or instead of an old one."""
    config = car.hass.config
    home = {"latitude": config.latitude, "longitude": config.longitude}
    number_of = data.get("schedule_id") or new_schedule_id()
    params = {
        "id": number_of,
        "days_of_week": data["days"],
        "one_time": data["one_time"],
        "enabled": data["enabled"],
        **coordinates(data.get("location", home)),
        **_named(command, number_of, car),
        **times,
    }
    return (Step(command=command, params=params, tells={"schedule_id": number_of}),)


def _named(command: str, number_of: int, car: CarCoordinator) -> dict[str, str]:
    """The name that a schedule has in Tesla's app, which it would lose without."""
    for kind, adds, _ in _KINDS:
        for schedule in from_text(car.value(kind)) if adds == command else ():
            if schedule.id == number_of and schedule.name.strip():
                return {"name": schedule.name}
    return {}


def _charge_schedule(car: CarCoordinator, data: Data) -> Sequence[Step]:
    times: dict[str, Any] = {}
    for end in ("start", "end"):
        times[f"{end}_enabled"] = f"{end}_time" in data
        if f"{end}_time" in data:
            times[f"{end}_time"] = minutes(data[f"{end}_time"])
    if not (times["start_enabled"] or times["end_enabled"]):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="schedule_time_needed"
        )
    return _add("add_charge_schedule", car, data, times)


def _precondition_schedule(car: CarCoordinator, data: Data) -> Sequence[Step]:
    times = {"precondition_time": minutes(data["time"])}
    return _add("add_precondition_schedule", car, data, times)


def _enabled(car: CarCoordinator, data: Data) -> Sequence[Step]:
    """The schedule as it is, enabled or not: the car knows no smaller change."""
    for kind, command, has_end in _KINDS:
        for schedule in from_text(car.value(kind)):
            if schedule.id == data["schedule_id"]:
                wanted = replace(schedule, enabled=data["enabled"])
                return (Step(command=command, params=params_of(wanted, has_end=has_end)),)
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="schedule_gone")


def _removal(name: str, one: str, several: str) -> Action:
    """Removes one schedule, or all at some kinds of places."""

    def steps(_: CarCoordinator, data: Data) -> Sequence[Step]:
        if ("schedule_id" in data) == bool(data.get("places")):
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="schedule_or_places_needed"
            )
        if "schedule_id" in data:
            return (Step(command=one, params={"id": data["schedule_id"]}),)
        return (Step(command=several, params=dict.fromkeys(data["places"], True)),)

    return Action(
        name=name,
        fields=(_SCHEDULE_ID, choices("places", _PLACES, words="schedule_place")),
        commands=(one, several),
        steps=steps,
    )


def _scheduled_charging(_: CarCoordinator, data: Data) -> Sequence[Step]:
    time = {"time": minutes(data["time"])} if "time" in data else {}
    if data["on"] and not time:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="schedule_time_needed"
        )
    return (Step(command="set_scheduled_charging", params={"enable": data["on"]} | time),)


def _scheduled_departure(_: CarCoordinator, data: Data) -> Sequence[Step]:
    if data["on"] and "departure_time" not in data:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="schedule_time_needed"
        )
    params: dict[str, Any] = {"enable": data["on"]}
    for name in ("departure_time", "end_off_peak_time"):
        if name in data:
            params[name] = minutes(data[name])
    for what in ("preconditioning", "off_peak_charging"):
        params[f"{what}_enabled"] = data[what] != _OFF
        params[f"{what}_weekdays_only"] = data[what] == _WEEKDAYS
    return (Step(command="set_scheduled_departure", params=params),)


SCHEDULE_ACTIONS: Final = (
    Action(
        name="set_charge_schedule",
        fields=_schedule_fields(time_of_day("start_time"), time_of_day("end_time")),
        commands=("add_charge_schedule",),
        steps=_charge_schedule,
    ),
    _removal("remove_charge_schedule", "remove_charge_schedule", "batch_remove_charge_schedules"),
    Action(
        name="set_precondition_schedule",
        fields=_schedule_fields(time_of_day("time", required=True)),
        commands=("add_precondition_schedule",),
        steps=_precondition_schedule,
    ),
    _removal(
        "remove_precondition_schedule",
        "remove_precondition_schedule",
        "batch_remove_precondition_schedules",
    ),
    Action(
        name="enable_schedule",
        fields=(
            number("schedule_id", 1, 2**53, required=True),
            flag("enabled", default=True),
        ),
        commands=tuple(command for _, command, _ in _KINDS),
        steps=_enabled,
        schedules=tuple(kind for kind, _, _ in _KINDS),
    ),
    Action(
        name="set_scheduled_charging",
        fields=(flag("on", required=True, default=True), time_of_day("time")),
        commands=("set_scheduled_charging",),
        steps=_scheduled_charging,
    ),
    Action(
        name="set_scheduled_departure",
        fields=(
            flag("on", required=True, default=True),
            time_of_day("departure_time"),
            choice("preconditioning", _ON_DAYS, words="on_days", default=_OFF),
            choice("off_peak_charging", _ON_DAYS, words="on_days", default=_OFF),
            time_of_day("end_off_peak_time"),
        ),
        commands=("set_scheduled_departure",),
        steps=_scheduled_departure,
    ),
)
