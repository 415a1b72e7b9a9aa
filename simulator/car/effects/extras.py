"""What only Tesla's app asks for: outlets and lights of a truck, units of the display, and more."""

from typing import TYPE_CHECKING, Any, Final

from simulator.car.effects.params import NOT_SUPPORTED, flag, integer, text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from simulator.car.effects.params import Effect, Params
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

LIGHTS: Final = ("off", "low", "medium", "high")
MINUTES: Final = range(24 * 60 + 1)
PERCENT: Final = range(101)


def _any(_model: CarModel) -> bool:
    return True


def _truck(model: CarModel) -> bool:
    return model.has_tonneau


def _kept(
    name: str,
    key: str,
    read: Callable[[Params, str], Any],
    among: Collection[Any],
    has: Callable[[CarModel], bool] = _any,
) -> Effect:
    """Keep the parameter under the name of the command."""

    def effect(state: CarState, model: CarModel, params: Params) -> str | None:
        value = read(params, key)
        if not has(model):
            return NOT_SUPPORTED
        if value not in among:
            return f"invalid_{key}"
        state.extras[name] = value
        return None

    return effect


def _save_clip(state: CarState, model: CarModel, _params: Params) -> str | None:
    if not model.has_cameras:
        return NOT_SUPPORTED
    state.count("dashcam_clip")
    return None


def _secure(state: CarState, model: CarModel, _params: Params) -> str | None:
    """Close the doors, which only a Model X can, and lock."""
    if model.car_type != "modelx":
        return NOT_SUPPORTED
    state.open_doors.clear()
    state.locked = True
    return None


_SWITCHES: Final[dict[str, Callable[[CarModel], bool]]] = {
    "set_recirculation": _any,
    "set_trailer_light_test": _any,
    "set_powershare_feature": _truck,
    "set_powershare": _truck,
    "set_tent_mode": _truck,
    "set_bed_light_auto": _truck,
    "set_light_bar_middle": _truck,
    "set_light_bar_ditch": _truck,
}
_CHOICES: Final[dict[str, tuple[str, tuple[str, ...], Callable[[CarModel], bool]]]] = {
    "set_suspension_level": (
        "level",
        ("entry", "low", "medium", "high", "very_high", "extract"),
        lambda model: model.has_air_suspension,
    ),
    "set_outlets": ("outlets", ("off", "cabin_and_bed", "cabin"), _truck),
    "set_power_feed": ("feeds", ("off", "1", "2", "both"), _truck),
    "set_front_zone_light": ("level", LIGHTS, _truck),
    "set_rear_zone_light": ("level", LIGHTS, _truck),
    "set_temperature_unit": ("unit", ("fahrenheit", "celsius"), _any),
    "set_distance_unit": ("unit", ("mi", "km"), _any),
    "set_time_format": ("hours", ("12", "24"), _any),
    "set_tire_pressure_unit": ("unit", ("psi", "bar"), _any),
    "set_energy_display": ("unit", ("percent", "distance"), _any),
}
_NUMBERS: Final[dict[str, tuple[str, range]]] = {
    "set_outlet_timer": ("num_minutes", MINUTES),
    "set_outlet_limit": ("percent", PERCENT),
    "set_power_feed_timer": ("num_minutes", MINUTES),
    "set_power_feed_limit": ("percent", PERCENT),
}
EXTRAS: Final[dict[str, Effect]] = {
    "dashcam_save_clip": _save_clip,
    "auto_secure_vehicle": _secure,
    **{name: _kept(name, "on", flag, (False, True), has) for name, has in _SWITCHES.items()},
    **{name: _kept(name, key, text, words, has) for name, (key, words, has) in _CHOICES.items()},
    **{
        name: _kept(name, key, integer, numbers, _truck)
        for name, (key, numbers) in _NUMBERS.items()
    },
}
