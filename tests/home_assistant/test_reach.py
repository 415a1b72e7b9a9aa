"""Whatever a car can be told, people can tell it."""

from pathlib import Path
from typing import Final

from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components import teslalogger
from custom_components.teslalogger.actions.table import ACTIONS
from custom_components.teslalogger.vehicle import COMMANDS
from custom_components.teslalogger.vehicle.commands.unpublished import UNPUBLISHED_COMMANDS
from scripts.workshop.tables import entity_rows

BY_ENTITY: Final = frozenset(command for row in entity_rows() for command in row.commands)
BY_ACTION: Final = frozenset(
    command for action in ACTIONS for command in action.commands or () if command in COMMANDS
)
# A state that people want to see beside what they press: an action alone is not enough.
WITHOUT_STATE: Final = frozenset(
    name for name, command in COMMANDS.items() if not (command.expects or command.changes)
)
# They ask for a PIN, a place or a plan, or their state is a list, a plan or a name: an action is
# the better form for them.
BETTER_AS_ACTION: Final = frozenset(
    {"set_scheduled_charging", "set_scheduled_departure", "charge_standard", "charge_max_range"}
    | {"set_vehicle_name", "reset_valet_pin", "cancel_software_update"}
    | {"batch_remove_charge_schedules", "batch_remove_precondition_schedules"}
    | {"speed_limit_activate", "speed_limit_deactivate"}
    | {"speed_limit_clear_pin", "speed_limit_clear_pin_admin"}
    | {"navigation_gps_request", "navigation_sc_request", "navigation_waypoints_request"}
)
# Tesla's app alone has them, and nobody has told what cars do with them: whoever wants to try one
# sends it by its name, and nobody is offered a switch that may do nothing.
BY_NAME: Final = frozenset(
    {command.name for command in UNPUBLISHED_COMMANDS} | {"navigation_gps_destination_request"}
)
SERVICES: Final = Path(teslalogger.__file__).with_name("services.yaml")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_reachable(name: str) -> None:
    """As an entity where it has a state, else as an action; `send_command` does not count.

    But for what only Tesla's app has otherwise.
    """
    if name in BY_NAME:
        field = load_yaml_dict(str(SERVICES))["send_command"]["fields"]["command"]
        assert name in field["selector"]["select"]["options"]
    elif name in WITHOUT_STATE | BETTER_AS_ACTION:
        assert name in BY_ENTITY | BY_ACTION
    else:
        assert name in BY_ENTITY


def test_every_exception_is_a_command_with_an_action() -> None:
    """Which may have an entity besides."""
    assert BY_ACTION >= BETTER_AS_ACTION
