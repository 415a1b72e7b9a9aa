"""Locks, lids, windows, lights, name and software."""

from typing import Final

from custom_components.teslalogger.vehicle import Route
from simulator.car.state import Update

from .case import Case

_ALL_WINDOWS: Final = {"fd", "fp", "rd", "rp"}
_WINDOWS: Final = ("front_driver", "front_passenger", "rear_driver", "rear_passenger")
_HERE: Final = {"lat": 52.5, "lon": 13.25}
_TONNEAU: Final = {"has_tonneau": True}
_SUN_ROOF: Final = {"has_sun_roof": True}

BODY: Final = (
    Case(
        command="wake_up",
        asleep=True,
        after={"availability": "online"},
        reads={"availability": "online"},
    ),
    Case(
        command="door_lock",
        before={"locked": False},
        after={"locked": True},
        reads={"locked": True},
    ),
    Case(command="door_unlock", after={"locked": False}, reads={"locked": False}),
    Case(
        command="remote_start_drive",
        after={"remote_start": 120.0, "counts.remote_start": 1},
        reads={"remote_start": True},
    ),
    Case(
        command="actuate_trunk",
        params={"which_trunk": "front"},
        after={"open_trunks": {"ft"}, "counts.trunk_ft": 1},
        reads={"front_trunk": True},
    ),
    Case(
        command="actuate_trunk",
        params={"which_trunk": "rear"},
        before={"open_trunks": {"ft"}},
        after={"open_trunks": {"ft", "rt"}, "counts.trunk_rt": 1},
        reads={"rear_trunk": True},
    ),
    Case(
        command="actuate_trunk",
        params={"which_trunk": "rear"},
        before={"open_trunks": {"rt"}, "counts": {"trunk_rt": 1}},
        after={"open_trunks": set(), "counts.trunk_rt": 2},
        reads={"rear_trunk": False},
    ),
    Case(command="open_trunk", after={"open_trunks": {"rt"}}, reads={"rear_trunk": True}),
    Case(command="open_trunk", before={"open_trunks": {"rt"}}, known={"rear_trunk": True}),
    Case(
        command="close_trunk",
        before={"open_trunks": {"rt"}},
        after={"open_trunks": set()},
        reads={"rear_trunk": False},
    ),
    Case(command="close_trunk", known={"rear_trunk": False}),
    Case(command="open_tonneau", model=_TONNEAU, after={"tonneau": "open"}),
    Case(
        command="close_tonneau",
        model=_TONNEAU,
        before={"tonneau": "open"},
        after={"tonneau": "closed"},
    ),
    Case(
        command="stop_tonneau",
        model=_TONNEAU,
        before={"tonneau": "open"},
        after={"tonneau": "stopped"},
    ),
    Case(
        command="window_control",
        params={"command": "vent"},
        unsigned={"command": "vent", "lat": 0, "lon": 0},
        after={"open_windows": _ALL_WINDOWS},
        reads={f"window_{window}": True for window in _WINDOWS},
    ),
    Case(
        command="window_control",
        params={"command": "close", **_HERE},
        signed={"command": "close"},
        before={
            "open_windows": _ALL_WINDOWS,
            "motion.latitude": 52.5,
            "motion.longitude": 13.25,
        },
        after={"open_windows": set()},
        reads={f"window_{window}": False for window in _WINDOWS},
    ),
    Case(
        command="sun_roof_control",
        params={"state": "vent"},
        model=_SUN_ROOF,
        after={"sun_roof": 15},
        reads={"sun_roof_state": "vent", "sun_roof_percent_open": 15},
    ),
    Case(
        command="sun_roof_control",
        params={"state": "close"},
        model=_SUN_ROOF,
        before={"sun_roof": 15},
        after={"sun_roof": 0},
        reads={"sun_roof_state": "closed", "sun_roof_percent_open": 0},
    ),
    Case(
        command="sun_roof_control",
        params={"state": "stop"},
        model=_SUN_ROOF,
        before={"sun_roof": 15},
        routes=(Route.UNSIGNED,),
    ),
    Case(command="flash_lights", after={"counts.flash": 1}),
    Case(command="honk_horn", after={"counts.honk": 1}),
    Case(
        command="remote_boombox",
        signed={"sound": 2000},
        unsigned={"sound": 2000},
        after={"counts.boombox": 1},
    ),
    Case(command="remote_boombox", params={"sound": 0}, after={"counts.boombox": 1}),
    Case(
        command="trigger_homelink",
        params=_HERE,
        before={"motion.latitude": 52.5, "motion.longitude": 13.25},
        after={"counts.homelink": 1},
    ),
    Case(
        command="set_vehicle_name",
        params={"vehicle_name": "Kitt"},
        after={"name": "Kitt"},
        reads={"vehicle_name": "Kitt"},
    ),
    Case(
        command="schedule_software_update",
        params={"offset_sec": 3600},
        before={"update": Update(status="available", version="2026.40.1")},
        after={"update_in": 3600, "counts.schedule_software_update": 1},
        reads={"software_update_status": "scheduled"},
        moves=("software_update_scheduled_time",),
    ),
    Case(
        command="cancel_software_update",
        before={"update": Update(status="available", version="2026.40.1"), "update_in": 3600},
        after={"update_in": None},
        reads={"software_update_status": "available"},
        moves=("software_update_scheduled_time",),
    ),
    Case(command="set_low_power_mode", params={"enable": True}, after={"low_power": True}),
    Case(
        command="set_low_power_mode",
        params={"enable": False},
        before={"low_power": True},
        after={"low_power": False},
    ),
    Case(
        command="keep_accessory_power_mode",
        params={"enable": True},
        after={"accessory_power": True},
    ),
    Case(
        command="keep_accessory_power_mode",
        params={"enable": False},
        before={"accessory_power": True},
        after={"accessory_power": False},
    ),
)
