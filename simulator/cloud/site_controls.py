"""What a person at the simulator can see of an energy site and do to it."""

from typing import TYPE_CHECKING, Any, Final

from simulator.energy import physics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.energy import EnergySite

_STATE: Final = ("grid_up", "storm", "reachable", "given_up")
CONTROLS: Final = (*_STATE, "car", "car_charges")


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
        "settings": {
            "mode": state.settings.mode,
            "reserve": state.settings.reserve,
            "off_grid_reserve": state.settings.off_grid_reserve,
            "storm_watch": state.settings.storm_watch,
            "grid_charging": state.settings.grid_charging,
            "export_rule": state.settings.export_rule,
        },
    }


def apply(site: EnergySite, changes: Mapping[str, Any]) -> None:
    """Do what the changes say; all of it, or nothing and a ValueError."""
    for name, value in changes.items():
        if name not in CONTROLS:
            msg = f"unknown change {name!r}; possible are {', '.join(CONTROLS)}"
            raise ValueError(msg)
        if name == "car":
            if value is not None and not isinstance(value, str):
                msg = "'car' takes a VIN or null"
                raise ValueError(msg)
        elif not isinstance(value, bool):
            msg = f"{name!r} takes true or false"
            raise ValueError(msg)
    state = site.state
    for name, value in changes.items():
        match name:
            case "car":
                state.connector.vin = value
            case "car_charges":
                state.connector.charging = value
            case _:
                setattr(state, name, value)
