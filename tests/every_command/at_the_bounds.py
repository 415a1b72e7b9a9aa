"""The first and the last value that a parameter may have, and what a car makes of them."""

from typing import Any, Final

from simulator.car.state import Update

from .case import Case, Values
from .driver import ABSENT

_LAST_MINUTE: Final = 24 * 60
_LAST_ID: Final = 2**64 - 1
_LAST_EXACT: Final = 2**53
_WEEK: Final = ("SUN", "MON", "TUES", "WED", "THURS", "FRI", "SAT")
_SCHEDULES: Final = {"has_schedules": True}
_OFF: Final = {
    "preconditioning_enabled": False,
    "preconditioning_weekdays_only": False,
    "off_peak_charging_enabled": False,
    "off_peak_charging_weekdays_only": False,
}
_PLACES: Final = ((-90, -180), (90, 180))


def _window(latitude: float, longitude: float) -> Case:
    params = {"command": "vent", "lat": latitude, "lon": longitude}
    return Case(
        command="window_control",
        params=params,
        signed={"command": "vent"},
        after={"open_windows": {"fd", "fp", "rd", "rp"}},
    )


def _homelink(latitude: float, longitude: float) -> Case:
    return Case(
        command="trigger_homelink",
        params={"lat": latitude, "lon": longitude},
        before={"motion.latitude": latitude, "motion.longitude": longitude},
        after={"counts.homelink": 1},
    )


def _temperature(degrees: float) -> Case:
    return Case(
        command="set_temps",
        params={"driver_temp": degrees, "passenger_temp": degrees},
        after={"climate.driver": degrees, "climate.passenger": degrees},
    )


def _departure(minutes: int) -> Case:
    times = {"departure_time": minutes, "end_off_peak_time": minutes}
    return Case(
        command="set_scheduled_departure",
        params={"enable": True, **times, **_OFF},
        after={
            **{f"charge.departure.{name}": minutes for name in times},
            "charge.departure.preconditioning_enabled": False,
            "charge.departure.preconditioning_times": "all_week",
            "charge.departure.off_peak_charging_enabled": False,
            "charge.departure.off_peak_charging_times": "all_week",
        },
    )


def _schedules(
    number: int, minutes: int, mask: int, names: str, place: tuple[int, int]
) -> tuple[Case, ...]:
    """Both kinds of schedules come and go."""
    days = tuple(day for bit, day in enumerate(_WEEK) if mask & 1 << bit)
    asked: dict[str, Any] = {
        "id": number,
        "lat": place[0],
        "lon": place[1],
        "days_of_week": mask,
        "enabled": True,
        "one_time": False,
    }
    kept = {
        "days_of_week": days,
        "enabled": True,
        "latitude": place[0],
        "longitude": place[1],
        "one_time": False,
    }
    times = {
        "": {
            "start_enabled": True,
            "start_time": minutes,
            "end_enabled": True,
            "end_time": minutes,
        },
        "precondition_": {"precondition_time": minutes},
    }
    cases: list[Case] = []
    for kind, more in times.items():
        name = f"{kind or 'charge_'}schedule"
        path = f"charge.{kind}schedules"
        cases += (
            Case(
                command=f"add_{name}",
                params=asked | more,
                signed=asked | more | {"days_of_week": ",".join(days)},
                unsigned=asked | more | {"days_of_week": names},
                model=_SCHEDULES,
                after={f"{path}.{number}": kept | more},
            ),
            Case(
                command=f"remove_{name}",
                params={"id": number},
                model=_SCHEDULES,
                before={path: {number: kept | more}},
                after={f"{path}.{number}": ABSENT},
            ),
        )
    return tuple(cases)


def _pins(pin: str) -> tuple[Case, ...]:
    return (
        Case(
            command="set_valet_mode",
            params={"on": True, "password": pin},
            after={"valet_mode": True, "pins.valet": pin},
        ),
        Case(
            command="set_pin_to_drive",
            params={"on": True, "password": pin},
            after={"pin_to_drive": True, "pins.drive": pin},
        ),
        *(
            Case(
                command=f"{name}_{what}",
                params={"pin": pin},
                before={} if what == "activate" else {active: True, f"pins.{kept}": pin},
                after={active: what == "activate"}
                | ({} if what == "deactivate" else {f"pins.{kept}": stored}),
            )
            for name, active, kept in (
                ("speed_limit", "speed_limit_active", "speed_limit"),
                ("parental_controls", "parental_active", "parental"),
            )
            for what, stored in (("activate", pin), ("deactivate", pin), ("clear_pin", None))
        ),
    )


def _way(command: str, params: Values, stop: str, unsigned: Values | None = None) -> Case:
    return Case(
        command=command,
        params=params,
        unsigned=unsigned,
        after={"stops": [stop], "counts.navigation": 1},
    )


def _shared(destination: str, locale: str, timestamp: int) -> Case:
    return _way(
        "navigation_request",
        {"destination": destination, "locale": locale, "timestamp_ms": timestamp},
        destination,
        {
            "type": "share_ext_content_raw",
            "locale": locale,
            "timestamp_ms": str(timestamp),
            "value": {"android.intent.extra.TEXT": destination},
        },
    )


AT_THE_BOUNDS: Final = (
    *(_window(*place) for place in _PLACES),
    *(_homelink(*place) for place in _PLACES),
    *(
        Case(command="remote_boombox", params={"sound": sound}, after={"counts.boombox": 1})
        for sound in (0, 2**31)
    ),
    *(
        Case(command="set_vehicle_name", params={"vehicle_name": name}, after={"name": name})
        for name in ("K", "\u0416" * 100)
    ),
    *(
        Case(
            command="schedule_software_update",
            params={"offset_sec": seconds},
            before={"update": Update(status="available", version="2026.40.1")},
            after={"update_in": seconds, "counts.schedule_software_update": 1},
        )
        for seconds in (0, 7 * 86_400)
    ),
    _temperature(15),
    _temperature(28),
    *(
        Case(command="set_charge_limit", params={"percent": percent}, after={"charge.limit": kept})
        for percent, kept in ((50, 50), (100, 100))
    ),
    # More than this charger gives is taken for all that it gives.
    *(
        Case(
            command="set_charging_amps",
            params={"charging_amps": amps},
            before={"charge.amps": 10},
            after={"charge.amps": kept},
            times=times,
        )
        for amps, kept, times in ((0, 0, 2), (100, 16, 1))
    ),
    *(
        Case(
            command="set_scheduled_charging",
            params={"enable": True, "time": minutes},
            after={"charge.scheduled": minutes},
        )
        for minutes in (0, _LAST_MINUTE)
    ),
    _departure(0),
    _departure(_LAST_MINUTE),
    *_schedules(1, 0, 1, "Sunday", _PLACES[0]),
    *_schedules(_LAST_ID, _LAST_MINUTE, 127, "All", _PLACES[1]),
    *(
        Case(command=command, params={"limit_mph": limit}, after={path: limit})
        for command, path in (
            ("speed_limit_set_limit", "speed_limit_mph"),
            ("parental_controls_set_speed_limit", "parental_limit_mph"),
        )
        for limit in (50, 120)
    ),
    *_pins("0000"),
    *_pins("9999"),
    *(
        Case(command="adjust_volume", params={"volume": volume}, after={"volume": volume})
        for volume in (0, 11)
    ),
    _shared("B", "d", 0),
    _shared("B" * 500, "d" * 100, _LAST_EXACT),
    _way("navigation_gps_request", {"lat": -90, "lon": -180, "order": 1}, "-90.0000,-180.0000"),
    _way("navigation_gps_request", {"lat": 90, "lon": 180, "order": 3}, "90.0000,180.0000"),
    _way("navigation_sc_request", {"id": 0, "order": 1}, "supercharger 0"),
    _way("navigation_sc_request", {"id": _LAST_EXACT, "order": 3}, f"supercharger {_LAST_EXACT}"),
    _way("navigation_waypoints_request", {"waypoints": "refId:1"}, "refId:1"),
    _way(
        "navigation_waypoints_request",
        {"waypoints": f"refId:{'1' * 1994}"},
        f"refId:{'1' * 1994}",
    ),
)
