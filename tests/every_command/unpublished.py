"""What Tesla's app alone asks for: outlets, lights and powershare of a truck, units, and more."""

from typing import Any, Final

from .case import Case, Values

_DOORS: Final = ("front_driver", "front_passenger", "rear_driver", "rear_passenger")
_TRUCK: Final = {"has_tonneau": True}
_SUN_ROOF: Final = {"has_sun_roof": True}


def _kept(command: str, parameter: str, value: Any, model: Values, **reads: Any) -> Case:
    return Case(
        command=command,
        params={parameter: value},
        model=model,
        after={f"extras.{command}": value},
        reads=reads,
    )


UNPUBLISHED: Final = (
    Case(command="ping", after={"counts.ping": 1}),
    Case(command="dashcam_save_clip", after={"counts.dashcam_clip": 1}),
    Case(
        command="auto_secure_vehicle",
        model={"car_type": "modelx"},
        before={"open_doors": {"df", "dr", "pf", "pr"}, "locked": False},
        after={"open_doors": set(), "locked": True},
        reads={**{f"door_{door}": False for door in _DOORS}, "locked": True},
    ),
    Case(
        command="set_sun_roof_level",
        params={"percent": 50},
        model=_SUN_ROOF,
        after={"sun_roof": 50},
        reads={"sun_roof_state": "vent", "sun_roof_percent_open": 50},
    ),
    _kept("set_recirculation", "on", value=True, model={}),
    _kept("set_suspension_level", "level", "very_high", {"has_air_suspension": True}),
    _kept("set_outlets", "outlets", "cabin", _TRUCK),
    _kept("set_outlet_timer", "num_minutes", 90, _TRUCK),
    _kept("set_outlet_limit", "percent", 20, _TRUCK),
    _kept("set_power_feed", "feeds", "both", _TRUCK),
    _kept("set_power_feed_timer", "num_minutes", 90, _TRUCK),
    _kept("set_power_feed_limit", "percent", 20, _TRUCK),
    *(
        _kept(command, "on", on, _TRUCK)
        for command in (
            "set_powershare_feature",
            "set_powershare",
            "set_tent_mode",
            "set_trailer_light_test",
            "set_bed_light_auto",
            "set_light_bar_middle",
            "set_light_bar_ditch",
        )
        for on in (True, False)
    ),
    _kept("set_front_zone_light", "level", "medium", _TRUCK),
    _kept("set_rear_zone_light", "level", "high", _TRUCK),
    _kept("set_temperature_unit", "unit", "fahrenheit", {}, gui_temperature_units="fahrenheit"),
    _kept("set_distance_unit", "unit", "mi", {}, gui_distance_units="mi"),
    _kept("set_time_format", "hours", "12", {}, gui_24_hour_time=False),
    _kept("set_tire_pressure_unit", "unit", "psi", {}, gui_tirepressure_units="psi"),
    _kept("set_energy_display", "unit", "distance", {}),
)
