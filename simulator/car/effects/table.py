"""All commands, and how one is carried out."""

from typing import TYPE_CHECKING, Final

from simulator.car.effects.body import BODY
from simulator.car.effects.charging import CHARGING
from simulator.car.effects.climate import CLIMATE
from simulator.car.effects.extras import EXTRAS
from simulator.car.effects.media import MEDIA
from simulator.car.effects.navigation import NAVIGATION
from simulator.car.effects.params import BadParameter
from simulator.car.effects.schedules import SCHEDULES
from simulator.car.effects.security import SECURITY
from simulator.car.effects.system import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.car.effects.params import Effect, Params
    from simulator.car.model import CarModel
    from simulator.car.state import CarState

EFFECTS: Final[Mapping[str, Effect]] = (
    BODY | CHARGING | CLIMATE | EXTRAS | MEDIA | NAVIGATION | SCHEDULES | SECURITY | SYSTEM
)
SIGNED_ONLY: Final = frozenset(
    {
        "batch_remove_charge_schedules",
        "batch_remove_precondition_schedules",
        "clear_pin_to_drive_admin",
        "close_trunk",
        "navigation_gps_destination_request",
        "set_sun_roof_level",
        "open_trunk",
        "parental_controls_clear_pin",
        "ping",
        "reset_pin_to_drive_pin",
        "set_vehicle_name",
        *EXTRAS,
    }
)
"""What the REST API does not know, or knows for the Vehicle Command Protocol alone."""


def carry_out(name: str, params: Params, state: CarState, model: CarModel) -> str | None:
    """Do it; why the car refuses, or None. Raises KeyError for an unknown command."""
    effect = EFFECTS[name]
    try:
        return effect(state, model, params)
    except BadParameter as bad:
        return str(bad)
