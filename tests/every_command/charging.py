"""Charging, the port, and the schedules."""

import json
from typing import Any, Final

from custom_components.teslalogger.vehicle import Route

from .case import Case
from .driver import ABSENT

_PLUGGED_IN: Final = {"charge.cable": "ac", "charge.port_open": True}
_CURRENT: Final = (
    "charge_enable_request",
    "charge_rate",
    "charger_actual_current",
    "charger_phases",
    "charger_power",
    "charger_voltage",
    "minutes_to_full_charge",
)
_SCHEDULES: Final = {"has_schedules": True}
_PLACE: Final = {"latitude": 52.5, "longitude": 13.25}
_AT_HOME: Final = {"latitude": 52.5219, "longitude": 13.4132}
_CHARGING: Final[dict[str, Any]] = {
    "days_of_week": ("MON", "WED", "FRI"),
    "enabled": True,
    **_PLACE,
    "one_time": False,
    "start_enabled": True,
    "start_time": 60,
    "end_enabled": True,
    "end_time": 360,
}
_PRECONDITIONING: Final[dict[str, Any]] = {
    "days_of_week": ("MON", "TUES", "WED", "THURS", "FRI"),
    "enabled": True,
    **_PLACE,
    "one_time": True,
    "precondition_time": 480,
}
_ADD_CHARGING: Final[dict[str, Any]] = {
    "id": 7,
    "lat": 52.5,
    "lon": 13.25,
    "start_enabled": True,
    "start_time": 60,
    "end_enabled": True,
    "end_time": 360,
    "days_of_week": "Mon,Wed,Friday",
    "enabled": True,
    "one_time": False,
}
_ADD_PRECONDITIONING: Final[dict[str, Any]] = {
    "id": 8,
    "lat": 52.5,
    "lon": 13.25,
    "precondition_time": 480,
    "days_of_week": "Weekdays",
    "enabled": True,
    "one_time": True,
}


def _told(schedules: dict[int, dict[str, Any]]) -> str:
    """As one signal tells all schedules of a kind."""
    masks = {"SUN": 1, "MON": 2, "TUES": 4, "WED": 8, "THURS": 16, "FRI": 32, "SAT": 64}
    return json.dumps(
        [
            {
                "id": number,
                "days": sum(masks[day] for day in schedule["days_of_week"]),
                "latitude": schedule["latitude"],
                "longitude": schedule["longitude"],
                "start": schedule.get("start_time", schedule.get("precondition_time")),
                "end": schedule.get("end_time"),
                "one_time": schedule["one_time"],
                "enabled": schedule["enabled"],
                "name": schedule.get("name", ""),
            }
            for number, schedule in schedules.items()
        ],
        separators=(",", ":"),
    )


def _batch(name: str, kept: str, schedule: dict[str, Any], gone: set[int], **places: bool) -> Case:
    every = {1: schedule | _AT_HOME, 2: schedule}
    left = {number: one for number, one in every.items() if number not in gone}
    return Case(
        command=name,
        params=places,
        signed={"home": False, "work": False, "other": False} | places,
        model=_SCHEDULES,
        before={f"charge.{kept}": every},
        after={f"charge.{kept}.{number}": ABSENT for number in gone},
        reads={f"{name.removeprefix('batch_remove_')}": _told(left)},
    )


CHARGING: Final = (
    Case(
        command="charge_start",
        before={**_PLUGGED_IN, "charge.wanted": False},
        after={"charge.wanted": True},
        reads={"charging_state": "charging"},
        moves=_CURRENT,
    ),
    Case(
        command="charge_stop",
        before=_PLUGGED_IN,
        after={"charge.wanted": False},
        reads={"charging_state": "stopped"},
        moves=_CURRENT,
    ),
    Case(
        command="charge_standard",
        before={"charge.limit": 90},
        after={"charge.limit": 80},
        reads={"charge_limit_soc": 80},
    ),
    Case(
        command="charge_max_range",
        after={"charge.limit": 100},
        reads={"charge_limit_soc": 100},
    ),
    Case(
        command="charge_port_door_open",
        after={"charge.port_open": True},
        reads={"charge_port_door_open": True},
    ),
    Case(
        command="charge_port_door_close",
        before={"charge.port_open": True},
        after={"charge.port_open": False},
        reads={"charge_port_door_open": False},
    ),
    Case(
        command="set_charge_limit",
        params={"percent": 90},
        after={"charge.limit": 90},
        reads={"charge_limit_soc": 90},
    ),
    Case(
        command="set_charging_amps",
        params={"charging_amps": 8},
        after={"charge.amps": 8},
        reads={"charge_current_request": 8},
    ),
    Case(
        command="set_charging_amps",
        params={"charging_amps": 2},
        model={"needs_low_amps_twice": True},
        after={"charge.amps": 2},
        reads={"charge_current_request": 2},
        times=2,
    ),
    Case(
        command="set_scheduled_charging",
        params={"enable": True, "time": 120},
        before=_PLUGGED_IN,
        after={"charge.scheduled": 120},
        reads={
            "scheduled_charging_mode": "start_at",
            "scheduled_charging_pending": True,
            "scheduled_charging_start_time_minutes": 120,
        },
        moves=("scheduled_charging_start_time",),
    ),
    Case(
        command="set_scheduled_charging",
        params={"enable": False},
        signed={"enable": False, "time": 0},
        before={**_PLUGGED_IN, "charge.scheduled": 120},
        after={"charge.scheduled": None},
        reads={
            "scheduled_charging_mode": "off",
            "scheduled_charging_pending": False,
            "scheduled_charging_start_time_minutes": None,
        },
        moves=("scheduled_charging_start_time",),
    ),
    Case(
        command="set_scheduled_departure",
        params={
            "enable": True,
            "departure_time": 375,
            "end_off_peak_time": 420,
            "preconditioning_enabled": True,
            "preconditioning_weekdays_only": True,
            "off_peak_charging_enabled": True,
            "off_peak_charging_weekdays_only": True,
        },
        before={**_PLUGGED_IN, "charge.scheduled": 120},
        after={
            "charge.scheduled": None,
            "charge.departure.departure_time": 375,
            "charge.departure.end_off_peak_time": 420,
            "charge.departure.preconditioning_enabled": True,
            "charge.departure.preconditioning_times": "weekdays",
            "charge.departure.off_peak_charging_enabled": True,
            "charge.departure.off_peak_charging_times": "weekdays",
        },
        reads={
            "scheduled_charging_mode": "depart_by",
            "scheduled_charging_pending": False,
            "scheduled_charging_start_time_minutes": None,
            "scheduled_departure_time_minutes": 375,
            "preconditioning_enabled": True,
            "preconditioning_times": "weekdays",
            "off_peak_charging_enabled": True,
            "off_peak_charging_times": "weekdays",
            "off_peak_hours_end_time": 420,
        },
        moves=("scheduled_charging_start_time",),
    ),
    Case(
        command="set_scheduled_departure",
        params={"enable": False},
        unsigned={
            "enable": False,
            "preconditioning_enabled": False,
            "preconditioning_weekdays_only": False,
            "off_peak_charging_enabled": False,
            "off_peak_charging_weekdays_only": False,
        },
        before={"charge.departure": {"departure_time": 375, "preconditioning_enabled": True}},
        after={
            "charge.departure.departure_time": ABSENT,
            "charge.departure.preconditioning_enabled": ABSENT,
        },
        reads={
            "scheduled_charging_mode": "off",
            "scheduled_departure_time_minutes": 480,
            "preconditioning_enabled": False,
        },
    ),
    Case(
        command="add_charge_schedule",
        params=_ADD_CHARGING,
        signed=_ADD_CHARGING | {"days_of_week": "MON,WED,FRI"},
        unsigned=_ADD_CHARGING | {"days_of_week": "Monday,Wednesday,Friday"},
        model=_SCHEDULES,
        after={"charge.schedules.7": _CHARGING},
        reads={"charge_schedules": _told({7: _CHARGING})},
    ),
    Case(
        command="add_charge_schedule",
        params=_ADD_CHARGING | {"enabled": False},
        signed=_ADD_CHARGING | {"enabled": False, "days_of_week": "MON,WED,FRI"},
        unsigned=_ADD_CHARGING | {"enabled": False, "days_of_week": "Monday,Wednesday,Friday"},
        model=_SCHEDULES,
        before={"charge.schedules": {6: _CHARGING, 7: _CHARGING}},
        after={"charge.schedules.7": _CHARGING | {"enabled": False}},
        reads={"charge_schedules": _told({6: _CHARGING, 7: _CHARGING | {"enabled": False}})},
    ),
    Case(
        command="add_charge_schedule",
        params=_ADD_CHARGING | {"name": "Night"},
        signed=_ADD_CHARGING | {"name": "Night", "days_of_week": "MON,WED,FRI"},
        model=_SCHEDULES,
        before={"charge.schedules": {7: _CHARGING}},
        after={"charge.schedules.7": _CHARGING | {"name": "Night"}},
        reads={"charge_schedules": _told({7: _CHARGING | {"name": "Night"}})},
        routes=(Route.SIGNED,),
    ),
    Case(
        command="remove_charge_schedule",
        params={"id": 7},
        model=_SCHEDULES,
        before={"charge.schedules": {6: _CHARGING, 7: _CHARGING}},
        after={"charge.schedules.7": ABSENT},
        reads={"charge_schedules": _told({6: _CHARGING})},
    ),
    Case(
        command="add_precondition_schedule",
        params=_ADD_PRECONDITIONING,
        signed=_ADD_PRECONDITIONING | {"days_of_week": "MON,TUES,WED,THURS,FRI"},
        model=_SCHEDULES,
        after={"charge.precondition_schedules.8": _PRECONDITIONING},
        reads={"precondition_schedules": _told({8: _PRECONDITIONING})},
    ),
    Case(
        command="add_precondition_schedule",
        params=_ADD_PRECONDITIONING | {"name": "Work"},
        signed=_ADD_PRECONDITIONING | {"name": "Work", "days_of_week": "MON,TUES,WED,THURS,FRI"},
        model=_SCHEDULES,
        after={"charge.precondition_schedules.8": _PRECONDITIONING | {"name": "Work"}},
        reads={"precondition_schedules": _told({8: _PRECONDITIONING | {"name": "Work"}})},
        routes=(Route.SIGNED,),
    ),
    Case(
        command="remove_precondition_schedule",
        params={"id": 8},
        model=_SCHEDULES,
        before={"charge.precondition_schedules": {8: _PRECONDITIONING, 9: _PRECONDITIONING}},
        after={"charge.precondition_schedules.8": ABSENT},
        reads={"precondition_schedules": _told({9: _PRECONDITIONING})},
    ),
    *(
        _batch(f"batch_remove_{name}s", f"{kept}schedules", schedule, gone, **places)
        for name, kept, schedule in (
            ("charge_schedule", "", _CHARGING),
            ("precondition_schedule", "precondition_", _PRECONDITIONING),
        )
        for gone, places in (
            ({1}, {"home": True}),
            ({2}, {"other": True}),
            ({1, 2}, {"home": True, "other": True}),
        )
    ),
)
