"""What a person at the simulator can see of an energy site and do to it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
import math
from typing import TYPE_CHECKING, Any, Final

from simulator.energy import physics
from simulator.energy.site import ORDERS, InvalidSetting
from simulator.energy.state import Settings

if TYPE_CHECKING:
    from simulator.energy import EnergySite

_STATE: Final = ("grid_up", "storm", "reachable", "given_up")

# The endpoint of each setting, and the body for a value.
_SETTINGS: Final[Mapping[str, tuple[str, Callable[[Any], Mapping[str, Any]]]]] = {
    "mode": ("operation", lambda value: {"default_real_mode": value}),
    "reserve": ("backup", lambda value: {"backup_reserve_percent": value}),
    "off_grid_reserve": (
        "off_grid_vehicle_charging_reserve",
        lambda value: {"off_grid_vehicle_charging_reserve_percent": value},
    ),
    "storm_watch": ("storm_mode", lambda value: {"enabled": value}),
    "grid_charging": (
        "grid_import_export",
        lambda value: {
            "disallow_charge_from_grid_with_solar_installed": (
                not value if isinstance(value, bool) else value
            )
        },
    ),
    "export_rule": ("grid_import_export", lambda value: {"customer_preferred_export_rule": value}),
    "tariff": (
        "time_of_use_settings",
        lambda value: {"tou_settings": {"tariff_content_v2": value}},
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Control:
    """Something that can be done to a site; `takes` says in words what `accepts` lets through."""

    takes: str
    accepts: Callable[[Any], bool]
    do: Callable[[EnergySite, Any], None]


def truth(site: EnergySite) -> dict[str, Any]:
    """All about a site, whether or not it could tell Tesla. W and percent."""
    state = site.state
    return {
        "name": site.name,
        "charge": round(physics.charge(state), 2),
        "solar_power": round(state.flow.solar),
        "battery_power": round(state.flow.battery),
        "grid_power": round(state.flow.grid),
        "load_power": round(state.flow.home),
        **{name: getattr(state, name) for name in _STATE},
        "car": state.connector.vin,
        "car_charges": state.connector.charging,
        "car_power": round(physics.connector_power(state)),
        "connector_fault": state.connector.fault,
        "settings": asdict(state.settings),
    }


def row(site: EnergySite) -> dict[str, Any]:
    """A site's line on the status page."""
    told = truth(site)
    settings = site.state.settings
    return {
        "name": site.name,
        "site": site.site_id,
        "charge": f"{told['charge']:.0f} %",
        **{name: f"{told[f'{name}_power']} W" for name in ("battery", "solar", "grid", "load")},
        "on_grid": "yes" if told["grid_up"] else "no",
        "wall_connector": f"{told['car']}, {told['car_power']} W" if told["car"] else "",
        "mode": settings.mode,
        "reserve": f"{settings.reserve} %",
        "tariff": settings.tariff.get("name", ""),
        "tesla_reaches_it": "yes" if told["reachable"] and not told["given_up"] else "no",
    }


def apply(site: EnergySite, changes: Mapping[str, Any]) -> None:
    """Do what the changes say, in their order; all of it, or nothing and a ValueError."""
    for name, value in changes.items():
        if (control := CONTROLS.get(name)) is None:
            msg = f"unknown change {name!r}; possible are {', '.join(CONTROLS)}"
            raise ValueError(msg)
        if not control.accepts(value):
            msg = f"{name!r} takes {control.takes}"
            raise ValueError(msg)
    for name, value in changes.items():
        CONTROLS[name].do(site, value)


def _is_settings(value: Any) -> bool:
    """Whether the site would take all of them."""
    if not isinstance(value, Mapping) or not value.keys() <= _SETTINGS.keys():
        return False
    return all(_takes(name, setting) for name, setting in value.items())


def _takes(name: str, value: Any) -> bool:
    endpoint, body = _SETTINGS[name]
    try:
        ORDERS[endpoint](Settings(), body(value))
    except InvalidSetting:
        return False
    return True


def _set(site: EnergySite, settings: Mapping[str, Any]) -> None:
    for name, value in settings.items():
        endpoint, body = _SETTINGS[name]
        ORDERS[endpoint](site.state.settings, body(value))


def _charge_to(site: EnergySite, percent: Any) -> None:
    site.state.energy = physics.PACK * percent / 100.0


def _is_percentage(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and 0 <= value <= 100  # noqa: PLR2004 - percent
    )


def _switch(do: Callable[[EnergySite, Any], None]) -> Control:
    return Control(takes="true or false", accepts=lambda value: isinstance(value, bool), do=do)


def _state_switch(name: str) -> Control:
    return _switch(lambda site, wanted: setattr(site.state, name, wanted))


def _plug(site: EnergySite, vin: Any) -> None:
    site.state.connector.vin = vin


def _let_charge(site: EnergySite, wanted: Any) -> None:
    site.state.connector.charging = wanted


def _break(site: EnergySite, fault: Any) -> None:
    site.state.connector.fault = fault


CONTROLS: Final[Mapping[str, Control]] = {
    **{name: _state_switch(name) for name in _STATE},
    "charge": Control(takes="a percentage", accepts=_is_percentage, do=_charge_to),
    "car": Control(
        takes="a VIN or null",
        accepts=lambda value: value is None or isinstance(value, str),
        do=_plug,
    ),
    "car_charges": _switch(_let_charge),
    "connector_fault": Control(
        takes="a number, or 0 for none",
        accepts=lambda value: type(value) is int and value >= 0,
        do=_break,
    ),
    "settings": Control(
        takes=f"settings as Tesla takes them: {', '.join(_SETTINGS)}",
        accepts=_is_settings,
        do=_set,
    ),
}
